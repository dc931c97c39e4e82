"""Lowers operations: their parameters, bodies, successes, ways to authenticate and pages, grouped by tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sadpath.catalog.effects import effect_of
from sadpath.catalog.model import Catalog, OperationFacts
from sadpath.diagnostics import Report
from sadpath.ir import service as ir
from sadpath.lower.bodies import lower_body, lower_successes
from sadpath.lower.links import LinkTargets
from sadpath.lower.operation_ids import operation_id
from sadpath.lower.pages import lower_page
from sadpath.lower.parameters import lower_parameters, sent_parameters
from sadpath.lower.schemas import TypeTable
from sadpath.lower.security import lower_security
from sadpath.lower.servers import operation_servers
from sadpath.naming.words import words
from sadpath.openapi import model as openapi
from sadpath.runtime.frozen import dataclass

_METHODS = ("GET", "HEAD", "QUERY", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the passes over operations read."""

    document: openapi.Document
    catalog: Catalog
    types: TypeTable
    report: Report


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
    for operation in sorted(sources.document.operations, key=_rank):
        name = group_name(operation)
        lowered = lower_operation(operation, name, sources, failures.get(operation_id(operation), ()))
        groups.setdefault(name, []).append(lowered)
    return tuple(ir.Group(name, descriptions.get(name), tuple(groups[name])) for name in sorted(groups))


def _rank(operation: openapi.Operation) -> tuple[str, int, str]:
    """By path, then by method: the known ones in their order, the others after them."""
    method = operation.method
    return operation.path, _METHODS.index(method) if method in _METHODS else len(_METHODS), method


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
    sent = sent_parameters(replace(operation, parameters=tuple(parameters)), sources.document, sources.report)
    lowered = lower_parameters(sent, id, sources.types, sources.report)
    successes = lower_successes(
        operation, id, sources.types, sources.report, LinkTargets(sources.document, operation_id)
    )
    if operation.method == "HEAD":
        # An answer to HEAD has no body, whatever the document says that GET would send (RFC 9110, section 9.3.2).
        successes = tuple(replace(success, media_type=None, type=None) for success in successes)
    body = lower_body(operation, id, sources.types, sources.report, lowered)
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
        body=body,
        successes=successes,
        security=lower_security(operation, sources.document),
        effect=effect_of(facts, operation.method),
        idempotency=facts.idempotency,
        idempotency_required=key_parameter is not None and key_parameter.required,
        idempotency_optional=key_parameter is not None and not key_parameter.required,
        natural_key=facts.natural_key,
        page=lower_page(operation, body, successes, sources.types, sources.report),
        failures=failures,
        servers=operation_servers(operation, sources.document),
        lookup=facts.lookup,
    )


def _method_name(operation: openapi.Operation, id: str, group: str) -> str:
    chosen = operation.extensions.get("x-sadpath-name")
    if isinstance(chosen, str) and chosen:
        return chosen
    head = [word.lower() for word in words(id)]
    label = {word.lower() for word in words(group)} | {word.lower().rstrip("s") for word in words(group)}
    rest = [word for word in head if word not in label]
    return " ".join(rest or head) or id
