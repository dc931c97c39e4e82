"""Lowers operations: their parameters, bodies, successes, ways to authenticate and pages, grouped by tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sadpath.catalog.model import Catalog, OperationFacts
from sadpath.diagnostics import Report, listed, quote
from sadpath.diagnostics.rules_lowering import (
    UNSUPPORTED_MEDIA_TYPE,
    UNSUPPORTED_PARAMETER,
    UNSUPPORTED_SECURITY,
)
from sadpath.ir import service as ir
from sadpath.ir.types import Anything, Named, Nullable, Scalar, TypeRef
from sadpath.lower.pages import lower_page
from sadpath.lower.schemas import TypeTable
from sadpath.naming.words import snake, words
from sadpath.openapi import model as openapi
from sadpath.runtime.contract import Effect, Security
from sadpath.runtime.media import is_json, media_type_of

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_EFFECTS: Mapping[str, Effect] = {
    "GET": "read",
    "HEAD": "read",
    "OPTIONS": "read",
    "TRACE": "read",
    "PUT": "idempotent",
    "DELETE": "idempotent",
}
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the passes over operations read."""

    document: openapi.Document
    catalog: Catalog
    types: TypeTable
    report: Report


def operation_id(operation: openapi.Operation) -> str:
    """The operationId, or what stands for it: the method and the words of the path."""
    return operation.operation_id or snake(f"{operation.method.lower()} {operation.path}")


def group_name(operation: openapi.Operation) -> str:
    """The first tag, or what stands for it: the first word of the path that is no parameter."""
    if operation.tags:
        return operation.tags[0]
    steps = [step for step in operation.path.split("/") if step and not step.startswith("{") and words(step)]
    return steps[0] if steps else "root"


def lower_groups(sources: Sources, failures: Mapping[str, tuple[str, ...]]) -> tuple[ir.Group, ...]:
    """All operations, by group; `failures` lists the ids of what can go wrong by operation id."""
    descriptions = {tag.name: tag.description for tag in sources.document.tags}
    groups: dict[str, list[ir.Operation]] = {}
    for operation in sorted(sources.document.operations, key=lambda item: (item.path, _METHODS.index(item.method))):
        name = group_name(operation)
        lowered = lower_operation(operation, name, sources, failures.get(operation_id(operation), ()))
        groups.setdefault(name, []).append(lowered)
    return tuple(ir.Group(name, descriptions.get(name), tuple(groups[name])) for name in sorted(groups))


def lower_operation(
    operation: openapi.Operation, group: str, sources: Sources, failures: tuple[str, ...]
) -> ir.Operation:
    """One operation with everything that it takes and answers."""
    id = operation_id(operation)
    facts = sources.catalog.operations.get(id) or OperationFacts(operation.place)
    scheme = sources.catalog.idempotency.get(facts.idempotency or "")
    claimed = scheme.header.lower() if scheme else None
    parameters = [
        item for item in operation.parameters if not (item.location == "header" and item.name.lower() == claimed)
    ]
    key_parameter = next((item for item in operation.parameters if item not in parameters), None)
    lowered = tuple(found for item in parameters if (found := _parameter(item, id, sources)) is not None)
    return ir.Operation(
        id=id,
        name_hint=_method_name(operation, id, group),
        method=operation.method,
        path=operation.path,
        summary=operation.summary,
        description=operation.description,
        title=facts.title,
        about=facts.description,
        deprecated=operation.deprecated,
        parameters=tuple(sorted(lowered, key=lambda item: not item.required)),
        body=_body(operation, id, sources, lowered),
        successes=_successes(operation, id, sources),
        security=_security(operation, sources),
        effect=facts.effect or _EFFECTS.get(operation.method, "once"),
        idempotency=facts.idempotency,
        idempotency_required=key_parameter is not None and key_parameter.required,
        natural_key=facts.natural_key,
        page=lower_page(operation, _successes(operation, id, sources), sources.types, sources.report),
        failures=failures,
    )


def _method_name(operation: openapi.Operation, id: str, group: str) -> str:
    chosen = operation.extensions.get("x-sadpath-name")
    if isinstance(chosen, str) and chosen:
        return chosen
    head = [word.lower() for word in words(id)]
    label = {word.lower() for word in words(group)} | {word.lower().rstrip("s") for word in words(group)}
    rest = [word for word in head if word not in label]
    return " ".join(rest or head) or id


def _parameter(parameter: openapi.Parameter, id: str, sources: Sources) -> ir.Parameter | None:
    if parameter.location == "querystring":
        message = f"the parameter {quote(parameter.name)} is the whole query string, which the client does not send"
        sources.report.add(UNSUPPORTED_PARAMETER, message, parameter.place)
        return None
    content = parameter.content
    schema = content.schema if content is not None else parameter.schema
    found: TypeRef = sources.types.type_of(schema, f"{id} {parameter.name}") if schema is not None else Scalar("string")
    target = sources.types.effective(schema) if schema is not None else None
    name = parameter.extensions.get("x-sadpath-name")
    return ir.Parameter(
        wire_name=parameter.name,
        location=parameter.location,
        type=found.inner if isinstance(found, Nullable) else found,
        required=parameter.required,
        default=(target.default,) if target is not None and target.has_default else None,
        description=parameter.description or (target.description if target is not None else None),
        deprecated=parameter.deprecated,
        style=parameter.style,
        explode=parameter.explode,
        allow_reserved=parameter.allow_reserved,
        media_type=content.media_type if content is not None else None,
        name_hint=name if isinstance(name, str) else None,
    )


def _essence(media_type: str) -> str:
    """The media type that a body is sent or read as: without parameters, and JSON where any will do."""
    name = media_type_of(media_type) or ""
    return "application/json" if name in ("*/*", "application/*") else name


def _preferred(content: tuple[openapi.MediaType, ...]) -> openapi.MediaType | None:
    """The media type that is generated for: JSON before forms before text before bytes."""

    def rank(item: openapi.MediaType) -> int:
        name = _essence(item.media_type)
        return 0 if is_json(name) else 1 if name == _FORM else 2 if name.startswith("text/") else 3

    return min(content, key=rank, default=None)


def _content_type(content: openapi.MediaType, context: str, sources: Sources) -> TypeRef:
    name = _essence(content.media_type)
    if is_json(name) or name == _FORM:
        return sources.types.type_of(content.schema, context) if content.schema is not None else Anything()
    if name.startswith("text/") and not name.endswith("xml"):
        return Scalar("string")
    if name not in ("application/octet-stream", "application/pdf") and not name.startswith(
        ("image/", "audio/", "video/")
    ):
        sources.report.add(
            UNSUPPORTED_MEDIA_TYPE,
            f"bodies of type {quote(content.media_type)} are handed over as bytes",
            content.place,
        )
    return Scalar("binary")


def _body(
    operation: openapi.Operation, id: str, sources: Sources, parameters: tuple[ir.Parameter, ...]
) -> ir.Body | None:
    body = operation.request_body
    content = _preferred(body.content) if body is not None else None
    if body is None or content is None:
        return None
    found = _content_type(content, f"{id} request", sources)
    spread = found if isinstance(found, Named) and _can_spread(found, sources, parameters) else None
    return ir.Body(_essence(content.media_type), found, body.required, body.description, spread)


def _can_spread(name: Named, sources: Sources, parameters: tuple[ir.Parameter, ...]) -> bool:
    """Whether the members of a body can be arguments: a record with known members, none named like a parameter."""
    record = sources.types.record(name.name)
    if record is None or not record.fields:
        return False
    names = [snake(field.name_hint or field.wire_name) for field in record.fields]
    names += [snake(parameter.name_hint or parameter.wire_name) for parameter in parameters]
    return len(set(names)) == len(names)


def _successes(operation: openapi.Operation, id: str, sources: Sources) -> tuple[ir.Success, ...]:
    found: list[ir.Success] = []
    for response in sorted(operation.responses, key=lambda item: item.status):
        if response.status[0] not in "23":
            continue
        content = _preferred(response.content)
        context = f"{id} response" if response.status.startswith("2") else f"{id} {response.status}"
        kind = _content_type(content, context, sources) if content is not None else None
        media_type = content.media_type if content is not None else None
        found.append(ir.Success(response.status, media_type, kind, response.description))
    if not found and any(response.status == "default" for response in operation.responses):
        return (ir.Success("2XX", None, None, None),)
    return tuple(found)


def _security(operation: openapi.Operation, sources: Sources) -> tuple[tuple[Security, ...], ...]:
    alternatives: list[tuple[Security, ...]] = []
    for requirement in operation.security:
        schemes = [
            _scheme(sources.document.security_schemes[name], scopes)
            for name, scopes in requirement
            if name in sources.document.security_schemes
        ]
        if any(scheme.kind in ("http", "mutualTLS") for scheme in schemes):
            names = listed((scheme.scheme for scheme in schemes), conjunction="and")
            message = f"the client does not carry out the security requirement {names}"
            sources.report.add(UNSUPPORTED_SECURITY, message, operation.place)
        alternatives.append(tuple(schemes))
    return tuple(alternatives)


def _scheme(scheme: openapi.SecurityScheme, scopes: tuple[str, ...]) -> Security:
    if scheme.kind == "http":
        kind: Any = scheme.scheme if scheme.scheme in ("basic", "bearer") else "http"
        return Security(scheme.name, kind, scopes=scopes)
    return Security(scheme.name, scheme.kind, scheme.location, scheme.parameter, scopes)
