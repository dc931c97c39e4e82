"""What a message carries: media types with their examples, headers, request bodies and responses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sadpath.diagnostics import quote
from sadpath.diagnostics.rules_openapi import MALFORMED_STATUS
from sadpath.openapi.model import Encoding, Example, Header, Link, MediaType, RequestBody, Response, Schema
from sadpath.openapi.node import Node
from sadpath.openapi.parse_schema import SchemaParser
from sadpath.openapi.resolve import Resolver

_STATUS: Final = re.compile(r"[1-5][0-9]{2}|[1-5]XX|default")


class ContentParser:
    """Parses the objects that operations share; references to them are followed."""

    def __init__(self, resolver: Resolver, schemas: SchemaParser) -> None:
        self._resolver = resolver
        self._schemas = schemas

    def schema(self, node: Node) -> Schema | None:
        """The schema in field `schema`."""
        found = node.field("schema")
        return None if found is None else self._schemas.parse(found)

    def content(self, node: Node) -> tuple[MediaType, ...]:
        """The media types in field `content`, in document order."""
        return tuple(self._media_types(node))

    def _media_types(self, node: Node) -> Iterator[MediaType]:
        for name, entry in node.named("content"):
            followed = self._resolver.follow(entry)
            if followed is not None and followed.node.is_mapping():
                inner = followed.node
                item = inner.field("itemSchema")
                further = (inner.field(key) for key in ("prefixEncoding", "itemEncoding"))
                yield MediaType(
                    entry.place,
                    name,
                    self.schema(inner),
                    tuple(self.examples(inner)),
                    inner.extensions(),
                    None if item is None else self._schemas.parse(item),
                    tuple(self._encodings(inner)),
                    tuple(node.place for node in further if node is not None),
                )

    def _encodings(self, node: Node) -> Iterator[Encoding]:
        for name, entry in node.named("encoding"):
            if entry.is_mapping():
                explode = entry.flag("explode") if entry.field("explode") is not None else None
                yield Encoding(
                    entry.place,
                    name,
                    entry.text("contentType"),
                    entry.text("style"),
                    explode,
                    entry.flag("allowReserved"),
                    tuple(self.headers(entry)),
                )

    def examples(self, node: Node) -> Iterator[Example]:
        """The examples of a media type or parameter; a lone `example` goes by that name."""
        single = node.literal("example")
        if single is not None:
            yield Example("example", None, (single.value,))
        for name, entry in node.named("examples"):
            followed = self._resolver.follow(entry)
            if followed is None or not followed.node.is_mapping():
                continue
            inner = followed.node
            value = _value(inner)
            external = None if value is not None else inner.text("externalValue")
            if value is not None or external is not None:
                yield Example(name, inner.text("summary"), value, external)

    def headers(self, node: Node) -> Iterator[Header]:
        """The headers of a response. `Content-Type` is left out: there, the specification says, it means nothing."""
        for name, entry in node.named("headers"):
            followed = self._resolver.follow(entry)
            if followed is None or name.lower() == "content-type" or not followed.node.is_mapping():
                continue
            inner = followed.node
            media = self.content(inner)
            yield Header(
                entry.place,
                name,
                inner.flag("required"),
                followed.text(),
                media[0].schema if media else self.schema(inner),
                inner.flag("explode"),
                media[0].media_type if media else None,
                inner.flag("deprecated"),
            )

    def links(self, node: Node) -> Iterator[Link]:
        """The links of a response."""
        for name, entry in node.named("links"):
            followed = self._resolver.follow(entry)
            if followed is None or not followed.node.is_mapping():
                continue
            inner = followed.node
            body = inner.literal("requestBody")
            yield Link(
                inner.place,
                name,
                inner.text("operationId"),
                inner.text("operationRef"),
                {key: value.value for key, value in inner.values("parameters")},
                None if body is None else (body.value,),
                followed.text(),
            )

    def request_body(self, node: Node) -> RequestBody | None:
        followed = self._resolver.follow(node)
        if followed is None or not followed.node.is_mapping():
            return None
        inner = followed.node
        if inner.field("content") is None:
            inner.missing("content")
        content = self.content(inner)
        return RequestBody(node.place, inner.flag("required"), followed.text(), content, inner.extensions())

    def responses(self, node: Node) -> Iterator[Response]:
        """The responses in field `responses`."""
        found = node.field("responses")
        if found is None:
            return
        for key, entry in found.entries():
            status = key.upper() if key != "default" else key
            if not _STATUS.fullmatch(status):
                entry.report.add(MALFORMED_STATUS, f"{quote(key)} is no status", entry.place.key())
                continue
            response = self.response(status, entry)
            if response is not None:
                yield response

    def response(self, status: str, node: Node) -> Response | None:
        followed = self._resolver.follow(node)
        if followed is None or not followed.node.is_mapping():
            return None
        inner = followed.node
        headers = tuple(self.headers(inner))
        return Response(node.place, status, followed.text(), headers, self.content(inner), tuple(self.links(inner)))


def _value(node: Node) -> tuple[Any] | None:
    """The value of an Example Object: 3.2 writes it as `dataValue`, or as text in `serializedValue`."""
    for name in ("value", "dataValue", "serializedValue"):
        found = node.literal(name)
        if found is not None:
            return (found.value,)
    return None
