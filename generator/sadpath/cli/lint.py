"""`sadpath lint`: what documents and catalogs say, and how sound the contract is; nothing is generated."""

from __future__ import annotations

from dataclasses import field

from sadpath.cli.console import ExitCode, counted
from sadpath.cli.options import Scope, settings_of
from sadpath.cli.progress import progress
from sadpath.cli.result import MACHINE_FORMATS, Findings, Result, failure_code, selection, unweighed
from sadpath.config import Settings
from sadpath.diagnostics import Diagnostic, Report, visible
from sadpath.diagnostics.rules_output import OUTPUT_UNWRITABLE
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.findings.baseline import render_baseline
from sadpath.output.single import replace_file
from sadpath.runtime.frozen import dataclass
from sadpath.source.loader import display_path
from sadpath.source.reads import Reads, recorded_reads


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `lint` as it was given."""

    scope: Scope = field(default_factory=Scope)
    write_baseline: bool = False


def run_lint(options: Options) -> Result:
    """Run the command; what it read is in the result."""
    with recorded_reads() as reads:
        result = _run(options, reads)
    return result.having_read(reads)


def _run(options: Options, reads: Reads) -> Result:
    report = Report()
    scope = options.scope
    if options.write_baseline and not scope.is_complete:
        report.add(USAGE, "--write-baseline is for all that is configured, not for some APIs or for --openapi")
    if options.write_baseline and scope.format in MACHINE_FORMATS:
        report.add(USAGE, f"--write-baseline and --output-format {scope.format} can't be given together")
    settings = settings_of(scope, report, writes=False)
    if settings is None:
        return Findings(unweighed(report), scope.format, is_data=True).failure(ExitCode.USAGE, "nothing was linted")
    _lint(settings, report)
    complete = not report.failed
    selected = selection(
        report, settings.lint, settings.root, reads, is_complete=complete, baseline=not options.write_baseline
    )
    found = Findings(selected, scope.format, is_data=True)
    code = failure_code(selected.shown) or ExitCode(settings.lint.policy.fails(selected.shown))
    if options.write_baseline and not failure_code(selected.shown):
        return _write_baseline(settings, selected.shown)
    closing = f"{counted(len(settings.apis), 'API')} linted"
    return found.result(code, closing, closing)


def _lint(settings: Settings, report: Report) -> None:
    from sadpath.pipeline import lint_all

    with progress(len(settings.apis)) as begin:
        lint_all(settings.apis, report, begin)


def _write_baseline(settings: Settings, shown: tuple[Diagnostic, ...]) -> Result:
    file = settings.lint.baseline
    assert file is not None, "the settings of a configuration name a file"
    try:
        replace_file(file, render_baseline(shown, settings.root).encode("utf-8"))
    except OSError as error:
        report = Report()
        report.add(OUTPUT_UNWRITABLE, f"{visible(display_path(file))} can't be written: {error.strerror or error}")
        return Findings(unweighed(report), "full", is_data=True).failure(ExitCode.USAGE, "nothing was written")
    return Result(ExitCode.FINE, talk=f"{counted(len(shown), 'finding')} written to {visible(display_path(file))}")
