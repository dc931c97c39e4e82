"""Readers of the catalog language: each both parses a node of the tree, with its place, and states its JSON Schema."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sadpath.diagnostics import Report, quote, shortened, suggestion
from sadpath.diagnostics.rules_catalog import CATALOG_MISSING_KEY, CATALOG_UNKNOWN_KEY, CATALOG_VALUE
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.tree import is_list, is_mapping

T = TypeVar("T")
JsonSchema = dict[str, Any]


class Skip(Exception):
    """The node was reported and has no value: the reader above goes on with its other members."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the tree, where it stands, and where complaints about it go."""

    value: Any
    place: Place
    report: Report
    exploding_patterns: bool = False
    """Whether regular expressions whose matching can take exponential time are accepted."""

    def child(self, token: str | int, value: Any) -> Node:
        return Node(value, self.place.child(token), self.report, self.exploding_patterns)

    def refuse(self, wanted: str, *, help: str | None = None) -> Skip:
        """Report that the value is not what is `wanted`; the caller raises what is returned."""
        self.report.add(CATALOG_VALUE, f"expected {wanted}, found {describe(self.value)}", self.place, help=help)
        return Skip()


def describe(value: Any) -> str:
    """Name a value of the tree in a message, short enough for one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if is_mapping(value):
        return "a mapping" if value else "an empty mapping"
    if is_list(value):
        return "a list" if value else "an empty list"
    return quote(value) if isinstance(value, str) else f"the number {shortened(str(value))}"


class Reader(ABC, Generic[T]):
    """Reads one kind of node. `read` raises `Skip` after having reported."""

    @abstractmethod
    def read(self, node: Node) -> T: ...

    @abstractmethod
    def schema(self) -> JsonSchema: ...


class Words(Reader[str]):
    """A string, optionally of a pattern (anchored) that a message can name as `what`."""

    def __init__(self, pattern: str | None = None, what: str = "a text") -> None:
        self._pattern = pattern
        self._what = what

    def read(self, node: Node) -> str:
        if not isinstance(node.value, str) or (self._pattern and not re.fullmatch(self._pattern, node.value)):
            raise node.refuse(self._what)
        return node.value

    def schema(self) -> JsonSchema:
        # What the pattern means, for whoever reads the schema in an editor.
        return {"type": "string"} | (
            {"title": self._what, "pattern": f"^(?:{self._pattern})$"} if self._pattern else {}
        )


class Scalar(Reader[T]):
    """A value of one Python type; booleans are no integers."""

    def __init__(self, kind: type[T], json_type: str, what: str) -> None:
        self._kind = kind
        self._json_type = json_type
        self._what = what

    def read(self, node: Node) -> T:
        if not isinstance(node.value, self._kind) or (isinstance(node.value, bool) and self._kind is not bool):
            raise node.refuse(self._what)
        return node.value

    def schema(self) -> JsonSchema:
        return {"type": self._json_type}


class Anything(Reader[Any]):
    """Any value of the tree."""

    def read(self, node: Node) -> Any:
        return node.value

    def schema(self) -> JsonSchema:
        return {}


class Choice(Reader[str]):
    """One of a closed list of words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def read(self, node: Node) -> str:
        if node.value in self.words and isinstance(node.value, str):
            return node.value
        if not isinstance(node.value, str) and str(node.value) in self.words:
            raise node.refuse(f'the text "{node.value}"', help=f'Write it in quotes: "{node.value}".')
        help_text = suggestion(node.value, self.words) if isinstance(node.value, str) else None
        raise node.refuse(f"one of {', '.join(self.words)}", help=help_text)

    def schema(self) -> JsonSchema:
        return {"enum": list(self.words)}


class ListOf(Reader[tuple[T, ...]]):
    """A list; with `or_one` a single item may stand without its brackets. Items that fail are reported and left out."""

    def __init__(self, item: Reader[T], *, or_one: bool = False) -> None:
        self._item = item
        self._or_one = or_one

    def read(self, node: Node) -> tuple[T, ...]:
        if self._or_one and not is_list(node.value):
            return (self._item.read(node),)
        if not is_list(node.value):
            raise node.refuse("a list")
        found: list[T] = []
        for index, value in enumerate(node.value):
            try:
                found.append(self._item.read(node.child(index, value)))
            except Skip:
                continue
        return tuple(found)

    def schema(self) -> JsonSchema:
        listed: JsonSchema = {"type": "array", "items": self._item.schema()}
        return {"anyOf": [self._item.schema(), listed]} if self._or_one else listed


class MapOf(Reader[dict[str, T]]):
    """A mapping from names of one form to values of one form."""

    def __init__(self, value: Reader[T], *, key: str | None = None, key_what: str = "a name") -> None:
        self._value = value
        self._key = key
        self._key_what = key_what

    def read(self, node: Node) -> dict[str, T]:
        if not is_mapping(node.value):
            raise node.refuse("a mapping")
        found: dict[str, T] = {}
        for name, value in node.value.items():
            child = node.child(name, value)
            if name.startswith("x-"):
                continue
            if self._key and not re.fullmatch(self._key, name):
                node.report.add(CATALOG_VALUE, f"{describe(name)} is not {self._key_what}", child.place.key())
                continue
            try:
                found[name] = self._value.read(child)
            except Skip:
                continue
        return found

    def schema(self) -> JsonSchema:
        rule: JsonSchema = {"type": "object", "additionalProperties": self._value.schema()}
        if self._key:
            rule["propertyNames"] = {"pattern": f"^(?:{self._key}|x-.*)$"}
        rule["patternProperties"] = {"^x-": {}}
        return rule


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: how its value is read, whether it must be there, and what it is for."""

    reader: Reader[Any]
    required: bool = False
    about: str = ""
    spared: bool = False
    """Whether the rest still means what it says where this value can't be read: it is reported and left out."""


class Record(Reader[T]):
    """A mapping with known keys, turned into a value by `build`, which gets the values that were there and the node.

    `rules` are what `build` checks beyond the keys, as schemas.
    """

    def __init__(
        self,
        build: Callable[[dict[str, Any], Node], T],
        keys: Mapping[str, Key],
        *,
        exactly_one: Sequence[str] = (),
        rules: Sequence[JsonSchema] = (),
    ) -> None:
        self._build = build
        self._keys = keys
        self._exactly_one = tuple(exactly_one)
        self._rules = list(rules)

    def read(self, node: Node) -> T:
        if not is_mapping(node.value):
            raise node.refuse(f"a mapping with {', '.join(list(self._keys)[:4])}")
        values, complete = self._members(node)
        for name, key in self._keys.items():
            if key.required and name not in node.value:
                node.report.add(CATALOG_MISSING_KEY, f"the key {quote(name)} is missing here", node.place.key())
                complete = False
        if self._exactly_one and sum(name in node.value for name in self._exactly_one) != 1:
            raise node.refuse(f"exactly one of {', '.join(self._exactly_one)}")
        if not complete:
            raise Skip
        return self._build(values, node)

    def _members(self, node: Node) -> tuple[dict[str, Any], bool]:
        values: dict[str, Any] = {}
        complete = True
        for name, value in node.value.items():
            if name.startswith("x-"):
                continue
            key = self._keys.get(name)
            child = node.child(name, value)
            if key is None:
                hint = suggestion(name, self._keys) or f"known here: {', '.join(self._keys)}"
                message = f"the key {quote(name)} is unknown here"
                node.report.add(CATALOG_UNKNOWN_KEY, message, child.place.key(), help=hint)
                continue
            try:
                values[name] = key.reader.read(child)
            except Skip:
                # What is built from the rest would only lead to complaints that are none.
                complete = complete and key.spared
        return values, complete

    def schema(self) -> JsonSchema:
        properties = {
            name: ({"description": key.about} if key.about else {}) | key.reader.schema()
            for name, key in self._keys.items()
        }
        rule: JsonSchema = {"type": "object", "properties": properties, "patternProperties": {"^x-": {}}}
        rule["additionalProperties"] = False
        required = [name for name, key in self._keys.items() if key.required]
        if required:
            rule["required"] = required
        if self._exactly_one:
            rule["oneOf"] = [{"required": [name]} for name in self._exactly_one]
        if self._rules:
            rule["allOf"] = self._rules
        return rule


class Either(Reader[T]):
    """Chooses a reader by the kind of node: `when` tells whether the first one is meant."""

    def __init__(self, when: Callable[[Any], bool], first: Reader[T], second: Reader[T]) -> None:
        self._when = when
        self._first = first
        self._second = second

    def read(self, node: Node) -> T:
        return (self._first if self._when(node.value) else self._second).read(node)

    def schema(self) -> JsonSchema:
        return {"anyOf": [self._first.schema(), self._second.schema()]}


class Mapped(Reader[T]):
    """Another reader's value turned into something else; a ValueError becomes a complaint that names `what`."""

    def __init__(self, inner: Reader[Any], build: Callable[[Any], T], what: str) -> None:
        self._inner = inner
        self._build = build
        self._what = what

    def read(self, node: Node) -> T:
        value = self._inner.read(node)
        try:
            return self._build(value)
        except ValueError as error:
            raise node.refuse(f"{self._what} ({error})" if str(error) else self._what) from None

    def schema(self) -> JsonSchema:
        return self._inner.schema()
