"""A whole API as it will be generated: its types, its operations by group, and its failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from sadpath.catalog.model import CatalogError, CatalogFormat, Example, Family, Lookup, Text
from sadpath.ir.types import Declaration, Named, TypeRef, default_text
from sadpath.runtime import contract
from sadpath.runtime.contract import ApiContract, Effect, Encoding, Paging, Security, Selector, Server, StreamForm
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.signatures import Signature


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `style` and `explode` are the effective ones."""

    wire_name: str
    location: Literal["path", "query", "header", "cookie", "querystring"]
    type: TypeRef
    required: bool
    default: tuple[Any] | None
    description: str | None
    deprecated: bool
    style: str
    explode: bool
    allow_reserved: bool
    media_type: str | None
    name_hint: str | None = None
    allow_empty: bool = False

    @property
    def default_text(self) -> str:
        """The default of the API as it would stand in a request; the client does not send it."""
        return default_text(self.default)


@dataclass(frozen=True, slots=True)
class Content:
    """A request body of one media type; `encoding` by the names of its members on the wire."""

    media_type: str
    type: TypeRef
    encoding: Mapping[str, Encoding] = field(default_factory=dict[str, Encoding])


@dataclass(frozen=True, slots=True)
class Body:
    """A request body; `spread` names the record whose members become arguments of their own. `others` are further media types."""

    media_type: str
    type: TypeRef
    required: bool
    description: str | None
    spread: Named | None
    encoding: Mapping[str, Encoding] = field(default_factory=dict[str, Encoding])
    others: tuple[Content, ...] = ()

    @property
    def contents(self) -> tuple[Content, ...]:
        """Every media type, the preferred one first."""
        return Content(self.media_type, self.type, self.encoding), *self.others


@dataclass(frozen=True, slots=True)
class Header:
    """A header field of an answer."""

    name: str
    type: TypeRef
    required: bool
    explode: bool
    media_type: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an answer to the operation of that id."""

    contract: contract.Link
    description: str | None


@dataclass(frozen=True, slots=True)
class Success:
    """A documented success; `type` None where there is no body, and the type of one item where it is a stream."""

    status: str
    media_type: str | None
    type: TypeRef | None
    description: str | None
    stream: StreamForm | None = None
    headers: tuple[Header, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """How a list goes on, and what it is a list of."""

    paging: Paging
    item: TypeRef


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as generated: the catalog's entry and the operations it can answer.

    `unknown_leaf`: its outcome varies with the operation; `protected`: after none of its operations does a repeat
    risk a second execution, because of a key or because of what the request itself carries; `keyed`: one of them takes a key.
    """

    entry: CatalogError
    class_hint: str
    operations: tuple[str, ...]
    family: str | None
    unknown_leaf: bool
    protected: bool
    keyed: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `failures` are ids, in the order of the catalog."""

    id: str
    name_hint: str
    method: str
    path: str
    summary: str | None
    description: str | None
    title: Text
    about: Text
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: Body | None
    successes: tuple[Success, ...]
    security: tuple[tuple[Security, ...], ...]
    effect: Effect
    idempotency: str | None
    idempotency_required: bool
    idempotency_optional: bool
    natural_key: Selector | None
    page: Page | None
    failures: tuple[str, ...]
    servers: tuple[Server, ...] = ()
    """Those that it has for itself."""
    lookup: Lookup | None = None
    """How to find out what became of it."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A request that the API makes: a webhook, or a callback of an operation to a URL that the expression `url` gives.

    `type` is that of the body, None where there is none; `answers` are the statuses that the API expects.
    """

    name: str
    name_hint: str
    method: str
    operation: str | None
    url: str | None
    summary: str | None
    description: str | None
    deprecated: bool
    media_type: str | None
    type: TypeRef | None
    answers: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook that the catalog says how to trust; `bind` are JSON Pointers into the payload by the parameter of `operation`."""

    name: str
    type: TypeRef
    operation: str | None
    bind: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Channel:
    """Webhooks that come in the same way, and so have to be told apart by what they say: `type` is any of them."""

    webhooks: tuple[Webhook, ...]
    type: TypeRef
    media_type: str
    within: str | None
    signatures: tuple[Signature, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag."""

    name: str
    description: str | None
    operations: tuple[Operation, ...]
    title: str | None = None
    """Its name for people, where that is another one."""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that the views of one API are made from."""

    api: str
    class_prefix: str
    title: str
    version: str
    description: str | None
    locales: tuple[str, ...]
    default_locale: str
    catalog_title: Text
    docs_base: str | None
    contract: ApiContract
    types: tuple[Declaration, ...]
    groups: tuple[Group, ...]
    failures: tuple[Failure, ...]
    families: tuple[Family, ...]
    formats: Mapping[str, CatalogFormat]
    security_kinds: tuple[Security, ...]
    examples: tuple[Example, ...]
    derived: bool
    notifications: tuple[Notification, ...] = ()
    """What the API sends by itself."""
    channels: tuple[Channel, ...] = ()
    """How it comes."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """By locale, what the texts of the document are in it; line breaks do not count."""
    servers: tuple[tuple[str, str], ...] = ()
    """The URLs of all its servers, and what they are."""
