"""The types that values have, and the types that are declared: a closed set of kinds."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal, TypeAlias

from sadpath.runtime.frozen import dataclass
from sadpath.runtime.wire import text_of, write_json

ScalarKind = Literal[
    "string",
    "integer",
    "number",
    "boolean",
    "null",
    "decimal-string",
    "decimal-number",
    "date",
    "date-time",
    "time",
    "duration",
    "uuid",
    "base64",
    "base64url",
    "base16",
    "binary",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What JSON Schema demands beyond the type; None where it demands nothing. Numbers are int or Decimal."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    multiple_of: Any = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    conforms: str | None = None
    """The JSON text of a schema fragment that the value must fit on the wire: what neither type nor other limits say."""


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts."""

    kind: ScalarKind
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class ListOf:
    item: TypeRef
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class TupleOf:
    """An array of a fixed length whose items have types of their own."""

    items: tuple[TypeRef, ...]
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose members all have one type and whose names are free."""

    value: TypeRef
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Named:
    """A declared type, by its canonical name."""

    name: str


@dataclass(frozen=True, slots=True)
class Nullable:
    """The inner type, or null."""

    inner: TypeRef


@dataclass(frozen=True, slots=True)
class Constant:
    """One JSON value and no other; equal where the JSON texts are, as 1 and true are two values."""

    value: Any = field(compare=False)
    _text: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_text", write_json(self.value))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several types, told apart by trying."""

    members: tuple[TypeRef, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A type that has no limits of its own, under limits."""

    inner: TypeRef
    limits: Limits


TypeRef: TypeAlias = Scalar | ListOf | TupleOf | MapOf | Named | Nullable | Constant | AnyOf | Anything | Checked


@dataclass(frozen=True, slots=True)
class Field:
    """A member of a record. `default` is wrapped in a tuple, so that a default of null can be told from none.

    What is `secret` (write-only, or of the format password) is sent and never shown.
    """

    wire_name: str
    type: TypeRef
    required: bool
    nullable: bool = False
    default: tuple[Any] | None = None
    description: str | None = None
    deprecated: bool = False
    name_hint: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known members; `additional` is the type of further ones where the document gives it.

    `closed` where the document forbids further ones; `conforms` as in `Limits`, for the whole object. `one_way` are the
    wire names that go the other way alone: not shown where a response echoes them, ignored where a request sends them.
    """

    name: str
    description: str | None
    fields: tuple[Field, ...]
    additional: TypeRef | None = None
    deprecated: bool = False
    closed: bool = False
    conforms: str | None = None
    one_way: tuple[str, ...] = ()
    direction: Literal["request", "response"] = "response"
    secret_further: bool = False
    """Whether the values of further members are not to be shown."""


@dataclass(frozen=True, slots=True)
class EnumValue:
    value: str | int
    name_hint: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list of values; `open` where values that are not listed must survive."""

    name: str
    description: str | None
    values: tuple[EnumValue, ...]
    open: bool
    base: Literal["string", "integer"] = "string"
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A member of a tagged union: the tag on the wire and the record it names."""

    tag: str
    type: Named


@dataclass(frozen=True, slots=True)
class TaggedUnion:
    name: str
    description: str | None
    tag: str
    variants: tuple[Variant, ...]
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a type that is no record, enumeration or union."""

    name: str
    description: str | None
    target: TypeRef
    deprecated: bool = False


Declaration: TypeAlias = Record | Enumeration | TaggedUnion | Alias


def default_text(default: tuple[Any] | None) -> str:
    """A default as it would stand in a request."""
    value = default[0] if default is not None else None
    return write_json(value).decode() if value is None or isinstance(value, dict | list) else text_of(value) or '""'
