"""Positions that are looked up in parts of a document are those of the pass over all of its events."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.source.extent import Extent, nearest
from sadpath.source.loader import parse_text
from sadpath.source.tree import walk
from sadpath.source.yaml_events import events
from sadpath.source.yaml_extents import yaml_extents

TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"], include_characters="\n"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=16,
)


def stretch(extent: Extent) -> tuple[int, int, int, int, bool]:
    return (extent.start, extent.end, extent.key_start, extent.key_end, extent.scalar)


def check(text: str) -> None:
    source = parse_text("d.yaml", text, Report())
    assert source is not None
    whole = yaml_extents(text)
    for pointer, _ in walk(source.tree):
        for asked in (pointer, f"{pointer}/nowhere", f"{pointer}/99/a"):
            assert stretch(source.extent(asked)) == stretch(nearest(whole, asked)), asked


@given(
    VALUES,
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "|", ">", '"', "'"]),
    st.integers(2, 5),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_value_of_any_document(tree: Any, flow: bool | None, style: str | None, indent: int, end: str) -> None:
    text: str = yaml.safe_dump(
        {"a": {"b": tree, "c": [tree]}},
        default_flow_style=flow,
        default_style=style,
        indent=indent,
        width=20,
        allow_unicode=True,
    )
    check(text.replace("\n", end))


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  b:\n  - c: |\n      text\n\n\n    d: 1\n  - - 1\n    - x:\n  # comment\n\n  e: {}\nf: []\n",
        "a:\n  b:\n    c: >+\n      text\n\n\n  d:\n    e: two\n      lines\n\ng:\n  h:\n    # comment\n    i: 1 # more\n",
        "a: {b: {c: [1, {d: 2}]}, e: [f: 1, ? g : h]}\n",
        "a:\n  b: {c: [1,\n 2], d:\n 3}\n  e: [f: {g: 1}]\n",
        "a:\n  b:\n    <<: {c: {d: 1}}\n    e: 2\n",
        "a:\n  <<: {c: {d: 1}}\n  e: {f: 2}\n",
        "a:\n  b: &one\n    c: 1\n  d: *one\n  e:\n    f: *one\n",
        "%TAG !e! tag:yaml.org,2002:\n---\na:\n  b:\n    c: !e!str 1\n  d: !e!map\n    e: 1\n",
        "a:\n  b: !!map\n    c: 1\n    ? d\n    : e\n",
        "a:\n  b:\n    c: 1\n...\n",
        "? a\n: ? b\n  : ? c\n    : d\n",
        "- - - - 1\n    - a: b\n- 2\n",
        "text\n",
    ],
    ids=lambda text: textwrap.shorten(text, 30),
)
def test_ways_to_write(text: str) -> None:
    check(text)


def test_what_nobody_asks_about_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a:\n  b:\n    c: {d: 1}\n  e:\n    f: 2\n"
    source = parse_text("d.yaml", text, Report())
    parts: list[str] = []

    def parsed(part: str) -> Iterator[yaml.Event]:
        parts.append(part)
        return events(part)

    monkeypatch.setattr("sadpath.source.yaml_positions.events", parsed)
    assert source is not None
    for pointer in ("", "/a/e", "/a/b/c/d", "/a/b/c"):
        span = source.extent(pointer)
        assert text[span.start :].startswith({"": "a:", "/a/e": "f:", "/a/b/c/d": "1", "/a/b/c": "{d"}[pointer])
    assert [part.strip() for part in parts] == ["c: {d: 1}"]
