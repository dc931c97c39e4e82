"""The retry budget: what it allows, what it earns, and that many may take from it at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sadpath.runtime.budget import RetryBudget


def taken(budget: RetryBudget, most: int = 1000) -> int:
    return next((times for times in range(most) if not budget.take()), most)


def test_ten_repeats_in_a_burst_and_no_more() -> None:
    budget = RetryBudget()
    assert taken(budget) == 10 and budget.tokens == 0 and not budget.take()


def test_one_call_in_ten_over_time() -> None:
    budget = RetryBudget()
    taken(budget)
    repeats = 0
    for _ in range(1000):
        budget.earn()
        repeats += budget.take()
    assert repeats == pytest.approx(100, abs=1)


def test_no_more_is_saved_than_the_capacity() -> None:
    budget = RetryBudget(2, 1.5)
    for _ in range(10):
        budget.earn()
    assert budget.tokens == 2 and taken(budget) == 2


def test_without_tokens_nothing_is_repeated() -> None:
    assert not RetryBudget(0).take()
    assert not RetryBudget(0.9).take()
    assert taken(RetryBudget(1, 0)) == 1


def test_what_is_left_of_a_token_is_kept() -> None:
    budget = RetryBudget(1.5, 0.5)
    assert budget.take() and not budget.take()
    budget.earn()
    assert budget.tokens == 1 and budget.take()


@pytest.mark.parametrize(("capacity", "earned"), [(-1, 1), (1, -0.1), (float("nan"), 1), (1, float("nan"))])
def test_a_budget_is_made_of_numbers(capacity: float, earned: float) -> None:
    with pytest.raises(ValueError):
        RetryBudget(capacity, earned)


def test_threads_take_no_token_twice() -> None:
    budget, barrier = RetryBudget(500, 0), threading.Barrier(8)

    def take(_: int) -> int:
        barrier.wait(30)
        return sum(budget.take() for _ in range(200))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take, range(8))) == 500
    assert budget.tokens == 0


def test_threads_lose_no_token_that_they_earn() -> None:
    budget, barrier = RetryBudget(10_000, 1), threading.Barrier(8)
    for _ in range(10_000):
        budget.take()

    def earn(_: int) -> None:
        barrier.wait(30)
        for _ in range(500):
            budget.earn()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(earn, range(8)))
    assert budget.tokens == 4000


def test_it_says_what_is_left() -> None:
    budget = RetryBudget(2)
    budget.take()
    assert repr(budget) == "RetryBudget(tokens=1)"
