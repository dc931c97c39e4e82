"""What an operation's page says about repeats and about finding out, in both languages, whatever the catalog holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sadpath.catalog.model import Lookup, Text
from sadpath.ir.service import Body, Operation
from sadpath.ir.types import Scalar
from sadpath.reference.finding_out import FindingOut, finding_out, repeated
from sadpath.reference.markdown import Markdown
from sadpath.runtime.contract import ApiContract, IdempotencyScheme, Predicate, Selector

ASKED = Markdown("[Read](#read)")
BY_PATH = {"id": Selector(request="path", at="id")}


def operation(**given: Any) -> Operation:
    plain: dict[str, Any] = dict.fromkeys(Operation.__dataclass_fields__)
    plain |= {"id": "pay", "effect": "once", "title": Text(), "about": Text(), "parameters": (), "servers": ()}
    return Operation(**{**plain, **given})


def api(retention: float | None = 86400.0, contact: str | None = None) -> ApiContract:
    return ApiContract(
        "a", "A", idempotency={"key": IdempotencyScheme("key", "K", retention=retention)}, contact=contact
    )


def said(found: Operation, given: ApiContract | None = None, locale: str = "en") -> FindingOut:
    return finding_out(found, given or api(), ASKED, locale)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"effect": "read"}, "yes, it changes nothing"),
        ({"effect": "idempotent"}, "yes, executed again it makes the same change"),
        ({"idempotency": "key"}, "yes, under the same key"),
        ({"natural_key": Selector(request="body", at="/no")}, "recognizes the repeat by `/no` of the request's body"),
        ({}, "only after a refusal, or where the request was never sent"),
    ],
)
def test_whether_it_is_repeated_unasked_and_why(given: dict[str, Any], words: str) -> None:
    text = repeated(operation(**given), "en")
    assert words in text and text.endswith("An error may advise otherwise.")
    assert repeated(operation(**given), "ru") != text


@pytest.mark.parametrize(
    ("media_type", "kind"), [("application/octet-stream", "binary"), ("multipart/form-data", "any")]
)
def test_a_body_that_may_be_gone_is_spoken_of(media_type: str, kind: Any) -> None:
    body = Body(media_type, Scalar(kind), required=True, description=None, spread=None)
    assert repeated(operation(body=body, idempotency="key"), "en").endswith("is not sent again.")


def test_a_key_is_good_for_as_long_as_it_is_remembered() -> None:
    assert "for 24 h after the first attempt" in said(operation(idempotency="key")).means
    assumed = said(operation(idempotency="key"), api(retention=None)).means
    assert "for 24 h after the first attempt: assumed" in assumed and "does not say how long" in assumed
    harmless = said(operation(effect="idempotent", idempotency="key"), api(retention=None)).means
    assert "24 h" not in harmless and "does not say how long" in harmless
    assert "24 ч" in said(operation(idempotency="key"), locale="ru").means


def test_what_reads_leaves_nothing_to_find_out_and_what_has_no_means_goes_to_support() -> None:
    assert said(operation(effect="read")) == FindingOut()
    assert said(operation(effect="idempotent")).means == "by the same request once more."
    assert said(operation()).means.endswith("ask the API's support.")
    assert said(operation(), api(contact="<b>Ann</b>")).means.endswith("support (\\<b\\>Ann\\</b\\>).")


def test_a_lookup_is_told_step_by_step() -> None:
    reference = Predicate(Selector(body="/ref"), "same_as", Selector(request="body", at="/ref"))
    found = said(operation(lookup=Lookup("list", {}, (reference,))))
    assert found.means == "it asks [Read](#read)."
    assert found.steps == (
        "It looks for the item where `/ref` is `/ref` of the request's body.",
        "Executed: it is found.",
        "That it was not executed is never concluded.",
    )
    judged = Lookup("get", BY_PATH, (), (Predicate(Selector(body="/s"), "in", ("a", 1, None)),), ())
    assert said(operation(lookup=judged)).steps[:2] == (
        "`id` is the request's path parameter `id`.",
        "Executed: `/s` is one of `a`, `1`, `null`.",
    )


def test_a_lookup_beside_a_key_is_for_bodies_that_are_gone() -> None:
    found = said(operation(idempotency="key", lookup=Lookup("get", BY_PATH)))
    assert "under the same key" in found.means and found.means.endswith("it asks [Read](#read).") and found.steps


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("negate", [False, True])
@pytest.mark.parametrize(
    ("test", "value"),
    [
        ("equals", Decimal("1.50")),
        ("equals", True),
        ("in", ("`|{x}", "b")),
        ("exists", True),
        ("exists", False),
        ("matches", "^{0}`$"),
        ("same_as", Selector(request="header", at="X")),
        ("same_as", Selector(request="query", at="q")),
        ("same_as", Selector(request="body")),
    ],
)
def test_every_test_has_words(locale: str, negate: bool, test: Any, value: Any) -> None:
    predicate = Predicate(Selector(body=""), test, value, negate=negate and test != "exists")
    lookup = Lookup("get", {"n": Selector(const=({"a": 1},))}, (predicate,), (predicate,), (predicate,))
    steps = said(operation(lookup=lookup), locale=locale).steps
    assert len(steps) == 5 and all("Selector" not in step and "Decimal" not in step for step in steps)
