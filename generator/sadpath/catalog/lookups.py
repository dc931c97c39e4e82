"""Checks that a lookup can be made and tells something: that the operation reads, and that its arguments are to be had."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sadpath.catalog.effects import effect_of
from sadpath.catalog.model import Catalog, Lookup
from sadpath.diagnostics import Report, listed, quote, suggestion
from sadpath.diagnostics.rules_catalog import CATALOG_LOOKUP
from sadpath.openapi.model import Document, Operation, Parameter
from sadpath.runtime.contract import Predicate, Selector
from sadpath.source.place import Place

_REFERENCES: Final = 20
"""References to references that are followed."""
_ELSEWHERE: Final = "take the value from the request that was sent: `{request: path, at: id}`"


def check_lookups(catalog: Catalog, document: Document, ids: Mapping[int, str], report: Report) -> None:
    """Report every lookup that could not be made; `ids` names operations by their position.

    That the operation to ask does not exist has been said.
    """
    operations = {ids[index]: operation for index, operation in enumerate(document.operations)}
    for id, facts in catalog.operations.items():
        lookup = facts.lookup
        lost = operations.get(id)
        if lookup is None or lost is None or lookup.operation not in operations:
            continue
        asked = operations[lookup.operation]
        place = facts.place.child("lookup")
        effect = effect_of(catalog.operations.get(lookup.operation), asked.method)
        if effect != "read":
            message = f"the operation {quote(lookup.operation)} does not only read: its effect is {quote(effect)}"
            report.add(CATALOG_LOOKUP, message, place.child("operation"))
        wanted = arguments_wanted(lookup.operation, asked, lookup.bind, (catalog, document))
        _check_arguments(lookup, wanted, place, report)
        if asked.request_body is not None and asked.request_body.required and not _members(asked, document):
            message = f"the operation {quote(lookup.operation)} needs a request body, which a lookup does not send"
            report.add(CATALOG_LOOKUP, message, place.child("operation"))
        _check_values(lookup, lost, place, report)


def _parameters(id: str, asked: Operation, catalog: Catalog, document: Document) -> tuple[Parameter, ...]:
    """Those that a call takes: what the client sets by itself is none of them."""
    facts = catalog.operations.get(id)
    scheme = catalog.idempotency.get(facts.idempotency or "") if facts is not None else None
    key = scheme.header.lower() if scheme is not None else None
    return tuple(
        one
        for one in asked.parameters
        if not document.sets(asked, one) and not (one.location == "header" and one.name.lower() == key)
    )


def _members(asked: Operation, document: Document) -> dict[str, bool]:
    """The members that the document names for the body, and whether each is required."""
    contents = asked.request_body.content if asked.request_body is not None else ()
    schema = contents[0].schema if contents else None
    for _ in range(_REFERENCES):
        if schema is None or schema.ref is None:
            break
        schema = document.definitions.get(schema.ref)
    return {name: name in schema.required for name in schema.properties} if schema is not None else {}


def arguments_wanted(
    id: str, asked: Operation, given: Collection[str], contract: tuple[Catalog, Document]
) -> dict[str, bool]:
    """What arguments an operation has by name, and which of them are needed: members of a body that is not sent are not."""
    catalog, document = contract
    members = _members(asked, document)
    is_sent = any(name in members for name in given) or (asked.request_body is not None and asked.request_body.required)
    needed = {name: required and is_sent for name, required in members.items()}
    return needed | {parameter.name: parameter.required for parameter in _parameters(id, asked, catalog, document)}


def _check_arguments(lookup: Lookup, wanted: Mapping[str, bool], place: Place, report: Report) -> None:
    """Every argument has a parameter or a member of the body, and whatever is required has an argument."""
    known = list(wanted)
    for name in lookup.bind:
        if name not in known:
            message = f"the operation {quote(lookup.operation)} has no parameter {quote(name)}"
            help_text = suggestion(name, known) or (
                f"there is {listed(known, conjunction='and')}" if known else "it has no parameters"
            )
            report.add(CATALOG_LOOKUP, message, place.child("bind", name), help=help_text)
    for name, required in wanted.items():
        if required and name not in lookup.bind:
            message = f"the operation {quote(lookup.operation)} needs {quote(name)}, which is not bound"
            report.add(CATALOG_LOOKUP, message, place.child("bind"), help=_ELSEWHERE)


def _check_values(lookup: Lookup, lost: Operation, place: Place, report: Report) -> None:
    """Every value is to be had: arguments from the lost request, the others from it or from what the lookup finds."""
    for name, selector in lookup.bind.items():
        where = place.child("bind", name)
        if selector.request is None and selector.const is None:
            report.add(
                CATALOG_LOOKUP, "the answer was lost, and no argument can be taken from it", where, help=_ELSEWHERE
            )
        _check_request(selector, lost, where, report)
    for where, predicate in _predicates(lookup, place):
        _check_found(predicate.select, lost, where, report)
        if predicate.test != "same_as":
            continue
        if predicate.value.const is not None:
            help_text = "test for a constant with `equals`"
            report.add(
                CATALOG_LOOKUP, "the value to compare with is a constant", where.child("same_as"), help=help_text
            )
        _check_found(predicate.value, lost, where.child("same_as"), report)


def _predicates(lookup: Lookup, place: Place) -> Iterator[tuple[Place, Predicate]]:
    judged: tuple[tuple[str, tuple[Predicate, ...]], ...] = (
        ("match", lookup.match),
        ("executed", lookup.executed or ()),
        ("not_executed", lookup.not_executed or ()),
    )
    for key, predicates in judged:
        for index, predicate in enumerate(predicates):
            yield place.child(key, index), predicate


def _check_found(selector: Selector, lost: Operation, place: Place, report: Report) -> None:
    if selector.header is not None:
        message = "what a lookup finds is a body, or an item in it: header fields are not looked at"
        report.add(CATALOG_LOOKUP, message, place, help="select a member of the body, or a value of the request")
    _check_request(selector, lost, place, report)


def _check_request(selector: Selector, lost: Operation, place: Place, report: Report) -> None:
    """The part of the request that a selector names is there."""
    if selector.request is None:
        return
    if selector.request == "body":
        if lost.request_body is None:
            report.add(CATALOG_LOOKUP, "the request has no body", place, help="name a parameter of the request")
        return
    known = [parameter.name for parameter in lost.parameters if parameter.location == selector.request]
    wanted = selector.at or ""
    # The names of header fields are not told apart by case (RFC 9110, section 5.1).
    found = wanted.lower() in map(str.lower, known) if selector.request == "header" else wanted in known
    if not found:
        message = f"the request has no {selector.request} parameter {quote(wanted)}"
        help_text = suggestion(wanted, known) or (
            f"there is {listed(known, conjunction='and')}" if known else "name another part of the request"
        )
        report.add(CATALOG_LOOKUP, message, place, help=help_text)
