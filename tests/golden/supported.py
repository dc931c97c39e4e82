"""Writes the page of what is supported from the feature documents themselves: their words, their keywords, their findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sadpath.config import ApiSettings
from sadpath.config.read import read_settings
from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.rules_catalog import CATALOG_DERIVED
from sadpath.openapi.parse_operation import METHODS
from sadpath.pipeline import build
from sadpath.source.loader import load

CHECKOUT = Path(__file__).resolve().parents[2]
FEATURES = CHECKOUT / "specs" / "features"
PAGE = CHECKOUT / "generated" / "features" / "README.md"

_INTRODUCTION = """\
# What is supported

Each part of OpenAPI and JSON Schema that sadpath understands has a small document that shows it, generated code that is
committed beside this page, and a test that runs that code. This page is made of these documents: the words are theirs,
and so are the keywords in the index at its end. Where something cannot be expressed, what `sadpath generate` says of it
is quoted.
"""

_MAPS = frozenset(
    "properties patternProperties $defs definitions dependentSchemas dependentRequired mapping responses headers content "
    "schemas parameters requestBodies examples links callbacks pathItems securitySchemes variables scopes encoding paths "
    "webhooks mediaTypes additionalOperations dependencies".split()
)
"""Fields whose members are names, not keywords, where they hold a mapping."""
_DATA = frozenset({"example", "default", "enum", "const", "value", "dataValue", "security", "examples"})


@dataclass(frozen=True)
class Feature:
    """One document: its words, the keywords in it, and what is said about it."""

    slug: str
    title: str
    description: str
    version: str
    keywords: frozenset[str]
    findings: tuple[Diagnostic, ...]


def features() -> tuple[Feature, ...]:
    """Every feature, by title."""
    settings = read_settings(FEATURES, Report())
    assert settings is not None
    return tuple(sorted((_feature(api) for api in settings.apis), key=lambda one: one.title.lower()))


def _feature(api: ApiSettings) -> Feature:
    source, report = load(api.openapi, Report()), Report()
    assert source is not None and build(api, report) is not None, api.name
    tree: Any = source.tree
    found = tuple(one for one in report.diagnostics if one.rule is not CATALOG_DERIVED)
    info = tree["info"]
    return Feature(api.name, info["title"], info["description"], tree["openapi"], frozenset(_keywords(tree)), found)


def _keywords(tree: Any) -> Iterator[str]:
    """The keywords of OpenAPI and JSON Schema in a document."""
    if isinstance(tree, list):
        for item in tree:
            yield from _keywords(item)
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if name in METHODS or (name.startswith("x-") and not name.startswith("x-sadpath-")):
                yield from _keywords(value)
                continue
            yield name
            if name in _NESTED and isinstance(value, dict):
                for member in value.values():
                    yield from _inside(name, member)
            elif name in _MAPS and isinstance(value, dict):
                for member in value.values():
                    yield from _keywords(member)
            elif name not in _DATA and not name.startswith("x-"):
                yield from _keywords(value)


_NESTED = frozenset({"links", "callbacks", "flows"})


def _inside(name: str, member: Any) -> Iterator[str]:
    """The keywords of a link, whose values are data; of a callback, whose keys are URLs; of a flow, whose name is none."""
    if not isinstance(member, dict):
        return
    if name == "links":
        yield from (key for key in member if not key.startswith("x-"))
        return
    for inner in member.values() if name == "callbacks" and "$ref" not in member else [member]:
        yield from _keywords(inner)


_PLAIN = frozenset("openapi info title version description summary tags name paths components operationId".split())
"""What every document has."""


def page() -> str:
    """The whole page."""
    found = features()
    users: defaultdict[str, list[Feature]] = defaultdict(list)
    for feature in found:
        for keyword in feature.keywords - _PLAIN:
            users[keyword].append(feature)
    lines = [_INTRODUCTION]
    for feature in found:
        lines.append(f"## {feature.title}\n\n{feature.description.strip()}\n")
        notes = [f"- `{one.rule.code}` ({one.severity.value}): {_plain(one.message)}" for one in feature.findings]
        if notes:
            lines.append("Said about it:\n\n" + "\n".join(dict.fromkeys(notes)) + "\n")
        document = f"[the document](../../specs/features/{feature.slug}/openapi.yaml)"
        package = feature.slug.replace("-", "_")
        reference = f"[reference](docs/{feature.slug}/README.md)"
        generated = f"[code](python/features/{package}/__init__.py)"
        lines.append(f"OpenAPI {feature.version}: {document}, its {reference}, {generated} and {_test(package)}.\n")
    lines.append("## Keywords\n\n| keyword | shown in |\n|---|---|")
    for keyword in sorted(users, key=lambda one: (one.lower(), one)):
        named = ", ".join(f"[{one.title}](#{_anchor(one.title)})" for one in users[keyword])
        lines.append(f"| `{keyword}` | {named} |")
    return "\n".join(lines) + "\n"


def _test(package: str) -> str:
    found = CHECKOUT / "tests" / "features" / f"test_{package}.py"
    # Two spellings of one thing share a test.
    path = found if found.exists() else found.with_name(f"test_{package.partition('_3_')[0]}.py")
    return f"[test](../../{path.relative_to(CHECKOUT).as_posix()})"


def _plain(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")


def _anchor(title: str) -> str:
    kept = "".join(char for char in title.lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")
