"""Lowers defaults: those that fit their schema become values in Python, the others are reported."""

from __future__ import annotations

from typing import Any, Final

from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_lowering import DEFAULT_MISMATCH
from sadpath.ir.types import AnyOf, Checked, ListOf, MapOf, Named, Nullable, Scalar, TupleOf, TypeRef
from sadpath.lower.assertions import Resolve, misfits
from sadpath.openapi.model import Schema
from sadpath.runtime.trees import is_array, is_object

_READ_FROM_TEXT: Final = frozenset(
    {"date", "date-time", "time", "duration", "uuid", "base64", "base64url", "base16", "decimal-string"}
)


def fitting_default(schema: Schema, found: TypeRef, owner: str, resolve: Resolve, report: Report) -> tuple[Any] | None:
    """The default of a folded schema, in a tuple; None where it has none, or none that a value of the type can be.

    `owner` is the record that has the member.
    """
    if not schema.has_default:
        return None
    value = schema.default
    broken = misfits(schema, value, resolve)
    if not broken and not _readable(found, value):
        broken = ["is not of the format"]
    if not broken and _holds(found, value, owner):
        broken = ["would hold itself, as what it describes has it too"]
    if broken:
        message = f"the default {broken[0]}" if not broken[0].startswith("/") else f"the default: {broken[0]}"
        report.add(DEFAULT_MISMATCH, message, schema.place.child("default"))
        return None
    return (value,)


def _readable(found: TypeRef, value: Any) -> bool:
    """Whether the texts in a plain value are what their types are read from."""
    match found:
        case Scalar("binary"):
            return False
        case Scalar(kind):
            return kind not in _READ_FROM_TEXT or _is_read(kind, value)
        case Nullable(inner):
            return value is None or _readable(inner, value)
        case Checked(inner):
            return _readable(inner, value)
        case ListOf(item):
            return is_array(value) and all(_readable(item, one) for one in value)
        case TupleOf(items):
            return is_array(value) and all(_readable(item, one) for item, one in zip(items, value, strict=True))
        case MapOf(inner):
            return is_object(value) and all(_readable(inner, one) for one in value.values())
        case AnyOf(members):
            return any(_readable(member, value) for member in members)
        case _:
            return True


def _is_read(kind: str, value: Any) -> bool:
    from sadpath.lower.read_texts import is_read  # which brings pydantic, and few documents need it

    return is_read(kind, value)


def _holds(found: TypeRef, value: Any, name: str) -> bool:
    """Whether a value of the type holds a value of a declared type, as far as the type itself says."""
    match found:
        case Named(other):
            return other == name
        case Nullable(inner):
            return value is not None and _holds(inner, value, name)
        case Checked(inner):
            return _holds(inner, value, name)
        case ListOf(item):
            return any(_holds(item, one, name) for one in value)
        case MapOf(inner):
            return any(_holds(inner, one, name) for one in value.values())
        case TupleOf(items):
            return any(_holds(item, one, name) for item, one in zip(items, value, strict=True))
        case AnyOf(members):
            return is_object(value) and any(_holds(member, value, name) for member in members)
        case _:
            return False
