"""Checks that the catalog can tell what it lists, and lists what the document declares."""

from __future__ import annotations

from collections.abc import Mapping

from sadpath.catalog.model import SUCCESS_FORMAT, Catalog
from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_catalog import CATALOG_CODE_WITHOUT_FORMAT, CATALOG_RESPONSE_MISSING
from sadpath.openapi.model import Document


def check_codes(catalog: Catalog, default: str | None, report: Report) -> None:
    """Report every error that is told by a code which no format finds; `default` is the format of errors that name none."""
    only = next(iter(catalog.formats)) if len(catalog.formats) == 1 else None
    for entry in catalog.errors:
        match = entry.contract.match
        if not match.codes and not match.other_codes:
            continue
        name = match.format or default or only
        format_ = catalog.formats.get(name or "")
        if format_ is None and name is not None and name != SUCCESS_FORMAT:
            continue  # that the format is missing has been said
        if format_ is None or format_.contract.code is None:
            what = (
                f"the format {quote(name)} has no code"
                if format_ is not None
                else "no format says where the code stands"
            )
            report.add(CATALOG_CODE_WITHOUT_FORMAT, what, entry.place.child("match"))


def check_responses(catalog: Catalog, document: Document, ids: Mapping[int, str], report: Report) -> None:
    """Report every error response of the document that no entry matches; `ids` names operations by their position."""
    for index, operation in enumerate(document.operations):
        matches = [
            entry.contract.match
            for entry in catalog.errors
            if not entry.contract.match.operations or ids[index] in entry.contract.match.operations
        ]
        known = {status for match in matches for status in match.statuses}
        for response in operation.responses:
            status = response.status
            if status[0] not in "45" or status in known or f"{status[0]}XX" in known or "default" in known:
                continue
            if status.endswith("XX") and any(found.startswith(status[0]) for found in known):
                continue
            message = f"{quote(ids[index])} declares {status}, and no entry of the catalog matches it"
            report.add(CATALOG_RESPONSE_MISSING, message, response.place)
