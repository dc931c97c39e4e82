"""Components that are put into words before the document was checked: whatever it is, nothing is raised, and nothing is changed."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import yaml

from sadpath.reference.merged import component_texts


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        {"components": None},
        {"components": {"schemas": [], "examples": {}}},
        {"components": {"schemas": {"A": {"enum": [{}], "type": [{}]}}}},
        {"components": {"parameters": {"p": {"name": "p"}}}},
    ],
)
def test_what_can_not_be_put_into_words_is_left(tree: Any) -> None:
    assert component_texts(tree) == {}


def test_schemas_are_spelled_out_and_examples_are_as_they_are() -> None:
    values = {"enum": ["a", "b"]}
    tree = {"openapi": "3.1.0", "components": {"examples": {"E": {"value": values}}, "schemas": {"enum": values}}}
    before = deepcopy(tree)
    found = {kind: yaml.safe_load(text.lines) for kind, text in component_texts(tree).items()}
    assert found == {
        "schemas": {"enum": {"anyOf": [values, {"type": "string"}]}},
        "examples": {"E": {"value": values}},
    }
    assert tree == before
