"""Lowers the links of responses: finds the operation that each leads to, and reports those that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_lowering import BROKEN_LINK
from sadpath.ir import service as ir
from sadpath.openapi import model as openapi
from sadpath.runtime import contract as wire
from sadpath.runtime.expressions import is_expression, is_well_formed
from sadpath.runtime.frozen import dataclass
from sadpath.source import pointer as pointers
from sadpath.source.tree import is_list, is_mapping


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """The operations that links can lead to, and what their ids are."""

    document: openapi.Document
    identify: Callable[[openapi.Operation], str]

    def by_id(self, id: str) -> openapi.Operation | None:
        return next((one for one in self.document.operations if one.operation_id == id), None)

    def by_reference(self, reference: str) -> openapi.Operation | None:
        """The operation of `#/paths/~1path/method`; None where the reference leads anywhere else."""
        if not reference.startswith("#/paths/"):
            return None
        tokens = pointers.split(pointers.from_fragment(reference[1:]) or "")
        if len(tokens) != 3:
            return None
        path, method = str(tokens[1]), str(tokens[2]).upper()
        return next((one for one in self.document.operations if (one.path, one.method) == (path, method)), None)


def lower_links(
    links: tuple[openapi.Link, ...], operation: openapi.Operation, targets: LinkTargets, report: Report
) -> tuple[ir.Link, ...]:
    """The links that lead to an operation of the document."""
    found = (_link(link, targets, report) for link in links)
    return tuple(link for link in found if link is not None)


def _link(link: openapi.Link, targets: LinkTargets, report: Report) -> ir.Link | None:
    target = _target(link, targets, report)
    if target is None:
        return None
    broken = [text for value in (*link.parameters.values(), *(link.body or ())) for text in _broken(value)]
    for text in broken:
        report.add(BROKEN_LINK, f"{quote(text)} is no runtime expression", link.place)
    known = {item.name for item in target.parameters} | {f"{item.location}.{item.name}" for item in target.parameters}
    unknown = [name for name in link.parameters if name not in known]
    for name in unknown:
        message = f"{quote(targets.identify(target))} has no parameter {quote(name)}"
        place = link.place.child("parameters").child(name)
        report.add(BROKEN_LINK, message, place, help=suggestion(name, sorted(known)))
    if broken or unknown:
        return None
    contract = wire.Link(link.name, targets.identify(target), dict(link.parameters), link.body)
    return ir.Link(contract, link.description)


def _target(link: openapi.Link, targets: LinkTargets, report: Report) -> openapi.Operation | None:
    if link.operation_id is not None:
        found = targets.by_id(link.operation_id)
        if found is None:
            ids = sorted(one.operation_id for one in targets.document.operations if one.operation_id is not None)
            message = f"there is no operation {quote(link.operation_id)}"
            help = suggestion(link.operation_id, ids)
            report.add(BROKEN_LINK, message, link.place.child("operationId"), help=help)
        return found
    if link.operation_ref is not None:
        found = targets.by_reference(link.operation_ref)
        if found is None:
            message = f"{quote(link.operation_ref)} leads to no operation of this document"
            report.add(BROKEN_LINK, message, link.place.child("operationRef"))
        return found
    report.add(BROKEN_LINK, f"the link {quote(link.name)} names no operation", link.place)
    return None


def _broken(value: Any) -> Iterator[str]:
    """The runtime expressions in a value that cannot be evaluated."""
    if is_mapping(value):
        for member in value.values():
            yield from _broken(member)
    elif is_list(value):
        for item in value:
            yield from _broken(item)
    elif isinstance(value, str) and is_expression(value) and not is_well_formed(value):
        yield value
