"""Bodies of webhooks and callbacks, read as they come."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest

from features.webhooks import webhooks
from features.webhooks.models import Order, Payment
from features.webhooks.webhooks import UnreadableNotification


def test_the_functions() -> None:
    assert webhooks.__all__ == [
        "UnreadableNotification",
        "parse_create_order_shared",
        "parse_create_order_status",
        "parse_event_post",
        "parse_event_put",
        "parse_file_of_the_day",
        "parse_form",
        "parse_payment_succeeded",
    ]
    words = " ".join(str(webhooks.parse_create_order_status.__doc__).split())
    assert words.startswith("An order has another status.") and "200: It was noticed." in words
    assert "POST to {$request.body#/notify_url}/status in the course of createOrder" in words


def test_a_webhook() -> None:
    payment = webhooks.parse_payment_succeeded(b'{"kind":"payment","id":"p-1","amount":0.10,"new":[1]}')
    assert type(payment) is Payment and payment.id == "p-1" and payment.amount == Decimal("0.10")
    assert str(payment.amount) == "0.10" and payment.to_wire()["new"] == [1] and payment.violations == ()
    partial = webhooks.parse_payment_succeeded('{"kind":"payment","id":5}')
    assert {violation.pointer for violation in partial.violations} == {"/id", "/amount"}


def test_variants_and_other_media_types() -> None:
    assert type(webhooks.parse_event_post(b'{"kind":"order","id":"o"}')) is Order
    assert webhooks.parse_event_put("né".encode("latin-1"), {"content-type": "text/plain; charset=ISO-8859-1"}) == "né"
    assert webhooks.parse_file_of_the_day(b"\xff\x00") == b"\xff\x00"
    form = webhooks.parse_form(b"amount=1.50&codes=1&codes=2", {"Content-Type": "application/x-www-form-urlencoded"})
    assert (str(form.amount), form.codes) == ("1.50", [1, 2])
    assert webhooks.parse_create_order_shared(b"[1,2]") == [1, 2]
    assert webhooks.parse_create_order_status(b'{"kind":"order","id":"o","status":"new"}').status == "new"


@pytest.mark.parametrize(
    ("parse", "body", "headers", "reason"),
    [
        (webhooks.parse_payment_succeeded, b"{", None, "no JSON text"),
        (webhooks.parse_payment_succeeded, b"[4111111111111111]", None, "not what the contract describes"),
        (webhooks.parse_payment_succeeded, b'{"id":"a","id":"b"}', None, "two members of one name"),
        (webhooks.parse_payment_succeeded, b"{}", {"CONTENT-TYPE": "text/xml"}, "application/json is expected"),
        (webhooks.parse_event_put, b"\xff", None, "cannot be read"),
        (webhooks.parse_create_order_shared, b'["x"]', None, "not what the contract describes"),
        (webhooks.parse_form, b"amount=1&amount=2", None, "cannot be read"),
    ],
)
def test_what_cannot_be_read(parse: Any, body: bytes, headers: dict[str, str] | None, reason: str) -> None:
    with pytest.raises(UnreadableNotification, match=reason) as caught:
        parse(body, headers)
    error = caught.value
    assert error.body == body and "4111" not in f"{error} {error!r}"
    again = pickle.loads(pickle.dumps(error))
    assert (again.body, str(again), again.reason) == (error.body, str(error), error.reason)
