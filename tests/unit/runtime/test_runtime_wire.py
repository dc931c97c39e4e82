"""Bytes: JSON without loss, challenges, redaction, pointers, media types, texts of values."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.challenges import Challenge, format_challenge, parse_challenges, quotable
from sadpath.runtime.headers import Headers
from sadpath.runtime.media import accepts, charset_of, media_type_matches
from sadpath.runtime.pointers import MISSING, get, pointer_of, put, tokens_of
from sadpath.runtime.redaction import Scrubber, luhn_valid, mask_bytes, mask_cards, mask_tree, printable
from sadpath.runtime.uploads import Upload
from sadpath.runtime.values import http_date, read_value, seconds_of, write_value
from sadpath.runtime.wire import JsonError, parse_json, text_of, write_json

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False) | st.integers()
TREES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(TREES)
def test_json_round_trip(tree: Any) -> None:
    written = write_json(tree)
    again = parse_json(written)
    assert again == tree
    assert write_json(again) == written
    assert json.loads(written) is not None or tree is None


@given(st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?\Z"))
def test_numbers_keep_every_digit(text: str) -> None:
    written = write_json(parse_json(text)).decode()
    assert Decimal(written) == Decimal(text)
    if "." in text and not written.count("E"):
        assert written == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"{",
        b"<html>",
        b"\xff\xff",
        b"'a'",
        b"1" * 5000,
        b"[" * 5000,
        b"[" * 300 + b"]" * 300,
        b"1e99999999999999999999",
    ],
)
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(JsonError):
        parse_json(data)


def test_json_corners() -> None:
    assert parse_json(b"\xef\xbb\xbf[1]") == [1]
    assert parse_json("[1]".encode("utf-16")) == [1]
    assert parse_json('["é"]'.encode("latin-1"), charset="latin-1") == ["é"]
    assert parse_json(b'{"a":1,"a":2}') == {"a": 2}
    with pytest.raises(JsonError):
        parse_json(b'{"a":1,"a":2}', unique=True)
    assert write_json("\ud800") == b'"\\ud800"' and parse_json(b'"\\ud800"') == "\ud800"
    for wrong in (float("nan"), Decimal("Infinity"), {1: 2}, object(), b"\xff"):
        with pytest.raises((ValueError, TypeError)):
            write_json(wrong)
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError, match="deeply"):
        write_json(deep)


TOKEN = st.from_regex(r"\A[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}\Z")
VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters='"\\'))
CHALLENGES = st.builds(
    Challenge,
    TOKEN,
    st.lists(st.tuples(TOKEN.map(str.lower), VALUE), max_size=4, unique_by=lambda pair: pair[0]).map(tuple),
) | st.builds(Challenge, TOKEN, st.just(()), st.from_regex(r"\A[A-Za-z0-9._~+/-]{2,20}={0,2}\Z"))


@given(st.lists(CHALLENGES, max_size=4), st.sampled_from([", ", ",", " ,\t, "]))
def test_challenges_round_trip(challenges: list[Challenge], joint: str) -> None:
    assert list(parse_challenges([format_challenge(one) for one in challenges])) == challenges
    assert list(parse_challenges([joint.join(format_challenge(one) for one in challenges)])) == challenges


@given(st.lists(st.text(), max_size=3))
def test_any_field_line_is_survived(lines: list[str]) -> None:
    parse_challenges(lines)


@given(st.text())
def test_written_values_fit_rfc_6750(text: str) -> None:
    assert all(" " <= character <= "~" and character not in '"\\' for character in quotable(text))


CHALLENGE_LINES: list[tuple[str, tuple[str, dict[str, str]]]] = [
    (
        'Bearer error="invalid_token", error_description="The access token has expired"',
        ("Bearer", {"error": "invalid_token", "error_description": "The access token has expired"}),
    ),
    (
        r'bearer  ERROR_DESCRIPTION = "a \"b\", c\\d" , Error=invalid',
        ("bearer", {"error_description": 'a "b", c\\d', "error": "invalid"}),
    ),
    ('Bearer realm="x",,error="y', ("Bearer", {"realm": "x", "error": "y"})),
    ("Bearer", ("Bearer", {})),
]


@pytest.mark.parametrize(("line", "wanted"), CHALLENGE_LINES)
def test_one_challenge(line: str, wanted: tuple[str, dict[str, str]]) -> None:
    (challenge,) = parse_challenges([line])
    assert (challenge.scheme, dict(challenge.parameters)) == wanted


def test_several_challenges_in_several_lines() -> None:
    found = parse_challenges(['Basic realm="a, b=c", Negotiate, Digest dGVzdA==, Newauth realm=x', 'Bearer error="e"'])
    assert [(one.scheme, one.token68) for one in found] == [
        ("Basic", None),
        ("Negotiate", None),
        ("Digest", "dGVzdA=="),
        ("Newauth", None),
        ("Bearer", None),
    ]
    assert found[0].get("REALM") == "a, b=c" and found[3].get("realm") == "x" and found[4].get("nothing") is None


def card(digits: str) -> str:
    """The digits with the check digit that makes them pass."""
    return next(digits + check for check in "0123456789" if luhn_valid(digits + check))


CARDS = st.text("0123456789", min_size=12, max_size=18).map(card)
NO_DIGITS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=30)


@given(CARDS, NO_DIGITS, NO_DIGITS, st.sampled_from(["", " ", "-", "  ", "\u2011"]), st.integers(1, 6))
def test_no_card_number_survives(number: str, before: str, after: str, separator: str, size: int) -> None:
    shown = separator.join(number[place : place + size] for place in range(0, len(number), size))
    text = f"{before}{shown}{after}"
    masked = mask_cards(text)
    assert shown not in masked and number not in "".join(filter(str.isdecimal, masked))
    assert sum(map(str.isdecimal, masked)) <= 4 and len(masked) == len(text)
    assert number not in printable(text, 200)
    assert shown not in str(mask_tree({"a": [text], shown: Decimal(number) if separator == "" else None}))
    assert number.encode() not in mask_bytes(f"x{number}y".encode())
    assert mask_tree(int(number)) != int(number) or len(str(int(number))) < 13


def test_what_is_no_card_number() -> None:
    for text in (
        "1234567890123456",
        "e65a8f85-f8b7-4f4f-9fd3-bfef99aacbbb",
        "11111111-1111-1111-1111-111111111111",
        "4" * 25,
        "12.03.2026 10:00",
    ):
        assert mask_cards(text) == text
    assert mask_cards("order 2024 4111 1111 1111 1111 paid") == "order 2024 **** **** **** 1111 paid"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=4), st.text(), st.text())
def test_no_secret_survives_a_scrubber(secret: str, before: str, after: str) -> None:
    scrub = Scrubber([secret])
    if secret in "[redacted]":
        return
    assert secret not in scrub.text(f"{before}{secret}{after}").replace("[redacted]", "\0")
    assert secret not in str(scrub.tree({"a": [f"x{secret}", (secret,)]}).values()) or repr(secret)[1:-1] != secret
    assert secret not in repr(scrub) or secret in "Scrubber(1234567890 secrets)"


@given(st.text())
def test_printable_text_is_one_safe_line(text: str) -> None:
    line = printable(text, 50)
    assert len(line) <= 50 and line.isprintable()


def test_headers() -> None:
    headers = Headers([("Allow", "GET"), ("allow", "POST"), ("X", "4111111111111111"), ("Set-Cookie", "a=b")])
    assert headers["ALLOW"] == "GET, POST" and headers.get_all("allow") == ("GET", "POST")
    assert list(headers) == ["Allow", "X", "Set-Cookie"] and len(headers) == 3 and "y" not in headers
    assert "4111111111111111" not in repr(headers) and "a=b" not in repr(headers)
    assert list(headers.safe(Scrubber())) == ["Allow", "X"]
    assert headers == Headers([("x", "4111111111111111"), ("ALLOW", "GET"), ("Allow", "POST"), ("set-cookie", "a=b")])
    assert hash(headers) == hash(Headers(headers.lines))


def test_pointers() -> None:
    tree = {"a/b": [{"~": 1}], "": {"": 2}, "n": None}
    assert get(tree, "/a~1b/0/~0") == 1 and get(tree, "//") == 2 and get(tree, "") is tree and get(tree, "/n") is None
    for absent in ("/x", "/a~1b/1", "/a~1b/-", "/a~1b/00x", "/n/x", "/a~1b/99999999999999999999"):
        assert get(tree, absent) is MISSING
    assert put({"a": 1}, "/b/c~1d", 2) == {"a": 1, "b": {"c/d": 2}}
    assert pointer_of(tokens_of("/a~1b/0/~0")) == "/a~1b/0/~0"
    with pytest.raises(ValueError, match="slash"):
        tokens_of("a")


def test_media_types() -> None:
    assert media_type_matches("Application/JSON;charset=UTF-8", ["application/json"])
    assert media_type_matches("application/problem+json", ["application/*+json"]) and media_type_matches("a/b", ["*/*"])
    assert not media_type_matches(None, ["application/json"]) and not media_type_matches(
        "text/html", ["application/json"]
    )
    assert charset_of('text/x; Charset="UTF-8"') == "utf-8" and charset_of("text/x;charset=klingon") is None
    assert accepts("text/html, application/*;q=0.1", ["application/json"]) and accepts(None, ["a/b"])
    assert not accepts("application/json;q=0, */*;q=0.5", ["application/json"]) and not accepts(
        "text/html", ["application/json"]
    )


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("x", "string", "x"),
        (5, "string", "5"),
        ("5", "integer", 5),
        (Decimal("5.0"), "integer", 5),
        ("1.50", "decimal", Decimal("1.50")),
        (True, "boolean", True),
        ("FALSE", "boolean", False),
        ("2022-04-21T07:39:21.471Z", "datetime", datetime(2022, 4, 21, 7, 39, 21, 471000, timezone.utc)),
        ("Wed, 20 Apr 2022 14:06:10 GMT", "datetime", datetime(2022, 4, 20, 14, 6, 10, tzinfo=timezone.utc)),
        ("a, b,,c", "csv", ("a", "b", "c")),
        (["a", "b"], "csv", ("a", "b")),
        ({"a": 1}, "json", {"a": 1}),
        (None, "integer", None),
        ("PT1M30.5S", "duration", timedelta(seconds=90.5)),
    ],
)
def test_values_are_read(raw: Any, kind: Any, value: Any) -> None:
    assert read_value(raw, kind) == value


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("x", "integer"),
        (True, "integer"),
        ("1.5", "integer"),
        ("NaN", "decimal"),
        ("yes", "boolean"),
        ({}, "string"),
        ("x", "datetime"),
        (7, "datetime"),
        ("x", "date"),
        ("Pq", "duration"),
        ("1e300", "duration"),
    ],
)
def test_values_that_are_none_of_their_type(raw: Any, kind: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 each type has its own words
        read_value(raw, kind)


def test_values_are_written() -> None:
    assert write_value(timedelta(milliseconds=1500), "duration", "ms", "body") == 1500
    assert write_value(timedelta(milliseconds=1500), "duration", "s", "text") == "1.5"
    assert write_value(("a", "b"), "csv", "s", "text") == "a, b"
    assert write_value(True, "boolean", "s", "text") == "true"
    assert write_value(Decimal("1.50"), "decimal", "s", "body") == Decimal("1.50")
    assert text_of(Decimal("1E+2")) == "100" and text_of(timedelta(seconds=-90)) == "-PT90S"


def test_waiting_times() -> None:
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert seconds_of(1800, "ms", None, now) == 1.8 and seconds_of("120", "s", None, now) == 120.0
    assert seconds_of("Thu, 01 Jan 2026 00:01:00 GMT", "s", None, now) == 60.0
    assert seconds_of("Thu, 01 Jan 2026 00:01:00 GMT", "s", http_date("Thu, 01 Jan 2026 00:00:30 GMT"), now) == 30.0
    assert (
        seconds_of("soon", "s", None, now) is None
        and seconds_of("Thu, 01 Jan 1970 00:00:00 GMT", "s", None, now) == 0.0
    )


@pytest.mark.parametrize("write", [write_json, text_of])
def test_bytes_that_are_no_text_are_refused(write: Any) -> None:
    assert write("café".encode()) in ('"café"'.encode(), "café")
    with pytest.raises(ValueError, match="base64 mostly"):
        write(b"\x89PNG")


def test_a_file_is_no_json() -> None:
    with pytest.raises(ValueError, match="a file has no form in JSON"):
        write_json({"content": Upload(b"x", "a.txt")})
