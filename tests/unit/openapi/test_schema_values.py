"""Schemas as values: what is not said has its default, and says nothing in comparisons either."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sadpath.openapi.model import Schema, SchemaKey
from sadpath.source.place import Place
from sadpath.source.text import Source

PLACE = Place(Source("a.yaml", ""))
KEY = SchemaKey("a.yaml", "")


def test_what_is_not_said_has_its_default() -> None:
    schema = Schema(PLACE, KEY, types=("string",))
    assert (schema.types, schema.format, schema.properties, schema.read_only) == (("string",), None, {}, False)
    assert schema.said == {"types": ("string",), "place": PLACE, "key": KEY}


def test_defaults_that_are_said_make_no_difference() -> None:
    assert Schema(PLACE, KEY, types=("string",)) == Schema(PLACE, KEY, types=("string",), format=None, properties={})
    assert Schema(PLACE, KEY) != Schema(PLACE, KEY, types=("string",))
    assert Schema(PLACE, KEY) != Schema(PLACE, SchemaKey("a.yaml", "/x"))


def test_another_schema_differs_in_what_is_changed_alone() -> None:
    schema = Schema(PLACE, KEY, types=("string",), format="date")
    assert schema.but(format=None, enum=("a",)) == Schema(PLACE, KEY, types=("string",), enum=("a",))
    assert schema.format == "date"
    with pytest.raises(AttributeError):
        schema.format = "time"  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] - it is frozen


def test_a_fault_of_a_schema_of_3_0_is_found_without_the_library() -> None:
    program = """
import sys
from sadpath.openapi.validator import semantic_errors
schemas = {"A": {"type": "object", "required": []}, "B": {"allOf": [{"type": "object"}], "required": ["x"]}}
response = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
tree = {"paths": {"/": {"get": {"responses": {"200": response}}}}, "components": {"schemas": schemas}}
for error in semantic_errors("3.0", tree):
    print(type(error).__name__, "/".join(error.sadpath_path), error.message)
print("openapi_spec_validator" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        "SchemaError paths///get/responses/200/content/application/json/schema [] should be non-empty",
        "ExtraParametersError components/schemas/B Required list has not defined properties: ['x']",
        "False",
    ]
