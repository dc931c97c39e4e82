"""The report that gathers the findings of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sadpath.diagnostics.location import Location
from sadpath.diagnostics.model import Diagnostic, Related, Rule, Severity


class Report:
    """The findings of one run. Adding the same finding twice keeps one."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str | None], Diagnostic] = {}

    def add(
        self,
        rule: Rule,
        message: str,
        place: Location | None = None,
        *,
        help: str | None = None,
        related: Iterable[Related] = (),
    ) -> None:
        """Keep one finding; `place` is None for what concerns no document, such as the command line."""
        self._keep(Diagnostic(rule, message, place, help, tuple(related)))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for one in diagnostics:
            self._keep(one)

    def _keep(self, one: Diagnostic) -> None:
        place = one.place
        path, identity = ("", None) if place is None else (place.path, _identity(place))
        self._found.setdefault((one.rule.code, one.message, path, identity), one)

    def __iter__(self) -> Iterator[Diagnostic]:
        """All findings in the order in which they were made: looking at them costs no search for their lines."""
        return iter(tuple(self._found.values()))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings by path, line, column and code; what has no place comes first."""
        return tuple(sorted(self._found.values(), key=_order))

    @property
    def failed(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self._found.values())

    def count(self, severity: Severity) -> int:
        return sum(one.severity is severity for one in self._found.values())


def _identity(place: Location) -> str:
    if place.pointer is not None:
        return place.pointer
    span = place.focus()
    return f"{span.line}:{span.column}"


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    if diagnostic.place is None:
        return ("", 0, 0, diagnostic.rule.code, diagnostic.message)
    span = diagnostic.place.focus()
    return (span.path, span.line, span.column, diagnostic.rule.code, diagnostic.message)
