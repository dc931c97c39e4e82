"""What a client tells about its attempts and calls while they happen: events to count, time and log."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import field
from typing import Final, Literal

from .frozen import dataclass
from .outcomes import Failure
from .phases import Outcome, Phase
from .redaction import printable

Purpose = Literal["call", "resolve", "lookup"]
"""Why a request is sent: for the caller, to find out what became of an earlier one, or to look that up by reading."""

_LOGGER: Final = logging.getLogger(__name__.rpartition(".")[0])
"""Named after the package that the runtime stands in."""
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """What attempts and calls have in common."""

    api: str
    operation: str
    purpose: Purpose = "call"
    status: int | None
    """None where no answer came."""
    error: str | None
    """The catalog's id, or what failed where the catalog lists nothing: not_sent, answer_lost, unrecognized, unreadable, interrupted, ...;
    None, as are `category` and `outcome`, where it succeeded."""
    category: str | None
    outcome: Outcome | None
    duration: float
    """Seconds."""
    idempotency_key: str | None = None

    @property
    def labels(self) -> dict[str, str]:
        """What to count by: of few different values, and without keys, codes and texts."""
        return {
            "api": self.api,
            "operation": self.operation,
            "purpose": self.purpose,
            "status": _status_class(self.status),
            "error": self.error or "none",
            "category": self.category or "none",
            "outcome": _outcome(self.outcome),
            **self._further(),
        }

    def _further(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEvent(_Event):
    """One request, and how it ended."""

    attempt: int
    """From 1 on."""
    phase: Phase | None
    """How far the exchange came, where it did not end with a whole answer."""
    wait: float | None
    """Seconds until the next attempt; None: there is none."""

    def _further(self) -> dict[str, str]:
        phase = self.phase.value if self.phase is not None else "none"
        return {"phase": phase, "repeated": "no" if self.wait is None else "yes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(_Event):
    """One call of the caller with all its attempts and waits, and how it ended.

    With the purpose `resolve`: what was done to find out what became of an earlier call.
    """

    attempts: int
    """How many attempts were made; 0 where something stood in the way before."""
    support_reference: str | None = None
    failure: Failure | None = field(default=None, repr=False)
    """What was raised or, where the caller gave up, what is known: its `resume_token` finds out what became of the call."""

    def _further(self) -> dict[str, str]:
        return {"repeated": "yes" if self.attempts > 1 else "no"}


class Hooks:
    """Does nothing with what it is told. Override what you need: it runs within the call, so it should be quick.

    Of an async client it runs in the event loop. What it raises is logged, and changes no call.
    """

    def attempt(self, event: AttemptEvent) -> None:
        """An attempt has ended; the wait for the next one, if any, has not begun."""

    def call(self, event: CallEvent) -> None:
        """A call has ended."""


class LogHooks(Hooks):
    """Writes one line for every attempt and every call that says more than that all went well at once.

    Levels: INFO for attempts that failed and for calls that succeeded after repeats, WARNING for calls that failed, ERROR for
    calls whose outcome is unknown; DEBUG for the rest. A line holds idempotency keys and support references, and no
    credentials, no texts of the API and no card numbers.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self.logger = logger if logger is not None else _LOGGER

    def attempt(self, event: AttemptEvent) -> None:
        """Log an attempt."""
        level = logging.DEBUG if event.error is None else logging.INFO
        if not self.logger.isEnabledFor(level):
            return
        facts = [_ending(event)]
        if event.phase is not None:
            facts.append(f"phase {event.phase.value}")
        facts += [*_known("key", event.idempotency_key), f"took {event.duration:.3f} s"]
        if event.wait is not None:
            facts.append(f"next in {event.wait:.3f} s")
        self._log(level, f"{_name(event)}: attempt {event.attempt}{_purpose(event)}: {', '.join(facts)}")

    def call(self, event: CallEvent) -> None:
        """Log a call."""
        level = _level(event)
        if not self.logger.isEnabledFor(level):
            return
        times = "1 attempt" if event.attempts == 1 else f"{event.attempts} attempts"
        facts = [
            _ending(event),
            *_known("key", event.idempotency_key),
            *_known("support reference", event.support_reference),
            f"took {event.duration:.3f} s",
        ]
        self._log(level, f"{_name(event)}: {times}{_purpose(event)}: {', '.join(facts)}")

    def _log(self, level: int, line: str) -> None:
        self.logger.log(level, "%s", printable(line))


class Several(Hooks):
    """Tells each of several hooks; one that fails keeps nothing from the others."""

    def __init__(self, *hooks: Hooks) -> None:
        self.hooks = hooks

    def attempt(self, event: AttemptEvent) -> None:
        """Pass an attempt on."""
        for hook in self.hooks:
            told(hook, event)

    def call(self, event: CallEvent) -> None:
        """Pass a call on."""
        for hook in self.hooks:
            told(hook, event)


def told(hooks: Hooks, event: AttemptEvent | CallEvent) -> None:
    """Tell hooks what happened; an exception of theirs is logged as a warning, and goes no further."""
    try:
        if isinstance(event, AttemptEvent):
            hooks.attempt(event)
        else:
            hooks.call(event)
    except Exception:
        # Whoever hung in the hook may have hung a filter into the logger too.
        with contextlib.suppress(Exception):
            _LOGGER.warning("%s failed, the call goes on", type(hooks).__name__, exc_info=True)


def _level(event: CallEvent) -> int:
    if event.error is None:
        return logging.INFO if event.attempts > 1 else logging.DEBUG
    return logging.ERROR if event.outcome is Outcome.UNKNOWN else logging.WARNING


def _name(event: AttemptEvent | CallEvent) -> str:
    return f"{printable(event.api, _LONGEST)} {printable(event.operation, _LONGEST)}"


def _purpose(event: AttemptEvent | CallEvent) -> str:
    return "" if event.purpose == "call" else f" ({event.purpose})"


def _ending(event: AttemptEvent | CallEvent) -> str:
    status = "no answer" if event.status is None else str(event.status)
    if event.error is None:
        return status
    return f"{status} {printable(event.error, _LONGEST)}, outcome {_outcome(event.outcome)}"


def _known(name: str, value: str | None) -> list[str]:
    return [] if value is None else [f"{name} {printable(value, _LONGEST)}"]


def _outcome(outcome: Outcome | None) -> str:
    return "none" if outcome is None else outcome.value


def _status_class(status: int | None) -> str:
    if status is None:
        return "none"
    return f"{status // 100}xx" if 100 <= status < 600 else "other"
