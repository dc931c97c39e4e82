"""What a command that reads documents comes to: its findings in the format that was asked for, a closing line, an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sadpath import __version__
from sadpath.cli.console import ExitCode, findings, has_color, put, say
from sadpath.config import LintSettings
from sadpath.diagnostics import Diagnostic, Report, Severity
from sadpath.diagnostics.render import render_concise, render_full
from sadpath.diagnostics.rules_docs import (
    GUIDES_MISSING,
    SITE_BUILDER_FAILED,
    SITE_BUILDER_MISSING,
    SITE_FOLDER_FOREIGN,
    SITE_WITHOUT_PAGES,
)
from sadpath.diagnostics.rules_scaffold import OUTPUT_EXISTS
from sadpath.findings.baseline import Baseline, read_baseline
from sadpath.findings.select import Selected, select
from sadpath.remembered import record_of, remember
from sadpath.runtime.frozen import dataclass
from sadpath.source.reads import Reads

MACHINE_FORMATS: Final = ("json", "github", "sarif")
FORMATS: Final = ("full", "concise", *MACHINE_FORMATS)

_ENVIRONMENT_RULES: Final = (
    GUIDES_MISSING,
    OUTPUT_EXISTS,
    SITE_BUILDER_FAILED,
    SITE_BUILDER_MISSING,
    SITE_FOLDER_FOREIGN,
    SITE_WITHOUT_PAGES,
)
_ENVIRONMENT_PREFIXES: Final = ("SP0", "SP5", *(rule.code for rule in _ENVIRONMENT_RULES))
"""Areas of rules, and single rules, that concern the command line, the configuration and files, not what a document says."""


@dataclass(frozen=True, slots=True)
class Result:
    """What goes to stdout and to stderr. `again` is what stderr would get if the command ran once more and nothing had changed."""

    code: ExitCode
    data: str = ""
    talk: str = ""
    again: str = ""
    roots: tuple[Path, ...] = ()
    """The output directories that were written or compared."""
    reads: Reads | None = None
    is_refused: bool = False
    """Whether the command line or the configuration is wrong, so that nothing was begun."""

    def having_read(self, reads: Reads) -> Result:
        return replace(self, reads=reads)


def conclude(result: Result) -> ExitCode:
    """Print what a command came to."""
    if result.data:
        put(result.data)
    if result.talk:
        say(result.talk.removesuffix("\n"))
    record = record_of(sys.argv[1:])
    if record is not None and result.code is ExitCode.FINE and result.reads is not None and result.reads.is_whole:
        roots = [os.path.abspath(root) for root in result.roots]
        remember(record, result.reads.files, roots, result.data, f"{result.again}\n" if result.again else "")
    return result.code


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings that are shown; `is_data` says that they are what the command is for, so that they go to stdout."""

    selected: Selected
    format: str
    is_data: bool = False

    def failure(self, code: ExitCode, words: str) -> Result:
        """With a closing line that says that nothing was done."""
        count = _counts(self.selected)
        return self._said(code, f"{count}; {words}" if count else words, "")

    def result(
        self, code: ExitCode, closing: str, again: str = "", *, data: str = "", roots: Sequence[Path] = ()
    ) -> Result:
        """With the closing line, and what else the command prints to stdout."""
        count = _counts(self.selected)
        line, next_line = (f"{words}; {count}" if count else words for words in (closing, again))
        found = self._said(code, line, next_line)
        return replace(found, data=found.data + data, roots=tuple(roots))

    def _said(self, code: ExitCode, line: str, again: str) -> Result:
        shown = self.selected.shown
        rendered = render(shown, self.format, self.selected.hidden, to_stdout=self.is_data)
        gap = "\n" if rendered and self.format == "full" else ""
        if self.is_data or self.format in MACHINE_FORMATS:
            return Result(code, rendered + gap, line, again)
        return Result(code, "", f"{rendered}{gap}{line}", f"{rendered}{gap}{again}")


def _counts(selected: Selected) -> str:
    found = findings(selected.shown)
    if not selected.hidden:
        return found
    return f"{found}, {selected.hidden:,} ignored" if found else f"{selected.hidden:,} ignored"


def render(diagnostics: Sequence[Diagnostic], format: str, hidden: int = 0, *, to_stdout: bool = False) -> str:
    """Findings in one of `FORMATS`."""
    if format == "json":
        from sadpath.diagnostics.trees import render_json

        return render_json(diagnostics, ignored=hidden)
    if format == "sarif":
        from sadpath.diagnostics.sarif import render_sarif

        return render_sarif(diagnostics, __version__)
    if format == "github":
        from sadpath.diagnostics.github import render_github

        return render_github(diagnostics)
    if format == "concise":
        return render_concise(diagnostics)
    return render_full(diagnostics, color=has_color(to_stdout=to_stdout))


def selection(
    report: Report, lint: LintSettings, root: Path, reads: Reads, *, is_complete: bool = False, baseline: bool = True
) -> Selected:
    """The findings of a report as this project sees them."""
    known: Baseline | None = None
    if lint.baseline is not None and baseline:
        own = Report()
        known = read_baseline(lint.baseline, root, own, required=lint.is_named)
        report.extend(own.diagnostics)
    return select(report.diagnostics, lint.policy, reads.sources.values(), known, is_complete=is_complete)


def unweighed(report: Report) -> Selected:
    """All findings as they are, where there are no settings to weigh them by."""
    return Selected(report.diagnostics)


def failure_code(diagnostics: Iterable[Diagnostic]) -> ExitCode:
    """The code for errors; what can't be read or written outweighs what a document says."""
    errors = [one.rule.code for one in diagnostics if one.severity is Severity.ERROR]
    if any(code.startswith(_ENVIRONMENT_PREFIXES) for code in errors):
        return ExitCode.USAGE
    return ExitCode.FINDINGS if errors else ExitCode.FINE


def without_notes(selected: Selected) -> Selected:
    """Where nothing is generated: notes are about what is."""
    return Selected(tuple(one for one in selected.shown if one.severity is not Severity.INFO), selected.hidden)
