"""OrderStatus."""

from __future__ import annotations

from sadpath.runtime.enums import OpenEnum


class OrderStatus(OpenEnum):
    """Where an order stands."""

    PENDING = "pending"
    PAID = "paid"
    CANCELED = "canceled"
