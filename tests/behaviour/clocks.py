"""A clock that stands still unless a client sleeps or a test says that time passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Final

from features._runtime.environment import Environment

START: Final = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)
MINUTE: Final = 60.0
HOUR: Final = 3600.0


@dataclass
class Clock:
    """Seconds since the start; `slept` holds every wait, and `during` happens in each of them."""

    seconds: float = 0.0
    set_back: float = 0.0
    """So many seconds the time of day is behind."""
    chance: float = 0.0
    """What a client gets for a random number."""
    slept: list[float] = field(default_factory=list[float])
    during: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The time of day."""
        return START + timedelta(seconds=self.seconds - self.set_back)

    def sleep(self, seconds: float) -> None:
        """What a client sleeps with."""
        assert seconds > 0
        self.slept.append(seconds)
        self.seconds += seconds
        self.during()

    async def asleep(self, seconds: float) -> None:
        """What an async client sleeps with."""
        self.sleep(seconds)

    @property
    def environment(self) -> Environment:
        """What a client is given in place of the real time."""
        return Environment(self.now, lambda: self.seconds, self.sleep, self.asleep, lambda: self.chance)
