"""`sadpath generate`: every API is built by the configuration or the options, then written, compared or diffed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from sadpath.cli.console import ExitCode, counted, exit_code, findings, put, say, show_report
from sadpath.config import ALLOWANCES, Settings, Target
from sadpath.config.options import settings_from_options
from sadpath.config.read import read_settings
from sadpath.diagnostics import Report, Severity, listed, quote, suggestion, visible
from sadpath.diagnostics.rules_usage import UNKNOWN_API, USAGE
from sadpath.output import Comparison, OwnedTree, Written, compare, diff, write
from sadpath.source.loader import display_path


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `generate` as it was given."""

    apis: tuple[str, ...] = ()
    check: bool = False
    diff: bool = False
    openapi: Path | None = None
    errors: Path | None = None
    package: str | None = None
    output: Path | None = None
    targets: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether options describe one API, so that no configuration is read."""
        return bool(self.openapi or self.errors or self.package or self.output or self.targets)


@dataclass(frozen=True, slots=True)
class _Built:
    root: Path
    trees: tuple[OwnedTree, ...]
    complete: bool
    """Whether these are all APIs that the output directory is for."""


def run_generate(options: Options) -> ExitCode:
    """Run the command and print its outcome."""
    report = Report()
    settings = _allowing(_settings(options, report), options.allow)
    built = None if settings is None else _build(settings, options, report)
    if settings is None or built is None:
        _show_failure(report)
        return ExitCode.USAGE if settings is None else exit_code(report)
    if options.check or options.diff:
        return _compare(built, options, report)
    return _write(built, report)


def _show_failure(report: Report) -> None:
    """Print all findings but notes: those are about what is generated, and nothing is."""
    shown = Report()
    shown.extend(one for one in report.diagnostics if one.severity is not Severity.INFO)
    show_report(shown)
    say(f"{findings(shown)}; nothing was written")


def _settings(options: Options, report: Report) -> Settings | None:
    if options.check and options.diff:
        report.add(USAGE, "--check and --diff can't be given together")
    if options.is_single:
        return _single(options, report)
    settings = read_settings(Path.cwd(), report)
    if settings is None or report.failed:
        return None
    known = [api.name for api in settings.apis]
    for name in options.apis:
        if name not in known:
            message = f"no API {quote(name)} is configured; there is {listed(known, conjunction='and')}"
            report.add(UNKNOWN_API, message, help=suggestion(name, known))
    chosen = tuple(api for api in settings.apis if not options.apis or api.name in options.apis)
    return None if report.failed else Settings(settings.root, chosen)


def _allowing(settings: Settings | None, allow: tuple[str, ...]) -> Settings | None:
    """The settings with what the command line allows, for every API."""
    if settings is None or not allow:
        return settings
    more = frozenset(one for one in ALLOWANCES if one in allow)
    return Settings(settings.root, tuple(replace(api, allow=api.allow | more) for api in settings.apis))


def _single(options: Options, report: Report) -> Settings | None:
    required = {"--openapi": options.openapi, "--package": options.package, "--output": options.output}
    missing = [f"{name} is missing" for name, value in required.items() if not value]
    for problem in missing:
        report.add(USAGE, f"{problem}: without a configuration, --openapi, --package and --output are needed together")
    if options.apis:
        report.add(USAGE, "names of configured APIs can't be given together with --openapi, --package or --output")
    if report.failed or options.openapi is None or options.package is None or options.output is None:
        return None
    targets = cast(Sequence[Target], options.targets)
    return settings_from_options(options.openapi, options.errors, options.package, options.output, targets, report)


def _build(settings: Settings, options: Options, report: Report) -> _Built | None:
    """Build every API, each with findings of its own, so that all of them are seen at once."""
    from sadpath.pipeline import build_all

    built = build_all(settings.apis, report)
    if report.failed or not built.complete:
        return None
    complete = not options.apis and not options.is_single
    # Some of the APIs are not compared with the others: the page that compares all of them stays as it is.
    trees = (*built.trees, *(built.comparisons if complete else ()))
    return _Built(settings.apis[0].layout.root, trees, complete)


def _write(built: _Built, report: Report) -> ExitCode:
    written = write(built.root, built.trees, report, owners_complete=built.complete)
    if written is None:
        _show_failure(report)
        return exit_code(report)
    show_report(report)
    say(_closing(_written_words(written, built.root), report))
    return exit_code(report)


def _written_words(written: Written, root: Path) -> str:
    total = len(written.created) + len(written.updated) + len(written.unchanged)
    parts = {
        "created": written.created,
        "updated": written.updated,
        "unchanged": written.unchanged,
        "removed": written.removed,
        "kept": written.kept,
    }
    counts = ", ".join(f"{len(paths):,} {word}" for word, paths in parts.items() if paths)
    return f"{counted(total, 'file')} in {visible(display_path(root))}: {counts}"


def _compare(built: _Built, options: Options, report: Report) -> ExitCode:
    comparison = compare(built.root, built.trees, report, owners_complete=built.complete)
    text = diff(built.root, built.trees, report, owners_complete=built.complete) if options.diff else ""
    show_report(report)
    if comparison is None or text is None:
        say(f"{findings(report)}; nothing was compared")
        return exit_code(report)
    if options.diff:
        put(text)
    else:
        _list(built.root, comparison)
    say(_closing(_comparison_words(comparison, built), report))
    return exit_code(report) or (ExitCode.FINE if comparison.up_to_date else ExitCode.FINDINGS)


def _list(root: Path, comparison: Comparison) -> None:
    kinds = {"changed": comparison.changed, "missing": comparison.missing, "extra": comparison.extra}
    for word, paths in kinds.items():
        for path in paths:
            say(f"{word}: {visible(display_path(root / path))}")


def _comparison_words(comparison: Comparison, built: _Built) -> str:
    kinds = {"changed": comparison.changed, "missing": comparison.missing, "extra": comparison.extra}
    if comparison.up_to_date:
        return f"{counted(len({path for tree in built.trees for path in tree.files}), 'file')} up to date"
    counts = ", ".join(f"{len(paths):,} {word}" for word, paths in kinds.items() if paths)
    return f"out of date: {counts}; `sadpath generate` brings the output up to date"


def _closing(words: str, report: Report) -> str:
    found = findings(report)
    return f"{words}; {found}" if found else words
