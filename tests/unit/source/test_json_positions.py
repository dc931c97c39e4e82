"""Positions that are looked up one by one are those of the scan that finds them all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.source.extent import Extent, nearest
from sadpath.source.json_extents import json_extents
from sadpath.source.json_positions import JsonPositions
from sadpath.source.text import Source
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
