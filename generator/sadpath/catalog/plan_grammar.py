"""The grammar of what a catalog plans: families, policies, key rules and operations."""

from __future__ import annotations

from typing import Any, get_args

from sadpath.catalog.grammar import (
    DURATION,
    FRACTION,
    HEADER_NAME,
    INTEGER,
    NAME,
    ONE_PLACE,
    PREDICATE,
    SELECTOR,
    SELECTOR_KEYS,
    TEXT,
    selector_of,
)
from sadpath.catalog.model import Family, Lookup, OperationFacts, Text
from sadpath.catalog.readers import Choice, Key, ListOf, MapOf, Mapped, Node, Record
from sadpath.runtime import contract as wire

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
        "title": Key(TEXT, required=True, about="a few words"),
        "description": Key(TEXT, about="what its codes have in common"),
    },
)

_RETRY_AFTER = Record(
    lambda values, node: wire.RetryAfter(selector_of(values, node), values["cap"]),
    SELECTOR_KEYS | {"cap": Key(DURATION, required=True, about="a longer wait is refused rather than slept")},
    rules=[ONE_PLACE],
)
POLICY = Record(
    lambda values, node: wire.Policy(name=node.place.pointer.rsplit("/", 1)[-1], **values),
    {
        "backoff": Key(Choice(get_args(wire.Backoff)), required=True, about="how the waits grow"),
        "unit": Key(DURATION, about="the first wait; 1s where nothing is said"),
        "factor": Key(FRACTION, about="the base of an exponential backoff; 2 where nothing is said"),
        "cap": Key(DURATION, about="the longest wait between two attempts"),
        "jitter": Key(FRACTION, about="the share of a wait that is left to chance"),
        "max_attempts": Key(INTEGER, about="how often a request is sent, the first time included"),
        "max_elapsed": Key(DURATION, about="when to give up"),
        "schedule": Key(ListOf(DURATION), about="the waits themselves, for `backoff: schedule`"),
        "on_exhausted": Key(
            Choice(("raise", "contact_support")), about="what is left to do when attempts or time are used up"
        ),
        "retry_after": Key(_RETRY_AFTER, about="where the server says how long to wait"),
    },
)
IDEMPOTENCY = Record(
    lambda values, node: wire.IdempotencyScheme(name=node.place.pointer.rsplit("/", 1)[-1], **values),
    {
        "header": Key(HEADER_NAME, required=True, about="the header field that carries the key"),
        "generate": Key(Choice(get_args(wire.Generator)), about="how a client makes a key where its caller gives none"),
        "max_length": Key(INTEGER, about="how many characters a key may have"),
        "retention": Key(
            DURATION,
            about="how long the API remembers a key; afterwards the same key is a new request. Where nothing is said, a client "
            "that a repeat could harm assumes 24h",
        ),
    },
)
_LOOKUP = Record(
    lambda values, node: Lookup(**values),
    {
        "operation": Key(NAME, required=True, about="the operation that tells the truth"),
        "bind": Key(
            MapOf(SELECTOR),
            required=True,
            about="its arguments, parameters or members of its body, from the request whose answer was lost, or constants",
        ),
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
