"""All findings of a run to those that are shown: weighed, and without what notes and the baseline hide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.policy import Policy
from sadpath.findings.baseline import Baseline
from sadpath.findings.inline import InlineNotes
from sadpath.runtime.frozen import dataclass
from sadpath.source.text import Source


@dataclass(frozen=True, slots=True)
class Selected:
    """`shown` is what is left, each finding with its weight; `hidden` counts those that a note or the baseline hides."""

    shown: tuple[Diagnostic, ...]
    hidden: int = 0


def select(
    diagnostics: Sequence[Diagnostic],
    policy: Policy,
    sources: Iterable[Source],
    baseline: Baseline | None = None,
    *,
    is_complete: bool = False,
) -> Selected:
    """What to show of `diagnostics`, found in `sources`; `is_complete` says that every rule has looked at all of them."""
    notes = InlineNotes(sources)
    noted = [one for one in diagnostics if not notes.hides(one)]
    left = [one for one in noted if baseline is None or not baseline.hides(one)]
    further = Report()
    notes.check(further, is_complete=is_complete)
    if baseline is not None and is_complete:
        baseline.check(further)
    report = Report()
    report.extend(policy.weighed([*left, *further.diagnostics]))
    return Selected(report.diagnostics, len(diagnostics) - len(left))
