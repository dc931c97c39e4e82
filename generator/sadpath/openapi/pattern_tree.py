"""Regular expressions, as Python's `re` reads them, to trees of characters, sequences, choices and repeats."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final, Literal, TypeAlias

from sadpath.runtime.frozen import dataclass

Characters: TypeAlias = tuple[tuple[int, int], ...]
"""A set of characters: first and last code point of each range, in order, none touching the next."""

MOST: Final = 10**9
"""Numbers of positions and of ways are counted up to here."""

_LAST: Final = 0x10FFFF
_PARSER: Final = importlib.import_module("re._parser")
"""The parser of `re` itself; it has been in this place since Python 3.11."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A node of the tree; `empty` matches the empty text, and `never` nothing.

    `size` counts its characters with every counted repeat written out, `written` as they are written; `ways` is about
    how many ways through it there are, and `endless` says whether a repeat without a bound is in it.
    """

    kind: Literal["characters", "sequence", "choice", "repeat", "empty", "never"]
    size: int = 0
    written: int = 0
    ways: int = 1
    endless: bool = False
    parts: tuple[Part, ...] = ()
    characters: Characters = ()
    low: int = 0
    high: int | None = None


_EMPTY: Final = Part("empty")
_NEVER: Final = Part("never")
_LONG: Final = 100
"""How many ways one repeat without a bound is taken for."""


def read_pattern(pattern: str) -> tuple[Part, ...]:
    """The tree of a pattern, and one for each look at what stands around; none where `re` refuses it.

    A back-reference is read as what it refers to, which may match more; an anchor between characters that only the
    beginning or the end of a text fits can stand in no repeated part, and never matches there.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _PARSER.parse(pattern)
    except (re.error, OverflowError):
        return ()
    reader = _Reader()
    tree = reader.sequence(parsed, parsed.state.flags)
    return (tree, *reader.asides)


def _sequence(parts: Iterable[Part]) -> Part:
    kept = tuple(part for part in parts if part.kind != "empty")
    if len(kept) == 1:
        return kept[0]
    ways = 1
    for part in kept:
        ways = min(ways * part.ways, MOST)
    return Part("sequence", *_sizes(kept), ways, any(part.endless for part in kept), kept) if kept else _EMPTY


def _sizes(parts: Sequence[Part]) -> tuple[int, int]:
    return min(sum(part.size for part in parts), MOST), min(sum(part.written for part in parts), MOST)


def _choice(parts: Sequence[Part]) -> Part:
    ways = min(sum(part.ways for part in parts), MOST)
    return Part("choice", *_sizes(parts), ways, any(part.endless for part in parts), tuple(parts))


def _repeat(part: Part, low: int, high: int | None) -> Part:
    if high is None:
        size, ways = part.size * (low + 1), _LONG if part.ways == 1 else MOST
    else:
        size, ways = part.size * high, _ways(part.ways, low, high)
    endless = part.endless or high is None
    return Part("repeat", min(size, MOST), part.written, min(ways, MOST), endless, (part,), low=low, high=high)


def _ways(ways: int, low: int, high: int) -> int:
    if ways == 1:
        return high - low + 1
    total = 1
    for _ in range(high):
        total *= ways
        if total > MOST:
            break
    return total


class _Reader:
    """Reads what the parser of `re` makes: pairs of an operation and its argument."""

    def __init__(self) -> None:
        self.asides: list[Part] = []
        self._groups: dict[int, Part] = {}
        self._operations: Mapping[str, Callable[[Any, int], Part]] = {
            "LITERAL": _literal,
            "NOT_LITERAL": lambda code, flags: _characters([(code, code)], flags, negate=True),
            "ANY": lambda _, flags: _characters([] if flags & re.DOTALL else [(10, 10)], flags, negate=True),
            "IN": _set,
            "BRANCH": lambda found, flags: _choice([self.sequence(one, flags) for one in found[1]]),
            "SUBPATTERN": self._group,
            "ATOMIC_GROUP": self.sequence,
            "MAX_REPEAT": self._repeated,
            "MIN_REPEAT": self._repeated,
            "POSSESSIVE_REPEAT": self._repeated,
            "ASSERT": self._aside,
            "ASSERT_NOT": self._aside,
            "GROUPREF": lambda number, _: self._groups.get(number, _EMPTY),
            "GROUPREF_EXISTS": self._either,
            "AT": _anchor,
            "FAILURE": lambda _, __: _NEVER,
        }

    def sequence(self, items: Any, flags: int) -> Part:
        return _sequence([self._operations[operation.name](argument, flags) for operation, argument in items])

    def _group(self, found: Any, flags: int) -> Part:
        number, added, removed, items = found
        part = self.sequence(items, (flags | added) & ~removed)
        if number is not None:
            self._groups[number] = part
        return part

    def _repeated(self, found: Any, flags: int) -> Part:
        low, high, items = found
        unbounded = getattr(high, "name", None) == "MAXREPEAT"
        return _repeat(self.sequence(items, flags), low, None if unbounded else high)

    def _aside(self, found: Any, flags: int) -> Part:
        """What is only looked at is matched by itself, and once it has matched it is not tried in another way."""
        self.asides.append(self.sequence(found[1], flags))
        return _EMPTY

    def _either(self, found: Any, flags: int) -> Part:
        return _choice([_EMPTY if one is None else self.sequence(one, flags) for one in found[1:]])


def _anchor(where: Any, flags: int) -> Part:
    name = where.name
    if name in ("AT_BEGINNING_STRING", "AT_END_STRING"):
        return _NEVER
    return _NEVER if name in ("AT_BEGINNING", "AT_END") and not flags & re.MULTILINE else _EMPTY


@lru_cache(maxsize=1024)
def _literal(code: int, flags: int) -> Part:
    return _characters([(code, code)], flags)


def _set(items: Any, flags: int) -> Part:
    ranges: list[tuple[int, int]] = []
    negate = False
    for operation, argument in items:
        if operation.name == "NEGATE":
            negate = True
        elif operation.name == "LITERAL":
            ranges.append((argument, argument))
        elif operation.name == "RANGE":
            ranges.append((argument[0], argument[1]))
        else:
            ranges += _category(argument.name, bool(flags & re.ASCII))
    return _characters(ranges, flags, negate=negate)


def _characters(ranges: Iterable[tuple[int, int]], flags: int, *, negate: bool = False) -> Part:
    found = list(ranges)
    if flags & re.IGNORECASE:
        found += [pair for low, high in found for pair in _other_cases(low, high)]
    members = _joined(found)
    members = _complement(members) if negate else members
    return Part("characters", 1, 1, characters=members) if members else _NEVER


def _other_cases(low: int, high: int) -> Iterable[tuple[int, int]]:
    """The same letters in the other case; of large ranges, which hold both cases as a rule, the ASCII letters alone."""
    if high - low > 0x100:
        high = min(high, 0x7F)
    for code in range(low, high + 1):
        for other in (chr(code).lower(), chr(code).upper()):
            if len(other) == 1 and ord(other) != code:
                yield ord(other), ord(other)


def _joined(ranges: Iterable[tuple[int, int]]) -> Characters:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def _complement(ranges: Characters) -> Characters:
    edges = [-1, *(edge for pair in ranges for edge in pair), _LAST + 1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low + 1, high - 1) for low, high in pairs if low + 1 <= high - 1)


def overlap(left: Characters, right: Characters) -> bool:
    """Whether two sets have a character in common."""
    here, there = 0, 0
    while here < len(left) and there < len(right):
        if left[here][1] < right[there][0]:
            here += 1
        elif right[there][1] < left[here][0]:
            there += 1
        else:
            return True
    return False


@cache
def _category(name: str, ascii_only: bool) -> Characters:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.rpartition("_")[2]]
    found = tuple(
        (one.start(), one.end() - 1) for one in re.finditer(rf"\{letter}+", _everything(0x7F if ascii_only else _LAST))
    )
    return _complement(found) if "_NOT_" in name else found


@lru_cache(maxsize=2)
def _everything(last: int) -> str:
    """Every character up to that code point."""
    return "".join(map(chr, range(last + 1)))
