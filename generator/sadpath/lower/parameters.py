"""Lowers parameters: what is ignored or cannot be sent is said, the rest gets its type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sadpath.diagnostics import Report, listed, quote
from sadpath.diagnostics.rules_lowering import IGNORED_PARAMETER, NO_FORM, UNSUPPORTED_PARAMETER
from sadpath.ir import service as ir
from sadpath.ir.types import Nullable, Scalar, TypeRef
from sadpath.lower.schemas import TypeTable
from sadpath.lower.spread_parameters import check_spread
from sadpath.openapi import model as openapi
from sadpath.runtime.media import is_form, is_json

_PARTED: Final = frozenset({"array", "object"})
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def lower_parameters(
    parameters: Iterable[openapi.Parameter], id: str, types: TypeTable, report: Report
) -> tuple[ir.Parameter, ...]:
    """The parameters of the operation with that id, which a request can carry."""
    given = tuple(parameters)
    check_spread(given, types, report)
    return tuple(_parameter(_with_form(item, types, report), id, types) for item in given)


def sent_parameters(
    operation: openapi.Operation, document: openapi.Document, report: Report
) -> tuple[openapi.Parameter, ...]:
    """Those of an operation that a caller gives, and a request can carry."""
    return tuple(item for item in operation.parameters if _is_sent(item, operation, document, report))


def _with_form(parameter: openapi.Parameter, types: TypeTable, report: Report) -> openapi.Parameter:
    """The parameter, as JSON where its style has no form for what it lists: an object or an array has none there."""
    if parameter.schema is None or parameter.style == "deepObject":
        return parameter
    schema = types.flat(parameter.schema)
    name = quote(parameter.name)
    if schema.items is not None and _has_parts(types.flat(schema.items)):
        report.add(
            NO_FORM, f"the items of {name} have no form in style {parameter.style}: it is sent as JSON", parameter.place
        )
        content = openapi.MediaType(parameter.place, "application/json", parameter.schema)
        return replace(parameter, schema=None, content=content)
    nested = [member for member, inner in schema.properties.items() if _has_parts(types.flat(inner))]
    if nested:
        words = f"{listed(nested, conjunction='and', limit=3)} of {name} can't be sent in style {parameter.style}"
        report.add(NO_FORM, words, parameter.place)
    return parameter


def _has_parts(schema: openapi.Schema) -> bool:
    """Whether a value is an object or an array."""
    return bool(_PARTED.intersection(schema.types) or schema.properties or schema.items)


def _is_sent(
    parameter: openapi.Parameter, operation: openapi.Operation, document: openapi.Document, report: Report
) -> bool:
    name = quote(parameter.name)
    if document.sets(operation, parameter):
        by = (
            "media types and the security of the operation set"
            if parameter.is_ignored
            else "security of the operation sets"
        )
        message = f"the {parameter.location} parameter {name} is ignored: the {by} it"
        report.add(IGNORED_PARAMETER, message, parameter.place)
        return False
    if parameter.location == "header" and not _TOKEN.fullmatch(parameter.name):
        report.add(UNSUPPORTED_PARAMETER, f"{name} is no name of a header field", parameter.place)
        return False
    if parameter.location == "querystring" and any(other.location == "query" for other in operation.parameters):
        message = f"the parameter {name} is the whole query string, and there are parameters of the query beside it"
        report.add(UNSUPPORTED_PARAMETER, message, parameter.place)
        return False
    return True


def _parameter(parameter: openapi.Parameter, id: str, types: TypeTable) -> ir.Parameter:
    content = parameter.content
    schema = content.schema if content is not None else parameter.schema
    target = types.flat(schema) if schema is not None else None
    name = parameter.extensions.get("x-sadpath-name")
    return ir.Parameter(
        wire_name=parameter.name,
        location=parameter.location,
        type=_type(parameter, schema, id, types),
        required=parameter.required,
        default=(target.default,) if target is not None and target.has_default else None,
        description=parameter.description or (target.description if target is not None else None),
        deprecated=parameter.deprecated,
        style=parameter.style,
        explode=parameter.explode,
        allow_reserved=parameter.allow_reserved,
        allow_empty=parameter.allow_empty_value,
        media_type=content.media_type if content is not None else None,
        name_hint=name if isinstance(name, str) and name else None,
    )


def _type(parameter: openapi.Parameter, schema: openapi.Schema | None, id: str, types: TypeTable) -> TypeRef:
    """The type of an argument: None means that it is not given, and so is no value. Other media types are text."""
    media_type = parameter.content.media_type if parameter.content is not None else None
    typed = media_type is None or is_json(media_type)
    typed = typed or (parameter.location == "querystring" and is_form(media_type))
    if schema is None or not typed:
        return Scalar("string")
    found = types.type_of(schema, f"{id} {parameter.name}", "request")
    return found.inner if isinstance(found, Nullable) else found
