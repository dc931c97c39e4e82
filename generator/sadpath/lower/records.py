"""Lowers objects: to records with named members, or to maps whose names are free."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sadpath.ir.types import AnyOf, Anything, Checked, Constant, Field, MapOf, Nullable, Record, Scalar, TypeRef
from sadpath.lower.assertions import assertion_of
from sadpath.lower.defaults import fitting_default
from sadpath.lower.faces import Direction
from sadpath.lower.scalars import limits_of
from sadpath.lower.standing import chosen_name
from sadpath.lower.table import Types
from sadpath.openapi.model import Schema, SchemaKey

_HOLDING: Final = frozenset(
    {
        *("prefix_items", "items", "any_of", "one_of", "also"),
        *("pattern_properties", "additional_properties", "unevaluated_properties"),
    }
)
"""Members of a schema that describe values inside its own, but for those of a record."""


def is_record(schema: Schema, *, named: bool) -> bool:
    """Whether an object has members to be named: it describes some, requires some, or allows none."""
    return bool(schema.properties) or _is_closed(schema) or (named and bool(schema.required))


def _is_closed(schema: Schema) -> bool:
    """Whether no member may be there but those that are named."""
    extra = schema.additional_properties
    return extra is not None and extra.always is False and not schema.pattern_properties


def lower_map(schema: Schema, name: str, direction: Direction, types: Types) -> TypeRef:
    """The type of an object whose names are free."""
    value = _further(schema, name, direction, types) or Anything()
    return MapOf(value, replace(limits_of(schema), conforms=_map_assertion(schema, types)))


def _map_assertion(schema: Schema, types: Types) -> str | None:
    return assertion_of(schema, types.resolve, types.report, is_record=False)


def lower_record(schema: Schema, name: str, direction: Direction, types: Types) -> Record:
    """The record that a folded schema describes, as a request or a response has it."""
    targets = {wire: types.flat(member) for wire, member in schema.properties.items()}
    one_way = tuple([wire for wire, target in targets.items() if _goes_other_way(target, direction)])
    members = dict.fromkeys((*schema.properties, *schema.required))
    lowering = _Members(schema, name, direction, types)
    fields = [lowering.field(wire, targets.get(wire)) for wire in members if wire not in one_way]
    return Record(
        name,
        schema.description,
        tuple(fields),
        _further(schema, name, direction, types),
        schema.deprecated,
        closed=_is_closed(schema),
        conforms=assertion_of(schema, types.resolve, types.report, hidden=frozenset(one_way)),
        one_way=one_way,
        direction=direction,
        secret_further=any(_is_secret(part, types.flat(part), types) for part in _further_schemas(schema)),
    )


def _goes_other_way(target: Schema, direction: Direction) -> bool:
    if target.read_only and target.write_only:
        # What would go neither way is there all the same.
        return False
    return target.read_only if direction == "request" else target.write_only


def _further_schemas(schema: Schema) -> tuple[Schema, ...]:
    """The schemas of members that have no name in the contract."""
    extra = schema.additional_properties or schema.unevaluated_properties
    return (*schema.pattern_properties.values(), *(() if extra is None else (extra,)))


def _is_secret(schema: Schema, flat: Schema, types: Types, seen: frozenset[SchemaKey] = frozenset()) -> bool:
    """Whether a value, or one inside it, must not be shown. Records inside it see to that themselves."""
    if seen and schema.key in seen:
        return False
    if schema.write_only or flat.write_only or "password" in (schema.format, flat.format):
        return True
    if _HOLDING.isdisjoint(flat.said):
        return False
    inner = [*flat.prefix_items, *flat.any_of, *flat.one_of, *flat.also]
    inner += [flat.items] if flat.items is not None else []
    if not is_record(flat, named=False):
        inner += _further_schemas(flat)
    return any(_is_secret(part, types.flat(part), types, seen | {schema.key}) for part in inner)


def _further(schema: Schema, name: str, direction: Direction, types: Types) -> TypeRef | None:
    """The type of the members that have no name; None where the document says nothing of them, or forbids them."""
    extra = schema.additional_properties or schema.unevaluated_properties
    parts = list(schema.pattern_properties.values())
    kinds = [
        types.type_within(part, f"{name} value {index}" if len(parts) > 1 else f"{name} value", direction)
        for index, part in enumerate(parts, 1)
    ]
    if extra is not None and extra.always is not False:
        kinds.append(types.type_within(extra, f"{name} value" if not parts else f"{name} other value", direction))
    elif extra is None and parts:
        kinds.append(Anything())
    distinct = tuple(dict.fromkeys(kinds))
    if not distinct or any(isinstance(kind, Anything) for kind in distinct):
        return Anything() if distinct else None
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


class _Members:
    """Lowers the members of one record; `target` is what a member is with its references folded into it."""

    def __init__(self, schema: Schema, owner: str, direction: Direction, types: Types) -> None:
        self._schema = schema
        self._required = frozenset(schema.required)
        self._owner = owner
        self._direction: Direction = direction
        self._types = types

    def field(self, wire_name: str, target: Schema | None) -> Field:
        """One member, which goes this way."""
        owner, types = self._owner, self._types
        required = wire_name in self._required
        if target is None:
            return Field(wire_name, Anything(), required, nullable=True)
        member = self._schema.properties[wire_name]
        tag = types.discriminators.tag(self._schema.key, wire_name)
        found: TypeRef = types.type_within(member, f"{owner} {wire_name}", self._direction)
        if tag is not None and _takes(target, tag):
            found = Constant(tag)
        return Field(
            wire_name,
            found.inner if isinstance(found, Nullable) else found,
            required,
            nullable=_takes_null(found),
            default=fitting_default(target, found, owner, types.resolve, types.report) if target.has_default else None,
            description=target.description,
            deprecated=target.deprecated,
            name_hint=chosen_name(member) if member.ref is None or types.component_name(member) is None else None,
            secret=_is_secret(member, target, types),
        )


def _takes_null(found: TypeRef) -> bool:
    """Whether null is a value of the type, and not the lack of one."""
    inner = found.inner if isinstance(found, Checked) else found
    if isinstance(inner, Scalar):
        return inner.kind == "null"
    return isinstance(inner, (Nullable, Anything)) or (isinstance(inner, Constant) and inner.value is None)


def _takes(target: Schema, tag: str) -> bool:
    """Whether a member can be narrowed to the tag that a discriminator gives it."""
    if target.const is not None or target.one_of or target.any_of or set(target.types) - {"string"}:
        return False
    return target.enum is None or tag in target.enum
