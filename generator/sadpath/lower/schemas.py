"""Lowers schemas to types: what is declared gets a name, the rest is spelt out where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_lowering import UNSUPPORTED_KEYWORD
from sadpath.ir.types import (
    Alias,
    AnyOf,
    Anything,
    Constant,
    Declaration,
    Enumeration,
    EnumValue,
    Field,
    Limits,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Record,
    Scalar,
    ScalarKind,
    TaggedUnion,
    TypeRef,
    Variant,
)
from sadpath.lower.merge import flatten, has_demands
from sadpath.openapi.model import Document, Schema, SchemaKey
from sadpath.source.tree import is_list

_STRING_KINDS: Mapping[str, ScalarKind] = {
    "date-time": "date-time",
    "date": "date",
    "time": "time",
    "uuid": "uuid",
    "byte": "base64",
    "binary": "binary",
    "decimal": "decimal-string",
}
_ANYTHING = Anything()

Direction = Literal["request", "response"]
"""Which way a value goes: a request has no read-only members, a response no write-only ones."""


class TypeTable:
    """Types by schema; every declared type is lowered once, under the name of its component or of where it stands."""

    def __init__(self, document: Document, report: Report) -> None:
        self._document = document
        self._report = report
        self._names = {schema.key: name for name, schema in document.schemas.items()}
        self._declared: dict[str, Declaration] = {}
        self._known: dict[SchemaKey, TypeRef] = {}
        self._open: dict[SchemaKey, str] = {}
        self._recursive: set[SchemaKey] = set()

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """What has been declared so far, by name."""
        return tuple(self._declared[name] for name in sorted(self._declared))

    def lower_components(self) -> None:
        """Declare every component, whether an operation uses it or not."""
        for name in sorted(self._document.schemas):
            self.type_of(self._document.schemas[name], name)

    def resolve(self, key: SchemaKey) -> Schema:
        return self._document.definitions[key]

    def record(self, name: str) -> Record | None:
        """The declared record of that name."""
        found = self._declared.get(name)
        return found if isinstance(found, Record) else None

    def effective(self, schema: Schema) -> Schema:
        """The schema behind references that add nothing, with its `allOf` folded."""
        while schema.ref is not None and not has_demands(schema):
            schema = self.resolve(schema.ref)
        return schema

    def type_of(self, schema: Schema, context: str, direction: Direction = "response") -> TypeRef:
        """The type of a schema; `context` names it where it must be declared and is no component."""
        if schema.ref is not None:
            if has_demands(schema):
                return self._lower(
                    replace(schema, ref=None, all_of=(replace(schema, ref=schema.ref), *schema.all_of)), context
                )
            return self.type_of(self.resolve(schema.ref), self._names.get(schema.ref, context))
        if schema.key in self._known:
            return self._known[schema.key]
        name = self._names.get(schema.key) or standing_name(schema.key) or context
        if schema.key in self._open:
            self._recursive.add(schema.key)
            return Named(self._open[schema.key])
        self._open[schema.key] = name
        found = self._lower(schema, name)
        del self._open[schema.key]
        if schema.key in self._recursive and found != Named(name):
            self._declare(Alias(name, schema.description, found, schema.deprecated))
            found = Named(name)
        self._known[schema.key] = found
        return found

    def _lower(self, schema: Schema, name: str) -> TypeRef:
        if schema.nullable:
            return self._nullable(self._lower(replace(schema, nullable=False), name))
        schema = self._single_part(schema)
        if schema.ref is not None:
            return self.type_of(schema, name)
        if schema.all_of:
            schema = flatten(schema, self.resolve, self._report)
        if schema.other_keywords:
            self._report.add(UNSUPPORTED_KEYWORD, f"not enforced: {', '.join(schema.other_keywords)}", schema.place)
        if schema.always is not None:
            return _ANYTHING
        nullable = "null" in schema.types or (schema.enum is not None and None in schema.enum)
        if nullable:
            types = tuple(kind for kind in schema.types if kind != "null")
            enum = tuple(value for value in schema.enum if value is not None) if schema.enum is not None else None
            if not types and not enum and schema.types:
                return Scalar("null")
            return self._nullable(self._plain(replace(schema, types=types, enum=enum), name))
        return self._plain(schema, name)

    def _single_part(self, schema: Schema) -> Schema:
        """`allOf` with one reference and no further demands is that reference."""
        if len(schema.all_of) == 1 and not has_demands(replace(schema, all_of=())) and not schema.properties:
            return schema.all_of[0]
        return schema

    @staticmethod
    def _nullable(inner: TypeRef) -> TypeRef:
        return inner if isinstance(inner, (Nullable, Anything)) else Nullable(inner)

    def _plain(self, schema: Schema, name: str) -> TypeRef:
        if schema.const is not None:
            return Constant(schema.const[0])
        if schema.enum is not None:
            return self._enumeration(schema, name)
        if schema.one_of or schema.any_of:
            return self._union(schema, name)
        types = list(schema.types or self._guess(schema))
        if len(types) > 1:
            return AnyOf(tuple(self._typed(replace(schema, types=(kind,)), kind, f"{name} {kind}") for kind in types))
        return self._typed(schema, types[0], name) if types else _ANYTHING

    @staticmethod
    def _guess(schema: Schema) -> tuple[str, ...]:
        """The type of a schema that names none but has keywords of one."""
        if schema.properties or schema.additional_properties is not None or schema.required:
            return ("object",)
        if schema.items is not None or schema.prefix_items:
            return ("array",)
        return ()

    def _typed(self, schema: Schema, kind: str, name: str) -> TypeRef:
        if kind == "object":
            return self._object(schema, name)
        limits = _limits(schema)
        if kind == "array":
            item = self.type_of(schema.items, f"{name} item") if schema.items is not None else _ANYTHING
            return ListOf(item, limits)
        if kind == "string":
            encoded = schema.content_encoding in ("base64", "base64url")
            return Scalar("base64" if encoded else _STRING_KINDS.get(schema.format or "", "string"), limits)
        if kind == "number":
            return Scalar("number" if schema.format in ("double", "float") else "decimal-number", limits)
        if kind == "integer":
            return Scalar("integer", limits)
        if kind == "boolean":
            return Scalar("boolean")
        return Scalar("null") if kind == "null" else _ANYTHING

    def _object(self, schema: Schema, name: str) -> TypeRef:
        extra = schema.additional_properties
        if not schema.properties and not (schema.required and schema.key in self._names):
            value = self.type_of(extra, f"{name} value") if extra is not None and extra.always is None else _ANYTHING
            return MapOf(value, _limits(schema))
        additional = self.type_of(extra, f"{name} value") if extra is not None and extra.always is None else None
        self._declared.setdefault(name, Record(name, schema.description, (), additional, schema.deprecated))
        fields = tuple(self._field(schema, wire_name, name) for wire_name in self._members(schema))
        self._declare(Record(name, schema.description, fields, additional, schema.deprecated))
        return Named(name)

    @staticmethod
    def _members(schema: Schema) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*schema.properties, *schema.required)))

    def _field(self, schema: Schema, wire_name: str, owner: str) -> Field:
        member = schema.properties.get(wire_name)
        required = wire_name in schema.required
        if member is None:
            return Field(wire_name, _ANYTHING, required)
        found = self.type_of(member, f"{owner} {wire_name}")
        nullable = isinstance(found, Nullable)
        target = self.effective(member)
        default = next(((part.default,) for part in (member, target) if part.has_default), None)
        return Field(
            wire_name,
            found.inner if isinstance(found, Nullable) else found,
            required,
            nullable=nullable,
            default=default if _fits(default, found) else None,
            description=member.description or target.description,
            deprecated=member.deprecated or target.deprecated,
            name_hint=member.extensions.get("x-sadpath-name"),
            secret=any(part.write_only or part.format == "password" for part in (member, target)),
        )

    def _enumeration(self, schema: Schema, name: str) -> TypeRef:
        values: list[Any] = list(dict.fromkeys(schema.enum or ()))
        texts = all(isinstance(value, str) for value in values)
        if len(values) < 2:
            return Constant(values[0]) if values else _ANYTHING
        if not texts and not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return AnyOf(tuple(Constant(value) for value in values))
        hints: Any = schema.extensions.get("x-enum-varnames") or ()
        described: Any = schema.extensions.get("x-enum-descriptions") or ()
        members = tuple(
            EnumValue(value, _at(hints, index), _at(described, index)) for index, value in enumerate(values)
        )
        is_open = schema.extensions.get("x-sadpath-open", True) is not False
        base: Literal["string", "integer"] = "string" if texts else "integer"
        self._declare(Enumeration(name, schema.description, members, is_open, base, schema.deprecated))
        return Named(name)

    def _union(self, schema: Schema, name: str) -> TypeRef:
        parts = schema.one_of or schema.any_of
        members = [part for part in parts if not self._is_null(part)]
        found = self._tagged(schema, members, name) or self._untagged(members, name)
        return self._nullable(found) if len(members) < len(parts) else found

    def _is_null(self, part: Schema) -> bool:
        part = self.effective(part)
        return part.types == ("null",) or (part.const is not None and part.const[0] is None) or part.enum == (None,)

    def _untagged(self, members: list[Schema], name: str) -> TypeRef:
        several = len(members) > 1
        types = [
            self.type_of(part, f"{name} option {index}" if several else name) for index, part in enumerate(members, 1)
        ]
        distinct = tuple(dict.fromkeys(types))
        return distinct[0] if len(distinct) == 1 else AnyOf(distinct)

    def _tagged(self, schema: Schema, members: list[Schema], name: str) -> TypeRef | None:
        discriminator = schema.discriminator
        if discriminator is None or not members or any(part.ref is None for part in members):
            return None
        tags = {key: tag for tag, key in discriminator.mapping.items()}
        by_tag: dict[str, SchemaKey] = dict(discriminator.mapping)
        for part in members:
            if part.ref is not None and part.ref not in tags:
                by_tag[self._tag_of(part.ref, discriminator.property_name)] = part.ref
        variants: list[Variant] = []
        for tag, key in by_tag.items():
            found = self.type_of(self.resolve(key), self._names.get(key, f"{name} {tag}"))
            if not isinstance(found, Named):
                return None
            variants.append(Variant(tag, found))
        self._declare(
            TaggedUnion(name, schema.description, discriminator.property_name, tuple(variants), schema.deprecated)
        )
        return Named(name)

    def _tag_of(self, key: SchemaKey, property_name: str) -> str:
        """The tag of a member that the mapping leaves out: its own constant, else the name of its component."""
        flat = flatten(self.resolve(key), self.resolve, self._report)
        member = flat.properties.get(property_name)
        if member is not None:
            member = self.effective(member)
            if member.const is not None:
                return str(member.const[0])
            if member.enum is not None and len(member.enum) == 1:
                return str(member.enum[0])
        return self._names.get(key, key.pointer.rsplit("/", 1)[-1])

    def _declare(self, declaration: Declaration) -> None:
        self._declared[declaration.name] = declaration


def standing_name(key: SchemaKey) -> str | None:
    """The name of an inline schema under a component, from where it stands: the component, then the members that lead to it."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in key.pointer.split("/")[1:]]
    if tokens[:2] != ["components", "schemas"] or len(tokens) < 4:
        return None
    words = [tokens[2]]
    rest = iter(tokens[3:])
    for token in rest:
        if token in ("properties", "patternProperties", "$defs"):
            words.append(next(rest, ""))
        elif token in ("oneOf", "anyOf"):
            words.append(f"option {int(next(rest, '0')) + 1}")
        elif token == "allOf":
            next(rest, None)
        else:
            words.append({"items": "item", "additionalProperties": "value"}.get(token, token))
    return " ".join(words)


def _at(values: Any, index: int) -> str | None:
    found = values[index] if is_list(values) and index < len(values) else None
    return found if isinstance(found, str) else None


def _fits(default: tuple[Any] | None, found: TypeRef) -> bool:
    """Whether a default can be written in source as a value of the type: scalars and constants of the right kind."""
    if default is None:
        return False
    value = default[0]
    match found:
        case Nullable(inner):
            return value is None or _fits(default, inner)
        case Scalar("string"):
            return isinstance(value, str)
        case Scalar("boolean"):
            return isinstance(value, bool)
        case Scalar("integer"):
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return False


def _limits(schema: Schema) -> Limits:
    return Limits(
        min_length=schema.min_length,
        max_length=schema.max_length,
        pattern=schema.pattern,
        minimum=schema.minimum,
        maximum=schema.maximum,
        exclusive_minimum=schema.exclusive_minimum,
        exclusive_maximum=schema.exclusive_maximum,
        multiple_of=schema.multiple_of,
        min_items=schema.min_items,
        max_items=schema.max_items,
        unique_items=schema.unique_items,
        min_properties=schema.min_properties,
        max_properties=schema.max_properties,
    )
