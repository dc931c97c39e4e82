"""`sadpath generate`: every API is built by the configuration or the options, then written, compared or diffed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path

from sadpath.cli.console import ExitCode, counted
from sadpath.cli.options import Scope, settings_of
from sadpath.cli.progress import progress
from sadpath.cli.result import MACHINE_FORMATS, Findings, Result, failure_code, selection, unweighed, without_notes
from sadpath.config import Settings
from sadpath.diagnostics import Report, Severity, visible
from sadpath.diagnostics.rules_output import OUTPUT_OUTDATED
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.findings.select import Selected
from sadpath.output import Comparison, OwnedTree, Written, compare, diff, may_write, write
from sadpath.pipeline import Built
from sadpath.runtime.frozen import dataclass
from sadpath.sharing import can_share
from sadpath.source.loader import display_path
from sadpath.source.reads import Reads, recorded_reads


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `generate`, or of `check`, which lints too."""

    scope: Scope = field(default_factory=Scope)
    check: bool = False
    diff: bool = False
    lint: bool = False
    change_fails: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """One run with the settings that hold for it."""

    options: Options
    settings: Settings
    report: Report
    reads: Reads

    def selected(self) -> Selected:
        scope, lint = self.options.scope, self.options.lint
        complete = lint and scope.is_complete and not self.report.failed
        return selection(self.report, self.settings.lint, self.settings.root, self.reads, is_complete=complete)

    def findings(self, selected: Selected) -> Findings:
        return Findings(selected, self.options.scope.format)

    def code(self, selected: Selected) -> ExitCode:
        return failure_code(selected.shown) or ExitCode(self.settings.lint.policy.fails(selected.shown))


@dataclass(frozen=True, slots=True)
class _Output:
    """What belongs into one output directory; `is_whole` says that nothing else does."""

    root: Path
    trees: tuple[OwnedTree, ...]
    is_whole: bool


def run_generate(options: Options) -> Result:
    """Run the command; what it read is in the result."""
    with recorded_reads() as reads:
        result = _run(options, reads)
    return result.having_read(reads)


def _run(options: Options, reads: Reads) -> Result:
    report = Report()
    if options.check and options.diff and not options.lint:
        report.add(USAGE, "--check and --diff can't be given together")
    if options.diff and options.scope.format in MACHINE_FORMATS:
        report.add(
            USAGE, f"--diff and --output-format {options.scope.format} can't be given together: both print to stdout"
        )
    settings = settings_of(options.scope, report)
    if settings is None:
        refused = Findings(unweighed(report), options.scope.format).failure(ExitCode.USAGE, "nothing was written")
        return replace(refused, is_refused=True)
    run = _Run(options, settings, report, reads)
    built = _build(run)
    selected = run.selected()
    if not built.complete or any(one.severity is Severity.ERROR for one in selected.shown):
        return _nothing(run, selected, "compared" if options.check or options.diff else "written")
    outputs = list(_outputs(run, built))
    return _compare(run, outputs) if options.check or options.diff else _write(run, outputs)


def _nothing(run: _Run, selected: Selected, done: str) -> Result:
    code = failure_code(selected.shown) or ExitCode.FINDINGS
    return run.findings(without_notes(selected)).failure(code, f"nothing was {done}")


def _build(run: _Run) -> Built:
    """Build every API, each with findings of its own, so that all of them are seen at once."""
    from sadpath.pipeline import build_all

    # The thread of `progress` holds no lock that a child would ask for; others, of who calls us, might.
    shared = threading.active_count() == 1 and can_share()
    with progress(len(run.settings.apis)) as begin:
        return build_all(run.settings.apis, run.report, begin, lint=run.options.lint, shared=shared)


def _outputs(run: _Run, built: Built) -> Iterator[_Output]:
    complete = run.options.scope.is_complete
    # Some of the APIs are not compared with the others: the page that compares all of them stays as it is.
    placed = (*built.trees, *(built.comparisons if complete else ()))
    for root in dict.fromkeys(one.root for one in placed):
        yield _Output(root, tuple(one.tree for one in placed if one.root == root), complete)


def _write(run: _Run, outputs: Sequence[_Output]) -> Result:
    report = run.report
    written: list[Written] = []
    # All of the directories are looked at before the first is written.
    allowed = [may_write(one.root, one.trees, report, owners_complete=one.is_whole) for one in outputs[1:]]
    if all(allowed):
        for one in outputs:
            found = write(one.root, one.trees, report, owners_complete=one.is_whole)
            if found is None:
                break
            written.append(found)
    selected = run.selected()
    if len(written) < len(outputs):
        return _nothing(run, selected, "written")
    lines = [_written_words(found, one.root) for found, one in zip(written, outputs, strict=True)]
    again = [_written_words(_unchanged(found), one.root) for found, one in zip(written, outputs, strict=True)]
    roots = [one.root for one in outputs]
    code = run.code(selected)
    if not code and run.options.change_fails and any(one.created or one.updated or one.removed for one in written):
        code = ExitCode.FINDINGS
    return run.findings(selected).result(code, "\n".join(lines), "\n".join(again), roots=roots)


def _unchanged(written: Written) -> Written:
    return Written(unchanged=(*written.created, *written.updated, *written.unchanged))


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


def _compare(run: _Run, outputs: Sequence[_Output]) -> Result:
    report = run.report
    found = [compare(one.root, one.trees, report, owners_complete=one.is_whole) for one in outputs]
    texts = [
        diff(one.root, one.trees, report, owners_complete=one.is_whole) if run.options.diff else "" for one in outputs
    ]
    selected = run.selected()
    comparisons = [one for one in found if one is not None]
    if len(comparisons) < len(outputs) or None in texts:
        return _nothing(run, selected, "compared")
    lines: list[str] = []
    if not run.options.diff:
        lines = [line for one, comparison in zip(outputs, comparisons, strict=True) for line in _lines(one, comparison)]
    code = run.code(selected)
    if not code and not all(one.up_to_date for one in comparisons):
        code = ExitCode.FINDINGS
        _tell_programs(run, outputs, comparisons)
        selected = run.selected()
    closing = "\n".join([*lines, _comparison_words(comparisons, outputs)])
    data = "".join(text or "" for text in texts)
    return run.findings(selected).result(code, closing, closing, data=data, roots=[one.root for one in outputs])


def _tell_programs(run: _Run, outputs: Sequence[_Output], comparisons: Sequence[Comparison]) -> None:
    """People read the lines at the end; for other programs, output that is out of date is a finding."""
    if run.options.scope.format not in MACHINE_FORMATS:
        return
    for output, comparison in zip(outputs, comparisons, strict=True):
        lines = list(_lines(output, comparison))
        if lines:
            more = f" and {len(lines) - 3:,} more" if len(lines) > 3 else ""
            run.report.add(
                OUTPUT_OUTDATED, f"{visible(display_path(output.root))} is out of date: {', '.join(lines[:3])}{more}"
            )


def _lines(output: _Output, comparison: Comparison) -> Iterator[str]:
    kinds = {"changed": comparison.changed, "missing": comparison.missing, "extra": comparison.extra}
    for word, paths in kinds.items():
        for path in paths:
            yield f"{word}: {visible(display_path(output.root / path))}"


def _comparison_words(comparisons: Sequence[Comparison], outputs: Sequence[_Output]) -> str:
    if all(one.up_to_date for one in comparisons):
        files = {(one.root, path) for one in outputs for tree in one.trees for path in tree.files}
        return f"{counted(len(files), 'file')} up to date"
    kinds = {
        "changed": sum(len(one.changed) for one in comparisons),
        "missing": sum(len(one.missing) for one in comparisons),
        "extra": sum(len(one.extra) for one in comparisons),
    }
    counts = ", ".join(f"{count:,} {word}" for word, count in kinds.items() if count)
    return f"out of date: {counts}; `sadpath generate` brings the output up to date"
