"""The operations of the tag `transfers`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from sadpath.runtime.calls import AsyncResource, Call, CallOptions, Resource, operation
from sadpath.runtime.contract import Body, OperationContract, Selector, Success
from sadpath.runtime.model import ref

from .. import _contract, errors

if TYPE_CHECKING:
    from ..models.transfer import NewTransfer, Transfer
else:
    NewTransfer = ref(__package__, "..models.transfer", "NewTransfer")
    Transfer = ref(__package__, "..models.transfer", "Transfer")

CREATE: Final = OperationContract(
    id="createTransfer",
    method="POST",
    path="/transfers",
    effect="once",
    natural_key=Selector(request="body", at="/to"),
    body=Body("application/x-www-form-urlencoded", NewTransfer, arguments=("to", "amount", "urgent", "tags")),
    success=(Success("200", "application/json", Transfer),),
    security=((_contract.OAUTH,),),
)
CreateTransferError: TypeAlias = (
    errors.NotEnoughFunds | errors.TransferRefused | errors.InsufficientScope | errors.Unrecognized | errors.NotSent
)


class TransfersOperations:
    """The operations of both clients."""

    @operation
    def create(
        self,
        *,
        to: str,
        amount: Decimal,
        urgent: bool | None = None,
        tags: list[str] | None = None,
        options: CallOptions | None = None,
    ) -> Call[Transfer, CreateTransferError]:
        """Move money."""
        return Call(CREATE, {"to": to, "amount": amount, "urgent": urgent, "tags": tags}, options=options)


class Transfers(TransfersOperations, Resource):
    """Transfers of a sync client."""


class AsyncTransfers(TransfersOperations, AsyncResource):
    """Transfers of an async client."""
