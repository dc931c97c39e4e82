"""What users of the generated packages write, checked by mypy and pyright in strict mode; never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from hmac import compare_digest
from typing import assert_never, assert_type

from payments import OutcomeUnknown, RateLimited
from payments.yookassa import (
    AsyncClient,
    BasicAuth,
    BasicCredentials,
    Client,
    Idempotency,
    Ok,
    SQLiteIdempotencyStore,
    errors,
    models,
    server,
)


def pay(client: Client, amount: models.MonetaryAmount) -> str:
    payment = client.payments.create(amount=amount, capture=True, idempotency_key="order-7")
    assert_type(payment, models.Payment)
    assert_type(payment.description, str | None)
    return payment.id


def outcome(client: Client, amount: models.MonetaryAmount) -> str:
    result = client.payments.create.result(amount=amount)
    match result:
        case Ok(value):
            assert_type(value, models.Payment)
            return "paid"
        case errors.InvalidRequest() as error:
            assert_type(error.parameter, str | None)
            return "fix"
        case errors.InvalidCredentials() | errors.Forbidden() | errors.NotFound() | errors.Gone():
            return "ask an operator"
        case errors.MethodNotAllowed() | errors.UnsupportedMediaType() | errors.NotSupported() | errors.Refusal():
            return "mend the integration"
        case errors.TooManyRequests() | errors.NotSent():
            return "later"
        case errors.InternalServerError() | errors.Processing() | errors.AnswerLost():
            return "find out"
        case errors.Unrecognized() | errors.Unreadable():
            return "look"
        case _:
            assert_never(result)


async def outcome_awaited(client: AsyncClient) -> models.Refund | None:
    match await client.refunds.get.result(refund_id="1"):
        case Ok(value):
            return value
        case errors.YooKassaError() as error:
            assert_type(error.idempotency_key, str | None)
            return None


def everything(client: Client) -> Iterator[models.Payment]:
    items = client.payments.list.items(limit=100)
    assert_type(items, Iterator[models.Payment])
    return items


def everything_awaited(client: AsyncClient) -> AsyncIterator[models.PaymentList]:
    pages = client.payments.list.pages(status=models.PaymentStatus.PENDING)
    assert_type(pages, AsyncIterator[models.PaymentList])
    return pages


def condition(client: Client) -> bool:
    try:
        client.payments.get(payment_id="1")
    except (RateLimited, OutcomeUnknown):
        return True
    return False


class Refunds:
    """A handler may be sync or async, method by method."""

    async def create(self, request: server.CreateRefund, /) -> models.Refund:
        assert_type(request.body, models.CreateRefundRequest)
        assert_type(request.idempotency_key, str)
        raise errors.InvalidRequest("no", parameter="amount")

    def list(self, request: server.ListRefunds, /) -> models.RefundList:
        return models.RefundList(type="list", items=[])

    async def get(self, request: server.GetRefund, /) -> models.Refund:
        raise errors.NotFound(request.refund_id)


async def shop(credentials: BasicCredentials, operation: object) -> str | None:
    """A function that checks credentials may be sync or async."""
    assert_type(credentials.username, str)
    return credentials.username if compare_digest(credentials.password, "key") else None


APP = server.create_app(
    server.Handlers(refunds=Refunds()),
    security=server.SecurityHooks(basic=shop, oauth=lambda credentials, operation: credentials.token or None),
    idempotency=Idempotency(SQLiteIdempotencyStore(":memory:")),
)
CLIENT = Client(BasicAuth("shop", "key"), timeout=5)
