"""The closed list of failure categories: plain bases that an `except` clause can name across several APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


class Cancelled(Exception):
    """The operation was cancelled, usually by the one who started it."""


class Unknown(Exception):
    """Nothing better is known about the failure."""


class InvalidArgument(Exception):
    """The request is wrong whatever the state of the system: it has to be changed."""


class DeadlineExceeded(Exception):
    """Time ran out before the operation could finish."""


class NotFound(Exception):
    """What the request names does not exist, or not for this caller."""


class AlreadyExists(Exception):
    """What the request would create is there already."""


class PermissionDenied(Exception):
    """The caller is known and may not do this."""


class ResourceExhausted(Exception):
    """A quota, a limit or a capacity is used up."""


class FailedPrecondition(Exception):
    """The system is not in the state that the operation needs."""


class Aborted(Exception):
    """The operation lost against a concurrent one."""


class OutOfRange(Exception):
    """The operation went past a valid range."""


class Unimplemented(Exception):
    """The operation is not offered."""


class Internal(Exception):
    """Something broke inside the API."""


class Unavailable(Exception):
    """The API can't be reached, or can't serve at the moment."""


class DataLoss(Exception):
    """Data is lost or damaged for good."""


class Unauthenticated(Exception):
    """The credentials are missing or not valid."""


class RateLimited(ResourceExhausted):
    """Too many requests in a period of time."""


class Declined(Exception):
    """A payment was refused by somebody entitled to refuse it."""


class InsufficientFunds(Declined):
    """There is not enough money."""


class Expired(Exception):
    """Something that is valid for a time only is not valid any more."""


class AuthenticationRequired(Exception):
    """The payer has to authenticate or confirm before the operation can go on."""


class Pending(Exception):
    """The operation was accepted and is not finished."""


CATEGORIES: Final[Mapping[str, type[Exception]]] = {
    "cancelled": Cancelled,
    "unknown": Unknown,
    "invalid_argument": InvalidArgument,
    "deadline_exceeded": DeadlineExceeded,
    "not_found": NotFound,
    "already_exists": AlreadyExists,
    "permission_denied": PermissionDenied,
    "resource_exhausted": ResourceExhausted,
    "failed_precondition": FailedPrecondition,
    "aborted": Aborted,
    "out_of_range": OutOfRange,
    "unimplemented": Unimplemented,
    "internal": Internal,
    "unavailable": Unavailable,
    "data_loss": DataLoss,
    "unauthenticated": Unauthenticated,
    "rate_limited": RateLimited,
    "declined": Declined,
    "insufficient_funds": InsufficientFunds,
    "expired": Expired,
    "authentication_required": AuthenticationRequired,
    "pending": Pending,
}
"""The category's name in an error catalog, to its class."""
