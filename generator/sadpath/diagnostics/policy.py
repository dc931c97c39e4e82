"""How much findings weigh for one project: which are not shown, which weigh otherwise, and from which on a run fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Final, Literal, TypeAlias

from sadpath.diagnostics.model import Diagnostic, Rule, Severity
from sadpath.runtime.frozen import dataclass

FailOn: TypeAlias = Literal["error", "warning", "info"]

FAIL_ON: Final[tuple[FailOn, ...]] = ("error", "warning", "info")

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules by their codes. What is an error by its rule is neither ignored nor weighed down: nothing can be generated with it."""

    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict[str, Severity])
    fail_on: FailOn = "error"

    def weighed(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that are left, each with the weight that it has here."""
        return [replace(one, level=self._level(one.rule)) for one in diagnostics if not self._is_ignored(one.rule)]

    def fails(self, diagnostics: Iterable[Diagnostic]) -> bool:
        """Whether a run with these findings, weighed already, has failed."""
        weighty = _ORDER[: FAIL_ON.index(self.fail_on) + 1]
        return any(one.severity in weighty for one in diagnostics)

    def _is_ignored(self, rule: Rule) -> bool:
        return rule.code in self.ignore and can_be_eased(rule)

    def _level(self, rule: Rule) -> Severity | None:
        return self.severity.get(rule.code) if can_be_eased(rule) else None


def can_be_eased(rule: Rule) -> bool:
    """Whether a project may do without a rule: not where nothing could be generated from what breaks it."""
    return rule.severity is not Severity.ERROR
