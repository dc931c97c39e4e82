"""Findings as text: in full with an excerpt of the document, or concise with one line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sadpath.diagnostics.frame import frame
from sadpath.diagnostics.location import Location
from sadpath.diagnostics.model import Diagnostic, Severity
from sadpath.diagnostics.wording import shortened, visible

_COLOURS: Final = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_LONGEST_MESSAGE: Final = 500
_LONGEST_POINTER: Final = 200


class _Paint:
    """ANSI colours, or none."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text


def render_full(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """Each finding with its excerpt, its JSON Pointer, help and related places, separated by empty lines.

    Why a rule is one is said under its first finding only. Text of documents can't reach the terminal as control, bidi
    or escape characters.
    """
    paint = _Paint(color)
    explained: set[str] = set()
    blocks: list[str] = []
    for one in diagnostics:
        why = None if one.rule.code in explained else one.rule.why
        explained.add(one.rule.code)
        blocks.append(f"{_full(one, why, paint)}\n")
    return "\n".join(blocks)


def render_concise(diagnostics: Iterable[Diagnostic]) -> str:
    """One line a finding: `path:line:column: CODE message`; without a place, `sadpath: CODE message`."""
    return "".join(f"{_concise(one)}\n" for one in diagnostics)


def _concise(diagnostic: Diagnostic) -> str:
    where = "sadpath"
    if diagnostic.place is not None:
        span = diagnostic.place.focus()
        where = f"{visible(span.path)}:{span.line}:{span.column}"
    return f"{where}: {diagnostic.rule.code} {_message(diagnostic.message)}"


def _full(diagnostic: Diagnostic, why: str | None, paint: _Paint) -> str:
    severity = diagnostic.severity
    head = paint(_COLOURS[severity], f"{severity.value}[{diagnostic.rule.code}]")
    lines = [f"{head}: {paint('1', _message(diagnostic.message))}"]
    mark = f"  {paint('1;34', '=')}"
    if diagnostic.place is not None:
        lines += _excerpt(diagnostic.place, paint, _COLOURS[severity])
        mark = " " * (len(str(diagnostic.place.focus().line)) - 1) + mark
        if diagnostic.place.pointer is not None:
            lines.append(f"{mark} at #{visible(shortened(diagnostic.place.pointer, _LONGEST_POINTER))}")
    if why is not None:
        lines.append(f"{mark} why: {why}")
    lines.append(f"{mark} help: {_message(diagnostic.remedy)}")
    for related in diagnostic.related:
        lines.append(f"{paint('1;32', 'note')}: {_message(related.message)}")
        lines += _excerpt(related.place, paint, "1;32")
    return "\n".join(lines)


def _excerpt(place: Location, paint: _Paint, colour: str) -> list[str]:
    shown = frame(place)
    number = str(shown.span.line)
    gutter = " " * len(number)
    bar = paint("1;34", "|")
    where = f"{visible(shown.span.path)}:{shown.span.line}:{shown.span.column}"
    if not shown.line:
        return [f"{gutter}{paint('1;34', '-->')} {where}"]
    return [
        f"{gutter}{paint('1;34', '-->')} {where}",
        f"{gutter} {bar}",
        f"{paint('1;34', number)} {bar} {shown.line}".rstrip(),
        f"{gutter} {bar} {' ' * shown.indent}{paint(colour, '^' * shown.width)}",
    ]


def _message(text: str) -> str:
    return visible(shortened(text, _LONGEST_MESSAGE))
