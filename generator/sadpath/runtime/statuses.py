"""What an HTTP status says by itself: the one table for answers that no contract describes and for entries that leave it open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

UNSETTLED: Final = frozenset({408, 409})
"""The request timed out, or met itself being processed: it may be executed, or be under way."""
NOT_IMPLEMENTED: Final = 501
_PASSING: Final = frozenset({408, 425, 429})
_CATEGORIES: Final[Mapping[str, str]] = {
    "400": "invalid_argument",
    "401": "unauthenticated",
    "402": "declined",
    "403": "permission_denied",
    "404": "not_found",
    "405": "unimplemented",
    "406": "invalid_argument",
    "408": "deadline_exceeded",
    "409": "aborted",
    "410": "not_found",
    "412": "failed_precondition",
    "413": "invalid_argument",
    "415": "invalid_argument",
    "422": "invalid_argument",
    "425": "unavailable",
    "429": "rate_limited",
    "499": "cancelled",
    "500": "internal",
    "501": "unimplemented",
    "502": "unavailable",
    "503": "unavailable",
    "504": "deadline_exceeded",
}


def passes(status: int) -> bool:
    """Whether the same request may fare better later (RFC 9110, 15.5.9 and 15.6; RFC 6585, section 4; RFC 8470, section 5.2)."""
    return status in _PASSING or (status >= 500 and status != NOT_IMPLEMENTED)


def all_pass(statuses: Iterable[str]) -> bool:
    """Whether that holds of every status that an entry names, of which there is one at least; of 501 its range says nothing."""
    found = [_passes(status) for status in statuses]
    return bool(found) and all(found)


def are_mixed(statuses: Iterable[str]) -> bool:
    """Whether an entry stands for statuses that pass and for others."""
    found = list(statuses)
    return any(status in ("default", "4XX") for status in found) or len({_passes(status) for status in found}) > 1


def _passes(status: str) -> bool:
    return passes(int(status)) if status.isdigit() else status == "5XX"


def category_of(status: str) -> str:
    """The category that a status stands for (gRPC's HTTP mapping, and 402, 429 as payment APIs use them)."""
    by_class = {"4": "invalid_argument", "5": "internal"}
    return _CATEGORIES.get(status) or by_class.get(status[0], "unknown")
