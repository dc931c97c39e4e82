"""Finds out what became of a request whose outcome is open, the way that the catalog prescribes; steps as in `conversation`."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar

from .attempts import policy_of, settles
from .calls import Call, Unset
from .contract import Lookup, Outcome, Policy
from .conversation import Ended, Event, Send, Step, Wait, guarded, judged, note_end, tell_attempt, tell_call
from .environment import INSTANT, Moment, check_seconds
from .errors import ApiError, is_opt_in
from .exchange import Exchange
from .frozen import dataclass
from .looking import NothingToAsk, look_up
from .outcomes import Failure
from .phases import Reason
from .policies import RESOLVING, SHORTEST_WAIT, longest_wait, wait_after
from .request import HttpRequest, Origin
from .settings import Settings
from .tokens import ResumeToken

T = TypeVar("T")

_SETTLING: Final = 60.0
"""Seconds after the end of an attempt when a request that left no trace is believed not to be under way any more; ours."""
_TEXTS: Final[dict[Reason, str]] = {
    "time_up": "the prescribed time is up",
    "deadline": "the time given for finding out is up",
    "retention_over": "the API may have forgotten the idempotency key: the same request could be a new operation",
    "no_means": "the contract offers no means to find out: no idempotency key, nothing to look up",
    "refused": "the API refuses to tell",
    "not_sent": "the request cannot be sent",
    "key_refused": "the idempotency key must not be used for it any more",
    "not_replayable": "its body was read while it was sent, and cannot be sent again",
    "wait_too_long": "the API asks for a longer wait than may be slept",
}


@dataclass(frozen=True, slots=True)
class Resolved(Generic[T]):
    """What became of a request.

    `executed`: the API has done it or, where the outcome of `notice` is pending, accepted it; False where it was not done, or
    is canceled. `value` is the operation's own answer, where the same request was sent again; `found` is what a lookup found
    instead. `notice` is the success-shaped outcome (pending, canceled, ...) that the value also is. `attempts` counts all
    attempts, those before included.
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
    _check_open(error.outcome)
    check_seconds("deadline", deadline)
    if not isinstance(origin, Origin) and error.resume_token is None:
        raise ValueError("this call has sent nothing that could be asked for")
    if not isinstance(origin, Origin):
        raise ValueError(
            "this exception was made in another process: give its resume_token to the operation's method `resume`, "
            "with the same arguments"
        )
    if origin.base != settings.base:
        raise ValueError("the request went to another base URL than the one of this client")
    return Open(Exchange.again(settings, origin), error.outcome, error, deadline)


def _check_open(outcome: Outcome) -> None:
    if outcome not in (Outcome.UNKNOWN, Outcome.PENDING, Outcome.PROCESSED):
        raise ValueError(f"there is nothing to resolve: the outcome is {outcome.value}")


def opened_token(settings: Settings, token: ResumeToken | str, call: Call[Any, Any]) -> Open:
    """What a token leaves open. Raises ValueError where it belongs to another request."""
    known = ResumeToken.parse(token) if isinstance(token, str) else token
    api, contract = settings.registry.api.name, call.contract
    if (known.api, known.operation) != (api, contract.id):
        raise ValueError(f"the token is one of {known.operation} of {known.api}, not of {contract.id} of {api}")
    if call.idempotency_key not in (None, known.idempotency_key):
        raise ValueError("the token holds another idempotency key than the one given")
    exchange: Exchange[Any] = Exchange(settings, call.under(known.idempotency_key), signed=False)
    if exchange.outgoing.slow_hash() != known.request:
        raise ValueError("the arguments are not those of the request that the token belongs to")
    _check_open(known.outcome)
    exchange.continued(known)
    deadline = call.options.deadline
    return Open(exchange, known.outcome, exchange.remembered(known), None if isinstance(deadline, Unset) else deadline)


def resolve(given: Open) -> Generator[Step, Event, Resolved[Any]]:
    """Ask until it is known. Raises the refusal that it turned out to be, and the API's `Unresolved` where nobody can tell."""
    resolving, exchange = _Resolving(given), given.exchange
    try:
        resolved = yield from resolving.run()
    except ApiError as failure:
        note_end(exchange, failure)
        tell_call(exchange, Ended(failure=failure), resolving.tries, resolving.elapsed, "resolve")
        raise
    except BaseException:
        tell_call(exchange, Ended(), resolving.tries, resolving.elapsed, "resolve", error="interrupted")
        raise
    note_end(exchange, resolved.notice)
    tell_call(exchange, Ended(), resolving.tries, resolving.elapsed, "resolve")
    return resolved


class _Resolving:
    def __init__(self, given: Open) -> None:
        self.given = given
        self.exchange = given.exchange
        self.settings = given.exchange.settings
        self.environment = given.exchange.settings.environment
        self.last = given.failure
        """The last failure, which says when to ask again."""
        self.tries = 0
        self.lookups = 0
        self.policy: Policy = policy_of(self.exchange, given.failure) or _usual_policy(self.exchange) or RESOLVING
        """Says how long to go on; the intervals are those of the last failure."""
        self.asked = given.exchange.last_sent
        self.began = self.environment.moment()
        self.reference = given.failure.support_reference
        self.identifiers = given.failure.identifiers

    @property
    def elapsed(self) -> float:
        return self.environment.monotonic() - self.began.monotonic

    def left(self) -> float | None:
        """Seconds that may still be spent."""
        return None if self.given.deadline is None else self.given.deadline - self.elapsed

    def run(self) -> Generator[Step, Event, Resolved[Any]]:
        lookup = self.exchange.contract.lookup
        repeats = self.exchange.is_repeatable
        if not repeats and lookup is None:
            raise self.unresolved("no_means")
        if repeats and not self.exchange.outgoing.is_replayable:
            if lookup is None:
                raise self.unresolved("not_replayable")
            repeats = False
        while True:
            yield from self._pause()
            found = yield from (self._repeated() if repeats or lookup is None else self._looked_up(lookup))
            if found is not None:
                return found

    def _pause(self) -> Generator[Step, Event, None]:
        """Wait as prescribed since the last attempt. The first try of a resolution is made even where the time is up."""
        since = self._since(self.asked)
        given = None if self.last.retry_after is None else max(self.last.retry_after - since, 0.0)
        pause = max(self._interval(given is not None) - since, given or 0.0, 0.0)
        if given is not None and given > longest_wait(self._policy()):
            raise self.unresolved("wait_too_long") from self.last
        if self.tries and self._is_over(pause):
            raise self.unresolved("time_up") from self.last
        left = self.left()
        if left is not None and pause >= left:
            raise self.unresolved("deadline") from self.last
        if pause > 0:
            yield Wait(pause)

    def _policy(self) -> Policy:
        return policy_of(self.exchange, self.last) or self.policy

    def _interval(self, is_given: bool) -> float:
        """Seconds between two questions, aside from what the server asks for."""
        policy = replace(self._policy(), max_attempts=None)
        if is_given and policy.backoff == "server":
            return SHORTEST_WAIT
        made = max(self.exchange.attempts, 1) + self.lookups
        wait = wait_after(policy, made, None, self.environment.random)
        # A schedule that has come to its end goes on with its last interval.
        return wait if wait is not None else policy.schedule[-1] if policy.schedule else policy.unit

    def _since(self, moment: Moment | None) -> float:
        return self.environment.since(moment) if moment is not None else 0.0

    def _is_over(self, pause: float) -> bool:
        policy = self.policy
        if policy.max_attempts is not None and self.exchange.attempts >= policy.max_attempts:
            return True
        longest = policy.max_elapsed if policy.max_elapsed is not None else RESOLVING.max_elapsed or 0.0
        return self._since(self.exchange.first_sent) + pause > longest

    def _send(self, request: HttpRequest) -> Send:
        left = self.left()
        # Credentials may have taken all the time there was.
        left = None if left is None else max(left, INSTANT)
        timeout = self.exchange.timeout
        return Send(request, timeout if left is None else left if timeout is None else min(timeout, left), left)

    def _repeated(self) -> Generator[Step, Event, Resolved[Any] | None]:
        """The same request under the same key, once."""
        exchange = self.exchange
        refused = guarded(exchange)
        if refused is not None:
            reason: Reason = "retention_over" if exchange.outlives_key(0.0) else "key_refused"
            raise self.unresolved(reason, refused.message) from refused
        try:
            request = exchange.starts()
        except Exception as error:
            raise self.unresolved("refused") from error
        self.tries += 1
        self.asked = exchange.last_sent
        began = self.elapsed
        event = yield self._send(request)
        ended = judged(exchange, event, exchange.value)
        tell_attempt(exchange, ended, self.elapsed - began, None, "resolve")
        return self._concluded(ended)

    def _concluded(self, ended: Ended[Any]) -> Resolved[Any] | None:
        """What one repeat tells; None where it leaves the matter open."""
        failure, notice, exchange = ended.failure, ended.notice, self.exchange
        if failure is None and not (notice is not None and self._is_still_pending(notice)):
            is_executed = notice is None or notice.outcome is not Outcome.REJECTED
            return Resolved(is_executed, ended.value, None, notice, exchange.attempts)
        self.last = last = failure or notice or self.last
        self.reference = last.support_reference or self.reference
        self.identifiers = last.identifiers or self.identifiers
        if last.outcome is Outcome.PENDING and is_opt_in(last) and self.given.outcome is not Outcome.PENDING:
            raise last
        if last.outcome in (Outcome.UNKNOWN, Outcome.PENDING):
            return None
        if last.outcome is Outcome.NOT_SENT:
            if last.advice.next == "repeat":
                return None
            raise self.unresolved("not_sent") from last
        if last.outcome is Outcome.PROCESSED:
            raise last
        if self.given.outcome is not Outcome.PROCESSED and settles(last, exchange):
            raise last
        if _asks_again(last):
            return None
        raise self.unresolved("refused") from last

    def _is_still_pending(self, notice: ApiError) -> bool:
        return self.given.outcome is Outcome.PENDING and notice.outcome is Outcome.PENDING

    def _looked_up(self, lookup: Lookup) -> Generator[Step, Event, Resolved[Any] | None]:
        """Ask the operation that tells the truth, once."""
        self.tries += 1
        self.lookups += 1
        self.asked = self.environment.moment()
        try:
            finding, failure = yield from look_up(self.exchange, lookup, self.left)
        except NothingToAsk as error:
            raise self.unresolved("no_means") from error
        except Exception as error:
            raise self.unresolved("refused") from error
        if failure is not None:
            self.last = failure
            if _asks_again(failure):
                return None
            raise self.unresolved("refused") from failure
        if finding.verdict == "executed":
            return Resolved(True, None, finding.found, None, self.exchange.attempts)
        # What was sent a moment ago may be under way still, and what the API had accepted is not undone by a look at it.
        sent = self.exchange.last_sent
        is_settled = sent is None or self.environment.surely_since(sent) >= self.exchange.patience + _SETTLING
        if finding.verdict == "not_executed" and is_settled and self.given.outcome is Outcome.UNKNOWN:
            return Resolved(False, None, finding.found, None, self.exchange.attempts)
        return None

    def unresolved(self, reason: Reason, detail: str | None = None) -> ApiError:
        """The API's exception for what nobody could find out."""
        fallbacks, api = self.settings.registry.fallbacks, self.settings.registry.api
        is_unknown = self.given.outcome is Outcome.UNKNOWN
        cls = fallbacks.unresolved_unknown if is_unknown else fallbacks.unresolved
        error = self.exchange.unresolved(cls, self.given.outcome, self.last, self.reference)
        error.identifiers = self.identifiers
        error.set_attribute("reason", reason)
        whom = f"support of {api.title}{f' ({api.contact})' if api.contact else ''}"
        what = "whether this was executed" if is_unknown else "how this ended"
        why = f"{_TEXTS[reason]} ({detail})" if detail else _TEXTS[reason]
        reference = f" with the reference {self.reference}" if self.reference else ""
        error.message = f"nobody knows {what}: {why}. Contact {whom}{reference}"
        return error


def _asks_again(failure: ApiError) -> bool:
    return failure.advice.next == "repeat" and failure.advice.automatic is not False


def _usual_policy(exchange: Exchange[Any]) -> Policy | None:
    """What the catalog prescribes for the operation after its documented unknown outcome, for one that it does not list."""
    for cls in exchange.settings.registry.applicable(exchange.contract.id):
        contract = cls.contract
        if contract is not None and contract.outcome in (None, Outcome.UNKNOWN) and contract.advice.next == "repeat":
            policy = exchange.settings.registry.api.policies.get(contract.advice.policy or "")
            if policy is not None:
                return policy
    return None
