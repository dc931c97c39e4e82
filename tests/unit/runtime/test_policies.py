"""Waits: each way of backing off, its bounds, and what a server may ask for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.contract import Backoff, Policy, RetryAfter, Selector
from sadpath.runtime.policies import LONGEST_WAIT, REPEATING, RESOLVING, TooLong, wait_after

DAY = 86_400.0
AFTER = RetryAfter(Selector(header="Retry-After"), cap=120.0)


def never() -> float:
    return 0.0


def waits(policy: Policy, times: int, given: float | None = None) -> list[float | None]:
    return [wait_after(policy, attempts, given, never) for attempts in range(1, times + 1)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy("p", "fixed", unit=3.0), [3, 3, 3, 3]),
        (Policy("p", "linear", unit=2.0), [2, 4, 6, 8]),
        (Policy("p", "exponential", unit=0.5), [0.5, 1, 2, 4]),
        (Policy("p", "exponential", unit=1.0, factor=3.0), [1, 3, 9, 27]),
        (Policy("p", "fibonacci", unit=2.0), [2, 2, 4, 6]),
        (Policy("p", "schedule", schedule=(1.0, 5.0, 30.0)), [1, 5, 30, None]),
        (Policy("p", "schedule"), [None, None, None, None]),
        (Policy("p", "server", unit=7.0), [7, 7, 7, 7]),
        (REPEATING, [0.5, 1, None, None]),
        (RESOLVING, [1, 2, 4, 8]),
    ],
)
def test_waits_grow_as_the_policy_says(policy: Policy, expected: list[float | None]) -> None:
    assert waits(policy, 4) == expected


@pytest.mark.parametrize("backoff", ["linear", "exponential", "fibonacci"])
def test_waits_stop_growing_at_the_cap(backoff: Backoff) -> None:
    found = waits(Policy("p", backoff, unit=1.0, cap=4.0), 12)
    assert found[-5:] == [4] * 5 and found[0] == 1


def test_a_cap_holds_for_a_schedule_and_for_what_is_fixed() -> None:
    assert waits(Policy("p", "schedule", schedule=(1.0, 50.0), cap=10.0), 2) == [1, 10]
    assert waits(Policy("p", "fixed", unit=50.0, cap=10.0), 1) == [10]


def test_attempts_end() -> None:
    assert waits(Policy("p", "fixed", unit=1.0, max_attempts=3), 5) == [1, 1, None, None, None]
    assert waits(Policy("p", "fixed", unit=1.0, max_attempts=1), 1, given=5.0) == [None]


def test_what_is_exhausted_asks_no_server() -> None:
    assert wait_after(Policy("p", "fixed", max_attempts=1), 1, 1e9, never) is None


def test_a_server_lengthens_a_wait_and_never_shortens_it() -> None:
    policy = Policy("p", "exponential", unit=4.0, cap=16.0)
    assert waits(policy, 4, given=10.0) == [10, 10, 16, 16]
    assert waits(policy, 3, given=0.0) == [4, 8, 16]


def test_a_server_may_ask_for_more_than_the_cap_of_the_waits() -> None:
    assert wait_after(Policy("p", "fixed", unit=1.0, cap=2.0, retry_after=AFTER), 1, 119.0, never) == 119


def test_a_policy_that_leaves_it_to_the_server_obeys_it() -> None:
    policy = Policy("p", "server", unit=5.0, retry_after=AFTER)
    assert wait_after(policy, 1, 2.0, never) == 2
    assert wait_after(policy, 1, 0.0, never) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("policy", "cap"), [(Policy("p", "fixed"), LONGEST_WAIT), (Policy("p", "fixed", retry_after=AFTER), 120.0)]
)
def test_a_wait_that_is_too_long_is_not_slept(policy: Policy, cap: float) -> None:
    assert wait_after(policy, 1, cap, never) == cap
    for asked in (math.nextafter(cap, math.inf), 1e300, math.inf):
        with pytest.raises(TooLong) as caught:
            wait_after(policy, 1, asked, never)
        assert caught.value.seconds == asked


def test_jitter_takes_away_at_most_its_share() -> None:
    policy = Policy("p", "fixed", unit=8.0, jitter=0.25)
    assert wait_after(policy, 1, None, lambda: 0.0) == 8
    assert wait_after(policy, 1, None, lambda: 0.5) == 7
    assert wait_after(policy, 1, None, lambda: 1.0) == 6


def test_jitter_does_not_shorten_what_a_server_asks_for() -> None:
    policy = Policy("p", "fixed", unit=8.0, jitter=1.0)
    assert wait_after(policy, 1, 5.0, lambda: 1.0) == 5


@pytest.mark.parametrize("backoff", ["linear", "exponential", "fibonacci"])
@pytest.mark.parametrize("attempts", [1_000, 100_000, 10**9])
def test_attempts_beyond_counting_wait_for_a_day(backoff: Backoff, attempts: int) -> None:
    assert wait_after(Policy("p", backoff), attempts, None, never) == min(DAY, attempts if backoff == "linear" else DAY)


def test_fibonacci_without_end_is_quick() -> None:
    assert wait_after(Policy("p", "fibonacci", unit=0.001), 10**12, None, never) == DAY


@given(st.integers(1, 24))
def test_waits_are_fibonacci_numbers(attempts: int) -> None:
    policy = Policy("p", "fibonacci", unit=1.0)
    here, before = wait_after(policy, attempts + 2, None, never), wait_after(policy, attempts + 1, None, never)
    assert here is not None and before is not None
    # A number is one of Fibonacci's where 5n^2 + 4 or 5n^2 - 4 is a square.
    squares = [5 * here**2 + 4, 5 * here**2 - 4]
    assert here >= DAY or any(math.isqrt(int(square)) ** 2 == square for square in squares)
    assert here >= DAY or here == before + (wait_after(policy, attempts, None, never) or 0)


SECONDS = st.floats(0.001, 10_000, allow_nan=False)
POLICIES = st.builds(
    Policy,
    st.just("p"),
    st.sampled_from(get_args(Backoff)),
    unit=SECONDS,
    factor=st.floats(1, 100),
    cap=st.none() | SECONDS,
    jitter=st.floats(0, 1),
    max_attempts=st.none() | st.integers(1, 20),
    schedule=st.lists(SECONDS, max_size=5).map(tuple),
    retry_after=st.none() | st.builds(RetryAfter, st.just(Selector(header="Retry-After")), SECONDS),
)
ATTEMPTS = st.integers(1, 50) | st.integers(1, 10**6)
GIVEN = st.none() | st.floats(0, 1e9)
CHANCE = st.floats(0, 1, exclude_max=True)


@given(POLICIES, ATTEMPTS, GIVEN, CHANCE)
def test_no_wait_is_negative_or_longer_than_allowed(
    policy: Policy, attempts: int, asked: float | None, chance: float
) -> None:
    longest = policy.retry_after.cap if policy.retry_after is not None else LONGEST_WAIT
    try:
        wait = wait_after(policy, attempts, asked, lambda: chance)
    except TooLong as error:
        assert asked is not None and error.seconds == asked > longest
        return
    if wait is None:
        is_over = policy.max_attempts is not None and attempts >= policy.max_attempts
        assert is_over or (policy.backoff == "schedule" and attempts > len(policy.schedule))
        return
    assert 0 <= wait <= max(policy.cap if policy.cap is not None else DAY, asked or 0.0, 0.1)
    assert wait >= (asked or 0.0)


@given(POLICIES, st.integers(1, 1000))
def test_waits_never_shrink_but_by_chance(policy: Policy, attempts: int) -> None:
    steady = replace(policy, max_attempts=None, schedule=tuple(sorted(policy.schedule)))
    here, after = (wait_after(steady, place, None, never) for place in (attempts, attempts + 1))
    assert here is None or after is None or after >= here
