"""The OpenAPI document as one version-neutral model: 3.0, 3.1 and 3.2 fold into these frozen values before anything is lowered."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place

JsonValue: TypeAlias = Any
"""A plain tree as `sadpath.source` reads it: dict with string keys, list, str, int, Decimal, bool or None."""


class SchemaKey(NamedTuple):
    """Where a schema is defined, which is its identity: the display path of its file and its JSON Pointer there."""

    path: str
    pointer: str


class _NoMembers(dict[str, Any]):
    """An empty mapping that a dataclass takes for a default; nobody changes it."""

    __hash__ = object.__hash__  # type: ignore[assignment] # pyright: ignore[reportAssignmentType] - a dictionary says None


_NONE: Final = _NoMembers()


@dataclass(frozen=True, slots=True)
class Discriminator:
    """`mapping` goes from tag to the key of the schema it names; empty where the document gives none."""

    property_name: str
    mapping: Mapping[str, SchemaKey]


@dataclasses.dataclass(frozen=True, init=False, eq=False)
class Schema:
    """One schema object. Boolean schemas: `always` is True or False and nothing else is set.

    `types` is empty where the schema names none; 3.0's `nullable: true` appears as "null" in `types` (and as None in
    `enum` where there is one). 3.0's boolean `exclusiveMinimum`/`exclusiveMaximum` are folded into the numeric form.
    The old `dependencies` appear as the two keywords
    that took their place. `ref` is the target of `$ref`; siblings of it are kept, as 3.1 allows (3.0 ignores them: dropped by the parser).
    `has_default` tells `default: null` from no default. Numbers are int or Decimal, never float.
    """

    place: Place
    key: SchemaKey
    always: bool | None = None
    ref: SchemaKey | None = None
    types: tuple[str, ...] = ()
    format: str | None = None
    title: str | None = None
    description: str | None = None
    enum: tuple[JsonValue, ...] | None = None
    const: tuple[JsonValue] | None = None
    default: JsonValue = None
    has_default: bool = False
    properties: Mapping[str, Schema] = _NONE
    required: tuple[str, ...] = ()
    additional_properties: Schema | None = None
    pattern_properties: Mapping[str, Schema] = _NONE
    property_names: Schema | None = None
    min_properties: int | None = None
    max_properties: int | None = None
    items: Schema | None = None
    prefix_items: tuple[Schema, ...] = ()
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    minimum: JsonValue = None
    maximum: JsonValue = None
    exclusive_minimum: JsonValue = None
    exclusive_maximum: JsonValue = None
    multiple_of: JsonValue = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    content_encoding: str | None = None
    content_media_type: str | None = None
    all_of: tuple[Schema, ...] = ()
    any_of: tuple[Schema, ...] = ()
    one_of: tuple[Schema, ...] = ()
    not_: Schema | None = None
    if_: Schema | None = None
    then: Schema | None = None
    else_: Schema | None = None
    contains: Schema | None = None
    min_contains: int | None = None
    max_contains: int | None = None
    dependent_required: Mapping[str, tuple[str, ...]] = _NONE
    dependent_schemas: Mapping[str, Schema] = _NONE
    unevaluated_properties: Schema | None = None
    unevaluated_items: Schema | None = None
    discriminator: Discriminator | None = None
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    examples: tuple[JsonValue, ...] = ()
    nullable: bool = False
    """3.0's `nullable: true` where no `type` stands beside it (`allOf`, `oneOf`, `enum`): null as well as what is said."""
    extensions: Mapping[str, JsonValue] = _NONE
    also: tuple[Schema, ...] = ()
    """Further demands that the value must meet; the parser makes none, folding `allOf` does."""
    other_keywords: tuple[str, ...] = ()
    """Keywords present that this model has no field for (`$dynamicRef`, `contentSchema`, ...), sorted."""
    unchecked: bool = False
    """Whether a pattern is left out, as matching it can take exponential time: more values fit than should."""

    def __init__(self, place: Place, key: SchemaKey, **said: Any) -> None:
        """A member that is not `said` has its default, which the class has: a schema says little of all that it could."""
        self.__dict__.update(said, place=place, key=key)

    @classmethod
    def of(cls, place: Place, key: SchemaKey, said: dict[str, Any]) -> Schema:
        """As the constructor does it; `said` is the schema's own from then on."""
        made = cls.__new__(cls)
        said["place"], said["key"] = place, key
        object.__setattr__(made, "__dict__", said)
        return made

    def __eq__(self, other: object) -> bool:
        """Whether all members are equal; those that neither of the two said are."""
        if not isinstance(other, Schema):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in {**self.__dict__, **other.__dict__})

    __hash__ = None  # type: ignore[assignment] # pyright: ignore[reportAssignmentType] - mappings are among its members

    @property
    def said(self) -> Mapping[str, Any]:
        """The members that were given, by name, and perhaps some that have their defaults."""
        return self.__dict__

    def but(self, **changes: Any) -> Schema:
        """The schema with other values for some members."""
        said = {**self.__dict__, **changes}
        return Schema.of(said["place"], said["key"], said)


@dataclass(frozen=True, slots=True)
class Example:
    """A named example: exactly one of `value` (wrapped in a tuple) and `external` is set."""

    name: str
    summary: str | None
    value: tuple[JsonValue] | None
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one member of a form or of a multipart body is written; None where the document does not say."""

    place: Place
    name: str
    content_type: str | None
    style: str | None
    explode: bool | None
    allow_reserved: bool
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaType:
    """One entry of a `content` map; `media_type` as written, parameters included. `item_schema` is that of the items of a sequence."""

    place: Place
    media_type: str
    schema: Schema | None
    examples: tuple[Example, ...] = ()
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    item_schema: Schema | None = None
    encoding: tuple[Encoding, ...] = ()
    further_encodings: tuple[Place, ...] = ()
    """Where `prefixEncoding` and `itemEncoding` stand."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header field; `media_type` where it is described by `content`."""

    place: Place
    name: str
    required: bool
    description: str | None
    schema: Schema | None
    explode: bool = False
    media_type: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a response: one of `operation_id` and `operation_ref` is set; `body` is wrapped in a tuple."""

    place: Place
    name: str
    operation_id: str | None
    operation_ref: str | None
    parameters: Mapping[str, JsonValue]
    body: tuple[JsonValue] | None
    description: str | None


_SET_ELSEWHERE: Final = frozenset({"accept", "authorization", "content-type"})
"""Header parameters that mean nothing (OpenAPI 3.1, section 4.8.12.2.1)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter after merging path-level and operation-level ones; `style` and `explode` hold the effective values."""

    place: Place
    name: str
    location: Literal["path", "query", "header", "cookie", "querystring"]
    required: bool
    description: str | None
    deprecated: bool
    schema: Schema | None
    style: str
    explode: bool
    allow_reserved: bool
    content: MediaType | None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    allow_empty_value: bool = False

    @property
    def is_ignored(self) -> bool:
        """Whether it is a header field that media types or security set."""
        return self.location == "header" and self.name.lower() in _SET_ELSEWHERE


@dataclass(frozen=True, slots=True)
class RequestBody:
    place: Place
    required: bool
    description: str | None
    content: tuple[MediaType, ...]
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class Response:
    """`status` is "200", "4XX" (upper case) or "default"."""

    place: Place
    status: str
    description: str | None
    headers: tuple[Header, ...]
    content: tuple[MediaType, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """`kind` is OpenAPI's `type`; `scheme` (as it is written) belongs to kind "http", `location` and `parameter` to "apiKey"."""

    place: Place
    name: str
    kind: Literal["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]
    description: str | None = None
    scheme: str | None = None
    bearer_format: str | None = None
    location: Literal["query", "header", "cookie"] | None = None
    parameter: str | None = None
    flows: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


SecurityRequirement: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""The schemes that are all needed together, each with its scopes; `()` means that no credentials are needed."""


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """`default` None and an empty `enum` where the document does not say."""

    default: str | None
    enum: tuple[str, ...]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """`place` is None for the server that a document without any has."""

    url: str
    description: str | None
    variables: Mapping[str, ServerVariable] = field(default_factory=dict[str, ServerVariable])
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """`method` in upper case; `security` is the effective list of alternatives, `()` where none is required."""

    place: Place
    path: str
    method: str
    operation_id: str | None
    tags: tuple[str, ...]
    summary: str | None
    description: str | None
    deprecated: bool
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[Response, ...]
    security: tuple[SecurityRequirement, ...]
    servers: tuple[Server, ...]
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    callbacks: tuple[Callback, ...] = ()


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that the API makes in the course of an operation; the `path` of `operation` is the runtime expression of its URL."""

    name: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    description: str | None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask for help (OpenAPI 3.1, section 4.8.3)."""

    name: str | None
    email: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Info:
    title: str
    version: str
    summary: str | None
    description: str | None
    extensions: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: operations in document order, and every schema that can be reached, by key.

    `schemas` holds the named schemas under `components/schemas`, by name, in document order; `definitions` every schema
    that is the target of a reference (named ones too), by key. `webhooks` are operations whose `path` is the webhook's name.
    `tree` is the root document as it was read, for the target that writes it out again.
    """

    place: Place
    version: str
    info: Info
    servers: tuple[Server, ...]
    tags: tuple[Tag, ...]
    operations: tuple[Operation, ...]
    webhooks: tuple[Operation, ...]
    schemas: Mapping[str, Schema]
    definitions: Mapping[SchemaKey, Schema]
    security_schemes: Mapping[str, SecurityScheme]
    extensions: Mapping[str, JsonValue]
    tree: Mapping[str, JsonValue]

    def sets(self, operation: Operation, parameter: Parameter) -> bool:
        """Whether the client sets a parameter by itself: from the media types, or from the credentials that an operation takes."""
        if parameter.is_ignored:
            return True
        taken = {name for requirement in operation.security for name, _ in requirement}
        keys = (self.security_schemes[name] for name in taken if name in self.security_schemes)
        return any(
            key.kind == "apiKey" and key.location == parameter.location and _same(key.parameter, parameter)
            for key in keys
        )


def _same(name: str | None, parameter: Parameter) -> bool:
    """Header fields have no case (RFC 9110, section 5.1)."""
    if parameter.location == "header":
        return (name or "").lower() == parameter.name.lower()
    return name == parameter.name
