"""Lays schemas over each other, as far as what they demand together can be said in one."""

from __future__ import annotations

from typing import Any, Final

_MERGED: Final = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
}


def kinds_in(kinds: Any) -> set[str]:
    """The types that a value may have; an integer is a number."""
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | ({"integer"} if "number" in found else set[str]())


def kind_of(value: Any) -> str:
    """The type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "integer", float: "number", str: "string", list: "array"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "object")


def both(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """What two schemas demand together, as far as they can be laid over each other."""
    made = {**left, **right}
    for word in left.keys() & right.keys():
        one, other = left[word], right[word]
        if word in ("properties", "patternProperties"):
            made[word] = {
                **one,
                **{name: _member(one[name], part) if name in one else part for name, part in other.items()},
            }
        elif word == "required":
            made[word] = [*one, *(name for name in other if name not in one)]
        elif word == "enum":
            made[word] = [value for value in one if value in other] or one
        elif word == "type":
            shared = kinds_in(one) & kinds_in(other)
            made[word] = sorted(shared - {"integer"} if "number" in shared else shared) or one
        elif word in _MERGED:
            made[word] = _MERGED[word](one, other)
        elif word in ("additionalProperties", "items") and isinstance(one, dict) and isinstance(other, dict):
            made[word] = {"allOf": [one, other]}
    kinds = made.get("type")
    if isinstance(kinds, list) and len(kinds) == 1:
        made["type"] = kinds[0]
    return made


def _member(one: Any, other: Any) -> Any:
    return other if one is True or one == other else one if other is True else {"allOf": [one, other]}
