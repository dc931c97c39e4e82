"""Patterns that can take exponential time, told from those that only look so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sadpath.openapi.ambiguity import explodes
from sadpath.runtime.patterns import translated

EXPLODING = [
    r"^(a+)+$",
    r"(a|a)*b|c",
    r"(a|aa)+$",
    r"^(\w+\s?)*$",
    r"(x*)*",
    r"(x*?)*?y",
    r"((?:a?)*b)*c",
    r"(a?){50}a{50}",
    r"(?:a|b|ab)*c",
    r"(.*)*x",
    r"([a-z]+)*@",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(a{1,100}){1,100}$",
    r"^(a+){10}$",
    r"(?:\d+,?)+$",
    r"^((ab)*|(a|b)*)*$",
    r"(\s*\w*)*;",
    r"(?=(a+)+b)c",
    r"(?!(a+)+b)c",
    r"(?i)^(?:a|[B-Z]|aA)*$",
    r"(.|\s)*x",
    r"^(?:[a-z]+[0-9]*)*!$",
    r"(a+|b+)*c",
    r"((a|b)*)*",
    r"(a)(\1+)+b",
    r"([a-z]{1,5000})*",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@)",
    r"^(([^<>()\[\]\\.,;:\s@\"]+\.?)+)@x$",
    r"^\s*(\S+\s*)+=$",
    r".*.*.*=",
    r"^.*a.*a.*a.*b",
]
HARMLESS = [
    r"^([a-z0-9]+-)*[a-z0-9]+$",
    r"^(\d{1,3}\.){3}\d{1,3}$",
    r"^[^@]+@[^@]+$",
    r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
    r"(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$",
    r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$",
    r"^(?:(?:^|,)[a-z]+)*$",
    r"^[a-z]{1,5000}$",
    r"([a-z]{1,5000},)*",
    r"(ab|cd){30}",
    r"^#([0-9a-f]{3}|[0-9a-f]{6})$",
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    r"^(/[^/]+)*$",
    r"^\+?[1-9]\d{1,14}$",
    r"^(\w+\.)*\w+$",
    r'("(?:[^"\\]|\\.)*")+',
    r"^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){1,7} ?[A-Z0-9]{1,3}$",
    r"^((?!ab).)*$",
    r"(a|b)*c",
    r"(a?b)*c",
    r"(a?)*b",
    r"^\s*(\d+\s*,\s*)*\d+$",
    r"^([^,]*,)*[^,]*$",
    r"(?:a|b|(?:c|d))+",
    r"^-?(\d{1,3}(,\d{3})*|\d+)(\.\d+)?$",
    r"^(?i:yes|no)(?:;(?i:yes|no))*$",
    "x" * 20_000,
    "(a|b)" * 5_000,
    r"(a)(\1b)*c",
    r"(",
    r"^.*.*.*=",
    r".*foo.*bar.*",
    r"^a*b*c*d*e*f*g*=",
]


@pytest.mark.parametrize("pattern", EXPLODING)
def test_what_explodes(pattern: str) -> None:
    assert explodes(translated(pattern) or "")


@pytest.mark.parametrize("pattern", HARMLESS, ids=lambda pattern: pattern[:60])
def test_what_does_not(pattern: str) -> None:
    assert not explodes(translated(pattern) or "")


def test_what_is_nested_too_deep_is_no_way_past() -> None:
    assert explodes("(" * 40 + "a" + ")*" * 40)


# A pattern as nested tuples: a character, ("then", x, y), ("or", x, y), ("star", x) or ("maybe", x).
LEAVES = st.sampled_from(["a", "b"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["then", "or"]), inner, inner), st.tuples(st.sampled_from(["star", "maybe"]), inner)
    ),
    max_leaves=3,
)


def written(tree: object) -> str:
    if not isinstance(tree, tuple):
        return str(tree)
    parts = [written(part) for part in tree[1:]]
    return {
        "then": "(?:{0})(?:{1})",
        "or": "(?:{0})|(?:{1})",
        "star": "(?:{0})*",
        "maybe": "(?:{0})?",
    }[
        tree[0]
    ].format(*parts)


class Matcher:
    """Counts the ways on which a backtracking matcher gets through a pattern, each to the place where it ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[tuple[int, int], Counter[int]] = {}

    def ends(self, tree: object, start: int) -> Counter[int]:
        key = (id(tree), start)
        if key not in self.known:
            found: Counter[int] = Counter()
            for end, ways in self._ends(tree, start):
                found[end] += ways
            self.known[key] = found
        return self.known[key]

    def _ends(self, tree: object, start: int) -> Iterator[tuple[int, int]]:
        if not isinstance(tree, tuple):
            if self.text[start : start + 1] == tree:
                yield start + 1, 1
            return
        if tree[0] == "then":
            for middle, ways in self.ends(tree[1], start).items():
                yield from ((end, ways * more) for end, more in self.ends(tree[2], middle).items())
        elif tree[0] == "or":
            yield from self.ends(tree[1], start).items()
            yield from self.ends(tree[2], start).items()
        else:
            yield start, 1
            for middle, ways in self.ends(tree[1], start).items():
                if tree[0] == "maybe" or middle == start:
                    yield middle, ways
                else:
                    yield from ((end, ways * more) for end, more in self.ends(tree, middle).items())


def ways(tree: object, text: str) -> int:
    return sum(Matcher(text).ends(tree, 0).values())


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_the_criterion_agrees_with_a_matcher_that_counts_its_ways(tree: object) -> None:
    """Twice the text means the square of the ways where they grow exponentially, and a constant factor otherwise."""
    re.compile(written(tree))
    texts = ["".join(letters) for length in (1, 2, 3) for letters in product("ab", repeat=length)]
    grows = any(
        ways(tree, before + text * 32) > 64 * ways(tree, before + text * 16)
        for before in ("", "a", "b")
        for text in texts
    )
    assert explodes(written(tree)) == grows
