"""A shop that keeps its payments and refunds in memory, behind the generated server stub of YooKassa."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hmac import compare_digest
from typing import Any, Final

from behaviour import shop_extras
from behaviour.shops import NOW, Script

from payments.yookassa import BasicCredentials, BearerCredentials, Idempotency, SQLiteIdempotencyStore, errors, server
from payments.yookassa import models as shop

SHOP_ID: Final = "100500"
SECRET: Final = "test_secret"
TOKEN: Final = "oauth-token"
PAGE: Final = 10
_Status = shop.PaymentStatus


def _id(number: int) -> str:
    return f"2a{number:06x}-000f-5000-8000-1a2b3c4d5e6f"


def _money(value: Decimal) -> shop.MonetaryAmount:
    return shop.MonetaryAmount(value=value, currency=shop.CurrencyCode.RUB)


@dataclass
class Shop:
    """What there is, by identifier, oldest first; `events` are the notifications that the shop would have sent."""

    payments: dict[str, shop.Payment] = field(default_factory=dict[str, shop.Payment])
    captures: dict[str, bool] = field(default_factory=dict[str, bool])
    refunds: dict[str, shop.Refund] = field(default_factory=dict[str, shop.Refund])
    events: list[Any] = field(default_factory=list[Any])
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))

    def next_id(self) -> tuple[str, datetime]:
        number = next(iter(self.numbers))
        return _id(number), NOW + timedelta(seconds=number)

    def payment(self, payment_id: str) -> shop.Payment:
        """Raises NotFound."""
        found = self.payments.get(payment_id)
        if found is None:
            raise errors.NotFound("Payment doesn't exist", parameter="payment_id")
        return found

    def keep(self, payment: shop.Payment, **changes: Any) -> shop.Payment:
        self.payments[payment.id] = changed = payment.model_copy(update=changes)
        return changed

    def confirm(self, payment_id: str) -> shop.Payment:
        """What the payer does: pay."""
        with self.lock:
            payment = self.payment(payment_id)
            held = payment.model_copy(update={"paid": True, "confirmation": None})
            if not self.captures[payment_id]:
                waiting = self.keep(held, status=_Status.WAITING_FOR_CAPTURE, expires_at=NOW + timedelta(days=7))
                self.events.append(_event(shop.PaymentWaitingForCaptureNotification, waiting))
                return waiting
            return self.captured(held, held.amount.value)

    def captured(self, payment: shop.Payment, value: Decimal) -> shop.Payment:
        done = self.keep(
            payment,
            status=_Status.SUCCEEDED,
            amount=_money(value),
            income_amount=_money((value * Decimal("0.97")).quantize(Decimal("0.01"))),
            refunded_amount=_money(Decimal("0.00")),
            captured_at=NOW,
            expires_at=None,
            refundable=True,
        )
        self.events.append(_event(shop.PaymentSucceededNotification, done))
        return done


def _event(kind: Any, held: Any) -> Any:
    return kind(type="notification", event=kind.model_fields["event"].default, object=held)


def _page(kind: Any, found: list[Any], limit: int | None, cursor: str | None) -> Any:
    """A page of what was found, newest first; the cursor is the identifier of the last one that was shown."""
    newest = found[::-1]
    shown = [one.id for one in newest]
    if cursor is not None and cursor not in shown:
        raise errors.InvalidRequest("Cursor is invalid", parameter="cursor")
    start = shown.index(cursor) + 1 if cursor is not None else 0
    items = newest[start : start + (limit or PAGE)]
    more = start + len(items) < len(newest)
    return kind(type="list", items=items, next_cursor=items[-1].id if more else None)


class Payments(server.PaymentsHandler):
    """Payments in two stages or in one."""

    def __init__(self, held: Shop) -> None:
        self.held = held

    def create(self, request: server.CreatePayment, /) -> shop.Payment:
        asked = request.body
        if asked.amount.value <= 0:
            raise errors.InvalidRequest("Amount must be positive", parameter="amount.value")
        with self.held.lock:
            payment_id, created_at = self.held.next_id()
            self.held.captures[payment_id] = asked.capture
            made = shop.Payment(
                id=payment_id,
                status=_Status.PENDING,
                amount=asked.amount,
                description=asked.description,
                recipient=shop.PaymentRecipient(account_id=SHOP_ID, gateway_id="100700"),
                created_at=created_at,
                confirmation=_confirmation(asked.confirmation, payment_id),
                metadata=asked.metadata or {},
                test=True,
                paid=False,
                refundable=False,
            )
            return self.held.keep(made)

    def get(self, request: server.GetPayment, /) -> shop.Payment:
        return self.held.payment(request.payment_id)

    def list(self, request: server.ListPayments, /) -> shop.PaymentList:
        found = [one for one in self.held.payments.values() if request.status in (None, one.status)]
        found = [one for one in found if request.created_at_gte is None or one.created_at >= request.created_at_gte]
        found = [one for one in found if request.created_at_lt is None or one.created_at < request.created_at_lt]
        page: shop.PaymentList = _page(shop.PaymentList, found, request.limit, request.cursor)
        return page

    def capture(self, request: server.CapturePayment, /) -> shop.Payment:
        with self.held.lock:
            payment = self._waiting(request.payment_id)
            asked = request.body.amount or payment.amount
            if asked.value > payment.amount.value:
                raise errors.InvalidRequest("Amount exceeds the payment", parameter="amount")
            return self.held.captured(payment, asked.value)

    def cancel(self, request: server.CancelPayment, /) -> shop.Payment:
        with self.held.lock:
            details = shop.PaymentCancellationDetails(
                party=shop.PaymentCancellationParty.MERCHANT, reason=shop.PaymentCancellationReason.CANCELED_BY_MERCHANT
            )
            canceled = self.held.keep(
                self._waiting(request.payment_id),
                status=_Status.CANCELED,
                paid=False,
                expires_at=None,
                cancellation_details=details,
            )
            self.held.events.append(_event(shop.PaymentCanceledNotification, canceled))
            return canceled

    def _waiting(self, payment_id: str) -> shop.Payment:
        payment = self.held.payment(payment_id)
        if payment.status != _Status.WAITING_FOR_CAPTURE:
            raise errors.InvalidRequest(f"The payment is {payment.status.value}", parameter="payment_id")
        return payment


def _confirmation(asked: Any, payment_id: str) -> Any:
    if not isinstance(asked, shop.ConfirmationDataRedirect):
        return None
    address = f"https://pay.test/{payment_id}"
    return shop.ConfirmationRedirect(type="redirect", confirmation_url=address, return_url=asked.return_url)


class Refunds(server.RefundsHandler):
    """Refunds of what was captured, in parts."""

    def __init__(self, held: Shop) -> None:
        self.held = held

    def create(self, request: server.CreateRefund, /) -> shop.Refund:
        asked = request.body
        with self.held.lock:
            payment = self.held.payment(asked.payment_id)
            before = payment.refunded_amount.value if payment.refunded_amount is not None else Decimal(0)
            if not payment.refundable or before + asked.amount.value > payment.amount.value:
                raise errors.InvalidRequest("Not so much can be refunded", parameter="amount")
            after = before + asked.amount.value
            self.held.keep(payment, refunded_amount=_money(after), refundable=after < payment.amount.value)
            refund_id, created_at = self.held.next_id()
            made = shop.Refund(
                id=refund_id,
                payment_id=payment.id,
                status=shop.RefundStatus.SUCCEEDED,
                created_at=created_at,
                amount=asked.amount,
                description=asked.description,
            )
            self.held.refunds[refund_id] = made
            self.held.events.append(_event(shop.RefundSucceededNotification, made))
            return made

    def get(self, request: server.GetRefund, /) -> shop.Refund:
        found = self.held.refunds.get(request.refund_id)
        if found is None:
            raise errors.NotFound("Refund doesn't exist", parameter="refund_id")
        return found

    def list(self, request: server.ListRefunds, /) -> shop.RefundList:
        found = [one for one in self.held.refunds.values() if request.payment_id in (None, one.payment_id)]
        page: shop.RefundList = _page(shop.RefundList, found, request.limit, request.cursor)
        return page


def _basic(credentials: BasicCredentials, operation: object) -> str | None:
    is_known = credentials.username == SHOP_ID and compare_digest(credentials.password, SECRET)
    return credentials.username if is_known else None


def _token(credentials: BearerCredentials, operation: object) -> str | None:
    return "partner" if compare_digest(credentials.token, TOKEN) else None


def memory_shop_app(held: Shop, keys: SQLiteIdempotencyStore, script: Script | None = None) -> Any:
    """The shop; what is neither a payment nor a refund answers by a script."""
    script = script or Script()
    others: dict[str, Callable[[Script], Any]] = {
        "payment_methods": shop_extras.PaymentMethods,
        "invoices": shop_extras.Invoices,
        "receipts": shop_extras.Receipts,
        "deals": shop_extras.Deals,
        "payouts": shop_extras.Payouts,
        "sbp_banks": shop_extras.SbpBanks,
        "personal_data": shop_extras.PersonalData,
        "webhooks": shop_extras.Webhooks,
        "me": shop_extras.Me,
    }
    handlers = {name: make(script) for name, make in others.items()}
    return server.create_app(
        server.Handlers(payments=Payments(held), refunds=Refunds(held), **handlers),
        security=server.SecurityHooks(basic=_basic, oauth=_token),
        idempotency=Idempotency(keys),
    )
