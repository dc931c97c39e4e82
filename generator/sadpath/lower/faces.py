"""Finds the schemas that a request and a response see differently, before types are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, Literal, NamedTuple

from sadpath.openapi.model import (
    Callback,
    Document,
    Encoding,
    Header,
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Schema,
    SchemaKey,
)
from sadpath.runtime.trees import is_mapping, is_sequence

Direction = Literal["request", "response"]
"""Which way a value goes: a request has no read-only members, a response no write-only ones."""


def _holders(cls: type, inner: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(item.name for item in fields(cls) if inner.search(str(item.type)))


_HOLDERS: Final[Mapping[type, tuple[str, ...]]] = {
    Schema: _holders(Schema, re.compile(r"\bSchema\b")),
    **{
        cls: _holders(
            cls,
            re.compile(r"\b(?:Schema|Encoding|Header|MediaType|Parameter|RequestBody|Response|Operation|Callback)\b"),
        )
        for cls in (Encoding, Header, MediaType, Parameter, RequestBody, Response, Operation, Callback)
    },
}
"""The members that hold schemas, directly or in others of these classes."""
_REQUESTED: Final = ("parameters", "request_body")
_SENT: Final[Mapping[Direction, tuple[str, ...]]] = {
    "request": _REQUESTED,
    "response": tuple(name for name in _HOLDERS[Operation] if name not in _REQUESTED),
}
"""The members of an operation that hold what goes this way."""
_INSIDE: Final = frozenset(_HOLDERS[Schema])
_LEADING_ON: Final = _INSIDE | {"ref", "discriminator"}
"""Members of a schema without any of which there is nothing in it, and nothing that it refers to."""


def parts_of(schema: Schema) -> list[Schema]:
    """The schemas that stand directly inside a schema."""
    parts: list[Schema] = []
    if _INSIDE.isdisjoint(schema.said):
        return parts
    for name, found in schema.said.items():
        if name not in _INSIDE or not found:
            continue
        if isinstance(found, Schema):
            parts.append(found)
        else:
            parts += found.values() if is_mapping(found) else found
    return parts


def schemas_of(value: Any) -> list[Schema]:
    """The schemas that stand directly in a part of a document, such as an operation; none of what is inside these."""
    found: list[Schema] = []
    _gather(value, found)
    return found


def _gather(value: Any, into: list[Schema]) -> None:
    found: object = value
    if isinstance(found, Schema):
        into.append(found)
    elif type(found) in _HOLDERS:
        for name in _HOLDERS[type(found)]:
            held = getattr(found, name)
            if held:
                _gather(held, into)
    elif is_sequence(value):
        for item in value:
            _gather(item, into)


def inside(schema: Schema) -> Iterator[Schema]:
    """The schema and all that stand in it, however deep; references are not followed."""
    pending = [schema]
    while pending:
        found = pending.pop()
        yield found
        if not _INSIDE.isdisjoint(found.said):
            pending += parts_of(found)


class _Seen(NamedTuple):
    """What is in a schema, references not followed: those that it makes, and whether a part of it goes one way only."""

    schema: Schema | None
    refs: frozenset[SchemaKey]
    has_one_way: bool


_NOTHING: Final = _Seen(None, frozenset(), False)


class Faces:
    """Tells whether a schema has one face, or one for requests and another for responses."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._refs: dict[SchemaKey, frozenset[SchemaKey]] = {}
        self._seen: dict[int, _Seen] = {}
        self._splitting = self._closure()
        self._memo: dict[SchemaKey, bool] = {}
        self._used: dict[Direction, frozenset[SchemaKey]] = {
            "request": self._reached("request"),
            "response": self._reached("response"),
        }

    def is_split(self, schema: Schema) -> bool:
        """Whether anything in the schema, references followed, goes one way only."""
        key = schema.key
        found = self._memo.get(key)
        if found is None:
            _, refs, has_one_way = self._look(schema)
            found = self._memo[key] = has_one_way or not self._splitting.isdisjoint(self._refs.get(key) or refs)
        return found

    def is_used(self, key: SchemaKey, direction: Direction) -> bool:
        """Whether an operation sends (or answers with) the component."""
        return key in self._used[direction]

    def _look(self, schema: Schema) -> _Seen:
        """Look through a schema, each part of it once; the schema is kept, so that no other one takes its identity."""
        if _LEADING_ON.isdisjoint(schema.said):
            return _NOTHING
        found = self._seen.get(id(schema))
        if found is not None:
            return found
        refs: set[SchemaKey] = set() if schema.ref is None else {schema.ref}
        if schema.discriminator is not None:
            refs.update(schema.discriminator.mapping.values())
        has_one_way = False
        for part in parts_of(schema):
            _, inner, is_split = self._look(part)
            refs |= inner
            has_one_way = has_one_way or is_split or part.read_only or part.write_only
        found = self._seen[id(schema)] = _Seen(schema, frozenset(refs), has_one_way)
        return found

    def _closure(self) -> frozenset[SchemaKey]:
        """The definitions that split what refers to them; one that goes one way itself has but one face."""
        definitions = self._document.definitions
        self._refs = {key: self._look(schema).refs for key, schema in definitions.items()}
        for schema in self._document.schemas.values():
            # A parent with a discriminator stands for those that include it, whether its mapping names them or not.
            for part in schema.all_of:
                if part.ref is not None and definitions[part.ref].discriminator is not None:
                    self._refs[part.ref] |= {schema.key}
        users: dict[SchemaKey, list[SchemaKey]] = {}
        for key, refs in self._refs.items():
            for target in refs:
                users.setdefault(target, []).append(key)
        split = {key for key, schema in definitions.items() if self._look(schema).has_one_way or _is_one_way(schema)}
        pending = list(split)
        while pending:
            for user in users.get(pending.pop(), ()):
                if user not in split:
                    split.add(user)
                    pending.append(user)
        return frozenset(split)

    def _reached(self, direction: Direction) -> frozenset[SchemaKey]:
        reached: set[SchemaKey] = set()
        pending: list[SchemaKey] = []
        for operation in self._document.operations:
            for schema in schemas_of([getattr(operation, name) for name in _SENT[direction]]):
                pending += self._look(schema).refs
        if direction == "response":
            for schema in schemas_of(self._document.webhooks):
                pending += self._look(schema).refs
        while pending:
            key = pending.pop()
            if key not in reached:
                reached.add(key)
                pending += self._refs.get(key, ())
        return frozenset(reached)


def _is_one_way(schema: Schema) -> bool:
    return schema.read_only or schema.write_only
