"""Parts of a logical line that may stand on lines of their own: what they say, whether they fit, and what delimits them."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, NamedTuple

from sadpath.render.leaves import BAR, CLOSE, COMMA, DOT, OPEN, Leaves, UnknownCode
from sadpath.render.widths import fits

LINE_LENGTH: Final = 110
_INDENTS: Final = [" " * (4 * depth) for depth in range(40)]


class Part(NamedTuple):
    """Some leaves that stand on a line of their own as long as they fit.

    `inside`: they were between brackets. `comma`: one is added behind them. `magic`: a trailing comma inside keeps them exploded.
    `forced`: they are exploded though they may fit. `followed`: they begin with the closing bracket of a line before.
    """

    first: int
    end: int
    depth: int
    inside: bool
    comma: bool = False
    magic: bool = False
    forced: bool = False
    followed: bool = False


class Parts:
    """What is to be known about the parts of one line."""

    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self.kinds = leaves.kinds
        self.ends = leaves.ends
        self.mates = leaves.mates
        self._is_narrow = leaves.source.isascii()

    def fits(self, part: Part, length: int = LINE_LENGTH) -> bool:
        """Whether the part fits in a line."""
        if self._is_narrow and not self.leaves.shown:
            size = self.ends[part.end - 1] - self.leaves.start(part.first)
            return 4 * part.depth + size + part.comma <= length
        return fits(self.text(part), length)

    def text(self, part: Part) -> str:
        """The part as a line. Raises `UnknownCode` where parentheses would be written in the middle of it."""
        leaves, first, last = self.leaves, part.first, part.end - 1
        text = leaves.source[leaves.start(first) : self.ends[last]]
        comma = "," if part.comma else ""
        if not leaves.shown:
            return f"{indent(part.depth)}{text}{comma}"
        before = behind = ""
        for index in leaves.shown:
            written = "(" if self.kinds[index] == OPEN else ")"
            if index == first:
                before = written
            elif index == last:
                behind = written
            elif first < index < last:
                raise UnknownCode(text)
        return f"{indent(part.depth)}{before}{text}{behind}{comma}"

    def short_line(self, first: int, end: int, depth: int) -> str | None:
        """The line of these leaves where they fit as they are written, and nothing has a say in it; else None."""
        leaves = self.leaves
        if leaves.shown or not self._is_narrow or self.has_magic(first, end):
            return None
        line = indent(depth) + leaves.source[self.ends[first - 1] if first else 0 : self.ends[end - 1]].lstrip(" ")
        return line if len(line) <= LINE_LENGTH else None

    def delimiters(self, part: Part, *, last: bool = False) -> tuple[int, list[int]]:
        """The delimiters that bind least, and the leaves behind which to split; the `last` leaf counts only on demand."""
        kinds, mates, first, end = self.kinds, self.mates, part.first, part.end
        commas: list[int] = []
        bars: list[int] = []
        dots: list[int] = []
        index = first
        while index < end:
            kind = kinds[index]
            if kind == OPEN:
                index = mates[index]
            elif kind == COMMA:
                commas.append(index)
            elif kind == BAR and index > first:
                bars.append(index - 1)
            elif kind == DOT and index > first and kinds[index - 1] == CLOSE:
                dots.append(index - 1)
            index += 1
        if commas and commas[-1] == end - 1 and not last:
            if len(commas) > 1:
                return COMMA, commas
            commas = []
        if commas or (part.comma and last):
            return COMMA, commas
        if bars:
            return BAR, bars
        return (DOT, dots) if dots else (-1, dots)

    def has_magic(self, first: int, end: int) -> bool:
        """Whether a trailing comma keeps brackets among these leaves exploded."""
        magic = self.leaves.magic
        if not magic:
            return False
        at = bisect_left(magic, first)
        return at < len(magic) and magic[at] < end

    def is_written(self, bracket: int) -> bool:
        """Whether a bracket is more than a parenthesis that may be written."""
        return bool(self.leaves.words[bracket]) or bracket in self.leaves.shown

    def must_explode(self, part: Part, closing: int) -> bool:
        """Whether the comma before a closing bracket keeps it from being left in a line."""
        return (
            closing > part.first
            and self.kinds[closing - 1] == COMMA
            and self.mates[closing] >= 0
            and not self.leaves.is_one_tuple(closing)
        )


def indent(depth: int) -> str:
    """The blanks before a line."""
    return _INDENTS[depth] if depth < len(_INDENTS) else " " * (4 * depth)
