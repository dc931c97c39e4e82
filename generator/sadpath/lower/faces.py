"""Finds the schemas that a request and a response see differently, before types are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final, Literal

from sadpath.openapi.model import Document, Schema, SchemaKey
from sadpath.runtime.trees import is_mapping, is_sequence

Direction = Literal["request", "response"]
"""Which way a value goes: a request has no read-only members, a response no write-only ones."""


_HOLDERS: Final = tuple(
    item.name for item in fields(Schema) if re.search(r"\bSchema\b", str(item.type)) and item.name != "place"
)
"""The members of a schema that hold schemas."""


def parts_of(schema: Schema) -> Iterator[Schema]:
    """The schemas that stand directly inside a schema."""
    for name in _HOLDERS:
        found = getattr(schema, name)
        if found:
            yield from schemas_of(found)


def schemas_of(value: Any) -> Iterator[Schema]:
    """The schemas that stand directly in a part of a document, such as an operation; none of what is inside these."""
    if isinstance(value, Schema):
        yield value
    elif is_sequence(value) or is_mapping(value):
        for item in value.values() if is_mapping(value) else value:
            yield from schemas_of(item)
    elif is_dataclass(value) and type(value).__module__ == Schema.__module__ and not isinstance(value, SchemaKey):
        for item in fields(value):
            yield from schemas_of(getattr(value, item.name))


def inside(schema: Schema) -> Iterator[Schema]:
    """The schema and all that stand in it, however deep; references are not followed."""
    pending = [schema]
    while pending:
        found = pending.pop()
        yield found
        pending += parts_of(found)


class Faces:
    """Tells whether a schema has one face, or one for requests and another for responses."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._refs: dict[SchemaKey, frozenset[SchemaKey]] = {}
        self._splitting = self._closure()
        self._memo: dict[SchemaKey, bool] = {}
        self._used: dict[Direction, frozenset[SchemaKey]] = {
            "request": self._reached("request"),
            "response": self._reached("response"),
        }

    def is_split(self, schema: Schema) -> bool:
        """Whether anything in the schema, references followed, goes one way only."""
        if schema.key not in self._memo:
            refs = self._refs.get(schema.key) or _refs(schema)
            self._memo[schema.key] = _is_marked(schema) or not self._splitting.isdisjoint(refs)
        return self._memo[schema.key]

    def is_used(self, key: SchemaKey, direction: Direction) -> bool:
        """Whether an operation sends (or answers with) the component."""
        return key in self._used[direction]

    def _closure(self) -> frozenset[SchemaKey]:
        """The definitions that split what refers to them; one that goes one way itself has but one face."""
        definitions = self._document.definitions
        self._refs = {key: frozenset(_refs(schema)) for key, schema in definitions.items()}
        for schema in self._document.schemas.values():
            # A parent with a discriminator stands for those that include it, whether its mapping names them or not.
            for part in schema.all_of:
                if part.ref is not None and definitions[part.ref].discriminator is not None:
                    self._refs[part.ref] |= {schema.key}
        users: dict[SchemaKey, list[SchemaKey]] = {}
        for key, refs in self._refs.items():
            for target in refs:
                users.setdefault(target, []).append(key)
        split = {key for key, schema in definitions.items() if _is_marked(schema) or _is_one_way(schema)}
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
            requested = direction == "request"
            parts: list[object] = [operation.parameters, operation.request_body] if requested else []
            if not requested:
                others = (item.name for item in fields(operation) if item.name not in _REQUESTED)
                parts = [getattr(operation, name) for name in others]
            for schema in schemas_of(tuple(parts)):
                pending += _refs(schema)
        if direction == "response":
            for schema in schemas_of(self._document.webhooks):
                pending += _refs(schema)
        while pending:
            key = pending.pop()
            if key not in reached:
                reached.add(key)
                pending += self._refs.get(key, ())
        return frozenset(reached)


_REQUESTED: Final = frozenset({"parameters", "request_body"})


def _refs(schema: Schema) -> set[SchemaKey]:
    found: set[SchemaKey] = set()
    for part in inside(schema):
        if part.ref is not None:
            found.add(part.ref)
        if part.discriminator is not None:
            found.update(part.discriminator.mapping.values())
    return found


def _is_one_way(schema: Schema) -> bool:
    return schema.read_only or schema.write_only


def _is_marked(schema: Schema) -> bool:
    return any(_is_one_way(part) for part in inside(schema) if part is not schema)
