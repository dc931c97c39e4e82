"""The key guard: which requests it lets pass, what it forgets, and that many may ask it at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from sadpath.runtime.environment import Environment, Moment
from sadpath.runtime.guard import KeyGuard

START = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)


def at(seconds: float) -> Moment:
    return Moment(START + timedelta(seconds=seconds), seconds)


def passes(guard: KeyGuard, key: str = "k", request: str = "r", api: str = "shop", seconds: float = 0) -> bool:
    return guard.problem(api, key, request, at(seconds)) is None


def test_the_same_request_passes_however_often() -> None:
    guard = KeyGuard()
    assert all(passes(guard) for _ in range(5))


def test_another_request_under_the_same_key_does_not() -> None:
    guard = KeyGuard()
    assert passes(guard) and not passes(guard, request="another")
    assert (
        guard.problem("shop", "k", "another", at(0))
        == "the idempotency key was used for another request: use a new one"
    )
    assert passes(guard)


def test_keys_of_several_apis_are_told_apart() -> None:
    guard = KeyGuard()
    assert passes(guard) and passes(guard, request="another", api="bank") and passes(guard, key="k2", request="another")


def test_a_key_that_was_refused_does_not_pass() -> None:
    guard = KeyGuard()
    passes(guard)
    guard.refused("shop", "k", "declined")
    problem = guard.problem("shop", "k", "r", at(0))
    assert problem is not None and "declined" in problem
    assert passes(guard, key="k2")


def test_a_refusal_of_a_key_that_nobody_used_says_nothing() -> None:
    guard = KeyGuard()
    guard.refused("shop", "k", "declined")
    assert passes(guard)


def test_a_key_is_as_old_as_its_first_use() -> None:
    guard = KeyGuard()
    assert guard.first_use("shop", "k") is None
    for seconds in (5, 50, 500):
        passes(guard, seconds=seconds)
    guard.refused("shop", "k", "declined")
    passes(guard, request="another", seconds=5000)
    assert guard.first_use("shop", "k") == at(5)


def test_a_key_that_was_never_sent_is_free() -> None:
    guard = KeyGuard()
    passes(guard)
    guard.unsent("shop", "k", "r")
    assert passes(guard, request="another", seconds=9) and guard.first_use("shop", "k") == at(9)


@pytest.mark.parametrize(
    ("api", "key", "request_"), [("bank", "k", "r"), ("shop", "k2", "r"), ("shop", "k", "another")]
)
def test_only_who_used_a_key_can_free_it(api: str, key: str, request_: str) -> None:
    guard = KeyGuard()
    passes(guard)
    guard.unsent(api, key, request_)
    assert not passes(guard, request="another")


def test_a_key_that_was_used_twice_is_not_free() -> None:
    guard = KeyGuard()
    passes(guard)
    passes(guard)
    guard.unsent("shop", "k", "r")
    assert not passes(guard, request="another")


def test_memory_is_bounded_and_holds_the_keys_used_last() -> None:
    guard = KeyGuard(3)
    for key in ("a", "b", "c"):
        passes(guard, key=key)
    passes(guard, key="a")
    passes(guard, key="d")
    assert repr(guard) == "KeyGuard(3 keys)"
    assert [key for key in "abcd" if guard.first_use("shop", key) is not None] == ["a", "c", "d"]


def test_ten_thousand_keys_are_remembered() -> None:
    guard = KeyGuard()
    for number in range(10_001):
        passes(guard, key=str(number))
    assert repr(guard) == "KeyGuard(10000 keys)"
    assert guard.first_use("shop", "0") is None and guard.first_use("shop", "1") is not None


def test_of_threads_with_different_requests_one_gets_the_key() -> None:
    guard, barrier = KeyGuard(), threading.Barrier(8)

    def ask(whose: int) -> list[bool]:
        barrier.wait(30)
        return [passes(guard, key=str(number), request=str(whose)) for number in range(500)]

    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(ask, range(8)))
    assert [sum(column) for column in zip(*allowed, strict=True)] == [1] * 500


def test_what_is_open_is_remembered_until_it_is_known() -> None:
    guard = KeyGuard()
    passes(guard)
    assert not guard.is_open("shop", "k")
    guard.ended("shop", "k", is_open=True)
    assert guard.is_open("shop", "k") and not guard.is_open("bank", "k") and not guard.is_open("shop", "k2")
    assert passes(guard) and guard.is_open("shop", "k")
    guard.ended("shop", "k", is_open=False)
    assert not guard.is_open("shop", "k")


def test_of_a_key_that_nobody_used_nothing_is_remembered() -> None:
    guard = KeyGuard()
    guard.ended("shop", "k", is_open=True)
    guard.forget("shop", "k")
    assert not guard.is_open("shop", "k") and repr(guard) == "KeyGuard(0 keys)"


def test_a_key_that_nobody_will_use_again_is_forgotten() -> None:
    guard = KeyGuard()
    passes(guard)
    passes(guard, key="k2")
    guard.forget("shop", "k")
    assert repr(guard) == "KeyGuard(1 keys)" and guard.first_use("shop", "k") is None


def test_it_shows_no_key() -> None:
    guard = KeyGuard()
    passes(guard, key="secret-key")
    assert "secret-key" not in repr(guard)


def environment(now: float, monotonic: float) -> Environment:
    return Environment(lambda: at(now).instant, lambda: monotonic)


@pytest.mark.parametrize(("now", "monotonic", "age"), [(50, 50, 50), (-3600, 50, 50), (3600, 50, 3600), (50, 0, 50)])
def test_a_clock_that_jumps_makes_nothing_younger(now: float, monotonic: float, age: float) -> None:
    assert environment(now, monotonic).since(at(0)) == age


@pytest.mark.parametrize(("now", "monotonic", "age"), [(50, 50, 50), (-3600, 50, 0), (3600, 50, 50), (50, 0, 0)])
def test_a_clock_that_jumps_makes_nothing_surely_older(now: float, monotonic: float, age: float) -> None:
    assert environment(now, monotonic).surely_since(at(0)) == age


def test_what_another_process_noted_ages_by_the_clock_of_the_day() -> None:
    here = environment(100, 7)
    assert here.since(here.remembered(at(40).instant)) == 60
    assert here.since(here.remembered(at(140).instant)) == 0


def test_what_another_process_noted_in_the_future_ages_from_now_on() -> None:
    noted = environment(100, 7).remembered(at(5000).instant)
    assert environment(110, 17).since(noted) == 10
