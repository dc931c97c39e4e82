"""The till: whatever ends a call from outside is told what may have happened; forks, hooks and arguments that would go wrong."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from behaviour.tills import (
    Till,
    doubted,
    finalize,
    found,
    lost,
    read,
    refusal,
    refused,
    resolve,
    sell,
    sold,
    tip,
    unresolved,
)

from features._runtime.calls import CallOptions
from features._runtime.contract import Outcome
from features._runtime.errors import ApiError
from features._runtime.hooks import AttemptEvent, CallEvent, Hooks
from features.outcomes import BearerAuth, errors


class Heard(Hooks):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.attempts: list[AttemptEvent] = []
        self.calls: list[CallEvent] = []

    def attempt(self, event: AttemptEvent) -> None:
        self.attempts.append(event)

    def call(self, event: CallEvent) -> None:
        self.calls.append(event)


class Stop(BaseException):
    """What a signal handler may raise."""


def stop(error: BaseException) -> Callable[[], None]:
    def raising() -> None:
        raise error

    return raising


INTERRUPTIONS = [Stop, KeyboardInterrupt, SystemExit, RuntimeError, asyncio.CancelledError]


@pytest.mark.parametrize("kind", INTERRUPTIONS)
def test_who_ends_a_wait_is_told_of_the_doubt(till: Till, kind: type[BaseException]) -> None:
    hooks = Heard()
    till.opened(hooks=hooks).clock.during = stop(kind())
    till.will(refusal("broken"))
    with pytest.raises(kind) as caught:
        till.run(sell)
    doubt = caught.value.__context__
    assert type(doubt) is errors.BrokenOutcomeUnknown and doubt.idempotency_key == till.keys[0]
    assert any("may be executed" in note for note in caught.value.__notes__)
    (call,) = hooks.calls
    assert (call.error, call.outcome, call.attempts) == ("interrupted", Outcome.UNKNOWN, 1)
    assert call.failure is doubt and doubt.resume_token is not None
    till.clock.during = lambda: None
    assert till.will(sold()).run(resolve(doubt)).value.id == "s-1"


@pytest.mark.parametrize("kind", [Stop, SystemExit, GeneratorExit])
def test_who_ends_an_attempt_is_told_that_it_was_under_way(till: Till, kind: type[BaseException]) -> None:
    hooks = Heard()
    till.opened(hooks=hooks).will(kind())
    with pytest.raises(kind) as caught:
        till.run(sell)
    doubt = caught.value.__context__
    assert isinstance(doubt, errors.AnswerLostOutcomeUnknown) and "given up" in str(doubt)
    assert (doubt.attempts, doubt.idempotency_key) == (1, till.keys[0])
    assert hooks.calls[0].failure is doubt and doubt.resume_token is not None
    assert till.will(sold()).run(resolve(doubt)).executed


def test_who_ends_a_call_that_reads_leaves_no_doubt(till: Till) -> None:
    hooks = Heard()
    till.opened(hooks=hooks).will(Stop())
    with pytest.raises(Stop) as caught:
        till.run(read)
    assert caught.value.__context__ is None
    (call,) = hooks.calls
    assert (call.error, call.outcome, call.failure) == ("interrupted", None, None)


@pytest.mark.parametrize("call", [sell, finalize])
def test_who_ends_finding_out_is_told_too(till: Till, call: Any) -> None:
    error = doubted(till, call)
    hooks = Heard()
    till.opened(hooks=hooks).will(Stop())
    with pytest.raises(Stop) as caught:
        till.run(resolve(error))
    assert any(error.operation in note for note in caught.value.__notes__ if error.operation)
    told = [(event.operation, event.error, event.purpose) for event in hooks.calls]
    assert told == [(error.operation, "interrupted", "resolve")]


@pytest.mark.parametrize("own", [RuntimeError("a hook of the HTTP client"), ValueError(), KeyError("x")])
def test_what_is_not_of_the_network_is_no_reason_to_try_again(till: Till, own: Exception) -> None:
    till.will(own)
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    assert (failure.attempts, failure.advice.automatic, failure.outcome) == (1, False, Outcome.UNKNOWN)
    assert failure.__cause__ is own and type(own).__name__ in str(failure)
    assert till.will(sold()).run(resolve(failure)).executed


@pytest.mark.parametrize("own", [OSError("reset"), httpx2.StreamConsumed(), httpx2.RemoteProtocolError("garbage")])
def test_what_is_of_the_network_is_tried_again(till: Till, own: Exception) -> None:
    till.will(own, sold()).run(sell)
    assert till.sent == 2


def test_a_forked_process_does_not_use_the_connections_of_its_parent(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.will(sold()).run(sell)
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    for _ in range(2):
        failure = till.fails(errors.NotSent, sell)
        assert (failure.advice.next, failure.outcome) == ("fix", Outcome.NOT_SENT) and "process" in str(failure)
    assert till.sent == 1
    monkeypatch.undo()
    till.will(sold()).run(sell)
    assert till.sent == 2


def test_a_client_that_was_not_used_before_a_fork_is_used_after_it(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.opened()
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    till.will(sold(), sold())
    assert [till.run(sell).id for _ in range(2)] == ["s-1", "s-1"]


def slow(till: Till, seconds: float) -> BearerAuth:
    """A token that takes so long to get."""

    def token() -> str:
        till.clock.seconds += seconds
        return "t"

    return BearerAuth(token)


def test_making_credentials_takes_from_the_time_of_a_call(till: Till) -> None:
    till.opened(auth=slow(till, 5), deadline=4).fails(errors.NotSent, sell)
    assert till.sent == 0
    till.opened(auth=slow(till, 3), deadline=4, timeout=30).will(sold()).run(sell)
    last = till.requests[-1].timeout
    assert last is not None and 0 < last <= 1


def test_credentials_that_take_all_the_time_of_a_repeat_leave_it_a_moment(till: Till) -> None:
    till.opened(auth=slow(till, 3), deadline=5).will(refusal("busy"), lost())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    times = [request.timeout for request in till.requests]
    assert failure.attempts == 2 and all(time is not None and time > 0 for time in times)


def test_finding_out_never_waits_less_than_nothing(till: Till) -> None:
    error = doubted(till)
    till.opened(auth=slow(till, 60)).will(lost())
    assert unresolved(till, error, deadline=5).reason == "deadline"
    last = till.requests[-1].timeout
    assert last is not None and 0 < last < 1


class NoToken(Exception):
    """What a token's function raises."""


def test_a_token_that_fails_at_a_repeat_tells_what_came_before(till: Till) -> None:
    tokens = ["one"]

    def token() -> str:
        if not tokens:
            raise NoToken
        return tokens.pop()

    till.opened(auth=BearerAuth(token)).will(refusal("busy"))
    failure = till.fails(NoToken, sell)
    before = failure.__context__
    assert isinstance(before, errors.Busy) and before.idempotency_key == till.keys[0]


@pytest.mark.parametrize("half", ["\ud800", "a\udfffb"])
def test_half_a_character_is_not_sent(till: Till, half: str) -> None:
    till.fails(ValueError, lambda client: sell(client, options=CallOptions(headers={"X-Trace": half})))
    assert till.sent == 0


def test_header_fields_stay_as_they_were_when_the_call_began(till: Till) -> None:
    headers = {"X-Trace": "1"}
    till.clock.during = lambda: headers.update({"X-Trace": "2", "X-More": "3"})
    till.will(refusal("busy"), lost(), sold())
    till.run(lambda client: sell(client, options=CallOptions(headers=headers)))
    assert [request.headers["X-Trace"] for request in till.requests] == ["1"] * 3
    assert all("X-More" not in request.headers for request in till.requests)


@pytest.mark.parametrize("number", [True, False, 2.5, 2.0, float("nan"), float("inf"), 0, -1, "2"])
def test_a_number_of_attempts_is_a_number(till: Till, number: Any) -> None:
    with pytest.raises(ValueError, match="max_attempts"):
        till.opened(max_attempts=number)
    with pytest.raises(ValueError, match="max_attempts"):
        CallOptions(max_attempts=number)


class AwaitedAttempt(Hooks):
    async def attempt(self, event: AttemptEvent) -> None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] what is refused
        """Nobody would await it."""


class AwaitedCall(Hooks):
    async def call(self, event: CallEvent) -> None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] what is refused
        """Nobody would await it."""


@pytest.mark.parametrize("hooks", [AwaitedAttempt(), AwaitedCall()])
def test_hooks_that_nobody_would_await_are_refused(till: Till, hooks: Hooks) -> None:
    with pytest.raises(TypeError, match="plain functions"):
        till.opened(hooks=hooks)


def test_how_long_an_attempt_took_is_no_matter_of_the_time_of_day(till: Till) -> None:
    hooks = Heard()

    def set_back(request: httpx2.Request) -> httpx2.Response:
        till.clock.seconds += 2
        till.clock.set_back += 3600
        return sold()

    till.opened(hooks=hooks).will(refused(), set_back).run(sell)
    assert [event.duration for event in hooks.attempts] == [0, 2]
    assert hooks.calls[0].duration == 2.5


def test_a_doubt_knows_of_all_attempts_wherever_it_is_told(till: Till) -> None:
    hooks = Heard()
    till.opened(hooks=hooks).will(lost(), refusal("busy"), refusal("unauthenticated"))
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    token = failure.resume_token
    assert token is not None and (token.attempts, failure.attempts) == (3, 3)
    assert token.last_sent - token.first_sent == timedelta(seconds=1.5)
    assert hooks.calls[0].failure is failure


def test_nothing_protects_a_tip_from_a_second_one(till: Till) -> None:
    till.will(RuntimeError("own"))
    failure = till.fails(errors.AnswerLostOutcomeUnknown, tip)
    assert isinstance(failure, ApiError) and failure.advice.next == "check"
    till.will(lost(), found()).run(read)
    assert till.sent == 3
