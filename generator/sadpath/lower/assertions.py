"""Collects what a schema demands and no type says into fragments of JSON Schema, which the runtime evaluates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_lowering import UNSUPPORTED_KEYWORD
from sadpath.lower.merge import chooses_types, says
from sadpath.lower.scalars import base_of, constant_of, is_boolean_list, is_tuple, listed_values
from sadpath.openapi.model import Schema, SchemaKey
from sadpath.runtime.assertions import breaches
from sadpath.runtime.pointers import pointer_of
from sadpath.runtime.trees import is_object
from sadpath.runtime.wire import write_json

Resolve = Callable[[SchemaKey], Schema]
Fragment = dict[str, Any]

LARGEST: Final = 1000
"""More schemas than this are not copied into one fragment."""

_VALUES: Final = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_items",
    "maxItems": "max_items",
    "uniqueItems": "unique_items",
    "minContains": "min_contains",
    "maxContains": "max_contains",
    "minProperties": "min_properties",
    "maxProperties": "max_properties",
    "required": "required",
    "dependentRequired": "dependent_required",
    "enum": "enum",
}
_SCHEMAS: Final = {
    "not": "not_",
    "if": "if_",
    "then": "then",
    "else": "else_",
    "contains": "contains",
    "items": "items",
    "propertyNames": "property_names",
    "additionalProperties": "additional_properties",
    "unevaluatedProperties": "unevaluated_properties",
    "unevaluatedItems": "unevaluated_items",
}
_LISTS: Final = {"prefixItems": "prefix_items", "allOf": "all_of", "anyOf": "any_of", "oneOf": "one_of"}
_MAPS: Final = {
    "properties": "properties",
    "patternProperties": "pattern_properties",
    "dependentSchemas": "dependent_schemas",
}
_NO_TYPE: Final = ("not", "if", "then", "else", "contains", "propertyNames", "dependentSchemas")
"""Keywords with schemas that no type ever says."""
_TURNING: Final = frozenset({"not", "if", "contains", "oneOf"})
"""Keywords with schemas that may refuse a value because one of these takes it."""

_DEMANDING: Final = frozenset(
    {
        *("min_properties", "max_properties", "dependent_required", "enum", "const", "prefix_items", "also"),
        *("not_", "if_", "then", "else_", "contains", "property_names", "dependent_schemas", "any_of", "one_of"),
        *("pattern_properties", "additional_properties", "unevaluated_properties", "unevaluated_items"),
    }
)
"""Members without any of which there is nothing to say beyond a type, save `required` where there is no record."""


def assertion_of(
    schema: Schema,
    resolve: Resolve,
    report: Report,
    *,
    is_record: bool = True,
    hidden: frozenset[str] = frozenset(),
) -> str | None:
    """The JSON text of what a schema demands beyond its type and its limits; None where that is nothing.

    `allOf` has been folded. What refers back to itself, or is too large to copy, is reported and left out.
    `is_record` tells an object with members of its own from a map, whose limits count its members. `hidden` are the
    members that do not go the way that is asked for: nothing depends on them there.
    """
    if schema.always is not None:
        return None if schema.always else _text({"not": {}})
    said = schema.said
    is_demanding = not _DEMANDING.isdisjoint(said) and any(said[name] for name in _DEMANDING if name in said)
    if not is_demanding and (is_record or not schema.required):
        return None
    fragment = _without(_Level(schema, resolve, report).fragment(is_record), hidden)
    return _text(fragment) if fragment else None


def _without(fragment: Any, hidden: frozenset[str]) -> Any:
    """The demands on an object that never has some members, as far as they can be met or broken without these."""
    if not hidden or not is_object(fragment):
        return fragment
    found: Fragment = dict(fragment)
    if "if" in found and _mentions(found["if"], hidden):
        # Which of the branches it is cannot be told.
        found = {keyword: value for keyword, value in found.items() if keyword not in ("if", "then", "else")}
    if "not" in found and _mentions(found["not"], hidden):
        del found["not"]
    if any(_mentions(one, hidden) for one in found.get("oneOf", ())):
        # Alternatives that such a member tells apart may all fit without it.
        found["allOf"] = [*found.get("allOf", ()), {"anyOf": found.pop("oneOf")}]
    if "required" in found:
        found["required"] = [name for name in found["required"] if name not in hidden]
    for keyword in ("then", "else"):
        if keyword in found:
            found[keyword] = _without(found[keyword], hidden)
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in found:
            found[keyword] = [_without(one, hidden) for one in found[keyword]]
    if "dependentRequired" in found:
        table: Mapping[str, Any] = found["dependentRequired"]
        kept = {given: [one for one in names if one not in hidden] for given, names in table.items()}
        found["dependentRequired"] = {given: names for given, names in kept.items() if names and given not in hidden}
    if "dependentSchemas" in found:
        parts: Mapping[str, Any] = found["dependentSchemas"]
        found["dependentSchemas"] = {
            given: _without(one, hidden) for given, one in parts.items() if given not in hidden
        }
    return {keyword: value for keyword, value in found.items() if keyword not in _IDLE or value}


def _mentions(fragment: Any, hidden: frozenset[str]) -> bool:
    """Whether a demand on an object depends on one of some members."""
    if not is_object(fragment):
        return False
    named = {*fragment.get("required", ()), *fragment.get("properties", ()), *fragment.get("dependentRequired", ())}
    parts = [fragment[keyword] for keyword in ("not", "if", "then", "else") if keyword in fragment]
    for keyword in ("allOf", "anyOf", "oneOf"):
        parts += fragment.get(keyword, ())
    return not hidden.isdisjoint(named) or any(_mentions(part, hidden) for part in parts)


_IDLE: Final = ("required", "dependentRequired", "dependentSchemas")
"""Keywords that demand nothing where they list nothing."""


def _text(fragment: Fragment) -> str:
    return write_json(fragment).decode("utf-8", "surrogatepass")


def misfits(schema: Schema, value: Any, resolve: Resolve) -> list[str]:
    """What a plain value breaks of a schema, place by place; where the schema refers back to itself, what it lacks alone."""
    try:
        fragment = _Copy(resolve, Report()).schema(schema)
    except _NotCopied:
        lacking = [name for name in schema.required if name not in value] if is_object(value) else []
        return [f"/{name} is missing" for name in lacking]
    return [f"{pointer_of(place)} {message}".lstrip() for place, message in breaches(fragment, value)]


class _NotCopied(Exception):
    """A schema cannot be copied into a fragment; the text says why."""


class _Level:
    """One schema whose type is known, and what is left to say of it."""

    def __init__(self, schema: Schema, resolve: Resolve, report: Report) -> None:
        self.schema = schema
        self.resolve = resolve
        self.report = report
        self.into: Fragment = {}

    def fragment(self, is_record: bool) -> Fragment:
        schema = self.schema
        self._add_values(is_record)
        for keyword in _NO_TYPE:
            self._add(keyword)
        self._add_alternatives()
        if schema.pattern_properties:
            self._add("patternProperties")
        if schema.unevaluated_properties is not None and schema.additional_properties is None:
            self._add_unevaluated("unevaluatedProperties")
        elif schema.additional_properties is not None and (schema.pattern_properties or not is_record):
            self._add_additional(is_record)
        if schema.prefix_items and not is_tuple(schema):
            self._add("prefixItems", "items")
        if schema.unevaluated_items is not None and schema.items is None and not is_tuple(schema):
            self._add_unevaluated("unevaluatedItems")
        for further in schema.also:
            self._add_further(further)
        return self.into

    def _add_values(self, is_record: bool) -> None:
        names = (
            {"minProperties", "maxProperties", "dependentRequired"} if is_record else {"required", "dependentRequired"}
        )
        if self.schema.contains is not None:
            names |= {"minContains", "maxContains"}
        if self._is_listed():
            names.add("enum")
        if self.schema.const is not None and constant_of(self.schema.const[0]) is None:
            self.into["const"] = self.schema.const[0]
        self.into |= {name: value for name, value in _values(self.schema).items() if name in names}

    def _is_listed(self) -> bool:
        """Whether `enum` is what neither an enumeration nor a literal type says."""
        values = listed_values(self.schema)
        alone = len(values) == 1 and constant_of(values[0]) is not None
        return bool(values) and not alone and not is_boolean_list(values) and base_of(values, self.schema.types) is None

    def _add(self, *keywords: str) -> bool:
        """Add keywords, together; whether that could be done."""
        copied: Fragment = {}
        try:
            for keyword in keywords:
                copied |= _Copy(self.resolve, self.report).keyword(self.schema, keyword)
        except _NotCopied as error:
            self._report(" and ".join(keywords), self.schema, str(error))
            return False
        self.into |= copied
        return True

    def _add_alternatives(self) -> None:
        for keyword, name in (("anyOf", "any_of"), ("oneOf", "one_of")):
            if getattr(self.schema, name) and not chooses_types(self.schema, name, self.resolve):
                self._add(keyword)

    def _add_additional(self, is_record: bool) -> None:
        """What members may hold that are neither named nor of a name that a pattern describes."""
        extra = self.schema.additional_properties
        if extra is None or extra.always is True or not (self.schema.pattern_properties or extra.always is False):
            return
        if is_record:
            self.into["properties"] = dict.fromkeys(self.schema.properties, True)
        if self.schema.pattern_properties and "patternProperties" not in self.into:
            return
        self._add("additionalProperties")

    def _add_unevaluated(self, keyword: str) -> None:
        """It speaks of what nothing else in the schema has looked at, so that all of that has to be there."""
        members = keyword == "unevaluatedProperties"
        needed = ("patternProperties", *_LISTS, "if", "dependentSchemas", "contains")
        missing = [
            name
            for name in needed
            if name not in self.into
            and says(getattr(self.schema, {**_SCHEMAS, **_LISTS, **_MAPS}[name]))
            and not self._add(name)
        ]
        if missing or any(further.properties or further.items for further in self.schema.also):
            self._report(keyword, self.schema, "it depends on what is not enforced either")
        elif members:
            names = dict.fromkeys(self.schema.properties, True)
            self.into["properties"] = {**names, **self.into.get("properties", {})}
            self._add(keyword)
        else:
            self._add(keyword)

    def _add_further(self, schema: Schema) -> None:
        try:
            copied = _Copy(self.resolve, self.report).schema(schema)
        except _NotCopied as error:
            self._report("a part of allOf", schema, str(error))
            return
        if copied is not True and copied != {}:
            self.into.setdefault("allOf", []).append(copied)

    def _report(self, what: str, schema: Schema, why: str) -> None:
        self.report.add(UNSUPPORTED_KEYWORD, f"not enforced: {what}, as {why}", schema.place)


def _values(schema: Schema) -> Fragment:
    found: Fragment = {keyword: getattr(schema, name) for keyword, name in _VALUES.items()}
    return {keyword: value for keyword, value in found.items() if says(value)}


class _Copy:
    """Copies schemas into a fragment, with what references name in their place."""

    def __init__(self, resolve: Resolve, report: Report) -> None:
        self.resolve = resolve
        self.report = report
        self.count = 0
        self.open: list[SchemaKey] = []
        self._has_unchecked = False

    def keyword(self, schema: Schema, keyword: str) -> Fragment:
        """One keyword of a schema; empty where it has it not. Raises _NotCopied."""
        before, self._has_unchecked = self._has_unchecked, False
        found = self._keyword(schema, keyword)
        if self._has_unchecked and keyword in _TURNING:
            raise _NotCopied("a pattern in it is not checked")
        self._has_unchecked = self._has_unchecked or before
        return found

    def _keyword(self, schema: Schema, keyword: str) -> Fragment:
        if keyword in _SCHEMAS:
            inner: Schema | None = getattr(schema, _SCHEMAS[keyword])
            return {} if inner is None else {keyword: self.schema(inner)}
        if keyword in _LISTS:
            parts: tuple[Schema, ...] = getattr(schema, _LISTS[keyword])
            return {keyword: [self.schema(part) for part in parts]} if parts else {}
        table: Mapping[str, Schema] = getattr(schema, _MAPS[keyword])
        return {keyword: {name: self.schema(inner) for name, inner in table.items()}} if table else {}

    def schema(self, schema: Schema) -> Any:
        """A whole schema; raises _NotCopied."""
        self.count += 1
        if self.count > LARGEST:
            raise _NotCopied("it holds too many schemas")
        self._has_unchecked = self._has_unchecked or schema.unchecked
        if schema.always is not None:
            return schema.always
        fragment: Fragment = {"type": list(schema.types)} if schema.types else {}
        if len(schema.types) == 1:
            fragment = {"type": schema.types[0]}
        if schema.const is not None:
            fragment["const"] = schema.const[0]
        fragment |= _values(schema)
        for keyword in (*_SCHEMAS, *_LISTS, *_MAPS):
            fragment |= self.keyword(schema, keyword)
        further = [*self._referenced(schema), *(self.schema(part) for part in schema.also)]
        if further:
            fragment["allOf"] = [*further, *fragment.get("allOf", ())]
        if schema.other_keywords:
            named = ", ".join(schema.other_keywords)
            self.report.add(UNSUPPORTED_KEYWORD, f"not enforced: {named}", schema.place)
        return {"anyOf": [{"type": "null"}, fragment]} if schema.nullable else fragment

    def _referenced(self, schema: Schema) -> list[Any]:
        key = schema.ref
        if key is None:
            return []
        if key in self.open:
            raise _NotCopied("it refers back to itself")
        self.open.append(key)
        try:
            return [self.schema(self.resolve(key))]
        finally:
            self.open.pop()
