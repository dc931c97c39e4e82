"""Lints the families of codes: those without a member, and entries that stand on the border of one."""

from __future__ import annotations

from sadpath.catalog.model import CatalogError, Family
from sadpath.diagnostics import Related, Report, listed, quote
from sadpath.diagnostics.rules_lints import FAMILY_SPLIT, FAMILY_WITHOUT_CODES
from sadpath.lints.subject import Subject


def lint_families(subject: Subject, report: Report) -> None:
    """Report families that no entry belongs to, and entries with codes on both sides of a border."""
    for family in subject.catalog.families.values():
        if not any(_inside(entry, family) for entry in subject.catalog.errors):
            message = f"no entry has a code from {family.contract.first} to {family.contract.last}"
            report.add(FAMILY_WITHOUT_CODES, f"{message}, the range of {quote(family.contract.name)}", family.place)
        for entry in subject.catalog.errors:
            _lint_border(entry, family, report)


def _inside(entry: CatalogError, family: Family) -> list[int]:
    """The codes of an entry that are in the range; only numbers are."""
    numbers = [code for code in entry.contract.match.codes if isinstance(code, int)]
    return [code for code in numbers if family.contract.first <= code <= family.contract.last]


def _lint_border(entry: CatalogError, family: Family, report: Report) -> None:
    inside = _inside(entry, family)
    outside = [code for code in entry.contract.match.codes if code not in inside]
    spelt = [
        code
        for code in entry.contract.match.codes
        if isinstance(code, str) and code.isascii() and code.isdigit() and _in_range(code, family)
    ]
    if inside and outside:
        told = f"{listed(map(str, inside), conjunction='and')} of {quote(entry.contract.id)} is in the range of"
        message = f"{told} {quote(family.contract.name)}, and {listed(map(str, outside), conjunction='and')} is not"
    elif spelt:
        told = f"{listed(spelt, conjunction='and')} of {quote(entry.contract.id)} is a text, and"
        message = f"{told} {quote(family.contract.name)} is a range of numbers"
    else:
        return
    related = [Related(family.place, "the family")]
    report.add(FAMILY_SPLIT, message, entry.place.child("match", "code"), related=related)


def _in_range(code: str, family: Family) -> bool:
    return len(code) < 20 and family.contract.first <= int(code) <= family.contract.last
