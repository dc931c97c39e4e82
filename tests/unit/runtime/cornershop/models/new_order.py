"""NewOrder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from sadpath.runtime.model import NULLABLE, Check, Model, ref

if TYPE_CHECKING:
    from .confirmation import Confirmation
    from .monetary_amount import MonetaryAmount
else:
    Confirmation = ref(__package__, ".confirmation", "Confirmation")
    MonetaryAmount = ref(__package__, ".monetary_amount", "MonetaryAmount")


class NewOrder(Model):
    """What an order is made from."""

    amount: MonetaryAmount
    description: Annotated[str, Check(max_length=20)] | None = None
    note: Annotated[str | None, NULLABLE] = None
    confirmation: Confirmation | None = None
