"""Folds `allOf` into one schema, the first pass of lowering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sadpath.diagnostics import Related, Report
from sadpath.diagnostics.rules_lowering import SCHEMA_CONFLICT
from sadpath.openapi.model import Schema, SchemaKey

_LARGEST = ("minimum", "exclusive_minimum", "min_length", "min_items", "min_properties")
_SMALLEST = ("maximum", "exclusive_maximum", "max_length", "max_items", "max_properties")
_FIRST = (
    "format",
    "title",
    "description",
    "const",
    "pattern",
    "multiple_of",
    "content_encoding",
    "content_media_type",
    "property_names",
    "items",
    "additional_properties",
    "not_",
    "discriminator",
)
_EITHER = ("unique_items", "read_only", "write_only", "deprecated")
_CONCATENATED = ("any_of", "one_of", "prefix_items", "examples", "other_keywords")


def flatten(schema: Schema, resolve: Callable[[SchemaKey], Schema], report: Report) -> Schema:
    """The schema with the parts of its `allOf` (and what they refer to) merged into it; its own words win.

    A part that leads back to the schema itself adds nothing. Contradicting types are reported.
    """
    return _flatten(schema, resolve, report, frozenset({schema.key}))


def _flatten(
    schema: Schema, resolve: Callable[[SchemaKey], Schema], report: Report, seen: frozenset[SchemaKey]
) -> Schema:
    merged = replace(schema, all_of=())
    for part in schema.all_of:
        target = part
        if part.ref is not None:
            if part.ref in seen:
                continue
            target = _merge(replace(part, ref=None), resolve(part.ref), report)
        inner = _flatten(target, resolve, report, seen if part.ref is None else seen | {part.ref})
        merged = _merge(merged, inner, report)
    return merged


def _merge(left: Schema, right: Schema, report: Report) -> Schema:
    """Both demands at once; where only one can be kept, the left one is."""
    if right.always is not None:
        return left if right.always else replace(left, always=False)
    changes: dict[str, Any] = {
        "types": _types(left, right, report),
        "enum": _enum(left, right),
        "required": tuple(dict.fromkeys((*left.required, *right.required))),
        "properties": _properties(left, right, report),
        "pattern_properties": {**right.pattern_properties, **left.pattern_properties},
        "extensions": {**right.extensions, **left.extensions},
        "all_of": left.all_of + right.all_of,
        "ref": left.ref or right.ref,
    }
    if not left.has_default and right.has_default:
        changes |= {"default": right.default, "has_default": True}
    for name in _FIRST:
        changes[name] = getattr(left, name) if getattr(left, name) is not None else getattr(right, name)
    for name in _EITHER:
        changes[name] = getattr(left, name) or getattr(right, name)
    for name in _CONCATENATED:
        changes[name] = getattr(left, name) + getattr(right, name)
    for names, pick in ((_LARGEST, max), (_SMALLEST, min)):
        for name in names:
            values = [value for value in (getattr(left, name), getattr(right, name)) if value is not None]
            changes[name] = pick(values) if values else None
    return replace(left, **changes)


def _types(left: Schema, right: Schema, report: Report) -> tuple[str, ...]:
    if not left.types or not right.types:
        return left.types or right.types
    common = tuple(
        name for name in left.types if name in right.types or (name == "integer" and "number" in right.types)
    ) or tuple(name for name in right.types if name == "integer" and "number" in left.types)
    if not common:
        report.add(
            SCHEMA_CONFLICT,
            f"type {' or '.join(left.types)} here, type {' or '.join(right.types)} in another part of the same allOf",
            left.place,
            related=[Related(right.place, "the other part")],
        )
        return left.types
    return common


def _enum(left: Schema, right: Schema) -> tuple[Any, ...] | None:
    if left.enum is None or right.enum is None:
        return left.enum if left.enum is not None else right.enum
    return tuple(value for value in left.enum if value in right.enum) or left.enum


def _properties(left: Schema, right: Schema, report: Report) -> dict[str, Schema]:
    merged = dict(right.properties)
    for name, schema in left.properties.items():
        other = right.properties.get(name)
        merged[name] = schema if other is None or other == schema else _both(schema, other)
    return merged


def _both(left: Schema, right: Schema) -> Schema:
    """A member that both parts describe: the left description, with the right one as a part of its `allOf`."""
    if left.ref is None and not left.all_of and right.ref is None and not _demands(left):
        return replace(right, description=left.description or right.description)
    # A key of its own: what is merged is neither of the two, and must not be taken for one of them.
    key = SchemaKey(left.key.path, f"merged:{left.key.pointer}&{right.key.pointer}")
    if left.ref is None:
        return replace(left, key=key, all_of=(*left.all_of, right))
    return replace(left, key=key, ref=None, all_of=(left, right))


_WORDS = {
    "place",
    "key",
    "title",
    "description",
    "examples",
    "deprecated",
    "read_only",
    "write_only",
    "extensions",
    "other_keywords",
}


def _demands(schema: Schema) -> bool:
    """Whether the schema narrows anything down, beyond the words about it."""
    return any(
        getattr(schema, item.name) not in (None, (), False) and getattr(schema, item.name) != {}
        for item in fields(schema)
        if item.name not in _WORDS and not (item.name == "default" and not schema.has_default)
    )


def has_demands(schema: Schema) -> bool:
    """Whether a schema beside a `$ref` says more than words (title, description, deprecated, ...)."""
    return _demands(replace(schema, ref=None, default=None, has_default=False))
