"""sadpath as a library: the command line's work as values, without touching the disk but to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sadpath.config import ALLOWANCES, Settings
from sadpath.config.options import settings_from_options
from sadpath.config.read import read_settings
from sadpath.diagnostics import Diagnostic, Report, Severity
from sadpath.findings.select import select
from sadpath.garbage import rare_collections
from sadpath.output.tree import OwnedFile, merge
from sadpath.recursion import deep_recursion
from sadpath.runtime.frozen import dataclass
from sadpath.source.reads import recorded_reads


@dataclass(frozen=True, slots=True)
class Generated:
    """What would be written, and what there is to say about it.

    `tree` maps POSIX paths below the output directory to texts with LF as line end; it is empty where a diagnostic is an error.
    `diagnostics` are in the order of the files, each with `rule.code`, `severity`, `message`, `remedy`, and `place` with the
    file, the JSON Pointer and, by `focus()`, lines and columns.
    """

    tree: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error, so that the tree is whole."""
        return all(one.severity is not Severity.ERROR for one in self.diagnostics)


def generate(  # noqa: PLR0913 - each is a key of the configuration
    openapi: str | Path,
    errors: str | Path | None = None,
    *,
    package: str,
    targets: Collection[str] = (),
    locales: Sequence[str] | None = None,
    texts: str | Path | None = None,
    overlays: Sequence[str | Path] = (),
    allow: Collection[str] = (),
    lint: bool = False,
) -> Generated:
    """Generate one API from its document and, if there is one, its error catalog.

    `package` is the dotted name of the package, which stands at the top of the tree, with `docs/` and `openapi/` beside it.
    Without `targets` everything is generated: client, server, docs, openapi. `texts`, `overlays` and `allow` are as in the
    configuration. With `lint`, the diagnostics are also those of `sadpath lint`.

    Reads files and writes none. No input raises: what is wrong with it is in the diagnostics.
    """
    report = Report()
    unknown = sorted(set(allow) - set(ALLOWANCES))
    if unknown:
        raise ValueError(f"allow: {unknown[0]!r} is none of {', '.join(ALLOWANCES)}")
    catalog = None if errors is None else Path(errors)
    settings = settings_from_options(Path(openapi), catalog, package, Path(), tuple(targets), report)
    if settings is None:
        return Generated({}, report.diagnostics)
    api = replace(
        settings.apis[0],
        locales=None if locales is None else tuple(locales),
        texts=None if texts is None else Path(texts),
        overlays=tuple(Path(one) for one in overlays),
        allow=frozenset(one for one in ALLOWANCES if one in allow),
    )
    return _generated(replace(settings, apis=(api,)), report, lint=lint)[Path()]


def generate_configured(folder: str | Path = ".", *, lint: bool = False) -> Mapping[Path, Generated]:
    """Generate all that the configuration in `folder`, or above it, describes: a result for each of its output directories.

    The diagnostics are those of the whole run, weighed by the configuration, and the same in every result. Where there is no
    configuration that can be read, the one result is that of `folder`.
    """
    report = Report()
    settings = read_settings(Path(folder).absolute(), report)
    if settings is None:
        return {Path(folder): Generated({}, report.diagnostics)}
    return _generated(settings, report, lint=lint)


def _generated(settings: Settings, report: Report, *, lint: bool) -> Mapping[Path, Generated]:
    from sadpath.pipeline import build_all

    with recorded_reads() as reads, deep_recursion(), rare_collections():
        built = build_all(settings.apis, report, lint=lint)
    roots = dict.fromkeys(api.layout.root for api in settings.apis)
    placed = (*built.trees, *built.comparisons)
    files = {root: merge([one.tree for one in placed if one.root == root], report) for root in roots}
    shown = select(report.diagnostics, settings.lint.policy, reads.sources.values(), is_complete=lint).shown
    failed = not built.complete or any(one.severity is Severity.ERROR for one in shown)
    return {root: Generated({} if failed else _texts(found or {}), shown) for root, found in files.items()}


def _texts(files: Mapping[str, OwnedFile]) -> Mapping[str, str]:
    return MappingProxyType({path: file.content.decode() for path, file in files.items()})
