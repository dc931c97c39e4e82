"""What openapi-spec-validator could object to beyond structure, found by a walk of our own: it is asked about that alone.

The walk goes where the library's goes, each schema once; what it passes by, the library has nothing to say about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sadpath.openapi.defaults import obviously_fits
from sadpath.openapi.quick_verdict import dialect, is_valid_schema
from sadpath.source.pointer import from_fragment
from sadpath.source.tree import is_list, is_mapping, lookup

Part: TypeAlias = str | int
Doubt: TypeAlias = Literal["schema", "required", "default"]

_METHODS: Final = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))
_CHOICES: Final = ("allOf", "anyOf", "oneOf")
_LOOKED_AT: Final = frozenset({*_CHOICES, "not", "items", "properties", "default", "$ref"})
"""Keywords without any of which there is nothing to find in a part of a schema."""


@dataclass(slots=True)
class Suspect:
    """A schema, by its path through the document and its references, and what may be wrong with it."""

    path: tuple[Part, ...]
    doubt: Doubt
    schema: dict[str, Any]
    names: tuple[str, ...] = ()
    """Those that are required and, as far as `properties` tell, do not exist."""
    is_cleared: bool = False
    """To be set, before the walk goes on, where a doubtful schema is one: then there is something in it to look at."""


def suspects(tree: dict[str, Any], version: str) -> Iterator[Suspect]:
    """Every schema of a document that may be none, or contradicts itself; `version` is one such as "3.1"."""
    walk = _Walk(tree, version)
    yield from walk.paths(tree.get("paths"))
    components = walk.resolved(tree.get("components"))
    schemas = walk.resolved(components.get("schemas")) if is_mapping(components) else None
    for name, schema in schemas.items() if is_mapping(schemas) else ():
        yield from walk.schema(schema, ("components", "schemas", name))


def doubtful_tags(tags: object) -> bool:
    """Whether tags have a name in common, or a parent: the library knows what may be wrong with those."""
    found = [one for one in tags if is_mapping(one)] if is_list(tags) else []
    names = [one.get("name") for one in found]
    return len({str(name) for name in names}) < len(names) or any("parent" in one for one in found)


class _Walk:
    def __init__(self, tree: dict[str, Any], version: str) -> None:
        self._tree = tree
        self._methods = _METHODS | {"query"} if version == "3.2" else _METHODS
        self._is_valid = is_valid_schema(version)
        self._has_own_dialect = version != "3.0" and tree.get("jsonSchemaDialect", dialect(version)) != dialect(version)
        self._knows_dialects = version != "3.0"
        self._checked: set[int] = set()
        self._seen: set[int] = set()
        self._names: dict[int, set[str]] = {}
        self._targets: dict[str, Any] = {}

    def resolved(self, value: Any) -> Any:
        """A value, or what it refers to, by however many references."""
        for _ in range(100):
            if not is_mapping(value) or not isinstance(value.get("$ref"), str):
                return value
            reference: str = value["$ref"]
            if reference not in self._targets:
                self._targets[reference] = self._target(reference)
            value = self._targets[reference]
        return None

    def _target(self, reference: str) -> Any:
        pointer = from_fragment(reference[1:]) if reference.startswith("#") else None
        found = None if pointer is None or (pointer and not pointer.startswith("/")) else lookup(self._tree, pointer)
        return None if found is None else found[0]

    def _members(self, value: Any) -> list[tuple[str, Any]]:
        found = self.resolved(value)
        return [(key, self.resolved(one)) for key, one in found.items()] if is_mapping(found) else []

    def _items(self, value: Any) -> list[tuple[int, Any]]:
        found = self.resolved(value)
        return [(index, self.resolved(one)) for index, one in enumerate(found)] if is_list(found) else []

    def paths(self, paths: Any) -> Iterator[Suspect]:
        for url, item in self._members(paths):
            if not is_mapping(item):
                continue
            at = ("paths", url)
            yield from self._parameters(item.get("parameters"), (*at, "parameters"))
            for name, operation in self._members(item):
                if name in self._methods:
                    yield from self._operation(operation, (*at, name))
            if "query" in self._methods:
                for name, operation in self._members(item.get("additionalOperations")):
                    yield from self._operation(operation, (*at, "additionalOperations", name))

    def _operation(self, operation: Any, at: tuple[Part, ...]) -> Iterator[Suspect]:
        if not is_mapping(operation):
            return
        for status, response in self._members(operation.get("responses")):
            content = response.get("content") if is_mapping(response) else None
            for name, media_type in self._members(content):
                if is_mapping(media_type) and "schema" in media_type:
                    yield from self.schema(media_type["schema"], (*at, "responses", status, "content", name, "schema"))
        yield from self._parameters(operation.get("parameters"), (*at, "parameters"))

    def _parameters(self, parameters: Any, at: tuple[Part, ...]) -> Iterator[Suspect]:
        for index, parameter in self._items(parameters):
            if is_mapping(parameter) and "schema" in parameter:
                yield from self.schema(parameter["schema"], (*at, index, "schema"))

    def schema(self, value: Any, at: tuple[Part, ...], *, is_part: bool = False) -> Iterator[Suspect]:
        """A schema and what is in it, which is a schema where it is one."""
        schema = self.resolved(value)
        if not is_mapping(schema):
            return
        if not is_part and id(schema) not in self._checked:
            self._checked.add(id(schema))
            if self._is_strange(schema):
                suspect = Suspect(at, "schema", schema)
                yield suspect
                if not suspect.is_cleared:
                    return
        if id(schema) in self._seen:
            return
        self._seen.add(id(schema))
        for path, inner in self._inner(schema):
            if is_mapping(inner) and not _LOOKED_AT.isdisjoint(inner):
                yield from self.schema(inner, (*at, *path), is_part=True)
        names = () if is_part or "allOf" not in schema else self._undefined(schema)
        if names:
            yield Suspect(at, "required", schema, names)
        if "default" in schema and not obviously_fits(schema["default"], schema):
            yield Suspect(at, "default", schema)

    def _is_strange(self, schema: dict[str, Any]) -> bool:
        if self._knows_dialects and (self._has_own_dialect or "$schema" in schema):
            return True
        return not self._is_valid(schema)

    def _inner(self, schema: dict[str, Any]) -> Iterator[tuple[tuple[Part, ...], Any]]:
        """The schemas in a schema that the library looks into."""
        for keyword in _CHOICES:
            if keyword in schema:
                for index, inner in self._items(schema[keyword]):
                    yield (keyword, index), inner
        for keyword in ("not", "items"):
            if keyword in schema:
                yield (keyword,), schema[keyword]
        if "properties" in schema:
            for name, inner in self._members(schema["properties"]):
                yield ("properties", name), inner

    def _undefined(self, schema: dict[str, Any]) -> tuple[str, ...]:
        """What a schema with `allOf` requires although neither its properties nor those of its parts have it."""
        required = schema.get("required")
        wanted = [one for one in required if isinstance(one, str)] if is_list(required) else []
        own = self.resolved(schema.get("properties"))
        missing = {one for one in wanted if not (is_mapping(own) and one in own)}
        if missing:
            missing -= {name for _, part in self._items(schema["allOf"]) for name in self._defined(part)}
        return tuple(sorted(missing))

    def _defined(self, schema: Any) -> set[str]:
        """The properties that a schema or a part of it names; each schema is looked at once."""
        found = self.resolved(schema)
        if not is_mapping(found):
            return set()
        if id(found) not in self._names:
            names = self._names[id(found)] = set()
            names |= {name for name, _ in self._members(found.get("properties"))}
            parts = [part for keyword in _CHOICES for _, part in self._items(found.get(keyword))]
            parts += [found[keyword] for keyword in ("items", "not") if keyword in found]
            for part in parts:
                names |= self._defined(part)
        return self._names[id(found)]
