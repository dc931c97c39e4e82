"""Short ways to read documents in tests of the front half."""

from __future__ import annotations

from typing import Any

from sadpath.diagnostics import Report
from sadpath.source.loader import parse_bytes, parse_text
from sadpath.source.text import Source


def read(text: str | bytes, path: str = "document.yaml") -> tuple[Source | None, Report]:
    report = Report()
    data = text.encode() if isinstance(text, str) else text
    return parse_bytes(path, data, report), report


def tree_of(text: str, path: str = "document.yaml") -> Any:
    """The tree of a document that has to be without findings."""
    report = Report()
    source = parse_text(path, text, report)
    assert source is not None and report.diagnostics == ()
    return source.tree


def found(report: Report) -> list[tuple[str, int, int]]:
    """Code, line and column of each finding."""
    spans = [(one.rule.code, one.place.focus() if one.place else None) for one in report.diagnostics]
    return [(code, span.line, span.column) if span else (code, 0, 0) for code, span in spans]
