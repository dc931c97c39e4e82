"""What a second execution of an operation does, where its catalog does not say so: a question to its method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sadpath.catalog.model import OperationFacts
from sadpath.runtime.contract import Effect

_EFFECTS: Final[Mapping[str, Effect]] = {
    "GET": "read",
    "HEAD": "read",
    "OPTIONS": "read",
    "QUERY": "read",
    "TRACE": "read",
    "PUT": "idempotent",
    "DELETE": "idempotent",
}


def effect_of(facts: OperationFacts | None, method: str) -> Effect:
    """The effect that the catalog states, else the one that the method promises (RFC 9110, section 9.2)."""
    stated = facts.effect if facts is not None else None
    return stated or _EFFECTS.get(method, "once")
