"""The one value of a finding, and the rule that it breaks."""

from __future__ import annotations

from enum import Enum

from sadpath.diagnostics.location import Location
from sadpath.runtime.frozen import dataclass


class Severity(Enum):
    """How much a finding weighs: an error stops generation, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` is stable for ever and `slug` says it in words; `help` is the general remedy, used where a finding has none."""

    code: str
    slug: str
    severity: Severity
    summary: str
    why: str
    help: str


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains the first one, with what is to be seen there."""

    place: Location
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`message` is one sentence on this case; `help` the remedy for this case, or None where the rule's own applies."""

    rule: Rule
    message: str
    place: Location | None = None
    help: str | None = None
    related: tuple[Related, ...] = ()
    level: Severity | None = None
    """How much it weighs in this project, where that is not what the rule says."""

    @property
    def severity(self) -> Severity:
        return self.level or self.rule.severity

    @property
    def remedy(self) -> str:
        return self.rule.help if self.help is None else self.help
