"""Refuses patterns of schemas, as the runtime matches them, where that can take exponential time."""

from __future__ import annotations

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_openapi import EXPLODING_PATTERN
from sadpath.openapi.ambiguity import explodes
from sadpath.runtime.patterns import translated
from sadpath.source.place import Place


def check_pattern(pattern: str, place: Place, report: Report) -> None:
    """Report a pattern of JSON Schema that explodes; one that Python has no like of is never matched, and so harmless."""
    python = translated(pattern)
    if python is not None:
        check_expression(python, pattern, place, report)


def check_expression(python: str, shown: str, place: Place, report: Report) -> None:
    """Report a regular expression in Python's syntax that explodes; `shown` is how its author wrote it."""
    if explodes(python):
        message = f"matching the pattern {quote(shown)} can take time out of all proportion to the text"
        report.add(EXPLODING_PATTERN, message, place)
