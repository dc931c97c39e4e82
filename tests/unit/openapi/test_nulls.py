"""Null, or nothing at all, where a value belongs: read as if it were not there, wherever something can be left out."""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml

from sadpath.diagnostics import Report
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import check_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

TEXT: Final = """
    openapi: 3.1.0
    info: {title: T, version: "1", contact: {name: N}}
    servers: [{url: "https://library.test", variables: {a: {default: b, enum: [b]}}}]
    tags: [{name: loans}]
    security: [{key: []}]
    paths:
      /loans/{id}:
        servers: [{url: /}]
        parameters: [{name: id, in: path, required: true, schema: {type: string, minLength: 1, enum: [a]}}]
        post:
          operationId: lend
          tags: [loans]
          deprecated: true
          security: []
          parameters: [{name: q, in: query, style: form, explode: true, content: {text/plain: {schema: {type: string}}}}]
          requestBody:
            required: true
            content: {application/json: {schema: {type: object}, examples: {e: {externalValue: x}}, encoding: {a: {style: form}}}}
          responses:
            "200": {description: D, headers: {X: {required: true, schema: {type: string}}}, links: {l: {operationId: lend}}}
            "404": {description: D}
          callbacks: {done: {"{$request.body#/url}": {post: {responses: {"200": {description: D}}}}}}
    components:
      schemas:
        Loan:
          title: L
          required: [a]
          properties: {a: {type: string, format: date, pattern: x}, b: {type: array, items: {type: string}, maxItems: 1}}
          additionalProperties: false
          allOf: [{type: object}]
          discriminator: {propertyName: a, mapping: {x: Loan}}
          dependentRequired: {a: [b]}
          not: {type: string}
      responses: {R: {description: D}}
      parameters: {}
      requestBodies: {}
      pathItems: {}
      securitySchemes: {key: {type: http, scheme: bearer, bearerFormat: x}}
"""
Place = tuple[str | int, ...]


def _places(value: Any, at: Place = ()) -> Iterator[Place]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for token, inner in steps:
        yield (*at, token)
        yield from _places(inner, (*at, token))


TREE: Final = yaml.safe_load(textwrap.dedent(TEXT))
_DEMANDED: Final = """
    openapi info info/title info/version servers/0/url tags/0/name
    paths//loans/{id}/parameters/0/name paths//loans/{id}/parameters/0/in
    paths//loans/{id}/post/parameters/0/name paths//loans/{id}/post/parameters/0/in
    paths//loans/{id}/post/requestBody/content
    paths//loans/{id}/servers/0/url
    components/schemas/Loan/discriminator/propertyName components/schemas/Loan/discriminator/mapping/x
    components/schemas/Loan/dependentRequired/a
    components/securitySchemes/key components/securitySchemes/key/type components/securitySchemes/key/scheme
""".split()
"""What the object around it has no meaning without."""
NAMED: Final = {"/".join(map(str, at)): at for at in _places(TREE) if not isinstance(at[-1], int)}
DEMANDED: Final = [NAMED[one] for one in _DEMANDED]
# `type: null` is read as the type of that name.
OPTIONAL: Final = [at for one, at in NAMED.items() if at not in DEMANDED and not one.endswith("/type")]


def _read(tree: dict[str, Any]) -> tuple[Document | None, Report]:
    report = Report()
    source = parse_text("api.yaml", yaml.safe_dump(tree, sort_keys=False), report)
    assert source is not None
    sources = Sources(source, report)
    document = parse_document(source, sources, report)
    check_document(source, sources, report)
    return document, report


def _with_null(at: Place) -> dict[str, Any]:
    tree = inner = copy.deepcopy(TREE)
    for token in at[:-1]:
        inner = inner[token]
    inner[at[-1]] = None
    return tree


def test_the_document_is_right_as_it_is() -> None:
    assert [one for one in _read(TREE)[1] if one.severity.name == "ERROR"] == []


@pytest.mark.parametrize("at", OPTIONAL, ids=lambda at: "/".join(map(str, at)))
def test_whatever_can_be_left_out_can_be_null(at: Place) -> None:
    tree = _with_null(at)
    left_out = copy.deepcopy(tree)
    inner = left_out
    for token in at[:-1]:
        inner = inner[token]
    del inner[at[-1]]
    expected = {one.rule.code for one in _read(left_out)[1] if one.severity.name == "ERROR"}
    found = _read(tree)[1]
    assert {one.rule.code for one in found if one.severity.name == "ERROR"} <= expected
    told = [
        one.rule.code
        for one in found
        if one.place is not None and one.place.pointer is not None and _is(one.place.pointer, at)
    ]
    assert told and set(told) <= {"SP245", "SP226"}, "one finding of ours, and no second one of the validator's"


def _is(pointer: str, at: Place) -> bool:
    return pointer == "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in at)


@pytest.mark.parametrize("at", DEMANDED, ids=lambda at: "/".join(map(str, at)))
def test_what_is_demanded_cannot_be_null(at: Place) -> None:
    assert _read(_with_null(at))[1].failed


def test_operations_and_answers_that_are_empty() -> None:
    tree = _with_null(("paths", "/loans/{id}", "post", "responses", "404"))
    tree["paths"]["/loans/{id}"]["get"] = None
    tree["paths"]["/readers"] = None
    document, _ = _read(tree)
    assert document is not None
    (operation,) = document.operations
    assert [one.status for one in operation.responses] == ["200", "404"]


def test_security_that_is_null_is_that_of_the_document() -> None:
    document, _ = _read(_with_null(("paths", "/loans/{id}", "post", "security")))
    assert document is not None and document.operations[0].security == ((("key", ()),),)


def test_a_scheme_without_scopes_is_needed_all_the_same() -> None:
    tree = _with_null(("security", 0, "key"))
    tree["paths"]["/loans/{id}"]["post"]["security"] = [{"key": None}]
    document, report = _read(tree)
    assert document is not None and document.operations[0].security == ((("key", ()),),)
    said = {one.message for one in report if one.rule.code == "SP245"}
    assert said == {'"key" is null: it is read as `[]`'}
    merged: Any = document.tree
    assert merged["security"] == merged["paths"]["/loans/{id}"]["post"]["security"] == [{"key": []}]


@pytest.mark.parametrize(
    "section", ["responses", "requestBodies", "headers", "links", "examples", "pathItems", "callbacks"]
)
def test_what_a_reference_leads_to_can_be_null_where_it_could_stand_in_place(section: str) -> None:
    tree = copy.deepcopy(TREE)
    tree["components"][section] = {"Nothing": None}
    one = {"$ref": f"#/components/{section}/Nothing"}
    post = tree["paths"]["/loans/{id}"]["post"]
    success = post["responses"]["200"]
    holders: dict[str, tuple[dict[str, Any], str]] = {
        "responses": (post["responses"], "404"),
        "requestBodies": (post, "requestBody"),
        "headers": (success["headers"], "X"),
        "links": (success["links"], "l"),
        "examples": (post["requestBody"]["content"]["application/json"]["examples"], "e"),
        "pathItems": (tree["paths"], "/others"),
        "callbacks": (post["callbacks"], "done"),
    }
    holder, name = holders[section]
    holder[name] = one
    document, report = _read(tree)
    told = [(one.rule.code, one.place and one.place.pointer) for one in report if one.severity.name == "ERROR"]
    # A request body has to have content, wherever it stands.
    assert told == ([("SP203", "/components/requestBodies/Nothing")] if section == "requestBodies" else [])
    merged: Any = None if document is None else document.tree
    assert merged["components"][section] == {"Nothing": {}}
