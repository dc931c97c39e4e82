"""Lints the statuses: those that the catalog has and the document does not declare, and those that contradict the fault."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import Final

from sadpath.catalog.model import CatalogError
from sadpath.diagnostics import Related, Report, quote
from sadpath.diagnostics.rules_lints import FAULT_AGAINST_STATUS, UNDECLARED_STATUS
from sadpath.lints.subject import Subject, names
from sadpath.openapi.model import Operation

_NOBODY: Final = frozenset({"402", "408", "409", "421", "423", "425", "429", "451"})
"""Statuses of 4xx that the server, the payer or the law may be behind."""


def lint_statuses(subject: Subject, report: Report) -> None:
    """One finding a status that is not declared, and one an entry whose fault is on the other side.

    A document that declares no failure of any operation leaves them all to its catalog, which is a way to write one.
    """
    for entry in subject.catalog.errors:
        _lint_fault(entry, report)
    if any(_fails(response.status) for one in subject.document.operations for response in one.responses):
        _lint_declared(subject, report)


def _fails(status: str) -> bool:
    return status[0] not in "123"


def _lint_declared(subject: Subject, report: Report) -> None:
    missing: defaultdict[str, dict[str, list[CatalogError]]] = defaultdict(dict)
    for entry in subject.catalog.errors:
        stated = [status for status in entry.contract.match.statuses if _fails(status) and status != "default"]
        for status, operation in product(stated, subject.answered_by(entry)):
            if not _is_declared(status, subject.described[operation.id]):
                missing[status].setdefault(operation.id, []).append(entry)
    for status, operations in missing.items():
        entries = [entry for found in operations.values() for entry in found]
        ids = names((entry.contract.id for entry in entries), 3)
        message = f"{names(operations)} can answer {status} ({ids}), and the document declares no such response"
        first = subject.described[next(iter(operations))]
        related = [Related(first.place.child("responses"), f"the responses of {next(iter(operations))}")]
        report.add(UNDECLARED_STATUS, message, entries[0].place.child("match", "status"), related=related)


def _is_declared(status: str, operation: Operation) -> bool:
    declared = {response.status for response in operation.responses}
    if status in declared or "default" in declared or f"{status[0]}XX" in declared:
        return True
    return status.endswith("XX") and any(one.startswith(status[0]) for one in declared)


def _lint_fault(entry: CatalogError, report: Report) -> None:
    statuses = entry.contract.match.statuses
    fault = entry.contract.fault
    kinds = {status[0] for status in statuses}
    if entry.contract.category == "unknown":
        return  # of what nobody knows, nobody knows whose fault it is
    if kinds == {"4"} and fault == "server" and not _NOBODY & set(statuses):
        told = "says that the request is at fault"
    elif kinds == {"5"} and fault in ("client", "payer"):
        told = "says that the server is at fault"
    else:
        return
    message = f"{quote(entry.contract.id)} has the fault {quote(fault)}, and {' or '.join(statuses)} {told}"
    report.add(FAULT_AGAINST_STATUS, message, entry.place.child("fault"))
