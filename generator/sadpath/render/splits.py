"""Splits a logical line that is too long, or that a trailing comma keeps exploded, at its brackets and delimiters.

The order in which places are tried, and what makes one better than another, are those of Black's stable style: a line in
brackets is split at the delimiters that bind least, any other at its last bracket, and parentheses are written around what
follows `=`, `:`, `->` or `return` only where the line reads worse without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sadpath.render.leaves import CLOSE, COMMA, DOT, OPEN, Leaves, UnknownCode
from sadpath.render.parentheses import Split, can_be_split, can_omit, is_better
from sadpath.render.parts import LINE_LENGTH, Part, Parts
from sadpath.render.widths import fits


class _CannotSplit(Exception):
    """No split was found, or none that is worth it."""


class Splitter:
    """Lays out one line; `is_definition`: it is the head of a function."""

    def __init__(self, leaves: Leaves, *, is_definition: bool = False) -> None:
        self._leaves = leaves
        self._parts = Parts(leaves)
        self._kinds = leaves.kinds
        self._mates = leaves.mates
        self._is_definition = is_definition
        self._commas: list[int] = []
        self._is_uncertain = False

    def settled(self) -> str:
        """The source with the commas that were added, where the line is split in another way on account of them; else it as it is."""
        source = self._leaves.source
        if not self._is_uncertain or not self._commas:
            return source
        places = [0, *sorted(self._commas), len(source)]
        return ",".join(source[first:end] for first, end in pairwise(places))

    def line(self, depth: int, *, inside: bool = False) -> list[str]:
        """The lines of a statement, or of what stands `inside` brackets, one of several and with the comma behind it."""
        end = len(self._kinds)
        return self._lines(Part(0, end, depth, inside, magic=self._parts.has_magic(0, end)), forced=False)

    def _lines(self, part: Part, forced: bool) -> list[str]:
        """A part, split as often as it takes; `forced`: parentheses that need not be written are."""
        if not part.forced and not part.magic and self._parts.fits(part):
            return self._whole(part)
        if self._is_definition and not part.first and not self._is_split_at_result(part):
            return self._at_parameters(part)
        if part.inside:
            kind, places = self._parts.delimiters(part)
            if places and (kind != DOT or len(places) > 1):
                return self._at_delimiters(part, kind, places, forced)
        try:
            return self._at_brackets(part, forced)
        except _CannotSplit:
            return self._whole(part)

    def _whole(self, part: Part) -> list[str]:
        if part.comma:
            self._commas.append(self._leaves.ends[part.end - 1])
        return [self._parts.text(part)]

    def _is_split_at_result(self, part: Part) -> bool:
        """Whether a trailing comma keeps exploded what a function returns."""
        return self._parts.has_magic(self._mates[self._kinds.index(OPEN)] + 1, part.end)

    def _at_parameters(self, part: Part) -> list[str]:
        """The lines of the head of a function, or of the beginning of it."""
        opening = self._kinds.index(OPEN)
        closing = self._mates[opening]
        if closing >= part.end:
            return self._whole(part)
        if closing == opening + 1:
            raise UnknownCode(self._leaves.source)
        body = self._body(opening, closing, part.depth)
        if COMMA not in self._kinds[opening:closing]:
            body = body._replace(comma=True)
        elif self._parts.delimiters(body, last=True)[0] != COMMA:
            raise UnknownCode(self._leaves.source)
        head = Part(0, opening + 1, part.depth, inside=False)
        tail = Part(closing, part.end, part.depth, inside=False, followed=True)
        found = [self._parts.text(head), *self._lines(body, forced=False)]
        commas = len(self._commas)
        found += self._lines(tail, forced=False)
        added = len(self._commas) - commas
        self._is_uncertain = self._is_uncertain or added > 0
        if added > 1:
            # What Black makes of an exploded result when it looks at it once more, it knows best.
            raise UnknownCode(self._leaves.source)
        return found

    def _at_brackets(self, part: Part, forced: bool) -> list[str]:
        mark = len(self._commas)
        found: list[str] = []
        for piece in self._with_omissions(part, forced):
            found += self._lines(piece, forced)
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

    def _at_delimiters(self, part: Part, kind: int, places: list[int], forced: bool) -> list[str]:
        """The lines of the pieces between delimiters; the last gets a comma where the others have one."""
        parts, depth = self._parts, part.depth
        found: list[str] = []
        first = part.first
        for end in [place + 1 for place in places]:
            line = parts.short_line(first, end, depth)
            if line is None:
                magic = parts.has_magic(first, end)
                found += self._lines(Part(first, end, depth, True, False, magic), forced)
            else:
                found.append(line)
            first = end
        if first < part.end:
            comma = part.comma or (kind == COMMA and self._kinds[part.end - 1] != COMMA)
            magic = parts.has_magic(first, part.end)
            found += self._lines(Part(first, part.end, depth, True, comma, magic), forced)
        return found

    def _with_omissions(self, part: Part, forced: bool) -> Split:
        """The split at the last bracket whose head fits; at the last bracket if there is none."""
        first_found: Split | None = None
        for omitted in self._omissions(part):
            if omitted and self._is_beyond(part, omitted):
                continue
            found = self._at_last_bracket(part, forced, omitted)
            if first_found is None and not omitted:
                first_found = found
            self._is_uncertain = self._is_uncertain or CLOSE in self._kinds[part.first : found.head.end - 1]
            if self._parts.fits(found.head):
                return found
        return first_found if first_found is not None else self._at_last_bracket(part, forced, frozenset())

    def _is_beyond(self, part: Part, omitted: frozenset[int]) -> bool:
        """Whether the bracket to split at stands so far to the right that what is before it can't fit."""
        for index in range(part.end - 1, part.first - 1, -1):
            if self._kinds[index] != CLOSE or index in omitted:
                continue
            opening = self._mates[index]
            if opening <= part.first or not self._parts.is_written(opening):
                return False
            size = self._leaves.ends[opening - 1] - self._leaves.start(part.first)
            return 4 * part.depth + size > LINE_LENGTH
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
            elif kinds[index] != CLOSE:
                continue
            elif index > part.first and kinds[index - 1] == OPEN:
                inner.add(index)
            elif opening >= 0:
                if self._parts.must_explode(part, index):
                    return
                inner.add(index)
            else:
                if closing >= 0:
                    omitted |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omitted)
                if self._parts.must_explode(part, index):
                    return
                if self._parts.is_written(index):
                    opening, closing = mates[index], index

    def _from_the_right(self, part: Part) -> Iterator[int]:
        """The leaves, from the last to the last but so many that what begins with it fits in a line."""
        length = 4 * part.depth + part.comma
        ends = self._leaves.ends
        for index in range(part.end - 1, part.first - 1, -1):
            length += ends[index] - (ends[index - 1] if index > part.first else self._leaves.start(index))
            length += index in self._leaves.shown
            if length > LINE_LENGTH:
                return
            yield index

    def _last_bracket(self, part: Part, omitted: frozenset[int]) -> Split:
        kinds, mates = self._kinds, self._mates
        for index in range(part.end - 1, part.first - 1, -1):
            if kinds[index] != CLOSE or index in omitted:
                continue
            opening = mates[index]
            if opening < part.first:
                break
            if opening + 1 < index:
                magic = self._parts.has_magic(part.first, opening)
                head = Part(part.first, opening + 1, part.depth, inside=False, magic=magic)
                tail = Part(index, part.end, part.depth, inside=False, comma=part.comma, followed=True)
                return Split(head, self._body(opening, index, part.depth), tail)
        raise _CannotSplit

    def _body(self, opening: int, closing: int, depth: int) -> Part:
        """What is between brackets: a literal with several elements is exploded, as is what a trailing comma keeps so."""
        magic = self._parts.has_magic(opening + 1, closing)
        has_comma = self._kinds[closing - 1] == COMMA
        body = Part(opening + 1, closing, depth + 1, True, False, magic)
        if has_comma or opening in self._leaves.literals:
            return body._replace(forced=self._parts.delimiters(body)[0] == COMMA)
        return body

    def _at_last_bracket(self, part: Part, forced: bool, omitted: frozenset[int]) -> Split:
        return self._or_without_optional(self._last_bracket(part, omitted), part, forced, omitted)

    def _or_without_optional(self, split: Split, part: Part, forced: bool, omitted: frozenset[int]) -> Split:
        """The split, or a better one that leaves out parentheses which need not be written."""
        opening, closing = split.head.end - 1, split.tail.first
        if self._parts.is_written(opening):
            return split
        if not forced and can_omit(self._parts, split.body):
            omitted |= {closing}
            try:
                other = self._last_bracket(part, omitted)
                if is_better(self._parts, other, split):
                    return self._or_without_optional(other, part, forced, omitted)
            except _CannotSplit:
                if not can_be_split(self._parts, split.body) and not self._parts.fits(split.body):
                    raise
        self._leaves.shown |= {opening, closing}
        return split
