"""What every failure tells, whatever it is caught as, and the base of those after which nobody knows what happened."""

from __future__ import annotations

from .contract import Advice, Outcome
from .headers import Headers


class Failure(Exception):
    """What conditions that span several APIs are caught as; every one that is raised is an `ApiError` too, with these members."""

    status: int | None
    """The HTTP status; None where there was no answer."""
    code: str | int | None
    """The API's code as it stood on the wire."""
    message: str | None
    """The API's own text."""
    headers: Headers
    """The answer's header fields, without credentials and cookies."""
    body: bytes
    """The answer's body, at most 64 KiB of it."""
    idempotency_key: str | None
    """The key that the request carried: the one to use again where `advice.key` says so."""
    operation: str | None
    """The id of the operation."""
    outcome: Outcome
    """Whether the operation took effect."""
    advice: Advice
    """What to do next."""
    violations: tuple[str, ...]
    """What in the answer is against the contract."""
    retry_after: float | None
    """So many seconds the API asks to wait."""
    support_reference: str | None
    """What the API's support asks for."""
    attempts: int
    """How often the request was sent."""


class OutcomeUnknown(Failure):
    """The operation may or may not have been executed.

    Find out, or repeat the same request under the same idempotency key; a new key could execute it twice.
    """
