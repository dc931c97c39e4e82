"""One call from its first attempt to its last, as a generator that says what to send and how long to wait, and is told what came.

Nothing here does input or output: `client` performs the steps, blocking or awaiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar, cast

from .answers import Answer
from .attempts import Attempts
from .calls import RawResponse
from .contract import Outcome
from .errors import ApiError, Registry
from .exchange import Exchange
from .headers import Headers
from .hooks import AttemptEvent, CallEvent, told
from .request import HttpRequest, TransportFailure

T = TypeVar("T")


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


Step: TypeAlias = Send | Wait
Event: TypeAlias = Answer | Opened | TransportFailure | None
Judge: TypeAlias = Callable[[Answer], tuple[T, ApiError | None]]


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """How a call ended: with a value (and perhaps a notice), or with a failure. `answer` is the last one."""

    value: T | None = None
    notice: ApiError | None = None
    failure: ApiError | None = None
    answer: Answer | None = None
    opened: Any = None


Purpose: TypeAlias = Literal["call", "resolve", "lookup"]


def converse(
    exchange: Exchange[T], judge: Judge[T], *, streamed: bool = False, purpose: Purpose = "call"
) -> Generator[Step, Event, Ended[T]]:
    """The attempts of one call. Raises what wrong credentials and a token's function raise, unless something was sent before."""
    attempts = Attempts(exchange)
    refused = guarded(exchange)
    ended: Ended[T]
    try:
        if refused is None:
            ended = yield from _attempted(attempts, judge, streamed, purpose)
        else:
            ended = Ended(failure=refused)
    except Exception:
        _forget(exchange)
        raise
    _conclude(attempts, ended)
    return ended


def _attempted(
    attempts: Attempts, judge: Judge[T], streamed: bool, purpose: Purpose
) -> Generator[Step, Event, Ended[T]]:
    exchange: Exchange[T] = attempts.exchange
    while True:
        began = attempts.elapsed
        try:
            request = exchange.starts()
        except Exception as error:
            if attempts.doubt is None:
                raise
            attempts.doubt.__cause__ = error
            return Ended(failure=attempts.doubt)
        timeout, left = _times(attempts)
        if left is not None and left <= 0:
            return Ended(failure=attempts.final(exchange.unsent("the deadline has passed", lasting=False)))
        attempts.made += 1
        event = yield Send(request, timeout, left, _stream_test(exchange) if streamed else None)
        ended = judged(exchange, event, judge)
        failure = ended.failure
        if failure is not None:
            attempts.noted(failure)
        wait = attempts.wait_after(failure) if failure is not None else None
        tell_attempt(exchange, ended, attempts.elapsed - began, wait, purpose)
        if failure is None:
            return ended
        if wait is None:
            return Ended(failure=attempts.final(failure), answer=ended.answer)
        yield Wait(wait)
        if failure.advice.key == "new":
            exchange.outgoing.renew_key()
            guarded(exchange)


def _times(attempts: Attempts) -> tuple[float | None, float | None]:
    timeout, left = attempts.exchange.timeout, attempts.left
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
    settings = exchange.settings
    now = settings.environment.now()
    problem = settings.guard.problem(
        settings.registry.api.name, key, exchange.outgoing.fingerprint(), now, scheme.retention
    )
    return (
        None if problem is None else exchange.unsent(problem, lasting=True, cls=settings.registry.fallbacks.key_refused)
    )


def _forget(exchange: Exchange[Any]) -> None:
    """Nothing was sent under the key."""
    key, settings = exchange.idempotency_key, exchange.settings
    if key is not None:
        settings.guard.unsent(settings.registry.api.name, key, exchange.outgoing.fingerprint())


def _conclude(attempts: Attempts, ended: Ended[Any]) -> None:
    exchange, failure = attempts.exchange, ended.failure
    settings, key = exchange.settings, exchange.idempotency_key
    if failure is None and attempts.made == 1:
        settings.budget.earn()
    if failure is not None and key is not None:
        if failure.outcome is Outcome.NOT_SENT and not isinstance(failure, settings.registry.fallbacks.key_refused):
            _forget(exchange)
        elif failure.outcome is Outcome.REJECTED and failure.advice.key == "new":
            settings.guard.refused(settings.registry.api.name, key, error_name(settings.registry, failure))
    told(
        settings.hooks,
        CallEvent(
            api=settings.registry.api.name,
            operation=exchange.contract.id,
            attempts=attempts.made,
            duration=attempts.elapsed,
            status=status_of(ended),
            error=error_name(settings.registry, failure) if failure is not None else None,
            category=failure.contract.category if failure is not None and failure.contract is not None else None,
            outcome=failure.outcome if failure is not None else None,
            idempotency_key=key,
            support_reference=failure.support_reference if failure is not None else None,
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
