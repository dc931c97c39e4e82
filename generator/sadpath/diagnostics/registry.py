"""Every rule by its code: what documentation and tests go through."""

from __future__ import annotations

from collections.abc import Mapping

from sadpath.diagnostics import (
    rules_catalog,
    rules_docs,
    rules_lints,
    rules_lowering,
    rules_openapi,
    rules_output,
    rules_patch,
    rules_scaffold,
    rules_selection,
    rules_text,
    rules_usage,
)
from sadpath.diagnostics.model import Rule
from sadpath.diagnostics.policy import can_be_eased
from sadpath.diagnostics.wording import quote, suggestion


def easing_problem(code: str) -> tuple[str, str | None] | None:
    """Why a project can't do without a rule of that code, and which code may be meant; None where it can."""
    rules = all_rules()
    rule = rules.get(code)
    if rule is None:
        return f"{quote(code)} is the code of no rule", suggestion(code, rules)
    if not can_be_eased(rule):
        return f"{code} is an error, and nothing is generated from a document that has one", None
    return None


def all_rules() -> Mapping[str, Rule]:
    """The rules of all areas in the order of their codes; raises `ValueError` where two share a code or a slug."""
    modules = (
        rules_usage,
        rules_selection,
        rules_text,
        rules_openapi,
        rules_catalog,
        rules_lints,
        rules_lowering,
        rules_output,
        rules_patch,
        rules_scaffold,
        rules_docs,
    )
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Rule)]
    if len({rule.code for rule in found}) != len(found) or len({rule.slug for rule in found}) != len(found):
        raise ValueError("two rules share a code or a slug")
    return {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}
