"""Fits the parameters of an operation to its path: each placeholder gets one, and what has no placeholder is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from sadpath.diagnostics import Report, did_you_mean, quote, suggestion
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.model import Operation, Parameter

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_ALIKE: Final = 0.8
"""Letters in common; `user_id` and `order_id` have fewer."""


def with_path_parameters(operation: Operation, report: Report) -> Operation:
    """The operation with one path parameter for each placeholder; what had to be assumed is reported.

    A placeholder without a parameter takes the one that is spelt almost like it and fits no other, and else any text.
    """
    used = list(dict.fromkeys(name for name in PLACEHOLDER.findall(operation.path) if name))
    declared = {one.name: one for one in operation.parameters if one.location == "path"}
    if set(used) == set(declared):
        return operation
    spare = [name for name in declared if name not in used]
    taken: dict[str, str] = {}
    for name in used:
        if name not in declared:
            near = _misspelt(name, [one for one in spare if one not in taken])
            _report_undeclared(operation, name, near, report)
            taken |= {near: name} if near is not None else {}
    for name in spare:
        _report_unused(operation, declared[name], used, taken.get(name), report)
    described = (*declared, *taken.values())
    assumed = tuple(_any_text(operation, name) for name in used if name not in described)
    return replace(operation, parameters=(*_fitting(operation, used, taken), *assumed))


def _misspelt(name: str, spare: list[str]) -> str | None:
    near = did_you_mean(name, spare)
    if near is None:
        return None
    alike = SequenceMatcher(None, name.casefold(), near.casefold()).ratio()
    return near if alike >= _ALIKE else None


def _fitting(operation: Operation, used: list[str], taken: dict[str, str]) -> Iterator[Parameter]:
    for one in operation.parameters:
        if one.location != "path" or one.name in used:
            yield one
        elif one.name in taken:
            yield replace(one, name=taken[one.name])


def _any_text(operation: Operation, name: str) -> Parameter:
    return Parameter(
        place=operation.place,
        name=name,
        location="path",
        required=True,
        description=None,
        deprecated=False,
        schema=None,
        style="simple",
        explode=False,
        allow_reserved=False,
        content=None,
    )


def _report_undeclared(operation: Operation, name: str, near: str | None, report: Report) -> None:
    message = f"no parameter describes the placeholder {quote(name)} of the path {quote(operation.path)}"
    if near is None:
        report.add(rules.PATH_PARAMETER_UNDECLARED, f"{message}: it takes any text", operation.place)
        return
    hint = f"the parameter {quote(near)} fits no placeholder: rename one of the two"
    message = f"{message}: {quote(near)} is taken for it"
    report.add(rules.PATH_PARAMETER_UNDECLARED, message, operation.place, help=hint)


def _report_unused(
    operation: Operation, parameter: Parameter, used: list[str], placeholder: str | None, report: Report
) -> None:
    fate = "it is left out" if placeholder is None else f"it is taken for {quote(placeholder)}"
    message = f"the path {quote(operation.path)} has no placeholder {quote(parameter.name)}: {fate}"
    report.add(rules.PATH_PARAMETER_UNUSED, message, parameter.place, help=suggestion(parameter.name, used))
