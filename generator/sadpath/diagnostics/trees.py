"""Findings as plain values, the form that other programs read: for `--output-format json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sadpath.diagnostics.location import Location
from sadpath.diagnostics.model import Diagnostic, Severity

VERSION: Final = 1
"""Of the form; it is raised when a reader of the former one would be misled."""


def render_json(diagnostics: Sequence[Diagnostic], *, ignored: int = 0) -> str:
    """One JSON object with all findings and their counts. Texts are as they are in the documents, escaped by JSON alone."""
    counts = {severity: sum(one.severity is severity for one in diagnostics) for severity in Severity}
    tree = {
        "version": VERSION,
        "diagnostics": [diagnostic_tree(one) for one in diagnostics],
        "summary": {
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "notes": counts[Severity.INFO],
            "ignored": ignored,
        },
    }
    return json.dumps(tree, indent=2) + "\n"


def diagnostic_tree(diagnostic: Diagnostic) -> dict[str, Any]:
    """A finding as a mapping; members that say where it is are null where it concerns no document."""
    rule = diagnostic.rule
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_where(diagnostic.place),
        "why": rule.why,
        "help": diagnostic.remedy,
        "related": [{"message": one.message, **_where(one.place)} for one in diagnostic.related],
    }


def _where(place: Location | None) -> dict[str, Any]:
    if place is None:
        return dict.fromkeys(("path", "line", "column", "end_line", "end_column", "pointer"))
    span = place.focus()
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "pointer": place.pointer,
    }
