"""Warns of files inside of JSON while a document is lowered: JSON has texts, and nobody says how bytes become one."""

from __future__ import annotations

from collections.abc import Iterator

from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_lowering import FILE_IN_JSON
from sadpath.lower.faces import parts_of
from sadpath.lower.scalars import is_file
from sadpath.openapi.model import Document, MediaType, Schema, SchemaKey
from sadpath.runtime.media import is_json, media_type_of, sequence_of


def check_files_in_json(document: Document, report: Report) -> None:
    """Report each schema of bytes that a JSON body, or an item of a sequence of JSON, leads to."""
    seen: set[SchemaKey] = set()
    pending = [schema for content in _contents(document) for schema in _described(content)]
    while pending:
        schema = pending.pop()
        if schema.key in seen:
            continue
        seen.add(schema.key)
        if is_file(schema):
            report.add(FILE_IN_JSON, "bytes in JSON are the text that they are in UTF-8", schema.place)
        pending += parts_of(schema)
        if schema.ref is not None and schema.ref in document.definitions:
            pending.append(document.definitions[schema.ref])


def _contents(document: Document) -> Iterator[MediaType]:
    for operation in (*document.operations, *document.webhooks):
        yield from operation.request_body.content if operation.request_body is not None else ()
        for response in operation.responses:
            yield from response.content


def _described(content: MediaType) -> Iterator[Schema]:
    """The schemas of a body that is JSON as a whole; where it is described as bytes, it is handed over as such."""
    name = media_type_of(content.media_type) or ""
    if is_json(name) or sequence_of(name) is not None:
        found = (content.schema, content.item_schema)
        yield from (schema for schema in found if schema is not None)
