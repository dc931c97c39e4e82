"""The clock, the sleep and the randomness of a client: the only way in which the runtime learns what time it is."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone


def _now() -> datetime:
    return datetime.now(timezone.utc)


async def _asleep(seconds: float) -> None:
    # The event loop may be that of asyncio or of Trio; anyio comes with the HTTP library.
    import anyio

    await anyio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Environment:
    """What tests and simulations replace; `now` is aware and may jump, `monotonic` (seconds) never goes back."""

    now: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    asleep: Callable[[float], Awaitable[None]] = _asleep
    random: Callable[[], float] = random.SystemRandom().random
