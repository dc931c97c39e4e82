"""Writes the references of the documentation from what the program knows: grammar, configuration, help and rules, never by hand."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jinja2
import yaml
from conformance.bench import comparing
from conformance.corpus import report
from golden import test_help
from golden.key_tables import Section, sections, toml_of

import sadpath.diagnostics
from sadpath.catalog.grammar import ATTRIBUTES, PREDICATE, SELECTOR
from sadpath.catalog.schema import json_schema as catalog_schema
from sadpath.config.schema import json_schema as config_schema
from sadpath.diagnostics.catalog import error_id
from sadpath.diagnostics.model import Rule

CHECKOUT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = CHECKOUT / "templates" / "guides"
HELP: Final = CHECKOUT / "tests" / "golden" / "help"

_SHARED: Final = {
    "Selectors": SELECTOR.schema(),
    "Predicates": PREDICATE.schema(),
    "Attributes": ATTRIBUTES.schema()["additionalProperties"],
}
"""Parts of the catalog that many of its keys consist of, under the headings where they are explained."""


def names() -> tuple[str, ...]:
    return ("catalog-format", "configuration", "command-line", "conformance", "rules")


def page(name: str) -> str:
    """The text of a reference."""
    makers = {
        "catalog-format": lambda: {"sections": _catalog_sections()},
        "configuration": lambda: {"sections": sections(config_schema(), [whole_configuration()], spelt=toml_of)},
        "command-line": lambda: {"commands": _commands()},
        "conformance": _conformance,
        "rules": lambda: {"areas": _areas()},
    }
    template = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True, autoescape=False
    )  # noqa: S701 Markdown
    source = (SOURCES / f"{name}.md.jinja").read_text(encoding="utf-8")
    return template.from_string(source).render(**makers[name]()).rstrip("\n") + "\n"


def _catalog_sections() -> list[Section]:
    # What we invented comes first: it is shorter than what the APIs have.
    paths = sorted(CHECKOUT.glob("specs/*/errors.yaml"))
    invented = sorted(CHECKOUT.glob("specs/features/*/errors.yaml"))
    examples = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in (*invented, *paths)]
    return sections(catalog_schema(), examples, _SHARED)


def whole_configuration() -> Any:
    """The configuration that the page shows as a whole; its values are the examples of the keys."""
    source = (SOURCES / "configuration.md.jinja").read_text(encoding="utf-8")
    block = re.search(r"^```toml\n(.*?)^```$", source, re.M | re.S)
    assert block is not None
    return tomllib.loads(block[1])


def _commands() -> Iterator[tuple[str, str]]:
    """Each command with its help."""
    for file, arguments in test_help.DATA.items():
        if arguments[-1] == "--help":
            words = ["sadpath", *arguments[:-1]]
            yield " ".join(words), (HELP / file).read_text(encoding="utf-8").rstrip("\n")


def _conformance() -> dict[str, Any]:
    """What the last run over other people's documents found."""
    found = json.loads(report.REPORT.read_text(encoding="utf-8"))
    times = json.loads(comparing.REPORT.read_text(encoding="utf-8")) if comparing.REPORT.is_file() else None
    return {
        **report.tables(found),
        "total": found["summary"]["documents"],
        "untried": list(found["summary"]["untried"].items()),
        "bench": comparing.rows(times) if times else [],
        "cores": times["cores"] if times else 0,
    }


def _areas() -> Iterator[tuple[str, list[tuple[str, str, str, str, str]]]]:
    """The areas of rules, in the words of their modules, with a row for each rule."""
    found: list[tuple[str, list[Rule]]] = []
    for module in pkgutil.iter_modules(sadpath.diagnostics.__path__):
        if module.name.startswith("rules_"):
            loaded = importlib.import_module(f"sadpath.diagnostics.{module.name}")
            title = re.match(r"The rules for (.*?)(?: \(SP[^)]*\))?\.$", loaded.__doc__ or "")
            assert title is not None, module.name
            rules = [value for value in vars(loaded).values() if isinstance(value, Rule)]
            found.append((title[1][:1].upper() + title[1][1:], sorted(rules, key=lambda rule: rule.code)))
    for heading, rules in sorted(found, key=lambda area: area[1][0].code):
        yield heading, [(one.code, error_id(one), one.slug, one.severity.value, one.summary) for one in rules]
