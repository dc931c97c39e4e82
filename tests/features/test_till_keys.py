"""The till: what a call leaves open is still open in the next one under the same key, and keys that nobody needs are forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import httpx2
import pytest
from behaviour.clocks import HOUR, MINUTE
from behaviour.tills import (
    PAYOUT,
    Till,
    answer,
    doubted,
    found,
    lost,
    refusal,
    refused,
    resolve,
    sell,
    sold,
    unresolved,
)

from features._runtime.answers import RequestView
from features._runtime.contract import IdempotencyScheme, OperationContract, Outcome, Selector
from features._runtime.guard import KeyGuard
from features._runtime.protection import ASSUMED_RETENTION, is_protected, retention_of
from features.outcomes import errors

EARLIER = "an earlier call under the same idempotency key may have been executed"
UNSETTLING: dict[str, tuple[Callable[[], Any], type[errors.TillError]]] = {
    "not sent": (refused, errors.NotSent),
    "no longer allowed": (lambda: refusal("unauthenticated"), errors.Unauthenticated),
    "too many": (lambda: refusal("slow_down", "3600"), errors.SlowDown),
    "locked": (lambda: refusal("locked"), errors.Locked),
    "no code": (lambda: httpx2.Response(402), errors.Declined),
}


def keyed(key: str = "k-1", amount: str = "10.00") -> Callable[[Any], Any]:
    return lambda client: client.sales.create(amount=amount, idempotency_key=key)


@pytest.mark.parametrize(("later", "kind"), list(UNSETTLING.values()), ids=list(UNSETTLING))
def test_a_doubt_outlasts_its_call(till: Till, later: Callable[[], Any], kind: type[errors.TillError]) -> None:
    doubted(till, keyed())
    for _ in range(2):
        till.will(later())
        failure = till.fails(errors.AnswerLostOutcomeUnknown, keyed())
        assert isinstance(failure.__cause__, kind) and EARLIER in str(failure)
        assert (failure.outcome, failure.attempts, failure.idempotency_key) == (Outcome.UNKNOWN, 1, "k-1")
    assert till.will(sold()).run(resolve(failure)).value.id == "s-1"


@pytest.mark.parametrize("first", [lost, lambda: refusal("broken"), lambda: refusal("accepted")])
def test_what_is_open_is_open_for_clients_that_share_the_guard(till: Till, first: Callable[[], Any]) -> None:
    guard = KeyGuard()
    till.opened(max_attempts=1, guard=guard).will(first())
    with pytest.raises(errors.TillError):
        till.run(keyed())
    till.opened(guard=guard).will(refusal("unauthenticated"))
    till.fails(errors.AnswerLostOutcomeUnknown, keyed())
    till.opened().will(refusal("unauthenticated"))
    till.fails(errors.Unauthenticated, keyed())


@pytest.mark.parametrize("settling", [sold, lambda: refusal("not_found")])
def test_what_settles_the_doubt_settles_it_for_later_calls(till: Till, settling: Callable[[], Any]) -> None:
    guard = KeyGuard()
    doubted(till, keyed(), guard=guard)
    till.will(settling())
    till.run(lambda client: client.sales.create.result(amount="10.00", idempotency_key="k-1"))
    assert not guard.is_open("till", "k-1")


def test_a_key_without_a_doubt_has_none(till: Till) -> None:
    till.will(sold()).run(keyed())
    till.will(refusal("unauthenticated")).fails(errors.Unauthenticated, keyed())
    till.opened(max_attempts=1).will(refused()).fails(errors.NotSent, keyed())


def test_a_repeat_in_doubt_is_not_made_under_another_key(till: Till) -> None:
    doubted(till, keyed())
    till.will(refusal("used_up"))
    assert isinstance(till.fails(errors.AnswerLostOutcomeUnknown, keyed()).__cause__, errors.UsedUp)
    assert till.keys == ["k-1", "k-1"]


def test_what_was_found_out_is_no_doubt_for_later_calls(till: Till) -> None:
    error = doubted(till, keyed())
    till.will(sold()).run(resolve(error))
    till.will(refusal("unauthenticated")).fails(errors.Unauthenticated, keyed())


def test_a_refusal_that_was_found_out_ends_its_key(till: Till) -> None:
    error = doubted(till, keyed())
    till.will(refusal("declined")).fails(errors.Declined, resolve(error))
    assert "declined" in str(till.fails(errors.KeyRefused, keyed()))
    assert till.sent == 2


def test_what_could_not_be_found_out_stays_a_doubt(till: Till) -> None:
    error = doubted(till, keyed())
    till.will(refusal("unauthenticated"))
    unresolved(till, error)
    till.will(refusal("unauthenticated"))
    till.fails(errors.AnswerLostOutcomeUnknown, keyed())


def test_who_gave_up_left_a_doubt(till: Till) -> None:
    till.will(asyncio.CancelledError() if till.awaits else KeyboardInterrupt())
    with pytest.raises((asyncio.CancelledError, KeyboardInterrupt)):
        till.run(keyed())
    till.will(refusal("unauthenticated")).fails(errors.AnswerLostOutcomeUnknown, keyed())


def test_a_renewed_key_is_for_one_request_too(till: Till) -> None:
    till.opened(max_attempts=2).will(refusal("used_up"), lost())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    first, second = till.keys
    assert first != second == failure.idempotency_key
    till.fails(errors.UnresolvedOutcomeUnknown, keyed(str(second), "11.00"))
    till.will(refusal("unauthenticated")).fails(errors.AnswerLostOutcomeUnknown, keyed(str(second)))
    assert till.sent == 3


def test_keys_that_the_client_made_are_forgotten_when_they_have_done_their_work(till: Till) -> None:
    guard = KeyGuard()
    till.opened(guard=guard).will(*[sold()] * 5)
    for _ in range(5):
        till.run(sell)
    assert repr(guard) == "KeyGuard(0 keys)"
    till.will(sold()).run(keyed())
    assert repr(guard) == "KeyGuard(1 keys)"
    error = doubted(till, guard=guard)
    assert repr(guard) == "KeyGuard(2 keys)"
    till.will(sold()).run(resolve(error))
    assert repr(guard) == "KeyGuard(1 keys)"


@pytest.mark.parametrize("ahead", [24 * HOUR - MINUTE, 25 * HOUR])
def test_a_machine_that_slept_has_older_keys(till: Till, ahead: float) -> None:
    error = doubted(till, keyed())
    # The time of day went on, and the clock that counts seconds stood still.
    till.clock.set_back = -ahead
    assert unresolved(till, error).reason == "retention_over"
    assert till.fails(errors.UnresolvedOutcomeUnknown, keyed()).reason == "retention_over"
    assert till.sent == 1


def pays(number: str) -> Callable[[Any], Any]:
    return lambda client: client.payouts.create(payout_id=number, amount="5.00")


def test_a_number_that_was_not_given_protects_nothing(till: Till) -> None:
    till.will(lost())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, pays(""))
    assert (failure.attempts, failure.advice.next) == (1, "check")
    assert unresolved(till, failure).reason == "no_means"
    till.will(lost(), answer(201, PAYOUT)).run(pays("p-1"))
    assert till.sent == 3


def test_a_documented_failure_advises_no_repeat_without_the_number(till: Till) -> None:
    till.will(refusal("broken"))
    assert till.fails(errors.BrokenOutcomeUnknown, pays("")).advice.next == "check"


NUMBERED = OperationContract("pay", "POST", "/pay", natural_key=Selector(request="body", at="/number"))


@pytest.mark.parametrize(
    ("body", "protected"),
    [
        ({"number": "n-1"}, True),
        ({"number": 0}, True),
        ({"number": False}, True),
        ({"number": ""}, False),
        ({"number": None}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_number_protects_where_it_is_there(body: Any, protected: bool) -> None:
    assert is_protected(NUMBERED, None, RequestView(body)) is protected
    assert is_protected(NUMBERED, "k-1", RequestView(body)) is protected


@pytest.fixture
def unstated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says for how long a key is remembered."""
    schemes = cast("dict[str, IdempotencyScheme]", errors.REGISTRY.api.idempotency)
    monkeypatch.setitem(schemes, "key", replace(schemes["key"], retention=None))


@pytest.mark.parametrize("age", [24 * HOUR - 89, 24 * HOUR, 3 * 24 * HOUR, 400 * 24 * HOUR])
def test_where_nobody_says_how_long_a_key_lives_it_is_not_used_after_a_day(
    till: Till, unstated: None, age: float
) -> None:
    error = doubted(till, keyed())
    till.clock.seconds += age
    failure = unresolved(till, error)
    assert failure.reason == "retention_over" and "24 hours are assumed" in str(failure)
    again = till.opened().fails(
        errors.UnresolvedOutcomeUnknown,
        lambda client: client.sales.create.resume(str(error.resume_token), amount="10.00"),
    )
    assert again.reason == "retention_over" and till.sent == 1


def test_where_nobody_says_how_long_a_key_lives_it_lives_for_most_of_a_day(till: Till, unstated: None) -> None:
    error = doubted(till, keyed())
    till.clock.seconds += 24 * HOUR - 2 * MINUTE
    assert till.will(sold()).run(resolve(error)).executed


KEY = IdempotencyScheme("key", "Idempotency-Key")


@pytest.mark.parametrize(
    ("contract", "stated", "retention"),
    [
        (OperationContract("pay", "POST", "/pay", idempotency="key"), None, ASSUMED_RETENTION),
        (OperationContract("pay", "POST", "/pay", idempotency="key"), 900.0, 900.0),
        (OperationContract("put", "PUT", "/pay", effect="idempotent", idempotency="key"), None, None),
        (OperationContract("put", "PUT", "/pay", effect="idempotent", idempotency="key"), 900.0, 900.0),
        (replace(NUMBERED, idempotency="key"), None, None),
    ],
)
def test_a_time_is_assumed_only_where_a_repeat_under_a_forgotten_key_does_harm(
    contract: OperationContract, stated: float | None, retention: float | None
) -> None:
    scheme = replace(KEY, retention=stated)
    assert retention_of(scheme, contract, RequestView({"number": "n-1"})) == retention


def test_a_read_needs_no_key(till: Till) -> None:
    till.will(lost(), found()).run(lambda client: client.sales.get(id="s-1"))
    assert till.keys == [None, None]
