"""Callbacks, methods and servers of path items, as they are parsed."""

from __future__ import annotations

from pathlib import Path

from sadpath.diagnostics import Report
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import load
from sadpath.source.references import Sources

TEXT = """
openapi: 3.2.0
info: {title: A, version: "1"}
servers: [{url: "https://{a}.test/{b}", variables: {a: {default: x, enum: [x, y]}}}]
paths:
  /a:
    summary: Of the path
    additionalOperations:
      COPY: {operationId: copy, responses: {}}
      get: {operationId: wrong, responses: {}}
      "a b": {operationId: worse, responses: {}}
    query:
      operationId: ask
      summary: Its own
      parameters: [{name: p, in: query, allowEmptyValue: true, schema: {type: string}}]
      responses: {}
      callbacks:
        done: {$ref: "#/components/callbacks/Done"}
components:
  callbacks:
    Done:
      "{$request.query.p}":
        post:
          operationId: ask
          responses: {}
          callbacks: {again: {$ref: "#/components/callbacks/Done"}}
        put: {responses: {}}
"""


def parsed(folder: Path) -> tuple[Document, list[str]]:
    path = folder / "openapi.yaml"
    path.write_text(TEXT, encoding="utf-8")
    report = Report()
    source = load(path, report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None
    return document, [found.message for found in report.diagnostics]


def test_methods_texts_and_callbacks(tmp_path: Path) -> None:
    document, messages = parsed(tmp_path)
    found = {operation.operation_id: operation for operation in document.operations}
    assert set(found) == {"ask", "copy"} and found["copy"].method == "COPY" and found["ask"].method == "QUERY"
    assert (found["copy"].summary, found["ask"].summary) == ("Of the path", "Its own")
    assert found["ask"].parameters[0].allow_empty_value
    callbacks = [(one.name, one.operation.method, one.operation.path) for one in found["ask"].callbacks]
    assert callbacks == [("done", "POST", "{$request.query.p}"), ("done", "PUT", "{$request.query.p}")]
    assert found["ask"].callbacks[0].operation.callbacks == ()
    assert sorted(messages) == [
        'the method "a b" is no method of HTTP',
        'the method "get" has a field of its own',
        'the operationId "ask" is not unique',
    ]


def test_server_variables(tmp_path: Path) -> None:
    server = parsed(tmp_path)[0].servers[0]
    assert {name: (found.default, found.enum) for name, found in server.variables.items()} == {"a": ("x", ("x", "y"))}
