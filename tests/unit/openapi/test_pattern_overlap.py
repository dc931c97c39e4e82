"""Patterns that some text of a form matches, and those that none does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.openapi.pattern_overlap import have_common_text

WORD = "[a-z]+(?:-[a-z]+)*"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "a",
        "^a",
        "a$",
        "^[a-z]{3}$",
        "^.+-.+$",
        "(^a|b$)",
        "(^|-)a",
        r"\bword",
        r"^(a)\1$",
        "^(?=.*1)",
        "(?!a)",
        "x{0,262144}y",
        "^|1",
        "^^a",
        "(",
    ],
)
def test_some_text_matches(pattern: str) -> None:
    assert have_common_text(pattern, WORD)


@pytest.mark.parametrize("pattern", ["1", "^-", "-$", "--", "a$a", "b^a", "(^-|1$)", r"^\d+$", "[A-Z]", "^(a$)+b"])
def test_no_text_matches(pattern: str) -> None:
    assert not have_common_text(pattern, WORD)


def test_lengths_count() -> None:
    fours = "(?:[a-z]{4})*"
    assert [have_common_text(f"^.{{{length}}}$", fours) for length in range(6)] == [
        True,
        False,
        False,
        False,
        True,
        False,
    ]


@given(st.from_regex(re.compile("[ab]{0,3}|(a|^b)*c$|[^b]+b{1,2}|^(a?b)*", re.ASCII), fullmatch=True), st.data())
def test_what_a_text_shows_is_never_denied(text: str, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(["[ab]{0,3}", "(a|^b)*c$", "[^b]+b{1,2}", "^(a?b)*", "^[abc]$|a{3}", "c|$"]))
    if re.search(pattern, text):
        assert have_common_text(pattern, re.escape(text))
