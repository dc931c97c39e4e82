"""The excerpt of a document under a finding: one line of it, made harmless, with the stretch underlined."""

from __future__ import annotations

import unicodedata
from typing import Final

from sadpath.diagnostics.location import Location, Span
from sadpath.diagnostics.wording import visible
from sadpath.runtime.frozen import dataclass

WIDEST: Final = 120
"""Characters of a source line that are shown; a longer line is cut around the stretch."""

_LEAD: Final = 30
_TAB: Final = "    "


@dataclass(frozen=True, slots=True)
class Frame:
    """`line` is ready for a terminal; the underline starts at display column `indent` and is `width` columns wide."""

    span: Span
    line: str
    indent: int
    width: int


def frame(place: Location) -> Frame:
    """The frame of a place; the underline covers at least one column and never leaves the line."""
    span = place.focus()
    line = place.line(span.line)
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    end = max(min(end, len(line)), start)
    head = ""
    if len(line) > WIDEST and start > _LEAD:
        cut = start - _LEAD
        line, start, end, head = line[cut:], start - cut, end - cut, "…"
    tail = "…" if len(line) > WIDEST else ""
    line = line[:WIDEST]
    end = min(end, WIDEST)
    before, marked, after = (_shown(part) for part in (line[:start], line[start:end], line[end:]))
    return Frame(span, f"{head}{before}{marked}{after}{tail}".rstrip(), _width(head + before), max(_width(marked), 1))


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
