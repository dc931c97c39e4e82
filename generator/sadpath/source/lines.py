"""Offsets in a text to lines and columns, as an editor counts them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from sadpath.diagnostics.location import Span

_BREAK: Final = re.compile(r"\r\n|\n|\r")
_LINE_FEED: Final = re.compile(r"\n")


class LineTable:
    """Where each line of a text starts. Only LF, CR and CRLF end a line: what YAML 1.1 adds, no editor counts."""

    __slots__ = ("_text", "starts")

    def __init__(self, text: str, starts: Sequence[int] | None = None) -> None:
        self._text = text
        self.starts = starts or array("I", (0, *_ends(text)))
        """The offsets of first characters."""

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without what ends it."""
        end = self.starts[number] if number < len(self.starts) else len(self._text)
        return self._text[self.starts[number - 1] : end].rstrip("\r\n")

    def span(self, path: str, start: int, end: int) -> Span:
        return Span(path, *self.position(start), *self.position(max(start, end)))


def _ends(text: str) -> list[int]:
    """Where what ends a line ends."""
    pattern = _BREAK if "\r" in text else _LINE_FEED
    return [match.end() for match in pattern.finditer(text)]
