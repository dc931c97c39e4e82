"""The grammar of the catalog's parts: selectors, predicates, formats, policies, texts and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from sadpath.catalog.http_message import parse_response
from sadpath.catalog.model import (
    AttributeText,
    CatalogFormat,
    Example,
    Family,
    FormatAttribute,
    HttpMessage,
    Item,
    Lookup,
    OperationFacts,
    Signature,
    Text,
    Webhook,
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
    Skip,
    Words,
)
from sadpath.diagnostics.rules_catalog import CATALOG_EXAMPLE
from sadpath.runtime import contract as wire
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
        values = MapOf(Words(), key=r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", key_what="a locale such as `en`").read(node)
        return Text(tuple((locale, text.strip()) for locale, text in values.items()))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}


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
_SELECTOR_KEYS: dict[str, Key] = {
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


def _selector(values: dict[str, Any], node: Node) -> wire.Selector:
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


_ONE_PLACE: dict[str, Any] = {
    "oneOf": [
        *({"required": [name]} for name in _PLACES if name != "header"),
        {"required": ["header"], "not": {"required": ["auth"]}},
    ]
}
SELECTOR = Record(_selector, _SELECTOR_KEYS, rules=[_ONE_PLACE])

_TESTS: tuple[wire.Test, ...] = get_args(wire.Test)
_NEGATED = Record(
    lambda values, node: values,
    {name: Key(Anything()) for name in ("equals", "in", "matches")},
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
        _check_pattern(value, node)
    return wire.Predicate(_selector(values, node), test, value, negate=("not" in values) or False)


def _check_pattern(value: Any, node: Node) -> None:
    try:
        re.compile(value)
    except (re.error, TypeError):
        raise node.child("matches", value).refuse("a regular expression") from None


PREDICATE = Record(
    _predicate,
    _SELECTOR_KEYS
    | {
        "equals": Key(Anything(), about="the value is this one"),
        "in": Key(Anything(), about="the value is one of this list"),
        "exists": Key(BOOLEAN, about="there is, or is not, such a value"),
        "matches": Key(Words(), about="the value matches this regular expression somewhere"),
        "same_as": Key(SELECTOR, about="the value equals the one that this selector finds"),
        "not": Key(_NEGATED, about="the test inside fails"),
    },
    exactly_one=(*_TESTS, "not"),
    rules=[_ONE_PLACE],
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
        _selector(values, node), values.get("role"), values.get("required", False), values.get("generate")
    )
    known: Mapping[str, Text] = values.get("values", {})
    return FormatAttribute(attribute, AttributeText(values.get("description", Text()), tuple(known.items())))


ATTRIBUTES = MapOf(
    Record(_attribute, _SELECTOR_KEYS | _ATTRIBUTE_EXTRAS, rules=[_ONE_PLACE]),
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
        "media_types": Key(ListOf(Words(r"[^\s/;]+/[^\s/;]+", "a media type without parameters"), or_one=True)),
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

_RANGE = Mapped(ListOf(INTEGER), lambda ends: _ends(ends), "a range of two integers, the lower one first")


def _ends(ends: tuple[int, ...]) -> tuple[int, int]:
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ValueError
    return ends[0], ends[1]


def _family(values: dict[str, Any], node: Node) -> Family:
    name = node.place.pointer.rsplit("/", 1)[-1]
    first, last = values["range"]
    return Family(
        node.place, wire.FamilyContract(name, first, last), values["title"], values.get("description", Text())
    )


FAMILY = Record(
    _family,
    {
        "range": Key(_RANGE, required=True, about="the first and the last code, both included"),
        "title": Key(TEXT, required=True),
        "description": Key(TEXT),
    },
)

_RETRY_AFTER = Record(
    lambda values, node: wire.RetryAfter(_selector(values, node), values["cap"]),
    _SELECTOR_KEYS | {"cap": Key(DURATION, required=True, about="a longer wait is refused rather than slept")},
    rules=[_ONE_PLACE],
)
POLICY = Record(
    lambda values, node: wire.Policy(name=node.place.pointer.rsplit("/", 1)[-1], **values),
    {
        "backoff": Key(Choice(get_args(wire.Backoff)), required=True),
        "unit": Key(DURATION, about="the first wait; 1s where nothing is said"),
        "factor": Key(FRACTION, about="the base of an exponential backoff; 2 where nothing is said"),
        "cap": Key(DURATION, about="the longest wait between two attempts"),
        "jitter": Key(FRACTION, about="the share of a wait that is left to chance"),
        "max_attempts": Key(INTEGER),
        "max_elapsed": Key(DURATION, about="when to give up"),
        "schedule": Key(ListOf(DURATION), about="the waits themselves, for `backoff: schedule`"),
        "on_exhausted": Key(Choice(("raise", "contact_support"))),
        "retry_after": Key(_RETRY_AFTER, about="where the server says how long to wait"),
    },
)
IDEMPOTENCY = Record(
    lambda values, node: wire.IdempotencyScheme(name=node.place.pointer.rsplit("/", 1)[-1], **values),
    {
        "header": Key(HEADER_NAME, required=True),
        "generate": Key(Choice(get_args(wire.Generator))),
        "max_length": Key(INTEGER),
        "retention": Key(DURATION, about="how long the API remembers a key; afterwards the same key is a new request"),
    },
)
_LOOKUP = Record(
    lambda values, node: Lookup(**values),
    {
        "operation": Key(NAME, required=True, about="the operation that tells the truth"),
        "bind": Key(MapOf(SELECTOR), required=True, about="its arguments, from the request or the answer"),
        "match": Key(ListOf(PREDICATE), about="which of the items it lists is the lost one"),
        "executed": Key(ListOf(PREDICATE), about="it was executed; left out: where it is found"),
        "not_executed": Key(ListOf(PREDICATE), about="it was not executed; left out: never concluded"),
    },
)
OPERATION = Record(
    lambda values, node: OperationFacts(node.place, **values),
    {
        "effect": Key(Choice(get_args(wire.Effect)), about="what a second execution would do"),
        "idempotency": Key(NAME, about="a scheme under `idempotency`"),
        "natural_key": Key(SELECTOR, about="where the request itself carries what makes a repeat harmless"),
        "title": Key(TEXT, about="its name for people, in every locale; the document's summary where nothing is said"),
        "description": Key(
            TEXT, about="what it does, in every locale; the document's description where nothing is said"
        ),
        "lookup": Key(_LOOKUP, about="how to find out, when an answer was lost and no key protects"),
    },
)


_PART = MapOf(Words(), key="part|form|header|text|secret", key_what="one of part, form, header, text, secret")
SIGNATURE = Record(
    lambda values, node: Signature(**values),
    {
        "algorithm": Key(
            Choice(("sha1", "sha256", "sha512", "hmac-sha1", "hmac-sha256", "hmac-sha512", "rsa-sha256")), required=True
        ),
        "over": Key(ListOf(_PART), required=True, about="the parts that are joined, in order, as they were received"),
        "encode": Key(Choice(("hex", "hex-upper", "base64")), required=True),
        "at": Key(
            MapOf(Words(), key="form|header", key_what="form or header"),
            required=True,
            about="where the signature stands",
        ),
        "public_key": Key(Words(), about="where the public key is published"),
    },
)
WEBHOOK = Record(
    lambda values, node: Webhook(**values),
    {
        "payload": Key(NAME, required=True, about="the schema of what is sent"),
        "signature": Key(NAME, about="an entry of `signatures`"),
        "addresses": Key(ListOf(Words()), about="the networks that it comes from"),
        "then": Key(Choice(("reread",)), about="ask the API itself before believing it"),
        "operation": Key(NAME, about="the operation to ask"),
        "bind": Key(MapOf(SELECTOR), about="its arguments"),
    },
)


def _message(values: dict[str, Any], node: Node) -> HttpMessage:
    headers: Mapping[str, str] = values.get("headers", {})
    return HttpMessage(values["status"], tuple(headers.items()), values.get("body", ""))


class _Response(Reader[HttpMessage]):
    """A raw HTTP response, or its parts."""

    _parts = Record(
        _message,
        {"status": Key(INTEGER, required=True), "headers": Key(MapOf(Words())), "body": Key(Words())},
    )

    def read(self, node: Node) -> HttpMessage:
        if not isinstance(node.value, str):
            return self._parts.read(node)
        try:
            return parse_response(node.value)
        except ValueError as error:
            node.report.add(CATALOG_EXAMPLE, str(error), node.place)
            raise Skip from None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": "^HTTP/"}, self._parts.schema()]}


def _example(values: dict[str, Any], node: Node) -> Example:
    return Example(
        node.place,
        values["id"],
        values.get("operation"),
        values.get("title", Text()),
        values["response"],
        values.get("truncated", False),
        values.get("composed", False),
    )


EXAMPLES = ListOf(
    Record(
        _example,
        {
            "id": Key(SLUG, required=True),
            "operation": Key(NAME, about="the operation that was answered so"),
            "title": Key(TEXT),
            "request": Key(Anything(), about="the request that was answered so"),
            "response": Key(_Response(), required=True, about="the HTTP response, verbatim"),
            "truncated": Key(BOOLEAN, about="the source shows the head of the response only"),
            "composed": Key(BOOLEAN, about="written for this catalog, not taken from the vendor's documentation"),
        },
    )
)
