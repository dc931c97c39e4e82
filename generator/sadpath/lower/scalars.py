"""Lowers values without parts, and what JSON Schema demands of a value beyond its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, Final, Literal

from sadpath.ir.types import (
    NO_LIMITS,
    AnyOf,
    Anything,
    Constant,
    Enumeration,
    EnumValue,
    Limits,
    Scalar,
    ScalarKind,
    TypeRef,
)
from sadpath.openapi.model import Schema
from sadpath.runtime.media import is_bytes
from sadpath.source.tree import is_list

_STRING_KINDS: Final[Mapping[str, ScalarKind]] = {
    "date-time": "date-time",
    "date": "date",
    "time": "time",
    "duration": "duration",
    "uuid": "uuid",
    "byte": "base64",
    "base64url": "base64url",
    "binary": "binary",
    "decimal": "decimal-string",
}
_ENCODINGS: Final[Mapping[str, ScalarKind]] = {"base64": "base64", "base64url": "base64url", "base16": "base16"}
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
"""What the formats of integers allow (OpenAPI's registry of formats)."""


def lower_scalar(schema: Schema, kind: str, limits: Limits) -> TypeRef:
    """The type of a string, number, boolean or null."""
    if kind == "string":
        encoded = _ENCODINGS.get((schema.content_encoding or "").lower())
        if is_file(schema):
            # Limits of text say nothing about files.
            return Scalar("binary")
        return Scalar(encoded or _STRING_KINDS.get(schema.format or "", "string"), limits)
    if kind == "number":
        return Scalar("number" if schema.format in ("double", "float") else "decimal-number", limits)
    if kind == "integer":
        return Scalar("integer", _within(_RANGES.get(schema.format or ""), limits))
    if kind == "boolean":
        return Scalar("boolean", Limits(conforms=limits.conforms) if limits.conforms is not None else NO_LIMITS)
    return Scalar("null") if kind == "null" else Anything()


def is_file(schema: Schema) -> bool:
    """Whether a schema describes bytes as they are: `format: binary`, and in 3.1 a media type of bytes without an encoding."""
    if schema.content_encoding is not None or not set(schema.types) <= {"string", "null"}:
        return False
    return schema.format == "binary" or is_bytes(schema.content_media_type)


def _within(bounds: tuple[int, int] | None, limits: Limits) -> Limits:
    """The limits with those of a format, where they are narrower."""
    if bounds is None:
        return limits
    low, high = bounds
    least, most = limits.minimum, limits.maximum
    above = limits.exclusive_minimum is not None and limits.exclusive_minimum >= low
    below = limits.exclusive_maximum is not None and limits.exclusive_maximum <= high
    return replace(
        limits,
        minimum=least if above or (least is not None and least >= low) else low,
        maximum=most if below or (most is not None and most <= high) else high,
    )


def _type_of(value: object) -> type:
    return type(value)


def listed_values(schema: Schema) -> tuple[Any, ...]:
    """The values of `enum`, each once, null aside."""
    found: dict[object, Any] = {}
    for value in schema.enum or ():
        if value is not None:
            # A list or a mapping is told from others by its text.
            identity = value if isinstance(value, (str, int, Decimal)) else repr(value)
            found.setdefault((_type_of(value), identity), value)
    return tuple(found.values())


def base_of(values: tuple[Any, ...], types: tuple[str, ...]) -> Literal["string", "integer"] | None:
    """What an enumeration of the values is made of; None where they are of several kinds, or of another one."""
    if all(isinstance(value, str) for value in values):
        return "string"
    if "number" not in types and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "integer"
    return None


def is_boolean_list(values: tuple[Any, ...]) -> bool:
    """Whether the listed values are true and false, which is no more than the type says."""
    return len(values) == 2 and all(isinstance(value, bool) for value in values)


def is_tuple(schema: Schema) -> bool:
    """Whether an array has exactly as many items as `prefixItems` names: types say all of that."""
    parts = schema.prefix_items
    ends = schema.max_items == len(parts) or (schema.items is not None and schema.items.always is False)
    return bool(parts) and schema.min_items == len(parts) and ends


def lower_enumeration(
    schema: Schema, name: str, values: tuple[Any, ...], base: Literal["string", "integer"]
) -> Enumeration:
    """The enumeration of values, one only where more may follow; open unless the document says otherwise with `x-sadpath-open: false`."""
    hints: Any = schema.extensions.get("x-enum-varnames") or ()
    described: Any = schema.extensions.get("x-enum-descriptions") or ()
    members = tuple(EnumValue(value, _at(hints, index), _at(described, index)) for index, value in enumerate(values))
    is_open = schema.extensions.get("x-sadpath-open", True) is not False
    return Enumeration(name, schema.description, members, is_open, base, schema.deprecated)


def _at(values: Any, index: int) -> str | None:
    found = values[index] if is_list(values) and index < len(values) else None
    return found if isinstance(found, str) else None


def kinds_of(values: tuple[Any, ...]) -> tuple[str, ...]:
    """The JSON Schema types of plain values, in a fixed order."""
    kinds = {_kind(value) for value in values}
    return tuple(kind for kind in ("boolean", "integer", "number", "string", "array", "object") if kind in kinds)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, Decimal):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if is_list(value) else "object"


_LIMITS: Final = frozenset(one.name for one in fields(Limits)) - {"conforms"}


def limits_of(schema: Schema) -> Limits:
    """What the schema demands beyond the type, as far as limits have names of their own."""
    if _LIMITS.isdisjoint(schema.said):
        return NO_LIMITS
    return Limits(**{name: value for name, value in schema.said.items() if name in _LIMITS})


def constant_of(value: Any) -> TypeRef | None:
    """The type of one value alone; None where Python has no literal type for it."""
    return Constant(value) if value is None or isinstance(value, (str, bool, int)) else None


def any_of(kinds: tuple[TypeRef, ...]) -> TypeRef:
    """One of several types, or the only one."""
    distinct = told_apart(kinds)
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


def told_apart(kinds: tuple[TypeRef, ...]) -> tuple[TypeRef, ...]:
    """The options of a union, each once; where two have one type in Python and two forms on the wire, text stays text.

    A Decimal or bytes would not say in which of the forms it came, and has to be written again.
    """
    used = {kind.kind for kind in kinds if isinstance(kind, Scalar)}
    texts = {one for group in _ALIKE if len(used & group) > 1 for one in group} - {"decimal-number", "binary"}
    plain = (
        replace(kind, kind="string") if isinstance(kind, Scalar) and kind.kind in texts else kind for kind in kinds
    )
    return tuple(dict.fromkeys(plain))


_ALIKE: Final[tuple[frozenset[ScalarKind], ...]] = (
    frozenset(("decimal-number", "decimal-string")),
    frozenset(("base64", "base64url", "base16", "binary")),
)
"""Kinds of one type in Python."""
