"""A whole API as it will be generated: its types, its operations by group, and its failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sadpath.catalog.model import CatalogError, CatalogFormat, Example, Family, Text
from sadpath.ir.types import Declaration, Named, TypeRef
from sadpath.runtime.contract import ApiContract, Effect, Paging, Security, Selector


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `style` and `explode` are the effective ones."""

    wire_name: str
    location: Literal["path", "query", "header", "cookie"]
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


@dataclass(frozen=True, slots=True)
class Body:
    """A request body; `spread` names the record whose members become arguments of their own."""

    media_type: str
    type: TypeRef
    required: bool
    description: str | None
    spread: Named | None


@dataclass(frozen=True, slots=True)
class Success:
    """A documented success; `type` None where there is no body."""

    status: str
    media_type: str | None
    type: TypeRef | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """How a list goes on, and what it is a list of."""

    paging: Paging
    item: TypeRef


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as generated: the catalog's entry and the operations it can answer.

    `unknown_leaf`: its outcome varies with the operation; `protected`: after none of its operations does a repeat
    risk a second execution, because of a key or because of what the request itself carries.
    """

    entry: CatalogError
    class_hint: str
    operations: tuple[str, ...]
    family: str | None
    unknown_leaf: bool
    protected: bool


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
    natural_key: Selector | None
    page: Page | None
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag."""

    name: str
    description: str | None
    operations: tuple[Operation, ...]


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
