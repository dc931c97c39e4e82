"""Uses the hand-made API as a type checker sees it; checked by mypy and pyright, and run by the tests."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never, assert_type

from cornershop import errors
from cornershop.client import AsyncClient, Client
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.order import Order
from cornershop.models.order_list import OrderList
from cornershop.models.transfer import Transfer

from sadpath.runtime.calls import Ok, RawResponse
from sadpath.runtime.credentials import BearerAuth


def transfer(client: Client) -> str:
    """Every failure of one operation, without a default branch."""
    result = client.transfers.create.result(to="4100", amount=Decimal("1.50"))
    match result:
        case Ok(value):
            assert_type(value, Transfer)
            return value.status
        case errors.NotEnoughFunds() as error:
            return f"short by {error.contract_amount}"
        case errors.TransferRefused() as error:
            return f"refused {error.code}"
        case errors.InsufficientScope() | errors.Unrecognized() | errors.NotSent() as error:
            return error.outcome.value
        case _:
            assert_never(result)


def orders(client: Client) -> list[Order]:
    """The types of the values of a sync client."""
    order = client.orders.create(amount=MonetaryAmount(value=Decimal("1.00"), currency="EUR"))
    assert_type(order, Order)
    assert_type(client.orders.get.raw("1"), RawResponse[Order])
    assert_type(client.orders.list(limit=1), OrderList)
    return list(client.orders.list.items(limit=1))


async def orders_async(client: AsyncClient) -> list[Order]:
    """The types of the values of an async client."""
    order = await client.orders.create(amount=MonetaryAmount(value=Decimal("1.00"), currency="EUR"))
    assert_type(order, Order)
    assert_type(await client.orders.get.raw("1"), RawResponse[Order])
    async for page in client.orders.list.pages():
        assert_type(page, OrderList)
    return [item async for item in client.orders.list.items()]


async def transfer_async(client: AsyncClient) -> str:
    """Every failure of one operation of an async client."""
    result = await client.transfers.create.result(to="4100", amount=Decimal("1.50"))
    match result:
        case Ok(value):
            return value.status
        case errors.NotEnoughFunds() | errors.TransferRefused() | errors.InsufficientScope() as refusal:
            return str(refusal)
        case errors.Unrecognized() | errors.NotSent() as other:
            return other.outcome.value
        case _:
            assert_never(result)


def client() -> Client:
    """A client with a token."""
    return Client(BearerAuth("token"))
