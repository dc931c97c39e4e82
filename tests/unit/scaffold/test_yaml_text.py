"""Whatever text is written as YAML is read back as the same text, by the reader of catalogs and by another one."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.scaffold.yaml_text import WIDTH, Block, Commented, comment, write_yaml
from sadpath.source.loader import parse_text

HOSTILE = (
    "",
    " ",
    "yes",
    "~",
    "null",
    "0x1F",
    "1e5",
    "12:30",
    "2024-01-01",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!!python/object:os.system",
    "%TAG",
    "@a",
    "`a`",
    "'",
    '"',
    "\\",
    "{a}",
    "[a]",
    "a\nb: c",
    "\ta",
    "a\t",
    "a ",
    "\u202eabc",
    "\x85",
    "\u2028",
    "\ufeff",
    "\U0001f600",
    "---",
    "...",
    "? a",
    "| a",
    "> a",
    "x: " * 90,
    "a  b " * 60,
    "long " * 60 + "end",
    "w" * 300,
    '"\\' * 120,
    " \\ " * 90,
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(-(10**6), 10**6), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=6,
)


def read_back(text: str) -> Any:
    report = Report()
    source = parse_text("draft.yaml", text, report)
    assert source is not None and not report.diagnostics, [one.message for one in report.diagnostics]
    return source.tree


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_what_it_is(text: str) -> None:
    tree = {"a": text, "b": [text], "c": {"d": text, "e": [text, text]}, text or "key": {"f": {"g": text}}}
    written = write_yaml(Block(tree))
    assert read_back(written) == tree
    assert yaml.safe_load(written) == tree


@given(st.dictionaries(TEXTS.filter(bool), VALUES, max_size=4), TEXTS)
def test_any_tree_is_read_back_whatever_is_said_in_comments(tree: dict[str, Any], text: str) -> None:
    commented = {name: Commented(value, (text,)) for name, value in tree.items()}
    written = write_yaml(Block(commented, spaced=True), [text])
    assert read_back(written + "end: 1\n") == tree | {"end": 1}


@given(TEXTS)
def test_a_comment_is_never_more_than_a_comment(text: str) -> None:
    for line in comment(text, 2):
        assert line.startswith("  #") and len(line.splitlines()) == 1 and len(line) <= WIDTH


@given(st.lists(st.text(st.sampled_from("abc ,.:'\"#é"), min_size=1, max_size=9), min_size=1, max_size=60))
def test_lines_are_no_wider_than_they_may_be(words: list[str]) -> None:
    written = write_yaml(Block({"entry": {"title": " ".join(words), "operations": words}}))
    assert max(map(len, written.splitlines())) <= WIDTH
