"""Whether a line that is too long reads better with parentheses around a part of it, which Python does not ask for."""

from __future__ import annotations

from typing import NamedTuple

from sadpath.render.leaves import CLOSE, DOT, EQUAL, OPEN, WORD, UnknownCode
from sadpath.render.parts import LINE_LENGTH, Part, Parts


class Split(NamedTuple):
    """A part, split at brackets: to the opening one, between them, and from the closing one."""

    head: Part
    body: Part
    tail: Part


def is_better(parts: Parts, other: Split, split: Split) -> bool:
    """Whether a split without parentheses around a part is better than the one at them."""
    kinds, head = parts.kinds, split.head
    if head.end - head.first < 2 or kinds[head.end - 2] != EQUAL:
        return True
    before = kinds[head.first : head.end - 1]
    if OPEN not in before and CLOSE not in before:
        return True
    if not parts.fits(head, LINE_LENGTH - 1) or head.magic:
        return True
    equals = before.count(EQUAL)
    other_kinds = kinds[other.head.first : other.head.end]
    if equals > 1 and equals > other_kinds.count(EQUAL):
        return False
    for kind in reversed(other_kinds):
        if kind == EQUAL:
            return parts.fits(other.head)
        if kind == CLOSE:
            return True
    return False


def can_be_split(parts: Parts, body: Part) -> bool:
    """False where the body is of one leaf; a text with methods called on it is nothing that we write."""
    leaves = parts.leaves
    text = leaves.words[body.first].lstrip(" ")
    if body.end - body.first > 1:
        if text[:1] in ("'", '"') and parts.kinds[body.first + 1] == DOT:
            raise UnknownCode(leaves.source)
        return True
    return parts.kinds[body.first] == WORD and text[0] not in "'\"" and ("." in text or text[0] == "-")


def can_omit(parts: Parts, body: Part) -> bool:
    """Whether the body reads as well without parentheses around it."""
    kind, places = parts.delimiters(body, last=True)
    if kind < 0:
        return True
    if len(places) > 1:
        return False
    if kind == DOT:
        return True
    kinds, first, last = parts.kinds, body.first, body.end - 1
    if kinds[first] == OPEN and kinds[first + 1] != CLOSE and _can_omit_before(parts, body):
        return True
    if kinds[last] != CLOSE:
        return False
    opening = parts.mates[last]
    is_subscript = parts.leaves.words[last] == "]" and opening not in parts.leaves.literals
    if is_subscript or kinds[last - 1] == OPEN:
        return False
    return _can_omit_behind(parts, body, opening)


def _can_omit_before(parts: Parts, body: Part) -> bool:
    """Whether what follows the first bracket fits in a line, up to brackets that can be split further."""
    closing = parts.mates[body.first]
    length, counts = 4 * body.depth, False
    for index in range(body.first, body.end):
        counts = counts or index == closing
        if not counts:
            continue
        length += parts.ends[index] - parts.ends[index - 1]
        if length > LINE_LENGTH:
            return False
        if parts.kinds[index] == OPEN:
            counts = False
    return True


def _can_omit_behind(parts: Parts, body: Part, opening: int) -> bool:
    """Whether what precedes the last bracket fits in a line, or has brackets that can be split further."""
    if OPEN in parts.kinds[body.first : opening]:
        return True
    return 4 * body.depth + parts.ends[opening] - parts.leaves.start(body.first) <= LINE_LENGTH
