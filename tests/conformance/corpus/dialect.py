"""Turns the schemas of a document into JSON Schema 2020-12 as one direction sees them, and makes validators of them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import jsonschema_rs
from conformance.corpus.plain import Lost, Plain, escaped

Direction = Literal["request", "response"]
OTHER_WAY: Final = {"request": "readOnly", "response": "writeOnly"}
_DATA: Final = frozenset({"enum", "const", "default", "example", "examples"})
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
ABOUT: Final = frozenset({"title", "description", "summary", "default", "readOnly", "writeOnly", "$comment"})
"""What a schema says beside a reference without demanding anything."""
_DROPPED: Final = frozenset(
    {"example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "$schema", "$id"}
)
_IN_3_0: Final = frozenset(
    "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems "
    "uniqueItems maxProperties minProperties required enum type allOf oneOf anyOf not items properties additionalProperties "
    "description format default nullable discriminator readOnly writeOnly".split()
)
"""What OpenAPI 3.0 has of JSON Schema; nothing else means anything there."""


_PATTERNS: Final = jsonschema_rs.FancyRegexOptions(size_limit=10**9, dfa_size_limit=10**8)
"""Repeats as `{0,262144}` need room."""
_TOLD: Final = ("readOnly", "writeOnly", "format")
TAG: Final = "x-tag"
"""Under this name a turned schema says what its discriminator was."""


class Unusable(Exception):
    """A schema that no validator can be made of."""


@dataclass
class Dialect:
    """The schemas of one document as one direction sees them; those of other files are turned when they are met."""

    plain: Plain
    version: str
    direction: Direction
    _turned: dict[tuple[Path, str], Any] = field(default_factory=dict[tuple[Path, str], Any])
    _mentioned: dict[str, tuple[set[tuple[str, Any]], list[str]]] = field(
        default_factory=dict[str, tuple[set[tuple[str, Any]], list[str]]]
    )

    @property
    def is_old(self) -> bool:
        """Whether the document is one of OpenAPI 3.0, whose schemas are a dialect of their own."""
        return self.version.startswith("3.0")

    def turned(self, schema: Any, file: Path) -> Any:
        """A schema in 2020-12, its references as `FILE#POINTER`."""
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            target = {"$ref": self._absolute(schema["$ref"], file)}
            if self.is_old or len(schema) == 1:
                return target
            rest = self.turned({name: value for name, value in schema.items() if name != "$ref"}, file)
            if all(name in ABOUT or name.startswith("x-") for name in rest):
                return {**rest, **target}
            return {**rest, "allOf": [target, *rest.get("allOf", [])]}
        found = {
            name: self._value(name, value, file)
            for name, value in schema.items()
            if name not in _DROPPED and (not self.is_old or name in _IN_3_0)
        }
        self._mend(found)
        _mend_enumeration(found)
        if not isinstance(found.get("required", []), list):
            # What is required is said above, in a list.
            del found["required"]
        if isinstance(schema.get("discriminator"), dict) and isinstance(
            schema["discriminator"].get("propertyName"), str
        ):
            found[TAG] = self._tag(schema["discriminator"], file)
        required = found.get("required")
        if isinstance(required, list) and isinstance(found.get("properties"), dict):
            members = schema.get("properties") or {}
            found["required"] = [name for name in required if self.goes(members.get(name), file)]
        return found

    def _tag(self, discriminator: dict[str, Any], file: Path) -> dict[str, Any]:
        """What a discriminator says: the member, and the references by the tags that stand for them."""
        mapping = discriminator.get("mapping") or {}
        pairs = {
            str(tag): value if re.search(r"[/.#]", value) else f"#/components/schemas/{value}"
            for tag, value in mapping.items()
        }
        return {
            "name": discriminator["propertyName"],
            "tags": {tag: self._absolute(value, file) for tag, value in pairs.items()},
        }

    def _absolute(self, reference: str, file: Path) -> str:
        address, _, fragment = reference.partition("#")
        path = (file.parent / address).resolve() if address else file
        return f"{path.as_posix()}#{fragment}"

    def _value(self, name: str, value: Any, file: Path) -> Any:
        if name in _DATA:
            return value
        if name in _MAPS and isinstance(value, dict):
            return {key: self.turned(inner, file) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.turned(inner, file) for inner in value]
        return self.turned(value, file)

    def _mend(self, found: dict[str, Any]) -> None:
        """What 3.0 says in words of its own."""
        if not self.is_old:
            return
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(found.get(strict), bool):
                is_strict = found.pop(strict)
                if is_strict and bound in found:
                    found[strict] = found.pop(bound)
        if found.pop("nullable", False) is True and isinstance(found.get("type"), str):
            found["type"] = [found["type"], "null"]

    def goes(self, member: Any, file: Path) -> bool:
        """Whether a member of that schema goes this way."""
        return self._goes(self._marks(member, file))

    def goes_turned(self, member: Any) -> bool:
        """Whether a member goes this way, as it was turned."""
        return self._goes(self._marks(member, None))

    def _goes(self, marks: set[str]) -> bool:
        """What would go neither way goes both ways."""
        return OTHER_WAY[self.direction] not in marks or len(marks) == 2

    def _marks(self, schema: Any, file: Path | None, depth: int = 8) -> set[str]:
        """Which ways a member does not go, as it says itself, or what it is made of; `file` None where it was turned."""
        if not isinstance(schema, dict) or not depth:
            return set()
        reference = schema.get("$ref")
        if isinstance(reference, str) and self.is_old:
            # Beside a reference, 3.0 has nothing.
            schema = {"$ref": reference}
        found = {word for word in OTHER_WAY.values() if schema.get(word) is True}
        try:
            if isinstance(reference, str):
                found |= self._marks(*self._followed(reference, file), depth - 1)
        except Lost:
            return found
        parts = schema.get("allOf")
        return found.union(*(self._marks(part, file, depth - 1) for part in (parts if isinstance(parts, list) else ())))

    def _followed(self, reference: str, file: Path | None) -> tuple[Any, Path | None]:
        return (self.find(reference), None) if file is None else self.plain.target(reference, file)[:2]

    def find(self, reference: str) -> Any:
        """What an absolute reference leads to, in 2020-12. Raises Lost."""
        address, _, fragment = reference.partition("#")
        path = Path(address)
        raw, path, _ = self.plain.target(f"#{fragment}", path)
        key = (path, fragment)
        if key not in self._turned:
            self._turned[key] = self.turned(raw, path)
        return self._turned[key]

    def mentions(self, turned: Any, word: tuple[str, Any]) -> bool:
        """Whether a word of that value stands somewhere in turned schemas, or in what they refer to. Raises Lost."""
        words, pending = _looked_into(turned)
        seen = set(pending)
        while pending and word not in words:
            reference = pending.pop()
            if reference not in self._mentioned:
                self._mentioned[reference] = _looked_into(self.find(reference))
            words, further = self._mentioned[reference]
            new = [one for one in further if one not in seen]
            seen.update(new)
            pending += new
        return word in words

    def variants(self, reference: str) -> list[str]:
        """What an instance of a schema with a discriminator is an instance of: those that its tags stand for, or that include it."""
        target = self.find(reference)
        if not isinstance(target, dict) or TAG not in target or {"oneOf", "anyOf"} & target.keys():
            return []
        found = {*target[TAG]["tags"].values(), *self._heirs.get(reference, ())}
        return sorted(found) if reference not in found else []

    @cached_property
    def _heirs(self) -> dict[str, list[str]]:
        """The components that include one, by reference."""
        found: dict[str, list[str]] = {}
        for name, schema in self.plain.schemas().items():
            for part in (schema.get("allOf") or ()) if isinstance(schema, dict) else ():
                if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                    parent = self._absolute(part["$ref"], self.plain.path)
                    found.setdefault(parent, []).append(
                        f"{self.plain.path.as_posix()}#/components/schemas/{escaped(name)}"
                    )
        return found

    @cached_property
    def union_tags(self) -> dict[str, tuple[str, list[str]]]:
        """What discriminators choose from, by reference: the member that tells it, and the tags that a mapping has for it."""
        found: dict[str, tuple[str, list[str]]] = {}
        pending: list[Any] = [self.plain.tree]
        while pending:
            tree = pending.pop()
            pending += tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
            told_by = tree.get("discriminator") if isinstance(tree, dict) else None
            if not isinstance(told_by, dict) or not isinstance(told_by.get("propertyName"), str):
                continue
            tag = self._tag(told_by, self.plain.path)
            parts = [*(tree.get("oneOf") or ()), *(tree.get("anyOf") or ())]
            named = [
                self._absolute(one["$ref"], self.plain.path) for one in parts if isinstance(one, dict) and "$ref" in one
            ]
            for reference in dict.fromkeys([*named, *tag["tags"].values()]):
                own = [name for name, target in tag["tags"].items() if target == reference]
                if own or reference not in found:
                    found[reference] = (tag["name"], own or [reference.rpartition("/")[2]])
        return found

    def validator(self, schema: Any) -> Any:
        """A validator with formats; raises Unusable."""
        found: dict[str, Any] = {}
        try:
            whole = self._bundled(schema, found, {})
            if not isinstance(whole, dict):
                return jsonschema_rs.Draft202012Validator(whole)
            return jsonschema_rs.Draft202012Validator(
                {**whole, "$defs": found}, validate_formats=True, pattern_options=_PATTERNS
            )
        except (ValueError, Lost, RecursionError, TypeError) as error:
            raise Unusable(str(error).splitlines()[0][:200]) from error

    def _bundled(self, schema: Any, definitions: dict[str, Any], names: dict[str, str]) -> Any:
        """The schema with everything that it refers to under `$defs`."""
        if isinstance(schema, list):
            return [self._bundled(inner, definitions, names) for inner in schema]
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            known = schema["$ref"] in names
            name = names.setdefault(schema["$ref"], f"d{len(names)}")
            if not known:
                definitions[name] = self._bundled(self.find(schema["$ref"]), definitions, names)
            return {"$ref": f"#/$defs/{name}"}
        found: dict[str, Any] = {}
        for name, value in schema.items():
            if name == TAG or name in ("readOnly", "writeOnly") or name in _DATA - {"enum", "const"}:
                continue
            if name in _MAPS and isinstance(value, dict):
                found[name] = {key: self._bundled(inner, definitions, names) for key, inner in value.items()}
            else:
                found[name] = value if name in _DATA else self._bundled(value, definitions, names)
        return found


def _looked_into(tree: Any) -> tuple[set[tuple[str, Any]], list[str]]:
    """The words about a direction or a form that stand in a tree, with their values, and its references."""
    words: set[tuple[str, Any]] = set()
    references: list[str] = []
    pending = [tree]
    while pending:
        found = pending.pop()
        if isinstance(found, list):
            pending += found
        elif isinstance(found, dict):
            words.update((word, found[word]) for word in _TOLD if isinstance(found.get(word), bool | str))
            if isinstance(found.get("$ref"), str):
                references.append(found["$ref"])
            pending += [value for name, value in found.items() if not name.startswith("x-")]
    return words, references


def _mend_enumeration(found: dict[str, Any]) -> None:
    """Where no value is of the type beside it, what spells one is one, and what stands beside an array or an object is void."""
    said, values = found.get("type"), found.get("enum")
    kinds = [one for one in ([said] if isinstance(said, str) else said or []) if one != "null"]
    if len(kinds) != 1 or kinds[0] not in _SPELT or not isinstance(values, list):
        return
    kind = kinds[0]
    if any(_is(kind, one) for one in values):
        return
    if kind in ("array", "object"):
        del found["enum"]
        return
    with suppress(ValueError, KeyError, TypeError):
        found["enum"] = [None if one is None else _SPELT[kind](one) for one in values]


def _is(kind: str, value: Any) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict}[kind])


_SPELT: Final[dict[str, Any]] = {
    "string": lambda value: json.dumps(value) if isinstance(value, bool) else str(value),
    "integer": lambda value: int(str(value)),
    "number": lambda value: float(str(value)),
    "boolean": lambda value: {"true": True, "false": False}[value],
    "array": None,
    "object": None,
}
