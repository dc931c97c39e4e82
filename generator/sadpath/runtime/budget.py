"""The retry budget that the calls of a client share, so that a failing API is not buried under repeats."""

from __future__ import annotations

import threading
from typing import Final

_CAPACITY: Final = 10.0
_EARNED: Final = 0.1
_ROUNDING: Final = 1e-9


class RetryBudget:
    """A bucket of tokens: a repeat takes one, a call that succeeds at once earns a tenth; without a token nothing is repeated.

    So a client may repeat ten times in a burst, and one call in ten over time. Safe across threads and tasks; several
    clients may share one. What `resolve` does takes nothing from it.
    """

    def __init__(self, capacity: float = _CAPACITY, earned: float = _EARNED) -> None:
        if not capacity >= 0 or not earned >= 0:
            raise ValueError("a retry budget is made of numbers from 0 on")
        self._capacity = capacity
        self._earned = earned
        self._tokens = capacity
        self._lock = threading.Lock()

    @property
    def tokens(self) -> float:
        """What is left."""
        return self._tokens

    def take(self) -> bool:
        """Whether one more repeat is allowed; takes its token if so."""
        with self._lock:
            if self._tokens < 1 - _ROUNDING:
                return False
            self._tokens -= 1
            return True

    def earn(self) -> None:
        """Note a call that succeeded at the first attempt."""
        with self._lock:
            self._tokens = min(self._capacity, self._tokens + self._earned)

    def __repr__(self) -> str:
        return f"RetryBudget(tokens={self._tokens:g})"
