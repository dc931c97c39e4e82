"""The one converter from values to Python source: whatever a document says arrives in code as a literal made here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeGuard, cast

from sadpath.naming.scope import Code


def literal(value: Any) -> Code:
    """Source of a value: scalars, Decimals, tuples, lists, mappings, enumeration members and dataclasses.

    Dataclasses become calls that name the fields that differ from their defaults; `Code` stands as it is. Strings
    are escaped so that nothing invisible (controls, bidirectional marks) stands in the source.
    Raises TypeError for any other value.
    """
    if isinstance(value, Code):
        return value
    if isinstance(value, Enum):
        return Code(f"{type(value).__name__}.{value.name}")
    if value is None or isinstance(value, (bool, int)):
        return Code(repr(value))
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return Code(repr(value).replace("e+", "e"))
    if isinstance(value, Decimal):
        return Code(f'Decimal("{value}")')
    if isinstance(value, (tuple, list)):
        items = [literal(item) for item in cast("Iterable[Any]", value)]
        return _sequence(items, isinstance(value, tuple))
    if _is_mapping(value):
        return Code("{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _call(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _sequence(items: list[Code], is_tuple: bool) -> Code:
    joined = ", ".join(items)
    if not is_tuple:
        return Code(f"[{joined}]")
    return Code(f"({joined},)" if len(items) == 1 else f"({joined})")


def _text(value: str) -> Code:
    """In double quotes, but where single ones take fewer backslashes."""
    quoted = repr(value)
    if quoted[0] == "'" and value.count('"') <= value.count("'"):
        body = quoted[1:-1].replace("\\'", "'").replace('"', '\\"')
        quoted = f'"{body}"'
    return Code(quoted)


def _call(value: Any) -> Code:
    arguments: list[str] = []
    for field in dataclasses.fields(value):
        member = getattr(value, field.name)
        if field.default is not dataclasses.MISSING and member == field.default and type(member) is type(field.default):
            continue
        if field.default_factory is not dataclasses.MISSING and member == field.default_factory():
            continue
        arguments.append(f"{field.name}={literal(member)}")
    return Code(f"{type(value).__name__}({', '.join(arguments)})")


def class_names(value: Any) -> set[str]:
    """The names of the dataclasses and enumerations that the literal of a value mentions."""
    if isinstance(value, Enum):
        return {type(value).__name__}
    if isinstance(value, (tuple, list)):
        return set[str]().union(*(class_names(item) for item in cast("Iterable[Any]", value)))
    if _is_mapping(value):
        return set[str]().union(*(class_names(member) for member in value.values()))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, field.name) for field in dataclasses.fields(value))
        return {type(value).__name__}.union(*(class_names(part) for part in parts))
    return set()
