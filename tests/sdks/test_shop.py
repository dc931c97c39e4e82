"""The official `yookassa` SDK does its business with a shop of ours: only the generated stub and handlers that keep things in memory."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yookassa
from behaviour.loopback import served
from behaviour.shop_extras import DEAL_ID, INVOICE_ID, PAYOUT_ID, PERSON_ID, RECEIPT_ID, WEBHOOK_ID
from behaviour.shops import ID, Script
from sdks.memory_shop import TOKEN, Shop, memory_shop_app
from sdks.official_shop import configured
from sdks.shop_encounters import CALLS, CARD, INVOICE, MONEY, POSITION, RECEIPT, TO_WALLET
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError
from yookassa.domain.notification import WebhookNotificationFactory

from payments.yookassa import SQLiteIdempotencyStore, models

REDIRECT = {"type": "redirect", "return_url": "https://shop.example/ok"}
ORDER = {"amount": MONEY, "confirmation": REDIRECT, "description": "Чай & co", "metadata": {"order": "7"}}


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def address(shop: Shop, script: Script, tmp_path: Path) -> Iterator[str]:
    """The URL of the shop, for which the SDK is configured."""
    with (
        closing(SQLiteIdempotencyStore(tmp_path / "keys")) as keys,
        served(memory_shop_app(shop, keys, script)) as url,
        configured(url),
    ):
        yield url


@pytest.mark.usefixtures("address")
def test_a_payment_in_one_stage() -> None:
    made = yookassa.Payment.create(ORDER | {"capture": True}, str(uuid.uuid4()))
    assert (made.status, made.paid, made.amount.value, made.amount.currency) == (
        "pending",
        False,
        Decimal("150"),
        "RUB",
    )
    assert made.confirmation.confirmation_url == f"https://pay.test/{made.id}"
    assert made.description == "Чай & co"
    assert made.metadata == {"order": "7", "cms_name": "yookassa_sdk_python"}
    assert dict(yookassa.Payment.find_one(made.id)) == dict(made)


@pytest.mark.usefixtures("address")
def test_a_payment_is_held_captured_in_part_and_refunded(shop: Shop) -> None:
    made = yookassa.Payment.create(ORDER)
    shop.confirm(made.id)
    assert yookassa.Payment.find_one(made.id).status == "waiting_for_capture"
    captured = yookassa.Payment.capture(made.id, {"amount": MONEY | {"value": "100.00"}})
    assert (captured.status, captured.amount.value, captured.income_amount.value) == ("succeeded", 100, 97)
    part = {"payment_id": made.id, "amount": MONEY | {"value": "40.00"}}
    refund = yookassa.Refund.create(part | {"description": "Broken"})
    assert (refund.status, refund.amount.value, refund.payment_id, refund.description) == (
        "succeeded",
        40,
        made.id,
        "Broken",
    )
    assert dict(yookassa.Refund.find_one(refund.id)) == dict(refund)
    assert yookassa.Payment.find_one(made.id).refunded_amount.value == 40
    with pytest.raises(BadRequestError) as caught:
        yookassa.Refund.create(part | {"amount": MONEY | {"value": "60.01"}})
    assert (caught.value.error.parameter, caught.value.error.description) == ("amount", "Not so much can be refunded")


@pytest.mark.usefixtures("address")
def test_a_payment_is_canceled_once(shop: Shop) -> None:
    made = yookassa.Payment.create(ORDER)
    shop.confirm(made.id)
    canceled = yookassa.Payment.cancel(made.id)
    details = canceled.cancellation_details
    assert (canceled.status, details.party, details.reason) == ("canceled", "merchant", "canceled_by_merchant")
    with pytest.raises(BadRequestError) as caught:
        yookassa.Payment.cancel(made.id)
    assert caught.value.error.description == "The payment is canceled"


@pytest.mark.usefixtures("address")
def test_a_key_that_is_used_again_pays_once(shop: Shop) -> None:
    first = yookassa.Payment.create(ORDER, "order-7")
    assert yookassa.Payment.create(ORDER, "order-7").id == first.id
    with pytest.raises(BadRequestError) as caught:
        yookassa.Payment.create(ORDER | {"description": "Another"}, "order-7")
    assert caught.value.error.parameter == "Idempotence-Key"
    assert len(shop.payments) == 1


def _all(pages: Callable[[dict[str, Any]], Any], asked: dict[str, Any]) -> list[str]:
    """The identifiers of all pages, as a caller of the SDK goes through them."""
    found, cursor = list[str](), None
    while True:
        page = pages(asked | ({"cursor": cursor} if cursor else {}))
        assert page.type == "list" and len(page.items) <= asked["limit"]
        found += [item.id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.usefixtures("address")
def test_lists_are_gone_through_by_cursor(shop: Shop) -> None:
    made = [yookassa.Payment.create(ORDER | {"capture": True}).id for _ in range(5)]
    for payment_id in made[:3]:
        shop.confirm(payment_id)
    assert _all(yookassa.Payment.list, {"limit": 2}) == made[::-1]
    assert _all(yookassa.Payment.list, {"limit": 2, "status": "succeeded"}) == made[2::-1]
    since = shop.payments[made[3]].created_at.isoformat()
    assert _all(yookassa.Payment.list, {"limit": 1, "created_at.gte": since}) == made[:2:-1]
    for payment_id in (made[0], made[1], made[0]):
        yookassa.Refund.create({"payment_id": payment_id, "amount": MONEY | {"value": "1.00"}})
    refunds = [refund.id for refund in shop.refunds.values()]
    assert _all(yookassa.Refund.list, {"limit": 1, "payment_id": made[0]}) == [refunds[2], refunds[0]]
    with pytest.raises(BadRequestError) as caught:
        yookassa.Payment.list({"limit": 101})
    assert caught.value.error.parameter == "limit"


@pytest.mark.usefixtures("address")
def test_what_there_is_not() -> None:
    for call in (CALLS["getPayment"], CALLS["cancelPayment"], CALLS["createRefund"], CALLS["getRefund"]):
        with pytest.raises(NotFoundError) as caught:
            call()
        assert caught.value.error.code == "not_found"


def test_credentials_are_checked(address: str) -> None:
    with configured(address, token="stolen"), pytest.raises(UnauthorizedError) as caught:
        yookassa.Payment.list()
    assert caught.value.error.code == "invalid_credentials"
    with pytest.raises(UnauthorizedError):  # Subscriptions are for partners, who have tokens.
        yookassa.Webhook.list()


def test_partners_manage_subscriptions(address: str) -> None:
    wanted = {"event": "payment.succeeded", "url": "https://shop.example/hooks"}
    with configured(address, token=TOKEN):
        assert dict(yookassa.Webhook.add(wanted)) == wanted | {"id": WEBHOOK_ID}
        assert [dict(one) for one in yookassa.Webhook.list().items] == [wanted | {"id": WEBHOOK_ID}]
        assert dict(yookassa.Webhook.remove(WEBHOOK_ID)) == {}


OTHERS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "createInvoice": (lambda: yookassa.Invoice.create(INVOICE), {"id": INVOICE_ID, "status": "succeeded"}),
    "getInvoice": (CALLS["getInvoice"], {"id": INVOICE_ID, "status": "succeeded"}),
    "createReceipt": (lambda: yookassa.Receipt.create(RECEIPT), {"id": RECEIPT_ID, "type": "payment"}),
    "getReceipt": (CALLS["getReceipt"], {"id": RECEIPT_ID, "status": "succeeded"}),
    "listReceipts": (lambda: yookassa.Receipt.list({"payment_id": ID}), {"next_cursor": "next"}),
    "createDeal": (
        lambda: yookassa.Deal.create({"type": "safe_deal", "fee_moment": "deal_closed"}),
        {"id": DEAL_ID, "status": "opened"},
    ),
    "getDeal": (lambda: yookassa.Deal.find_one(DEAL_ID), {"id": DEAL_ID, "fee_moment": "deal_closed"}),
    "listDeals": (lambda: yookassa.Deal.list({"limit": 2}), {"next_cursor": "next"}),
    "createPayout": (CALLS["createPayout"], {"id": PAYOUT_ID, "payout_destination": TO_WALLET}),
    "getPayout": (CALLS["getPayout"], {"id": PAYOUT_ID, "status": "succeeded"}),
    "listPayouts": (lambda: yookassa.Payout.list({"payout_destination.type": "yoo_money"}), {"next_cursor": "next"}),
    "listSbpBanks": (yookassa.SbpBanks.list, {"type": "list"}),
    "createPersonalData": (
        lambda: yookassa.PersonalData.create(
            {"type": "sbp_payout_recipient", "last_name": "Ёлкина", "first_name": "Анна"}
        ),
        {"id": PERSON_ID, "status": "waiting_for_operation"},
    ),
    "getPersonalData": (CALLS["getPersonalData"], {"id": PERSON_ID, "status": "active"}),
    "createPaymentMethod": (lambda: yookassa.PaymentMethod.create(CARD), {"id": ID, "saved": True}),
    "getPaymentMethod": (CALLS["getPaymentMethod"], {"id": ID, "status": "active"}),
    "getMe": (
        lambda: yookassa.Settings.get_account_settings({"on_behalf_of": "100501"}),
        {"account_id": "100500", "status": "enabled", "test": True},
    ),
}


@pytest.mark.usefixtures("address")
def test_everything_else_that_it_can_ask_for() -> None:
    for name, (call, expected) in OTHERS.items():
        found = dict(call())
        assert {member: found.get(member) for member in expected} == expected, name


@pytest.mark.usefixtures("address")
def test_quantities_of_receipts_are_text_whatever_it_is_given(script: Script) -> None:
    for given in (2, 2.5, "2.50"):
        yookassa.Receipt.create(RECEIPT | {"items": [POSITION | {"quantity": given}]})
    assert [request.body.items[0].quantity for request in script.seen] == ["2.0", "2.5", "2.5"]


@pytest.mark.usefixtures("address")
def test_operations_that_are_not_in_the_contract() -> None:
    for call in (lambda: yookassa.SelfEmployed.find_one("se-1"), lambda: yookassa.PosLink.find_one("pos-1")):
        with pytest.raises(NotFoundError) as caught:
            call()
        assert caught.value.error.description == "There is no such resource"


@pytest.mark.usefixtures("address")
def test_a_capture_of_everything_has_to_name_the_amount(shop: Shop) -> None:
    """Without arguments the SDK sends no body, and the contract wants one."""
    made = yookassa.Payment.create(ORDER)
    shop.confirm(made.id)
    with pytest.raises(BadRequestError) as caught:
        yookassa.Payment.capture(made.id)
    assert caught.value.error.description == "a body is expected"
    assert yookassa.Payment.capture(made.id, {}).status == "succeeded"


@pytest.mark.usefixtures("address")
def test_notifications_that_our_models_write(shop: Shop) -> None:
    held, canceled = yookassa.Payment.create(ORDER).id, yookassa.Payment.create(ORDER).id
    shop.confirm(held)
    yookassa.Payment.capture(held, {"amount": MONEY})
    yookassa.Refund.create({"payment_id": held, "amount": MONEY})
    shop.confirm(canceled)
    yookassa.Payment.cancel(canceled)
    refund = next(iter(shop.refunds))
    read = [
        WebhookNotificationFactory().create(json.loads(json.dumps(one.to_wire(), default=str))) for one in shop.events
    ]
    assert [(one.event, one.object.id, one.object.status) for one in read] == [
        ("payment.waiting_for_capture", held, "waiting_for_capture"),
        ("payment.succeeded", held, "succeeded"),
        ("refund.succeeded", refund, "succeeded"),
        ("payment.waiting_for_capture", canceled, "waiting_for_capture"),
        ("payment.canceled", canceled, "canceled"),
    ]
    assert read[-1].object.cancellation_details.reason == "canceled_by_merchant"
    assert isinstance(shop.events[1], models.PaymentSucceededNotification)
