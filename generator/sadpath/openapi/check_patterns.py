"""Finds patterns of schemas whose matching, as the runtime does it, can take exponential time: they are left out or refused."""

from __future__ import annotations

from functools import lru_cache

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_openapi import EXPLODING_PATTERN, UNCHECKED_PATTERN
from sadpath.openapi.ambiguity import explodes
from sadpath.runtime.patterns import translated
from sadpath.source.place import Place


@lru_cache(maxsize=1024)
def is_checkable(pattern: str) -> bool:
    """Whether a pattern of JSON Schema does not explode; one that Python has no like of is never matched, and so harmless."""
    python = translated(pattern)
    return python is None or not explodes(python)


def report_unchecked(pattern: str, place: Place, report: Report) -> None:
    """Say that a pattern is left out."""
    report.add(UNCHECKED_PATTERN, _message(pattern), place)


def check_pattern(pattern: str, place: Place, report: Report) -> None:
    """Report a pattern of JSON Schema that explodes, where it can't be left out."""
    if not is_checkable(pattern):
        report.add(EXPLODING_PATTERN, _message(pattern), place)


def check_expression(python: str, place: Place, report: Report) -> None:
    """Report a regular expression in Python's syntax that explodes."""
    if explodes(python):
        report.add(EXPLODING_PATTERN, _message(python), place)


def _message(pattern: str) -> str:
    return f"matching the pattern {quote(pattern)} can take time out of all proportion to the text"
