"""The second half of the program: what was read of each API to all of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from sadpath.catalog.link import class_name
from sadpath.catalog.model import CatalogError
from sadpath.config import ApiSettings
from sadpath.diagnostics import Report
from sadpath.diagnostics.policy import Policy
from sadpath.diagnostics.rules_patch import TARGET_FAILED
from sadpath.lower.service import lower
from sadpath.output import OwnedTree
from sadpath.reading import Contract, read_catalog, read_contract, read_document
from sadpath.runtime.frozen import dataclass
from sadpath.source.reads import recorded_reads
from sadpath.source.text import Source

if TYPE_CHECKING:
    from sadpath.render.markdown import Documented
    from sadpath.render.targets import Files, TargetApi


def build(settings: ApiSettings, report: Report) -> tuple[OwnedTree, ...] | None:
    """Everything that is generated for one API, as texts by kind; None, with the reasons in the report, where it cannot be.

    Each kind (Python, pages, document) owns its files by itself, so that making one of them again leaves the others alone.
    """
    found = build_all((settings,), report)
    return tuple(_as_texts(one.tree) for one in found.trees) if found.complete else None


def _as_texts(tree: OwnedTree) -> OwnedTree:
    texts = {path: file.decode() if isinstance(file, bytes) else file for path, file in tree.files.items()}
    return replace(tree, files=texts)


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
    from sadpath.render.targets import TargetApi, documented

    trees: list[Placed] = []
    compared: list[tuple[ApiSettings, Documented]] = []
    complete = True
    for settings, contract in _contracts(apis, report, begin, lint=lint, shared=shared):
        service, document = contract.service, contract.document
        if service is None or document is None:
            complete = False
            continue
        api = TargetApi(service, document, settings, contract.components)
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


def _rendered(api: TargetApi, report: Report, *, shared: bool) -> dict[str, Files] | None:
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


def error_names(settings: ApiSettings) -> set[str]:
    """What the errors of an API can be called by: codes, ids and classes. Nothing is checked; what can't be read has none."""
    ignored = Report()
    document = read_document(settings, ignored, second_opinion=False) if settings.errors is None else None
    catalog = read_catalog(settings, document, ignored)
    return set() if catalog is None else {name for entry in catalog.errors for name in _names_of(entry)}


def _names_of(entry: CatalogError) -> set[str]:
    contract = entry.contract
    return {contract.id, class_name(entry), *map(str, contract.match.codes)}


def error_pages(settings: ApiSettings, name: str, locale: str | None, report: Report) -> list[str]:
    """The Markdown pages of the errors that are called so, in `locale` where there is such a page."""
    from sadpath.render.markdown import render_error_pages
    from sadpath.render.targets import TargetApi, documented

    contract = read_contract(settings, report, second_opinion=False)
    service, document = contract.service, contract.document
    if service is None or document is None:
        return []
    ids = {failure.entry.contract.id for failure in service.failures if name in _names_of(failure.entry)}
    return render_error_pages(documented(TargetApi(service, document, settings)), ids, locale)
