"""Handlers of the shop's generated server stub that answer as a test tells them, and keep what they were asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from payments._runtime.errors import ApiError
from payments._runtime.serving import ServerRequest
from payments.yookassa import models as shop
from payments.yookassa import server as shop_server

ID = "2a000000-000f-5000-8000-1a2b3c4d5e6f"
NOW = datetime(2026, 1, 5, 10, 0, 0, 250000, tzinfo=timezone.utc)


def amount(value: str = "150.00") -> shop.MonetaryAmount:
    return shop.MonetaryAmount(value=Decimal(value), currency=shop.CurrencyCode.RUB)


def payment(status: shop.PaymentStatus = shop.PaymentStatus.SUCCEEDED, **members: Any) -> shop.Payment:
    return shop.Payment(
        id=ID,
        status=status,
        amount=amount(),
        recipient=shop.PaymentRecipient(account_id="100500", gateway_id="100700"),
        created_at=NOW,
        test=True,
        paid=True,
        refundable=False,
        **members,
    )


def refund(status: shop.RefundStatus = shop.RefundStatus.SUCCEEDED, **members: Any) -> shop.Refund:
    return shop.Refund(id=ID, payment_id=ID, status=status, created_at=NOW, amount=amount("1.10"), **members)


@dataclass
class Script:
    """What the handlers do next: raise `failure` if there is one, else answer with `answer`, else as they always do."""

    failure: Exception | None = None
    answer: Any = None
    seen: list[ServerRequest] = field(default_factory=list[ServerRequest])

    def act(self, request: ServerRequest, usual: Any) -> Any:
        self.seen.append(request)
        if self.failure is not None:
            raise self.failure
        return usual if self.answer is None else self.answer

    @property
    def last(self) -> Any:
        return self.seen[-1]


class Payments:
    """Sync and async handlers side by side."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def create(self, request: shop_server.CreatePayment, /) -> shop.Payment:
        found: shop.Payment = self.script.act(request, payment(metadata=request.body.metadata))
        return found

    def list(self, request: shop_server.ListPayments, /) -> shop.PaymentList:
        cursor = "next" if request.cursor is None else None
        page = shop.PaymentList(type="list", items=[payment(), payment()], next_cursor=cursor)
        found: shop.PaymentList = self.script.act(request, page)
        return found

    def get(self, request: shop_server.GetPayment, /) -> shop.Payment:
        found: shop.Payment = self.script.act(request, payment())
        return found

    def capture(self, request: shop_server.CapturePayment, /) -> shop.Payment:
        found: shop.Payment = self.script.act(request, payment())
        return found

    async def cancel(self, request: shop_server.CancelPayment, /) -> shop.Payment:
        found: shop.Payment = self.script.act(request, payment(shop.PaymentStatus.CANCELED))
        return found


class Refunds:
    def __init__(self, script: Script) -> None:
        self.script = script

    def create(self, request: shop_server.CreateRefund, /) -> shop.Refund:
        found: shop.Refund = self.script.act(request, refund())
        return found

    async def list(self, request: shop_server.ListRefunds, /) -> shop.RefundList:
        cursor = "next" if request.cursor is None else None
        page = shop.RefundList(type="list", items=[refund(), refund()], next_cursor=cursor)
        found: shop.RefundList = self.script.act(request, page)
        return found

    def get(self, request: shop_server.GetRefund, /) -> shop.Refund:
        found: shop.Refund = self.script.act(request, refund())
        return found


def anyone(credentials: object, operation: object) -> str:
    """Lets in whoever shows credentials."""
    return "anyone"


def shop_app(script: Script, **options: Any) -> Any:
    options = {"authenticate": anyone, **options}
    handlers = shop_server.Handlers(payments=Payments(script), refunds=Refunds(script))
    return shop_server.create_app(handlers, **options)


def attributes_of(error: ApiError) -> dict[str, Any]:
    """The attributes that were set."""
    return {name: value for name, value in error.attributes.items() if value is not None}
