"""What the user sees: findings and one closing line on stderr, data on stdout, and the codes that a run exits with."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from enum import IntEnum
from typing import TextIO

from sadpath.diagnostics import Diagnostic, Report, Severity
from sadpath.diagnostics.render import render_full


class ExitCode(IntEnum):
    """`FINDINGS`: errors in a document, or stale output. `USAGE`: the command, the configuration or a file is wrong."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2


def show_report(report: Report) -> None:
    """Print all findings in full."""
    text = render_full(report.diagnostics, color=has_color())
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


def findings(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors and 1 warning`, or an empty text."""
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    found = Counter(one.severity for one in diagnostics)
    words = [counted(found[severity], name) for severity, name in names.items() if found[severity]]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def counted(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def has_color(*, to_stdout: bool = False) -> bool:
    """By the conventions of no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream: TextIO = sys.stdout if to_stdout else sys.stderr
    return stream.isatty() and os.environ.get("TERM") != "dumb"
