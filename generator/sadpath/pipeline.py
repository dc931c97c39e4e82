"""The whole program in one place: load, check, lower, view, render, format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sadpath.catalog.coverage import check_codes, check_responses
from sadpath.catalog.derive import derive_catalog
from sadpath.catalog.link import link_catalog
from sadpath.catalog.lookups import check_lookups
from sadpath.catalog.model import Catalog
from sadpath.catalog.parse import parse_catalog
from sadpath.catalog.texts import check_texts, parse_texts
from sadpath.catalog.webhooks import check_webhooks
from sadpath.config import ApiSettings
from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_catalog import CATALOG_DERIVED
from sadpath.ir.service import Service
from sadpath.ir.texts import document_texts
from sadpath.lower.failures import with_default_format
from sadpath.lower.operation_ids import operation_id, with_operation_ids
from sadpath.lower.service import lower
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import check_document
from sadpath.output import OwnedTree
from sadpath.source.loader import load
from sadpath.source.network import Fetch, fetch_https
from sadpath.source.references import Sources
from sadpath.source.text import Source

if TYPE_CHECKING:
    from sadpath.render.markdown import Documented


def read_service(settings: ApiSettings, report: Report) -> tuple[Service, Document] | None:
    """Load, check and lower one API; None, with every reason in the report, where it cannot be generated from."""
    source = load(settings.openapi, report)
    document = None
    if source is not None:
        sources = _sources(source, settings, report)
        document = parse_document(source, sources, report, exploding_patterns="exploding-patterns" in settings.allow)
        if document is not None:
            check_document(source, sources, report)
            document = with_operation_ids(document)
    catalog = _catalog(settings, document, report)
    if document is None or catalog is None or report.failed:
        return None
    service = _translated(lower(document, catalog, settings.locales, report), settings, report)
    return None if report.failed else (service, document)


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


def _sources(root: Source, settings: ApiSettings, report: Report) -> Sources:
    """The document and what it may refer to: the files in its folder, and what else the settings allow."""
    roots = [Path(Path(root.path).resolve().anchor)] if "outside-references" in settings.allow else []
    fetch: Fetch | None = None
    if "network-references" in settings.allow:
        fetch = fetch_https
    return Sources(root, report, roots=roots, fetch=fetch)


def _catalog(settings: ApiSettings, document: Document | None, report: Report) -> Catalog | None:
    if settings.errors is None:
        if document is None:
            return None
        catalog = derive_catalog(document, settings.name, _operation_ids(document))
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
    check_codes(*found, report)
    if document is not None:
        ids = _operation_ids(document)
        link_catalog(found[0], tuple(ids.values()), report)
        check_responses(found[0], document, ids, report)
        check_lookups(found[0], document, ids, report)
        check_webhooks(found[0], document, ids, report)
    return with_default_format(*found)


def _operation_ids(document: Document) -> dict[int, str]:
    return {index: operation_id(operation) for index, operation in enumerate(document.operations)}


def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...] | None:
    """Everything that is generated for one API, by kind; None, with the reasons in the report, where it cannot be.

    Each kind (Python, pages, document) owns its files by itself, so that making one of them again leaves the others alone.
    """
    found = build_all((settings,), report)
    return found.trees if found.complete else None


@dataclass(frozen=True, slots=True)
class Built:
    """What is generated for several APIs, and for all of them together; not `complete` where one cannot be generated from."""

    trees: tuple[OwnedTree, ...]
    comparisons: tuple[OwnedTree, ...]
    complete: bool


def build_all(apis: Sequence[ApiSettings], report: Report) -> Built:
    """Everything that is generated for the APIs, each with findings of its own, and the page that compares those of one workspace."""
    from sadpath.python.names import name_package
    from sadpath.render.targets import documented, render_targets

    trees: list[OwnedTree] = []
    compared: list[tuple[ApiSettings, Documented]] = []
    complete = True
    for settings in apis:
        own = Report()
        found = read_service(settings, own)
        report.extend(own.diagnostics)
        if found is None:
            complete = False
            continue
        service, document = found
        names = name_package(service)
        kinds = render_targets(service, names, document, settings)
        trees += [OwnedTree(f"{settings.package} {kind}", files) for kind, files in kinds.items()]
        if "docs" in settings.targets:
            compared.append((settings, documented(service, names, settings)))
    return Built(tuple(trees), tuple(_comparisons(compared)), complete)


def _comparisons(compared: Sequence[tuple[ApiSettings, Documented]]) -> Iterator[OwnedTree]:
    """For each workspace, the page that compares its APIs: there is nothing to compare one with itself."""
    from sadpath.render.markdown import render_comparison

    workspaces: dict[str, list[Documented]] = {}
    for settings, one in compared:
        workspaces.setdefault(settings.runtime, []).append(one)
    folders = {settings.runtime: PurePosixPath(settings.layout.docs).parent for settings, _ in compared}
    for runtime, apis in workspaces.items():
        if len(apis) > 1:
            pages = {str(folders[runtime] / path): text for path, text in render_comparison(apis).items()}
            yield OwnedTree(f"{runtime} comparison", pages)


def _counted(errors: int) -> str:
    if errors == 0:
        return "no catalog was given, and no error could be"
    return "1 error was" if errors == 1 else f"{errors} errors were"
