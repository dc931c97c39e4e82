"""OrderList."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sadpath.runtime.model import Model, ref

if TYPE_CHECKING:
    from .order import Order
else:
    Order = ref(__package__, ".order", "Order")


class OrderList(Model):
    """One page of orders."""

    items: list[Order]
    next_cursor: str | None = None
