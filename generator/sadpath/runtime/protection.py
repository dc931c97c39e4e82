"""Whether a repeat of a request does harm: what the contract promises, and what the request itself holds."""

from __future__ import annotations

from typing import Final

from .answers import Answer, Reading, RequestView
from .contract import IdempotencyScheme, OperationContract
from .pointers import MISSING

ASSUMED_RETENTION: Final = 24 * 3600.0
"""Seconds for which an API is believed to remember a key where nobody says how long it does: what most vendors state; ours."""


def is_protected(contract: OperationContract, key: str | None, view: RequestView) -> bool:
    """Whether the API recognizes a repeat as one: by its key, or by a natural key that the request really holds."""
    if contract.idempotency is not None and key is not None:
        return True
    if contract.natural_key is None:
        return False
    value = Reading(Answer(0), view).select(contract.natural_key)
    return value is not MISSING and value is not None and value != ""


def is_repeatable(contract: OperationContract, *, protected: bool) -> bool:
    """Whether a second execution does no harm, or is none."""
    return protected or contract.effect != "once"


def retention_of(scheme: IdempotencyScheme, contract: OperationContract, view: RequestView) -> float | None:
    """Seconds for which a repeat under one key is one; None where nobody says so, and a repeat does no harm without the key."""
    if scheme.retention is not None:
        return scheme.retention
    harmless = is_repeatable(contract, protected=is_protected(contract, None, view))
    return None if harmless else ASSUMED_RETENTION
