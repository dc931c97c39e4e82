"""The ways in which a client could make its user pay twice, or believe in a payment that was not made: on both APIs of the house."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from behaviour.shops import ID, amount
from pydantic import ValidationError

from payments import Declined, OutcomeUnknown
from payments._runtime.contract import Outcome
from payments.yookassa import BasicAuth, CallOptions, errors, models
from payments.yookassa import Client as Shop
from payments.yoomoney_wallet import BearerAuth
from payments.yoomoney_wallet import Client as Wallet
from payments.yoomoney_wallet import errors as wallet_errors

Handler = Callable[[httpx2.Request], httpx2.Response]


def answer(status: int, body: bytes | dict[str, Any] = b"", **headers: str) -> Handler:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda _: httpx2.Response(status, headers=fields, content=content)


def shop(handler: Handler) -> Shop:
    return Shop(
        BasicAuth("100500", "test_secret"),
        max_attempts=1,
        http_client=httpx2.Client(transport=httpx2.MockTransport(handler)),
    )


def wallet(handler: Handler) -> Wallet:
    return Wallet(
        BearerAuth("token"), max_attempts=1, http_client=httpx2.Client(transport=httpx2.MockTransport(handler))
    )


@pytest.mark.parametrize(
    ("status", "code"), [(500, "invalid_request"), (502, "forbidden"), (504, "not_found"), (503, "brand_new")]
)
def test_a_server_error_is_no_refusal_whatever_code_it_carries(status: int, code: str) -> None:
    client = shop(answer(status, {"type": "error", "id": "1", "code": code}))
    with pytest.raises(OutcomeUnknown) as caught:
        client.payments.create(amount=amount(), idempotency_key="order-7")
    assert caught.value.outcome is Outcome.UNKNOWN and caught.value.code == code
    assert caught.value.advice.key != "new" and caught.value.advice.next in ("repeat", "check", "poll")
    assert caught.value.idempotency_key == "order-7"


@pytest.mark.parametrize(
    "handler",
    [
        answer(500, WWW_Authenticate='Bearer error="invalid_token"'),
        answer(503, {"status": "refused", "error": "not_enough_funds"}),
        answer(502, b"<html>"),
        answer(200, {}),
        answer(200, {"status": None}),
        answer(200, {"status": "hold_for_review"}),
        answer(200, {"status": "hold_for_review", "error": "odd"}),
        answer(200, b"<html>"),
    ],
)
def test_the_wallet_does_not_know_what_nobody_said(handler: Handler) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        wallet(handler).payments.process(request_id="r-1")
    assert caught.value.outcome is Outcome.UNKNOWN and not isinstance(caught.value, Declined)


@pytest.mark.parametrize("status", ["success", "in_progress"])
def test_an_error_beside_a_success_is_not_a_refusal(status: str) -> None:
    client = wallet(answer(200, {"status": status, "payment_id": "1", "error": "odd"}))
    try:
        assert client.payments.process(request_id="r-1").status == status
    except wallet_errors.REGISTRY.root as error:
        assert error.outcome is not Outcome.REJECTED


def test_the_key_survives_a_pickle_and_cannot_be_smuggled_in() -> None:
    client = shop(answer(500, {"type": "error", "id": "1", "code": "internal_server_error"}))
    with pytest.raises(errors.InternalServerError) as caught:
        client.payments.create(amount=amount(), idempotency_key="order-20240115-0004")
    assert pickle.loads(pickle.dumps(caught.value)).idempotency_key == "order-20240115-0004"
    with pytest.raises(ValueError, match="(?i)idempotence-key"):
        client.payments.create(amount=amount(), options=CallOptions(headers={"idempotence-key": "mine"}))
    for key in ("", " ", "x" * 65, "ключ", "order-4111111111111111"):
        with pytest.raises(ValueError, match="key"):
            client.payments.create(amount=amount(), idempotency_key=key)


def test_a_list_with_a_defect_never_says_that_there_was_no_payment() -> None:
    valid = {"id": ID, "status": "succeeded"}
    with pytest.raises(errors.YooKassaError):
        list(shop(answer(200, {"type": "error", "code": "x"})).payments.list.items())
    with pytest.raises(errors.YooKassaError):
        list(shop(answer(200, {"type": "list", "items": [valid], "next_cursor": 5})).payments.list.items())
    page = shop(answer(200, {"type": "list", "items": [valid, 5]})).payments.list()
    assert [item.id for item in page.items] == [ID] and "/items/1" in {
        violation.pointer for violation in page.violations
    }


@pytest.mark.parametrize(
    "handler",
    [
        answer(500, b'{"type":"error","id":"1","code":"internal_server_error","retry_after":9e999999}'),
        answer(500, b"\xff", Content_Type="application/json; charset=hex"),
        answer(200, b"{}", Content_Type="application/json; charset=zlib"),
    ],
)
def test_nothing_in_an_answer_breaks_out_of_the_hierarchy(handler: Handler) -> None:
    try:
        shop(handler).payments.create(amount=amount(), idempotency_key="order-7")
    except errors.YooKassaError as error:
        assert error.idempotency_key == "order-7" and error.outcome in (Outcome.UNKNOWN, Outcome.PROCESSED)


def test_an_http_client_that_raises_keeps_the_key_and_the_doubt() -> None:
    def broken(_: httpx2.Request) -> httpx2.Response:
        raise RuntimeError("in a hook")

    with pytest.raises(errors.AnswerLostOutcomeUnknown) as caught:
        shop(broken).payments.create(amount=amount(), idempotency_key="order-7")
    assert caught.value.idempotency_key == "order-7" and isinstance(caught.value.__cause__, RuntimeError)


def test_a_float_is_never_money() -> None:
    with pytest.raises(ValidationError):
        models.MonetaryAmount(value=0.1, currency=models.CurrencyCode.RUB)  # type: ignore[arg-type]  # what is refused
    sent: list[bytes] = []

    def keep(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.content)
        return httpx2.Response(500)

    crooked = models.MonetaryAmount.model_construct(value=0.1, currency=models.CurrencyCode.RUB)
    with pytest.raises((ValueError, TypeError)):
        shop(keep).payments.create(amount=crooked)
    assert sent == []


@pytest.mark.parametrize("text", ["0.10", "100.00", "12345678901234567890.123456789", "1E+2", "-0.00", "0"])
def test_money_is_exact_both_ways(text: str) -> None:
    sent: list[bytes] = []

    def keep(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.content)
        return httpx2.Response(500)

    value = Decimal(text)
    with pytest.raises(errors.YooKassaError):
        shop(keep).payments.create(amount=amount(text))
    written = json.loads(sent[0])["amount"]["value"]
    assert (
        Decimal(written) == value
        and models.MonetaryAmount.from_wire({"value": written, "currency": "RUB"}).value == value
    )
    body = (
        b'{"account":"1","balance":%b,"currency":"643","account_status":"named","account_type":"personal"}'
        % format(value, "f").encode()
    )
    info = wallet(answer(200, body)).account.info()
    assert info.balance == value and info.to_json() == body
