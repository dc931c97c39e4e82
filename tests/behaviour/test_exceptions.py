"""The exception classes of both APIs: static, importable, documented, and fit to be pickled, copied, hashed, logged."""

from __future__ import annotations

import copy
import importlib
import io
import logging
import pickle
import sys
import traceback
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from behaviour.houses import HOUSES, YOOKASSA, House

import payments
from payments._runtime.categories import CATEGORIES
from payments._runtime.contract import Outcome
from payments._runtime.errors import ApiError
from payments.yookassa import BasicAuth, Client, errors

CARD = "4111 1111 1111 1111"
SECRET = "live_Zq3-secret-key"


def classes() -> list[Any]:
    """(house, class) for every class that can be raised."""
    found: list[Any] = []
    for house in HOUSES:
        registry = house.registry
        fallbacks = [getattr(registry.fallbacks, name) for name in registry.fallbacks.__slots__]
        every = [
            registry.root,
            *registry.errors,
            *registry.unknown_outcomes.values(),
            *registry.families.values(),
            *fallbacks,
        ]
        found += [pytest.param(house, cls, id=f"{house.api}-{cls.__name__}") for cls in every]
    return found


@pytest.mark.parametrize(("house", "cls"), classes())
def test_a_class_is_static_documented_and_under_the_root(house: House, cls: type[ApiError]) -> None:
    module = importlib.import_module(f"{house.package}.errors")
    assert getattr(module, cls.__name__) is cls
    assert issubclass(cls, house.registry.root) and issubclass(cls, payments.ApiError)
    assert not issubclass(cls, OSError)
    assert cls.__doc__ and len(cls.__doc__) > 20
    if cls.contract is not None:
        assert issubclass(cls, CATEGORIES[cls.contract.category])


@pytest.mark.parametrize(("house", "cls"), classes())
def test_an_instance_survives_pickle_copy_and_hash(house: House, cls: type[ApiError]) -> None:
    error = cls("no")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is cls and again is not error
        assert (again.message, again.outcome, again.advice, str(again)) == (
            "no",
            error.outcome,
            error.advice,
            str(error),
        )
    assert {error: 1}[error] == 1 and error != cls("no")


def test_docstrings_say_what_it_means_whether_money_moved_what_to_do_and_where_it_says_so() -> None:
    for house in HOUSES:
        for cls in house.registry.errors:
            text = cls.__doc__ or ""
            for part in ("Did it take effect?", "What to do:", "Source:"):
                assert part in text, cls
    text = " ".join((errors.InternalServerError.__doc__ or "").split())
    assert "Keep the same idempotency key." in text and "Unknown after an operation that changes something" in text
    assert "Use a new idempotency key" in " ".join((errors.InvalidRequest.__doc__ or "").split())


def answering(status: int, body: bytes, headers: dict[str, str]) -> Client:
    def handle(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers=headers, content=body)

    http_client = httpx2.Client(transport=httpx2.MockTransport(handle))
    return Client(BasicAuth("100500", SECRET), http_client=http_client, max_attempts=1)


def test_nothing_that_is_printed_pickled_or_logged_holds_a_card_or_a_credential(
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = f'{{"type":"error","id":"{SECRET}","code":"invalid_request","description":"card {CARD} of {SECRET}","parameter":"{CARD}"}}'
    client = answering(400, body.encode(), {"Content-Type": "application/json", "Set-Cookie": f"s={SECRET}"})
    with pytest.raises(errors.InvalidRequest) as caught:
        client.payments.get(payment_id="2a000000-000f-5000-8000-1a2b3c4d5e6f")
    error = caught.value
    stream = io.StringIO()
    traceback.print_exception(error, file=stream)
    with caplog.at_level(logging.INFO):
        logging.getLogger("shop").info("failed: %s %r", error, error, exc_info=error)
    shown = [str(error), repr(error), stream.getvalue(), caplog.text, str(error.__dict__.keys())]
    shown += [pickle.dumps(error).decode("latin-1"), repr(client), repr(BasicAuth("100500", SECRET))]
    for text in shown:
        assert SECRET not in text
        assert CARD not in text and CARD.replace(" ", "") not in text
    assert SECRET.encode() not in error.body
    assert "set-cookie" not in error.headers


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, b"<html>oops</html>", errors.InternalServerError),
        (400, b'{"type":"error","code":"inva', errors.InvalidRequest),
        (404, b"", errors.NotFound),
        (429, b"\xff\xfe", errors.TooManyRequests),
        (400, b'{"type":"error","id":"1","code":"brand_new"}', errors.YooKassaError),
        (418, b"{}", errors.Unrecognized),
        (405, b"", errors.MethodNotAllowed),
    ],
)
def test_a_body_that_cannot_be_read_never_hides_what_the_status_says(
    status: int, body: bytes, expected: type[ApiError]
) -> None:
    client = answering(status, body, {"Content-Type": "application/json"})
    with pytest.raises(expected) as caught:
        client.payments.get(payment_id="2a000000-000f-5000-8000-1a2b3c4d5e6f")
    assert (caught.value.status, caught.value.body) == (status, body)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id":"2a0', b"[]", b'"text"'])
def test_a_success_that_cannot_be_read_is_processed_and_no_failed_payment(body: bytes) -> None:
    from payments.yookassa import models

    client = answering(200, body, {"Content-Type": "application/json"})
    amount = models.MonetaryAmount(value=Decimal(1), currency=models.CurrencyCode.RUB)
    with pytest.raises(errors.Unreadable) as caught:
        client.payments.create(amount=amount)
    assert caught.value.outcome is Outcome.PROCESSED and caught.value.body == body
    assert not isinstance(caught.value, payments.OutcomeUnknown)
    assert caught.value.idempotency_key


def test_a_member_that_is_missing_is_noted_and_raises_when_it_is_touched() -> None:
    from payments._runtime.model import ContractViolation

    client = answering(200, b'{"id":"2a0","status":"brand_new","paid":"yes"}', {"Content-Type": "application/json"})
    payment = client.payments.get(payment_id="2a000000-000f-5000-8000-1a2b3c4d5e6f")
    assert payment.id == "2a0" and payment.status == "brand_new" and not payment.status.is_known
    with pytest.raises(ContractViolation):
        _ = payment.amount
    with pytest.raises(ContractViolation):
        _ = payment.paid
    assert {violation.pointer for violation in payment.violations} >= {"/amount", "/paid", "/id", "/recipient"}


def test_every_house_has_its_own_root() -> None:
    assert YOOKASSA.registry.root.__name__ == "YooKassaError"
    assert len({house.registry.root for house in HOUSES}) == len(HOUSES)


def test_what_is_only_ever_sent_is_never_shown() -> None:
    from payments.yookassa import models

    card = models.CardData(number="4111111111111111", expiry_year="2030", expiry_month="01", csc="987")
    request = models.PaymentMethodDataBankCard(card=card)
    for text in (repr(card), str(card), repr(request), str(request)):
        assert "987" not in text and "4111111111111111" not in text
    assert card.to_wire()["csc"] == "987" and card.to_wire()["number"] == "4111111111111111"


def test_an_argument_that_cannot_be_sent_is_named() -> None:
    with pytest.raises(ValueError, match="getPayment\npayment_id\n  has fewer than 36 characters"):
        answering(200, b"", {}).payments.get(payment_id="x")


def test_a_client_without_its_http_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ImportError, match="pip install"):
        Client(BasicAuth("100500", SECRET))
