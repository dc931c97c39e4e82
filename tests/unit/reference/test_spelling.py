"""What the merged document says to tools that know JSON Schema alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from sadpath.reference.spelling import spelled_out
from sadpath.runtime.patterns import matches


def spelled(tree: Any) -> Any:
    copy = deepcopy(tree)
    found = spelled_out(tree)
    assert tree == copy
    return found


def test_an_open_enumeration_admits_other_values() -> None:
    schema = {"description": "Fruit.", "type": "string", "enum": ["apple", "pear"], "examples": ["apple"]}
    other = {"type": "string"}
    assert spelled(schema) == {
        "description": "Fruit.",
        "type": "string",
        "anyOf": [{"enum": ["apple", "pear"]}, other],
        "examples": ["apple"],
    }
    assert spelled({"enum": [1, 2]})["anyOf"] == [{"enum": [1, 2]}, {"type": "integer"}]
    assert spelled({"enum": ["a"], "x-sadpath-open": True})["anyOf"] == [{"enum": ["a"]}, other]
    nullable = {"type": ["string", "null"], "enum": ["a", "b", None]}
    assert spelled(nullable)["anyOf"] == [{"enum": ["a", "b", None]}, {"type": ["string", "null"]}]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "enum": ["apple", "pear"], "x-sadpath-open": False},
        {"type": "string", "enum": ["apple"]},
        {"type": "boolean", "enum": [True, False]},
        {"enum": ["apple", 1]},
        {"default": {"type": "string", "enum": ["a", "b"]}},
        {"examples": [{"type": "string", "format": "decimal"}]},
        {"properties": {"enum": {"type": "string"}, "type": {"const": "string"}}},
        {"type": "number", "format": "decimal"},
        {"type": "string", "format": "decimal", "pattern": "^[0-9]$"},
        {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        {"oneOf": [{"type": "integer"}, {"type": "string", "const": "me"}], "type": "integer"},
        {"oneOf": [{"type": "string", "const": "me"}, {"type": "string", "const": "you"}]},
    ],
    ids=str,
)
def test_what_needs_no_word_stays(schema: Any) -> None:
    assert spelled(schema) == schema


def test_it_reaches_every_schema() -> None:
    amount = {"type": "string", "format": "decimal"}
    tree = {
        "paths": {"/x": {"get": {"parameters": [{"schema": {"items": amount, "properties": {"example": amount}}}]}}}
    }
    schema = spelled(tree)["paths"]["/x"]["get"]["parameters"][0]["schema"]
    assert schema["items"] == schema["properties"]["example"] != amount


@pytest.mark.parametrize("text", ["1", "-0.50", "1e3", "1.5E-10"])
def test_the_pattern_of_decimals(text: str) -> None:
    pattern = spelled({"type": "string", "format": "decimal"})["pattern"]
    assert matches(pattern, text)
    assert not any(matches(pattern, text + wrong) for wrong in (".", "e", " ", "\n", "_0"))
    assert not matches(pattern, "")


def test_a_number_or_a_word() -> None:
    options = [{"type": "integer"}, {"type": "string", "const": "me"}, {"type": "string", "const": "a.b"}]
    assert spelled({"oneOf": options}) == {"type": ["integer", "string"], "pattern": r"^(?:me|a\.b)$"}
    assert spelled({"anyOf": options[:2]}) == {"type": ["integer", "string"], "pattern": "^(?:me)$"}
