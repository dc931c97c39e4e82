"""Splits a logical line that is too long, or that a trailing comma keeps exploded, at its brackets and delimiters.

The order in which places are tried, and what makes one better than another, are those of Black's stable style: a line in
brackets is split at the delimiters of the lowest precedence, any other at its last bracket, and parentheses are written around
what follows `=`, `:`, `->` or `return` only where the line reads worse without them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from sadpath.render.leaves import Kind, Leaves, UnknownCode
from sadpath.render.widths import fits

LINE_LENGTH: Final = 110
_WORD, _TEXT, _OPEN, _CLOSE, _COMMA = 0, 1, 2, 3, 4
_EQUAL, _BAR, _DOT = int(Kind.EQUAL), int(Kind.BAR), int(Kind.DOT)


class _CannotSplit(Exception):
    """No split was found, or none that is worth it."""


class Part(NamedTuple):
    """Some leaves that stand on a line of their own as long as they fit.

    `comma`: one is added behind them. `magic`: a trailing comma inside keeps them exploded. `forced`: they are exploded though
    they may fit. `followed`: they begin with the closing bracket of a line before.
    """

    first: int
    end: int
    depth: int
    inside: bool
    comma: bool = False
    magic: bool = False
    forced: bool = False
    followed: bool = False


class _Split(NamedTuple):
    head: Part
    body: Part
    tail: Part


class Splitter:
    """Lays out one line; `is_import` and `is_definition` say of what kind its brackets are."""

    def __init__(self, leaves: Leaves, *, is_import: bool = False, is_definition: bool = False) -> None:
        self._leaves = leaves
        self._kinds = leaves.kinds
        self._starts = leaves.starts
        self._ends = leaves.ends
        self._mates = leaves.mates
        self._is_import = is_import
        self._is_definition = is_definition
        self._commas: list[int] = []
        self._is_uncertain = False
        self._is_narrow = leaves.source.isascii()

    def settled(self) -> str:
        """The source with the commas that were added, where the line is split in another way on account of them; else it as it is."""
        source = self._leaves.source
        if not self._is_uncertain or not self._commas:
            return source
        places = [0, *sorted(self._commas), len(source)]
        return ",".join(source[first:end] for first, end in pairwise(places))

    def line(self, depth: int) -> list[str]:
        """The lines of a statement."""
        end = len(self._kinds)
        return self._lines(Part(0, end, depth, inside=False, magic=self._has_magic(0, end)), forced=False)

    def element(self, depth: int) -> list[str]:
        """The lines of what stands between brackets, one of several and with the comma behind it."""
        end = len(self._kinds)
        return self._lines(Part(0, end, depth, inside=True, magic=self._has_magic(0, end)), forced=False)

    def _at_parameters(self, part: Part) -> list[str]:
        """The lines of the head of a function, or of the beginning of it."""
        opening = self._kinds.index(_OPEN)
        closing = self._mates[opening]
        if closing >= part.end:
            return [self._text(part)]
        if closing == opening + 1:
            raise UnknownCode(self._leaves.source)
        body = self._body(opening, closing, part.depth)
        if self._delimiters(body)[0] != _COMMA:
            if _COMMA in self._kinds[opening:closing]:
                raise UnknownCode(self._leaves.source)
            body = body._replace(comma=True)
        head = Part(0, opening + 1, part.depth, inside=False)
        tail = Part(closing, part.end, part.depth, inside=False, followed=True)
        found = [self._text(head), *self._lines(body, forced=False)]
        commas = len(self._commas)
        found += self._lines(tail, forced=False)
        self._is_uncertain = self._is_uncertain or len(self._commas) > commas
        return found

    def _lines(self, part: Part, forced: bool) -> list[str]:
        """A part, split as often as it takes; `forced`: parentheses that need not be written are."""
        if not part.forced and not part.magic and self._fits(part):
            if part.comma:
                self._commas.append(self._ends[part.end - 1])
            return [self._text(part)]
        if (
            self._is_definition
            and not part.first
            and not self._has_magic(self._mates[self._kinds.index(_OPEN)] + 1, part.end)
        ):
            return self._at_parameters(part)
        if part.inside:
            pieces = self._at_delimiters(part)
            if pieces:
                return [line for piece in pieces for line in self._lines(piece, forced)]
        try:
            return self._at_brackets(part, forced)
        except _CannotSplit:
            if part.comma:
                self._commas.append(self._ends[part.end - 1])
            return [self._text(part)]

    def _at_brackets(self, part: Part, forced: bool) -> list[str]:
        mark = len(self._commas)
        found = [line for piece in self._with_omissions(part, forced) for line in self._lines(piece, forced)]
        if forced or not self._leaves.optional or part.followed:
            return found
        inner = [pair for pair in self._leaves.optional if part.first <= pair[0] and pair[1] < part.end]
        if not inner or any(pair[0] in self._leaves.shown for pair in inner) or fits(found[0], LINE_LENGTH):
            return found
        before, commas = set(self._leaves.shown), len(self._commas)
        other = self._at_brackets(part, forced=True)
        self._leaves.shown = before
        is_better = all(fits(line, LINE_LENGTH) for line in other)
        del self._commas[slice(mark, commas) if is_better else slice(commas, None)]
        return other if is_better else found

    def _at_delimiters(self, part: Part) -> list[Part]:
        """The pieces of a part between its delimiters; none where it has none."""
        kind, places = self._delimiters(part)
        if kind < 0 or (kind == _DOT and len(places) == 1):
            return []
        pieces: list[Part] = []
        first = part.first
        is_comma = kind == _COMMA
        for place in places:
            pieces.append(Part(first, place + 1, part.depth, True, False, self._has_magic(first, place + 1)))
            first = place + 1
        if first < part.end:
            comma = part.comma or (is_comma and self._kinds[part.end - 1] != _COMMA)
            pieces.append(Part(first, part.end, part.depth, True, comma, self._has_magic(first, part.end)))
        return pieces

    def _delimiters(self, part: Part, *, last: bool = False) -> tuple[int, list[int]]:
        """The delimiters that bind least, and the leaves behind which to split; the `last` leaf counts only on demand."""
        kinds, mates, end = self._kinds, self._mates, part.end
        commas: list[int] = []
        bars: list[int] = []
        dots: list[int] = []
        index = part.first
        while index < end:
            kind = kinds[index]
            if kind == _OPEN:
                index = mates[index]
            elif kind == _COMMA:
                commas.append(index)
            elif kind == _BAR and index > part.first:
                bars.append(index - 1)
            elif kind == _DOT and index > part.first and kinds[index - 1] == _CLOSE:
                dots.append(index - 1)
            index += 1
        if commas and commas[-1] == end - 1 and not last:
            if len(commas) > 1:
                return _COMMA, commas
            commas = []
        if commas or (part.comma and last):
            return _COMMA, commas
        if bars:
            return _BAR, bars
        return (_DOT, dots) if dots else (-1, dots)

    def _with_omissions(self, part: Part, forced: bool) -> tuple[Part, ...]:
        """Head, body and tail of the split at the last bracket whose head fits; at the last bracket if there is none."""
        first_found: tuple[Part, ...] | None = None
        for omitted in self._omissions(part):
            if omitted and self._is_beyond(part, omitted):
                continue
            found = self._at_last_bracket(part, forced, omitted)
            if first_found is None and not omitted:
                first_found = found
            self._is_uncertain = self._is_uncertain or _CLOSE in self._kinds[part.first : found[0].end - 1]
            if self._fits(found[0]):
                return found
        return first_found if first_found is not None else self._at_last_bracket(part, forced, frozenset())

    def _is_beyond(self, part: Part, omitted: frozenset[int]) -> bool:
        """Whether the bracket to split at stands so far to the right that what is before it can't fit."""
        for index in range(part.end - 1, part.first - 1, -1):
            if self._kinds[index] == _CLOSE and index not in omitted:
                opening = self._mates[index]
                if opening < part.first or not self._is_written(opening):
                    return False
                before = self._ends[opening - 1] if opening > part.first else self._starts[part.first]
                return 4 * part.depth + before - self._starts[part.first] > LINE_LENGTH
        return False

    def _omissions(self, part: Part) -> Iterator[frozenset[int]]:
        """Closing brackets that are not to be split at, because all that begins with them fits in a line; ever more of them."""
        if not part.magic:
            yield frozenset()
        kinds, mates = self._kinds, self._mates
        omitted: set[int] = set()
        opening = closing = -1
        inner: set[int] = set()
        for index in self._from_the_right(part):
            if opening >= 0 and index == opening:
                opening = -1
            elif kinds[index] != _CLOSE:
                continue
            elif index > part.first and kinds[index - 1] == _OPEN:
                inner.add(index)
            elif opening >= 0:
                if self._must_explode(part, index):
                    return
                inner.add(index)
            else:
                if closing >= 0:
                    omitted |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omitted)
                if self._must_explode(part, index):
                    return
                if self._is_written(index):
                    opening, closing = mates[index], index

    def _from_the_right(self, part: Part) -> Iterator[int]:
        """The leaves, from the last to the last but so many that what begins with it fits in a line."""
        length = 4 * part.depth + part.comma
        ends = self._ends
        for index in range(part.end - 1, part.first - 1, -1):
            length += ends[index] - (ends[index - 1] if index > part.first else self._starts[index])
            length += index in self._leaves.shown
            if length > LINE_LENGTH:
                return
            yield index

    def _must_explode(self, part: Part, closing: int) -> bool:
        return (
            closing > part.first
            and self._kinds[closing - 1] == _COMMA
            and self._mates[closing] >= 0
            and not self._leaves.is_one_tuple(closing)
        )

    def _last_bracket(self, part: Part, omitted: frozenset[int]) -> _Split:
        kinds, mates = self._kinds, self._mates
        for index in range(part.end - 1, part.first - 1, -1):
            if kinds[index] != _CLOSE or index in omitted:
                continue
            opening = mates[index]
            if opening < part.first:
                break
            if opening + 1 < index:
                head = Part(part.first, opening + 1, part.depth, False, False, self._has_magic(part.first, opening))
                tail = Part(index, part.end, part.depth, inside=False, comma=part.comma, followed=True)
                return _Split(head, self._body(opening, index, part.depth), tail)
        raise _CannotSplit

    def _body(self, opening: int, closing: int, depth: int) -> Part:
        """What is between brackets: a literal with several elements is exploded, as is what a trailing comma keeps so."""
        magic = self._has_magic(opening + 1, closing)
        has_comma = self._kinds[closing - 1] == _COMMA
        if self._is_import:
            comma = not has_comma
            several = _COMMA in self._kinds[opening + 1 : closing - 1]
            return Part(opening + 1, closing, depth + 1, True, comma, magic, several)
        body = Part(opening + 1, closing, depth + 1, True, False, magic)
        if has_comma or opening in self._leaves.atoms:
            return body._replace(forced=self._delimiters(body)[0] == _COMMA)
        return body

    def _at_last_bracket(self, part: Part, forced: bool, omitted: frozenset[int]) -> tuple[Part, ...]:
        return self._or_without_optional(self._last_bracket(part, omitted), part, forced, omitted)

    def _or_without_optional(
        self, split: _Split, part: Part, forced: bool, omitted: frozenset[int]
    ) -> tuple[Part, ...]:
        """The split, or a better one that leaves out parentheses which need not be written."""
        opening, closing = split.head.end - 1, split.tail.first
        if not forced and not self._is_import and not self._is_written(opening) and self._can_omit(split.body):
            omitted = omitted | {closing}
            try:
                other = self._last_bracket(part, omitted)
                if self._is_better(other, split):
                    return self._or_without_optional(other, part, forced, omitted)
            except _CannotSplit:
                if not self._can_be_split(split.body) and not self._fits(split.body):
                    raise
        if not self._is_written(opening):
            self._leaves.shown |= {opening, closing}
        return split

    def _is_better(self, other: _Split, split: _Split) -> bool:
        """Whether a split without optional parentheses is better than the one at them."""
        kinds, head = self._kinds, split.head
        if head.end - head.first < 2 or kinds[head.end - 2] != _EQUAL:
            return True
        if not any(kind in (_OPEN, _CLOSE) for kind in kinds[head.first : head.end - 1]):
            return True
        if not self._fits(head, LINE_LENGTH - 1) or head.magic:
            return True
        equals = kinds[head.first : head.end].count(_EQUAL)
        other_kinds = kinds[other.head.first : other.head.end]
        if equals > 1 and equals > other_kinds.count(_EQUAL):
            return False
        for kind in reversed(other_kinds):
            if kind == _EQUAL:
                return self._fits(other.head)
            if kind == _CLOSE:
                return True
        return False

    def _can_be_split(self, body: Part) -> bool:
        """False where the body is of one leaf; a text with methods called on it is nothing that we write."""
        if body.end - body.first > 1:
            if self._kinds[body.first] == _TEXT and self._kinds[body.first + 1] == _DOT:
                raise UnknownCode(self._leaves.source)
            return True
        text = self._leaves.source[self._starts[body.first] : self._ends[body.first]]
        return self._kinds[body.first] == _WORD and ("." in text or text[0] == "-")

    def _can_omit(self, body: Part) -> bool:
        """Whether the body reads as well without parentheses around it."""
        kind, places = self._delimiters(body, last=True)
        if kind < 0:
            return True
        if len(places) > 1:
            return False
        if kind == _DOT:
            return True
        kinds, first, last = self._kinds, body.first, body.end - 1
        if kinds[first] == _OPEN and kinds[first + 1] != _CLOSE and self._can_omit_before(body):
            return True
        if kinds[last] != _CLOSE:
            return False
        opening = self._mates[last]
        is_subscript = self._leaves.source[self._starts[last]] == "]" and opening not in self._leaves.atoms
        if is_subscript or kinds[last - 1] == _OPEN:
            return False
        return self._can_omit_behind(body, opening)

    def _can_omit_before(self, body: Part) -> bool:
        """Whether what follows the first bracket fits in a line, up to brackets that can be split further."""
        closing = self._mates[body.first]
        length, counts = 4 * body.depth, False
        for index in range(body.first, body.end):
            counts = counts or index == closing
            if not counts:
                continue
            length += self._ends[index] - self._ends[index - 1]
            if length > LINE_LENGTH:
                return False
            if self._kinds[index] == _OPEN:
                counts = False
        return True

    def _can_omit_behind(self, body: Part, opening: int) -> bool:
        """Whether what precedes the last bracket fits in a line, or has brackets that can be split further."""
        if _OPEN in self._kinds[body.first : opening]:
            return True
        return 4 * body.depth + self._ends[opening] - self._starts[body.first] <= LINE_LENGTH

    def _has_magic(self, first: int, end: int) -> bool:
        magic = self._leaves.magic
        at = bisect_left(magic, first)
        return at < len(magic) and magic[at] < end

    def _is_written(self, bracket: int) -> bool:
        return self._starts[bracket] != self._ends[bracket] or bracket in self._leaves.shown

    def _fits(self, part: Part, length: int = LINE_LENGTH) -> bool:
        if not self._leaves.shown and self._is_narrow:
            size = self._ends[part.end - 1] - self._starts[part.first]
            return 4 * part.depth + size + part.comma <= length
        return fits(self._text(part), length)

    def _text(self, part: Part) -> str:
        first, last = part.first, part.end - 1
        text = self._leaves.source[self._starts[first] : self._ends[last]]
        comma = "," if part.comma else ""
        if not self._leaves.shown:
            return f"{'    ' * part.depth}{text}{comma}"
        before = behind = ""
        for index in self._leaves.shown:
            written = "(" if self._kinds[index] == _OPEN else ")"
            if index == first:
                before = written
            elif index == last:
                behind = written
            elif first < index < last:
                raise UnknownCode(text)
        return f"{'    ' * part.depth}{before}{text}{behind}{comma}"
