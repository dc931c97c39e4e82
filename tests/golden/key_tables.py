"""Tables of keys from a JSON Schema: a section for each kind of mapping, a row for each key, with a value that is in use somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

Schema = dict[str, Any]

_LONGEST: Final = 80
"""Of an example, in characters: a table has to be readable."""


@dataclass(frozen=True)
class Row:
    """A key, in words that are ready for Markdown."""

    key: str
    type: str
    default: str
    about: str
    example: str


@dataclass
class Section:
    """The keys of one kind of mapping; `schema` is what all its places have in common."""

    title: str
    schema: Schema
    examples: dict[str, str] = field(default_factory=dict[str, str])
    rows: list[Row] = field(default_factory=list[Row])
    shared: bool = False


def sections(
    schema: Schema,
    documents: Iterable[Any],
    shared: Mapping[str, Schema] | None = None,
    spelt: Callable[[Any], str] | None = None,
) -> list[Section]:
    """The sections of a schema in the order of its keys, those of `shared`, by their titles, at the end.

    Examples come from `documents`, the first one that has a short value for a key, `spelt` in their language: YAML by default.
    """
    named = shared or {}
    found = {_form(one): Section(title, one) for title, one in named.items()}
    ends = list(found.values())
    for one in ends:
        for name, rule in one.schema["properties"].items():
            _collect(rule, f"{one.title}.{name}", found)
    for one in found.values():
        one.shared = True
    ends = list(found.values())
    _collect(schema, "", found)
    for document in documents:
        _look(schema, document, found, spelt or yaml_of)
    for one in found.values():
        required = one.schema.get("required", ())
        for name, rule in one.schema["properties"].items():
            one.rows.append(_row(name, rule, name in required, one, found))
    order = list(named)
    ends.sort(key=lambda one: order.index(one.title.partition(".")[0]))
    return [*(one for one in found.values() if not one.shared), *ends]


def _form(schema: Schema) -> str:
    """What makes two records the same one, whatever is said of the keys that hold them."""
    return json.dumps({name: value for name, value in schema.items() if name != "description"}, sort_keys=True)


def _collect(schema: Schema, path: str, found: dict[str, Section]) -> None:
    if "properties" in schema:
        if found.setdefault(_form(schema), Section(path, schema)).title != path:
            return
        for name, rule in schema["properties"].items():
            _collect(rule, f"{path}.{name}".lstrip("."), found)
    for inner, suffix in _inside(schema):
        _collect(inner, f"{path}{suffix}", found)


def _inside(schema: Schema) -> Iterator[tuple[Schema, str]]:
    """The schemas of what a list or a mapping holds, and the alternatives."""
    if "items" in schema:
        yield schema["items"], "[]"
    if isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"], ".*"
    for alternative in schema.get("anyOf", ()):
        yield alternative, ""


def _look(schema: Schema, value: Any, found: dict[str, Section], spelt: Callable[[Any], str]) -> None:
    """Note what the value has for the keys of sections."""
    if "properties" in schema and isinstance(value, dict):
        section = found[_form(schema)]
        for name, rule in schema["properties"].items():
            if name in value:
                section.examples.setdefault(name, "")
                section.examples[name] = section.examples[name] or _short(spelt(value[name]))
                _look(rule, value[name], found, spelt)
    elif "items" in schema and isinstance(value, list):
        for item in value:
            _look(schema["items"], item, found, spelt)
    elif isinstance(schema.get("additionalProperties"), dict) and isinstance(value, dict):
        for name, item in value.items():
            if not name.startswith("x-"):
                _look(schema["additionalProperties"], item, found, spelt)
    for alternative in schema.get("anyOf", ()):
        _look(alternative, value, found, spelt)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST and "\n" not in text else ""


def yaml_of(value: Any) -> str:
    """A value in one line of YAML."""
    text = yaml.dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n...\n").strip()


def toml_of(value: Any) -> str:
    """A value in one line of TOML, which spells texts and lists as JSON does."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_toml_key(name)} = {toml_of(item)}' for name, item in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else json.dumps(name)


def _row(name: str, rule: Schema, is_required: bool, section: Section, found: dict[str, Section]) -> Row:
    said = rule.get("description", "")
    split = re.fullmatch(r"(.*?); ([^;]*?) where nothing is said", said)
    about, default = (split[1], split[2]) if split else (said, "")
    if "default" in rule:
        default = f"`{rule['default']}`"
    example = section.examples.get(name, "")
    return Row(
        f"`{name}`",
        _cell(_type(rule, found)),
        "**required**" if is_required else _cell(default),
        _cell(about if "_" in about.partition(" ")[0] else about[:1].upper() + about[1:]),
        _cell(f"`{example}`") if example else "",
    )


def _type(rule: Schema, found: dict[str, Section]) -> str:
    if "properties" in rule:
        section = found[_form(rule)]
        is_named = section.shared and "." not in section.title
        return f"[{section.title.lower().removesuffix('s') if is_named else 'mapping'}](#{anchor(section.title)})"
    if "title" in rule:
        return str(rule["title"])
    if "anyOf" in rule:
        first, *others = rule["anyOf"]
        if others == [{"type": "array", "items": first}]:
            return f"{_type(first, found)}, or a list"
        return " or ".join(dict.fromkeys(_type(one, found) for one in rule["anyOf"]))
    if "enum" in rule:
        return _enumeration(rule["enum"])
    if "items" in rule:
        return _several("list", "of", _type(rule["items"], found))
    if rule.get("type") == "object":
        inner = rule.get("additionalProperties")
        return _several("names", "to", _type(inner, found)) if isinstance(inner, dict) else "mapping"
    kinds = rule.get("type", "any value")
    words = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join("text" if word == "string" else word for word in words)


def _enumeration(values: list[Any]) -> str:
    if all(re.fullmatch(r"SP\d+", str(value)) for value in values):
        return "[rule](rules.md)"
    return ", ".join(f"`{value}`" for value in values)


def _several(whole: str, word: str, item: str) -> str:
    """A list of items, or names that lead to them."""
    plain = re.fullmatch(r"(\[\w+(?=\])|text|integer|any value)(\W.*)?", item)
    return f"{whole} {word} {plain[1]}s{plain[2] or ''}" if plain else f"{whole}, each {item}"


def anchor(title: str) -> str:
    """The fragment of a heading, as GitHub and Python-Markdown make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
