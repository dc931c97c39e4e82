"""Lowers what messages carry: the bodies of requests and the successes of operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lowering import BODILESS_STATUS, UNSUPPORTED_MEDIA_TYPE
from sadpath.ir import service as ir
from sadpath.ir.types import Anything, ListOf, MapOf, Named, Scalar, TypeRef
from sadpath.lower.faces import Direction
from sadpath.lower.links import LinkTargets, lower_links
from sadpath.lower.scalars import is_file
from sadpath.lower.schemas import TypeTable
from sadpath.naming.words import snake
from sadpath.openapi import model as openapi
from sadpath.runtime.contract import Encoding, StreamForm
from sadpath.runtime.media import is_bytes, is_form, is_json, is_multipart, is_range, media_type_of, sequence_of

_Kind = Literal["json", "form", "multipart", "sequence", "text", "bytes", "unsupported"]
_PREFERENCE: Final[tuple[_Kind, ...]] = ("json", "form", "multipart", "sequence", "text", "bytes", "unsupported")
_PATCHES: Final = frozenset({"application/json-patch+json", "application/merge-patch+json"})
_ANY: Final = frozenset({"*/*", "application/*"})
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
_BODILESS: Final = frozenset({"204", "205", "304"})
_EVENT_MEMBERS: Final = frozenset({"data", "event", "id", "retry", "comment"})


def _kind(content: openapi.MediaType, types: TypeTable, direction: Direction) -> _Kind:
    name = media_type_of(content.media_type) or ""
    if name in _ANY:
        schema = types.flat(content.schema) if content.schema is not None else None
        return "bytes" if schema is None or is_file(schema) else "json"
    if is_json(name):
        return "json"
    if sequence_of(name) is not None:
        return "sequence"
    if is_form(name):
        return "form"
    if is_multipart(name):
        return "multipart" if direction == "request" else "unsupported"
    if name.startswith("text/") and not name.endswith("xml"):
        return "text"
    # Whatever it is called: what is described as bytes is handed over as bytes, and nothing of it is lost.
    described = content.schema is not None and is_file(types.flat(content.schema))
    return "bytes" if described or is_bytes(name) else "unsupported"


def _usable(
    contents: tuple[openapi.MediaType, ...], types: TypeTable, report: Report, direction: Direction
) -> list[tuple[_Kind, openapi.MediaType]]:
    """The media types that are generated for, the preferred one first; what is left out or untyped is reported."""
    ranked: list[tuple[_Kind, openapi.MediaType]] = [
        (_kind(content, types, direction), content) for content in contents
    ]
    ranked.sort(key=_rank)
    supported = [pair for pair in ranked if pair[0] != "unsupported"]
    for kind, content in ranked:
        if kind == "unsupported" and not (content is ranked[0][1] and _is_opaque(content, types)):
            fate = f"left out: {supported[0][1].media_type} stands beside it" if supported else "handed over as bytes"
            message = f"bodies of type {quote(content.media_type)} are {fate}"
            report.add(UNSUPPORTED_MEDIA_TYPE, message, content.place)
        for place in content.further_encodings:
            message = f"the parts of {quote(content.media_type)} are written without this encoding"
            report.add(UNSUPPORTED_MEDIA_TYPE, message, place)
    exact = [pair for pair in supported if not is_range(pair[1].media_type)]
    for _, content in supported if exact else ():
        if is_range(content.media_type):
            message = (
                f"bodies of type {quote(content.media_type)} are left out: {exact[0][1].media_type} stands beside it"
            )
            report.add(UNSUPPORTED_MEDIA_TYPE, message, content.place)
    return _distinct(exact or supported, types) or ranked[:1]


def _is_opaque(content: openapi.MediaType, types: TypeTable) -> bool:
    """Whether the document itself says no more of a body than that it is bytes: then nothing of it is lost."""
    return content.schema is None or is_file(types.flat(content.schema))


def _rank(pair: tuple[_Kind, openapi.MediaType]) -> tuple[int, bool, int]:
    """The place of a media type: plain JSON comes before what is JSON with a meaning of its own, a patch above all."""
    kind, content = pair
    name = (media_type_of(content.media_type) or "").lower()
    special = 0 if kind != "json" or name == "application/json" else 2 if name in _PATCHES else 1
    return _PREFERENCE.index(kind), is_range(content.media_type), special


def _distinct(pairs: list[tuple[_Kind, openapi.MediaType]], types: TypeTable) -> list[tuple[_Kind, openapi.MediaType]]:
    """Without those that say in text what another says in JSON: the same component, served under a further name."""
    said = {_target(content) for kind, content in pairs if kind == "json"} - {None}
    return [(kind, content) for kind, content in pairs if kind != "text" or _target(content) not in said]


def _target(content: openapi.MediaType) -> openapi.SchemaKey | None:
    schema = content.schema
    if schema is None:
        return None
    return schema.ref or (schema.items.ref if schema.items is not None else None)


def _type(kind: _Kind, content: openapi.MediaType, context: str, types: TypeTable, direction: Direction) -> TypeRef:
    schema = content.schema
    if kind == "sequence":
        return ListOf(_item_type(content, context, types, direction))
    if kind == "multipart" and schema is not None and is_file(types.flat(schema)):
        message = (
            f"a body of {quote(content.media_type)} is an object: each of its parts is such a file, whatever its name"
        )
        types.report.add(UNSUPPORTED_MEDIA_TYPE, message, content.place)
        return MapOf(types.type_of(schema, context, direction))
    if kind in ("json", "form", "multipart"):
        return types.type_of(schema, context, direction) if schema is not None else Anything()
    if kind == "text":
        scalar = schema is not None and _is_scalar(types.flat(schema))
        return types.type_of(schema, context, direction) if scalar and schema is not None else Scalar("string")
    return Scalar("binary")


def _is_scalar(schema: openapi.Schema) -> bool:
    return bool(schema.types) and set(schema.types) <= _SCALARS and not is_file(schema)


def _item_schema(content: openapi.MediaType, types: TypeTable) -> openapi.Schema | None:
    """What one item of a sequence is: before 3.2, the schema of such a media type stands for the items, or lists them."""
    if content.item_schema is not None or content.schema is None:
        return content.item_schema
    return types.flat(content.schema).items or content.schema


def _item_type(content: openapi.MediaType, context: str, types: TypeTable, direction: Direction) -> TypeRef:
    schema = _item_schema(content, types)
    if schema is None:
        return Scalar("string") if sequence_of(content.media_type) == "events" else Anything()
    return types.type_of(schema, f"{context} item", direction)


def _stream_form(content: openapi.MediaType, types: TypeTable) -> StreamForm:
    form = sequence_of(content.media_type) or "lines"
    schema = _item_schema(content, types)
    if form != "events":
        return form
    if schema is None or set(types.flat(schema).types) == {"string"}:
        return "event_texts"
    variants = [types.flat(one) for one in _variants(types.flat(schema))]
    if not all(_is_event(variant) for variant in variants):
        return form
    datas = [types.flat(variant.properties["data"]) for variant in variants if "data" in variant.properties]
    return "event_objects" if all("string" in data.types for data in datas) else "event_trees"


def _variants(schema: openapi.Schema) -> tuple[openapi.Schema, ...]:
    return schema.one_of or schema.any_of or (schema,)


def _is_event(schema: openapi.Schema) -> bool:
    """Whether a schema describes a whole event, as 3.2 has it, and not its data alone."""
    names = set(schema.properties)
    return bool(names) and names <= _EVENT_MEMBERS and ("data" in names or "event" in names)


def lower_body(
    operation: openapi.Operation, id: str, types: TypeTable, report: Report, parameters: tuple[ir.Parameter, ...]
) -> ir.Body | None:
    """The request body in every media type that can be sent; None where there is none."""
    body = operation.request_body
    if body is None or not body.content:
        return None
    contents = [
        ir.Content(
            _stated(item, kind), _type(kind, item, _context(id, item, number), types, "request"), _encoding(item)
        )
        for number, (kind, item) in enumerate(_usable(body.content, types, report, "request"))
    ]
    first = contents[0]
    alike = all(content.type == first.type for content in contents)
    spread = (
        first.type if isinstance(first.type, Named) and alike and _can_spread(first.type, types, parameters) else None
    )
    return ir.Body(
        first.media_type, first.type, body.required, body.description, spread, first.encoding, tuple(contents[1:])
    )


def _context(id: str, content: openapi.MediaType, number: int) -> str:
    """What names a type that only one media type has."""
    if not number:
        return f"{id} request"
    return f"{id} {(media_type_of(content.media_type) or '').rpartition('/')[2]} request"


def _stated(content: openapi.MediaType, kind: _Kind) -> str:
    """The media type as written; a range that stands for JSON is JSON, and a charset that JSON does not have is left out."""
    if kind == "json" and is_range(content.media_type):
        return "application/json"
    parts = [part.strip() for part in content.media_type.split(";")]
    if kind == "json":
        parts = [part for part in parts if not part.lower().startswith("charset=") or "utf-8" in part.lower()]
    return "; ".join(part for part in parts if part)


def _encoding(content: openapi.MediaType) -> dict[str, Encoding]:
    return {
        item.name: Encoding(
            item.content_type,
            item.style,
            item.explode,
            item.allow_reserved,
            tuple(header.name for header in item.headers if header.required),
        )
        for item in content.encoding
    }


def _can_spread(name: Named, types: TypeTable, parameters: tuple[ir.Parameter, ...]) -> bool:
    """Whether the members of a body can be arguments: a record with known members, none named like a parameter."""
    record = types.record(name.name)
    if record is None or not record.fields:
        return False
    names = [snake(field.name_hint or field.wire_name) for field in record.fields]
    names += [snake(parameter.name_hint or parameter.wire_name) for parameter in parameters]
    return len(set(names)) == len(names)


def lower_successes(
    operation: openapi.Operation, id: str, types: TypeTable, report: Report, targets: LinkTargets
) -> tuple[ir.Success, ...]:
    """The documented successes, by status, the preferred media type first; a `default` that stands alone is one too."""
    responses = [response for response in operation.responses if response.status[0] in "23"]
    if not responses:
        responses = [response for response in operation.responses if response.status == "default"]
    found: list[ir.Success] = []
    for response in sorted((_with_body(one, report) for one in responses), key=lambda item: item.status):
        context = f"{id} {response.status}" if response.status.startswith("3") else f"{id} response"
        headers = tuple(_header(header, context, types) for header in response.headers)
        links = lower_links(response.links, operation, targets, report)
        if not response.content or operation.method == "HEAD":
            found.append(ir.Success(response.status, None, None, response.description, None, headers, links))
            continue
        for item, kind, stream in _answers(response, context, types, report):
            found.append(ir.Success(response.status, item, kind, response.description, stream, headers, links))
    return tuple(found)


def _with_body(response: openapi.Response, report: Report) -> openapi.Response:
    """The response as it can be sent."""
    if response.status not in _BODILESS or not response.content:
        return response
    report.add(BODILESS_STATUS, f"a response with status {response.status} has no content", response.place)
    return replace(response, content=())


def _answers(
    response: openapi.Response, context: str, types: TypeTable, report: Report
) -> Iterator[tuple[str, TypeRef, StreamForm | None]]:
    for number, (kind, content) in enumerate(_usable(response.content, types, report, "response")):
        own = context if not number else f"{context} {(media_type_of(content.media_type) or '').rpartition('/')[2]}"
        if kind == "sequence":
            yield content.media_type, _item_type(content, own, types, "response"), _stream_form(content, types)
        else:
            yield content.media_type, _type(kind, content, own, types, "response"), None


def _header(header: openapi.Header, context: str, types: TypeTable) -> ir.Header:
    name = f"{context} {header.name}"
    kind = types.type_of(header.schema, name, "response") if header.schema is not None else Scalar("string")
    return ir.Header(header.name, kind, header.required, header.explode, header.media_type, header.description)
