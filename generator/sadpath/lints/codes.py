"""Lints the codes: what the document lists and the catalog does not know, and what the catalog has and the document excludes."""

from __future__ import annotations

from sadpath.catalog.model import Catalog, CatalogError
from sadpath.diagnostics import Related, Report, listed
from sadpath.diagnostics.rules_lints import CODE_EXCLUDED, CODE_NOT_IN_CATALOG
from sadpath.lints.listed_codes import Declared, Listing, declared_codes
from sadpath.lints.subject import Subject
from sadpath.source.place import Place


def lint_codes(subject: Subject, report: Report) -> None:
    """Compare the codes of the document with those of the catalog, in both directions."""
    declared = list(declared_codes(subject))
    known = _known(subject.catalog)
    for one in declared if subject.catalog.complete else ():
        for listing in one.listings:
            _lint_listing(listing, known, subject.catalog, report)
    for entry in subject.catalog.errors:
        _lint_entry(entry, declared, report)


def _known(catalog: Catalog) -> frozenset[str]:
    codes = {str(code) for entry in catalog.errors for code in entry.contract.match.codes}
    # What is no code of its own is told by its value at the same place.
    conditions = [one for entry in catalog.errors for one in entry.contract.match.when if not one.negate]
    for one in conditions:
        if one.test in ("equals", "in"):
            codes |= {str(value) for value in (one.value if one.test == "in" else (one.value,))}
    return frozenset(codes)


def _lint_listing(listing: Listing, known: frozenset[str], catalog: Catalog, report: Report) -> None:
    unknown = [code for code in listing.codes if str(code) not in known and not _in_family(code, catalog)]
    if unknown:
        what = "is" if len(unknown) == 1 else "are"
        message = f"{listed(map(str, unknown), conjunction='and')} {what} listed here and no entry of the catalog"
        report.add(CODE_NOT_IN_CATALOG, message, listing.place)


def _in_family(code: str | int, catalog: Catalog) -> bool:
    number = (
        code if isinstance(code, int) else int(code) if code.isascii() and code.isdigit() and len(code) < 20 else None
    )
    families = [family.contract for family in catalog.families.values()]
    return number is not None and any(family.first <= number <= family.last for family in families)


def _lint_entry(entry: CatalogError, declared: list[Declared], report: Report) -> None:
    """An entry is excluded where each response that it may come as has a closed list without its code."""
    match = entry.contract.match
    if not match.codes:
        return
    asked = [one for one in declared if one.complete and one.format.name == match.format and _may_come(entry, one)]
    if not asked:
        return
    missing = [code for code in match.codes if not any(str(code) in one.codes for one in asked)]
    if missing:
        place: Place = entry.place.child("match", "code")
        which = "the code" if len(missing) == 1 else "the codes"
        where = f"{asked[0].response.status} of {asked[0].operation}"
        verb = "is" if len(missing) == 1 else "are"
        message = f"{which} {listed(map(str, missing), conjunction='and')} {verb} not in the closed list"
        related = [Related(listing.place, "the closed list") for listing in asked[0].listings if listing.closed][:1]
        report.add(CODE_EXCLUDED, f"{message} that the document has for {where}", place, related=related)


def _may_come(entry: CatalogError, one: Declared) -> bool:
    match = entry.contract.match
    if match.operations and one.operation not in match.operations:
        return False
    status = one.response.status
    return not match.statuses or status in match.statuses or f"{status[0]}XX" in match.statuses
