"""Plain JSON instances that are true to a schema, drawn at random from the parsed document; recursion has an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import assume
from hypothesis import strategies as st
from properties.texts import DECIMALS, TEXT, integers, numbers, texts

from sadpath.diagnostics import Report
from sadpath.lower.discriminators import BASE
from sadpath.lower.faces import Direction
from sadpath.lower.merge import flatten, has_demands
from sadpath.lower.schemas import TypeTable
from sadpath.openapi.model import Document, Schema, SchemaKey

Draw = Callable[[st.SearchStrategy[Any]], Any]

_DEEP: Final = 4
_TOO_DEEP: Final = -4
_MOST_KEPT: Final = 5000
_EITHER: Final = st.booleans()
KINDS: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
_OF_OBJECTS: Final = ("properties", "pattern_properties", "required", "additional_properties", "property_names")
_FURTHER: Final = st.sampled_from(
    ("other", "x-more", "class", "class_", "self", "to_wire", "model_extra", "_violations", "Ж")
)
"""Names of members that no schema here has, some of which mean something in Python."""

ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
"""Any JSON value."""


@dataclass(frozen=True)
class Truth:
    """A document whose schemas instances are drawn for, and which way they go."""

    document: Document
    table: TypeTable
    direction: Direction
    _folded: dict[int, tuple[Schema, Schema]] = field(default_factory=dict)
    _made: dict[Any, tuple[Schema, st.SearchStrategy[Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document, direction: Direction) -> Truth:
        return cls(document, TypeTable(document, Report()), direction)

    def instances(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Instances of a schema."""

        @st.composite
        def instance(draw: Any) -> Any:
            return _Maker(self, draw).value(schema, _DEEP)

        return instance()

    def folded(self, schema: Schema) -> Schema:
        """The schema without references and `allOf`."""
        definitions = self.document.definitions
        while schema.ref is not None and not has_demands(schema):
            schema = definitions[schema.ref]
        if schema.ref is None and not schema.all_of:
            return schema
        if id(schema) not in self._folded:
            if len(self._folded) >= _MOST_KEPT:
                self._folded.clear()
            self._folded[id(schema)] = (schema, flatten(schema, definitions.__getitem__, Report()))
        return self._folded[id(schema)][1]

    def drawn(self, make: Callable[[Schema], st.SearchStrategy[Any]], schema: Schema) -> st.SearchStrategy[Any]:
        """The strategy for a schema without parts, made once."""
        key = (make, id(schema))
        if key not in self._made:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            self._made[key] = (schema, make(schema))
        return self._made[key][1]

    def goes(self, schema: Schema) -> bool:
        """Whether a member of that schema goes this way."""
        target = self.folded(schema)
        return not (target.read_only if self.direction == "request" else target.write_only)


def same(left: Any, right: Any) -> bool:
    """Whether two plain trees are the same to JSON: true is not 1, and a number is what it is worth."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return left == right
    return type(left) is type(right) and bool(left == right)


@cache
def _bits(count: int) -> st.SearchStrategy[bytes]:
    """At least that many bits."""
    return st.binary(min_size=(count + 7) // 8, max_size=(count + 7) // 8)


@cache
def _one_of(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class _Maker:
    """Draws one instance."""

    def __init__(self, truth: Truth, draw: Draw) -> None:
        self.truth = truth
        self.draw = draw

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(_one_of(one_in)) == one_in - 1)

    def both(self, schema: Schema, *parts: Schema) -> Schema:
        """A folded schema together with others."""
        return self.truth.folded(replace(schema, all_of=parts))

    def value(self, schema: Schema, depth: int) -> Any:
        """An instance of a schema."""
        assume(depth > _TOO_DEEP)
        return self.folded(self.truth.folded(schema), depth)

    def folded(self, schema: Schema, depth: int) -> Any:
        """An instance of a schema without references."""
        assume(schema.always is not False)
        nullable = schema.nullable or "null" in schema.types or (schema.enum is not None and None in schema.enum)
        if schema.types == ("null",) and schema.const is None:
            return None
        if nullable and schema.const is None and (depth <= 0 or self.chance(4)):
            return None
        if schema.const is not None:
            return self.spelt(schema.const[0])
        if schema.enum is not None:
            return self.listed(schema)
        tagged = self.tagged(schema, depth)
        if tagged is not None:
            return tagged
        for name in ("one_of", "any_of"):
            parts: tuple[Schema, ...] = getattr(schema, name)
            if parts:
                part = self.draw(st.sampled_from(self.shallow(parts) if depth <= 0 else parts))
                bare: dict[str, Any] = {name: (), "nullable": False}
                return self.folded(self.both(replace(schema, **bare), part), depth - 1)
        return self.typed(self.conditioned(schema), depth)

    def shallow(self, parts: tuple[Schema, ...]) -> tuple[Schema, ...]:
        """The parts without parts of their own, where there are any."""
        return tuple(one for one in parts if not {"array", "object"} & set(self.truth.folded(one).types)) or parts

    def listed(self, schema: Schema) -> Any:
        """A value of an enumeration; of one that is open, now and then another one."""
        values = [value for value in schema.enum or () if value is not None]
        is_open = is_open_enum(values, schema.types, schema.extensions)
        if is_open and self.chance(6):
            return self.draw(TEXT if isinstance(values[0], str) else st.integers())
        found = self.draw(st.sampled_from(values))
        assume(not schema.types or any(kind in schema.types for kind in kinds_of(found)))
        return self.spelt(found)

    def spelt(self, value: Any) -> Any:
        """The value; of a small integer now and then the other form of it that is an integer to JSON Schema."""
        small = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20
        return Decimal(f"{value}.0") if small and self.chance(8) else value

    def tagged(self, schema: Schema, depth: int) -> Any:
        """An instance of a schema with a discriminator, with the tag of the variant that was chosen."""
        if schema.discriminator is None:
            return None
        variants = self.truth.table.discriminators.variants(schema)
        if not variants:
            return None
        name = schema.discriminator.property_name
        tag, part = self.draw(st.sampled_from(variants))
        itself = part.key == schema.key
        if itself:
            part = replace(part, key=SchemaKey(part.key.path, BASE + part.key.pointer), discriminator=None)
        beside = replace(schema, one_of=(), any_of=(), discriminator=None, nullable=False)
        if beside.properties and not itself and (schema.one_of or schema.any_of):
            part = self.both(beside, part)
        found = self.value(part, depth - 1)
        inner = self.truth.folded(part).discriminator
        if inner is None or inner.property_name != name or name not in found:
            found = {**found, name: tag}
        return found

    def conditioned(self, schema: Schema) -> Schema:
        """The schema with its conditions decided, each for one side."""
        if schema.if_ is not None:
            bare = replace(schema, if_=None, then=None, else_=None)
            fits = self.draw(_EITHER)
            parts = (schema.if_, schema.then) if fits else (schema.else_,)
            schema = self.both(bare, *(part for part in parts if part is not None))
        for further in schema.also:
            if further.if_ is not None and further.then is not None and self.draw(_EITHER):
                schema = self.both(schema, further.if_, further.then)
        for name, part in schema.dependent_schemas.items():
            schema = self.both(schema, part) if self.draw(_EITHER) else self.without(schema, name)
        for name, others in schema.dependent_required.items():
            if self.draw(_EITHER):
                schema = replace(schema, required=tuple(dict.fromkeys((*schema.required, *others))))
            else:
                schema = self.without(schema, name)
        excluded = schema.not_
        if excluded is not None and excluded.required and not excluded.properties:
            schema = self.without(schema, excluded.required[0])
        return schema

    @staticmethod
    def without(schema: Schema, name: str) -> Schema:
        """The schema with a member forbidden."""
        forbidden = Schema(schema.place, schema.key, always=False)
        return replace(schema, properties={**schema.properties, name: forbidden})

    def typed(self, schema: Schema, depth: int) -> Any:
        kinds = [kind for kind in schema.types if kind != "null"] or self.guessed(schema)
        if depth <= 0:
            kinds = [kind for kind in kinds if kind not in ("array", "object")] or kinds
        kind = self.draw(st.sampled_from(kinds))
        match kind:
            case "string":
                return self.draw(self.truth.drawn(texts, schema))
            case "integer":
                return self.spelt(self.draw(self.truth.drawn(integers, schema)))
            case "number":
                return self.draw(self.truth.drawn(numbers, schema))
            case "boolean":
                return self.draw(_EITHER)
            case "array":
                return self.array(schema, depth)
            case "object":
                return self.object(schema, depth)
            case _:
                return None

    def guessed(self, schema: Schema) -> list[str]:
        if any(getattr(schema, name) for name in _OF_OBJECTS):
            return ["object"]
        if schema.items is not None or schema.prefix_items:
            return ["array"]
        return list(KINDS)

    def array(self, schema: Schema, depth: int) -> list[Any]:
        prefix = schema.prefix_items
        closed = (schema.items is not None and schema.items.always is False) or (
            schema.items is None and schema.unevaluated_items is not None and schema.unevaluated_items.always is False
        )
        least = schema.min_items or 0
        most = len(prefix) if closed else least if depth <= 0 else max(least, len(prefix)) + 3
        most = most if schema.max_items is None else min(most, schema.max_items)
        found: list[Any] = []
        for index in range(self.draw(st.integers(min(least, most), most))):
            part = prefix[index] if index < len(prefix) else schema.items
            found.append(self.draw(ANYTHING) if part is None else self.value(part, depth - 1))
        if schema.contains is not None:
            wanted = schema.min_contains if schema.min_contains is not None else 1
            for place in range(len(prefix), len(prefix) + wanted):
                fitting = self.value(
                    self.both(schema.items, schema.contains) if schema.items else schema.contains, depth
                )
                found[place : place + 1] = [fitting]
        if schema.unique_items:
            found = [item for place, item in enumerate(found) if not any(same(item, one) for one in found[:place])]
        assume(len(found) >= least)
        return found

    def object(self, schema: Schema, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        # One draw for all of them: where there are many, that is what takes the time.
        bits = int.from_bytes(self.draw(_bits(len(schema.properties)))) if depth > 0 else 0
        for index, (name, member) in enumerate(schema.properties.items()):
            if not self.truth.goes(member) or member.always is False:
                continue
            if name in schema.required or bits >> index & 1:
                found[name] = self.member(schema, name, member, depth - 1)
        for name in schema.required:
            if name not in schema.properties:
                found[name] = self.draw(ANYTHING)
        if depth > 0 or (schema.min_properties or 0) > len(found):
            self.add_further(schema, found, depth)
        names = [name for name in found if name not in schema.required]
        while schema.max_properties is not None and len(found) > schema.max_properties and names:
            del found[names.pop()]
        assume(len(found) >= (schema.min_properties or 0))
        return found

    def member(self, schema: Schema, name: str, member: Schema, depth: int) -> Any:
        tag = self.truth.table.discriminators.tag(schema.key, name)
        flat = self.truth.folded(member)
        if tag is not None and flat.const is None and (flat.enum is None or tag in flat.enum):
            return tag
        return self.value(member, depth)

    def add_further(self, schema: Schema, found: dict[str, Any], depth: int) -> None:
        """Members that have no name in the schema."""
        extra = (
            schema.additional_properties if schema.additional_properties is not None else schema.unevaluated_properties
        )
        for pattern, part in schema.pattern_properties.items():
            if self.draw(_EITHER):
                name = self.draw(texts(Schema(schema.place, schema.key, types=("string",), pattern=pattern)))
                if name not in schema.properties:
                    found[name] = self.value(part, depth - 1)
        if extra is not None and extra.always is False:
            return
        for _ in range((schema.min_properties or 0) + self.draw(_one_of(3))):
            names = schema.property_names
            name = self.draw(_FURTHER) if names is None else self.value(names_as_texts(names), depth)
            if name not in schema.properties and name not in found and not isinstance(name, int):
                found[name] = self.draw(ANYTHING) if extra is None else self.value(extra, depth - 1)


def names_as_texts(schema: Schema) -> Schema:
    """What `propertyNames` says, as a schema of texts."""
    return schema if schema.types else replace(schema, types=("string",))


def kinds_of(value: Any) -> tuple[str, ...]:
    """The types of JSON Schema that a value has."""
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int):
        return ("integer", "number")
    if isinstance(value, Decimal):
        return ("integer", "number") if value == value.to_integral_value() else ("number",)
    return ("string" if isinstance(value, str) else "array" if isinstance(value, list) else "object",)


def is_open_enum(values: list[Any], types: tuple[str, ...], extensions: Mapping[str, Any]) -> bool:
    """Whether a list of values is an enumeration that takes further ones: two texts or integers, and not closed."""
    texts_only = all(isinstance(value, str) for value in values)
    integers_only = "number" not in types and all(type(value) is int for value in values)
    distinct = {value for value in values if isinstance(value, str | int)}
    return (texts_only or integers_only) and len(distinct) > 1 and extensions.get("x-sadpath-open", True) is not False
