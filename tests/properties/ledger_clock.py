"""A clock that stands still unless somebody sleeps, waits for the network, or a test says that time passes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

from payments._runtime.environment import Environment

START: Final = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)
DAY: Final = 24 * 3600.0


def written_time(seconds: float) -> str:
    """A time as a resume token writes it."""
    return (START + timedelta(seconds=seconds)).isoformat()


class Clock:
    """Seconds since the start; `slept` holds every wait that a client asked for."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self.chance = 0.5
        """What a client gets for a random number."""

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        assert seconds >= 0
        self.seconds += seconds

    def now(self) -> datetime:
        """The time of day."""
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """What a client sleeps with."""
        self.slept.append(seconds)
        self.pass_by(seconds)

    async def asleep(self, seconds: float) -> None:
        """What an async client sleeps with."""
        self.sleep(seconds)

    def environment(self) -> Environment:
        """What a client is given in place of the real time."""
        return Environment(self.now, lambda: self.seconds, self.sleep, self.asleep, lambda: self.chance)
