"""Tells numbers of real payment cards from those that are published for tests, and from other long numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sadpath.runtime.redaction import luhn_valid

_CANDIDATE: Final = re.compile(r"(?<![\w.+#/=%-])\d(?:[ -]?\d){12,18}(?![\w+#/=%-]|\.\d)")
_ISSUERS: Final = tuple(
    (re.compile(pattern), lengths)
    for pattern, lengths in (
        (r"4", (13, 16, 19)),
        (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        (r"3[47]", (15,)),
        (r"6011|64[4-9]|65", (16, 17, 18, 19)),
        (r"30[0-5]|36|3[89]", (14,)),
        (r"352[89]|35[3-8]", (16,)),
        (r"220[0-4]", (16, 17, 18, 19)),
        (r"62", (16, 17, 18, 19)),
        (r"5018|5020|5038|5893|6304|6759|676[1-3]", (13, 16, 18, 19)),
    )
)
"""The first digits of the networks' numbers (ISO/IEC 7812-1), and how long those are."""
_PUBLISHED: Final = frozenset("""
    378282246310005 371449635398431 378734493671000 30569309025904 38520000023237 36227206271667 3056930009020004
    6011111111111117 6011000990139424 6011981111111113 3530111333300000 3566002020360505 3566111111111113
    5555555555554444 5105105105105100 5200828282828210 2223003122003222 2223000048410010 2222400070000005
    5454545454545454 5424000000000015 5500000000000004 5431111111111111 5186001700001108 2720992593319364
    4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 4007000000027 4012000033330026
    4263982640269299 4917610000000000 4917484589897107 4001919257537193 4007702835532454 4212345678901237
    4166676667666746 4646464646464644 4000620000000007 4000060000000006 4293189100000008 4988080000000000
    4444333322221111 4917300800000000 4462030000000000 4539791001730106 5425233430109903 5577000055770004
    6200000000000005 6205500000000000004 6250941006528599 6221558812340000 6243030000000001 6771798021000008
    2200000000000004 2200770239097761 2201382000000013 2202474301322987
    """.split())
"""Numbers that networks and processors publish for tests."""
_PLAIN: Final = re.compile(r"(\d)\1{5}|0123456|1234567|2345678|7654321|(\d{4})\2\2|(\d\d)\3{4}")
"""What is made up for everybody to see: runs, and groups that repeat themselves."""


def real_numbers(text: str) -> Iterator[str]:
    """The numbers in a text that may belong to somebody's card: a network's form, a check digit that fits, no test number."""
    for found in _CANDIDATE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if _is_issued(digits) and luhn_valid(digits) and not _is_for_tests(digits) and _is_grouped(found.group()):
            yield digits


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and start.match(digits) for start, lengths in _ISSUERS)


def _is_for_tests(digits: str) -> bool:
    return digits in _PUBLISHED or len(set(digits)) < 5 or _PLAIN.search(digits) is not None


def _is_grouped(written: str) -> bool:
    """Whether the digits stand together or in groups as on a card; dates and telephone numbers stand otherwise."""
    groups = re.split(r"[ -]", written)
    return (
        len(groups) == 1 or ([len(group) for group in groups[:3]] == [4, 4, 4]) or list(map(len, groups)) == [4, 6, 5]
    )
