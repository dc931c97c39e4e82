"""Transfer and what it is made from."""

from __future__ import annotations

from sadpath.runtime.model import Model
from sadpath.runtime.scalars import DecimalNumber


class NewTransfer(Model):
    """What a transfer is made from; goes out as a form."""

    to: str
    amount: DecimalNumber
    urgent: bool | None = None
    tags: list[str] | None = None


class Transfer(Model):
    """The result of a transfer."""

    status: str
    transfer_id: str | None = None
