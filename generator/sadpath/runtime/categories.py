"""The closed list of failure categories: plain bases that an `except` clause can name across several APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from .outcomes import Failure
from .statuses import category_of

_F = TypeVar("_F", bound=Failure)


class Cancelled(Failure):
    """The operation was cancelled, usually by the one who started it."""


class Unknown(Failure):
    """Nothing better is known about the failure."""


class InvalidArgument(Failure):
    """The request is wrong whatever the state of the system: it has to be changed."""


class DeadlineExceeded(Failure):
    """Time ran out before the operation could finish."""


class NotFound(Failure):
    """What the request names does not exist, or not for this caller."""


class AlreadyExists(Failure):
    """What the request would create is there already."""


class PermissionDenied(Failure):
    """The caller is known and may not do this."""


class ResourceExhausted(Failure):
    """A quota, a limit or a capacity is used up."""


class FailedPrecondition(Failure):
    """The system is not in the state that the operation needs."""


class Aborted(Failure):
    """The operation lost against a concurrent one."""


class OutOfRange(Failure):
    """The operation went past a valid range."""


class Unimplemented(Failure):
    """The operation is not offered."""


class Internal(Failure):
    """Something broke inside the API."""


class Unavailable(Failure):
    """The API can't be reached, or can't serve at the moment."""


class DataLoss(Failure):
    """Data is lost or damaged for good."""


class Unauthenticated(Failure):
    """The credentials are missing or not valid."""


class RateLimited(ResourceExhausted):
    """Too many requests in a period of time."""


class Declined(Failure):
    """A payment was refused by somebody entitled to refuse it."""


class InsufficientFunds(Declined):
    """There is not enough money."""


class Expired(Failure):
    """Something that is valid for a time only is not valid any more."""


class AuthenticationRequired(Failure):
    """The payer has to authenticate or confirm before the operation can go on."""


class Pending(Failure):
    """The operation was accepted and is not finished."""


CATEGORIES: Final[Mapping[str, type[Failure]]] = {
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


_MADE: Final[dict[tuple[type[Failure], str], type[Failure]]] = {}


def under_status(cls: type[_F], status: int | None) -> type[_F]:
    """A class that is caught as `cls`, and as the category that a status of 4xx or 5xx stands for, too; `cls` for any other."""
    category = category_of(str(status)) if status is not None and status >= 400 else "unknown"
    condition: type[Failure] = CATEGORIES[category]
    if category == "unknown" or issubclass(cls, condition):
        return cls
    made = _MADE.get((cls, category))
    if made is None:
        members: dict[str, Any] = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
        # Of two threads that make it at a time, one makes the class that counts.
        made = _MADE.setdefault((cls, category), type(cls.__name__, (cls, condition), {**members, "_described": cls}))
    return cast("type[_F]", made)
