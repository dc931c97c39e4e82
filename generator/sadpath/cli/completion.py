"""What a shell offers while somebody types: names of configured APIs, rules, codes of errors. It never fails, and says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


def complete_api(incomplete: str) -> list[str]:
    """The configured APIs that begin so."""
    from sadpath.config.read import read_settings
    from sadpath.diagnostics import Report

    settings = read_settings(Path.cwd(), Report())
    return [api.name for api in settings.apis if api.name.startswith(incomplete)] if settings is not None else []


def complete_rule(incomplete: str) -> list[tuple[str, str]]:
    """The rules whose codes begin so, with what they say."""
    from sadpath.diagnostics.registry import all_rules

    return [(code, rule.summary) for code, rule in all_rules().items() if code.startswith(incomplete.upper())]


def complete_easy_rule(incomplete: str) -> list[tuple[str, str]]:
    """The rules that can be ignored."""
    from sadpath.diagnostics.policy import can_be_eased
    from sadpath.diagnostics.registry import all_rules

    eased = [rule for rule in all_rules().values() if can_be_eased(rule)]
    return [(rule.code, rule.summary) for rule in eased if rule.code.startswith(incomplete.upper())]


def complete_subject(incomplete: str) -> list[str | tuple[str, str]]:
    """What can be explained: rules, and the errors of configured APIs."""
    from sadpath.cli.explain import known_codes

    return [*complete_rule(incomplete), *_beginning(known_codes(), incomplete)]


def complete_target(incomplete: str) -> list[str]:
    """The targets of sadpath and of installed packages."""
    from sadpath.config import TARGETS
    from sadpath.config.plugins import plugin_names

    return list(_beginning((*TARGETS, *plugin_names()), incomplete))


def complete_template(incomplete: str) -> list[str]:
    """The templates that can be replaced."""
    from sadpath.render.overrides import template_names

    return list(_beginning(template_names(), incomplete))


def _beginning(words: Iterable[str], incomplete: str) -> Iterator[str]:
    return (word for word in words if word.startswith(incomplete))
