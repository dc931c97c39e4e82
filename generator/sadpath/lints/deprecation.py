"""Lints what is deprecated without a word on what to use instead."""

from __future__ import annotations

import re
from typing import Final

from sadpath.catalog.model import CatalogError
from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lints import DEPRECATED_WITHOUT_SUCCESSOR
from sadpath.lints.subject import Subject, names
from sadpath.openapi.model import Operation

_SUCCESSOR: Final = re.compile(
    r"instead|\buse\b|replac|supersed|in favou?r|migrat|switch to|moved|no longer|any ?more|abolish|withdrawn|removed|sunset|`"
    r"|вместо|замен|используйте|отмен|больше не",
    re.I,
)
"""Words that say what came in its place, or that nothing did."""


def lint_deprecation(subject: Subject, report: Report) -> None:
    """Report errors, operations and parameters that are deprecated, and nothing more is said."""
    for entry in subject.catalog.errors:
        _lint_error(entry, report)
    for id, operation in subject.described.items():
        about = subject.operations[id].about.values if id in subject.operations else ()
        said = " ".join((operation.summary or "", operation.description or "", *(text for _, text in about)))
        if operation.deprecated and not _SUCCESSOR.search(said):
            message = f"the operation {quote(id)} is deprecated, and its description names nothing in its place"
            report.add(DEPRECATED_WITHOUT_SUCCESSOR, message, operation.place.child("deprecated"))
        elif not operation.deprecated:
            _lint_parameters(id, operation, report)


def _lint_error(entry: CatalogError, report: Report) -> None:
    if entry.contract.deprecated and entry.replaced_by is None:
        raw = entry.place.child("deprecated").value
        if raw is True:
            message = f"{quote(entry.contract.id)} is deprecated, and nothing says why or what came in its place"
            report.add(DEPRECATED_WITHOUT_SUCCESSOR, message, entry.place.child("deprecated"))


def _lint_parameters(id: str, operation: Operation, report: Report) -> None:
    found = [one for one in operation.parameters if one.deprecated and not _SUCCESSOR.search(one.description or "")]
    if found:
        told = names((one.name for one in found), 3)
        message = f"the parameters {told} of {quote(id)} are" if len(found) > 1 else f"{told} of {quote(id)} is"
        report.add(DEPRECATED_WITHOUT_SUCCESSOR, f"{message} deprecated, and nothing is named instead", found[0].place)
