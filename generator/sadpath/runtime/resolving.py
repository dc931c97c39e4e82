"""Finds out what became of a request whose outcome is open, the way that the catalog prescribes; steps as in `conversation`."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Literal, TypeGuard, TypeVar

from .attempts import is_repeatable, policy_of, settles
from .calls import Call, Unset
from .contract import Lookup, Outcome, Policy
from .conversation import Ended, Event, Send, Step, Wait, guarded, judged, tell_attempt
from .errors import ApiError
from .exchange import Exchange, is_opt_in
from .looking import look_up
from .outcomes import Failure
from .policies import RESOLVING, TooLong, wait_after
from .settings import Settings
from .tokens import ResumeToken

T = TypeVar("T")

Reason = Literal["time_up", "deadline", "retention_over", "no_means", "refused", "not_replayable", "wait_too_long"]
_SKEW: Final = 60.0
"""Seconds that the clocks of both sides may differ by: a key counts as forgotten that much earlier."""
_SETTLING: Final = 60.0
"""Seconds after which a request that left no trace is believed not to be under way any more; ours."""
_TEXTS: Final[dict[Reason, str]] = {
    "time_up": "the prescribed time is up",
    "deadline": "the time given for finding out is up",
    "retention_over": "the API may have forgotten the idempotency key: the same request could be a new operation",
    "no_means": "the contract offers no means to find out: no idempotency key, nothing to look up",
    "refused": "the API refuses to tell",
    "not_replayable": "its body was read while it was sent, and cannot be sent again",
    "wait_too_long": "the API asks for a longer wait than may be slept",
}


@dataclass(frozen=True, slots=True)
class Resolved(Generic[T]):
    """What became of a request.

    `value` is the operation's own answer, where the same request was sent again; `found` is what a lookup found instead.
    `notice` is the success-shaped outcome that the value also is. `attempts` counts all attempts, those before included.
    """

    executed: bool
    value: T | None = None
    found: Any = None
    notice: ApiError | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """What is to be resolved: its request, what it was known as last, and how long may be spent on it (seconds)."""

    exchange: Exchange[Any]
    outcome: Outcome
    failure: ApiError
    deadline: float | None = None


def opened(settings: Settings, error: Failure, deadline: float | None) -> Open:
    """What a failure leaves open. Raises ValueError where nothing is, and where this client cannot find it out."""
    origin = error.origin if isinstance(error, ApiError) else None
    if not isinstance(error, ApiError) or not isinstance(error, settings.registry.root):
        raise ValueError(f"only a failure of {settings.registry.api.title} can be resolved by this client")
    if error.outcome not in (Outcome.UNKNOWN, Outcome.PENDING):
        raise ValueError(f"there is nothing to resolve: the outcome is {error.outcome.value}")
    if not _is_exchange(origin):
        raise ValueError(
            "this exception was made in another process: give its resume_token to the operation's method `resume`, "
            "with the same arguments"
        )
    return Open(origin.again(settings), error.outcome, error, deadline)


def _is_exchange(origin: object) -> TypeGuard[Exchange[Any]]:
    return isinstance(origin, Exchange)


def opened_token(settings: Settings, token: ResumeToken | str, call: Call[Any, Any]) -> Open:
    """What a token leaves open. Raises ValueError where it belongs to another request."""
    known = ResumeToken.parse(token) if isinstance(token, str) else token
    api, contract = settings.registry.api.name, call.contract
    if (known.api, known.operation) != (api, contract.id):
        raise ValueError(f"the token is one of {known.operation} of {known.api}, not of {contract.id} of {api}")
    if call.idempotency_key not in (None, known.idempotency_key):
        raise ValueError("the token holds another idempotency key than the one given")
    exchange: Exchange[Any] = Exchange(settings, call.under(known.idempotency_key))
    if exchange.outgoing.fingerprint() != known.request:
        raise ValueError("the arguments are not those of the request that the token belongs to")
    if known.outcome not in (Outcome.UNKNOWN, Outcome.PENDING):
        raise ValueError(f"there is nothing to resolve: the outcome is {known.outcome.value}")
    exchange.continued(known.attempts, known.first_sent, known.last_sent)
    deadline = call.options.deadline
    return Open(exchange, known.outcome, exchange.remembered(known), None if isinstance(deadline, Unset) else deadline)


def resolve(given: Open) -> Generator[Step, Event, Resolved[Any]]:
    """Ask until it is known. Raises the refusal that it turned out to be, and the API's `Unresolved` where nobody can tell."""
    return (yield from _Resolving(given).run())


class _Resolving:
    def __init__(self, given: Open) -> None:
        self.given = given
        self.exchange = given.exchange
        self.settings = given.exchange.settings
        self.last = given.failure
        self.tries = 0
        self.policy: Policy = policy_of(self.exchange, given.failure) or RESOLVING
        """Says how long to go on; the intervals are those of the last failure."""
        self.sent = given.exchange.last_sent
        self.asked = given.exchange.last_sent
        self.began = self.settings.environment.monotonic()

    @property
    def now(self) -> datetime:
        return self.settings.environment.now()

    @property
    def left(self) -> float | None:
        deadline = self.given.deadline
        return None if deadline is None else self.began + deadline - self.settings.environment.monotonic()

    def run(self) -> Generator[Step, Event, Resolved[Any]]:
        lookup, contract = self.exchange.contract.lookup, self.exchange.contract
        repeats = is_repeatable(contract, self.exchange.idempotency_key)
        if not repeats and lookup is None:
            raise self.unresolved("no_means")
        if repeats and not self.exchange.outgoing.is_replayable:
            if lookup is None:
                raise self.unresolved("not_replayable")
            repeats = False
        while True:
            yield from self._pause()
            found = yield from (self._repeated() if repeats else self._looked_up(lookup))
            if found is not None:
                return found

    def _pause(self) -> Generator[Step, Event, None]:
        """Wait as prescribed since the last attempt. The first try of a resolution is made even where the time is up."""
        pause = max(self._interval() - self._since(self.asked), 0.0)
        if self.tries and self._is_over(pause):
            raise self.unresolved("time_up") from self.last
        left = self.left
        if left is not None and pause >= left:
            raise self.unresolved("deadline") from self.last
        if pause > 0:
            yield Wait(pause)

    def _interval(self) -> float:
        policy = replace(policy_of(self.exchange, self.last) or self.policy, max_attempts=None)
        made = max(self.exchange.attempts, 1) + (self.tries if self.exchange.contract.lookup is not None else 0)
        try:
            wait = wait_after(policy, made, self.last.retry_after, self.settings.environment.random)
        except TooLong as error:
            raise self.unresolved("wait_too_long") from error
        # A schedule that has come to its end goes on with its last interval.
        return policy.schedule[-1] if wait is None and policy.schedule else wait or policy.unit

    def _since(self, then: datetime | None) -> float:
        """Seconds; none where the clock was set back."""
        return max((self.now - then).total_seconds(), 0.0) if then is not None else 0.0

    def _is_over(self, pause: float) -> bool:
        policy, first = self.policy, self.exchange.first_sent
        if policy.max_attempts is not None and self.exchange.attempts >= policy.max_attempts:
            return True
        longest = policy.max_elapsed if policy.max_elapsed is not None else RESOLVING.max_elapsed or 0.0
        return first is not None and self.now + timedelta(seconds=pause) > first + timedelta(seconds=longest)

    def _timeout(self) -> float | None:
        timeout, left = self.exchange.timeout, self.left
        return timeout if left is None else left if timeout is None else min(timeout, left)

    def _repeated(self) -> Generator[Step, Event, Resolved[Any] | None]:
        """The same request under the same key, once."""
        exchange = self.exchange
        self._check_retention()
        refused = guarded(exchange)
        if refused is not None:
            raise self.unresolved("retention_over") from refused
        try:
            request = exchange.starts()
        except Exception as error:
            raise self.unresolved("refused") from error
        self.tries += 1
        self.asked = self.sent = exchange.last_sent
        began = self.settings.environment.monotonic()
        event = yield Send(request, self._timeout(), self.left)
        ended = judged(exchange, event, exchange.value)
        tell_attempt(exchange, ended, self.settings.environment.monotonic() - began, None, "resolve")
        return self._concluded(ended)

    def _concluded(self, ended: Ended[Any]) -> Resolved[Any] | None:
        """What one repeat tells; None where it leaves the matter open."""
        failure, exchange = ended.failure, self.exchange
        notice = ended.notice
        if failure is None and not (notice is not None and self._is_still_pending(notice)):
            return Resolved(True, ended.value, None, notice, exchange.attempts)
        self.last = last = failure or notice or self.last
        if last.outcome in (Outcome.UNKNOWN, Outcome.NOT_SENT):
            return None
        if last.outcome is Outcome.PENDING:
            if is_opt_in(last) and self.given.outcome is not Outcome.PENDING:
                raise last
            return None
        if last.outcome is Outcome.PROCESSED or settles(last, exchange.contract, exchange.idempotency_key):
            raise last
        if last.advice.next == "repeat" and last.advice.automatic is not False:
            return None
        raise self.unresolved("refused") from last

    def _is_still_pending(self, notice: ApiError) -> bool:
        return self.given.outcome is Outcome.PENDING and notice.outcome is Outcome.PENDING

    def _check_retention(self) -> None:
        """Raises where the request could arrive when the API has forgotten the key already."""
        scheme, first = self.exchange.outgoing.scheme, self.exchange.first_sent
        if self.exchange.idempotency_key is None or scheme is None or scheme.retention is None or first is None:
            return
        latest = self.now + timedelta(seconds=(self._timeout() or 0.0) + _SKEW)
        if latest >= first + timedelta(seconds=scheme.retention):
            raise self.unresolved("retention_over") from self.last

    def _looked_up(self, lookup: Lookup | None) -> Generator[Step, Event, Resolved[Any] | None]:
        """Ask the operation that tells the truth, once."""
        if lookup is None:
            raise self.unresolved("no_means")
        self.tries += 1
        self.asked = self.now
        finding, failure = yield from look_up(self.exchange, lookup, self.left)
        if failure is not None:
            self.last = failure
            if failure.advice.next == "repeat":
                return None
            raise self.unresolved("refused") from failure
        if finding.verdict == "executed":
            return Resolved(True, None, finding.found, None, self.exchange.attempts)
        if finding.verdict == "not_executed":
            # The request may be under way still where it was sent a moment ago.
            is_settled = self._since(self.sent) >= _SETTLING
            return Resolved(False, None, finding.found, None, self.exchange.attempts) if is_settled else None
        return None

    def unresolved(self, reason: Reason) -> ApiError:
        """The API's exception for what nobody could find out."""
        fallbacks, api = self.settings.registry.fallbacks, self.settings.registry.api
        pending = self.given.outcome is Outcome.PENDING
        error = self.exchange.unresolved(
            fallbacks.unresolved if pending else fallbacks.unresolved_unknown, self.given.outcome, self.last
        )
        error.set_attribute("reason", reason)
        reference = error.support_reference
        whom = f"support of {api.title}{f' ({api.contact})' if api.contact else ''}"
        error.message = (
            f"nobody knows {'how this ended' if pending else 'whether this was executed'}: {_TEXTS[reason]}. "
            f"Contact {whom}{f' with the reference {reference}' if reference else ''}"
        )
        return error
