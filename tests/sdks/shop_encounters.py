"""The official `yookassa` SDK before each error of the catalog: its calls, and what it tells its caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from behaviour import shop_extras, shops
from behaviour.houses import YOOKASSA
from behaviour.shops import ID
from sdks.encounters import Calls, Client
from yookassa import Invoice, Payment, PaymentMethod, Payout, PersonalData, Receipt, Refund

from payments._runtime.pointers import put

UNLISTED: Final = "of_tomorrow"
"""A reason that no document names, for the errors that have none of their own."""
MONEY: Final = {"value": "150.00", "currency": "RUB"}
TO_WALLET: Final = {"type": "yoo_money", "account_number": "41001614575714"}
LINE: Final = {"description": "Tea", "price": MONEY, "quantity": 1}
INVOICE: Final = {"payment_data": {"amount": MONEY}, "cart": [LINE], "expires_at": "2026-02-01T00:00:00.000Z"}
CARD: Final = {"type": "bank_card", "confirmation": {"type": "redirect", "return_url": "https://shop.example/"}}
POSITION: Final = {"description": "Tea", "quantity": 2, "amount": MONEY, "vat_code": 1}
RECEIPT: Final = {
    "type": "payment",
    "payment_id": ID,
    "customer": {"email": "buyer@shop.example"},
    "items": [POSITION],
    "send": True,
    "settlements": [{"type": "prepayment", "amount": MONEY}],
    "tax_system_code": 1,
}

CALLS: Final[Calls] = {
    "createPayment": lambda: Payment.create({"amount": MONEY}),
    "getPayment": lambda: Payment.find_one(ID),
    "capturePayment": lambda: Payment.capture(ID, {"amount": MONEY}),
    "cancelPayment": lambda: Payment.cancel(ID),
    "createRefund": lambda: Refund.create({"payment_id": ID, "amount": MONEY}),
    "getRefund": lambda: Refund.find_one(ID),
    "createPayout": lambda: Payout.create({"amount": MONEY, "payout_destination_data": TO_WALLET}),
    "getPayout": lambda: Payout.find_one(shop_extras.PAYOUT_ID),
    "createInvoice": lambda: Invoice.create(INVOICE),
    "getInvoice": lambda: Invoice.find_one(shop_extras.INVOICE_ID),
    "createPaymentMethod": lambda: PaymentMethod.create(CARD),
    "getPaymentMethod": lambda: PaymentMethod.find_one(ID),
    "createReceipt": lambda: Receipt.create(RECEIPT),
    "getReceipt": lambda: Receipt.find_one(shop_extras.RECEIPT_ID),
    "getPersonalData": lambda: PersonalData.find_one(shop_extras.PERSON_ID),
}
_OBJECTS: Final[dict[str, Callable[[], Any]]] = {
    "Payment": shops.payment,
    "Refund": shops.refund,
    "Payout": shop_extras.payout,
    "Invoice": shop_extras.invoice,
    "PaymentMethod": shop_extras.stored_card,
    "Receipt": shop_extras.receipt,
    "PersonalData": shop_extras.personal_data,
}


def _notice(operation: str, id: str) -> Any:
    """The object in the state that an error of a status speaks of."""
    contract = YOOKASSA.class_of(id).contract
    assert contract is not None
    if contract.raised != "opt_in":
        return None
    usual = _OBJECTS[_kind(operation)]()
    tree = usual.to_wire()
    for one in contract.match.when:
        assert one.test == "equals" and one.select.body is not None
        tree = put(tree, one.select.body, one.value)
    if tree["status"] == "canceled" and "Receipt" not in operation:
        reason = tree.get("cancellation_details", {}).get("reason", UNLISTED)
        tree["cancellation_details"] = {"party": "yoo_money", "reason": reason}
    return type(usual).from_wire(tree)


def _kind(operation: str) -> str:
    return next(kind for kind in sorted(_OBJECTS, key=len, reverse=True) if operation.endswith(kind))


def _told(met: Any) -> str | None:
    """The code of an exception's error object; the status and the reason of a value."""
    if isinstance(met, Exception):
        error = getattr(met, "error", None)
        return f"{type(error).__name__} {error.code}" if error is not None else None
    details = getattr(met, "cancellation_details", None)
    return f"{met.status} {details.reason}" if details is not None else str(met.status)


OFFICIAL: Final = Client(YOOKASSA, CALLS, ("createPayment", "getPayment"), _told, _notice)
