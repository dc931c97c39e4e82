"""The whole program in one place: load, check, lower, view, render, format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, TypeAlias

from sadpath.catalog.coverage import check_codes, check_responses
from sadpath.catalog.derive import derive_catalog
from sadpath.catalog.link import class_name, link_catalog
from sadpath.catalog.lookups import check_lookups
from sadpath.catalog.model import Catalog, CatalogError
from sadpath.catalog.parse import parse_catalog
from sadpath.catalog.texts import check_texts, parse_texts
from sadpath.catalog.webhooks import check_webhooks
from sadpath.config import ApiSettings
from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.policy import Policy
from sadpath.diagnostics.registry import all_rules
from sadpath.diagnostics.rules_catalog import CATALOG_DERIVED
from sadpath.diagnostics.rules_patch import TARGET_FAILED
from sadpath.ir.service import Service
from sadpath.ir.texts import document_texts
from sadpath.lower.failures import with_default_format
from sadpath.lower.operation_ids import operation_id, with_operation_ids
from sadpath.lower.service import lower
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import second_findings
from sadpath.output import OwnedTree
from sadpath.runtime.frozen import dataclass
from sadpath.sharing import aside
from sadpath.source.fetched import Fetch
from sadpath.source.loader import load
from sadpath.source.reads import note_source, note_unhashed, recorded_reads
from sadpath.source.references import Sources
from sadpath.source.text import Source, Survey

if TYPE_CHECKING:
    from sadpath.render.markdown import Documented
    from sadpath.render.targets import TargetApi

_Look: TypeAlias = tuple[tuple[Diagnostic, ...], Survey | None]

_LARGE: Final = 200_000
"""Characters of a document, from which on a process of its own for the validator saves more than it costs."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One API as it was read; `service` is None, and parts may be, where the report has the reasons."""

    service: Service | None
    document: Document | None
    catalog: Catalog | None


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

    With `shared`, a child process asks for that of a large document, while this one goes on as if it had nothing to say.
    """
    read = _read(settings, report)
    if read is None:
        return Contract(None, None, _catalog(settings, None, report))
    checks = partial(second_findings, read.source, read.sources, tuple(report))
    document = with_operation_ids(read.document)
    if second_opinion and shared and not report.failed and len(read.source.text) > _LARGE:
        look = partial(_second_look, checks, read.source)
        with aside(look, common=(*read.sources.all, *all_rules().values())) as looked:
            return _lowered(settings, document, report, partial(_taken, looked, read.source))
    report.extend(checks() if second_opinion else ())
    return _lowered(settings, document, report, tuple)


def _second_look(checks: Callable[[], tuple[Diagnostic, ...]], source: Source) -> _Look:
    """What a child process finds out: findings, and where large parts of the document stand."""
    return checks(), source.origin("")[0].survey()


def _taken(looked: Callable[[], _Look], source: Source) -> tuple[Diagnostic, ...]:
    findings, survey = looked()
    if survey is not None:
        source.origin("")[0].know(survey)
    return findings


def _lowered(
    settings: ApiSettings, document: Document, report: Report, checked: Callable[[], Iterable[Diagnostic]]
) -> Contract:
    """The contract of a document; `checked` gives findings that may come late, and are nevertheless said before those of lowering."""
    catalog = _catalog(settings, document, report)
    if catalog is None or report.failed:
        report.extend(checked())
        return Contract(None, document, catalog)
    lowering = Report()
    try:
        service = lower(document, catalog, settings.locales, lowering)
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
    read = _read(settings, report)
    if read is None:
        return None
    if second_opinion:
        report.extend(second_findings(read.source, read.sources, tuple(report)))
    return with_operation_ids(read.document)


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as it was parsed, and what it was read from."""

    source: Source
    sources: Sources
    document: Document


def _read(settings: ApiSettings, report: Report) -> _Read | None:
    source = load(settings.openapi, report)
    if source is None:
        return None
    source = _patched(source, settings, report)
    sources = _sources(source, settings, report)
    document = parse_document(source, sources, report, exploding_patterns="exploding-patterns" in settings.allow)
    return None if document is None else _Read(source, sources, document)


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


def _catalog(settings: ApiSettings, document: Document | None, report: Report) -> Catalog | None:
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


def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...] | None:
    """Everything that is generated for one API, by kind; None, with the reasons in the report, where it cannot be.

    Each kind (Python, pages, document) owns its files by itself, so that making one of them again leaves the others alone.
    """
    found = build_all((settings,), report)
    return tuple(one.tree for one in found.trees) if found.complete else None


@dataclass(frozen=True, slots=True)
class Placed:
    """Files of one owner, and the output directory that they belong in."""

    root: Path
    tree: OwnedTree


@dataclass(frozen=True, slots=True)
class Built:
    """What is generated for several APIs, and for all of them together; not `complete` where one cannot be generated from."""

    trees: tuple[Placed, ...]
    comparisons: tuple[Placed, ...]
    complete: bool


Begin: TypeAlias = Callable[[str], None]


def nobody_asks(name: str) -> None:
    """Nobody wants to know what is begun."""


def build_all(
    apis: Sequence[ApiSettings],
    report: Report,
    begin: Begin = nobody_asks,
    *,
    lint: bool = False,
    shared: bool = False,
) -> Built:
    """Everything that is generated for the APIs, each with findings of its own, and the page that compares those of one workspace.

    `begin` is told the name of each API before its turn. With `lint`, the report has what `lint_all` would say, too.
    `shared` allows for child processes; only a caller whose process has no other threads may say so.
    """
    from sadpath.python.names import name_package
    from sadpath.render.targets import TargetApi, documented

    trees: list[Placed] = []
    compared: list[tuple[ApiSettings, Documented]] = []
    complete = True
    for settings, contract in _contracts(apis, report, begin, lint=lint, shared=shared):
        service, document = contract.service, contract.document
        if service is None or document is None:
            complete = False
            continue
        api = TargetApi(service, name_package(service), document, settings)
        kinds = _rendered(api, report, shared=shared)
        if kinds is None:
            complete = False
            continue
        trees += [
            Placed(settings.layout.root, OwnedTree(f"{settings.package} {kind}", files))
            for kind, files in kinds.items()
        ]
        if "docs" in settings.targets:
            compared.append((settings, documented(api)))
    return Built(tuple(trees), tuple(_comparisons(compared)), complete)


def _rendered(api: TargetApi, report: Report, *, shared: bool) -> dict[str, dict[str, str]] | None:
    """The files of an API by kind; None, with the reason, where a template or a target of somebody else fails."""
    from sadpath.render.overrides import check_overrides, report_problem
    from sadpath.render.targets import TargetProblem, render_targets
    from sadpath.render.templates import TemplateProblem

    if api.settings.templates is not None:
        check_overrides(api.settings.templates, report)
    try:
        return None if report.failed else render_targets(api, shared=shared)
    except TemplateProblem as problem:
        report_problem(problem, report)
    except TargetProblem as problem:
        report.add(TARGET_FAILED, str(problem))
    return None


def lint_all(apis: Sequence[ApiSettings], report: Report, begin: Begin = nobody_asks) -> None:
    """Read the APIs and say what is unsound about their contracts; `begin` is told the name of each before its turn."""
    for _ in _contracts(apis, report, begin, lint=True):
        pass


def _contracts(
    apis: Sequence[ApiSettings], report: Report, begin: Begin, *, lint: bool, shared: bool = False
) -> Iterator[tuple[ApiSettings, Contract]]:
    """Each API with findings of its own, so that those of one do not stop the others."""
    for settings in apis:
        begin(settings.name)
        own = Report()
        with recorded_reads() as reads:
            contract = read_contract(settings, own, shared=shared)
        if lint:
            _lint(contract, settings, tuple(reads.sources.values()), own)
        policy = Policy(settings.ignore)
        report.extend(policy.weighed(own.diagnostics))
        yield settings, contract


def _lint(contract: Contract, settings: ApiSettings, sources: Sequence[Source], report: Report) -> None:
    """Lint a contract, one with errors too, as far as it can be lowered: so that all that is wrong is said in one run."""
    from sadpath.lints.contract import lint_contract
    from sadpath.lints.subject import Subject

    document, catalog, service = contract.document, contract.catalog, contract.service
    if document is None or catalog is None:
        return
    if service is None:
        try:
            service = lower(document, catalog, settings.locales, Report())
        except Exception:  # what is wrong with the contract has been said, and what that leads to is no finding
            return
    subject = Subject.of(service, document, catalog, sources)
    lint_contract(subject, report, is_sound=contract.service is not None)


def _comparisons(compared: Sequence[tuple[ApiSettings, Documented]]) -> Iterator[Placed]:
    """For each workspace, the page that compares its APIs: there is nothing to compare one with itself."""
    from sadpath.render.markdown import render_comparison

    workspaces: dict[tuple[Path, str], list[Documented]] = {}
    folders: dict[tuple[Path, str], PurePosixPath] = {}
    for settings, one in compared:
        key = (settings.layout.root, settings.runtime)
        workspaces.setdefault(key, []).append(one)
        folders[key] = PurePosixPath(settings.layout.docs).parent
    for key, apis in workspaces.items():
        if len(apis) > 1:
            root, runtime = key
            pages = {str(folders[key] / path): text for path, text in render_comparison(apis).items()}
            yield Placed(root, OwnedTree(f"{runtime} comparison", pages))


def _counted(errors: int) -> str:
    if errors == 0:
        return "no catalog was given, and no error could be"
    return "1 error was" if errors == 1 else f"{errors} errors were"


def error_names(settings: ApiSettings) -> set[str]:
    """What the errors of an API can be called by: codes, ids and classes. Nothing is checked; what can't be read has none."""
    ignored = Report()
    document = read_document(settings, ignored, second_opinion=False) if settings.errors is None else None
    catalog = _catalog(settings, document, ignored)
    return set() if catalog is None else {name for entry in catalog.errors for name in _names_of(entry)}


def _names_of(entry: CatalogError) -> set[str]:
    contract = entry.contract
    return {contract.id, class_name(entry), *map(str, contract.match.codes)}


def error_pages(settings: ApiSettings, name: str, locale: str | None, report: Report) -> list[str]:
    """The Markdown pages of the errors that are called so, in `locale` where there is such a page."""
    from sadpath.python.names import name_package
    from sadpath.render.markdown import render_error_pages
    from sadpath.render.targets import TargetApi, documented

    contract = read_contract(settings, report, second_opinion=False)
    service, document = contract.service, contract.document
    if service is None or document is None:
        return []
    ids = {failure.entry.contract.id for failure in service.failures if name in _names_of(failure.entry)}
    return render_error_pages(documented(TargetApi(service, name_package(service), document, settings)), ids, locale)
