"""Schema Objects to `Schema` values: the dialects of 3.0 and 3.1 folded into one, references kept as keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sadpath.diagnostics import listed, quote, suggestion
from sadpath.diagnostics.rules_openapi import (
    DEFAULT_MAPPING,
    MISPLACED_REQUIRED,
    OUTDATED_KEYWORD,
    UNKNOWN_DISCRIMINATOR_TARGET,
    UNKNOWN_VALUE,
    UNQUOTED_TEXT,
)
from sadpath.openapi.check_patterns import check_pattern, is_checkable, report_unchecked
from sadpath.openapi.check_spelling import check_required, is_misspelt
from sadpath.openapi.check_values import ABOUT, check_idle, check_values
from sadpath.openapi.model import Discriminator, Schema, SchemaKey
from sadpath.openapi.node import Node
from sadpath.openapi.resolve import Resolver
from sadpath.source.place import Place
from sadpath.source.tree import is_list, is_mapping, lookup

TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
_ALONE: Final = {name: (name,) for name in TYPES}

_TEXTS: Final = {
    "format": "format",
    "title": "title",
    "description": "description",
    "pattern": "pattern",
    "contentEncoding": "content_encoding",
    "contentMediaType": "content_media_type",
}
_FLAGS: Final = {
    "uniqueItems": "unique_items",
    "readOnly": "read_only",
    "writeOnly": "write_only",
    "deprecated": "deprecated",
}
_COUNTS: Final = {
    "minProperties": "min_properties",
    "maxProperties": "max_properties",
    "minItems": "min_items",
    "maxItems": "max_items",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minContains": "min_contains",
    "maxContains": "max_contains",
}
_NUMBERS: Final = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "multipleOf": "multiple_of",
}
_SCHEMAS: Final = {
    "additionalProperties": "additional_properties",
    "propertyNames": "property_names",
    "items": "items",
    "not": "not_",
    "if": "if_",
    "then": "then",
    "else": "else_",
    "contains": "contains",
    "unevaluatedProperties": "unevaluated_properties",
    "unevaluatedItems": "unevaluated_items",
}
_LISTS: Final = {"allOf": "all_of", "anyOf": "any_of", "oneOf": "one_of", "prefixItems": "prefix_items"}
_MAPS: Final = {
    "properties": "properties",
    "patternProperties": "pattern_properties",
    "dependentSchemas": "dependent_schemas",
}
_AS_WRITTEN: Final[Mapping[str, tuple[str, type]]] = {
    **{keyword: (name, str) for keyword, name in _TEXTS.items() if keyword != "pattern"},
    **{keyword: (name, bool) for keyword, name in _FLAGS.items()},
    **{keyword: (name, int) for keyword, name in _NUMBERS.items()},
}
"""Keywords whose value, where it is of that very type, is taken as it is: most of what documents say."""
_SILENT: Final = frozenset(
    "$ref $schema $vocabulary $id $anchor $dynamicAnchor $dynamicRef $comment $defs definitions externalDocs nullable "
    "xml".split()
)
"""Keywords that say nothing about a JSON value, or that are read with another one."""
_NULLABLE: Final = frozenset({"type", "const", "default", "example", "description"})
"""Keywords of which null is a value, or is read as a text."""
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef"})
_OTHER: Final = ("", Mapping)
_NOW: Final = {
    "nullable": 'Write "null" as one of the types.',
    "exclusiveMinimum": "Write the bound itself as its value, and take `minimum` out.",
    "exclusiveMaximum": "Write the bound itself as its value, and take `maximum` out.",
}
"""What 3.1 has for keywords of 3.0."""
_OUTDATED: Final = frozenset(_NOW)
_CHECKED: Final = frozenset({*ABOUT, "enum", "pattern", "required"})
"""Members of a schema without any of which there is nothing that could contradict the others."""

_COMPONENTS: Final = "#/components/schemas/"

Fields = dict[str, Any]


class SchemaParser:
    """Parses schemas; those that references name are parsed by `drain`, each once, however they refer to each other."""

    def __init__(self, resolver: Resolver, *, exploding_patterns: bool = False) -> None:
        self._exploding_patterns = exploding_patterns
        self.definitions: dict[SchemaKey, Schema] = {}
        self._resolver = resolver
        self._pending: list[Node] = []
        self._expected: set[SchemaKey] = set()
        self._readers = self._table()

    def _table(self) -> dict[str, Callable[[Node, Fields], None]]:
        table: dict[str, Callable[[Node, Fields], None]] = {
            "type": self._types,
            "enum": self._enum,
            "required": self._required,
            "discriminator": self._discriminator,
            "const": lambda node, into: into.update(const=(node.value,)),
            "default": lambda node, into: into.update(default=node.value, has_default=True),
            "example": lambda node, into: into.update(examples=(*into.get("examples", ()), node.value)),
            "examples": self._examples,
            "dependentRequired": partial(self._dependencies, False),
            "dependencies": partial(self._dependencies, True),
        }
        named = [(_TEXTS, self._text), (_FLAGS, self._flag), (_COUNTS, self._count), (_NUMBERS, self._number)]
        named += [(_SCHEMAS, self._schema), (_LISTS, self._schemas), (_MAPS, self._map)]
        return table | {keyword: partial(read, name) for names, read in named for keyword, name in names.items()}

    def define(self, node: Node) -> Schema:
        """The schema at a place that has a name of its own; it becomes a definition."""
        key = _key(node.place)
        if key not in self.definitions:
            self._expected.add(key)
            self.definitions[key] = self.parse(node)
        return self.definitions[key]

    def drain(self) -> None:
        """Parse what references name, and what references there name, until nothing is left."""
        while self._pending:
            self.define(self._pending.pop())

    def parse(self, node: Node) -> Schema:
        """One schema with those inside it. What is wrong is reported and left out."""
        value, place = node.value, node.place
        key = _key(place)
        if isinstance(value, bool):
            return Schema(place, key, always=value)
        if value is None:
            node.pass_over("anything is allowed here")
            return Schema(place, key)
        if not node.is_mapping():
            return Schema(place, key)
        fields: Fields = {}
        if _REFERENCES.isdisjoint(value):
            self._read(node, fields)
            return Schema.of(place, key, fields)
        targets = [self._enqueue(target, node) for target in self._resolver.schema_targets(node)]
        if targets:
            fields["ref"] = targets[0]
        if "$ref" in value and self._resolver.version < (3, 1):
            return Schema.of(place, key, fields)
        self._read(node, fields)
        for other in targets[1:]:
            fields["all_of"] = (*fields.get("all_of", ()), Schema(place, key, ref=other))
        return Schema.of(place, key, fields)

    def _read(self, node: Node, into: Fields) -> None:
        others: list[str] = []
        extensions: Fields = {}
        value: dict[str, Any] = node.value
        for keyword, inner in value.items():
            if keyword == "type" and type(inner) is str and inner in _ALONE:
                into["types"] = _ALONE[inner]
                continue
            name, wanted = _AS_WRITTEN.get(keyword, _OTHER)
            if type(inner) is wanted:
                into[name] = inner
                continue
            reader = self._readers.get(keyword)
            if reader is not None:
                one = Node(inner, node.place.child(keyword), node.report)
                if inner is None and keyword not in _NULLABLE:
                    one.pass_over()
                else:
                    reader(one, into)
            elif keyword.startswith("x-"):
                extensions[keyword] = inner
            elif keyword not in _SILENT and not is_misspelt(node, keyword, self._readers):
                others.append(keyword)
        if extensions:
            into["extensions"] = extensions
        if others:
            into["other_keywords"] = tuple(sorted(others))
        if not _OUTDATED.isdisjoint(value):
            _fold(node, into, self._resolver.version)
        if not _CHECKED.isdisjoint(into):
            check_idle(node, into)
            check_values(node, into)
            check_required(node, into)

    def _enqueue(self, place: Place, node: Node) -> SchemaKey:
        key = _key(place)
        if key not in self._expected:
            self._expected.add(key)
            self._pending.append(Node(place.value, place, node.report))
        return key

    def _types(self, node: Node, into: Fields) -> None:
        names = [node] if not is_list(node.value) else [node.child(index) for index in range(len(node.value))]
        found: list[str] = []
        for one in names:
            name = one.value if isinstance(one.value, str) else None
            if one.value is None:
                one.report.add(UNQUOTED_TEXT, "null is read as the type of that name", one.place)
                found.append("null")
            elif name is None:
                one.refuse("a string")
            elif name in TYPES:
                found.append(name)
            else:
                message = f"{quote(name)} is no type; types are {listed(TYPES, conjunction='and')}"
                one.report.add(UNKNOWN_VALUE, message, one.place, help=suggestion(name, TYPES))
        into["types"] = tuple(dict.fromkeys(found))

    def _enum(self, node: Node, into: Fields) -> None:
        if is_list(node.value):
            into["enum"] = tuple(node.value)
        else:
            node.refuse("a list")

    def _examples(self, node: Node, into: Fields) -> None:
        """3.1 has a list here; documents of 3.0 sometimes a mapping of Example Objects, which means nothing."""
        if is_list(node.value):
            into["examples"] = (*into.get("examples", ()), *node.value)

    def _required(self, node: Node, into: Fields) -> None:
        if isinstance(node.value, bool):
            message = f"`required: {str(node.value).lower()}` says nothing in a schema"
            node.report.add(MISPLACED_REQUIRED, message, node.place)
            return
        names = self._names(node)
        if names is not None:
            into["required"] = names

    def _names(self, node: Node) -> tuple[str, ...] | None:
        if not is_list(node.value):
            node.refuse("a list of property names")
            return None
        values: list[Any] = node.value
        if not {str}.issuperset(map(type, values)):
            values = [name for index in range(len(values)) if (name := node.child(index).as_text()) is not None]
        return tuple(dict.fromkeys(values))

    def _dependencies(self, mixed: bool, node: Node, into: Fields) -> None:
        """`dependentRequired`, or the old `dependencies`, whose members are lists of names or schemas."""
        if not node.is_mapping():
            return
        for name in node.value:
            inner = node.child(name)
            if mixed and not is_list(inner.value):
                into["dependent_schemas"] = {**into.get("dependent_schemas", {}), name: self.parse(inner)}
            elif (names := self._names(inner)) is not None:
                into["dependent_required"] = {**into.get("dependent_required", {}), name: names}

    def _text(self, name: str, node: Node, into: Fields) -> None:
        text = node.as_text()
        if text is None:
            return
        if name != "pattern" or self._exploding_patterns or is_checkable(text):
            into[name] = text
        else:
            into["unchecked"] = True
            report_unchecked(text, node.place, node.report)

    def _flag(self, name: str, node: Node, into: Fields) -> None:
        if isinstance(node.value, bool):
            into[name] = node.value
        else:
            node.refuse("true or false")

    def _count(self, name: str, node: Node, into: Fields) -> None:
        value: Any = node.value
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            into[name] = value
        else:
            node.refuse("a non-negative integer")

    def _number(self, name: str, node: Node, into: Fields) -> None:
        value = node.value
        if isinstance(value, (int, Decimal)) and (not isinstance(value, bool) or name.startswith("exclusive")):
            into[name] = value
        else:
            node.refuse("a number")

    def _schema(self, name: str, node: Node, into: Fields) -> None:
        into[name] = self.parse(node)

    def _schemas(self, name: str, node: Node, into: Fields) -> None:
        if is_list(node.value):
            into[name] = tuple(self.parse(node.child(index)) for index in range(len(node.value)))
        else:
            node.refuse("a list of schemas")

    def _map(self, name: str, node: Node, into: Fields) -> None:
        if not node.is_mapping():
            return
        place, report = node.place, node.report
        into[name] = {key: self.parse(Node(inner, place.child(key), report)) for key, inner in node.value.items()}
        if name == "pattern_properties" and not self._exploding_patterns:
            for pattern in node.value:
                check_pattern(pattern, place.child(pattern).key(), report)

    def _discriminator(self, node: Node, into: Fields) -> None:
        if not node.is_mapping():
            return
        name = node.text("propertyName", required=True)
        mapping: dict[str, SchemaKey] = {}
        for tag, target in node.values("mapping"):
            key = self._tagged(target)
            if key is not None:
                mapping[tag] = key
        if name is not None:
            into["discriminator"] = Discriminator(name, mapping)
        if node.field("defaultMapping") is not None:
            node.report.add(
                DEFAULT_MAPPING, "values without a known tag are kept as they came", node.place.child("defaultMapping")
            )

    def _tagged(self, node: Node) -> SchemaKey | None:
        """What a value of `mapping` names: a component first, as the specification says, else by a reference."""
        text = node.as_text()
        if text is None:
            return None
        root = Place(self._resolver.sources.root)
        named = root.child("components", "schemas", text)
        if lookup(root.source.tree, named.pointer) is not None:
            return self._enqueue(named, node)
        schemas = lookup(root.source.tree, "/components/schemas")
        names = list(schemas[0]) if schemas and is_mapping(schemas[0]) else []
        if any(mark in text for mark in "#/.") and not _names_missing_component(text, names):
            place = self._resolver.sources.resolve(node.place, text)
            return None if place is None else self._enqueue(place, node)
        message = f"no schema {quote(text)} is defined for this tag, which is read as an unknown one"
        help_text = suggestion(text.removeprefix(_COMPONENTS), names)
        node.report.add(UNKNOWN_DISCRIMINATOR_TARGET, message, node.place, help=help_text)
        return None


def _names_missing_component(text: str, names: list[str]) -> bool:
    """Whether a reference names a component by itself that there is none of."""
    name = text.removeprefix(_COMPONENTS)
    return text.startswith(_COMPONENTS) and not {"/", "~", "%"} & set(name) and name not in names


def _key(place: Place) -> SchemaKey:
    return SchemaKey(place.source.path, place.pointer)


def _fold(node: Node, into: Fields, version: tuple[int, int]) -> None:
    """Say what only 3.0 says (`nullable`, boolean exclusive bounds) in the words of 3.1."""
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive in node.value and isinstance(found := into.get(_NUMBERS[exclusive]), bool):
            _report_outdated(node, exclusive, version)
            into[_NUMBERS[exclusive]] = into.pop(bound, None) if found else None
    if "nullable" not in node.value or not node.flag("nullable"):
        return
    _report_outdated(node, "nullable", version)
    if into.get("types"):
        into["types"] = tuple(dict.fromkeys((*into["types"], "null")))
    else:
        into["nullable"] = True
    enum = into.get("enum")
    if enum is not None and None not in enum:
        into["enum"] = (*enum, None)


def _report_outdated(node: Node, keyword: str, version: tuple[int, int]) -> None:
    if version >= (3, 1):
        found = node.child(keyword)
        message = f"{quote(keyword)} is read as OpenAPI 3.0 has it"
        node.report.add(OUTDATED_KEYWORD, message, found.place, help=_NOW[keyword])
