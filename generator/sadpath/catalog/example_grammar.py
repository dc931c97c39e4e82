"""The grammar of a catalog's examples: raw HTTP responses, or their parts, and the output of programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sadpath.catalog.grammar import BOOLEAN, INTEGER, NAME, SLUG, TEXT
from sadpath.catalog.http_message import parse_response
from sadpath.catalog.model import Example, HttpMessage, Output, Text
from sadpath.catalog.readers import Anything, Key, ListOf, MapOf, Node, Reader, Record, Skip, Words
from sadpath.diagnostics.rules_catalog import CATALOG_EXAMPLE


def _message(values: dict[str, Any], node: Node) -> HttpMessage:
    headers: Mapping[str, str] = values.get("headers", {})
    return HttpMessage(values["status"], tuple(headers.items()), values.get("body", ""))


class _Response(Reader[HttpMessage]):
    """A raw HTTP response, or its parts."""

    _parts = Record(
        _message,
        {
            "status": Key(INTEGER, required=True, about="the status code"),
            "headers": Key(MapOf(Words()), about="its header fields"),
            "body": Key(Words(), about="its body, as text"),
        },
    )

    def read(self, node: Node) -> HttpMessage:
        if not isinstance(node.value, str):
            return self._parts.read(node)
        try:
            return parse_response(node.value)
        except ValueError as error:
            node.report.add(CATALOG_EXAMPLE, str(error), node.place)
            raise Skip from None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": "^HTTP/"}, self._parts.schema()]}


def _example(values: dict[str, Any], node: Node) -> Example:
    return Example(
        node.place,
        values["id"],
        values.get("operation"),
        values.get("title", Text()),
        values["response"],
        values.get("truncated", False),
        values.get("composed", False),
    )


EXAMPLES = ListOf(
    Record(
        _example,
        {
            "id": Key(SLUG, required=True, about="its name in pages and tests"),
            "operation": Key(NAME, about="the operation that was answered so"),
            "title": Key(TEXT, about="what it shows, in a few words"),
            "request": Key(Anything(), about="the request that was answered so"),
            "response": Key(_Response(), required=True, about="the HTTP response, verbatim"),
            "truncated": Key(BOOLEAN, about="the source shows the head of the response only"),
            "composed": Key(BOOLEAN, about="written for this catalog, not taken from the vendor's documentation"),
        },
    )
)
OUTPUTS = ListOf(
    Record(
        lambda values, node: Output(values["id"], values.get("title", Text()), values["text"]),
        {
            "id": Key(SLUG, required=True, about="its name in pages and tests"),
            "title": Key(TEXT, about="what it shows, in a few words"),
            "text": Key(Words(), required=True, about="what is printed, verbatim"),
        },
    )
)
