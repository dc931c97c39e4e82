"""Findings as workflow commands of GitHub Actions, which shows them beside the lines that they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sadpath.diagnostics.model import Diagnostic, Severity
from sadpath.diagnostics.wording import visible

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One line a finding: `::error file=...,line=...,title=...::message`.

    A stretch over several lines is given without columns, with which it would not be shown at all.
    """
    return "".join(f"{_command(one)}\n" for one in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties: dict[str, str] = {}
    if diagnostic.place is not None:
        span = diagnostic.place.focus()
        properties = {"file": visible(span.path), "line": str(span.line)}
        if span.line == span.end_line:
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
        else:
            properties |= {"endLine": str(span.end_line)}
    properties["title"] = f"{diagnostic.rule.code} {diagnostic.rule.slug}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = f"{visible(diagnostic.message)}\nhelp: {visible(diagnostic.remedy)}"
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
