"""Whether a repeat of a request does harm: what the contract promises, and what the request itself holds."""

from __future__ import annotations

from .answers import Answer, Reading, RequestView
from .contract import OperationContract
from .pointers import MISSING


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
