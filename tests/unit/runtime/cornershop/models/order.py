"""Order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sadpath.runtime.model import NULLABLE, Check, Model, ref

if TYPE_CHECKING:
    from .confirmation import Confirmation
    from .monetary_amount import MonetaryAmount
    from .order_status import OrderStatus
else:
    Confirmation = ref(__package__, ".confirmation", "Confirmation")
    MonetaryAmount = ref(__package__, ".monetary_amount", "MonetaryAmount")
    OrderStatus = ref(__package__, ".order_status", "OrderStatus")


class Order(Model):
    """An order."""

    id: Annotated[str, Check(min_length=1, max_length=36)]
    status: OrderStatus
    amount: MonetaryAmount
    description: Annotated[str, Check(max_length=20)] | None = None
    note: Annotated[str | None, NULLABLE] = None
    capture: bool = False
    created_at: datetime
    class_: str | None = Field(default=None, validation_alias="class", serialization_alias="class")
    confirmation: Confirmation | None = None
    metadata: dict[str, str | None] | None = None
    parent: Order | None = None
