"""The till: how its client finds out what became of a call whose outcome is open, and what it says where nobody can tell."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from behaviour.clocks import HOUR, MINUTE
from behaviour.tills import (
    PAYOUT,
    REFERENCE,
    Till,
    answer,
    cancel,
    doubted,
    finalize,
    found,
    lost,
    pay_out,
    read,
    refund,
    refunds,
    refusal,
    refused,
    resolve,
    sell,
    sold,
    tip,
    unresolved,
)

from features._runtime.budget import RetryBudget
from features._runtime.calls import CallOptions
from features._runtime.contract import Outcome
from features._runtime.credentials import BasicAuth
from features._runtime.errors import ApiError
from features._runtime.tokens import ResumeToken
from features.outcomes import BearerAuth, errors
from features.problem_details import errors as others

UNKNOWN = [lost, lambda: refusal("broken"), lambda: httpx2.Response(502, html="<h1>502</h1>")]


def accepted(till: Till) -> ApiError:
    """A sale that is accepted and not finished."""
    till.will(refusal("accepted", "3"))
    failure = till.fails(errors.Accepted, sell)
    assert failure.outcome is Outcome.PENDING
    return failure


@pytest.mark.parametrize("failure", UNKNOWN)
def test_under_a_key_the_same_request_tells(till: Till, failure: Callable[[], Any]) -> None:
    error = doubted(till, sell, failure)
    resolved = till.will(sold(status="final")).run(resolve(error))
    assert (resolved.executed, resolved.value.status, resolved.found, resolved.attempts) == (True, "final", None, 2)
    first, second = till.requests
    assert (first.key, first.body) == (second.key, second.body) and error.idempotency_key == first.key


@pytest.mark.parametrize(
    ("call", "success"),
    [(pay_out, answer(201, PAYOUT)), (cancel, httpx2.Response(204))],
    ids=["number of the caller", "idempotent"],
)
def test_what_is_safe_twice_tells_by_itself(till: Till, call: Any, success: httpx2.Response) -> None:
    error = doubted(till, call)
    resolved = till.will(success).run(resolve(error))
    assert resolved.executed and till.requests[0].body == till.requests[1].body


def test_a_method_resolves_its_own_calls(till: Till) -> None:
    error = doubted(till)
    assert till.will(sold()).run(lambda client: client.sales.create.resolve(error)).value.id == "s-1"


def test_the_first_wait_counts_from_the_last_attempt(till: Till) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    till.clock.seconds += 0.25
    till.will(sold()).run(resolve(error))
    assert till.waits == [0.75]
    error = doubted(till, sell, lambda: refusal("broken"))
    till.clock.seconds += MINUTE
    till.will(sold()).run(resolve(error))
    assert till.waits == []


def test_it_is_asked_until_it_is_known(till: Till) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    till.will(refused(), refusal("broken"), refusal("slow_down", "9"), refusal("closed"), sold())
    assert till.run(resolve(error)).attempts == 6
    assert till.waits == [1, 1, 2, 9, 30]


def test_a_refusal_that_came_after_the_key_was_looked_at_tells(till: Till) -> None:
    error = doubted(till)
    declined = till.will(refusal("declined")).fails(errors.Declined, resolve(error))
    assert declined.outcome is Outcome.REJECTED and declined.attempts == 2


@pytest.mark.parametrize("code", ["unauthenticated", "locked", "used_up"])
def test_a_refusal_that_says_nothing_about_the_first_attempt_does_not_tell(till: Till, code: str) -> None:
    error = doubted(till)
    till.will(*[refusal(code)] * (1 if code != "used_up" else 60), goes_on=True)
    failure = unresolved(till, error, deadline=5)
    assert failure.reason == ("deadline" if code == "used_up" else "refused")
    assert set(till.keys) == {error.idempotency_key}
    assert failure.idempotency_key == error.idempotency_key and failure.outcome is Outcome.UNKNOWN


def test_where_nothing_protects_it_no_refusal_tells(till: Till) -> None:
    error = doubted(till, cancel)
    till.will(refusal("not_found"))
    failure = unresolved(till, error)
    assert failure.reason == "refused" and isinstance(failure.__cause__, errors.NotFound)


def test_what_was_executed_and_cannot_be_read_is_no_doubt_any_more(till: Till) -> None:
    error = doubted(till)
    till.will(answer(201, {"id": "s-9", "amount": 5}, {"Location": "/v1/sales/s-9"}))
    unreadable = httpx2.Response(201, content=b'{"id": "s-9", "amo', headers={"Content-Type": "application/json"})
    till.will(unreadable)
    failure = till.fails(errors.Unreadable, resolve(error))
    assert failure.outcome is Outcome.PROCESSED and failure.identifiers == {"/id": "s-9"}


@pytest.mark.parametrize("page", [1, 2])
def test_a_list_is_looked_through_page_after_page(till: Till, page: int) -> None:
    error = doubted(till, refund)
    pages = [refunds("a", "own-1")] if page == 1 else [refunds("a", following="2"), refunds("own-1", "c")]
    resolved = till.will(*pages).run(resolve(error))
    assert (resolved.executed, resolved.value, resolved.found.id) == (True, None, "r-own-1")
    queries = [request.query for request in till.requests[1:]]
    assert queries == ["sale_id=s-1", "sale_id=s-1&after=2"][:page]
    assert {request.method for request in till.requests[1:]} == {"GET"}


def test_a_list_that_lacks_it_proves_nothing(till: Till) -> None:
    error = doubted(till, refund)
    till.will(refunds("a", "b"), goes_on=True)
    failure = unresolved(till, error)
    assert failure.reason == "time_up"
    assert [request.method for request in till.requests].count("POST") == 1


def test_a_list_without_an_end_is_left(till: Till) -> None:
    error = doubted(till, refund)
    till.will(lambda request: refunds("a", following=f"page {till.sent}"), goes_on=True)
    assert unresolved(till, error, deadline=2).reason == "deadline"
    assert till.sent == 1 + 20 and till.waits == [1]


def test_looking_through_many_pages_ends_at_the_deadline(till: Till) -> None:
    error = doubted(till, refund)

    def slowly(request: httpx2.Request) -> httpx2.Response:
        till.clock.seconds += 1
        return refunds("a", following=f"page {till.sent}")

    till.will(slowly, goes_on=True)
    began = till.clock.seconds
    assert unresolved(till, error, deadline=5).reason == "deadline"
    assert till.clock.seconds - began <= 6


def test_what_is_looked_up_and_was_executed(till: Till) -> None:
    error = doubted(till, finalize)
    resolved = till.will(found(status="final")).run(resolve(error))
    assert (resolved.executed, resolved.value, resolved.found.status) == (True, None, "final")
    assert till.requests[1].path == "/sales/s-1" and till.requests[1].method == "GET"


def test_what_left_no_trace_may_be_under_way_until_it_has_settled(till: Till) -> None:
    error = doubted(till, finalize)
    till.will(found(status="open"), goes_on=True)
    resolved = till.run(resolve(error))
    assert (resolved.executed, resolved.found.status, resolved.attempts) == (False, "open", 1)
    # The catalog names no policy for a lost answer: that of the operation's documented unknown outcome holds.
    assert till.waits == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55]
    # An attempt may last for 30 s, and a minute must have passed since.
    assert till.requests[-2].at < 1.5 * MINUTE <= till.requests[-1].at


def test_what_arrives_late_is_found_in_time(till: Till) -> None:
    error = doubted(till, finalize)
    till.will(found(status="open"), found(status="open"), found(status="final"))
    assert till.run(resolve(error)).executed


def test_an_attempt_that_took_long_has_to_settle_from_its_end(till: Till) -> None:
    def slowly(request: httpx2.Request) -> httpx2.Response:
        till.clock.seconds += 2 * MINUTE
        raise httpx2.ReadTimeout("too late")

    till.opened(max_attempts=1, timeout=300, deadline=None).will(slowly)
    error = till.fails(errors.AnswerLostOutcomeUnknown, finalize)
    ended = till.clock.seconds
    till.will(found(status="open"), goes_on=True)
    assert not till.run(resolve(error)).executed
    assert till.requests[-1].at >= ended + MINUTE


def test_what_is_neither_stays_open_until_time_is_up(till: Till) -> None:
    error = doubted(till, finalize)
    till.will(found(status="canceled"), goes_on=True)
    assert unresolved(till, error).reason == "time_up"
    waits = till.waits
    assert waits[:11] == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 60] and set(waits[11:]) == {60}
    assert 9 * MINUTE < till.clock.seconds <= 10 * MINUTE


def test_a_lookup_that_fails_is_asked_again_and_one_that_is_refused_is_not(till: Till) -> None:
    error = doubted(till, finalize)
    till.will(refusal("closed", retry_after=7000), found(status="final"))
    assert till.run(resolve(error)).executed
    assert till.waits == [1, 7]
    error = doubted(till, finalize)
    till.will(refusal("unauthenticated"))
    failure = unresolved(till, error)
    assert failure.reason == "refused" and isinstance(failure.__cause__, errors.Unauthenticated)


def test_a_lookup_that_is_for_the_caller_to_repeat_is_not_repeated(till: Till) -> None:
    error = doubted(till, finalize)
    till.will(refusal("locked"))
    assert unresolved(till, error).reason == "refused"


def test_with_nothing_to_look_up_support_is_asked(till: Till) -> None:
    error = doubted(till, tip, lambda: refusal("broken"))
    failure = unresolved(till, error)
    assert failure.reason == "no_means" and till.sent == 1 and till.waits == []
    assert "Till support, support@till.test" in str(failure) and REFERENCE in str(failure)


@pytest.mark.parametrize("age", [24 * HOUR - 89, 24 * HOUR, 25 * HOUR])
def test_a_key_that_may_be_forgotten_is_not_used_again(till: Till, age: float) -> None:
    error = doubted(till)
    till.clock.seconds += age
    failure = unresolved(till, error)
    assert (failure.reason, till.sent) == ("retention_over", 1)


def test_a_key_that_is_known_for_sure_is_used_again(till: Till) -> None:
    error = doubted(till)
    till.clock.seconds += 24 * HOUR - 2 * MINUTE
    assert till.will(sold()).run(resolve(error)).executed


def test_the_age_of_a_key_counts_from_the_first_attempt(till: Till) -> None:
    till.opened(max_attempts=2).will(lost(), lost())
    error = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    till.clock.seconds += 24 * HOUR - MINUTE - 30
    assert unresolved(till, error).reason == "retention_over"


@pytest.mark.parametrize("age", [24 * HOUR - 89, 25 * HOUR])
def test_another_client_does_not_use_a_forgotten_key_either(till: Till, age: float) -> None:
    error = doubted(till)
    till.clock.seconds += age
    till.opened()
    assert unresolved(till, error).reason == "retention_over"
    failure = till.opened().fails(
        errors.UnresolvedOutcomeUnknown,
        lambda client: client.sales.create.resume(str(error.resume_token), amount="10.00"),
    )
    assert failure.reason == "retention_over" and till.sent == 1


def test_time_that_is_set_back_does_not_prolong_it(till: Till) -> None:
    error = doubted(till)
    till.clock.set_back = 24 * HOUR
    till.clock.seconds += 25 * HOUR
    assert unresolved(till, error).reason == "retention_over"
    error = doubted(till)
    till.clock.set_back += HOUR
    began = till.clock.seconds
    till.will(lost(), goes_on=True)
    assert unresolved(till, error).reason == "time_up"
    assert till.clock.seconds - began <= 16 * MINUTE


def test_time_is_up_as_the_policy_says(till: Till) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    till.will(refusal("broken"), goes_on=True)
    failure = unresolved(till, error)
    assert failure.reason == "time_up" and isinstance(failure.__cause__, errors.BrokenOutcomeUnknown)
    assert failure.attempts == till.sent
    waits = till.waits
    assert waits[:11] == [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 60] and set(waits[11:]) == {60}
    assert 9 * MINUTE < till.clock.seconds <= 10 * MINUTE


def test_one_attempt_is_made_even_where_time_is_up(till: Till) -> None:
    error = doubted(till)
    till.clock.seconds += HOUR
    till.will(lost())
    assert unresolved(till, error).reason == "time_up"
    assert till.sent == 2


def test_a_deadline_ends_it(till: Till) -> None:
    error = doubted(till)
    till.will(lost(), goes_on=True)
    assert unresolved(till, error, deadline=10).reason == "deadline"
    last = till.requests[-1].timeout
    assert till.waits == [1, 1, 2, 3] and last is not None and 0 < last <= 3


@pytest.mark.parametrize("deadline", [0, -1, float("nan")])
def test_a_deadline_is_a_time(till: Till, deadline: float) -> None:
    error = doubted(till)
    till.fails(ValueError, resolve(error, deadline))


def test_a_wait_that_is_too_long_ends_it(till: Till) -> None:
    error = doubted(till)
    till.will(refusal("slow_down", "3600"))
    assert unresolved(till, error).reason == "wait_too_long"
    assert till.waits == [1]


def upload(body: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.upload_receipt(id="s-1", body=body)


def test_a_body_that_is_gone_cannot_be_sent_again(till: Till) -> None:
    error = doubted(till, upload(iter([b"abc"])))
    assert unresolved(till, error).reason == "not_replayable"


def test_a_body_that_is_at_hand_can(till: Till) -> None:
    for body in (b"abc", io.BytesIO(b"abc")):
        error = doubted(till, upload(body))
        assert till.will(found()).run(resolve(error)).executed
    assert {request.body for request in till.requests} == {b"abc"}


def test_what_is_pending_is_asked_for_until_it_is_finished(till: Till) -> None:
    error = accepted(till)
    till.will(refusal("accepted", "5"), refusal("accepted"), lost(), sold(status="final"))
    resolved = till.run(resolve(error))
    assert (resolved.executed, resolved.value.status, resolved.attempts) == (True, "final", 5)
    assert till.waits[:2] == [3, 5] and len(set(till.keys)) == 1


def test_what_is_pending_may_be_refused_in_the_end(till: Till) -> None:
    error = accepted(till)
    till.will(refusal("accepted", "1"), refusal("declined"))
    till.fails(errors.Declined, resolve(error))


def test_what_stays_pending_is_no_unknown_outcome(till: Till) -> None:
    error = accepted(till)
    till.will(refusal("accepted", "60"), goes_on=True)
    failure = till.fails(errors.Unresolved, resolve(error))
    assert (failure.reason, failure.outcome) == ("time_up", Outcome.PENDING)


def test_a_client_that_is_closed_stops_asking(till: Till) -> None:
    error = doubted(till)
    closing = till.client

    def close() -> None:
        till.clock.during = lambda: None
        if till.awaits:
            closing._closed = True
        else:
            closing.close()

    till.clock.during = close
    failure = unresolved(till, error)
    assert till.sent == 1 and till.waits == [1]
    assert failure.outcome is Outcome.UNKNOWN


def test_a_client_without_credentials_does_not_call_it_unsent(till: Till) -> None:
    error = doubted(till)
    till.opened(auth=BasicAuth("somebody", "else"))
    with pytest.raises(ApiError) as caught:
        till.run(resolve(error))
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("call", [sell, finalize])
def test_a_token_that_fails_does_not_end_the_doubt(till: Till, call: Any) -> None:
    error = doubted(till, call)

    def token() -> str:
        raise LookupError("the vault is closed")

    till.opened(auth=BearerAuth(token))
    failure = unresolved(till, error)
    assert failure.reason == "refused" and isinstance(failure.__cause__, LookupError)


def test_what_is_settled_cannot_be_resolved(till: Till) -> None:
    till.opened(max_attempts=1)
    for code in ("declined", "busy"):
        till.will(refusal(code))
        with pytest.raises(errors.TillError) as caught:
            till.run(sell)
        till.fails(ValueError, resolve(caught.value))
    till.will(refused())
    till.fails(ValueError, resolve(till.fails(errors.NotSent, sell)))


def test_what_this_client_did_not_send_cannot_be_resolved(till: Till) -> None:
    till.fails(ValueError, resolve(errors.BrokenOutcomeUnknown("made by hand")))
    till.fails(ValueError, resolve(others.AnswerLostOutcomeUnknown("of another API")))
    till.fails(ValueError, lambda client: client.resolve(RuntimeError("no failure of an API")))


def test_finding_out_takes_nothing_from_the_budget(till: Till) -> None:
    budget = RetryBudget(2, 1.0)
    error = doubted(till, budget=budget)
    till.will(*[refusal("broken")] * 4, sold()).run(resolve(error))
    assert budget.tokens == 2
    error = doubted(till, finalize, budget=budget)
    till.opened(budget=budget).will(refusal("closed"), found(status="final")).run(resolve(error))
    assert budget.tokens == 2


def test_a_call_that_reads_leaves_nothing_to_resolve(till: Till) -> None:
    till.opened(max_attempts=1).will(lost())
    failure = till.fails(errors.AnswerLost, read)
    assert failure.resume_token is None
    till.fails(ValueError, resolve(failure))


def test_a_token_is_as_long_as_its_outcome_is_open(till: Till) -> None:
    token = doubted(till).resume_token
    assert token is not None and ResumeToken.parse(str(token)) == token
    till.will(refusal("declined"))
    assert till.fails(errors.Declined, sell).resume_token is None


def test_what_was_executed_and_could_not_be_read_is_read_by_asking_again(till: Till) -> None:
    till.opened(max_attempts=1).will(httpx2.Response(201, content=b"<", headers={"Content-Type": "application/json"}))
    error = till.fails(errors.Unreadable, sell)
    assert error.outcome is Outcome.PROCESSED
    assert till.will(refusal("broken"), sold()).run(resolve(error)).value.id == "s-1"
    assert len(set(till.keys)) == 1


def test_what_was_executed_is_not_taken_back_by_a_refusal(till: Till) -> None:
    till.will(httpx2.Response(201, content=b"<", headers={"Content-Type": "application/json"}))
    error = till.fails(errors.Unreadable, sell)
    till.will(refusal("declined"))
    failure = till.fails(errors.Unresolved, resolve(error))
    assert (failure.reason, failure.outcome) == ("refused", Outcome.PROCESSED)


def test_credentials_of_one_server_do_not_go_to_another(till: Till) -> None:
    error = doubted(till)
    till.opened(base_url="https://elsewhere.test").fails(ValueError, resolve(error))
    assert till.sent == 1


def test_the_options_of_the_call_hold_when_it_is_resumed(till: Till) -> None:
    error = doubted(till)
    options = CallOptions(deadline=2, headers={"X-Trace": "1"})
    till.opened().will(lost())
    failure = till.fails(
        errors.UnresolvedOutcomeUnknown,
        lambda client: client.sales.create.resume(error.resume_token, amount="10.00", options=options),
    )
    assert failure.reason == "deadline" and till.requests[-1].headers["X-Trace"] == "1"
