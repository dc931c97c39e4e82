"""The grammar of one catalog error: what it matches, what it means, what to do, and the words about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from sadpath.catalog.example_grammar import EXAMPLES, OUTPUTS
from sadpath.catalog.grammar import (
    ATTRIBUTES,
    BOOLEAN,
    CLASS_NAME,
    HEADER_NAME,
    INTEGER,
    ITEMS,
    NAME,
    PREDICATE,
    SLUG,
    TEXT,
    contracts_of,
    texts_of,
)
from sadpath.catalog.model import CatalogError, Certainty, FormatAttribute, Text
from sadpath.catalog.readers import Choice, Either, Key, ListOf, MapOf, Mapped, Node, Reader, Record, Words
from sadpath.runtime import contract as wire
from sadpath.runtime.categories import CATEGORIES
from sadpath.runtime.statuses import all_pass, are_mixed, category_of

_OUTCOMES = (*(outcome.value for outcome in wire.Outcome), "by_effect")


class _Status(Reader[str]):
    """A status (100 to 599), a range such as 5XX, or `default`."""

    def read(self, node: Node) -> str:
        if isinstance(node.value, (int, str)) and not isinstance(node.value, bool):
            text = str(node.value).upper() if node.value != "default" else "default"
            if re.fullmatch(r"[1-5]\d\d|[1-5]XX|default", text):
                return text
        raise node.refuse("a status such as 404, a range such as 5XX, or default")

    def schema(self) -> dict[str, Any]:
        return {
            "title": "a status such as 404, a range such as 5XX, or default",
            "anyOf": [
                {"type": "integer", "minimum": 100, "maximum": 599},
                {"type": "string", "pattern": "^([1-5][0-9][0-9]|[1-5][xX][xX]|default)$"},
            ],
        }


class _Code(Reader[str | int]):
    """A code as it stands on the wire: a string or an integer."""

    def read(self, node: Node) -> str | int:
        if isinstance(node.value, (str, int)) and not isinstance(node.value, bool):
            return node.value
        raise node.refuse("a code: a string or an integer")

    def schema(self) -> dict[str, Any]:
        return {"title": "a code: a string or an integer", "type": ["string", "integer"]}


def _match(values: dict[str, Any], node: Node) -> wire.Match:
    if "code" in values and "other_codes" in values:
        raise node.refuse("either `code` or `other_codes`")
    if not values:
        raise node.refuse("a match with a status, a code or a predicate")
    return wire.Match(
        statuses=values.get("status", ()),
        codes=values.get("code", ()),
        other_codes=values.get("other_codes", False),
        format=values.get("format"),
        when=values.get("when", ()),
        operations=values.get("operations", ()),
    )


_MATCH = Record(
    _match,
    {
        "status": Key(
            ListOf(_Status(), or_one=True), about="the first one is what a server sends; all are what a client accepts"
        ),
        "code": Key(
            ListOf(_Code(), or_one=True),
            about="the code on the wire; left out where the status alone identifies the failure",
        ),
        "other_codes": Key(BOOLEAN, about="any code that is not listed for the same operation, format and status"),
        "format": Key(NAME, about="an entry of `formats`; `default_format` where nothing is said"),
        "when": Key(ListOf(PREDICATE), about="further conditions, all of which hold"),
        "operations": Key(ListOf(NAME, or_one=True), about="operations that can fail so; all where nothing is said"),
    },
)
_AUDIENCE = Record(
    lambda values, node: values.get("payer"),
    {
        "payer": Key(
            Either(lambda value: value == "never", Mapped(Choice(("never",)), lambda word: word, "never"), TEXT),
            about="a text that may be shown to whoever pays, or `never`",
        )
    },
)
_DEPRECATED: Reader[Text] = Either(
    lambda value: value is True,
    Mapped(BOOLEAN, lambda _: Text((("", "Deprecated."),)), "true"),
    TEXT,
)

_ERROR_KEYS: dict[str, Key] = {
    "class": Key(CLASS_NAME, about="the class name; the id in CamelCase where nothing is said"),
    "kind_of": Key(
        NAME, about="an error that stands before it, with whose class it can be caught and whose attributes it has"
    ),
    "match": Key(_MATCH, required=True, about="which answers are this failure"),
    "raise": Key(Choice(("always", "opt_in")), about="opt_in: a success-shaped outcome that is raised on request only"),
    "category": Key(
        Choice(tuple(CATEGORIES)),
        about="the condition, across APIs; computed from the status where nothing is said",
        spared=True,
    ),
    "fault": Key(Choice(get_args(wire.Fault)), about="whose doing it is", spared=True),
    "outcome": Key(
        Choice(_OUTCOMES), about="whether the operation took effect; by_effect: unknown unless it only reads"
    ),
    "next": Key(Choice(get_args(wire.NextStep)), about="what to do next"),
    "key": Key(Choice(get_args(wire.KeyRule)), about="the idempotency key of the next attempt"),
    "before": Key(Choice(get_args(wire.Preparation)), about="what must precede the next attempt"),
    "policy": Key(NAME, about="an entry of `policies`"),
    "automatic": Key(BOOLEAN, about="false forbids repeating it unasked; what may be repeated is derived"),
    "attributes": Key(ATTRIBUTES, about="typed members of this failure alone"),
    "headers": Key(
        MapOf(Words(), key=HEADER_NAME.schema()["pattern"][4:-2], key_what="a header name"),
        about="headers a server adds",
    ),
    "title": Key(TEXT, required=True, about="a few words"),
    "description": Key(TEXT, about="what it means", spared=True),
    "causes": Key(ITEMS, about="what leads to it", spared=True),
    "remedies": Key(ITEMS, about="what helps", spared=True),
    "audience": Key(_AUDIENCE, about="who may be told what", spared=True),
    "since": Key(Words(), about="when the API began to answer so", spared=True),
    "deprecated": Key(_DEPRECATED, about="true, or what is said of it; codes are never deleted"),
    "replaced_by": Key(SLUG, about="the id of its successor"),
    "stub_status": Key(INTEGER, about="what a server stub sends where the contract names no status"),
    "stub_code": Key(_Code(), about="what a server stub sends where the contract names no code"),
    "source": Key(ListOf(Words(), or_one=True), about="where the contract says so", spared=True),
    "certainty": Key(Choice(get_args(Certainty)), about="how sure it is", spared=True),
    "advice_certainty": Key(
        Choice(get_args(Certainty)), about="how sure outcome, next step and key are, where that differs"
    ),
    "examples": Key(EXAMPLES, about="raw answers, tested in both directions"),
    "outputs": Key(
        OUTPUTS, about="what a program prints, where the failure is one of a program and no answer over HTTP"
    ),
}


def _is_server_fault(statuses: tuple[str, ...]) -> bool:
    return bool(statuses) and statuses[0].startswith("5")


def _leaves_open(statuses: tuple[str, ...]) -> bool:
    """Whether one of the statuses is that of a server that broke down, or that waited for too long (RFC 9110, 15.5.9)."""
    return any(status.startswith("5") or status == "408" for status in statuses)


def _advice(values: dict[str, Any], match: wire.Match, outcome: wire.Outcome | None) -> wire.Advice:
    repeats = outcome in (None, wire.Outcome.UNKNOWN) or (outcome is wire.Outcome.REJECTED and all_pass(match.statuses))
    step: wire.NextStep = values.get("next") or (
        "poll" if outcome is wire.Outcome.PENDING else "repeat" if repeats else "fix"
    )
    return wire.Advice(
        next=step,
        key=values.get("key", "unspecified"),
        before=values.get("before"),
        policy=values.get("policy"),
        automatic=values.get("automatic"),
    )


def error_contract(id: str, values: dict[str, Any]) -> wire.ErrorContract:
    """The contract of one error from the keys that its entry gives; what is left out is computed from the status."""
    match: wire.Match = values["match"]
    server = _is_server_fault(match.statuses)
    named = values.get("outcome") or ("by_effect" if _leaves_open(match.statuses) else "rejected")
    outcome = None if named == "by_effect" else wire.Outcome(named)
    attributes: Mapping[str, FormatAttribute] = values.get("attributes", {})
    return wire.ErrorContract(
        id=id,
        match=match,
        category=values.get("category") or category_of(match.statuses[0] if match.statuses else "default"),
        fault=values.get("fault") or ("server" if server else "client"),
        outcome=outcome,
        advice=_advice(values, match, outcome),
        title=values["title"].get("en", ""),
        raised=values.get("raise", "always"),
        attributes=contracts_of(attributes),
        headers=values.get("headers", {}),
        stub_status=values.get("stub_status"),
        stub_code=values.get("stub_code"),
        deprecated=bool(values.get("deprecated")),
        advice_by_status="next" not in values
        and not match.codes
        and not match.other_codes
        and are_mixed(match.statuses),
    )


def _error(values: dict[str, Any], node: Node) -> CatalogError:
    id = node.place.pointer.rsplit("/", 1)[-1]
    payer = values.get("audience")
    certainty: Certainty = values.get("certainty") or ("documented" if values.get("source") else "assumed")
    return CatalogError(
        place=node.place,
        contract=error_contract(id, values),
        class_name=values.get("class"),
        title=values["title"],
        description=values.get("description", Text()),
        causes=values.get("causes", ()),
        remedies=values.get("remedies", ()),
        payer=payer if isinstance(payer, Text) else Text(),
        payer_never=payer == "never",
        source=values.get("source", ()),
        certainty=certainty,
        advice_certainty=values.get("advice_certainty", certainty if {"outcome", "next"} & set(values) else "assumed"),
        since=values.get("since"),
        deprecated=values.get("deprecated", Text()),
        replaced_by=values.get("replaced_by"),
        examples=values.get("examples", ()),
        attribute_texts=texts_of(values.get("attributes", {})),
        parent=values.get("kind_of"),
        outputs=values.get("outputs", ()),
    )


ERROR = Record(_error, _ERROR_KEYS)
