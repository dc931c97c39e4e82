"""The options of the command line to the settings of one API."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sadpath.config.plugins import plugin_names
from sadpath.config.read import default_runtime
from sadpath.config.settings import TARGETS, ApiSettings, Layout, Settings
from sadpath.config.values import NO_SUCH_PLUGIN, package_problem
from sadpath.diagnostics import Report, listed, quote, suggestion
from sadpath.diagnostics.rules_usage import USAGE


def check_targets(targets: Sequence[str], report: Report) -> None:
    """Report what is a target neither of ours nor of an installed package."""
    known = (*TARGETS, *plugin_names()) if targets else ()
    for text in targets:
        if text not in known:
            message = f"--target: {quote(text)} is no target; targets are {listed(known, conjunction='and')}"
            report.add(USAGE, message, help=suggestion(text, known) or NO_SUCH_PLUGIN)


def settings_from_options(
    openapi: Path, errors: Path | None, package: str, output: Path, targets: Sequence[str], report: Report
) -> Settings | None:
    """One API named after the last part of its package, which is at the top of `output`; pages and document stand beside it by package."""
    problem = package_problem(package)
    if problem is not None:
        report.add(USAGE, f"--package: {problem}")
        return None
    check_targets(targets, report)
    if report.failed:
        return None
    name = package.rpartition(".")[2]
    layout = Layout(output, python="", docs=f"docs/{package}", openapi=f"openapi/{package}.yaml")
    chosen = frozenset(targets or TARGETS)
    api = ApiSettings(name, openapi, errors, package, default_runtime(package), chosen, None, layout)
    return Settings(Path.cwd(), (api,))
