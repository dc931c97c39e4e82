"""What every failure tells, whatever it is caught as, and the base of those after which nobody knows what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .contract import Advice, Outcome, Phase
from .headers import Headers
from .payer import PayerMessage
from .tokens import ResumeToken

if TYPE_CHECKING:
    from .errors import FieldError


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
    blamed_field: str | None
    """The one member or header field of the request that the API blames."""
    retry_after: float | None
    """So many seconds the API asks to wait."""
    support_reference: str | None
    """What the API's support asks for."""
    attempts: int
    """How many attempts were made to send the request; 0 where something stood in the way before."""
    phase: Phase | None
    """How far the last attempt came, where it did not end with a whole answer."""
    identifiers: Mapping[str, str]
    """What could be read of a success that could not be decoded: identifiers by JSON Pointer or by header field."""

    @property
    def resume_token(self) -> ResumeToken | None:
        """Where something is left to find out: what another process needs for it. Store its text beside the order."""
        return None

    def by_field(self) -> dict[str, tuple[FieldError, ...]]:
        """What is wrong, by the field of the request."""
        return {}

    def payer_message(self, locale: str | None = None) -> PayerMessage | None:
        """What the payer may be shown; None where the catalog has no text for it: then the `outcome` decides what to say."""
        return None


class OutcomeUnknown(Failure):
    """The operation may or may not have been executed.

    Find out, or repeat the same request under the same idempotency key; a new key could execute it twice.
    """
