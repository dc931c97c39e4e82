"""The server stub of the corner shop."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starlette.applications import Starlette

from sadpath.runtime.serving import ServerRequest, ServerRoute, Serving, build_app, contract_exception_handlers
from sadpath.runtime.serving_limits import Limits
from sadpath.runtime.serving_security import Authenticator, Doorkeeper

from .errors import REGISTRY
from .models.new_order import NewOrder
from .models.order import Order
from .models.order_list import OrderList
from .models.order_status import OrderStatus
from .models.transfer import NewTransfer, Transfer
from .resources import orders, transfers


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrder(ServerRequest):
    """Create an order."""

    body: NewOrder
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrder(ServerRequest):
    """Read an order."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrders(ServerRequest):
    """List orders."""

    created_at_gte: datetime | None
    status: list[OrderStatus] | None
    metadata: dict[str, str] | None
    test: bool | None
    limit: int | None
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOrder(ServerRequest):
    """Delete an order."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTransfer(ServerRequest):
    """Move money."""

    body: NewTransfer


class OrdersHandler(Protocol):
    """What serves the tag `orders`."""

    def create(self, request: CreateOrder) -> Order | Awaitable[Order]: ...
    def get(self, request: GetOrder) -> Order | Awaitable[Order]: ...
    def list(self, request: ListOrders) -> OrderList | Awaitable[OrderList]: ...


class TransfersHandler(Protocol):
    """What serves the tag `transfers`."""

    def create(self, request: CreateTransfer) -> Transfer | Awaitable[Transfer]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The handlers by tag."""

    orders: OrdersHandler | None = None
    transfers: TransfersHandler | None = None


ROUTES = (
    ServerRoute(orders.CREATE, "orders", "create", CreateOrder),
    ServerRoute(orders.GET, "orders", "get", GetOrder),
    ServerRoute(orders.LIST, "orders", "list", ListOrders),
    ServerRoute(orders.DELETE, "orders", "delete", DeleteOrder),
    ServerRoute(transfers.CREATE, "transfers", "create", CreateTransfer),
)


def anyone(credentials: object, operation: object) -> str:
    """Lets in whoever shows credentials."""
    return "anyone"


def create_app(handlers: Handlers, *, authenticate: Authenticator = anyone, limits: Limits | None = None) -> Starlette:
    """The application."""
    serving = Serving(doorkeeper=Doorkeeper(authenticate=authenticate), limits=limits or Limits())
    return build_app(REGISTRY, ROUTES, handlers, serving)


def exception_handlers() -> dict[type[Exception], Any]:
    """For an application of one's own."""
    return {**contract_exception_handlers(REGISTRY)}
