"""Writes the rules as an error catalog, in the language that catalogs of APIs are written in: our own failures, as data."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

from sadpath.diagnostics.model import Rule, Severity
from sadpath.runtime.frozen import dataclass

_WIDTH: Final = 120
_HEAD: Final = """\
# The rules of sadpath. Made from the registry of the program (`sadpath.diagnostics`): change the rules there.
errorcatalog: "1"
info:
  api: sadpath
  name: Sadpath
  title: Rules of sadpath
  locales: [en]

# A finding as `--output-format json` prints it.
formats:
  diagnostic:
    media_types: [application/json]
    code: {body: /code}
    message: {body: /message}
    attributes:
      slug: {body: /slug}
      severity: {body: /severity}
      path: {body: /path, role: field_owner}
      pointer: {body: /pointer, role: field}
      line: {body: /line, type: integer}
      column: {body: /column, type: integer}
      why: {body: /why}
      help: {body: /help}
    order: [/code, /slug, /severity, /message, /path, /line, /column, /pointer, /why, /help]

errors:
"""


@dataclass(frozen=True, slots=True)
class _Meaning:
    category: str = "invalid_argument"
    fault: str = "client"
    next: str = "fix"


_MEANINGS: Final[Mapping[str, _Meaning]] = {
    "internal": _Meaning("internal", "server", "stop"),
    "validator-crash": _Meaning("internal", "server", "stop"),
    "file-not-found": _Meaning("not_found"),
    "config-not-found": _Meaning("not_found"),
    "unknown-api": _Meaning("not_found"),
    "file-unreadable": _Meaning("permission_denied"),
    "output-unwritable": _Meaning("permission_denied"),
    "foreign-file": _Meaning("already_exists"),
    "output-conflict": _Meaning("already_exists"),
    "output-busy": _Meaning("aborted", "client", "repeat"),
}
"""What is not plainly a mistake in what was written."""


def rules_catalog(rules: Mapping[str, Rule], outputs: Mapping[str, str] | None = None) -> str:
    """The catalog of the rules as YAML; `outputs` are examples of what is printed, by the code of the rule."""
    shown = outputs or {}
    entries = ("\n".join(_entry(rule, shown.get(rule.code))) for rule in rules.values())
    return _HEAD + "\n\n".join(entries) + "\n"


def error_id(rule: Rule) -> str:
    """The id of a rule in the catalog: its slug, in the letters of ids."""
    return rule.slug.replace("-", "_")


def _entry(rule: Rule, output: str | None) -> Iterator[str]:
    meaning = _MEANINGS.get(rule.slug, _Meaning())
    stops = rule.severity is Severity.ERROR
    yield f"  {error_id(rule)}:"
    yield f"    match: {{code: {rule.code}}}"
    yield f"    category: {meaning.category}"
    yield f"    fault: {meaning.fault}"
    # An error stops the run before anything is written; with all others, it does what was asked for.
    yield f"    outcome: {'rejected' if stops else 'processed'}"
    yield f"    next: {'stop' if rule.severity is Severity.INFO else meaning.next}"
    yield "    attributes:"
    yield f"      slug: {{const: {rule.slug}}}"
    yield f"      severity: {{const: {rule.severity.value}}}"
    yield from _text("    title: ", rule.summary.removesuffix("."))
    yield from _text("    description: ", rule.why)
    yield "    remedies:"
    yield from _text("      - ", rule.help)
    yield "    certainty: documented"
    if output is not None:
        yield "    outputs:"
        yield f"      - id: {rule.slug}"
        yield "        text: |-"
        yield from (f"          {line}".rstrip() for line in output.split("\n"))


def _text(head: str, text: str) -> Iterator[str]:
    """A text on the line of its key, in quotes, or folded below it where it is too long for that."""
    line = head + json.dumps(text, ensure_ascii=False)
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{head}>-"
    indent = " " * (len(head) if head.endswith("- ") else len(head) - len(head.lstrip()) + 2)
    wrapper = textwrap.TextWrapper(_WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    yield from wrapper.wrap(text)
