"""The first half of the program: load, check, lower; from the settings of an API to its service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from sadpath.catalog.coverage import check_codes, check_responses
from sadpath.catalog.derive import derive_catalog
from sadpath.catalog.link import link_catalog
from sadpath.catalog.lookups import check_lookups
from sadpath.catalog.model import Catalog
from sadpath.catalog.parse import parse_catalog
from sadpath.catalog.texts import check_texts, parse_texts
from sadpath.catalog.webhooks import check_webhooks
from sadpath.config import ApiSettings
from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.registry import all_rules
from sadpath.diagnostics.rules_catalog import CATALOG_DERIVED
from sadpath.ir.service import Service
from sadpath.ir.texts import document_texts
from sadpath.lower.failures import with_default_format
from sadpath.lower.operation_ids import operation_id, with_operation_ids
from sadpath.lower.schemas import TypeTable
from sadpath.lower.service import lower, lower_types
from sadpath.openapi.check_references import refers_plainly
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import second_findings
from sadpath.reference.written import Written
from sadpath.runtime.frozen import dataclass
from sadpath.sharing import aside, aside_both
from sadpath.source.fetched import Fetch
from sadpath.source.loader import load
from sadpath.source.reads import note_source, note_unhashed
from sadpath.source.references import Sources
from sadpath.source.text import Source, Survey

if TYPE_CHECKING:
    from sadpath.source.fetched import Fetch

_LARGE: Final = 200_000
"""Characters of a document, from which on processes of their own for part of the work save more than they cost."""
_OF_COMPONENTS: Final = frozenset({"server", "openapi"})
"""Targets that the document with the catalog's failures in it belongs to."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One API as it was read; `service` is None, and parts may be, where the report has the reasons.

    `components` are texts of the merged document that were made beforehand.
    """

    service: Service | None
    document: Document | None
    catalog: Catalog | None
    components: Mapping[str, Written] = field(default_factory=dict[str, Written])


def read_service(settings: ApiSettings, report: Report) -> tuple[Service, Document] | None:
    """Load, check and lower one API; None, with every reason in the report, where it cannot be generated from."""
    contract = read_contract(settings, report)
    if contract.service is None or contract.document is None:
        return None
    return contract.service, contract.document


def read_contract(
    settings: ApiSettings, report: Report, *, second_opinion: bool = True, shared: bool = False
) -> Contract:
    """Load, check and lower one API, as far as its document and its catalog allow; the `second_opinion` is the validator's.

    With `shared`, child processes look into a large document, and ask for that opinion, while this one goes on as if
    they had nothing to say.
    """
    source = _source(settings, report)
    if source is None:
        return Contract(None, None, read_catalog(settings, None, report))
    if second_opinion and shared and len(source.text) > _LARGE:
        with aside_both(partial(refers_plainly, source), partial(_look_ahead, source, settings)) as (plain, look):
            return _contract(source, settings, report, look=_Look(plain, look))
    return _contract(source, settings, report, second_opinion=second_opinion)


_Ahead: TypeAlias = tuple[Survey | None, Mapping[str, Written]]


@dataclass(frozen=True, slots=True)
class _Look:
    """What a child tells about a document while it is parsed, in this order: whether its references are in order, and the rest."""

    refers_plainly: Callable[[], bool]
    rest: Callable[[], _Ahead]


def _look_ahead(source: Source, settings: ApiSettings) -> _Ahead:
    """What can be known of a document before it is parsed: where large parts of it stand, and texts of its components."""
    from sadpath.reference.merged import component_texts

    survey = source.origin("")[0].survey()
    return survey, component_texts(source.tree) if _OF_COMPONENTS & settings.targets else {}


def _contract(
    source: Source, settings: ApiSettings, report: Report, *, second_opinion: bool = True, look: _Look | None = None
) -> Contract:
    """The contract of a source; with a `look` at it that a child takes, another one asks for the second opinion."""
    read = _parsed(source, settings, report, None if look is None else look.refers_plainly)
    if read is None:
        return Contract(None, None, read_catalog(settings, None, report))
    checks = partial(second_findings, source, read.sources, tuple(report))
    if look is None or report.failed:
        report.extend(checks() if second_opinion else ())
        return _lowered(settings, read.document, report, tuple)
    common = (*read.sources.all, *all_rules().values())
    if settings.errors is None:
        with aside_both(partial(_derived, settings, read.document), checks, common=common) as (derived, checked):
            contract = _lowered(settings, read.document, report, checked, derived)
    else:
        with aside(checks, common=common) as checked:
            contract = _lowered(settings, read.document, report, checked)
    survey, components = look.rest()
    if survey is not None:
        source.origin("")[0].know(survey)
    # The child put into words what stands there, which may not be what it was read as.
    return replace(contract, components=components) if read.document.tree is source.tree else contract


_Derived: TypeAlias = tuple[Catalog | None, tuple[Diagnostic, ...]]


def _derived(settings: ApiSettings, document: Document) -> _Derived:
    """The catalog, and what there is to say about it."""
    report = Report()
    return read_catalog(settings, document, report), tuple(report)


def _lowered(
    settings: ApiSettings,
    document: Document,
    report: Report,
    checked: Callable[[], Iterable[Diagnostic]],
    derived: Callable[[], _Derived] | None = None,
) -> Contract:
    """The contract of a document; `checked` gives findings that may come late, and are nevertheless said before those of lowering.

    With `derived`, the catalog comes from there, and is asked for as late as possible.
    """
    lowering = Report()
    catalog: Catalog | None = None
    types: TypeTable | None = None
    try:
        if derived is None:
            catalog = read_catalog(settings, document, report)
        else:
            types = lower_types(document, lowering)
            catalog, findings = derived()
            report.extend(findings)
        if catalog is None or report.failed:
            report.extend(checked())
            return Contract(None, document, catalog)
        service = lower(document, catalog, settings.locales, lowering, types)
    except Exception:
        report.extend(checked())
        if report.failed:
            return Contract(None, document, catalog)
        raise
    report.extend(checked())
    if report.failed:
        return Contract(None, document, catalog)
    report.extend(lowering)
    service = _translated(service, settings, report)
    return Contract(None if report.failed else service, document, catalog)


def read_document(settings: ApiSettings, report: Report, *, second_opinion: bool = True) -> Document | None:
    """Load and check the document of an API, each operation with an id; None where it is none. Findings are in the report."""
    source = _source(settings, report)
    read = None if source is None else _parsed(source, settings, report)
    if source is None or read is None:
        return None
    if second_opinion:
        report.extend(second_findings(source, read.sources, tuple(report)))
    return read.document


def _source(settings: ApiSettings, report: Report) -> Source | None:
    source = load(settings.openapi, report)
    return None if source is None else _patched(source, settings, report)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A document, each operation with an id, and all that it was read from."""

    document: Document
    sources: Sources


def _parsed(
    source: Source, settings: ApiSettings, report: Report, refers_plainly: Callable[[], bool] | None = None
) -> _Parsed | None:
    """A document with its sources; meanwhile somebody else may find out whether it `refers_plainly`, and nothing has to be checked."""
    if refers_plainly is not None:
        own = Report()
        read = _read_through(source, settings, own, references_checked=True)
        # What a discriminator names may be another file.
        if refers_plainly() and (read is None or len(read.sources.all) == 1):
            report.extend(own)
            return read
    return _read_through(source, settings, report)


def _read_through(
    source: Source, settings: ApiSettings, report: Report, *, references_checked: bool = False
) -> _Parsed | None:
    sources = _sources(source, settings, report)
    if references_checked:
        sources.take_for_plain()
    allowed = "exploding-patterns" in settings.allow
    document = parse_document(
        source, sources, report, exploding_patterns=allowed, references_checked=references_checked
    )
    return None if document is None else _Parsed(with_operation_ids(document), sources)


def _translated(service: Service, settings: ApiSettings, report: Report) -> Service:
    """The service with what the words of its document are in other languages."""
    if settings.texts is None:
        return service
    source = load(settings.texts, report)
    if source is None:
        return service
    texts = parse_texts(source, service.default_locale, report)
    others = [locale for locale in service.locales if locale != service.default_locale]
    check_texts(texts, document_texts(service), others, report)
    return replace(service, texts={locale: texts.of(locale) for locale in others})


def _patched(source: Source, settings: ApiSettings, report: Report) -> Source:
    """The document with the overlays and the names of the configuration."""
    if settings.overlays:
        from sadpath.openapi.overlay import overlaid

        source = overlaid(source, settings.overlays, report)
    if settings.renames:
        from sadpath.openapi.renames import renamed

        source = renamed(source, [(one.subject, one.name, one.place) for one in settings.renames], report)
    note_source(source)
    return source


def _sources(root: Source, settings: ApiSettings, report: Report) -> Sources:
    """The document and what it may refer to: the files in its folder, and what else the settings allow."""
    roots = [Path(Path(root.path).resolve().anchor)] if "outside-references" in settings.allow else []
    fetch: Fetch | None = None
    if "network-references" in settings.allow:
        from sadpath.source.network import fetch_https

        fetch = fetch_https
        note_unhashed()
    return Sources(root, report, roots=roots, fetch=fetch)


def read_catalog(settings: ApiSettings, document: Document | None, report: Report) -> Catalog | None:
    """The catalog of an API, or one derived from its document; None, with every reason in the report, where there is none."""
    if settings.errors is None:
        if document is None:
            return None
        catalog = derive_catalog(document, settings.name, operation_ids(document))
        report.add(
            CATALOG_DERIVED, f"{_counted(len(catalog.errors))} derived from the document's responses", document.place
        )
        return catalog
    source = load(settings.errors, report)
    if source is None:
        return None
    found = parse_catalog(source, report, exploding_patterns="exploding-patterns" in settings.allow)
    if found is None:
        return None
    if found[0].complete:
        check_codes(*found, report)
    if document is not None:
        ids = operation_ids(document)
        link_catalog(found[0], tuple(ids.values()), report)
        if found[0].complete:
            check_responses(found[0], document, ids, report)
        check_lookups(found[0], document, ids, report)
        check_webhooks(found[0], document, ids, report)
    return with_default_format(*found)


def operation_ids(document: Document) -> dict[int, str]:
    """The ids of operations by their position in the document."""
    return {index: operation_id(operation) for index, operation in enumerate(document.operations)}


def _counted(errors: int) -> str:
    if errors == 0:
        return "no catalog was given, and no error could be"
    return "1 error was" if errors == 1 else f"{errors} errors were"
