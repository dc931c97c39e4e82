"""Positions that are looked up one by one are those of the scan that finds them all."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.source.extent import Extent, nearest
from sadpath.source.json_extents import json_extents
from sadpath.source.json_positions import JsonPositions
from sadpath.source.text import Source, Survey
from sadpath.source.tree import walk

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def stretch(extent: Extent) -> tuple[int, int, int, int, bool]:
    return (extent.start, extent.end, extent.key_start, extent.key_end, extent.scalar)


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans(), st.sampled_from(["", " ", "\r\n"]))
def test_every_value_of_any_document(tree: Any, indent: Any, ascii: bool, around: str) -> None:
    text = around + json.dumps(tree, indent=indent, ensure_ascii=ascii) + around
    positions, whole = JsonPositions(text), json_extents(text).root
    for pointer, _ in walk(tree):
        for asked in (pointer, f"{pointer}/nowhere", f"{pointer}/99/a"):
            assert stretch(positions.nearest(asked)) == stretch(nearest(whole, asked))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": {"b": 2}, "c": [1, 1e999, 123e-5, {"d": ""}]}',
        '{"a" : [ ] , "b" :{ } , "" : { "\\u0061~/\\"": [ null ] } }',
        "[" * 400 + "]" * 400,
        "1" * 5000,
        '["' + "x" * 100 + '", ' + "9" * 5000 + "]",
        "[1, nonsense",
        '{"a": [1, 2}',
        '{"a": 1',
    ],
    ids=lambda text: text[:30],
)
def test_odd_texts(text: str) -> None:
    positions, whole = JsonPositions(text), json_extents(text).root
    for pointer in ("", "/a", "/a/b", "/c/2", "/c/3/d", "/b", '//a~0~1"', '//a~0~1"/0', "/0", "/1", "/0/0/0", "/x"):
        assert stretch(positions.nearest(pointer))[0::2] == stretch(nearest(whole, pointer))[0::2]


def test_sources_use_them() -> None:
    text = '{\n  "a": {\n    "b": [1, 22]\n  }\n}\n'
    span = Source("a.json", text, json.loads(text)).extent("/a/b/1")
    assert text[span.start : span.end] == "22"


def test_what_another_process_found_out_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"a": {"b": ["x" * 300_000, {"c": 1}], "d": 2}}, indent=1)
    survey: Survey = pickle.loads(pickle.dumps(Source("a.json", text).survey()))
    source, whole = Source("a.json", text), json_extents(text).root
    source.know(survey)
    read: list[int] = []

    def members(_: JsonPositions, start: int) -> tuple[dict[str, Extent], int]:
        read.append(start)
        return {}, start

    monkeypatch.setattr(JsonPositions, "_members", members)
    for pointer in ("", "/a", "/a/b", "/a/b/0", "/a/b/1", "/a/d"):
        assert stretch(source.extent(pointer)) == stretch(nearest(whole, pointer))
        assert source.stretch(0, source.extent(pointer).start) == Source("a.json", text).stretch(
            0, nearest(whole, pointer).start
        )
    assert not read
    source.extent("/a/b/1/c")
    assert read == [whole.children["a"].children["b"].children["1"].start]


@pytest.mark.parametrize(("path", "text"), [("a.json", '{"a": '), ("a.yaml", "a: 1\n"), ("a.toml", "a = 1\n")])
def test_other_texts_are_looked_through_as_ever(path: str, text: str) -> None:
    source, survey = Source(path, text), Source(path, text).survey()
    if survey is not None:
        source.know(survey)
    assert stretch(source.extent("/a")) == stretch(Source(path, text).extent("/a"))
