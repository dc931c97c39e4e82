"""`sadpath explain`: what a rule of ours is for, or what an error of a configured API means and what to do."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sadpath.cli.console import ExitCode, has_color
from sadpath.cli.options import Scope, settings_of
from sadpath.cli.result import Findings, Result, failure_code, unweighed
from sadpath.config import ApiSettings, Settings
from sadpath.config.read import read_settings
from sadpath.diagnostics import Report, Rule, quote, suggestion
from sadpath.diagnostics.policy import can_be_eased
from sadpath.diagnostics.registry import all_rules
from sadpath.diagnostics.rules_usage import CONFIG_NOT_FOUND, UNKNOWN_CODE

_WIDTH: Final = 80


def run_explain(subject: str, api: str | None, locale: str | None) -> Result:
    """A rule by its code or slug, else an error by its code, id or class, in one of the configured APIs or in all."""
    rule = None if api else _rule(subject)
    if rule is not None:
        return Result(ExitCode.FINE, _explained(rule))
    report = Report()
    settings = settings_of(Scope(apis=(api,)) if api else Scope(), report)
    pages = list(_pages(settings, subject, locale, report)) if settings is not None else []
    if pages:
        return Result(ExitCode.FINE, _shown("\n".join(pages)))
    if settings is None and api is None and all(one.rule is CONFIG_NOT_FOUND for one in report.diagnostics):
        report = Report()  # whoever asks for a rule needs no project
    if not report.failed:
        known = [*all_rules(), *known_codes()]
        message = f"{quote(subject)} is neither a rule nor an error of a configured API"
        report.add(UNKNOWN_CODE, message, help=suggestion(subject, known))
    found = Findings(unweighed(report), "full")
    return found.failure(failure_code(report.diagnostics), "nothing to explain")


def _rule(subject: str) -> Rule | None:
    rules = all_rules()
    by_slug = {rule.slug: rule for rule in rules.values()}
    return rules.get(subject.upper()) or by_slug.get(subject.lower())


def _explained(rule: Rule) -> str:
    ignored = "can be ignored" if can_be_eased(rule) else "can't be ignored: nothing is generated with it"
    parts = [
        f"{rule.code} {rule.slug} ({rule.severity.value}, {ignored})",
        rule.summary,
        f"Why: {rule.why}",
        f"How to mend it: {rule.help}",
    ]
    wrap = textwrap.TextWrapper(_WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n\n".join(wrap.fill(part) for part in parts) + "\n"


def _pages(settings: Settings, subject: str, locale: str | None, report: Report) -> Iterator[str]:
    """The pages of the errors that are called so, API by API."""
    from sadpath.pipeline import error_pages

    for api in settings.apis:
        if subject in _codes(api):
            yield from error_pages(api, subject, locale, report)


def known_codes() -> list[str]:
    """The codes, ids and classes of all errors of the configured APIs; what can't be read is passed over."""
    settings = read_settings(Path.cwd(), Report())
    return sorted({name for api in settings.apis for name in _codes(api)}) if settings is not None else []


def _codes(api: ApiSettings) -> set[str]:
    from sadpath.pipeline import error_names

    return error_names(api)


def _shown(markdown: str) -> str:
    """Markdown as it is for another program, laid out for a person at a terminal."""
    if not sys.stdout.isatty() or not has_color(to_stdout=True):
        return markdown
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True, width=min(Console().width, 100))
    with console.capture() as captured:
        console.print(Markdown(markdown, hyperlinks=False))
    return captured.get()
