"""Reads one logical line of generated Python as leaves: names, literals, brackets and delimiters, with their places in the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final


class UnknownCode(Exception):
    """The line has something that templates of ours do not write, so nothing is known of how it is laid out."""


WORD: Final = 0
"""A name, a literal, or anything else that no place to split is beside."""
OPEN: Final = 1
CLOSE: Final = 2
COMMA: Final = 3
EQUAL: Final = 4
COLON: Final = 5
BAR: Final = 6
DOT: Final = 7
"""A dot and the name behind it, of what no name precedes."""
ARROW: Final = 8
SIGN: Final = 9

_TOKEN: Final = re.compile(
    r"""[ ]?(?:
        [^\W\d]\w*(?:\.[^\W\d]\w*)*
        | [()\[\]{},:=|]
        | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
        | -?\d(?:[\d.]*e-\d+|[\w.]*)
        | -> | \.*[^\W\d]\w*(?:\.[^\W\d]\w*)* | \.+
        | \*\*? | [@/]
    )""",
    re.VERBOSE,
)
_PUNCTUATION: Final = {"(": OPEN, "[": OPEN, "{": OPEN, ")": CLOSE, "]": CLOSE, "}": CLOSE} | {
    f"{blank}{text}": kind
    for text, kind in {
        "(": OPEN,
        "[": OPEN,
        "{": OPEN,
        ",": COMMA,
        "=": EQUAL,
        ":": COLON,
        "|": BAR,
        "->": ARROW,
    }.items()
    for blank in ("", " ")
}
_PAIRS: Final = {"(": ")", " (": ")", "[": "]", " [": "]", "{": "}", " {": "}", "": ""}
_UNREAD: Final = frozenset(
    f"{blank}{word}"
    for word in "if else for in is not and or lambda await async yield with while assert del raise global nonlocal".split()
    for blank in ("", " ")
)
_TWO_WORDS: Final = bytes((WORD, WORD))
"""What only the beginning of a statement has; elsewhere it is a text with a prefix, or several texts in a row."""
_SIGNS: Final = frozenset("*/@.")
_BRACKETS: Final = (OPEN, CLOSE)
_BEFORE_LITERALS: Final = (OPEN, COMMA, EQUAL, COLON, BAR, ARROW)


@dataclass(slots=True)
class Leaves:
    """The leaves of a line, by index: their kinds, and where they end. Parentheses that may be written have no width.

    `mates` has the index of the other bracket of a pair, -1 for what is no bracket or has its mate on another line.
    `literals` are the brackets that open a literal, `magic` the closing brackets whose trailing comma keeps them exploded,
    `optional` the pairs of no width, `shown` those of their brackets that are written.
    """

    source: str
    words: list[str]
    kinds: list[int]
    ends: list[int]
    mates: list[int]
    literals: set[int]
    magic: list[int]
    optional: list[tuple[int, int]]
    shown: set[int]

    def start(self, index: int) -> int:
        """Where a leaf begins, behind the blank before it."""
        before = self.ends[index - 1] if index else 0
        return before + (self.ends[index] != before and self.source[before] == " ")

    def is_one_tuple(self, closing: int) -> bool:
        """Whether the bracket closes a literal in parentheses with one comma."""
        opening = self.mates[closing]
        return (
            opening in self.literals
            and self.words[closing] == ")"
            and commas_between(self.kinds, self.mates, opening, closing) == 1
        )


def commas_between(kinds: Sequence[int], mates: Sequence[int], opening: int, closing: int) -> int:
    """How many commas stand between two brackets and in no others; it stops at two."""
    found, index = 0, opening + 1
    while index < closing and found < 2:
        if kinds[index] == OPEN:
            index = mates[index]
        elif kinds[index] == COMMA:
            found += 1
        index += 1
    return found


def words_of(source: str) -> list[str]:
    """The line in pieces, each with the blank before it. Raises `UnknownCode` where that is not all of it."""
    found: list[str] = _TOKEN.findall(source)
    if "".join(found) != source or not _UNREAD.isdisjoint(found):
        raise UnknownCode(source)
    return found


def read_leaves(source: str, words: list[str], wrapped: Sequence[tuple[int, int]] = ()) -> Leaves:
    """The leaves of a line; `wrapped` are the first and the last piece of what may be put in parentheses, in order.

    Raises `UnknownCode` where brackets do not match, and for operators.
    """
    known = _PUNCTUATION.get
    kinds = [known(word, WORD) for word in words]
    ends = list(accumulate(map(len, words)))
    if not _SIGNS.isdisjoint(source):
        _mark_signs(words, kinds)
    if _TWO_WORDS in bytes(kinds[1:]):
        raise UnknownCode(source)
    if wrapped:
        words = words.copy()
    for first, last in reversed(wrapped):
        words[last + 1 : last + 1] = [""]
        kinds[last + 1 : last + 1] = [CLOSE]
        ends[last + 1 : last + 1] = [ends[last]]
        words[first:first] = [""]
        kinds[first:first] = [OPEN]
        ends[first:first] = [ends[first - 1] + (source[ends[first - 1]] == " ")]
    optional = [(first + 2 * number, last + 2 * number + 2) for number, (first, last) in enumerate(wrapped)]
    leaves = Leaves(source, words, kinds, ends, [-1] * len(kinds), set(), [], optional, set())
    _pair(leaves)
    return leaves


def _mark_signs(words: Sequence[str], kinds: list[int]) -> None:
    """Dots behind brackets; a star or a slash that has something to its left is an operator."""
    for index, word in enumerate(words):
        sign = word[0] if word[0] != " " else word[1:2]
        if sign not in _SIGNS or kinds[index] != WORD:
            continue
        if sign == "." and word.strip(" .") and index and words[index - 1] != "from":
            kinds[index] = DOT
        elif sign != ".":
            if index and kinds[index - 1] not in (OPEN, COMMA):
                raise UnknownCode("".join(words))
            kinds[index] = SIGN


def _pair(leaves: Leaves) -> None:
    """Find the mates of brackets, which of them are of literals, and which have a trailing comma that keeps them exploded."""
    kinds, words, mates = leaves.kinds, leaves.words, leaves.mates
    pending: list[int] = []
    for index in [index for index, kind in enumerate(kinds) if kind in _BRACKETS]:
        if kinds[index] == OPEN:
            pending.append(index)
            word = words[index]
            if word and (not index or word[0] == " " or kinds[index - 1] in _BEFORE_LITERALS):
                leaves.literals.add(index)
        elif index:
            if not pending or _PAIRS[words[pending[-1]]] != words[index]:
                raise UnknownCode(leaves.source)
            opening = pending.pop()
            mates[index], mates[opening] = opening, index
            if kinds[index - 1] == COMMA and not _is_single(leaves, opening, index):
                leaves.magic.append(index)
    if pending:
        raise UnknownCode(leaves.source)


def _is_single(leaves: Leaves, opening: int, closing: int) -> bool:
    """Whether a trailing comma is part of what the brackets say: a tuple of one, or a subscript of one."""
    if leaves.words[closing] != (")" if opening in leaves.literals else "]"):
        return False
    return commas_between(leaves.kinds, leaves.mates, opening, closing) == 1
