"""`sadpath rules`: every rule that a finding can break, as a table or for other programs."""

from __future__ import annotations

import json

from sadpath.cli.console import ExitCode, counted
from sadpath.cli.result import Result
from sadpath.diagnostics.catalog import rules_catalog
from sadpath.diagnostics.policy import can_be_eased
from sadpath.diagnostics.registry import all_rules


def run_rules(format: str) -> Result:
    """All rules in the order of their codes: `text`, `json`, or `catalog`, which is an error catalog in our own language."""
    rules = all_rules().values()
    if format == "json":
        return Result(ExitCode.FINE, _json())
    if format == "catalog":
        return Result(ExitCode.FINE, rules_catalog(all_rules()))
    width = max(len(rule.slug) for rule in rules)
    lines = [f"{rule.code}  {rule.severity.value:7}  {rule.slug:{width}}  {rule.summary}\n" for rule in rules]
    return Result(
        ExitCode.FINE, "".join(lines), f"{counted(len(lines), 'rule')}; `sadpath explain CODE` says more of one"
    )


def _json() -> str:
    found = [
        {
            "code": rule.code,
            "slug": rule.slug,
            "severity": rule.severity.value,
            "can_be_ignored": can_be_eased(rule),
            "summary": rule.summary,
            "why": rule.why,
            "help": rule.help,
        }
        for rule in all_rules().values()
    ]
    return json.dumps(found, indent=2) + "\n"
