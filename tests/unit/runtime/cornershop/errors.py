"""The failures of the corner shop."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sadpath.runtime import categories
from sadpath.runtime.contract import (
    Advice,
    Attribute,
    ErrorContract,
    FamilyContract,
    Match,
    Outcome,
    Predicate,
    Selector,
)
from sadpath.runtime.errors import ApiError, Fallbacks, FieldError, Registry
from sadpath.runtime.outcomes import OutcomeUnknown

from . import _contract

_REJECTED: Final = Outcome.REJECTED


class CornerShopError(ApiError):
    """Every failure of the Corner Shop API."""


class _ObjectError(CornerShopError):
    support_id: str | None
    parameter: str | None

    def __init__(
        self, message: str | None = None, *, support_id: str | None = None, parameter: str | None = None
    ) -> None:
        super().__init__(message, attributes={"support_id": support_id, "parameter": parameter})


class InvalidRequest(_ObjectError, categories.InvalidArgument):
    """The request is wrong."""

    contract = ErrorContract(
        "invalid_request",
        Match(("400",), ("invalid_request",), format="error-object"),
        "invalid_argument",
        "client",
        _REJECTED,
        Advice("fix", "new"),
        "Wrong request",
    )


class InvalidCredentials(_ObjectError, categories.Unauthenticated):
    """The credentials are wrong."""

    contract = ErrorContract(
        "invalid_credentials",
        Match(("401",), ("invalid_credentials",), format="error-object"),
        "unauthenticated",
        "client",
        _REJECTED,
        Advice("fix", "either"),
        "Wrong credentials",
        headers={"WWW-Authenticate": "Basic"},
    )


class NotFound(_ObjectError, categories.NotFound):
    """There is no such thing."""

    contract = ErrorContract(
        "not_found",
        Match(("404",), ("not_found",), format="error-object"),
        "not_found",
        "client",
        _REJECTED,
        Advice("fix", "new"),
        "Not found",
    )


class TooManyRequests(_ObjectError, categories.RateLimited):
    """Too many requests."""

    contract = ErrorContract(
        "too_many_requests",
        Match(("429",), ("too_many_requests",), format="error-object"),
        "rate_limited",
        "client",
        _REJECTED,
        Advice("repeat", policy="patient"),
        "Too many requests",
    )


class InternalServerError(_ObjectError, categories.Internal):
    """The shop broke down."""

    contract = ErrorContract(
        "internal_server_error",
        Match(("500",), ("internal_server_error",), format="error-object"),
        "internal",
        "server",
        None,
        Advice("repeat", "same", policy="patient"),
        "Internal error",
    )


class InternalServerErrorOutcomeUnknown(InternalServerError, OutcomeUnknown):
    """The shop broke down, and nobody knows whether the operation was executed."""


class MethodNotAllowed(CornerShopError, categories.Unimplemented):
    """The method is wrong; there is no body."""

    allow: tuple[str, ...] | None
    contract = ErrorContract(
        "method_not_allowed",
        Match(("405",), format="bare"),
        "unimplemented",
        "client",
        _REJECTED,
        Advice("fix", "new"),
        "Wrong method",
    )

    def __init__(self, message: str | None = None, *, allow: tuple[str, ...] | None = None) -> None:
        super().__init__(message, attributes={"allow": allow})


class InsufficientScope(CornerShopError, categories.PermissionDenied):
    """The token lacks a right; told in a header."""

    contract = ErrorContract(
        "insufficient_scope",
        Match(("403",), ("insufficient_scope",), format="bearer"),
        "permission_denied",
        "client",
        _REJECTED,
        Advice("user"),
        "Missing right",
    )


class NotEnoughFunds(CornerShopError, categories.InsufficientFunds):
    """A refusal at HTTP 200."""

    contract_amount: Decimal | None
    contract = ErrorContract(
        "not_enough_funds",
        Match(
            ("200",),
            ("not_enough_funds",),
            format="refusal",
            when=(Predicate(Selector(body="/status"), "equals", "refused"),),
            operations=("createTransfer",),
        ),
        "insufficient_funds",
        "payer",
        _REJECTED,
        Advice("user"),
        "Not enough money",
        attributes={"contract_amount": Attribute(Selector(body="/contract_amount", type="decimal"))},
    )

    def __init__(self, message: str | None = None, *, contract_amount: Decimal | None = None) -> None:
        super().__init__(message, attributes={"contract_amount": contract_amount})


class TransferRefused(CornerShopError, categories.Declined):
    """A refusal at HTTP 200 whose code is not listed."""

    contract = ErrorContract(
        "transfer_refused",
        Match(("200",), other_codes=True, format="refusal", operations=("createTransfer",)),
        "declined",
        "payer",
        _REJECTED,
        Advice("repeat", "new"),
        "Refused",
        stub_code="refused",
    )


class OrderPending(CornerShopError, categories.Unavailable):
    """The order is not paid yet; raised on request alone."""

    contract = ErrorContract(
        "order_pending",
        Match(
            ("200",),
            format="order",
            when=(Predicate(Selector(body="/status"), "equals", "pending"),),
            operations=("getOrder",),
        ),
        "unavailable",
        "network",
        Outcome.PENDING,
        Advice("poll"),
        "Not paid yet",
        raised="opt_in",
    )


class _NumberedError(CornerShopError):
    def __init__(
        self, message: str | None = None, *, items: Sequence[FieldError] = (), code: int | str | None = None
    ) -> None:
        super().__init__(message, items=items, code=code)


class InvalidInput(_NumberedError, categories.InvalidArgument):
    """Fields are wrong."""

    contract = ErrorContract(
        "invalid_input",
        Match(("400",), (1001,), format="numbered"),
        "invalid_argument",
        "client",
        _REJECTED,
        Advice("fix"),
        "Wrong input",
    )


class CardError(_NumberedError):
    """Codes 1030 to 1039."""


class CardExpired(CardError, categories.Expired):
    """The card is too old."""

    contract = ErrorContract(
        "card_expired",
        Match(("400",), (1033,), format="numbered"),
        "expired",
        "payer",
        _REJECTED,
        Advice("user"),
        "Card expired",
    )


class Unrecognized(CornerShopError):
    """An answer that the contract does not describe."""


class UnrecognizedOutcomeUnknown(Unrecognized, OutcomeUnknown):
    """The same, and the outcome is unknown."""


class NotSent(CornerShopError):
    """Nothing left this process."""


class AnswerLost(CornerShopError):
    """Sent, and no usable answer came."""


class AnswerLostOutcomeUnknown(AnswerLost, OutcomeUnknown):
    """The same, on an operation with an effect."""


class Unreadable(CornerShopError):
    """The operation was executed; its answer cannot be read."""


class Unresolved(CornerShopError):
    """Nobody could find out how it ended."""

    reason: str = ""


class UnresolvedOutcomeUnknown(Unresolved, OutcomeUnknown):
    """The same, and it may have been executed."""


class KeyRefused(NotSent):
    """The key would not have protected the request."""


REGISTRY: Final = Registry(
    api=_contract.API,
    root=CornerShopError,
    errors=(
        InvalidRequest,
        InvalidCredentials,
        NotFound,
        TooManyRequests,
        InternalServerError,
        MethodNotAllowed,
        InsufficientScope,
        NotEnoughFunds,
        TransferRefused,
        OrderPending,
        InvalidInput,
        CardExpired,
    ),
    families={FamilyContract("CardError", 1030, 1039): CardError},
    unknown_outcomes={InternalServerError: InternalServerErrorOutcomeUnknown},
    fallbacks=Fallbacks(
        unrecognized=Unrecognized,
        unrecognized_unknown=UnrecognizedOutcomeUnknown,
        not_sent=NotSent,
        answer_lost=AnswerLost,
        answer_lost_unknown=AnswerLostOutcomeUnknown,
        unreadable=Unreadable,
        unresolved=Unresolved,
        unresolved_unknown=UnresolvedOutcomeUnknown,
        key_refused=KeyRefused,
    ),
)
