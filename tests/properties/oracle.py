"""The word of another validator on an instance: the package `jsonschema`, told what sadpath reads otherwise on purpose."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from properties.instances import is_open_enum
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sadpath.diagnostics import Report
from sadpath.lower.faces import Direction
from sadpath.source.loader import load

EXCEPTIONS: Final[Mapping[str, str]] = {
    "format": "an annotation to JSON Schema; formats that have a type in Python are checked, base64 for what can be read",
    "decimal, byte and date-time": "as text they have several forms of one value, and are written in one of them",
    "enum": "texts and integers are open to values that come later, so that the list says no more than the type",
    "oneOf": "among types: what fits several of them is read as the one that fits best; among demands it is enforced",
    "discriminator": "no keyword of JSON Schema; a tag that names no variant is refused in requests",
    "readOnly, writeOnly": "annotations; what goes the other way is not required",
    "nullable": "3.0's word for null, which JSON Schema does not have",
    "dependencies": "is no keyword since 2019-09; it is read as the two that took its place",
}
"""Where sadpath reads a schema otherwise than JSON Schema has it, and why; the oracle is told of each."""

_LOGIC: Final = frozenset({"not", "if", "then", "else", "contains", "propertyNames", "dependentSchemas"})
"""Conditions are evaluated to the letter."""
_DEMANDS: Final = frozenset({"required", "not"})
"""What an alternative says that names no type."""
_DATA: Final = frozenset({"enum", "const", "default", "example", "examples"})
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})


class Oracle:
    """Validators for the named schemas of one document."""

    def __init__(self, path: Path, direction: Direction) -> None:
        self.direction = direction
        self.base = path.resolve().as_uri()
        self.tree = _read(path)
        self.registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]

    def _retrieve(self, uri: str) -> Resource[Any]:
        tree = self.tree if uri == self.base else _read(Path(uri.removeprefix("file://")))
        schemas = tree.get("components", {}).get("schemas") if "openapi" in tree else None
        named = tree if schemas is None else {"$defs": schemas}
        told = _Told(self.direction, _member_of(schemas or {})).schema(named, exact=False)
        return Resource.from_contents(told, default_specification=DRAFT202012)

    def of(self, component: str) -> Any:
        """The validator of a named schema."""
        token = component.replace("~", "~0").replace("/", "~1").replace(" ", "%20")
        return _Validator({"$ref": f"{self.base}#/$defs/{token}"}, registry=self.registry)


def _read(path: Path) -> Any:
    source = load(path, Report())
    assert source is not None
    return source.tree


def _member_of(schemas: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Finds what a member's schema refers to, for what is said there about the member."""

    def find(schema: Any) -> Any:
        reference = schema.get("$ref", "") if isinstance(schema, dict) else ""
        return schemas.get(reference.rpartition("/")[2], schema) if "/components/schemas/" in reference else schema

    return find


class _Told:
    """Copies a schema with what is read otherwise spelt out."""

    def __init__(self, direction: Direction, find: Callable[[Any], Any]) -> None:
        self.other_way = "readOnly" if direction == "request" else "writeOnly"
        self.find = find

    def schema(self, tree: Any, *, exact: bool) -> Any:
        if not isinstance(tree, dict):
            return tree
        found: dict[str, Any] = {}
        for keyword, value in tree.items():
            inner = exact or keyword in _LOGIC
            if keyword in _DATA or keyword in ("nullable", "discriminator"):
                found[keyword] = value
            elif keyword == "$ref":
                found[keyword] = str(value).replace("#/components/schemas/", "#/$defs/")
            elif keyword in _MAPS and isinstance(value, dict):
                found[keyword] = {name: self.schema(part, exact=inner) for name, part in value.items()}
            elif isinstance(value, list):
                found[keyword] = [self.schema(part, exact=inner) for part in value]
            else:
                found[keyword] = self.schema(value, exact=inner)
        self._tell(found, exact)
        return found

    def _tell(self, found: dict[str, Any], exact: bool) -> None:
        values = found.get("enum")
        types = found.get("type", ())
        types = (types,) if isinstance(types, str) else tuple(types)
        if isinstance(values, list) and not exact:
            listed = [value for value in values if value is not None]
            if listed and is_open_enum(listed, types, found):
                kind = ["string" if isinstance(listed[0], str) else "integer"]
                null = ["null"] if len(listed) < len(values) and (not types or "null" in types) else []
                found |= {"type": kind + null}
                del found["enum"]
        if not exact and any(set(part) - _DEMANDS for part in found.get("oneOf", ())):
            found.setdefault("allOf", []).append({"anyOf": found.pop("oneOf")})
        members = found.get("properties", {})
        if isinstance(found.get("required"), list) and isinstance(members, dict):
            found["required"] = [name for name in found["required"] if not self._goes_back(members.get(name))]
        if found.get("nullable") is True and "type" in found:
            found["type"] = [*types, "null"]
        for name, value in found.pop("dependencies", {}).items():
            keyword = "dependentRequired" if isinstance(value, list) else "dependentSchemas"
            found.setdefault(keyword, {})[name] = value

    def _goes_back(self, member: Any) -> bool:
        return any(isinstance(one, dict) and one.get(self.other_way) is True for one in (member, self.find(member)))


def _multiple(validator: Any, divisor: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "number") and Fraction(value) % Fraction(divisor):
        yield ValidationError("is no multiple")


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return check


def _moment(text: str) -> None:
    if not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", text) or datetime.fromisoformat(text).tzinfo is None:
        raise ValueError


def _bytes(text: str) -> None:
    """Either alphabet, with or without padding."""
    bare = text.replace("-", "+").replace("_", "/").rstrip("=")
    base64.b64decode((bare + "=" * (-len(bare) % 4)).encode(), validate=True)


_TEXT_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and _reads(date.fromisoformat)(text),
    "date-time": _reads(_moment),
    "time": lambda text: re.match(r"\d\d:\d\d:\d\d", text) is not None and _reads(time.fromisoformat)(text),
    "uuid": _reads(UUID),
    **dict.fromkeys(("byte", "base64", "base64url"), _reads(_bytes)),
    "base16": _reads(lambda text: base64.b16decode(text, casefold=True)),
    "decimal": lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", text) is not None,
    "duration": lambda text: re.fullmatch(
        r"-?P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d|\.)(\d+H)?(\d+M)?(\d*(\.\d+)?S)?)?", text
    )
    is not None,
}
_NUMBER_FORMATS: Final = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1)) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits) for bits in (8, 16, 32, 64)},
}


def _format(validator: Any, name: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not _TEXT_FORMATS.get(name, lambda text: True)(value):
        yield ValidationError(f"is no {name}")
    if name in _NUMBER_FORMATS and validator.is_type(value, "integer"):
        low, high = _NUMBER_FORMATS[name]
        if not low <= value < high:
            yield ValidationError(f"is no {name}")


def _is_integer(checker: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())


_Validator: Final[Any] = extend(
    Draft202012Validator,
    {"multipleOf": _multiple, "format": _format, "contentEncoding": _format},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
