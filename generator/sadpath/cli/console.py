"""What the user sees: findings and one closing line on stderr, data on stdout, and the codes that a run exits with."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from typing import Final, TextIO

from sadpath.diagnostics import Report, Severity
from sadpath.diagnostics.render import render_full

_ENVIRONMENT_PREFIXES: Final = ("SP0", "SP5")
"""Areas of rules that concern the command line, the configuration and files, not what a document says."""


class ExitCode(IntEnum):
    """`FINDINGS`: errors in a document, or stale output. `USAGE`: the command, the configuration or a file is wrong."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2


def exit_code(report: Report) -> ExitCode:
    """The code for the findings alone; what can't be read or written outweighs what a document says."""
    errors = [one.rule.code for one in report.diagnostics if one.severity is Severity.ERROR]
    if any(code.startswith(_ENVIRONMENT_PREFIXES) for code in errors):
        return ExitCode.USAGE
    return ExitCode.FINDINGS if errors else ExitCode.FINE


def show_report(report: Report) -> None:
    """Print all findings in full."""
    text = render_full(report.diagnostics, color=_has_color(sys.stderr))
    if text:
        say(text)


def say(text: str) -> None:
    """Print one line, or several, to stderr."""
    encoding = sys.stderr.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)


def put(data: str) -> None:
    """Write data to stdout as UTF-8 with LF, whatever the locale."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data)
    else:
        sys.stdout.flush()
        stream.write(data.encode("utf-8", "backslashreplace"))
        stream.flush()


def findings(report: Report) -> str:
    """`2 errors and 1 warning`, or an empty text."""
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    counts = [(report.count(severity), name) for severity, name in names.items()]
    words = [counted(count, name) for count, name in counts if count]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def counted(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def _has_color(stream: TextIO) -> bool:
    """By the conventions of no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
