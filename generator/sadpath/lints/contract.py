"""Runs every lint over one contract that was read and lowered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from sadpath.diagnostics import Report
from sadpath.lints.class_names import lint_class_names
from sadpath.lints.codes import lint_codes
from sadpath.lints.deprecation import lint_deprecation
from sadpath.lints.enumerations import lint_enumerations
from sadpath.lints.families import lint_families
from sadpath.lints.prose import lint_prose
from sadpath.lints.round_trips import lint_round_trips
from sadpath.lints.safety import lint_safety
from sadpath.lints.secrets import lint_secrets
from sadpath.lints.statuses import lint_statuses
from sadpath.lints.subject import Subject

Lint: TypeAlias = Callable[[Subject, Report], None]

OF_DOCUMENTS: Final[tuple[Lint, ...]] = (lint_secrets, lint_enumerations, lint_deprecation)
"""What needs no catalog."""
OF_CATALOGS: Final[tuple[Lint, ...]] = (
    lint_codes,
    lint_statuses,
    lint_safety,
    lint_families,
    lint_prose,
)
"""What a catalog says; one that was derived from the document says nothing of its own."""
OF_SOUND_CATALOGS: Final[tuple[Lint, ...]] = (lint_round_trips, lint_class_names)
"""What is only told of a catalog without errors: one of them would only be told again, in other words."""


def lint_contract(subject: Subject, report: Report, *, is_sound: bool = True) -> None:
    """Report everything in a contract that its rules allow and its users would pay for; one that is not sound has errors."""
    lints = OF_DOCUMENTS if subject.catalog.derived else (*OF_DOCUMENTS, *OF_CATALOGS)
    if is_sound and not subject.catalog.derived:
        lints = (*lints, *OF_SOUND_CATALOGS)
    for lint in lints:
        lint(subject, report)
