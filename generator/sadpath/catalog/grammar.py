"""The grammar of the catalog's parts: selectors, predicates, formats, policies, texts and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from sadpath.catalog.model import (
    AttributeText,
    CatalogFormat,
    FormatAttribute,
    Item,
    Text,
)
from sadpath.catalog.readers import (
    Anything,
    Choice,
    Either,
    Key,
    ListOf,
    MapOf,
    Mapped,
    Node,
    Reader,
    Record,
    Scalar,
    Words,
)
from sadpath.openapi.check_patterns import check_expression
from sadpath.runtime import contract as wire
from sadpath.runtime.patterns import compiled
from sadpath.source.tree import is_list

INTEGER: Reader[int] = Scalar(int, "integer", "an integer")
BOOLEAN: Reader[bool] = Scalar(bool, "boolean", "true or false")
SLUG = Words(r"[a-z0-9][a-z0-9_.-]*", "a slug of lower-case letters, digits, `_`, `-` and `.`")
CLASS_NAME = Words(r"[A-Z][A-Za-z0-9]*", "a class name such as `CardExpired`")
ATTRIBUTE_NAME = r"[a-z][a-z0-9_]*"
HEADER_NAME = Words(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "the name of a header (RFC 9110, section 5.1)")
POINTER = Words(r"(?:/(?:[^~/]|~[01])*)*", "a JSON Pointer such as `/error/code` (RFC 6901)")
NAME = Words(r"[^\s].*", "a name")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _duration(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)", text)
    if found is None:
        raise ValueError
    seconds = float(found[1]) * _SECONDS[found[2]]
    return round(seconds, 6)


DURATION: Reader[float] = Mapped(
    Words(r"\d+(?:\.\d+)?(?:ms|s|m|h|d)", "a duration such as `250ms`, `30s`, `5m` or `24h`"), _duration, "a duration"
)


def _number(node_value: Any) -> float:
    return float(node_value)


class _Fraction(Reader[float]):
    """A number that is not negative."""

    def read(self, node: Node) -> float:
        if isinstance(node.value, bool) or not hasattr(node.value, "__float__") or _number(node.value) < 0:
            raise node.refuse("a number that is not negative")
        return _number(node.value)

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": 0}


FRACTION = _Fraction()


class _Localised(Reader[Text]):
    """A text, or a mapping from locale to text."""

    def read(self, node: Node) -> Text:
        if isinstance(node.value, str):
            return Text((("", node.value.strip()),))
        if not isinstance(node.value, Mapping):
            raise node.refuse("a text, or a mapping from locales to texts")
        values = MapOf(Words(), key=r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", key_what="a locale such as `en`").read(node)
        return Text(tuple((locale, text.strip()) for locale, text in values.items()))

    def schema(self) -> dict[str, Any]:
        return {
            "title": "a text, or a mapping from locales to texts",
            "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
        }


TEXT = _Localised()


def _item(values: dict[str, Any], node: Node) -> Item:
    return Item(values["text"], values.get("when", {}).get("security"))


_CONDITIONAL = Record(
    _item,
    {
        "text": Key(TEXT, required=True, about="the cause or remedy"),
        "when": Key(MapOf(Words(), key="security", key_what="`security`"), about="for one way of authenticating only"),
    },
)
ITEMS: Reader[tuple[Item, ...]] = ListOf(
    Either(lambda value: isinstance(value, Mapping) and "text" in value, _CONDITIONAL, Mapped(TEXT, Item, "a text"))
)

_PLACES = ("body", "header", "auth", "request", "const")
SELECTOR_KEYS: dict[str, Key] = {
    "body": Key(POINTER, about="a value in the JSON body of the answer; an empty pointer is the whole body"),
    "header": Key(
        HEADER_NAME, about="the value of a header of the answer; with `auth`, the header that carries the challenge"
    ),
    "auth": Key(NAME, about="an auth-param of a challenge (RFC 9110, section 11.2)"),
    "scheme": Key(NAME, about="the challenge's scheme; Bearer where nothing is said"),
    "request": Key(Choice(get_args(wire.RequestPart)), about="a part of the request, with `at`"),
    "at": Key(Words(), about="where in that part: a JSON Pointer in the body, else a name"),
    "const": Key(Anything(), about="this value itself"),
    "type": Key(Choice(get_args(wire.ValueType)), about="the type of the value; string where nothing is said"),
    "unit": Key(Choice(get_args(wire.Unit)), about="the unit of a duration; seconds where nothing is said"),
}


def selector_of(values: dict[str, Any], node: Node) -> wire.Selector:
    places = [name for name in _PLACES if name in values and not (name == "header" and "auth" in values)]
    if len(places) != 1:
        raise node.refuse(f"exactly one of {', '.join(_PLACES)}")
    auth = values.get("auth")
    return wire.Selector(
        body=values.get("body"),
        header=values.get("header") or ("WWW-Authenticate" if auth else None),
        auth=auth,
        scheme=values.get("scheme") or ("Bearer" if auth else None),
        request=values.get("request"),
        at=values.get("at"),
        const=(values["const"],) if "const" in values else None,
        type=values.get("type", "string"),
        unit=values.get("unit", "s"),
    )


ONE_PLACE: dict[str, Any] = {
    "oneOf": [
        *({"required": [name]} for name in _PLACES if name != "header"),
        {"required": ["header"], "not": {"required": ["auth"]}},
    ]
}
SELECTOR = Record(selector_of, SELECTOR_KEYS, rules=[ONE_PLACE])

_TESTS: tuple[wire.Test, ...] = get_args(wire.Test)
_NEGATED = Record(
    lambda values, node: values,
    {
        "equals": Key(Anything(), about="the value is another one"),
        "in": Key(Anything(), about="the value is none of this list"),
        "matches": Key(Anything(), about="the value matches this regular expression nowhere"),
    },
    exactly_one=("equals", "in", "matches"),
)


def _predicate(values: dict[str, Any], node: Node) -> wire.Predicate:
    tests = values.get("not", values)
    test: wire.Test = next(name for name in _TESTS if name in tests)
    value: Any = tests[test]
    if test == "in":
        if not is_list(value):
            raise node.child("in", value).refuse("a list of values")
        value = tuple(value)
    if test == "matches":
        _check_pattern(value, node.child("not", tests) if "not" in values else node)
    return wire.Predicate(selector_of(values, node), test, value, negate=("not" in values) or False)


def _check_pattern(value: Any, node: Node) -> None:
    found = node.child("matches", value)
    try:
        compiled(value)
    except (re.error, TypeError, OverflowError, RecursionError):
        raise found.refuse("a regular expression") from None
    if not node.exploding_patterns:
        check_expression(value, found.place, node.report)


PREDICATE = Record(
    _predicate,
    SELECTOR_KEYS
    | {
        "equals": Key(Anything(), about="the value is this one"),
        "in": Key(Anything(), about="the value is one of this list"),
        "exists": Key(BOOLEAN, about="there is, or is not, such a value"),
        "matches": Key(Words(), about="the value matches this regular expression somewhere"),
        "same_as": Key(SELECTOR, about="the value equals the one that this selector finds"),
        "not": Key(_NEGATED, about="the test inside fails"),
    },
    exactly_one=(*_TESTS, "not"),
    rules=[ONE_PLACE],
)

_ATTRIBUTE_EXTRAS: dict[str, Key] = {
    "role": Key(Choice(get_args(wire.Role)), about="what the value is good for"),
    "required": Key(BOOLEAN, about="the contract promises that it is there"),
    "generate": Key(Choice(get_args(wire.Generator)), about="what a server makes up where its handler gives none"),
    "description": Key(TEXT, about="what it means"),
    "values": Key(MapOf(TEXT), about="values that it is known to take, and what each means"),
}


def _attribute(values: dict[str, Any], node: Node) -> FormatAttribute:
    attribute = wire.Attribute(
        selector_of(values, node), values.get("role"), values.get("required", False), values.get("generate")
    )
    known: Mapping[str, Text] = values.get("values", {})
    return FormatAttribute(attribute, AttributeText(values.get("description", Text()), tuple(known.items())))


ATTRIBUTES = MapOf(
    Record(_attribute, SELECTOR_KEYS | _ATTRIBUTE_EXTRAS, rules=[ONE_PLACE]),
    key=ATTRIBUTE_NAME,
    key_what="an attribute name such as `support_id`",
)


def contracts_of(attributes: Mapping[str, FormatAttribute]) -> dict[str, wire.Attribute]:
    """The part of attributes that machines read."""
    return {name: attribute.contract for name, attribute in attributes.items()}


def texts_of(attributes: Mapping[str, FormatAttribute]) -> dict[str, AttributeText]:
    """The part of attributes that people read."""
    return {name: attribute.words for name, attribute in attributes.items()}


def _format(values: dict[str, Any], node: Node) -> CatalogFormat:
    attributes: Mapping[str, FormatAttribute] = values.get("attributes", {})
    contract = wire.Format(
        name=node.place.pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~"),
        media_types=values.get("media_types", ()),
        code=values.get("code"),
        message=values.get("message"),
        constants=values.get("constants", {}),
        attributes=contracts_of(attributes),
        items=values.get("items"),
        null=values.get("null", "omit"),
        order=values.get("order", ()),
        also_accept=values.get("also_accept", ()),
    )
    return CatalogFormat(node.place, contract, texts_of(attributes))


_FORMAT_ITEMS = Record(
    lambda values, node: wire.Items(values["at"], contracts_of(values["fields"])),
    {
        "at": Key(POINTER, required=True, about="the array of field-level failures"),
        "fields": Key(ATTRIBUTES, required=True, about="the members of one item, seen from the item"),
    },
)
FORMAT = Record(
    _format,
    {
        "media_types": Key(
            ListOf(Words(r"[^\s/;]+/[^\s/;]+", "a media type without parameters"), or_one=True),
            about="the media types of answers in this format",
        ),
        "code": Key(SELECTOR, about="where the code stands"),
        "message": Key(SELECTOR, about="where the message stands"),
        "constants": Key(
            MapOf(Anything(), key=r"(?:/(?:[^~/]|~[01])*)+", key_what="a JSON Pointer"),
            about="members that always have this value",
        ),
        "attributes": Key(ATTRIBUTES, about="further typed members"),
        "items": Key(_FORMAT_ITEMS, about="field-level failures"),
        "order": Key(ListOf(POINTER), about="the order in which members are written"),
        "null": Key(Choice(("omit", "write")), about="whether a member without a value is left out or written as null"),
        "also_accept": Key(ListOf(NAME, or_one=True), about="formats that are tried where this one finds no code"),
    },
)
