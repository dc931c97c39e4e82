"""Lays out a module that a template made: as a formatter would, which need not be asked where all of it is of kinds that we write.

A template writes a statement in one line, however long, or with every element of its brackets in a line of its own; what is
short enough stays as it is written. Everything else a module can have is unknown here.
"""

from __future__ import annotations

from typing import Final

from sadpath.render.blank_lines import SPECIAL, BlankLines
from sadpath.render.docstrings import laid_out_docstring
from sadpath.render.leaves import UnknownCode
from sadpath.render.parts import LINE_LENGTH
from sadpath.render.statements import element_lines, statement_lines
from sadpath.render.widths import fits

_OPENING: Final = "([{"
_CLOSING: Final = ")]}"
_QUOTES: Final = '"""'


def laid_out(source: str) -> str | None:
    """The module as Black makes it of this source; None where something in it is of no kind that is known here."""
    try:
        return _Module(source).text()
    except UnknownCode:
        return None


class _Module:
    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._has_commas = ",)" in source or ",]" in source or ",}" in source
        self._is_plain = source.isascii() and not self._has_commas
        self._found: list[str] = []
        self._blanks = BlankLines()
        self._next = 0

    def text(self) -> str:
        lines, found, blanks, is_plain = self._lines, self._found, self._blanks, self._is_plain
        count, written = len(lines), 0
        while self._next < count:
            line = lines[self._next]
            self._next += 1
            text = line.lstrip(" ")
            if not text:
                written += 1
                continue
            margin = len(line) - len(text)
            first, word = text[0], text.partition(" ")[0]
            if written or margin != blanks.steady or first in "@#" or word in SPECIAL:
                if margin % 4:
                    raise UnknownCode(line)
                found += [""] * blanks.before(text, word, margin // 4, written)
                written = 0
            if first == '"' and text.startswith(_QUOTES):
                self._string(line, margin // 4)
            elif text[-1] in _OPENING:
                self._exploded(line)
            elif (is_plain and len(line) <= LINE_LENGTH) or first == "#" or self._is_final(line):
                found.append(line)
            else:
                found += statement_lines(text, margin // 4)
        return "\n".join(found) + "\n"

    def _is_final(self, line: str) -> bool:
        """Whether a line stays as it is: it is short, and nothing in it asks for being exploded."""
        if not (len(line) <= LINE_LENGTH and line.isascii()) and not fits(line, LINE_LENGTH):
            return False
        return not (self._has_commas and (",)" in line or ",]" in line or ",}" in line))

    def _string(self, line: str, depth: int) -> None:
        """A text between triple quotes, to its end; a docstring if it is the first of its block."""
        is_docstring = self._blanks.is_docstring and self._blanks.steady < 0
        start = self._next - 1
        if not (line.endswith(_QUOTES) and len(line) >= 4 * depth + 6):
            while self._next < len(self._lines) and self._lines[self._next].strip(" ") != _QUOTES:
                self._next += 1
            self._next += 1
        lines = self._lines[start : self._next]
        self._found.extend(laid_out_docstring(lines, depth) if is_docstring else lines)

    def _exploded(self, line: str) -> None:
        """A statement whose elements are in lines of their own, to the bracket that closes it."""
        if not self._is_final(line):
            raise UnknownCode(line)
        found, lines = self._found, self._lines
        is_definition = line.lstrip().startswith("def ")
        found.append(line)
        opened = 1
        while opened:
            if self._next == len(lines):
                raise UnknownCode(line)
            line = lines[self._next]
            self._next += 1
            text = line.strip(" ")
            if not text:
                continue
            is_final = self._is_final(line)
            if text[0] in _CLOSING:
                if found[-1][-1] in _OPENING or not is_final:
                    raise UnknownCode(line)
                opened -= 1
            elif not is_final:
                inside = (len(line) - len(line.lstrip(" "))) // 4
                found.extend(element_lines(text, inside, is_parameter=is_definition))
                continue
            if text[-1] in _OPENING:
                opened += 1
            elif text[0] not in _CLOSING and text[-1] != ",":
                raise UnknownCode(line)
            found.append(line)
        self._blanks.ended(line.strip(" "))
