"""Listens to a client as its hooks do, and checks that attempts and waits are those that the catalog allows."""

from __future__ import annotations

from typing import Final

from properties.ledger_clock import Clock

from payments._runtime.hooks import AttemptEvent, CallEvent, Hooks

LIMITS: Final[dict[str, tuple[float, int | None]]] = {
    "too_many_requests": (60.0, 6),
    "internal_server_error": (300.0, None),
    "processing": (300.0, None),
    "unknown_status": (300.0, None),
}
"""By the failure after which a client waits: the longest wait (seconds) and the most attempts that the catalog allows."""
UNLISTED: Final = (60.0, 3)
"""Where the catalog says nothing: a server that asks for it is waited for so long, and there are so many attempts."""


class Watch(Hooks):
    """What was told of the present call."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.begin()

    def begin(self) -> None:
        """A call begins."""
        self.attempts: list[AttemptEvent] = []
        self.calls: list[CallEvent] = []
        self.slept = len(self.clock.slept)

    def attempt(self, event: AttemptEvent) -> None:
        """Note an attempt."""
        self.attempts.append(event)

    def call(self, event: CallEvent) -> None:
        """Note a call."""
        self.calls.append(event)

    @property
    def of_the_caller(self) -> list[CallEvent]:
        """What was told of calls that were not made to find out about others."""
        return [event for event in self.calls if event.purpose == "call"]

    def check(self, requests: int) -> None:
        """A call has ended that sent so many requests."""
        assert len(self.attempts) == requests, f"{len(self.attempts)} attempts were told, and {requests} requests sent"
        slept = self.clock.slept[self.slept :]
        calls = self.of_the_caller
        if not calls:
            return
        [call] = calls
        assert call.attempts == requests
        assert [event.wait for event in self.attempts if event.wait is not None] == slept
        for event in self.attempts:
            longest, most = LIMITS.get(event.error or "", UNLISTED)
            assert event.wait is None or (0 < event.wait <= longest and (most is None or event.attempt < most)), event
