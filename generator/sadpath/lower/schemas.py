"""Lowers schemas to types: what is declared gets a name, the rest is spelt out where it is used."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lowering import UNSUPPORTED_KEYWORD
from sadpath.ir.types import (
    NO_LIMITS,
    Alias,
    AnyOf,
    Anything,
    Checked,
    Declaration,
    Limits,
    ListOf,
    Named,
    Nullable,
    Record,
    Scalar,
    TupleOf,
    TypeRef,
)
from sadpath.lower.assertions import assertion_of
from sadpath.lower.discriminators import Discriminators
from sadpath.lower.faces import Direction, Faces
from sadpath.lower.merge import flatten, has_demands
from sadpath.lower.records import is_record, lower_map, lower_record
from sadpath.lower.scalars import (
    any_of,
    base_of,
    constant_of,
    is_boolean_list,
    is_file,
    is_tuple,
    kinds_of,
    limits_of,
    listed_values,
    lower_enumeration,
    lower_scalar,
)
from sadpath.lower.standing import Standing, chosen_name, defined_name, shortened
from sadpath.lower.unions import is_shared, lower_family, lower_union, union_in
from sadpath.openapi.model import Document, Schema, SchemaKey

_ANYTHING = Anything()
_MOST_HELD: Final = 10_000
"""Parts of unions that are put together with what stands beside them, before those inside others are left as they are."""
_DEEPEST: Final = 12
"""Types that stand in each other; what is deeper gets a name of its own. Python reads no more than 100 open brackets."""

_SCALARS: Final = frozenset({"string", "integer", "number", "boolean", "null"})
_OF_SCALARS: Final = frozenset(
    {
        *("place", "key", "types", "format", "title", "description", "examples", "default", "has_default"),
        *("deprecated", "read_only", "write_only"),
    }
)
"""Members of a schema that say nothing of its type, but for the first few."""

Site = tuple[SchemaKey, Direction | None]
"""A schema and which face of it; None where it has one face alone."""


class TypeTable:
    """Types by schema; every declared type is lowered once, under the name of its component or of where it stands.

    Records are lowered after what refers to them, one by one, so that neither circles nor long chains of references
    make the table call itself.
    """

    def __init__(self, document: Document, report: Report) -> None:
        self.report = report
        self._document = document
        self._components = {schema.key: name for name, schema in document.schemas.items()}
        self._flat: dict[SchemaKey, Schema] = {}
        self._held: dict[SchemaKey, frozenset[SchemaKey]] = {}
        self._faces = Faces(document)
        self.discriminators = Discriminators(document, self.flat, report)
        self._standing = Standing()
        self._owners: dict[str, Site] = {}
        self._declared: dict[str, Declaration] = {}
        self._records: set[str] = set()
        self._pending: list[tuple[Schema, str, Direction]] = []
        self._deep: list[tuple[Schema, str, Direction, Site]] = []
        self._known: dict[Site, TypeRef] = {}
        self._scalars: dict[tuple[tuple[str, ...], str | None], TypeRef] = {}
        self._open: dict[Site, str] = {}
        self._recursive: set[Site] = set()
        self.has_files = False
        for key, name in sorted(self._components.items(), key=lambda item: item[1]):
            self._claim(chosen_name(document.schemas[name]) or name, (key, self._face(document.schemas[name], None)))

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """What has been declared so far, by name."""
        return tuple(self._declared[name] for name in sorted(self._declared))

    def lower_components(self) -> None:
        """Declare every component, whether an operation uses it or not."""
        for name, schema in sorted(self._document.schemas.items()):
            directions: list[Direction] = ["response"]
            if self._faces.is_split(schema):
                used: list[Direction] = ["request", "response"]
                directions = [one for one in used if self._faces.is_used(schema.key, one)] or directions
            for direction in directions:
                found = self.type_of(schema, name, direction)
                site = (schema.key, self._face(schema, direction))
                own = self._name(schema, name, site)
                if own not in self._declared:
                    target = _ANYTHING if found == Named(own) else found
                    self.declare(Alias(own, schema.description, target, schema.deprecated))

    def resolve(self, key: SchemaKey) -> Schema:
        return self._document.definitions[key]

    def record(self, name: str) -> Record | None:
        """The declared record of that name."""
        found = self._declared.get(name)
        return found if isinstance(found, Record) else None

    def declared(self, name: str) -> Declaration | None:
        """The declaration of that name, where it has been made."""
        return self._declared.get(name)

    def is_record(self, name: str) -> bool:
        """Whether a record of that name is declared or will be."""
        return name in self._records

    def declare(self, declaration: Declaration) -> None:
        """Enter a declaration under its name, which was claimed for it."""
        self._declared[declaration.name] = declaration

    def component_name(self, schema: Schema) -> str | None:
        """The name of the component that the schema refers to."""
        return self._components.get(schema.ref) if schema.ref is not None else None

    def flat(self, schema: Schema) -> Schema:
        """The schema with references and `allOf` folded into it."""
        if schema.ref is None and not schema.all_of:
            return schema
        if schema.key not in self._flat:
            held = self._held.get(schema.key, frozenset()).difference(part.ref for part in schema.all_of if part.ref)
            self._flat[schema.key] = flatten(schema, self.resolve, self.report, held)
        return self._flat[schema.key]

    def can_hold(self, shared: Schema) -> bool:
        """Whether there is room: unions in unions in unions stand for more parts than anybody can count."""
        return shared.key not in self._held or len(self._held) < _MOST_HELD

    def hold(self, whole: Schema, shared: Schema, part: Schema) -> Schema:
        """Note that a schema is a part of a union together with what stands beside it, whose values are of that union, too."""
        self._held[whole.key] = self._held.get(shared.key, frozenset({shared.key})) | {part.ref or part.key}
        return whole

    def type_of(self, schema: Schema, context: str, direction: Direction = "response") -> TypeRef:
        """The type of a schema; `context` names it where it must be declared and is no component."""
        found = self.type_within(schema, context, direction)
        while self._pending or self._deep:
            if self._pending:
                pending, name, its_direction = self._pending.pop()
                self.declare(lower_record(pending, name, its_direction, self))
            else:
                self._lower_deep(*self._deep.pop())
        return found

    def _lower_deep(self, schema: Schema, name: str, direction: Direction, site: Site) -> None:
        """Declare what was too deep inside another type to be spelt out there."""
        self._open[site] = name
        found = self._lower(schema, name, direction)
        del self._open[site]
        if found != Named(name):
            self._aliased(schema, name, found)

    def type_within(self, schema: Schema, context: str, direction: Direction) -> TypeRef:
        """As `type_of`, for schemas inside others: records are declared when the outermost one is done."""
        if schema.ref is not None and not has_demands(schema):
            name = self._components.get(schema.ref) or defined_name(schema.ref) or context
            return self.type_within(self.resolve(schema.ref), name, direction)
        site = (schema.key, self._face(schema, direction))
        known = self._known.get(site)
        if known is not None:
            return known
        if site in self._open:
            self._recursive.add(site)
            return Named(self._open[site])
        name = self._name(schema, context, site)
        if len(self._open) >= _DEEPEST:
            self._known[site] = Named(name)
            self._deep.append((schema, name, direction, site))
            return Named(name)
        alike = self._scalars.get((schema.types, schema.format)) if _is_scalar(schema) else None
        if alike is not None:
            self._known[site] = alike
            return alike
        self._open[site] = name
        found = self._lower(schema, name, direction)
        del self._open[site]
        if (site in self._recursive or self._is_worth_a_name(schema, found)) and found != Named(name):
            found = self._aliased(schema, name, found)
        self._known[site] = found
        return found

    def _is_worth_a_name(self, schema: Schema, found: TypeRef) -> bool:
        """Whether a component's type is too long to be spelt out wherever it is used."""
        inner = found.inner if isinstance(found, Nullable) else found
        return (
            schema.key in self._components
            and isinstance(inner, AnyOf)
            and any(isinstance(member, Named) for member in inner.members)
        )

    def _aliased(self, schema: Schema, name: str, found: TypeRef) -> TypeRef:
        if isinstance(found, AnyOf):
            # That a value may be what it may be says nothing.
            found = any_of(tuple(member for member in found.members if member != Named(name)) or (_ANYTHING,))
        self.declare(Alias(name, schema.description, found, schema.deprecated))
        return Named(name)

    def _face(self, schema: Schema, direction: Direction | None) -> Direction | None:
        """Which face of the schema it is; None where both are the same."""
        if not self._faces.is_split(schema):
            return None
        return (
            direction
            or ("response" if self._faces.is_used(schema.key, "response") else None)
            or ("request" if self._faces.is_used(schema.key, "request") else "response")
        )

    def _name(self, schema: Schema, context: str, site: Site) -> str:
        standing = self._components.get(schema.key) or self._standing.name(schema) or context
        wanted = chosen_name(schema) or shortened(standing)
        if site[1] == "request" and self._owners.get(wanted, site) != site:
            # The name itself belongs to what is read.
            return self._claim(f"{wanted} input", site)
        return self._claim(wanted, site)

    def _claim(self, wanted: str, site: Site) -> str:
        name, number = wanted, 2
        while self._owners.setdefault(name, site) != site:
            name, number = f"{wanted} {number}", number + 1
        return name

    def _lower(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        """The type of a schema; what is said with a type and a format alone is one for all that say it."""
        if not _is_scalar(schema):
            return self._lower_any(schema, name, direction)
        said = (schema.types, schema.format)
        found = self._scalars.get(said)
        if found is None:
            found = self._scalars[said] = self._lower_any(schema, name, direction)
        return found

    def _lower_any(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        if schema.nullable:
            bare = schema.but(nullable=False)
            if schema.enum is not None:
                bare = bare.but(enum=tuple(value for value in schema.enum if value is not None))
            if bare.ref is not None and not has_demands(bare):
                return _nullable(self.type_within(bare, name, direction))
            return _nullable(self._lower(bare, name, direction))
        if self._is_single_part(schema):
            return self.type_within(schema.all_of[0], name, direction)
        flat = self.flat(schema)
        if flat.nullable:
            return _nullable(self._lower_flat(flat.but(nullable=False), name, direction))
        return self._lower_flat(flat, name, direction)

    def _lower_flat(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        if schema.other_keywords:
            named = ", ".join(quote(keyword) for keyword in schema.other_keywords)
            self.report.add(UNSUPPORTED_KEYWORD, f"not enforced: {named}", schema.place)
        if schema.always is not None:
            return _ANYTHING if schema.always else self._checked(_ANYTHING, schema)
        nullable = "null" in schema.types or (schema.enum is not None and None in schema.enum)
        if nullable:
            types = tuple(kind for kind in schema.types if kind != "null")
            enum = listed_values(schema) if schema.enum is not None else None
            if not types and not enum and schema.types:
                return Scalar("null")
            return _nullable(self._plain(schema.but(types=types, enum=enum or None), name, direction))
        return self._plain(schema, name, direction)

    @staticmethod
    def _is_single_part(schema: Schema) -> bool:
        """`allOf` with one reference and no further demands is that reference."""
        alone = len(schema.all_of) == 1 and schema.ref is None
        return alone and schema.all_of[0].ref is not None and not has_demands(schema.but(all_of=()))

    def _plain(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        if schema.const is not None:
            constant = constant_of(schema.const[0])
            kinds = kinds_of((schema.const[0],)) if schema.const[0] is not None else ()
            return constant or self._several(schema.but(types=kinds), kinds, name, direction)
        if schema.enum is not None:
            return self._enumeration(schema, name, direction)
        union = union_in(schema, self)
        if union is not None:
            # What holds for members or items has been put into each part.
            limits = NO_LIMITS if is_shared(union.rest) else limits_of(union.rest)
            rest = replace(union.rest, unevaluated_properties=None)
            return self._checked(lower_union(schema, union, name, direction, self), rest, limits)
        family = lower_family(schema, name, direction, self)
        if family is not None:
            return family
        return self._several(schema, schema.types or _guessed(schema), name, direction)

    def _several(self, schema: Schema, kinds: tuple[str, ...], name: str, direction: Direction) -> TypeRef:
        if not kinds and is_file(schema):
            return Scalar("binary")
        if not kinds:
            return self._checked(_ANYTHING, schema, limits_of(schema))
        if len(kinds) == 1:
            return self._typed(schema, kinds[0], name, direction)
        if "integer" in kinds and "number" in kinds:
            kinds = tuple(kind for kind in kinds if kind != "integer")
        found = (self._typed(schema.but(types=(kind,)), kind, f"{name} {kind}", direction) for kind in kinds)
        return any_of(tuple(found))

    def _typed(self, schema: Schema, kind: str, name: str, direction: Direction) -> TypeRef:
        if kind == "object":
            return self._object(schema, name, direction)
        limits, conforms = limits_of(schema), assertion_of(schema, self.resolve, self.report)
        if conforms is not None:
            limits = replace(limits, conforms=conforms)
        if kind == "array":
            return self._array(schema, name, limits, direction)
        found = lower_scalar(schema, kind, limits)
        self.has_files = self.has_files or (isinstance(found, Scalar) and found.kind == "binary")
        return found

    def _array(self, schema: Schema, name: str, limits: Limits, direction: Direction) -> TypeRef:
        prefix = tuple(
            self.type_within(part, f"{name} item {index}", direction)
            for index, part in enumerate(schema.prefix_items, 1)
        )
        if is_tuple(schema):
            return TupleOf(prefix, replace(limits, min_items=None, max_items=None))
        rest: TypeRef = _ANYTHING
        if schema.items is not None and schema.items.always is None:
            rest = self.type_within(schema.items, f"{name} item", direction)
        if prefix and schema.items is not None and schema.items.always is False:
            return ListOf(any_of(prefix), limits)
        return ListOf(any_of((*prefix, rest)) if rest != _ANYTHING else rest, limits)

    def _object(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        if not is_record(schema, named=schema.key in self._components):
            return lower_map(schema, name, direction, self)
        site = (schema.key, self._face(schema, direction))
        name = self._claim(name, site)
        self._records.add(name)
        if name not in self._declared:
            self._pending.append((schema, name, direction))
        return Named(name)

    def _enumeration(self, schema: Schema, name: str, direction: Direction) -> TypeRef:
        values = listed_values(schema)
        base = base_of(values, schema.types)
        if is_boolean_list(values):
            return Scalar("boolean")
        # A single value is a constant, unless the document says that there will be more.
        will_grow = base is not None and schema.extensions.get("x-sadpath-open") is True
        if len(values) == 1 and not will_grow and (constant := constant_of(values[0])) is not None:
            return constant
        if not values or base is None:
            kinds = kinds_of(values)
            return self._several(schema.but(types=kinds), kinds, name, direction)
        self.declare(lower_enumeration(schema, name, values, base))
        return Named(name)

    def _checked(self, found: TypeRef, schema: Schema, limits: Limits = NO_LIMITS) -> TypeRef:
        """A type with what the schema demands beyond it."""
        limits = replace(limits, conforms=assertion_of(schema, self.resolve, self.report))
        if limits == NO_LIMITS:
            return found
        if isinstance(found, Nullable):
            return Nullable(Checked(found.inner, limits))
        return Checked(found, limits)


def _is_scalar(schema: Schema) -> bool:
    """Whether a type and a format are all that a schema says of a value without parts."""
    return _OF_SCALARS.issuperset(schema.said) and _SCALARS.issuperset(schema.types)


def _nullable(inner: TypeRef) -> TypeRef:
    return inner if isinstance(inner, (Nullable, Anything)) else Nullable(inner)


def _guessed(schema: Schema) -> tuple[str, ...]:
    """The type of a schema that names none but has keywords of one."""
    objects = (schema.properties, schema.pattern_properties, schema.required)
    if any(objects) or schema.additional_properties is not None or schema.property_names is not None:
        return ("object",)
    if schema.items is not None or schema.prefix_items:
        return ("array",)
    return ()
