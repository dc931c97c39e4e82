"""Findings: one value, one registry of rules, one renderer a format; only the command line prints them."""

from __future__ import annotations

from sadpath.diagnostics.location import Location, Span
from sadpath.diagnostics.model import Diagnostic, Related, Rule, Severity
from sadpath.diagnostics.report import Report
from sadpath.diagnostics.wording import did_you_mean, listed, quote, shortened, suggestion, visible

__all__ = [
    "Diagnostic",
    "Location",
    "Related",
    "Report",
    "Rule",
    "Severity",
    "Span",
    "did_you_mean",
    "listed",
    "quote",
    "shortened",
    "suggestion",
    "visible",
]
