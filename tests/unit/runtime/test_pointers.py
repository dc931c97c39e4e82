"""JSON Pointers in plain trees: what is written is read, and objects and arrays are made on the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.pointers import MISSING, get, pointer_of, put


@pytest.mark.parametrize(
    ("tree", "pointer", "expected"),
    [
        ({}, "/a/b", {"a": {"b": 7}}),
        ({"a": 1}, "/a/b", {"a": {"b": 7}}),
        ({}, "/details/0/issue", {"details": [{"issue": 7}]}),
        ({"details": [{"field": "x"}]}, "/details/0/issue", {"details": [{"field": "x", "issue": 7}]}),
        ({"details": [1, 2]}, "/details/1", {"details": [1, 7]}),
        ({"details": [1]}, "/details/1", {"details": [1, 7]}),
        ({"details": {"0": {}}}, "/details/0/issue", {"details": {"0": {"issue": 7}}}),
        ({}, "/a/1", {"a": {"1": 7}}),
        ({"a": 1}, "", 7),
    ],
)
def test_put(tree: Any, pointer: str, expected: Any) -> None:
    assert put(tree, pointer, 7) == expected


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_what_is_put_is_got(tokens: list[str]) -> None:
    pointer = pointer_of(tokens)
    assert get(put({}, pointer, 7), pointer) == 7
    assert get({}, pointer) is MISSING
