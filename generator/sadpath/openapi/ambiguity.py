"""Finds the patterns that a backtracking matcher may try in exponentially many ways: exponential ambiguity of their automaton."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sadpath.openapi.pattern_tree import MOST, Characters, Part, overlap, read_pattern

_LARGEST: Final = 2_000
"""Positions of one repeated part; a larger one is judged by its form."""

_MANY: Final = 10**7
"""A counted repeat with more ways through it than this is as bad as one without a bound."""

_HIGHEST: Final = 3
"""The power of a text's length that matching may take: the runtime matches texts of 1,000 characters at most."""

_WORK: Final = 400_000
"""Steps through the product of one automaton with itself, after which a part is judged by its form."""


@lru_cache(maxsize=4096)
def explodes(pattern: str) -> bool:
    """Whether matching the pattern (in Python's syntax) can take time that grows exponentially with the text.

    The criterion is exponential ambiguity (Weber and Seidl, 1991): in the automaton of positions (Glushkov, 1961) some
    state comes back to itself by two different ways on the same text. Ways through repeats that match nothing count as
    `re` goes them. That the text fails to match in the end is taken for granted. So does a pattern count in which so
    many repeats of the same characters follow on each other that the time grows with a high power of the length.
    """
    try:
        trees = read_pattern(pattern)
        return any(_power(tree) > _HIGHEST for tree in trees) or any(
            _is_ambiguous(loop) for tree in trees for loop in _loops(tree)
        )
    except RecursionError:
        return True


def _power(tree: Part) -> int:
    """How many repeats without a bound share one stretch of text, each of them free to begin anywhere in it.

    A search that is not anchored is one more; a last repeat that may match nothing never fails, and is none.
    """
    parts = list(tree.parts) if tree.kind == "sequence" else [tree]
    free = 0 if parts[0].kind == "never" else 1
    if parts[-1].kind == "repeat" and not parts[-1].low:
        parts.pop()
    most, run = 0, 0
    shared: Characters = ()
    for part in parts:
        body = part.parts[0] if part.kind == "repeat" and part.high is None else part
        fits = body.kind == "characters" and overlap(shared, body.characters)
        if body is not part and body.kind == "characters":
            run, shared = run + 1 if fits else 1, body.characters
        elif not fits and part.kind != "empty":
            run, shared = 0, ()
        most = max(most, run)
    return most + free if most > 1 else most


def _is_cyclic(part: Part, most: int) -> bool:
    """Whether a repeat has no bound, or one above `most`, or one with so many ways that it might as well have none."""
    return part.high is None or part.high > most or (part.ways > _MANY and part.high > 1)


def _loops(tree: Part) -> Iterator[Part]:
    """The outermost repeats without a bound: nothing outside of them can be gone round."""
    pending, seen = [tree], {id(tree)}
    while pending:
        part = pending.pop()
        if part.kind == "repeat" and _is_cyclic(part, MOST):
            yield part
            continue
        new = [inner for inner in part.parts if id(inner) not in seen]
        seen.update(map(id, new))
        pending += new


def _is_ambiguous(loop: Part) -> bool:
    (body,) = loop.parts
    if body.kind == "characters":
        return False
    # Where writing every counted repeat out takes too much, those that are gone through twice count as without a bound.
    for size, most in ((body.size, MOST), (body.written, 1)):
        if size <= _LARGEST:
            automaton = Automaton(most)
            automaton.enter(loop)
            verdict = automaton.is_ambiguous()
            if verdict is not None:
                return verdict
    return body.endless


@dataclass(slots=True)
class Edges:
    """How a part of the automaton is entered and left: the number of ways, by position, and those that match nothing."""

    empty: int = 0
    first: Counter[int] = field(default_factory=Counter[int])
    last: Counter[int] = field(default_factory=Counter[int])


class Automaton:
    """The automaton of positions: `follow[p][q]` is how many ways lead from the character at p to the one at q; 2 means more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.labels: list[Characters] = []
        self.follow: list[Counter[int]] = []

    def enter(self, part: Part) -> Edges:
        """Add the positions of a part."""
        if part.kind == "characters":
            position = len(self.labels)
            self.labels.append(part.characters)
            self.follow.append(Counter())
            return Edges(0, Counter({position: 1}), Counter({position: 1}))
        if part.kind == "sequence":
            edges = Edges(1)
            for inner in part.parts:
                edges = self._then(edges, self.enter(inner))
            return edges
        if part.kind == "choice":
            edges = Edges()
            for inner in part.parts:
                edges = _either(edges, self.enter(inner))
            return edges
        if part.kind == "repeat":
            return self._cycle(part) if _is_cyclic(part, self._most) else self._counted(part)
        return Edges(1 if part.kind == "empty" else 0)

    def _connect(self, left: Counter[int], right: Counter[int], ways: int = 1) -> None:
        for position, count in left.items():
            _add(self.follow[position], right, count * ways)

    def _then(self, left: Edges, right: Edges) -> Edges:
        self._connect(left.last, right.first)
        first, last = Counter(left.first), Counter(right.last)
        _add(first, right.first, left.empty)
        _add(last, left.last, right.empty)
        return Edges(min(left.empty * right.empty, 2), first, last)

    def _cycle(self, part: Part) -> Edges:
        """`re` goes once through a body that matches nothing, and then goes on: one way more to leave a repeat."""
        (body,) = part.parts
        edges = self.enter(body)
        counted = part.high is not None or part.low > 1
        # A repeat that has to be gone through several times goes through nothing as often as it likes.
        self._connect(edges.last, edges.first, 2 if counted and edges.empty else 1)
        if part.low and not edges.empty:
            return edges
        leaving = Counter[int]()
        _add(leaving, edges.last, 1 + edges.empty)
        return Edges(min(1 + edges.empty, 2), edges.first, leaving)

    def _counted(self, part: Part) -> Edges:
        (body,) = part.parts
        edges = Edges(1)
        for _ in range((part.high or 0) - part.low):
            # From the last one on, as each may only be gone through where the one before it was.
            one = self._then(self.enter(body), edges)
            edges = Edges(min(one.empty + 1, 2), one.first, one.last)
        for _ in range(part.low):
            edges = self._then(self.enter(body), edges)
        return edges

    def is_ambiguous(self) -> bool | None:
        """Whether some position comes back to itself by two ways on one text; None where that takes too long to find out."""
        component = _components(self.follow)
        inside = [
            {to: ways for to, ways in edges.items() if component[to] == component[position]}
            for position, edges in enumerate(self.follow)
        ]
        if any(ways > 1 for edges in inside for ways in edges.values()):
            return True
        return self._meets_again(inside)

    def _meets_again(self, inside: list[dict[int, int]]) -> bool | None:
        """Whether two ways that part somewhere on a cycle can meet again on the same text."""
        numbers: dict[Characters, int] = {}
        kinds = [numbers.setdefault(label, len(numbers)) for label in self.labels]
        known = list(numbers)
        common = [[overlap(left, right) for right in known] for left in known]
        pending = [(position, position) for position, edges in enumerate(inside) if len(edges) > 1]
        seen = set(pending)
        work = 0
        while pending:
            left, right = pending.pop()
            work += len(inside[left]) * len(inside[right])
            if work > _WORK:
                return None
            for pair in _steps(inside[left], inside[right], kinds, common):
                if pair[0] == pair[1] and left != right:
                    return True
                if pair not in seen:
                    seen.add(pair)
                    pending.append(pair)
        return False


def _steps(
    left: Mapping[int, int], right: Mapping[int, int], kinds: list[int], common: list[list[bool]]
) -> Iterator[tuple[int, int]]:
    """The pairs of positions that two ways may be at after one more character, the same for both."""
    for here in left:
        fits = common[kinds[here]]
        for there in right:
            if fits[kinds[there]]:
                yield (here, there) if here <= there else (there, here)


def _add(into: Counter[int], others: Counter[int], ways: int) -> None:
    if ways:
        for position, count in others.items():
            into[position] = min(into[position] + count * ways, 2)


def _either(left: Edges, right: Edges) -> Edges:
    first, last = Counter(left.first), Counter(left.last)
    _add(first, right.first, 1)
    _add(last, right.last, 1)
    return Edges(min(left.empty + right.empty, 2), first, last)


def _components(follow: list[Counter[int]]) -> list[int]:
    """The strongly connected component of each position (Tarjan, 1972), without recursion."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    component = [-1] * len(follow)
    waiting: list[int] = []
    branches = [(start, iter(follow[start])) for start in reversed(range(len(follow)))]
    while branches:
        position, targets = branches[-1]
        if position not in order:
            order[position] = lowest[position] = len(order)
            waiting.append(position)
        target = next((one for one in targets if one not in order or component[one] < 0), None)
        if target is None:
            branches.pop()
            _close(position, order, lowest, component, waiting)
            if branches and branches[-1][0] in order:
                parent = branches[-1][0]
                lowest[parent] = min(lowest[parent], lowest[position])
        elif target in order:
            lowest[position] = min(lowest[position], order[target])
        else:
            branches.append((target, iter(follow[target])))
    return component


def _close(
    position: int, order: dict[int, int], lowest: dict[int, int], component: list[int], waiting: list[int]
) -> None:
    if component[position] >= 0 or lowest[position] != order[position]:
        return
    while True:
        member = waiting.pop()
        component[member] = position
        if member == position:
            return
