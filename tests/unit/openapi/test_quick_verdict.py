"""What a compiled validator spares the slow one changes no finding."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from sadpath.diagnostics import Report
from sadpath.openapi import quick_verdict
from sadpath.openapi.defaults import obviously_fits
from sadpath.openapi.parse import parse_document
from sadpath.openapi.suspicions import doubtful_tags, suspects
from sadpath.openapi.validate import check_document
from sadpath.openapi.validator import doubtful_part
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

DOCUMENT = """openapi: {version}
info: {{title: T, version: '1', licence: none}}
tags: [{{name: a}}, {{name: a}}]
paths:
  /fine: {{get: {{responses: {{'200': {{description: D}}}}}}}}
  /a/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: string, pattern: "(a"}}}}]
    get:
      sumary: typo
      parameters: [{{name: n, in: query, schema: {{type: integer, default: many}}}}]
      responses:
        '200': {{description: D, content: {{text/plain: {{schema: {{$ref: '#/components/schemas/Whole'}}}}}}}}
        '404': {{content: {{}}}}
components:
  schemas:
    Fine: {{type: object, properties: {{self: {{$ref: '#/components/schemas/Fine'}}, n: {{type: integer, default: 1}}}}}}
    Whole: {{allOf: [{{$ref: '#/components/schemas/Fine'}}, {{type: object}}], required: [n, other, another]}}
    Wrong: {{type: nothing}}
    Deep: {{type: object, properties: {{one: {{items: {{type: string, format: int32, default: 1}}}}}}}}
    Null: {{type: string, nullable: true, default: null}}
"""


def findings(text: str) -> list[tuple[str, str, str]]:
    report = Report()
    source = parse_text("api.yaml", text, report)
    assert source is not None
    sources = Sources(source, report)
    parse_document(source, sources, report)
    check_document(source, sources, report)
    return [(one.rule.code, one.message, str(one.place and one.place.pointer)) for one in report.diagnostics]


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cached = (quick_verdict.is_valid_document, quick_verdict.is_valid_schema, quick_verdict._compiled)
    monkeypatch.setattr(quick_verdict, "_library", lambda: None)
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


@pytest.fixture(scope="module")
def quick() -> dict[str, list[tuple[str, str, str]]]:
    return {text: findings(text) for text in _documents()}


def _documents() -> list[str]:
    return [DOCUMENT.format(version=version) for version in ("3.0.3", "3.1.0", "3.2.0")]


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
def test_there_is_a_verdict_here(version: str) -> None:
    info = {"title": "T", "version": "1"}
    document: dict[str, Any] = {"openapi": f"{version}.0", "info": info, "paths": {}}
    assert quick_verdict.is_valid_document(version)(document)
    assert not quick_verdict.is_valid_document(version)({**document, "info": {}})
    assert quick_verdict.is_valid_schema(version)({"type": "string"})
    assert not quick_verdict.is_valid_schema(version)({"type": "nothing"})
    assert not quick_verdict.is_valid_schema(version)({"pattern": "(a"})
    assert quick_verdict.is_valid_schema("3.1")({"enum": ["a", "a"]})
    assert not quick_verdict.is_valid_schema("3.0")({"enum": ["a", "a"]})


def test_the_findings_do_not_depend_on_it(
    quick: dict[str, list[tuple[str, str, str]]], nothing_installed: None
) -> None:
    assert not quick_verdict.is_valid_document("3.0")({})
    for text, expected in quick.items():
        assert findings(text) == expected
        assert {"SP221", "SP224"} < {code for code, _, _ in expected}


def test_only_what_is_faulty_is_looked_at_slowly() -> None:
    fine, faulty = {"get": {"responses": {"200": {"description": "D"}}}}, {"get": {"responses": {"200": {}}}}
    head = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}}
    schemas = {"A": {"type": "string"}, "B": {"type": 4}}
    tree = {**head, "paths": {"/a": fine, "/b": faulty}, "components": {"schemas": schemas, "headers": {}}}
    assert doubtful_part(tree, "3.0") == {
        **head,
        "paths": {"/b": faulty},
        "components": {"schemas": {"B": {"type": 4}}, "headers": {}},
    }
    whole = {**head, "paths": {"/a": fine, "no/slash": fine}}
    assert doubtful_part(whole, "3.0") == whole


def test_what_cannot_be_asked_about_is_doubtful() -> None:
    assert not quick_verdict.is_valid_schema("3.1")({"type": object()})
    assert not quick_verdict.is_valid_document("3.1")({"openapi": object()})
    assert quick_verdict.faulty_paths("3.1", {"openapi": object()}) is None


def test_a_schema_of_another_dialect_is_doubtful() -> None:
    schemas = {"A": {"$schema": "https://json-schema.org/draft/2020-12/schema"}, "B": {"type": "string"}}
    found = [one.path for one in suspects({"components": {"schemas": schemas}}, "3.1")]
    assert found == [("components", "schemas", "A")]
    other = {"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": schemas}}
    assert len(list(suspects(other, "3.1"))) == 2


def test_references_in_circles_end() -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}, "C": {"items": {}}}
    schemas["C"]["items"] = {"$ref": "#/components/schemas/C"}
    assert list(suspects({"components": {"schemas": schemas}}, "3.0")) == []


def test_operations_of_later_versions_are_visited() -> None:
    wrong = {"parameters": [{"name": "a", "in": "query", "schema": {"default": 1, "type": "string"}}]}
    tree = {"paths": {"/a": {"query": wrong, "additionalOperations": {"COPY": deepcopy(wrong)}}}}
    assert [one.path[2:4] for one in suspects(tree, "3.2")] == [
        ("query", "parameters"),
        ("additionalOperations", "COPY"),
    ]
    assert list(suspects(tree, "3.1")) == []


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"name": "a"}, {"name": "b"}], False),
        ([{"name": "a"}, {"name": "a"}], True),
        ([{"name": "a", "parent": "b"}], True),
        (None, False),
    ],
)
def test_tags(tags: Any, expected: bool) -> None:
    assert doubtful_tags(tags) is expected


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"type": "integer", "format": "int32", "minimum": 0, "maximum": 1, "description": "D", "x-a": 1}),
        (6, {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7, "multipleOf": 2}),
        (1.5, {"type": "number", "format": "double"}),
        ("a", {"type": ["string", "null"], "enum": ["a"], "pattern": "^a$", "minLength": 1, "maxLength": 1}),
        (None, {"type": "string", "nullable": True}),
        (None, {"type": ["string", "null"]}),
        ([1], {"type": "array", "items": {"type": "integer"}, "minItems": 1}),
        ({}, {"type": "object"}),
        (False, {"type": "boolean", "const": False}),
        ("a", True),
    ],
)
def test_plain_defaults_fit(value: Any, schema: Any) -> None:
    assert obviously_fits(value, schema)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (2**31, {"format": "int32"}),
        (True, {"type": "integer"}),
        (True, {"enum": [1]}),
        (1, {"type": "string"}),
        ("b", {"pattern": "^a$"}),
        ("2020-99-99", {"format": "date"}),
        (None, {"type": "string"}),
        ([1, "a"], {"items": {"type": "integer"}}),
        (0, {"minimum": 0, "exclusiveMinimum": True}),
        (5, {"exclusiveMinimum": 5}),
        (5, {"multipleOf": 2}),
        (0.3, {"multipleOf": 0.1}),
        ({}, {"type": "object", "required": ["a"]}),
        ("a", {"$ref": "#/a"}),
        ("a", {"allOf": []}),
        ("a", {"minimum": 1}),
        (1, False),
    ],
)
def test_others_are_doubtful(value: Any, schema: Any) -> None:
    assert not obviously_fits(value, schema)
