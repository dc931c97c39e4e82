"""How long to wait before the next attempt: the arithmetic of a catalog's policies, without a clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .contract import Policy

REPEATING: Final = Policy("repeating", "exponential", unit=0.5, factor=2.0, cap=8.0, jitter=0.25, max_attempts=3)
"""For repeats that are safe and for which the catalog names no policy; ours."""
RESOLVING: Final = Policy("resolving", "exponential", unit=1.0, factor=2.0, cap=60.0, max_elapsed=15 * 60.0)
"""For finding out what happened where the catalog names no policy; ours."""
LONGEST_WAIT: Final = 60.0
"""Seconds: a server that asks for more is not obeyed by sleeping, where its policy states no cap; ours."""
SHORTEST_WAIT: Final = 0.1
_LARGEST: Final = 86_400.0


class TooLong(Exception):
    """The server asks to wait for longer than its policy lets a client sleep; `seconds` is what it asks for."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the server asks to wait {seconds:g} s")
        self.seconds = seconds


def wait_after(policy: Policy, attempts: int, given: float | None, random: Callable[[], float]) -> float | None:
    """Seconds to wait after so many attempts (1 or more); None where the policy allows no further one.

    `given` is what the server asks for: no wait is shorter. Raises TooLong where it asks for more than may be slept.
    Jitter takes away at most its share of a wait.
    """
    if policy.max_attempts is not None and attempts >= policy.max_attempts:
        return None
    wait = _interval(policy, attempts - 1)
    if wait is None:
        return None
    if policy.cap is not None:
        wait = min(wait, policy.cap)
    wait *= 1 - policy.jitter * random()
    if given is None:
        return wait
    if given > longest_wait(policy):
        raise TooLong(given)
    return max(given, SHORTEST_WAIT if policy.backoff == "server" else wait)


def longest_wait(policy: Policy) -> float:
    """The longest wait (seconds) that is slept because a server asks for it."""
    return policy.retry_after.cap if policy.retry_after is not None else LONGEST_WAIT


def _interval(policy: Policy, place: int) -> float | None:
    """The wait at a place, from 0, before cap and jitter."""
    if policy.backoff == "linear":
        return min(policy.unit * (place + 1), _LARGEST)
    if policy.backoff == "exponential":
        return _power(policy, place)
    if policy.backoff == "fibonacci":
        return _fibonacci(policy.unit, place)
    if policy.backoff == "schedule":
        return policy.schedule[place] if place < len(policy.schedule) else None
    return policy.unit


def _power(policy: Policy, place: int) -> float:
    try:
        return min(policy.unit * policy.factor**place, _LARGEST)
    except OverflowError:
        return _LARGEST


def _fibonacci(unit: float, place: int) -> float:
    """1, 1, 2, 3, 5, 8, ... times the unit."""
    last, current = 0, 1
    for _ in range(place):
        last, current = current, last + current
        if current * unit > _LARGEST:
            return _LARGEST
    return current * unit
