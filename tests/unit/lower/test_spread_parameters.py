"""Objects that are spread over a query, where nobody could tell their members from other parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.reading import read_service

NAMED = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
OTHER = {"type": "object", "properties": {"size": {"type": "integer"}}}
TELLING = '"name" of "holder" can\'t be told from other parameters of that name'


def said(tmp_path: Path, *schemas: dict[str, Any], **further: Any) -> list[str]:
    """What is found about a query with `name`, `holder` and perhaps more objects."""
    names = ["holder", *(f"object{number}" for number in range(1, len(schemas)))]
    parameters: list[dict[str, Any]] = [{"name": "name", "in": "query", "schema": {"type": "string"}}]
    parameters += [
        {"name": name, "in": "query", "schema": schema, **further} for name, schema in zip(names, schemas, strict=True)
    ]
    operation = {"operationId": "find", "parameters": parameters, "responses": {"204": {"description": "x"}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": operation}}}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = Report()
    settings = settings_from_options(path, None, "shop", tmp_path / "output", [], report)
    assert settings is not None
    assert read_service(settings.apis[0], report) is not None
    return [one.message for one in report.diagnostics if one.rule.code == "SP413"]


@pytest.mark.parametrize(
    "schema",
    [
        NAMED,
        {"allOf": [OTHER, NAMED]},
        {"oneOf": [OTHER, NAMED]},
        {"anyOf": [NAMED, {"type": "array", "items": {"type": "string"}}]},
        {"anyOf": [NAMED, {**NAMED, "required": ["age"]}]},
    ],
    ids=["object", "allOf", "oneOf", "anyOf with a list", "in two options"],
)
def test_a_member_with_the_name_of_a_parameter(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert said(tmp_path, schema) == [TELLING]


@pytest.mark.parametrize("schema", [OTHER, {"oneOf": [OTHER, {"type": "string"}]}, {"type": "string"}])
def test_other_members(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert said(tmp_path, schema) == []


@pytest.mark.parametrize("further", [{"explode": False}, {"style": "deepObject"}])
def test_members_that_stand_under_the_name_of_their_object(tmp_path: Path, further: dict[str, Any]) -> None:
    assert said(tmp_path, NAMED, **further) == []


def test_objects_of_any_members_beside_each_other(tmp_path: Path) -> None:
    anything = {"type": "object", "additionalProperties": {"type": "string"}}
    expected = '"holder" and "object1" can\'t be sent together: nobody could tell their members apart'
    assert said(tmp_path, anything, anything) == [expected]
    assert said(tmp_path, anything, OTHER) == []
