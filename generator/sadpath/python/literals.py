"""The one converter from values to Python source: whatever a document says arrives in code as a literal made here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeGuard, cast

from sadpath.naming.scope import Code


class _Fields(dict[type[Any], tuple[tuple[str, Any, Any], ...]]):
    """The fields of each dataclass, with their defaults and what makes these; to ask the class takes longer than all else."""

    def __missing__(self, kind: type[Any]) -> tuple[tuple[str, Any, Any], ...]:
        found = tuple((field.name, field.default, field.default_factory) for field in dataclasses.fields(kind))
        self[kind] = found
        return found


_FIELDS: Final = _Fields()


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
    if _is_dataclass(value):
        return _call(value)
    if _is_mapping(value):
        return Code("{" + ", ".join([f"{literal(key)}: {literal(item)}" for key, item in value.items()]) + "}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _is_dataclass(value: object) -> bool:
    """Whether a value is of a dataclass, and none itself."""
    return hasattr(type(value), "__dataclass_fields__")


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
    for name, default, factory in _FIELDS[type(value)]:
        member = getattr(value, name)
        if default is not dataclasses.MISSING:
            if member is default or (member == default and type(member) is type(default)):
                continue
        elif factory is not dataclasses.MISSING and member == factory():
            continue
        arguments.append(f"{name}={literal(member)}")
    return Code(f"{type(value).__name__}({', '.join(arguments)})")


def class_names(value: Any) -> set[str]:
    """The names of the dataclasses and enumerations that the literal of a value mentions."""
    found: set[str] = set()
    _gather_classes(value, found)
    return found


def _gather_classes(value: Any, found: set[str]) -> None:
    if isinstance(value, Enum):
        found.add(type(value).__name__)
    elif value is None or isinstance(value, (str, int)):
        return
    elif isinstance(value, (tuple, list)):
        for item in cast("Iterable[Any]", value):
            _gather_classes(item, found)
    elif _is_dataclass(value):
        found.add(type(value).__name__)
        for name, _, _ in _FIELDS[type(value)]:
            _gather_classes(getattr(value, name), found)
    elif _is_mapping(value):
        for member in value.values():
            _gather_classes(member, found)
