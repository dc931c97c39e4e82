"""A command from the command line to its exit code, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

from sadpath.cli.console import ExitCode, say
from sadpath.garbage import rare_collections
from sadpath.recursion import deep_recursion


def run(command: Callable[[], object] | None = None) -> int:
    """Run a command, by default the one that the command line says, to its exit code.

    No input leads to a traceback unless the environment variable SADPATH_TRACEBACK asks for one.
    """
    if sys.stdout is None or sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - they are where closed
        _open_streams()
    try:
        with deep_recursion(), rare_collections():
            (command or _command_line)()
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return ExitCode.FINE
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except Exception as error:
        if os.environ.get("SADPATH_TRACEBACK"):
            raise
        return _system(error) if _is_of_the_system(error) else _internal(error)
    return ExitCode.FINE


def _command_line() -> None:
    """The command that the command line says: what is usual at once, anything else through the tree of commands."""
    from sadpath.cli.usual import usual_options

    options = usual_options(sys.argv[1:])
    if options is None:
        from sadpath.cli.app import app

        app(prog_name="sadpath")
        return
    from sadpath.cli.generate import run_generate
    from sadpath.cli.result import conclude

    try:
        sys.exit(conclude(run_generate(options)))
    except BrokenPipeError:
        sys.exit(1)  # as it is through the tree of commands


def _open_streams() -> None:
    """What a closed stream is told goes nowhere."""
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process runs
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere


def _is_of_the_system(error: Exception) -> bool:
    """A full disk, and a working directory that is gone."""
    return isinstance(error, OSError) and (error.errno == errno.ENOSPC or not _has_directory())


def _has_directory() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _system(error: Exception) -> int:
    reason = (
        "there is no space left to write to" if _has_directory() else "the working directory does not exist any more"
    )
    say(f"sadpath: {reason}")
    return ExitCode.USAGE


def _internal(error: Exception) -> int:
    from sadpath.cli.console import show_report
    from sadpath.diagnostics import Report
    from sadpath.diagnostics.rules_usage import INTERNAL

    report = Report()
    report.add(INTERNAL, f"an unforeseen {type(error).__name__}: {error}")
    show_report(report)
    return ExitCode.USAGE
