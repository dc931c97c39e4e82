"""Reads one logical line of generated Python as leaves: names, literals, brackets and delimiters, with their places in the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class UnknownCode(Exception):
    """The line has something that templates of ours do not write, so nothing is known of how it is laid out."""


class Kind(IntEnum):
    """What a leaf is to whoever looks for a place to split; `WORD` is all that is no such place."""

    WORD = 0
    TEXT = 1
    OPEN = 2
    CLOSE = 3
    COMMA = 4
    EQUAL = 5
    COLON = 6
    BAR = 7
    DOT = 8
    ARROW = 9


_WORD, _TEXT, _OPEN, _CLOSE, _COMMA = 0, 1, 2, 3, 4

_TOKEN: Final = re.compile(
    r"""[ ]?(?:
        [^\W\d]\w*(?:\.[^\W\d]\w*)*
        | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
        | [()\[\]{},:=|]
        | -?\d[\w.]*(?:e[-+]\d+)?
        | -> | \.*[^\W\d]\w*(?:\.[^\W\d]\w*)* | \.+
        | \*\*? | [@/]
    )""",
    re.VERBOSE,
)
_PUNCTUATION: Final = {
    "(": Kind.OPEN,
    "[": Kind.OPEN,
    "{": Kind.OPEN,
    ")": Kind.CLOSE,
    "]": Kind.CLOSE,
    "}": Kind.CLOSE,
    ",": Kind.COMMA,
    "=": Kind.EQUAL,
    ":": Kind.COLON,
    "|": Kind.BAR,
    "->": Kind.ARROW,
}
_KINDS: Final[dict[str, int]] = {
    f"{blank}{text}": int(kind) for text, kind in _PUNCTUATION.items() for blank in ("", " ")
}
_UNREAD: Final = frozenset(
    "if else for in is not and or lambda await async yield with while assert del raise global nonlocal try".split()
)
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Leaves:
    """The leaves of a line, by index. Parentheses that may be written around a part of the line are leaves of no width.

    `mates` has the index of the other bracket of a pair, -1 for what is no bracket or has its mate on another line.
    `atoms` are the brackets that open a literal, `magic` the closing brackets whose trailing comma keeps them exploded,
    `optional` the parentheses of no width, `shown` those of them that are written.
    """

    source: str
    kinds: list[int]
    starts: list[int]
    ends: list[int]
    mates: list[int]
    atoms: set[int]
    magic: list[int]
    optional: list[tuple[int, int]]
    shown: set[int]

    def is_one_tuple(self, closing: int) -> bool:
        """Whether the bracket closes a literal in parentheses with one comma, which is its last leaf or not."""
        opening = self.mates[closing]
        if opening not in self.atoms or self.source[self.starts[closing]] != ")":
            return False
        return _commas(self.kinds, self.mates, opening, closing) == 1


def _commas(kinds: Sequence[int], mates: Sequence[int], opening: int, closing: int) -> int:
    """How many commas stand between two brackets and in no other; it stops at two."""
    found, index = 0, opening + 1
    while index < closing and found < 2:
        if kinds[index] == _OPEN:
            index = mates[index]
        elif kinds[index] == _COMMA:
            found += 1
        index += 1
    return found


def words_of(source: str) -> list[str]:
    """The line in pieces, each with the blank before it. Raises `UnknownCode` where that is not all of it."""
    found: list[str] = _TOKEN.findall(source)
    if sum(map(len, found)) != len(source):
        raise UnknownCode(source)
    return found


def read_leaves(source: str, words: Sequence[str], wrapped: Sequence[tuple[int, int]] = ()) -> Leaves:
    """The leaves of a line; `wrapped` are the first and the last piece of what may be put in parentheses, in order.

    Raises `UnknownCode` where brackets do not match, and for words that only expressions of another kind have.
    """
    kinds: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    opened = {first for first, _ in wrapped}
    closed = {last for _, last in wrapped}
    unwritten: list[int] = []
    optional: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        kind = _KINDS.get(word, _WORD)
        blank = word[0] == " "
        start = at + blank
        if number in opened:
            unwritten.append(len(kinds))
            kinds.append(_OPEN)
            starts.append(start)
            ends.append(start)
        at += len(word)
        if kind == _WORD:
            kind = _other(word[1:] if blank else word, words[number - 1] if number else "")
        kinds.append(kind)
        starts.append(start)
        ends.append(at)
        if number in closed:
            optional.append((unwritten.pop(), len(kinds)))
            kinds.append(_CLOSE)
            starts.append(at)
            ends.append(at)
    mates = _mates(source, kinds, starts, ends)
    leaves = Leaves(source, kinds, starts, ends, mates, set(), [], optional, set())
    _mark_brackets(leaves)
    return leaves


def _other(word: str, before: str) -> int:
    first = word[0]
    if first in "\"'":
        return _TEXT
    if first == "." and word != "...":
        return int(Kind.DOT)
    # A star or a slash that has something to its left is an operator; so is a word that joins expressions.
    if word in _UNREAD or (first in "*/@" and before and before[-1] not in "([{,"):
        raise UnknownCode(word)
    return _WORD


def _mates(source: str, kinds: Sequence[int], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    mates = [-1] * len(kinds)
    pending: list[int] = []
    for index, kind in enumerate(kinds):
        if kind == _OPEN:
            pending.append(index)
        elif kind == _CLOSE and (pending or index):
            if not pending or not _match(source, starts[pending[-1]], ends[pending[-1]], starts[index], ends[index]):
                raise UnknownCode(source)
            mates[index] = pending.pop()
            mates[mates[index]] = index
    if pending:
        raise UnknownCode(source)
    return mates


def _match(source: str, start: int, end: int, closing_start: int, closing_end: int) -> bool:
    opening, closing = source[start:end], source[closing_start:closing_end]
    return _PAIRS.get(opening, "") == closing


def _mark_brackets(leaves: Leaves) -> None:
    """Find out which brackets are of literals, and which have a trailing comma that keeps them exploded."""
    kinds, mates, source, starts, ends = leaves.kinds, leaves.mates, leaves.source, leaves.starts, leaves.ends
    for index, kind in enumerate(kinds):
        if kind == _OPEN and starts[index] != ends[index]:
            before = kinds[index - 1] if index else -1
            if before in (-1, _OPEN, *_BEFORE_ATOMS) or source[starts[index] - 1] == " ":
                leaves.atoms.add(index)
        elif kind == _CLOSE and index and kinds[index - 1] == _COMMA and mates[index] >= 0:
            opening = mates[index]
            commas = _commas(kinds, mates, opening, index)
            bracket = source[starts[index] : ends[index]]
            is_single = commas == 1 and (
                (bracket == ")" and opening in leaves.atoms) or (bracket == "]" and opening not in leaves.atoms)
            )
            if not is_single:
                leaves.magic.append(index)


_BEFORE_ATOMS: Final = (_COMMA, int(Kind.EQUAL), int(Kind.COLON), int(Kind.BAR), int(Kind.ARROW))
