"""The clock, the sleep and the randomness of a client: the only way in which the runtime learns what time it is."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Final

from .frozen import dataclass

_LONGEST: Final = 1e9
INSTANT: Final = 0.001
"""Seconds: what is given to something that has no time left, since 0 means other things to other libraries."""


def _now() -> datetime:
    return datetime.now(timezone.utc)


async def _asleep(seconds: float) -> None:
    # The event loop may be that of asyncio or of Trio; anyio comes with the HTTP library.
    import anyio

    await anyio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time on both clocks: the one that everybody shares, and the one that never goes back."""

    instant: datetime
    monotonic: float


def check_seconds(name: str, value: float | None) -> None:
    """Raises ValueError for a time limit that is none; None sets no limit."""
    if value is not None and not 0 < value < _LONGEST:
        raise ValueError(f"{name} is a number of seconds above 0, or None for no limit")


@dataclass(frozen=True, slots=True)
class Environment:
    """What tests and simulations replace; `now` is aware and may jump, `monotonic` (seconds) never goes back."""

    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    asleep: Callable[[float], Awaitable[None]] = _asleep
    random: Callable[[], float] = random.SystemRandom().random

    def moment(self) -> Moment:
        """Now."""
        return Moment(self.now(), self.monotonic())

    def remembered(self, instant: datetime) -> Moment:
        """A moment that another process noted; one in the future counts as now."""
        age = max((self.now() - instant).total_seconds(), 0.0)
        return Moment(instant, self.monotonic() - age)

    def since(self, moment: Moment) -> float:
        """Seconds since a moment, as the clock has it that went on further: neither a clock set back nor sleep makes things younger."""
        return max((self.now() - moment.instant).total_seconds(), self.monotonic() - moment.monotonic, 0.0)

    def surely_since(self, moment: Moment) -> float:
        """Seconds since a moment, as the clock has it that went on less: a clock set forward lets nothing seem to be over."""
        return max(min((self.now() - moment.instant).total_seconds(), self.monotonic() - moment.monotonic), 0.0)
