"""What the schemas of a document mean to sadpath, spelled out in JSON Schema for tools that know nothing of it."""

from __future__ import annotations

import re
from typing import Any, Final

from sadpath.lower.scalars import kinds_of
from sadpath.runtime.wire import NUMBER
from sadpath.source.tree import is_list, is_mapping

_DECIMAL: Final = f"^{NUMBER.pattern}$"
_VALUES: Final = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords that hold values, which are no schemas whatever they look like."""
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "schemas"})
"""Keywords whose members have names of the document's own."""
_TYPED: Final = ("type", "nullable")
_NUMBERS: Final = ({"type": "integer"}, {"type": "number"})


def spell_out(node: Any, *, named: bool = False) -> None:
    """Change a tree in place: open enumerations admit other values, and texts that are decimal numbers get their pattern.

    A number or a certain word has both types side by side: where all is text, tools read a value by its types.
    `named`: the members of this mapping have names of the document's own.
    """
    if is_list(node):
        for item in node:
            spell_out(item)
    elif is_mapping(node):
        for name, member in node.items():
            if isinstance(member, (dict, list)) and (named or name not in _VALUES):
                spell_out(member, named=name in _MAPS and not named)
        if not named:
            if node.get("format") == "decimal":
                _spell_decimal(node)
            if "enum" in node:
                _spell_enumeration(node)
            if "oneOf" in node or "anyOf" in node:
                _spell_words(node)


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
