"""Folds `allOf` into one schema, the first pass of lowering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from sadpath.diagnostics import Related, Report, listed
from sadpath.diagnostics.rules_lowering import SCHEMA_CONFLICT, UNSUPPORTED_KEYWORD
from sadpath.openapi.model import Schema, SchemaKey

_FIELDS: Final = tuple(item.name for item in fields(Schema))
_LARGEST: Final = frozenset({"minimum", "exclusive_minimum", "min_length", "min_items", "min_properties"})
_SMALLEST: Final = frozenset({"maximum", "exclusive_maximum", "max_length", "max_items", "max_properties"})
_EITHER: Final = frozenset({"unique_items", "read_only", "write_only", "deprecated", "unchecked"})
"""What holds where any part says so (JSON Schema Validation 2020-12, section 9.4): a `false` beside it changes nothing."""
_WORDS: Final = frozenset(
    {"place", "key", "title", "description", "examples", "extensions", "default", "has_default", "format", "always"}
)
"""What says nothing about validity, or what the schema itself decides where it says anything."""
_ABOUT_ONLY: Final = (_WORDS - {"default", "has_default", "format", "always"}) | {
    "deprecated",
    "read_only",
    "write_only",
    "other_keywords",
}
_BARE: Final = frozenset({"place", "key", "ref", "all_of"})
_SAYING: Final = {name: order for order, name in enumerate(_FIELDS) if name not in _WORDS}
_TOGETHER: Final = (
    ("one_of", "discriminator"),
    ("any_of", "discriminator"),
    ("if_", "then", "else_"),
    ("contains", "min_contains", "max_contains"),
    ("items", "prefix_items"),
)
"""Keywords of which one means nothing without the others."""
_BOUNDS: Final = (
    ("minimum", "maximum"),
    ("min_length", "max_length"),
    ("min_items", "max_items"),
    ("min_properties", "max_properties"),
)
_BOUNDING: Final = frozenset(name for pair in _BOUNDS for name in pair)

Resolve = Callable[[SchemaKey], Schema]


def flatten(schema: Schema, resolve: Resolve, report: Report, held: frozenset[SchemaKey] = frozenset()) -> Schema:
    """The schema with the parts of its `allOf` (and what they refer to) merged into it; its own words win.

    A part that leads back to the schema itself, or to one that is `held` to be true of its values, adds nothing. Parts that
    contradict each other are reported; demands that cannot be merged into one schema stand in `also`.
    """
    flat, _ = _Fold(resolve, report).fold(schema, held | {schema.key})
    own_null = "null" in schema.types and flat.types and "null" not in flat.types
    # The author says beside the parts that null is allowed; that no part does would make the word mean nothing.
    return flat.but(types=(*flat.types, "null")) if own_null else flat


class _Fold:
    """Folds one schema; what a reference names is folded once, however many parts refer to it."""

    def __init__(self, resolve: Resolve, report: Report) -> None:
        self._resolve = resolve
        self._report = report
        self._folded: dict[SchemaKey, Schema] = {}

    def fold(self, schema: Schema, seen: frozenset[SchemaKey]) -> tuple[Schema, bool]:
        """The schema without `allOf`, and whether nothing was left out of it because it is in `seen`.

        Where its parts contradict each other, which is reported, nothing is left but the words about it.
        """
        try:
            return self._fold(schema, seen)
        except _Contradiction as found:
            self._report.add(SCHEMA_CONFLICT, str(found), found.left.place, related=[_other(found.right)])
            about = {name: getattr(schema, name) for name in _ABOUT_ONLY if name != "other_keywords"}
            return Schema(**about), True

    def _fold(self, schema: Schema, seen: frozenset[SchemaKey]) -> tuple[Schema, bool]:
        if schema.ref is None and not schema.all_of:
            return schema, True
        merged, whole = schema.but(all_of=(), ref=None), True
        parts = schema.all_of if schema.ref is None else (_reference(schema), *schema.all_of)
        closed: list[Schema] = []
        for part in parts:
            if part.ref is not None and part.ref in seen:
                whole = False
                continue
            inner, is_whole = self._part(part, seen)
            held = seen if part.ref is None else seen | {part.ref}
            if any(option.ref in held for option in (*inner.one_of, *inner.any_of)):
                # The parent lists those that include it: for one of them, that it is one of them says nothing.
                inner, is_whole = inner.but(one_of=(), any_of=(), discriminator=None), False
            whole = whole and is_whole
            if inner.additional_properties is not None and inner.additional_properties.always is False:
                closed.append(inner)
                inner = inner.but(additional_properties=None)
            merged = _merge(merged, inner)
        return (_closed(merged, closed, self._report) if closed else merged), whole

    def _part(self, part: Schema, seen: frozenset[SchemaKey]) -> tuple[Schema, bool]:
        if part.ref is None:
            return self.fold(part, seen)
        target, whole = self._referenced(part.ref, seen)
        merged, is_whole = self.fold(_merge(part.but(ref=None), target), seen | {part.ref})
        return merged, whole and is_whole

    def _referenced(self, key: SchemaKey, seen: frozenset[SchemaKey]) -> tuple[Schema, bool]:
        if key in self._folded:
            return self._folded[key], True
        found, whole = self.fold(self._resolve(key), seen | {key})
        if whole:
            self._folded[key] = found
        return found, whole


def _reference(schema: Schema) -> Schema:
    return Schema(schema.place, schema.key, ref=schema.ref)


def _closed(merged: Schema, parts: list[Schema], report: Report) -> Schema:
    """`additionalProperties: false` of a part: it forbids what other parts allow, which nobody means who writes it so."""
    for part in parts:
        others = [name for name in merged.properties if name not in part.properties]
        if others and not part.pattern_properties:
            named = listed(others, conjunction="and", limit=3)
            message = f"`additionalProperties: false` in a part of allOf forbids {named}, which other parts describe"
            report.add(UNSUPPORTED_KEYWORD, f"not enforced: {message}", merged.place, related=[_other(part)])
            return merged
    return (
        merged
        if merged.additional_properties is not None
        else merged.but(
            additional_properties=parts[0].additional_properties or Schema(merged.place, merged.key, always=False),
        )
    )


def _other(part: Schema) -> Related:
    return Related(part.place, "the other part")


class _Contradiction(Exception):
    """Two parts of one `allOf` that no value satisfies together."""

    def __init__(self, message: str, left: Schema, right: Schema) -> None:
        super().__init__(message)
        self.left = left
        self.right = right


def _merge(left: Schema, right: Schema) -> Schema:
    """Both demands at once; what cannot be one schema is kept in `also`. Raises _Contradiction."""
    if right.always is not None:
        return left if right.always else left.but(always=False)
    if _BARE.issuperset(left.said) and left.ref is None and not left.all_of:
        return _at(left, right)
    changes: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    said = right.said
    for name in sorted(_SAYING.keys() & said.keys(), key=_SAYING.__getitem__):
        theirs = said[name]
        if not says(theirs) or getattr(left, name) == theirs:
            continue
        if name == "discriminator" and not right.one_of and not right.any_of:
            # It is the parent's, and chooses among those that inherit from it.
            continue
        joined = _join(name, left, right)
        if joined is not None:
            changes[name] = joined[0]
        else:
            rest[name] = theirs
    changes |= _words(left, right)
    if rest:
        also, further = changes.get("also", left.also), _remainder(right, rest, changes)
        changes["also"] = also if further in also else (*also, further)
    merged = left.but(**changes)
    if not _BOUNDING.isdisjoint(changes):
        _check_bounds(merged, left, right)
    return merged


def _at(bare: Schema, other: Schema) -> Schema:
    """What another schema says, in the place of one that says nothing."""
    said = {name: value for name, value in other.said.items() if name in _WORDS or says(value)}
    if not other.one_of and not other.any_of:
        said.pop("discriminator", None)
    return Schema.of(bare.place, bare.key, said)


def says(value: Any) -> bool:
    """Whether a keyword has a value that says anything; zero does."""
    return value is not None and value is not False and value != () and value != {}


def _join(name: str, left: Schema, right: Schema) -> tuple[Any] | None:
    """The joint value of one keyword; None where there is none."""
    ours, theirs = getattr(left, name), getattr(right, name)
    join = _JOINS.get(name)
    if join is not None:
        return (join(left, right),)
    if name in _APPENDED:
        return ((*ours, *(one for one in theirs if one not in ours)),)
    if name in _EITHER or not says(ours):
        return (theirs,)
    if name in _LARGEST:
        return (max(ours, theirs),)
    if name in _SMALLEST:
        return (min(ours, theirs),)
    if name in _SCHEMAS:
        return (_both(ours, theirs),)
    return (ours,) if name in _OWN else None


def _required(left: Schema, right: Schema) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left.required, *right.required)))


def _nullable(left: Schema, right: Schema) -> bool:
    return left.nullable or not left.types


def _const(left: Schema, right: Schema) -> tuple[Any] | None:
    if left.const is not None:
        raise _conflict("two constants", left, right)
    return left.const or right.const


def _properties(left: Schema, right: Schema) -> dict[str, Schema]:
    return _members(left.properties, right.properties)


def _patterns(left: Schema, right: Schema) -> dict[str, Schema]:
    return _members(left.pattern_properties, right.pattern_properties)


def _members(ours: Mapping[str, Schema], theirs: Mapping[str, Schema]) -> dict[str, Schema]:
    return {**theirs, **{key: _both(value, theirs.get(key)) for key, value in ours.items()}}


def _words(left: Schema, right: Schema) -> dict[str, Any]:
    changes: dict[str, Any] = {"extensions": {**right.extensions, **left.extensions}}
    for name in ("title", "description", "format"):
        changes[name] = getattr(left, name) if getattr(left, name) is not None else getattr(right, name)
    changes["examples"] = left.examples or right.examples
    if not left.has_default and right.has_default:
        changes |= {"default": right.default, "has_default": True}
    return changes


def _remainder(right: Schema, rest: dict[str, Any], changes: dict[str, Any]) -> Schema:
    """What is left of the other schema, keywords that belong together with it."""
    groups = [group for group in _TOGETHER if any(name in rest for name in group)]
    for name in {name for group in groups for name in group if says(getattr(right, name))}:
        rest[name] = getattr(right, name)
        changes.pop(name, None)
    return Schema(right.place, right.key, **rest)


def _conflict(what: str, left: Schema, right: Schema) -> _Contradiction:
    return _Contradiction(f"{what} in parts of the same allOf, which no value can satisfy", left, right)


def _types(left: Schema, right: Schema) -> tuple[str, ...]:
    if not left.types:
        return right.types
    common = tuple(
        name for name in left.types if name in right.types or (name == "integer" and "number" in right.types)
    ) or tuple(name for name in right.types if name == "integer" and "number" in left.types)
    if not common:
        words = f"type {' or '.join(left.types)} here, type {' or '.join(right.types)}"
        raise _Contradiction(f"{words} in another part of the same allOf", left, right)
    return common


def _enum(left: Schema, right: Schema) -> tuple[Any, ...]:
    if left.enum is None or right.enum is None:
        return left.enum or right.enum or ()
    allowed = {(isinstance(value, bool), str(type(value).__name__ == "str"), str(value)) for value in right.enum}
    common = tuple(
        value
        for value in left.enum
        if (isinstance(value, bool), str(type(value).__name__ == "str"), str(value)) in allowed
    )
    if not common:
        raise _conflict("lists of values with none in common", left, right)
    return common


_JOINS: Final[Mapping[str, Callable[[Schema, Schema], Any]]] = {
    "types": _types,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "nullable": _nullable,
    "properties": _properties,
    "pattern_properties": _patterns,
}
_APPENDED: Final = frozenset({"other_keywords", "also", "all_of"})
_SCHEMAS: Final = frozenset({"items", "additional_properties", "property_names"})
_OWN: Final = frozenset({"ref", "content_encoding", "content_media_type"})


def _check_bounds(merged: Schema, left: Schema, right: Schema) -> None:
    for least, most in _BOUNDS:
        low, high = getattr(merged, least), getattr(merged, most)
        new = any(getattr(merged, name) != getattr(left, name) for name in (least, most))
        if new and low is not None and high is not None and low > high and not _crossed(right, least, most):
            raise _conflict(f"at least {low} and at most {high}", left, right)


def _crossed(schema: Schema, least: str, most: str) -> bool:
    low, high = getattr(schema, least), getattr(schema, most)
    return low is not None and high is not None and low > high


def _both(left: Schema, right: Schema | None) -> Schema:
    """A member that both parts describe: the left description, with the right one as a part of its `allOf`."""
    if right is None or left == right:
        return left
    if left.ref is None and not left.all_of and right.ref is None and not _demands(left):
        return right.but(
            description=left.description or right.description,
            read_only=left.read_only or right.read_only,
            write_only=left.write_only or right.write_only,
            deprecated=left.deprecated or right.deprecated,
        )
    # A key of its own: what is merged is neither of the two, and must not be taken for one of them.
    key = SchemaKey(left.key.path, f"merged:{left.key.pointer}&{right.key.pointer}")
    if left.ref is None:
        return left.but(key=key, all_of=(*left.all_of, right))
    return left.but(key=key, ref=None, all_of=(left, right))


_DEMANDS: Final = frozenset(_FIELDS) - _ABOUT_ONLY - {"default", "has_default", "ref"}


def _demands(schema: Schema) -> bool:
    """Whether the schema narrows anything down, beyond the words about it."""
    return schema.ref is not None or schema.has_default or has_demands(schema)


def has_demands(schema: Schema) -> bool:
    """Whether a schema beside a `$ref` says more than words (title, description, deprecated, ...)."""
    said = schema.said
    return not _DEMANDS.isdisjoint(said) and any(name in _DEMANDS and says(value) for name, value in said.items())


def says_what(schema: Schema) -> bool:
    """Whether a schema without a type tells nevertheless what a value is, other than by the members of an object."""
    names = ("enum", "const", "items", "prefix_items", "one_of", "any_of")
    return any(says(getattr(schema, name)) for name in names) or schema.always is not None


def adds_types(schema: Schema, known: Mapping[str, Schema], resolve: Resolve) -> bool:
    """Whether a part of `oneOf` or `anyOf` says what kind of value there is, beyond demands on members that are known."""
    if schema.ref is not None:
        return True
    if any(says(getattr(schema, name)) for name in ("enum", "const", "items", "prefix_items", "additional_properties")):
        return True
    if set(schema.types) - {"object"} or schema.always is not None:
        return True
    parts = (*schema.all_of, *schema.one_of, *schema.any_of)
    return any(name not in known for name in schema.properties) or any(
        adds_types(part, known, resolve) for part in parts
    )


def chooses_types(schema: Schema, keyword: str, resolve: Resolve) -> bool:
    """Whether `one_of` or `any_of` chooses among types, not among mere demands on one type."""
    parts: tuple[Schema, ...] = getattr(schema, keyword)
    return any(adds_types(part, schema.properties, resolve) for part in parts)
