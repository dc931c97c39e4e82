"""What the schema of a failure's body says: the shapes that it may have, and the members of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from itertools import islice
from typing import Any, Final

from sadpath.openapi.model import Document, Schema
from sadpath.runtime.contract import ValueType
from sadpath.runtime.frozen import dataclass
from sadpath.source import pointer as pointers

MESSAGES: Final = (
    "message",
    "detail",
    "error_description",
    "description",
    "title",
    "error_message",
    "errorMessage",
    "msg",
    "reason",
)
"""What members that explain a failure to people are called, the likeliest first."""
CODES: Final = ("code", "error_code", "errorCode", "error", "type")
"""What members that tell failures apart are called, the likeliest first."""
_ENVELOPES: Final = ("error", "fault", "problem", "err")
_ITEMS: Final = ("errors", "details", "violations", "invalid-params", "invalid_params", "issues", "fields", "detail")
_FIELDS: Final = ("field", "pointer", "path", "param", "parameter", "property", "name", "loc", "location", "attribute")
_TYPES: Final[Mapping[str, ValueType]] = {
    "string": "string",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
}
_FORMATS: Final[Mapping[str, ValueType]] = {
    "date-time": "datetime",
    "date": "date",
    "uri": "uri",
    "duration": "duration",
    "decimal": "decimal",
}
_MOST_SHAPES: Final = 512
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a body: its pointer, its type as an attribute has it, and its schema."""

    pointer: str
    name: str
    type: ValueType
    schema: Schema


@dataclass(frozen=True, slots=True)
class Shape:
    """One way a body may look. `properties` are those of all its parts; `title` and `description` are its own words."""

    schema: Schema
    properties: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A shape, read: which members are its code and its message, which are typed values, which is a list of faults."""

    shape: Shape
    code: Member | None
    message: Member | None
    others: tuple[Member, ...]
    items: tuple[Member, tuple[Member, ...]] | None

    @property
    def order(self) -> tuple[str, ...]:
        """The pointers of all members, in the order of the document."""
        listed = [*(one for one in (self.code, self.message) if one is not None), *self.others]
        listed += [self.items[0]] if self.items is not None else []
        names = list(self.shape.properties)
        return tuple(one.pointer for one in sorted(listed, key=lambda one: names.index(_top(one.pointer))))


def _top(pointer: str) -> str:
    return pointers.split(pointer)[0]


def shapes_of(schema: Schema, document: Document) -> tuple[Shape, ...]:
    """The shapes that a body may have: one for each alternative of `oneOf` and `anyOf`, `allOf` folded into each."""
    return tuple(islice(_shapes(schema, document, 0), _MOST_SHAPES))


def _shapes(schema: Schema, document: Document, depth: int) -> Iterator[Shape]:
    if depth > _DEEPEST:
        return
    own = Shape(schema, schema.properties, schema.title, schema.description)
    combined = [own]
    parts = [document.definitions[schema.ref]] if schema.ref is not None else []
    for part in (*parts, *schema.all_of):
        inner = list(islice(_shapes(part, document, depth + 1), _MOST_SHAPES))
        combined = list(islice((_merged(left, right) for left in combined for right in inner), _MOST_SHAPES))
    alternatives = schema.one_of or schema.any_of
    if not alternatives:
        yield from combined
        return
    for part in alternatives:
        for inner_shape in _tagged(schema, part, _shapes(part, document, depth + 1)):
            for outer in combined:
                yield _merged(replace(outer, title=None, description=None), inner_shape)


def _tagged(union: Schema, part: Schema, shapes: Iterable[Shape]) -> Iterator[Shape]:
    """The shapes of an alternative, with the tags that the discriminator of the union has for it."""
    found = union.discriminator
    tags = tuple(tag for tag, key in found.mapping.items() if key == part.ref) if found is not None else ()
    for shape in shapes:
        tag = shape.properties.get(found.property_name) if found is not None else None
        if found is None or tag is None or not tags or tag.const is not None or tag.enum is not None:
            yield shape
        else:
            listed = replace(tag, ref=None, types=("string",), enum=tags)
            yield replace(shape, properties={**shape.properties, found.property_name: listed})


def _merged(left: Shape, right: Shape) -> Shape:
    properties = {**right.properties, **left.properties}
    for name in left.properties:
        if name not in right.properties:
            continue
        one, other = left.properties[name], right.properties[name]
        # A narrower word about the same member: the constant of a variant beside the type in its parent.
        first, second = (other, one) if one.enum is None and one.const is None else (one, other)
        properties[name] = replace(first, also=(*first.also, second)) if _lists(one) and _lists(other) else first
    return Shape(right.schema, properties, left.title or right.title, left.description or right.description)


def _lists(schema: Schema) -> bool:
    """Whether more may be said of the items of a list in one place than in another."""
    return schema.items is not None or schema.ref is not None


def body_of(shape: Shape, document: Document) -> Body:
    """Which members of a shape are what."""
    members = tuple(_members(shape.properties, "", document))
    envelope = None
    if not any(one.name in (*MESSAGES, *CODES) and one.type in ("string", "integer") for one in members):
        envelope = next((one for name in _ENVELOPES for one in members if one.name == name), None)
    inner = tuple(_inside(envelope, document)) if envelope is not None else ()
    if inner and envelope is not None:
        members = (*inner, *(one for one in members if one is not envelope))
    message = next((one for name in MESSAGES for one in members if one.name == name and one.type == "string"), None)
    code = next(
        (
            one
            for name in CODES
            for one in members
            if one.name == name and one.type in ("string", "integer", "uri") and one is not message
        ),
        # A name tells failures apart only where the document says which names there are.
        next((one for one in members if one.name == "name" and (one.schema.enum or one.schema.const)), None),
    )
    items = _items(members, document)
    taken = (code, message, items[0] if items is not None else None)
    return Body(shape, code, message, tuple(one for one in members if one not in taken), items)


def _members(properties: Mapping[str, Schema], prefix: str, document: Document) -> Iterator[Member]:
    for name, schema in properties.items():
        found = effective(schema, document)
        kind = next((kind for kind in found.types if kind != "null"), _kind_of_values(found))
        typed = _FORMATS.get(found.format or "") if kind == "string" else None
        yield Member(pointers.join(prefix, name), name, typed or _TYPES.get(kind, "json"), found)


def _kind_of_values(schema: Schema) -> str:
    values: tuple[Any, ...] = schema.const or schema.enum or (None,)
    value = values[0]
    return "string" if isinstance(value, str) else "integer" if isinstance(value, int) else ""


def _inside(member: Member, document: Document) -> Iterator[Member]:
    shapes = shapes_of(member.schema, document)
    if len(shapes) >= 1 and shapes[0].properties:
        yield from _members(shapes[0].properties, member.pointer, document)


def _items(members: Iterable[Member], document: Document) -> tuple[Member, tuple[Member, ...]] | None:
    """The member that lists faults, each an object, and the members of these."""
    for name in _ITEMS:
        for member in members:
            if member.name != name or member.schema.items is None:
                continue
            shapes = shapes_of(member.schema.items, document)
            fields = tuple(_members(shapes[0].properties, "", document)) if shapes else ()
            if any(one.type != "json" for one in fields):
                return member, fields
    return None


def is_place(member: Member) -> bool:
    """Whether a member of a fault says what it is about."""
    return member.name in _FIELDS


def effective(schema: Schema, document: Document) -> Schema:
    """The schema behind references, with the words of what refers to it, and behind an `allOf` of one part."""
    for _ in range(_DEEPEST):
        if schema.ref is not None:
            target = document.definitions[schema.ref]
            also = (*target.also, *schema.also)
            schema = replace(target, description=schema.description or target.description, also=also)
        elif len(schema.all_of) == 1 and not schema.types:
            part = schema.all_of[0]
            schema = replace(part, description=schema.description or part.description)
        else:
            break
    return schema
