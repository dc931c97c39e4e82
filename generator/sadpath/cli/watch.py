"""`sadpath watch`: generates, and does so again whenever something that was read has changed; a broken save changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

from sadpath.cli.console import ExitCode, say, show_report
from sadpath.cli.generate import Options, run_generate
from sadpath.cli.result import Result
from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_usage import EXTRA_MISSING
from sadpath.remembered import unchanged

Changes = Iterable[Iterable[str]]
"""For each burst of changes, the absolute paths that changed."""

_DEBOUNCE: Final = 200
"""Milliseconds of silence that end a burst: editors and version control change many files at once."""
_LOOK: Final = 500
"""Milliseconds after which an empty burst comes."""


def run_watch(options: Options) -> ExitCode:
    """Generate again and again until interrupted; the exit code is that of a command that ended as it should."""
    try:
        from watchfiles import watch
    except ImportError:
        report = Report()
        report.add(EXTRA_MISSING, "`sadpath watch` needs the package watchfiles", help='pip install "sadpath[watch]"')
        show_report(report)
        return ExitCode.USAGE

    def changes(folders: list[Path]) -> Iterator[list[str]]:
        found = watch(
            *folders,
            watch_filter=None,
            debounce=_DEBOUNCE,
            step=50,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        )
        for burst in found:
            yield [path for _, path in burst]

    return cycle(options, changes)


def cycle(options: Options, changes: Callable[[list[Path]], Changes]) -> ExitCode:
    """One run after another; `changes` is given the folders of what the last run has read.

    A first run that can't begin, because the command or the configuration is wrong, is the last one.
    """
    for number in count():
        result = run_generate(options)
        say(result.talk.removesuffix("\n"))
        if number == 0 and result.is_refused:
            return result.code
        read = _watched(result)
        say(f"watching {len(read)} files; Ctrl-C ends")
        if not _await(result, read, changes(_folders(read))):
            break
    return ExitCode.FINE


def _await(result: Result, read: set[str], bursts: Changes) -> bool:
    """Wait until something that was read has changed; False where nothing more will come."""
    for number, burst in enumerate(bursts):
        # What was saved while the run went on came before the watch began.
        if read & set(burst) or (number == 0 and result.reads is not None and not unchanged(result.reads.files)):
            return True
    return False


def _watched(result: Result) -> set[str]:
    """What was read, under every name that it may change under."""
    read = result.reads.files if result.reads is not None else {}
    return {name for path in read for name in (path, os.path.realpath(path))}


def _folders(paths: Iterable[str]) -> list[Path]:
    """The folders of files, not the files: an editor replaces a file, and what was watched is gone."""
    return sorted({Path(path).parent for path in paths if Path(path).parent.is_dir()})
