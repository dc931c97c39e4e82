"""Lints the words of a catalog: examples, descriptions and remedies that are missing, and texts that lack a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sadpath.catalog.model import AttributeText, Catalog, CatalogError, Text
from sadpath.diagnostics import Report, listed
from sadpath.diagnostics.rules_catalog import CATALOG_MISSING_LOCALE
from sadpath.diagnostics.rules_lints import ERROR_WITHOUT_EXAMPLE, ERROR_WITHOUT_WORDS
from sadpath.lints.subject import Subject, names
from sadpath.source.place import Place


def lint_prose(subject: Subject, report: Report) -> None:
    """One finding for all entries that lack the same, and one for each text that lacks a language."""
    errors = subject.catalog.errors
    total = len(errors)
    bare = [entry.contract.id for entry in errors if not entry.examples and not entry.outputs]
    if bare:
        message = f"{len(bare)} of {total} errors have no example: {names(bare)}"
        report.add(ERROR_WITHOUT_EXAMPLE, message, subject.catalog.place.child("errors"))
    for what, missing in (("description", _undescribed(errors)), ("remedies", _without_remedies(errors))):
        if missing:
            message = f"{len(missing)} of {total} errors have no `{what}`: {names(missing)}"
            report.add(ERROR_WITHOUT_WORDS, message, subject.catalog.place.child("errors"))
    if len(subject.catalog.info.locales) > 1:
        _lint_locales(subject.catalog, report)


def _undescribed(errors: tuple[CatalogError, ...]) -> list[str]:
    return [entry.contract.id for entry in errors if not entry.description and not entry.causes]


def _without_remedies(errors: tuple[CatalogError, ...]) -> list[str]:
    """What a reader can do by himself is a remedy; waiting and finding out is told by the next step."""
    return [
        entry.contract.id for entry in errors if not entry.remedies and entry.contract.advice.next in ("fix", "user")
    ]


def _lint_locales(catalog: Catalog, report: Report) -> None:
    """The texts around the errors; those of the errors themselves are checked whenever a catalog is read."""
    for place, text in _texts(catalog):
        given = {locale for locale, _ in text.values}
        missing = [locale for locale in catalog.info.locales if locale not in given]
        if text and "" not in given and missing:
            report.add(CATALOG_MISSING_LOCALE, f"there is no text in {listed(missing)} here", place)


def _texts(catalog: Catalog) -> Iterator[tuple[Place, Text]]:
    yield catalog.place.child("info", "title"), catalog.info.title
    for facts in catalog.operations.values():
        yield facts.place.child("title"), facts.title
        yield facts.place.child("description"), facts.description
    for family in catalog.families.values():
        yield family.place.child("title"), family.title
        yield family.place.child("description"), family.description
    for form in catalog.formats.values():
        yield from _attribute_texts(form.place, form.attribute_texts)
    for entry in catalog.errors:
        yield from _attribute_texts(entry.place, entry.attribute_texts)
        for example in entry.examples:
            yield example.place.child("title"), example.title


def _attribute_texts(place: Place, texts: Mapping[str, AttributeText]) -> Iterator[tuple[Place, Text]]:
    for name, words in texts.items():
        yield place.child("attributes", name, "description"), words.description
        for value, text in words.values:
            yield place.child("attributes", name, "values", value), text
