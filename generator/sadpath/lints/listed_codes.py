"""Finds the codes that a document lists itself: enumerations, constants and examples of the member that holds the code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from sadpath.lints.subject import Subject
from sadpath.openapi.model import Document, MediaType, Response, Schema
from sadpath.runtime.contract import Format
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.media import is_json
from sadpath.runtime.pointers import MISSING, get, tokens_of
from sadpath.source.place import Place

_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """Codes that stand at one place; `closed` where the document says that there are no others."""

    place: Place
    codes: tuple[str | int, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """What one response of the document says of the codes of one format."""

    operation: str
    response: Response
    format: Format
    listings: tuple[Listing, ...]
    complete: bool
    """Whether every form of the body has a closed list."""

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(str(code) for listing in self.listings if listing.closed for code in listing.codes)


def declared_codes(subject: Subject) -> Iterator[Declared]:
    """What each error response says of the codes, for each format whose code stands in a JSON body."""
    formats = [found.contract for found in subject.catalog.formats.values()]
    in_body = [one for one in formats if one.code is not None and one.code.body is not None]
    responses = [(id, one) for id, operation in subject.described.items() for one in operation.responses]
    failures = [(id, one) for id, one in responses if one.status[0] not in "123"]
    for (id, response), form in product(failures, in_body):
        fitting = [one for one in response.content if is_json(one.media_type) and _fits(one, form)]
        if fitting:
            yield _declared(subject.document, id, response, form, fitting)


def _fits(media: MediaType, form: Format) -> bool:
    """Whether a format may have that media type; parameters do not count."""
    kind = media.media_type.partition(";")[0].strip().lower()
    return not form.media_types or kind in {one.lower() for one in form.media_types}


def _declared(document: Document, id: str, response: Response, form: Format, media: list[MediaType]) -> Declared:
    pointer = form.code.body if form.code is not None and form.code.body is not None else ""
    listings: list[Listing] = []
    complete = True
    for one in media:
        leaves = list(_leaves(document, one.schema, tokens_of(pointer), _DEEPEST)) if one.schema is not None else []
        found = [_listing(leaf) for leaf in leaves]
        complete = complete and bool(found) and all(listing is not None and listing.closed for listing in found)
        listings += [listing for listing in found if listing is not None]
        listings += _of_examples(one, pointer)
        for leaf in leaves:
            listings += _of_schema_examples(leaf)
    return Declared(id, response, form, tuple(listings), complete)


def _leaves(document: Document, schema: Schema, tokens: tuple[str, ...], depth: int) -> Iterator[Schema]:
    """The schemas of the value at a pointer; one for each way that a union may go."""
    if depth == 0:
        return
    if schema.ref is not None and schema.ref in document.definitions:
        yield from _leaves(document, document.definitions[schema.ref], tokens, depth - 1)
    inner = _step(schema, tokens[0]) if tokens else None
    if inner is not None:
        yield from _leaves(document, inner, tokens[1:], depth - 1)
    elif not tokens and _says_something(schema):
        yield schema
    for part in (*schema.all_of, *schema.one_of, *schema.any_of):
        yield from _leaves(document, part, tokens, depth - 1)


def _step(schema: Schema, token: str) -> Schema | None:
    found = schema.properties.get(token)
    return schema.items if found is None and token.isdigit() else found


def _says_something(schema: Schema) -> bool:
    composed = schema.ref is not None or schema.all_of or schema.one_of or schema.any_of
    return not composed or schema.enum is not None or schema.const is not None


def _listing(schema: Schema) -> Listing | None:
    if schema.const is not None:
        return _as_listing(schema.place.child("const"), list(schema.const), True)
    if schema.enum is not None:
        return _as_listing(schema.place.child("enum"), list(schema.enum), not schema.extensions.get("x-sadpath-open"))
    return None


def _of_schema_examples(schema: Schema) -> Iterator[Listing]:
    """The examples of a member whose codes are not listed; `example` stands before `examples` in the model."""
    if schema.enum is not None or schema.const is not None:
        return
    raw = schema.place.value
    single = 1 if isinstance(raw, dict) and "example" in raw else 0
    for index, value in enumerate(schema.examples):
        place = schema.place.child("example") if index < single else schema.place.child("examples", index - single)
        yield from _one(place, value)


def _of_examples(media: MediaType, pointer: str) -> Iterator[Listing]:
    for example in media.examples:
        value: Any = get(example.value[0], pointer) if example.value is not None else MISSING
        single = example.name == "example"
        place = media.place.child("example") if single else media.place.child("examples", example.name, "value")
        yield from _one(place, value)


def _one(place: Place, value: Any) -> Iterator[Listing]:
    listing = _as_listing(place, [value], False)
    if listing.codes:
        yield listing


def _as_listing(place: Place, values: list[Any], closed: bool) -> Listing:
    codes = tuple(
        value for value in values if isinstance(value, str | int) and not isinstance(value, bool) and value != ""
    )
    return Listing(place, codes, closed)
