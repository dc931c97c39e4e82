"""The till: what its client repeats unasked, after which wait, under which key, with which bytes, and what it raises in the end."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from behaviour.clocks import START
from behaviour.tills import (
    PAYOUT,
    REFERENCE,
    REFUND,
    SALE,
    TIP,
    Till,
    answer,
    cancel,
    finalize,
    found,
    lost,
    pay_out,
    read,
    refund,
    refunds,
    refusal,
    refused,
    sell,
    sold,
    tip,
)

from features._runtime.budget import RetryBudget
from features._runtime.calls import CallOptions
from features._runtime.contract import Outcome, Phase
from features._runtime.outcomes import OutcomeUnknown
from features.outcomes import BearerAuth, errors, models

PATIENT = 3600.0
"""Seconds: a deadline that nothing here comes close to."""

ONCE = [
    pytest.param(sell, sold(), id="under a key"),
    pytest.param(pay_out, answer(201, PAYOUT), id="under a number of the caller"),
    pytest.param(refund, answer(201, REFUND), id="looked up"),
    pytest.param(tip, answer(201, TIP), id="protected by nothing"),
]


def listed(client: Any) -> Any:
    return client.refunds.list()


def repeats(till: Till, failure: Callable[[], httpx2.Response | Exception], times: int) -> list[float]:
    """The waits of a sale that fails so many times, and then succeeds."""
    till.will(*(failure() for _ in range(times)), sold())
    assert till.run(sell).id == "s-1"
    assert till.sent == times + 1
    return till.waits


@pytest.mark.parametrize(
    ("code", "waits"),
    [
        ("busy", [1, 1, 1, 1, 1]),
        ("used_up", [1, 2, 3, 4, 5]),
        ("slow_down", [0.5, 1, 2]),
        ("closed", [1, 5, 30]),
        ("broken", [1, 1, 2, 3, 5, 8]),
    ],
)
def test_each_policy_waits_as_the_catalog_says(till: Till, code: str, waits: list[float]) -> None:
    till.opened(deadline=PATIENT)
    assert repeats(till, lambda: refusal(code), len(waits)) == waits


@pytest.mark.parametrize(
    ("code", "kind", "attempts"),
    [("slow_down", errors.SlowDown, 4), ("closed", errors.Closed, 4), ("unlisted", errors.AnswerLostOutcomeUnknown, 3)],
)
def test_a_policy_that_is_exhausted_ends_the_call(
    till: Till, code: str, kind: type[errors.TillError], attempts: int
) -> None:
    till.opened(deadline=PATIENT).will(*([lost() if code == "unlisted" else refusal(code)] * attempts))
    assert till.fails(kind, sell).attempts == till.sent == attempts


def test_a_failure_that_no_catalog_lists_is_repeated_after_our_own_waits(till: Till) -> None:
    assert repeats(till, refused, 2) == [0.5, 1]
    till.requests.clear()
    assert repeats(till, lost, 2) == [0.5, 1]


def test_waits_are_shortened_at_random_by_what_the_policy_allows(till: Till) -> None:
    till.clock.chance = 1.0
    assert repeats(till, refused, 2) == [0.375, 0.75]


def test_fibonacci_waits_stop_growing_and_end_with_the_time_of_the_policy(till: Till) -> None:
    till.opened(deadline=None, budget=RetryBudget(100)).will(refusal("broken"), goes_on=True)
    failure = till.fails(errors.BrokenOutcomeUnknown, sell)
    waits = till.waits
    assert waits[:11] == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 60] and set(waits[11:]) == {60}
    assert sum(waits) <= 600 < sum(waits) + 60
    assert failure.attempts == len(waits) + 1


@pytest.mark.parametrize("wait", ["7", format_datetime(START + timedelta(seconds=7), usegmt=True)])
def test_a_server_is_not_asked_again_before_it_wants_to_be(till: Till, wait: str) -> None:
    assert repeats(till, lambda: refusal("slow_down", wait), 1) == [7]


def test_a_date_is_measured_against_the_clock_of_the_server(till: Till) -> None:
    sent = START + timedelta(hours=5)
    headers = {"Date": format_datetime(sent, usegmt=True), "Retry-After": format_datetime(sent + timedelta(seconds=3))}
    assert repeats(till, lambda: answer(429, {"code": "slow_down"}, headers), 1) == [3]


def test_a_server_cannot_make_a_wait_shorter(till: Till) -> None:
    assert repeats(till, lambda: refusal("slow_down", "0"), 2) == [0.5, 1]


@pytest.mark.parametrize("wait", ["31", "86400", "99999999999999999999", "9" * 400])
def test_a_wait_beyond_the_cap_is_not_slept(till: Till, wait: str) -> None:
    till.opened(deadline=None).will(refusal("slow_down", wait))
    failure = till.fails(errors.SlowDown, sell)
    assert failure.retry_after is not None and failure.retry_after >= 31
    assert (till.waits, failure.attempts) == ([], 1)


@pytest.mark.parametrize("wait", ["", "soon", "-5", "1e999999999", "NaN", "Infinity", "0x10"])
def test_a_wait_that_says_nothing_is_none(till: Till, wait: str) -> None:
    assert repeats(till, lambda: refusal("slow_down", wait), 1) == [0.5]


def test_a_wait_in_the_body_is_in_its_own_unit(till: Till) -> None:
    till.opened(deadline=PATIENT)
    assert repeats(till, lambda: refusal("closed", retry_after=2500), 2) == [2.5, 5]


def test_what_the_catalog_keeps_for_the_caller_is_not_repeated(till: Till) -> None:
    till.will(refusal("locked"))
    failure = till.fails(errors.Locked, sell)
    assert failure.advice.next == "repeat" and (failure.attempts, till.waits) == (1, [])


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid", errors.Invalid),
        ("unauthenticated", errors.Unauthenticated),
        ("declined", errors.Declined),
        ("not_found", errors.NotFound),
        ("accepted", errors.Accepted),
    ],
)
def test_what_a_repeat_cannot_mend_is_not_repeated(till: Till, code: str, kind: type[errors.TillError]) -> None:
    till.will(refusal(code))
    assert till.fails(kind, sell).attempts == 1


def test_the_key_stays_the_same_and_so_does_every_byte(till: Till) -> None:
    till.will(refused(), lost(), refusal("closed"), refusal("busy"), refusal("broken"), sold())
    till.opened(deadline=PATIENT).run(sell)
    assert len(set(till.keys)) == 1 and till.keys[0] is not None
    assert {request.body for request in till.requests} == {b'{"amount":"10.00"}'}
    assert {request.headers["Authorization"] for request in till.requests} == {"Bearer secret-token"}
    assert len({tuple(sorted(request.headers.items())) for request in till.requests}) == 1


def test_the_key_of_the_caller_stays_the_same(till: Till) -> None:
    till.will(refusal("busy"), lost(), sold()).run(lambda client: sell(client, idempotency_key="k-1"))
    assert till.keys == ["k-1"] * 3


def test_a_key_that_the_client_made_is_renewed_where_the_api_wants_a_new_one(till: Till) -> None:
    till.will(refusal("used_up"), refusal("busy"), refusal("used_up"), sold()).run(sell)
    first, second, third, fourth = till.keys
    assert second == third and len({first, second, fourth}) == 3


def test_the_failure_holds_the_key_that_was_sent_last(till: Till) -> None:
    till.will(refusal("used_up"), refusal("invalid"))
    assert till.fails(errors.Invalid, sell).idempotency_key == till.keys[1]


def test_the_key_of_the_caller_is_not_renewed(till: Till) -> None:
    till.will(refusal("used_up"))
    failure = till.fails(errors.UsedUp, lambda client: sell(client, idempotency_key="k-1"))
    assert (failure.idempotency_key, failure.attempts) == ("k-1", 1)


def test_a_key_is_not_renewed_where_the_sale_may_have_been_made_under_it(till: Till) -> None:
    till.will(lost(), refusal("used_up"))
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    assert failure.idempotency_key == till.keys[0] == till.keys[1]
    assert isinstance(failure.__cause__, errors.UsedUp)


@pytest.mark.parametrize(("call", "success"), ONCE)
@pytest.mark.parametrize("failure", [refused, lambda: refusal("busy"), lambda: refusal("closed")])
def test_what_did_not_happen_is_repeated_whatever_protects_it(
    till: Till, call: Any, success: httpx2.Response, failure: Callable[[], Any]
) -> None:
    till.will(failure(), success).run(call)
    assert till.sent == 2


@pytest.mark.parametrize("call", [refund, finalize, tip])
@pytest.mark.parametrize("failure", [lost, lambda: refusal("broken"), lambda: httpx2.Response(502)])
def test_what_may_have_happened_is_not_repeated_where_nothing_protects_it(
    till: Till, call: Any, failure: Callable[[], Any]
) -> None:
    till.will(failure())
    with pytest.raises(OutcomeUnknown) as caught:
        till.run(call)
    assert caught.value.outcome is Outcome.UNKNOWN and caught.value.advice.next == "check"
    assert (till.sent, till.waits) == (1, [])


@pytest.mark.parametrize(
    ("call", "success"),
    [
        (sell, sold()),
        (pay_out, answer(201, PAYOUT)),
        (cancel, httpx2.Response(204)),
        (read, found()),
        (listed, refunds()),
    ],
    ids=["key", "number of the caller", "idempotent", "read", "list"],
)
@pytest.mark.parametrize("failure", [lost, lambda: refusal("broken")])
def test_what_is_safe_twice_is_repeated(
    till: Till, call: Any, success: httpx2.Response, failure: Callable[[], Any]
) -> None:
    till.will(failure(), success).run(call)
    assert till.sent == 2 and till.requests[0].body == till.requests[1].body


def test_once_sent_without_protection_a_request_is_not_sent_again_after_a_failure_to_connect(till: Till) -> None:
    till.will(refused(), lost())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, tip)
    assert (failure.attempts, failure.phase) == (2, Phase.SENT)


def test_a_call_ends_at_its_deadline(till: Till) -> None:
    till.opened(deadline=4.5).will(*[refusal("busy")] * 5)
    failure = till.fails(errors.Busy, sell)
    assert till.waits == [1, 1, 1, 1] and failure.attempts == 5


def test_a_wait_that_does_not_fit_is_not_begun(till: Till) -> None:
    till.opened(deadline=7).will(refusal("slow_down", "7"))
    assert till.fails(errors.SlowDown, sell).retry_after == 7
    assert till.waits == []


def test_each_attempt_gets_what_is_left_of_the_deadline(till: Till) -> None:
    till.opened(timeout=10, deadline=11.5).will(*[refusal("busy")] * 2, sold()).run(sell)
    *whole, cut = [request.timeout for request in till.requests]
    assert whole == [10, 10] and cut is not None and 5 < cut <= 9.5


def test_without_a_deadline_each_attempt_has_its_timeout(till: Till) -> None:
    till.opened(timeout=10, deadline=None).will(*[refusal("busy")] * 2, sold()).run(sell)
    assert [request.timeout for request in till.requests] == [10, 10, 10]


def test_the_deadline_of_one_call_replaces_that_of_the_client(till: Till) -> None:
    options = CallOptions(deadline=1.5, timeout=None)
    till.will(refusal("busy"), refusal("busy"))
    till.fails(errors.Busy, lambda client: sell(client, options=options))
    first = till.requests[0].timeout
    assert first is not None and 0 < first <= 1.5 and till.waits == [1]


def test_a_sleep_that_lasts_too_long_hides_no_failure(till: Till) -> None:
    def oversleep() -> None:
        till.clock.seconds += 100

    till.clock.during = oversleep
    till.will(refusal("closed"))
    with pytest.raises(errors.TillError) as caught:
        till.run(sell)
    shown = caught.value if isinstance(caught.value, errors.Closed) else caught.value.__cause__
    assert isinstance(shown, errors.Closed) and caught.value.attempts == 1


@pytest.mark.parametrize(
    ("of_client", "of_call", "attempts"),
    [
        (1, CallOptions(), 1),
        (2, CallOptions(), 2),
        (1, CallOptions(max_attempts=3), 3),
        (5, CallOptions(max_attempts=1), 1),
        (2, CallOptions(max_attempts=None), 4),
        (9, CallOptions(), 4),
    ],
)
def test_attempts_are_counted(till: Till, of_client: int, of_call: CallOptions, attempts: int) -> None:
    till.opened(max_attempts=of_client).will(*[refusal("slow_down")] * attempts)
    assert till.fails(errors.SlowDown, lambda client: sell(client, options=of_call)).attempts == attempts


def test_a_budget_that_is_spent_ends_the_repeats_of_all_calls(till: Till) -> None:
    budget = RetryBudget(3, 1.0)
    till.opened(budget=budget, deadline=PATIENT).will(*[refusal("busy")] * 4)
    assert till.fails(errors.Busy, sell).attempts == 4 and budget.tokens == 0
    assert till.will(refused()).fails(errors.NotSent, read).attempts == 1
    till.will(sold()).run(sell)
    assert budget.tokens == 1
    till.will(refusal("busy"), sold()).run(sell)
    assert budget.tokens == 0


def test_a_token_is_asked_for_at_each_attempt(till: Till) -> None:
    tokens = iter(["one", "two", "three"])
    till.opened(auth=BearerAuth(lambda: next(tokens))).will(refusal("busy"), lost(), sold()).run(sell)
    assert [request.headers["Authorization"] for request in till.requests] == [
        "Bearer one",
        "Bearer two",
        "Bearer three",
    ]
    assert len(set(till.keys)) == 1


class NoToken(Exception):
    """What a token's function raises."""


def failing(*tokens: str) -> BearerAuth:
    """Credentials that are at hand so many times."""
    left = list(tokens)

    def token() -> str:
        if not left:
            raise NoToken
        return left.pop(0)

    return BearerAuth(token)


def test_a_token_that_fails_at_a_repeat_does_not_hide_the_doubt(till: Till) -> None:
    till.opened(auth=failing("one")).will(lost())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    assert isinstance(failure.__cause__, NoToken) and failure.attempts == 1
    assert failure.idempotency_key == till.keys[0]


def test_a_token_that_fails_before_anything_is_in_doubt_is_raised_itself(till: Till) -> None:
    till.opened(auth=failing()).fails(NoToken, lambda client: sell(client, idempotency_key="k-1"))
    assert till.sent == 0
    other = till.opened(guard=till.client._settings.guard)
    other.will(sold()).run(lambda client: client.sales.create(amount="11.00", idempotency_key="k-1"))


UPLOADS: dict[str, Callable[[Any], Any]] = {
    "iterator": lambda _: iter([b"abc", b"def"]),
    "generator": lambda _: (chunk for chunk in (b"abc", b"def")),
    "pipe": lambda _: Pipe(),
}


class Pipe:
    """A file that cannot be rewound."""

    def __init__(self) -> None:
        self.chunks = [b"abc", b"def", b""]

    def read(self, size: int = -1, /) -> bytes:
        return self.chunks.pop(0)


def upload(body: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.upload_receipt(id="s-1", body=body)


@pytest.mark.parametrize("source", list(UPLOADS.values()), ids=list(UPLOADS))
@pytest.mark.parametrize("failure", [lost, lambda: refusal("busy")])
def test_a_body_that_can_be_read_once_is_sent_once(till: Till, source: Any, failure: Callable[[], Any]) -> None:
    till.will(failure())
    with pytest.raises(errors.TillError) as caught:
        till.run(upload(source(None)))
    assert (caught.value.attempts, till.requests[0].body) == (1, b"abcdef")


def test_bytes_and_a_file_that_can_be_rewound_are_sent_again_byte_for_byte(till: Till) -> None:
    opened = io.BytesIO(b"skipped" + b"abc" * 100_000)
    opened.seek(7)
    for body in (b"abc" * 100_000, opened):
        till.requests.clear()
        till.will(refusal("busy"), lost(), found()).run(upload(body))
        assert [request.body for request in till.requests] == [b"abc" * 100_000] * 3
        assert len(set(till.keys)) == 1
        assert {request.headers["Content-Length"] for request in till.requests} == {"300000"}


def test_each_page_is_repeated_on_its_own(till: Till) -> None:
    till.will(lost(), refunds("a", "b", following="2"), *[refusal("slow_down")] * 3, refunds("c"))
    items = till.listed(lambda client: client.refunds.list.items(sale_id="s-1"))
    assert [item.reference for item in items] == ["a", "b", "c"]
    assert [request.query for request in till.requests] == ["sale_id=s-1"] * 2 + ["sale_id=s-1&after=2"] * 4


def test_a_page_that_cannot_be_had_ends_the_list_with_its_own_failure(till: Till) -> None:
    till.will(refunds("a", following="2"), refusal("invalid"))
    with pytest.raises(errors.Invalid):
        till.listed(lambda client: client.refunds.list.pages())


def test_a_result_is_what_the_repeats_came_to(till: Till) -> None:
    till.will(refusal("busy"), sold())
    result = till.run(lambda client: client.sales.create.result(amount="10.00"))
    assert result.value == models.Sale.from_wire(SALE) and result.notice is None
    till.will(lost(), refusal("declined"))
    declined = till.run(lambda client: client.sales.create.result(amount="10.00"))
    assert type(declined) is errors.Declined and declined.attempts == 2


def test_a_raw_answer_is_the_last_one(till: Till) -> None:
    till.will(refusal("busy"), sold())
    raw = till.run(lambda client: client.sales.create.raw(amount="10.00"))
    assert (raw.status, raw.parse().id, till.sent) == (201, "s-1", 2)
    till.will(refusal("busy"), refusal("invalid"))
    raw = till.run(lambda client: client.sales.create.raw(amount="10.00"))
    assert raw.status == 400
    with pytest.raises(errors.Invalid):
        raw.parse()


def test_a_raw_answer_does_not_hide_a_doubt(till: Till) -> None:
    till.will(lost(), refusal("unauthenticated"))
    till.fails(errors.AnswerLostOutcomeUnknown, lambda client: client.sales.create.raw(amount="10.00"))


def test_support_is_told_by_the_reference_of_the_failure(till: Till) -> None:
    till.opened(max_attempts=1).will(refusal("broken"))
    failure = till.fails(errors.BrokenOutcomeUnknown, sell)
    assert failure.support_reference == REFERENCE and REFERENCE in str(failure)


def test_no_two_attempts_are_closer_than_their_wait(till: Till) -> None:
    till.opened(deadline=PATIENT).will(refusal("closed"), refusal("busy"), refusal("slow_down", "9"), sold()).run(sell)
    gaps = [after.at - before.at for before, after in pairwise(till.requests)]
    assert gaps == till.waits == [1, 1, 9]
