"""The error catalog as frozen values: the contract that the runtime reads, with the texts, sources and examples around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from sadpath.runtime.contract import (
    Attribute,
    Effect,
    ErrorContract,
    FamilyContract,
    Format,
    IdempotencyScheme,
    Policy,
    Predicate,
    Selector,
)
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.signatures import Signature
from sadpath.source.place import Place
from sadpath.source.tree import is_mapping

SUCCESS_FORMAT = "success"
"""The reserved format of outcomes that the operation's own success body tells: it is read, and written by nobody else."""

Certainty = Literal["documented", "vendor", "sdk", "inferred", "assumed"]
"""How sure an entry is; `assumed`: nobody says so, it follows from the status alone."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or more locales; "" is the locale of a text that names none."""

    values: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)

    def get(self, locale: str, default: str) -> str:
        """The text in `locale`, else in `default`, else in whichever there is; "" where there is none."""
        found = dict(self.values)
        return found.get(locale) or found.get(default) or found.get("") or next(iter(found.values()), "")


@dataclass(frozen=True, slots=True)
class AttributeText:
    """The words about an attribute, and about the values it is known to take."""

    description: Text = Text()
    values: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A cause or a remedy; `security` narrows it to one way of authenticating."""

    text: Text
    security: str | None = None


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """An example response as bytes would carry it: header lines in order, body as text; `version` as in its status line."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    version: str = "1.1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A raw answer of the API; `truncated` where its source shows the head only, `composed` where we made it up."""

    place: Place
    id: str
    operation: str | None
    title: Text
    response: HttpMessage
    truncated: bool = False
    composed: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a program prints when an error occurs, verbatim: an example of what is no answer over HTTP."""

    id: str
    title: Text
    text: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """How to find out what became of a request whose answer was lost: an operation to ask and how to read what it says.

    `match` picks the one listed item; `executed` and `not_executed` judge it. Left out, `executed` means that it was
    found, and `not_executed` that this is never concluded.
    """

    operation: str
    bind: Mapping[str, Selector]
    match: tuple[Predicate, ...] = ()
    executed: tuple[Predicate, ...] | None = None
    not_executed: tuple[Predicate, ...] | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """What the API sends by itself: its payload, how it is known to be genuine, and how to ask what is true now.

    `bind` are JSON Pointers into the payload by the name of the parameter.
    """

    place: Place
    payload: str | None = None
    within: str | None = None
    signature: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    then: str | None = None
    operation: str | None = None
    bind: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What the catalog says of one operation; None where it says nothing."""

    place: Place
    effect: Effect | None = None
    idempotency: str | None = None
    natural_key: Selector | None = None
    lookup: Lookup | None = None
    title: Text = Text()
    description: Text = Text()


@dataclass(frozen=True, slots=True)
class CatalogError:
    """One entry: the contract that machines read and the words that people read."""

    place: Place
    contract: ErrorContract
    class_name: str | None
    title: Text
    description: Text
    causes: tuple[Item, ...]
    remedies: tuple[Item, ...]
    payer: Text
    payer_never: bool
    source: tuple[str, ...]
    certainty: Certainty
    advice_certainty: Certainty
    since: str | None
    deprecated: Text
    replaced_by: str | None
    examples: tuple[Example, ...]
    attribute_texts: Mapping[str, AttributeText] = field(default_factory=dict[str, AttributeText])
    parent: str | None = None
    """The id of the error that it is a kind of, and as which it can be caught; that one stands before it."""
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A range of codes with a base class of its own."""

    place: Place
    contract: FamilyContract
    title: Text
    description: Text


@dataclass(frozen=True, slots=True)
class CatalogFormat:
    """A wire format, with the texts of its attributes."""

    place: Place
    contract: Format
    attribute_texts: Mapping[str, AttributeText]


@dataclass(frozen=True, slots=True)
class FormatAttribute:
    """An attribute with the words about it, before the two are parted."""

    contract: Attribute
    words: AttributeText


@dataclass(frozen=True, slots=True)
class CatalogInfo:
    api: str
    name: str
    title: Text
    locales: tuple[str, ...]
    default_locale: str
    docs_base: str | None


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole catalog; `derived` where it was made from the document's own responses."""

    place: Place
    info: CatalogInfo
    formats: Mapping[str, CatalogFormat]
    idempotency: Mapping[str, IdempotencyScheme]
    operations: Mapping[str, OperationFacts]
    families: Mapping[str, Family]
    policies: Mapping[str, Policy]
    errors: tuple[CatalogError, ...]
    framework: Mapping[str, str]
    examples: tuple[Example, ...]
    signatures: Mapping[str, Signature]
    webhooks: Mapping[str, Webhook]
    derived: bool = False
    complete: bool = True
    """Whether every entry was read; those with errors are missing."""

    def named(self, section: str) -> set[str]:
        """The names that the catalog gives in one of its mappings, those of entries that could not be read too."""
        tree = self.place.value
        entries = tree.get(section) if is_mapping(tree) and not self.derived else None
        return set(entries) if is_mapping(entries) else set()
