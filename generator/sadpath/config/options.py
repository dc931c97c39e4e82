"""The options of the command line to the settings of one API."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sadpath.config.read import default_runtime
from sadpath.config.settings import TARGETS, ApiSettings, Layout, Settings, Target
from sadpath.config.values import package_problem
from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_usage import USAGE


def settings_from_options(
    openapi: Path, errors: Path | None, package: str, output: Path, targets: Sequence[Target], report: Report
) -> Settings | None:
    """One API named after the last part of its package, which is at the top of `output`; pages and document stand beside it by package."""
    problem = package_problem(package)
    if problem is not None:
        report.add(USAGE, f"--package: {problem}")
        return None
    name = package.rpartition(".")[2]
    layout = Layout(output, python="", docs=f"docs/{package}", openapi=f"openapi/{package}.yaml")
    chosen = frozenset(targets or TARGETS)
    api = ApiSettings(name, openapi, errors, package, default_runtime(package), chosen, None, layout)
    return Settings(Path.cwd(), (api,))
