"""`sadpath templates`: which there are, what they say, and copies of them in the folder of those that replace ours."""

from __future__ import annotations

from sadpath.cli.console import ExitCode
from sadpath.cli.options import Scope, settings_of
from sadpath.cli.result import Findings, Result, failure_code, unweighed
from sadpath.diagnostics import Report, quote, suggestion, visible
from sadpath.diagnostics.rules_output import FOREIGN_FILE, OUTPUT_UNWRITABLE
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.render.overrides import template_names, template_text
from sadpath.source.loader import display_path


def listed_templates() -> str:
    """The names, a line each."""
    return "".join(f"{name}\n" for name in template_names())


def run_show(name: str) -> Result:
    """The text of one template."""
    report = Report()
    return _failed(report) if not _is_known(name, report) else Result(ExitCode.FINE, template_text(name))


def run_eject(name: str) -> Result:
    """Write one template to the configured folder; a file that is there stays."""
    report = Report()
    settings = settings_of(Scope(), report) if _is_known(name, report) else None
    if settings is not None and settings.templates is None:
        message = "the configuration names no folder of templates"
        report.add(USAGE, message, help='Write `templates = "templates"`, or another folder, into it.')
    if settings is None or settings.templates is None:
        return _failed(report)
    path = settings.templates / name
    shown = visible(display_path(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template_text(name))
    except FileExistsError:
        report.add(FOREIGN_FILE, f"{shown} exists already", help="Delete or rename it first.")
    except OSError as error:
        report.add(OUTPUT_UNWRITABLE, f"{shown} can't be written: {error.strerror or error}")
    return (
        _failed(report) if report.failed else Result(ExitCode.FINE, talk=f"{shown} replaces our template from now on")
    )


def _is_known(name: str, report: Report) -> bool:
    names = template_names()
    if name not in names:
        help_text = suggestion(name, names) or "`sadpath templates list` prints the names."
        report.add(USAGE, f"there is no template {quote(name)}", help=help_text)
    return name in names


def _failed(report: Report) -> Result:
    return Findings(unweighed(report), "full").failure(failure_code(report.diagnostics), "nothing was written")
