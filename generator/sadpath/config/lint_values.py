"""The table `lint` of the configuration: which rules weigh how much, and where the baseline is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sadpath.config.settings import BASELINE_FILE, LintSettings
from sadpath.config.values import Table
from sadpath.diagnostics import Severity, listed
from sadpath.diagnostics.policy import FAIL_ON, FailOn, Policy
from sadpath.diagnostics.registry import all_rules, easing_problem
from sadpath.diagnostics.rules_usage import CONFIG_VALUE
from sadpath.source.place import Place

LINT_KEYS: Final = ("ignore", "severity", "fail-on", "baseline")

_LEVELS: Final = {level.value: level for level in Severity}


def lint_settings(table: Table, root: Path) -> LintSettings:
    """What the table under `lint` says; the defaults where there is none."""
    lint = table.table("lint")
    if lint is None:
        return LintSettings(baseline=root / BASELINE_FILE)
    lint.only(LINT_KEYS)
    policy = Policy(ignored_rules(lint), _severities(lint), _fail_on(lint))
    baseline = lint.path("baseline", root)
    return LintSettings(policy, baseline or root / BASELINE_FILE, baseline is not None)


def _fail_on(lint: Table) -> FailOn:
    levels: dict[str, FailOn] = {level: level for level in FAIL_ON}
    text = lint.text("fail-on", f"one of {listed(FAIL_ON)}") or "error"
    if text not in levels:
        lint.refuse("fail-on", f"one of {listed(FAIL_ON)}")
    return levels.get(text, "error")


def ignored_rules(table: Table) -> frozenset[str]:
    """The codes in the list `ignore` of a table."""
    texts = table.texts("ignore", 'a list of codes of rules such as "SP312"') or []
    return frozenset(text for text, place in texts if _is_rule(table, text, place))


def _severities(lint: Table) -> dict[str, Severity]:
    table = lint.table("severity")
    found: dict[str, Severity] = {}
    if table is None:
        return found
    for code, level in table.value.items():
        if level not in list(_LEVELS):
            table.refuse(code, f"one of {listed(_LEVELS)}")
        elif _is_rule(table, code, table.place.child(code).key()):
            found[code] = _LEVELS[level]
    return found


def _is_rule(table: Table, code: str, place: Place) -> bool:
    problem = easing_problem(code)
    if problem is None:
        return True
    message, meant = problem
    is_error = code in all_rules()
    fallback = "Name rules that warn or note only." if is_error else "`sadpath rules` lists them all."
    table.report.add(CONFIG_VALUE, message, place, help=meant or fallback)
    return False
