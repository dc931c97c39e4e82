"""Checks that what a catalog names is there: in the catalog itself and in the document beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import combinations

from sadpath.catalog.model import SUCCESS_FORMAT, Catalog, CatalogError, Text
from sadpath.diagnostics import Related, Report, listed, quote, suggestion
from sadpath.diagnostics.rules_catalog import (
    CATALOG_AMBIGUOUS_MATCH,
    CATALOG_CLASS_COLLISION,
    CATALOG_FAMILY_OVERLAP,
    CATALOG_MISSING_LOCALE,
    CATALOG_UNKNOWN_NAME,
    CATALOG_VALUE,
)
from sadpath.naming.words import pascal
from sadpath.runtime.contract import Outcome
from sadpath.source.place import Place


def link_catalog(catalog: Catalog, operations: Collection[str], report: Report) -> None:
    """Report every name that leads nowhere, every pair of errors that cannot be told apart, and texts that are missing."""
    checker = _Names(report)
    _link_operations(catalog, operations, checker)
    _link_errors(catalog, operations, checker)
    _check_outcomes(catalog, report)
    _check_kinds(catalog, report)
    _check_families(catalog, report)
    _check_classes(catalog, report)
    _check_matches(catalog, report)
    if len(catalog.info.locales) > 1:
        _check_locales(catalog, report)


class _Names:
    def __init__(self, report: Report) -> None:
        self._report = report

    def expect(self, name: str | None, known: Collection[str], what: str, place: Place) -> None:
        """Report `name` unless it is None or known."""
        if name is None or name in known:
            return
        self._report.add(CATALOG_UNKNOWN_NAME, f"there is no {what} {quote(name)}", place, help=_help(name, known))


def _help(name: str, known: Collection[str]) -> str | None:
    """The name that may be meant, else those that there are."""
    return suggestion(name, known) or (
        f"there is {listed(sorted(known), conjunction='and')}" if known else "none is defined"
    )


def _link_operations(catalog: Catalog, operations: Collection[str], names: _Names) -> None:
    for id, facts in catalog.operations.items():
        names.expect(id, operations, "operation", facts.place)
        names.expect(
            facts.idempotency, catalog.named("idempotency"), "idempotency scheme", facts.place.child("idempotency")
        )
        if facts.lookup is not None:
            names.expect(facts.lookup.operation, operations, "operation", facts.place.child("lookup", "operation"))
    for format_ in catalog.formats.values():
        for name in format_.contract.also_accept:
            names.expect(name, catalog.named("formats"), "format", format_.place.child("also_accept"))
    errors = catalog.named("errors")
    for failure, id in catalog.framework.items():
        names.expect(id, errors, "error", catalog.place.child("framework", failure))
    for example in catalog.examples:
        names.expect(example.operation, operations, "operation", example.place.child("operation"))
    for id, webhook in catalog.webhooks.items():
        place = catalog.place.child("webhooks", id)
        for name in webhook.signature:
            names.expect(name, catalog.named("signatures"), "signature", place.child("signature"))
        names.expect(webhook.operation, operations, "operation", place.child("operation"))


def _link_errors(catalog: Catalog, operations: Collection[str], names: _Names) -> None:
    errors, formats, policies = catalog.named("errors"), catalog.named("formats"), catalog.named("policies")
    before = sorted(errors - {entry.contract.id for entry in catalog.errors})
    for entry in catalog.errors:
        names.expect(entry.parent, before, "earlier error", entry.place.child("kind_of"))
        before.append(entry.contract.id)
        match = entry.contract.match
        place = entry.place.child("match")
        for index, name in enumerate(match.operations):
            names.expect(name, operations, "operation", place.child("operations", index))
        names.expect(match.format, {*formats, SUCCESS_FORMAT}, "format", place.child("format"))
        names.expect(entry.contract.advice.policy, policies, "policy", entry.place.child("policy"))
        names.expect(entry.replaced_by, errors, "error", entry.place.child("replaced_by"))
        for example in entry.examples:
            names.expect(example.operation, operations, "operation", example.place.child("operation"))


def _check_outcomes(catalog: Catalog, report: Report) -> None:
    """An answer proves that the request was sent."""
    for entry in catalog.errors:
        if entry.contract.outcome is Outcome.NOT_SENT:
            message = f"{quote(entry.contract.id)} is an answer, so the request was sent"
            help_text = "Use `rejected` where the API says that it did nothing, else leave the key out."
            report.add(CATALOG_VALUE, message, entry.place.child("outcome"), help=help_text)


def _check_kinds(catalog: Catalog, report: Report) -> None:
    """Whoever catches what nobody knows must not be told of what is known."""
    unknown = {entry.contract.id for entry in catalog.errors if entry.contract.outcome is Outcome.UNKNOWN}
    for entry in catalog.errors:
        if entry.parent in unknown and entry.contract.id not in unknown:
            message = (
                f"the outcome of {quote(entry.parent or '')} is unknown, and that of {quote(entry.contract.id)} is not"
            )
            help_text = "a kind of an error with an unknown outcome has one, too"
            report.add(CATALOG_VALUE, message, entry.place.child("kind_of"), help=help_text)


def _check_families(catalog: Catalog, report: Report) -> None:
    for left, right in combinations(catalog.families.values(), 2):
        if left.contract.first <= right.contract.last and right.contract.first <= left.contract.last:
            shared = (
                f"{max(left.contract.first, right.contract.first)} to {min(left.contract.last, right.contract.last)}"
            )
            message = f"the codes {shared} belong to {quote(left.contract.name)} and to {quote(right.contract.name)}"
            report.add(CATALOG_FAMILY_OVERLAP, message, right.place, related=[Related(left.place, "the other family")])


def class_name(entry: CatalogError) -> str:
    """The class name that an entry asks for."""
    return entry.class_name or pascal(entry.contract.id.replace("_", " "))


def _check_classes(catalog: Catalog, report: Report) -> None:
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for family in catalog.families.values():
        places[family.contract.name].append(family.place)
    for entry in catalog.errors:
        places[class_name(entry)].append(entry.place)
    for name, found in places.items():
        for place in found[1:]:
            related = [Related(found[0], "this is named so")]
            report.add(CATALOG_CLASS_COLLISION, f"the class name {quote(name)} is taken", place, related=related)


def _check_matches(catalog: Catalog, report: Report) -> None:
    for left, right in combinations(catalog.errors, 2):
        if _ambiguous(left, right):
            message = f"{quote(right.contract.id)} matches the same answers as {quote(left.contract.id)}"
            report.add(CATALOG_AMBIGUOUS_MATCH, message, right.place, related=[Related(left.place, "the other error")])


def _ambiguous(left: CatalogError, right: CatalogError) -> bool:
    one, two = left.contract.match, right.contract.match
    if one.format != two.format or one.when != two.when or one.other_codes != two.other_codes:
        return False
    if one.operations and two.operations and not set(one.operations) & set(two.operations):
        return False
    if bool(one.operations) != bool(two.operations):
        return False
    same_status = bool(set(one.statuses) & set(two.statuses)) or one.statuses == two.statuses
    same_code = bool(set(one.codes) & set(two.codes)) or (not one.codes and not two.codes)
    return same_status and same_code


def _texts(entry: CatalogError) -> Iterator[tuple[Place, Text]]:
    yield entry.place.child("title"), entry.title
    yield entry.place.child("description"), entry.description
    for key, items in (("causes", entry.causes), ("remedies", entry.remedies)):
        for index, item in enumerate(items):
            yield entry.place.child(key, index), item.text
    yield entry.place.child("audience", "payer"), entry.payer


def _check_locales(catalog: Catalog, report: Report) -> None:
    for entry in catalog.errors:
        for place, text in _texts(entry):
            given = {locale for locale, _ in text.values}
            missing = [locale for locale in catalog.info.locales if locale not in given]
            if text and missing:
                report.add(CATALOG_MISSING_LOCALE, f"there is no text in {listed(missing)} here", place)
