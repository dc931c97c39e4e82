"""Whatever a document holds, reading it ends in findings, not in an exception."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.diagnostics.render import render_full
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import check_document
from sadpath.source.pointer import split
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, walk

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1", "contact": {"name": "N"}},
    "servers": [{"url": "/", "variables": {"v": {"default": "a"}}}],
    "tags": [{"name": "a", "description": "D"}],
    "security": [{"key": []}],
    "paths": {
        "/a/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "post": {
                "operationId": "one",
                "tags": ["a"],
                "parameters": [
                    {"name": "q", "in": "query", "style": "form", "schema": {"type": "integer", "default": 1}}
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}},
                },
                "responses": {
                    "200": {
                        "description": "D",
                        "headers": {"X": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"examples": {"e": {"value": 1}}}},
                    },
                    "default": {"$ref": "#/components/responses/R"},
                },
                "callbacks": {"c": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "D"}}}}}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "responses": {"R": {"description": "D"}},
        "securitySchemes": {"key": {"type": "apiKey", "name": "k", "in": "header"}},
        "schemas": {
            "S": {
                "type": ["object", "null"],
                "required": ["a"],
                "properties": {"a": {"$ref": "#/components/schemas/S"}, "b": {"enum": [1, None], "minimum": 1}},
                "allOf": [{"additionalProperties": False}],
                "discriminator": {"propertyName": "a", "mapping": {"x": "S"}},
            }
        },
    },
}
POINTERS = [pointer for pointer, _ in walk(DOCUMENT) if pointer]
JUNK = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        Decimal("1.5"),
        "",
        "x",
        "/",
        "#",
        [],
        [None],
        ["x", "x"],
        {},
        {"": {}},
        {"x": None},
        {"x-y": 1},
    ]
    + [
        {"$ref": target}
        for target in ("#", "#/paths", "#/components/schemas/S", "#/nope", "x.yaml", "http://a.example", 1)
    ]
)


def replaced(document: Any, pointer: str, value: Any, name: str | None) -> Any:
    """A copy with another value at `pointer`, or with one more member `name` there."""
    changed = copy.deepcopy(document)
    *tokens, last = split(pointer)
    at = changed
    for token in tokens:
        at = at[int(token)] if is_list(at) else at[token]
    index: Any = int(last) if is_list(at) else last
    if name is not None and is_mapping(at[index]):
        at[index][name] = value
    else:
        at[index] = value
    return changed


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(POINTERS),
    JUNK,
    st.sampled_from(
        [None, "$ref", "x-y", "properties", "parameters", "schema", "items", "nullable", "type", "get", "0"]
    ),
    st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]),
)
def test_any_value_anywhere(pointer: str, value: Any, name: str | None, version: str) -> None:
    tree = replaced({**DOCUMENT, "openapi": version}, pointer, value, name)
    report = Report()
    source = Source("api.json", json.dumps(tree, default=str), tree)
    sources = Sources(source, report)
    parse_document(source, sources, report)
    check_document(source, sources, report)
    text = render_full(report.diagnostics)
    assert "error[" in text or not report.failed


def test_the_document_itself_is_fine() -> None:
    report = Report()
    source = Source("api.json", json.dumps(DOCUMENT), DOCUMENT)
    sources = Sources(source, report)
    assert parse_document(source, sources, report) is not None
    check_document(source, sources, report)
    assert report.diagnostics == ()
