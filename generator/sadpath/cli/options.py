"""The options that several commands share, as they were given, and the settings that they lead to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sadpath.config import ALLOWANCES, Settings
from sadpath.config.options import check_targets, settings_from_options
from sadpath.config.read import read_settings
from sadpath.diagnostics import Report, listed, quote, suggestion
from sadpath.diagnostics.policy import FailOn
from sadpath.diagnostics.registry import easing_problem
from sadpath.diagnostics.rules_usage import UNKNOWN_API, USAGE
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Which APIs a command is for: configured ones by name, all by default, or the one that the options describe."""

    apis: tuple[str, ...] = ()
    openapi: Path | None = None
    errors: Path | None = None
    package: str | None = None
    output: Path | None = None
    targets: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn | None = None
    format: str = "full"

    @property
    def is_single(self) -> bool:
        """Whether options describe one API, so that no configuration is read."""
        return bool(self.openapi or self.errors or self.package or self.output)

    @property
    def is_complete(self) -> bool:
        """Whether the command is for everything that is configured."""
        return not (self.apis or self.targets or self.is_single)


def settings_of(scope: Scope, report: Report, *, writes: bool = True) -> Settings | None:
    """The settings that a command runs with; None, with findings, where there are none. One that `writes` needs to know where."""
    found = _single(scope, report, writes) if scope.is_single else _configured(scope, report)
    if found is None or report.failed:
        return None
    _check_ignored(scope, report)
    more = frozenset(one for one in ALLOWANCES if one in scope.allow)
    policy = found.lint.policy
    policy = replace(policy, ignore=policy.ignore | {*scope.ignore}, fail_on=scope.fail_on or policy.fail_on)
    apis = tuple(replace(api, allow=api.allow | more) for api in found.apis)
    if scope.targets and not scope.is_single:
        check_targets(scope.targets, report)
        apis = tuple(replace(api, targets=frozenset(scope.targets)) for api in apis)
    return None if report.failed else replace(found, apis=apis, lint=replace(found.lint, policy=policy))


def _configured(scope: Scope, report: Report) -> Settings | None:
    settings = read_settings(Path.cwd(), report)
    if settings is None or report.failed:
        return None
    known = [api.name for api in settings.apis]
    for name in scope.apis:
        if name not in known:
            message = f"no API {quote(name)} is configured; there is {listed(known, conjunction='and')}"
            report.add(UNKNOWN_API, message, help=suggestion(name, known))
    return replace(settings, apis=tuple(api for api in settings.apis if not scope.apis or api.name in scope.apis))


def _single(scope: Scope, report: Report, writes: bool) -> Settings | None:
    required: dict[str, Path | str | None] = {"--openapi": scope.openapi}
    if writes:
        required |= {"--package": scope.package, "--output": scope.output}
    names, together = listed_options(required), " together" if len(required) > 1 else ""
    for name, value in required.items():
        if not value:
            report.add(USAGE, f"{name} is missing: without a configuration, {names} needed{together}")
    if scope.apis:
        message = f"names of configured APIs can't be given together with {listed_options(required, plain=True)}"
        report.add(USAGE, message)
    if report.failed or scope.openapi is None:
        return None
    package, output = scope.package or "api", scope.output or Path()
    return settings_from_options(scope.openapi, scope.errors, package, output, scope.targets, report)


def listed_options(names: dict[str, Path | str | None], *, plain: bool = False) -> str:
    """Options as an English list, with the verb that follows it unless `plain`."""
    *first, last = names
    joined = f"{', '.join(first)} {'or' if plain else 'and'} {last}" if first else last
    return joined if plain else f"{joined} are" if first else f"{joined} is"


def _check_ignored(scope: Scope, report: Report) -> None:
    for code in scope.ignore:
        problem = easing_problem(code)
        if problem is not None:
            message, meant = problem
            report.add(USAGE, f"--ignore: {message}", help=meant)
