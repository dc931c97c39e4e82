"""What the schemas of a document mean to sadpath, spelled out in JSON Schema for tools that know nothing of it."""

from __future__ import annotations

import re
from operator import is_
from typing import Any, Final

from sadpath.lower.scalars import kinds_of
from sadpath.runtime.wire import NUMBER
from sadpath.source.tree import is_list, is_mapping

_DECIMAL: Final = f"^{NUMBER.pattern}$"
_VALUES: Final = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords that hold values, which are no schemas whatever they look like."""
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "schemas"})
"""Keywords whose members have names of the document's own."""
_SPELLED: Final = frozenset({"format", "enum", "oneOf", "anyOf"})
"""Keywords of what may have to be said in other words."""
_TYPED: Final = ("type", "nullable")
_NUMBERS: Final = ({"type": "integer"}, {"type": "number"})


def spelled_out(node: Any, *, named: bool = False) -> Any:
    """A tree in which open enumerations admit other values, and texts that are decimal numbers have their pattern.

    A number or a certain word has both types side by side: where all is text, tools read a value by its types.
    What needs no other words is the very same part as before, not a copy.
    `named`: the members of this mapping have names of the document's own.
    """
    if is_list(node):
        items = [spelled_out(item) if isinstance(item, (dict, list)) else item for item in node]
        return node if all(map(is_, items, node)) else items
    if not is_mapping(node):
        return node
    found = node
    for name, member in node.items():
        if isinstance(member, (dict, list)):
            spelled = spelled_out(member) if named else spelled_member(name, member)
            if spelled is not member:
                found = dict(node) if found is node else found
                found[name] = spelled
    return found if named or _SPELLED.isdisjoint(found) else _spelled(dict(found))


def spelled_member(name: str, member: Any) -> Any:
    """The same for the member of a mapping whose names are those of OpenAPI or JSON Schema."""
    return member if name in _VALUES else spelled_out(member, named=name in _MAPS)


def _spelled(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("format") == "decimal":
        _spell_decimal(schema)
    if "enum" in schema:
        _spell_enumeration(schema)
    if "oneOf" in schema or "anyOf" in schema:
        _spell_words(schema)
    return schema


def _types(schema: dict[str, Any]) -> set[str]:
    types: Any = schema.get("type")
    return set(types) if is_list(types) else {types} if isinstance(types, str) else set()


def _spell_decimal(schema: dict[str, Any]) -> None:
    # Beside a number, a text is any text.
    if _types(schema) - {"null"} == {"string"}:
        schema.setdefault("pattern", _DECIMAL)


def _spell_enumeration(schema: dict[str, Any]) -> None:
    """An enumeration that may grow is the values that are known, or any other of the type."""
    values: Any = schema.get("enum")
    if not is_list(values) or "anyOf" in schema:
        return
    types = (_types(schema) or set(kinds_of(tuple(values)))) - {"null"}
    is_open = schema.get("x-sadpath-open", len(values) > 1)
    if is_open is True and types in ({"string"}, {"integer"}):
        typed = {name: schema[name] for name in _TYPED if name in schema} or {"type": min(types)}
        spelled = {("anyOf" if name == "enum" else name): member for name, member in schema.items()}
        spelled["anyOf"] = [{"enum": values}, typed]
        schema.clear()
        schema.update(spelled)


def _spell_words(schema: dict[str, Any]) -> None:
    keyword = next((name for name in ("oneOf", "anyOf") if name in schema), "")
    options: Any = schema.get(keyword)
    if not is_list(options) or not all(map(is_mapping, options)) or {"type", "pattern"} & set(schema):
        return
    numbers = [option["type"] for option in options if option in _NUMBERS]
    words = [option["const"] for option in options if set(option) == {"type", "const"} and option["type"] == "string"]
    if len(numbers) == 1 and words and len(numbers) + len(words) == len(options):
        del schema[keyword]
        schema["type"] = [*numbers, "string"]
        schema["pattern"] = f"^(?:{'|'.join(map(re.escape, words))})$"
