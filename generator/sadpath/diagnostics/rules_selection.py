"""The rules for notes that hide findings, and for the baseline (SP009 to SP013)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

INLINE_IGNORE: Final = Rule(
    "SP009",
    "inline-ignore",
    Severity.WARNING,
    "An `x-sadpath-ignore` names something that can't be ignored.",
    "The note is without effect, although its author relies on it.",
    "Name the code of a rule that warns, such as SP312; what is an error has to be mended.",
)
UNUSED_IGNORE: Final = Rule(
    "SP010",
    "unused-ignore",
    Severity.WARNING,
    "An `x-sadpath-ignore` hides nothing.",
    "It would hide the next finding of that rule, which nobody has looked at.",
    "Take the code out of the note.",
)
BASELINE: Final = Rule(
    "SP011",
    "baseline",
    Severity.ERROR,
    "The baseline can't be understood.",
    "It says which findings are known; guessing could hide a new one.",
    "Restore the file, or write it anew with `sadpath lint --write-baseline`.",
)
BASELINE_OUTDATED: Final = Rule(
    "SP012",
    "baseline-outdated",
    Severity.INFO,
    "The baseline lists findings that are gone.",
    "An entry without a finding would hide one that comes back.",
    "Write it anew with `sadpath lint --write-baseline`.",
)
