"""Finds out whether any text of a form matches a pattern: whether the automata of the two have a text in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from sadpath.openapi.ambiguity import Automaton, Edges
from sadpath.openapi.pattern_tree import MOST, Characters, Part, overlap, read_pattern

_LARGEST: Final = 2_000
"""Positions of a pattern; a larger one is not looked at."""
_WORK: Final = 200_000
"""Steps through the product of the two automata, after which a text is taken for granted."""

_END: Final[Characters] = ((0x110000, 0x110000),)
"""Stands before a text and behind it, where anchors match; one above the last of all characters."""
_ANY: Final[Characters] = ((0, 0x110000),)


@lru_cache(maxsize=1024)
def have_common_text(pattern: str, form: str) -> bool:
    """Whether the pattern, which is searched for, is found in some text all of which is of the form; both in Python's syntax.

    True as well where that is not known: looks around and back-references are taken to match, and so is what is too large.
    """
    try:
        searched, whole = read_pattern(pattern), read_pattern(form)
        if not searched or searched[0].size > _LARGEST:
            return True
        return _meet(_around(_ANY, _with_ends(searched[0])), _around(_END, whole[0]))
    except RecursionError:
        return True


def _around(characters: Characters, part: Part) -> Part:
    """Any number of characters on both sides."""
    one = Part("characters", 1, 1, characters=characters)
    some = Part("repeat", 1, 1, parts=(one,))
    return Part("sequence", parts=(some, part, some))


def _with_ends(part: Part) -> Part:
    """The tree with a character in place of each anchor."""
    if part.kind == "never":
        return Part("characters", 1, 1, characters=_END)
    return replace(part, parts=tuple(map(_with_ends, part.parts))) if part.parts else part


class _Side:
    """An automaton, and how it is entered and left."""

    def __init__(self, tree: Part) -> None:
        self.automaton = Automaton(MOST)
        self.edges: Edges = self.automaton.enter(tree)


def _meet(left: Part, right: Part) -> bool:
    one, other = _Side(left), _Side(right)
    if one.edges.empty and other.edges.empty:
        return True
    pending = list(_steps(one, other, one.edges.first, other.edges.first))
    seen = set(pending)
    work = 0
    while pending:
        here, there = pending.pop()
        if here in one.edges.last and there in other.edges.last:
            return True
        after, beyond = one.automaton.follow[here], other.automaton.follow[there]
        work += len(after) * len(beyond)
        if work > _WORK:
            return True
        new = [pair for pair in _steps(one, other, after, beyond) if pair not in seen]
        seen.update(new)
        pending += new
    return False


def _steps(one: _Side, other: _Side, after: Mapping[int, int], beyond: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The pairs of positions that the next character can lead to."""
    for here in after:
        for there in beyond:
            if overlap(one.automaton.labels[here], other.automaton.labels[there]):
                yield here, there
