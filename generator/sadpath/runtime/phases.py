"""Whether an operation took effect, and how far an exchange came: what every failure is told apart by."""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias


class Outcome(Enum):
    """Whether the operation took effect, as far as anybody can tell."""

    NOT_SENT = "not_sent"
    """The request never left this process: nothing can have happened."""
    REJECTED = "rejected"
    """The API refused: nothing happened."""
    UNKNOWN = "unknown"
    """The operation may or may not have been executed: find out before repeating it under another key."""
    PROCESSED = "processed"
    """The operation was executed, although its answer could not be read."""
    PENDING = "pending"
    """The operation was accepted and is not finished."""


class Phase(Enum):
    """How far an exchange came that did not end with a whole answer."""

    NOT_CONNECTED = "not_connected"
    """Not one byte of the request left this process."""
    SENDING = "sending"
    """The connection failed while the request was being sent: all of it may have arrived."""
    SENT = "sent"
    """The request was sent, and no answer came."""
    PARTLY_ANSWERED = "partly_answered"
    """The answer began, and broke off."""


Reason: TypeAlias = Literal[
    "time_up",
    "deadline",
    "retention_over",
    "key_refused",
    "no_means",
    "refused",
    "not_sent",
    "not_replayable",
    "wait_too_long",
]
"""Why nobody can tell what became of a request."""
