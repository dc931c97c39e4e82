"""The operations of the tag `orders`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from sadpath.runtime.calls import (
    UNSET,
    AsyncResource,
    Call,
    CallOptions,
    PagedCall,
    Resource,
    Unset,
    operation,
    paged_operation,
)
from sadpath.runtime.contract import Body, OperationContract, Paging, Parameter, Success
from sadpath.runtime.model import ref

from .. import _contract, errors

if TYPE_CHECKING:
    from ..models.confirmation import Confirmation
    from ..models.monetary_amount import MonetaryAmount
    from ..models.order import Order
    from ..models.order_list import OrderList
    from ..models.order_status import OrderStatus
else:
    NewOrder = ref(__package__, "..models.new_order", "NewOrder")
    Order = ref(__package__, "..models.order", "Order")
    OrderList = ref(__package__, "..models.order_list", "OrderList")
    OrderStatus = ref(__package__, "..models.order_status", "OrderStatus")

if TYPE_CHECKING:
    from ..models.new_order import NewOrder

CREATE: Final = OperationContract(
    id="createOrder",
    method="POST",
    path="/orders",
    effect="once",
    idempotency="key",
    body=Body("application/json", NewOrder, arguments=("amount", "description", "note", "confirmation")),
    success=(Success("200", "application/json", Order),),
    security=_contract.EITHER,
)
GET: Final = OperationContract(
    id="getOrder",
    method="GET",
    path="/orders/{order_id}",
    effect="read",
    parameters=(Parameter("order_id", "order_id", "path", str, required=True, style="simple", explode=False),),
    success=(Success("200", "application/json", Order),),
    security=_contract.EITHER,
)
LIST: Final = OperationContract(
    id="listOrders",
    method="GET",
    path="/orders",
    effect="read",
    parameters=(
        Parameter("created_at_gte", "created_at.gte", "query", datetime),
        Parameter("status", "status", "query", list[OrderStatus], explode=False),
        Parameter("metadata", "metadata", "query", dict[str, str], style="deepObject"),
        Parameter("test", "test", "query", bool),
        Parameter("limit", "limit", "query", int),
        Parameter("cursor", "cursor", "query", str),
    ),
    success=(Success("200", "application/json", OrderList),),
    security=_contract.EITHER,
    paging=Paging("/items", "/next_cursor", "cursor"),
)
DELETE: Final = OperationContract(
    id="deleteOrder",
    method="DELETE",
    path="/orders/{order_id}",
    effect="idempotent",
    parameters=(Parameter("order_id", "order_id", "path", str, required=True, style="simple", explode=False),),
    success=(Success("200"),),
    security=_contract.EITHER,
)

_Common: TypeAlias = (
    errors.InvalidRequest
    | errors.InvalidCredentials
    | errors.TooManyRequests
    | errors.InternalServerError
    | errors.MethodNotAllowed
    | errors.InsufficientScope
    | errors.InvalidInput
    | errors.CardError
    | errors.Unrecognized
    | errors.NotSent
    | errors.AnswerLost
    | errors.Unreadable
)
CreateOrderError: TypeAlias = _Common | errors.NotFound
GetOrderError: TypeAlias = _Common | errors.NotFound | errors.OrderPending


class OrdersOperations:
    """The operations of both clients."""

    @operation
    def create(
        self,
        *,
        amount: MonetaryAmount,
        description: str | None = None,
        note: str | None | Unset = UNSET,
        confirmation: Confirmation | None = None,
        idempotency_key: str | None = None,
        options: CallOptions | None = None,
    ) -> Call[Order, CreateOrderError]:
        """Create an order.

        Raises InvalidRequest and others.
        """
        arguments = {"amount": amount, "description": description, "note": note, "confirmation": confirmation}
        return Call(CREATE, arguments, idempotency_key=idempotency_key, options=options)

    @operation
    def get(self, order_id: str, *, options: CallOptions | None = None) -> Call[Order, GetOrderError]:
        """Read an order."""
        return Call(GET, {"order_id": order_id}, options=options)

    @paged_operation
    def list(  # noqa: PLR0913 as many as the operation has parameters
        self,
        *,
        created_at_gte: datetime | None = None,
        status: list[OrderStatus] | None = None,
        metadata: dict[str, str] | None = None,
        test: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> PagedCall[OrderList, CreateOrderError, Order]:
        """List orders."""
        arguments = {
            "created_at_gte": created_at_gte,
            "status": status,
            "metadata": metadata,
            "test": test,
            "limit": limit,
            "cursor": cursor,
        }
        return PagedCall(LIST, arguments, options=options)

    @operation
    def delete(self, order_id: str, *, options: CallOptions | None = None) -> Call[None, CreateOrderError]:
        """Delete an order."""
        return Call(DELETE, {"order_id": order_id}, options=options)


class Orders(OrdersOperations, Resource):
    """Orders of a sync client."""


class AsyncOrders(OrdersOperations, AsyncResource):
    """Orders of an async client."""
