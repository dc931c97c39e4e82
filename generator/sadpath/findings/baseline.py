"""The baseline: a file that lists the findings a project already had when it began to lint, so that only new ones show."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sadpath.diagnostics import Diagnostic, Report, visible
from sadpath.diagnostics.policy import can_be_eased
from sadpath.diagnostics.rules_selection import BASELINE, BASELINE_OUTDATED
from sadpath.source.loader import load
from sadpath.source.place import Place
from sadpath.source.reads import note_file
from sadpath.source.tree import is_list, is_mapping

VERSION: Final = 1

_MEMBERS: Final = ("code", "path", "pointer", "message")


class Baseline:
    """Known findings by rule, file, place in its tree and message: a moved line makes none new, and one that gathers more does."""

    def __init__(self, root: Path, known: Counter[tuple[str, ...]], place: Place | None = None) -> None:
        self._root = root
        self._left = known
        self._place = place

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether the finding is known; each entry hides one."""
        key = _key(diagnostic, self._root)
        if self._left[key] < 1 or not can_be_eased(diagnostic.rule):
            return False
        self._left[key] -= 1
        return True

    def check(self, report: Report) -> None:
        """Report that entries are left over after every finding was shown to `hides`."""
        gone = self._left.total()
        if gone:
            entries = "1 entry hides" if gone == 1 else f"{gone:,} entries hide"
            report.add(BASELINE_OUTDATED, f"{entries} nothing any more", self._place)


def read_baseline(file: Path, root: Path, report: Report, *, required: bool) -> Baseline | None:
    """The baseline in `file`, empty where there is none and none is `required`; None, with a finding, where it is no baseline."""
    if not required and not file.exists():
        note_file(file, None)
        return Baseline(root, Counter())
    source = load(file, report)
    if source is None:
        return None
    entries = source.tree.get("findings") if is_mapping(source.tree) else None
    if not is_list(entries) or source.tree.get("version") != VERSION or not all(_is_entry(one) for one in entries):
        message = f"{visible(source.path)} is not a baseline that this version of sadpath wrote"
        report.add(BASELINE, message, Place(source))
        return None
    known = Counter(tuple(str(one[name]) for name in _MEMBERS) for one in entries)
    return Baseline(root, known, Place(source))


def render_baseline(diagnostics: Iterable[Diagnostic], root: Path) -> str:
    """The text of a baseline of these findings: sorted, without lines and without times. Errors are left out."""
    keys = sorted(_key(one, root) for one in diagnostics if can_be_eased(one.rule))
    findings = [dict(zip(_MEMBERS, key, strict=True)) for key in keys]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"


def _key(diagnostic: Diagnostic, root: Path) -> tuple[str, ...]:
    place = diagnostic.place
    if place is None:
        return (diagnostic.rule.code, "", "", diagnostic.message)
    path = place.path
    if not path.startswith("https:"):
        path = Path(os.path.relpath(os.path.abspath(path), root)).as_posix()
    return (diagnostic.rule.code, path, place.pointer or "", diagnostic.message)


def _is_entry(value: Any) -> bool:
    return is_mapping(value) and all(isinstance(value.get(name), str) for name in _MEMBERS)
