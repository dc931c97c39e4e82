"""What a page holds that may tell codes: tables and lists, each with the words above it and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, TypeAlias

from sadpath.runtime.frozen import dataclass

_SPACES: Final = re.compile(r"[^\S\n]+")
_LOST: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
MOST_CELLS: Final = 200_000
"""Cells of one page, each counted as often as it spans columns and rows."""


class TooLarge(Exception):
    """A page has more cells than anybody would read; `line` is where, counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` as it is read, code in backticks, breaks as LF; `whole` where one cell spans all columns."""

    text: str
    is_header: bool = False
    line: int = 1
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: every row has the same number of cells. `context` are the heading and the sentence above it, nearest first."""

    rows: tuple[tuple[Cell, ...], ...]
    context: tuple[str, ...]
    line: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of one list; `inside` is the number of the table that it stands in."""

    items: tuple[Cell, ...]
    context: tuple[str, ...]
    line: int
    inside: int | None = None


Part: TypeAlias = Table | Listing


def clean(text: str) -> str:
    """A text without what can't be seen, in one form of Unicode, with single spaces; breaks stay, but not several."""
    kept = "".join(
        character if character == "\n" else " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in _LOST
    )
    lines = (_SPACES.sub(" ", line).strip() for line in kept.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    return " ".join(clean(text).split("\n"))


def squared(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows, filled up with empty cells to the same length."""
    width = max((len(row) for row in rows), default=0)
    return tuple((*row, *(Cell("") for _ in range(width - len(row)))) for row in rows)
