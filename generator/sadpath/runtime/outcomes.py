"""The base class of every failure after which nobody knows whether the operation was executed."""

from __future__ import annotations


class OutcomeUnknown(Exception):
    """The operation may or may not have been executed.

    Find out, or repeat the same request under the same idempotency key; a new key could execute it twice.
    """
