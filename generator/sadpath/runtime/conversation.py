"""One call from its first attempt to its last, as a generator that says what to send and how long to wait, and is told what came.

Nothing here does input or output: `client` performs the steps, blocking or awaiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from .answers import Answer
from .attempts import Attempts
from .calls import RawResponse
from .contract import Outcome
from .environment import INSTANT
from .errors import ApiError, Registry
from .exchange import Exchange
from .frozen import dataclass
from .headers import Headers
from .hooks import AttemptEvent, CallEvent, Purpose, told
from .preparing import Prepare, Unprepared
from .protection import ASSUMED_RETENTION
from .request import HttpRequest, TransportFailure

T = TypeVar("T")

_ASSUMED: Final = (
    f"; the contract does not say for how long keys are remembered, {ASSUMED_RETENTION / 3600:g} hours are assumed"
)


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request. Each wait for the network ends after `timeout` seconds, all of it after `left`; None: never.

    Where `streamed` says so of status and header fields, the answer is given with its body still to come.
    """

    request: HttpRequest
    timeout: float | None
    left: float | None
    streamed: Callable[[int, Headers], bool] | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is still to come; `handle` is what the transport reads it with."""

    handle: Any


Step: TypeAlias = Send | Wait | Prepare
Event: TypeAlias = Answer | Opened | TransportFailure | Unprepared | None
Judge: TypeAlias = Callable[[Answer], tuple[T, ApiError | None]]


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """How a call ended: with a value (and perhaps a notice), or with a failure. `answer` is the last one."""

    value: T | None = None
    notice: ApiError | None = None
    failure: ApiError | None = None
    answer: Answer | None = None
    opened: Any = None


def converse(
    exchange: Exchange[T], judge: Judge[T], *, streamed: bool = False, purpose: Purpose = "call"
) -> Generator[Step, Event, Ended[T]]:
    """The attempts of one call. Raises what wrong credentials and a token's function raise, unless something was sent before."""
    refused = guarded(exchange)
    attempts = Attempts(exchange)
    ended: Ended[T] = Ended(failure=refused)
    try:
        if refused is None:
            ended = yield from _attempted(attempts, judge, streamed, purpose)
    except BaseException as interruption:
        # The caller gave up, or a token's function failed: that is told, and left to whoever raised it.
        _interrupted(attempts, interruption, purpose)
        raise
    _conclude(attempts, ended, purpose)
    return ended


def _interrupted(attempts: Attempts, interruption: BaseException, purpose: Purpose) -> None:
    exchange = attempts.exchange
    is_open = attempts.made > 0 and exchange.contract.effect != "read"
    failure = attempts.doubt or (exchange.given_up() if is_open else None)
    if failure is not None:
        interruption.__context__ = interruption.__context__ or failure
        _mark_key(exchange, is_open=True)
    if purpose == "call":
        tell_call(exchange, Ended(failure=failure), attempts.made, attempts.elapsed, purpose, error="interrupted")


def _attempted(
    attempts: Attempts, judge: Judge[T], streamed: bool, purpose: Purpose
) -> Generator[Step, Event, Ended[T]]:
    exchange: Exchange[T] = attempts.exchange
    last: Ended[T] = Ended()
    while True:
        began = attempts.elapsed
        if attempts.is_late:
            failure = last.failure or exchange.unsent("the deadline has passed", lasting=False)
            return _final(attempts, failure, last)
        try:
            request = exchange.starts()
        except Exception as error:
            if attempts.doubt is None:
                error.__context__ = error.__context__ or last.failure
                raise
            return Ended(failure=attempts.caused(attempts.doubt, error))
        attempts.made += 1
        event = yield Send(request, *_times(attempts), _stream_test(exchange) if streamed else None)
        last = judged(exchange, event, judge)
        if last.failure is None:
            tell_attempt(exchange, last, attempts.elapsed - began, None, purpose)
            return last
        attempts.noted(last.failure)
        wait = attempts.wait_after(last.failure)
        tell_attempt(exchange, last, attempts.elapsed - began, wait, purpose)
        if wait is None:
            return _final(attempts, last.failure, last)
        yield Wait(wait)
        before = last.failure.advice.before
        if before is not None:
            attempts.prepared.add(before)
            done = yield Prepare(exchange.settings.prepare[before])
            if isinstance(done, Unprepared):
                last.failure.__cause__ = done.error
                return _final(attempts, last.failure, last)
        if last.failure.advice.key == "new":
            exchange.outgoing.renew_key()
            guarded(exchange)


def _final(attempts: Attempts, failure: ApiError, last: Ended[T]) -> Ended[T]:
    """How a call ends that failed; an answer that does not tell what happened is no answer to it."""
    final = attempts.final(failure)
    return Ended(failure=final, answer=last.answer if final is last.failure else None)


def _times(attempts: Attempts) -> tuple[float | None, float | None]:
    timeout, left = attempts.exchange.timeout, attempts.left
    left = None if left is None else max(left, INSTANT)
    return (timeout if left is None else left if timeout is None else min(timeout, left)), left


def _stream_test(exchange: Exchange[Any]) -> Callable[[int, Headers], bool]:
    return lambda status, headers: exchange.stream_of(status, headers) is not None


def judged(exchange: Exchange[T], event: Event, judge: Judge[T]) -> Ended[T]:
    """What one attempt came to."""
    if isinstance(event, Opened):
        return Ended(opened=event.handle)
    if isinstance(event, TransportFailure):
        failure = exchange.lost(event)
        failure.__cause__ = event.__cause__
        return Ended(failure=failure)
    if not isinstance(event, Answer):
        raise TypeError("a step that sends is answered with what came of it")
    try:
        value, notice = judge(event)
    except ApiError as failure:
        return Ended(failure=failure, answer=event)
    return Ended(value, notice, answer=event)


def guarded(exchange: Exchange[Any]) -> ApiError | None:
    """The refusal of a key that must not be used for this request; notes it where it may."""
    key, scheme = exchange.idempotency_key, exchange.outgoing.scheme
    if key is None or scheme is None:
        return None
    settings, api = exchange.settings, exchange.settings.registry.api.name
    moment = settings.environment.moment()
    problem = settings.guard.problem(api, key, exchange.outgoing.fingerprint(), moment)
    used = [known for known in (settings.guard.first_use(api, key), exchange.key_since) if known is not None]
    exchange.key_since = min(used, key=lambda known: known.monotonic, default=moment)
    exchange.is_doubted = settings.guard.is_open(api, key)
    if problem is not None and exchange.is_doubted:
        text = "an earlier request under this idempotency key may have been executed: resolve that one first, a new key could execute it twice"
        return exchange.unresolvable(text, "key_refused")
    if problem is None and exchange.outlives_key(0.0):
        problem = "the API may have forgotten this idempotency key by now: the same request could be a new operation"
        problem += _ASSUMED if scheme.retention is None else ""
        if exchange.is_doubted:
            return exchange.unresolvable(problem, "retention_over")
    return (
        None if problem is None else exchange.unsent(problem, lasting=True, cls=settings.registry.fallbacks.key_refused)
    )


def _mark_key(exchange: Exchange[Any], *, is_open: bool) -> None:
    if exchange.idempotency_key is not None:
        settings = exchange.settings
        settings.guard.ended(settings.registry.api.name, exchange.idempotency_key, is_open=is_open)


def note_end(exchange: Exchange[Any], failure: ApiError | None) -> None:
    """Tell the guard what became of what was sent under the key."""
    key, settings = exchange.idempotency_key, exchange.settings
    if key is None:
        return
    api = settings.registry.api.name
    if failure is None and exchange.outgoing.made_key:
        settings.guard.forget(api, key)
    elif failure is None or failure.outcome in (Outcome.REJECTED, Outcome.PROCESSED):
        _mark_key(exchange, is_open=False)
    elif failure.outcome in (Outcome.UNKNOWN, Outcome.PENDING):
        _mark_key(exchange, is_open=True)
    if failure is not None and failure.outcome is Outcome.REJECTED and failure.advice.key == "new":
        settings.guard.refused(api, key, error_name(settings.registry, failure))


def _forget(exchange: Exchange[Any]) -> None:
    """Nothing was sent under the key."""
    key, settings = exchange.idempotency_key, exchange.settings
    if key is not None:
        settings.guard.unsent(settings.registry.api.name, key, exchange.outgoing.fingerprint())


def _conclude(attempts: Attempts, ended: Ended[Any], purpose: Purpose) -> None:
    exchange, failure = attempts.exchange, ended.failure
    settings = exchange.settings
    if failure is None and attempts.made == 1:
        settings.budget.earn()
    if attempts.made:
        note_end(exchange, failure)
    if failure is not None:
        is_refused = isinstance(failure, settings.registry.fallbacks.key_refused) and not attempts.made
        if failure.outcome is Outcome.NOT_SENT and (attempts.made or not is_refused):
            _forget(exchange)
    if purpose == "call":
        tell_call(exchange, ended, attempts.made, attempts.elapsed, purpose)


def tell_call(  # noqa: PLR0913 an event is made of what it tells
    exchange: Exchange[Any],
    ended: Ended[Any],
    made: int,
    duration: float,
    purpose: Purpose,
    *,
    error: str | None = None,
) -> None:
    """Tell the hooks how a call, or a resolution, ended; `error` where it ended neither way."""
    failure, settings = ended.failure, exchange.settings
    told(
        settings.hooks,
        CallEvent(
            api=settings.registry.api.name,
            operation=exchange.contract.id,
            attempts=made,
            duration=duration,
            status=status_of(ended),
            error=error or (error_name(settings.registry, failure) if failure is not None else None),
            category=failure.contract.category if failure is not None and failure.contract is not None else None,
            outcome=failure.outcome if failure is not None else None,
            idempotency_key=exchange.idempotency_key,
            purpose=purpose,
            support_reference=failure.support_reference if failure is not None else None,
            failure=failure,
        ),
    )


def value_of(ended: Ended[T]) -> T:
    """The value of a call; raises its failure."""
    if ended.failure is not None:
        raise ended.failure
    return cast("T", ended.value)


def answer_of(ended: Ended[Any]) -> Answer:
    """The last answer of a call that has a value."""
    return ended.answer or Answer(0)


def raw_of(exchange: Exchange[T], ended: Ended[T]) -> RawResponse[T]:
    """The last answer of a call; raises the failure of one that has none, and of one that ended in doubt for another reason."""
    if ended.answer is None:
        value_of(ended)
    return exchange.raw(answer_of(ended), lambda: value_of(ended))


def tell_attempt(
    exchange: Exchange[Any], ended: Ended[Any], duration: float, wait: float | None, purpose: Purpose
) -> None:
    """Tell the hooks what one attempt came to."""
    failure, registry = ended.failure, exchange.settings.registry
    told(
        exchange.settings.hooks,
        AttemptEvent(
            api=registry.api.name,
            operation=exchange.contract.id,
            attempt=exchange.attempts,
            status=status_of(ended),
            error=error_name(registry, failure) if failure is not None else None,
            category=failure.contract.category if failure is not None and failure.contract is not None else None,
            outcome=failure.outcome if failure is not None else None,
            phase=failure.phase if failure is not None else None,
            duration=duration,
            wait=wait,
            purpose=purpose,
            idempotency_key=exchange.idempotency_key,
        ),
    )


def status_of(ended: Ended[Any]) -> int | None:
    """The status of the last answer."""
    if ended.opened is not None:
        status: int = ended.opened.status
        return status
    return ended.answer.status if ended.answer is not None else None


def error_name(registry: Registry, failure: ApiError) -> str:
    """The catalog's id of a failure, or the kind of what no catalog lists: one of a bounded number of names."""
    if failure.contract is not None:
        return failure.contract.id
    fallbacks = registry.fallbacks
    kinds = (
        ("key_refused", fallbacks.key_refused),
        ("not_sent", fallbacks.not_sent),
        ("answer_lost", fallbacks.answer_lost),
        ("unreadable", fallbacks.unreadable),
        ("unresolved", fallbacks.unresolved),
    )
    found = next((name for name, cls in kinds if isinstance(failure, cls)), "unrecognized")
    return "not_sent" if found == "key_refused" and fallbacks.key_refused is fallbacks.not_sent else found
