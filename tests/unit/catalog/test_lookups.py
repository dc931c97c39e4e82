"""Lookups: what could not be made, or would not find out, is reported before anything is generated."""

from __future__ import annotations

import pytest

from sadpath.catalog.lookups import check_lookups
from sadpath.catalog.parse import parse_catalog
from sadpath.diagnostics import Report
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    get:
      operationId: list
      parameters:
        - {name: Authorization, in: header, required: true, schema: {type: string}}
        - {name: Shop-Key, in: header, required: true, schema: {type: string}}
        - {name: page, in: query, schema: {type: string}}
      responses: {"200": {description: ok}}
    post:
      operationId: create
      parameters: [{name: X-Order, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {}}}
      responses: {"200": {description: ok}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: get, responses: {"200": {description: ok}}}
    delete: {operationId: remove, responses: {"200": {description: ok}}}
  /find:
    post:
      operationId: find
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/Find"}}}}
      responses: {"200": {description: ok}}
  /filter:
    post: {operationId: filter, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Find"}}}}, responses: {"200": {description: ok}}}
  /search:
    post: {operationId: search, requestBody: {required: true, content: {application/json: {}}}, responses: {"200": {description: ok}}}
components:
  schemas:
    Find: {type: object, required: [id], properties: {id: {type: string}, page: {type: integer}}}
"""
CATALOG = """
errorcatalog: "1"
info: {api: shop}
idempotency: {key: {header: shop-key}}
operations:
  list: {idempotency: key}
  search: {effect: read}
  find: {effect: read}
  filter: {effect: read}
  OPERATION:
    lookup: LOOKUP
errors: {}
"""


def said(operation: str, lookup: str) -> list[str]:
    report = Report()
    source = parse_text("openapi.yaml", DOCUMENT, report)
    notes = parse_text("errors.yaml", CATALOG.replace("OPERATION", operation).replace("LOOKUP", lookup), report)
    assert source is not None and notes is not None
    document = parse_document(source, Sources(source, report), report)
    parsed = parse_catalog(notes, report)
    assert document is not None and parsed is not None and not report.failed
    ids = {index: one.operation_id or "" for index, one in enumerate(document.operations)}
    check_lookups(parsed[0], document, ids, report)
    return [f"{found.rule.slug} {found.message}" for found in report.diagnostics]


@pytest.mark.parametrize(
    ("operation", "lookup"),
    [
        ("create", "{operation: list, bind: {}, match: [{body: /n, same_as: {request: body, at: /n}}]}"),
        ("create", "{operation: list, bind: {page: {const: 1}}, match: [{body: /n, same_as: {body: /m}}]}"),
        ("create", "{operation: list, bind: {page: {request: header, at: x-order}}}"),
        ("create", "{operation: get, bind: {id: {request: body, at: /id}}, executed: [{body: /state, equals: paid}]}"),
        ("remove", "{operation: get, bind: {id: {request: path, at: id}}, not_executed: [{body: /id, exists: true}]}"),
        ("create", "{operation: find, bind: {id: {request: body, at: /id}, page: {const: 1}}}"),
        ("create", "{operation: filter, bind: {}}"),
        ("create", "{operation: nowhere, bind: {x: {body: /x}}}"),
    ],
)
def test_a_lookup_that_can_be_made_is_not_reported(operation: str, lookup: str) -> None:
    assert said(operation, lookup) == []


@pytest.mark.parametrize(
    ("operation", "lookup", "message"),
    [
        (
            "create",
            "{operation: remove, bind: {id: {const: 1}}}",
            'the operation "remove" does not only read: its effect is "idempotent"',
        ),
        ("remove", "{operation: create, bind: {}}", 'the operation "create" does not only read: its effect is "once"'),
        ("create", "{operation: list, bind: {pages: {const: 1}}}", 'the operation "list" has no parameter "pages"'),
        (
            "create",
            "{operation: list, bind: {Authorization: {const: 1}}}",
            'the operation "list" has no parameter "Authorization"',
        ),
        ("create", "{operation: get, bind: {}}", 'the operation "get" needs "id", which is not bound'),
        (
            "create",
            "{operation: search, bind: {}}",
            'the operation "search" needs a request body, which a lookup does not send',
        ),
        ("create", "{operation: find, bind: {}}", 'the operation "find" needs "id", which is not bound'),
        (
            "create",
            "{operation: filter, bind: {page: {const: 1}}}",
            'the operation "filter" needs "id", which is not bound',
        ),
        (
            "create",
            "{operation: find, bind: {id: {const: 1}, pages: {const: 1}}}",
            'the operation "find" has no parameter "pages"',
        ),
        (
            "create",
            "{operation: get, bind: {id: {body: /id}}}",
            "the answer was lost, and no argument can be taken from it",
        ),
        (
            "create",
            "{operation: get, bind: {id: {auth: id}}}",
            "the answer was lost, and no argument can be taken from it",
        ),
        ("create", "{operation: get, bind: {id: {request: path, at: id}}}", 'the request has no path parameter "id"'),
        ("create", "{operation: get, bind: {id: {request: query}}}", 'the request has no query parameter ""'),
        ("remove", "{operation: get, bind: {id: {request: body}}}", "the request has no body"),
        (
            "create",
            "{operation: list, bind: {}, match: [{body: /n, same_as: {const: 1}}]}",
            "the value to compare with is a constant",
        ),
        (
            "create",
            "{operation: list, bind: {}, match: [{body: /n, same_as: {auth: n}}]}",
            "what a lookup finds is a body, or an item in it: header fields are not looked at",
        ),
        (
            "create",
            "{operation: list, bind: {}, executed: [{header: State, equals: paid}]}",
            "what a lookup finds is a body, or an item in it: header fields are not looked at",
        ),
        (
            "remove",
            "{operation: list, bind: {}, not_executed: [{body: /n, same_as: {request: body, at: /n}}]}",
            "the request has no body",
        ),
    ],
)
def test_a_lookup_that_cannot_be_made_is_reported(operation: str, lookup: str, message: str) -> None:
    assert said(operation, lookup) == [f"catalog-lookup {message}"]
