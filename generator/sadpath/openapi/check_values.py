"""Finds what does not go with the type that a schema says: values of enumerations, read as what they were meant to be, and keywords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from sadpath.diagnostics import listed, quote
from sadpath.diagnostics.rules_openapi import ENUM_OF_ANOTHER_TYPE, IDLE_KEYWORD
from sadpath.openapi.check_patterns import check_form
from sadpath.openapi.node import Node
from sadpath.runtime.wire import NUMBER
from sadpath.source.tree import is_list, is_mapping

ABOUT: Final = {"properties": "object", "items": "array"}
"""Keywords whose loss would be noticed, and the type that they are about."""


def check_idle(node: Node, fields: dict[str, Any]) -> None:
    """Say what has no effect: members of what is no object, items of what is no list."""
    types = fields.get("types", ())
    for keyword, kind in ABOUT.items():
        if types and kind not in types and fields.get(keyword):
            named = listed((one for one in types if one != "null"), conjunction="or")
            message = f"{quote(keyword)} says nothing about a value of type {named}"
            node.report.add(IDLE_KEYWORD, message, node.place.child(keyword).key())


def check_values(node: Node, fields: dict[str, Any]) -> None:
    """Report what no value satisfies, and leave an enumeration in `fields` whose values can be of its type."""
    check_form(node, fields)
    types = [one for one in fields.get("types", ()) if one != "null"]
    values = [one for one in fields.get("enum", ()) if one is not None]
    if len(types) != 1 or not values or any(_IS[types[0]](one) for one in values):
        return
    place = node.place.child("enum")
    if types[0] in ("array", "object"):
        node.report.add(ENUM_OF_ANOTHER_TYPE, f"no value of `enum` is an {types[0]}: it is left out", place)
        del fields["enum"]
        return
    read = [_read(one, types[0]) for one in values]
    if all(one is not None for one in read):
        nulls = (None,) if None in fields["enum"] else ()
        fields["enum"] = (*read, *nulls)
        message = f"no value of `enum` is of type {types[0]}: each is read as the one that it spells"
    else:
        message = f"no value of `enum` is of type {types[0]}"
    node.report.add(ENUM_OF_ANOTHER_TYPE, message, place)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


_IS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == int(value),
    "number": _is_number,
    "array": is_list,
    "object": is_mapping,
}


def _read(value: Any, kind: str) -> Any:
    """What a value spells, of the type of that name; None where it spells no such thing."""
    if kind == "string":
        return str(value).lower() if isinstance(value, bool) else str(value) if _is_number(value) else None
    if not isinstance(value, str):
        return None
    if kind == "boolean":
        return {"true": True, "false": False}.get(value)
    found = Decimal(value) if NUMBER.fullmatch(value) else None
    if found is None or kind == "number":
        return found
    return int(found) if found == found.to_integral_value() else None
