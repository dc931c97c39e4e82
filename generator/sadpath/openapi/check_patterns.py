"""Finds patterns of schemas whose matching, as the runtime does it, can take exponential time: they are left out or refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_openapi import EXPLODING_PATTERN, IMPOSSIBLE_TEXT, UNCHECKED_PATTERN
from sadpath.openapi.ambiguity import explodes
from sadpath.openapi.node import Node
from sadpath.openapi.pattern_overlap import have_common_text
from sadpath.runtime.patterns import translated
from sadpath.source.place import Place

_BASE64: Final = "(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?"
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"[0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?"
_FORMS: Final[Mapping[str, str]] = {
    "byte": _BASE64,
    "base64url": _BASE64,
    "uuid": "[0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){4}[0-9A-Fa-f]{8}",
    "date": _DATE,
    "date-time": f"{_DATE}[Tt_ ]{_TIME} ?(?:[Zz]|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?",
}
"""Formats whose values are read as more than a text, in all the forms that anybody writes."""
_ENCODED: Final[Mapping[str, str]] = {"base64": _BASE64, "base64url": _BASE64, "base16": "(?:[0-9A-Fa-f]{2})*"}


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


def check_form(node: Node, fields: Mapping[str, Any]) -> None:
    """Report a pattern that no text in the format, or in the encoding, of the same schema matches."""
    encoding = _ENCODED.get(fields.get("content_encoding", "").lower())
    form = encoding or _FORMS.get(fields.get("format", ""))
    if form is None or "pattern" not in fields:
        return
    python = translated(fields["pattern"])
    if python is not None and not have_common_text(python, form):
        what = f"encoded in {fields['content_encoding']}" if encoding else f"of the format {quote(fields['format'])}"
        message = f"no text {what} matches the pattern {quote(fields['pattern'])}"
        node.report.add(IMPOSSIBLE_TEXT, message, node.place.child("pattern"))


def check_expression(python: str, place: Place, report: Report) -> None:
    """Report a regular expression in Python's syntax that explodes."""
    if explodes(python):
        report.add(EXPLODING_PATTERN, _message(python), place)


def _message(pattern: str) -> str:
    return f"matching the pattern {quote(pattern)} can take time out of all proportion to the text"
