"""The till: what may be concluded from an answer to a question about an earlier call, and what may not; files, copies, success-shaped failures."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

import httpx2
import pytest
from behaviour.clocks import HOUR, MINUTE
from behaviour.tills import (
    SALE,
    Till,
    answer,
    doubted,
    finalize,
    found,
    lost,
    refund,
    refunds,
    refusal,
    resolve,
    sell,
    sold,
    unresolved,
)

from features._runtime.answers import Reading, RequestView
from features._runtime.calls import CallOptions
from features._runtime.contract import Match, Outcome, Predicate, Selector
from features._runtime.errors import ApiError, contract_of
from features.outcomes import errors


@pytest.mark.parametrize(("ahead", "asked"), [(0.0, 143), (5 * MINUTE, 142), (-HOUR, None)])
def test_a_clock_that_jumps_lets_nothing_seem_to_have_settled(till: Till, ahead: float, asked: float | None) -> None:
    error = doubted(till, finalize)
    till.clock.set_back = -ahead
    till.will(found(status="open"), goes_on=True)
    if asked is None:
        assert unresolved(till, error).reason == "time_up"
    else:
        resolved = till.run(resolve(error))
        assert not resolved.executed and till.requests[-1].at == asked


def test_what_another_process_sent_in_the_future_has_not_settled(till: Till) -> None:
    token = doubted(till, finalize).resume_token
    till.clock.set_back = HOUR
    till.opened().will(found(status="open"), goes_on=True)
    failure = till.fails(errors.UnresolvedOutcomeUnknown, lambda client: client.sales.finalize.resume(token, id="s-1"))
    assert failure.reason == "time_up" and till.sent > 10


def test_what_has_no_number_cannot_be_looked_up(till: Till) -> None:
    error = doubted(till, lambda client: client.refunds.create(reference="", sale_id="s-1", amount="1.00"))
    assert unresolved(till, error).reason == "no_means"
    assert till.sent == 1


SAME = Predicate(Selector(body="/reference"), "same_as", Selector(request="body", at="/reference"))


@pytest.mark.parametrize(
    ("sent", "listed", "same"),
    [
        ({"reference": "a"}, {"reference": "a"}, True),
        ({"reference": 0}, {"reference": 0}, True),
        ({"reference": "a"}, {"reference": "b"}, False),
        ({"reference": ""}, {"reference": ""}, False),
        ({"reference": None}, {"reference": None}, False),
        ({}, {}, False),
        ({}, {"reference": None}, False),
        ({"reference": "a"}, {"reference": None}, False),
    ],
)
def test_nothing_is_the_same_as_nothing(sent: Any, listed: Any, same: bool) -> None:
    assert Reading.of_tree(listed, RequestView(sent)).holds(SAME) is same


def test_a_page_that_leads_back_ends_the_list(till: Till) -> None:
    error = doubted(till, refund)
    till.will(refunds("a", following="1"), refunds("b", following="2"), refunds("c", following="1"))
    assert unresolved(till, error, deadline=2).reason == "deadline"
    queries = [request.query for request in till.requests[1:]]
    assert queries == ["sale_id=s-1", "sale_id=s-1&after=1", "sale_id=s-1&after=2"]


def unread(call: Callable[[Any], Any], till: Till) -> errors.Unreadable:
    """A call that was executed, and whose answer nobody can read."""
    till.will(httpx2.Response(200, content=b"<", headers={"Content-Type": "application/json"}))
    failure = till.fails(errors.Unreadable, call)
    assert failure.outcome is Outcome.PROCESSED
    return failure


def test_what_was_executed_is_not_undone_by_a_look_at_it(till: Till) -> None:
    error = unread(finalize, till)
    till.will(found(status="open"), goes_on=True)
    failure = till.fails(errors.Unresolved, resolve(error))
    assert (failure.outcome, failure.reason) == (Outcome.PROCESSED, "time_up")
    assert till.clock.seconds > 2 * MINUTE


def test_what_was_executed_is_found(till: Till) -> None:
    error = unread(finalize, till)
    resolved = till.will(found(status="open"), found(status="final")).run(resolve(error))
    assert resolved.executed and resolved.found.status == "final"


def test_what_was_accepted_is_not_undone_by_a_look_at_it(till: Till) -> None:
    token = doubted(till, finalize).resume_token
    assert token is not None
    pending = replace(token, outcome=Outcome.PENDING)
    till.opened().will(found(status="open"), goes_on=True)
    failure = till.fails(errors.Unresolved, lambda client: client.sales.finalize.resume(pending, id="s-1"))
    assert (failure.outcome, failure.reason) == (Outcome.PENDING, "time_up")


def accepted(till: Till, wait: str) -> ApiError:
    till.will(refusal("accepted", wait))
    return till.fails(errors.Accepted, sell)


def test_a_wait_that_is_partly_over_is_not_too_long(till: Till) -> None:
    error = accepted(till, "90")
    till.clock.seconds += 40
    assert till.will(sold()).run(resolve(error)).executed
    assert till.waits == [50]


def test_a_wait_of_which_too_much_is_left_is_not_slept(till: Till) -> None:
    error = accepted(till, "90")
    till.clock.seconds += 29
    assert till.fails(errors.Unresolved, resolve(error)).reason == "wait_too_long"
    till.clock.seconds += 1
    assert till.will(sold()).run(resolve(error)).executed


def test_without_any_policy_our_own_holds(till: Till) -> None:
    error = doubted(till)
    settings = till.client._settings
    known = settings.registry
    others = tuple(cls for cls in known.errors if cls is not errors.Broken)
    till.client._settings = replace(settings, registry=replace(known, errors=others))
    till.will(lost(), goes_on=True)
    assert unresolved(till, error).reason == "time_up"
    waits = till.waits
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60] and set(waits[7:]) == {60}
    assert 14 * MINUTE < till.clock.seconds <= 15 * MINUTE


CANCELED: type[errors.TillError] = type(
    "Canceled",
    (errors.TillError,),
    {
        "contract": replace(
            contract_of(errors.Declined),
            id="canceled",
            category="cancelled",
            raised="opt_in",
            match=Match(statuses=("2XX",), codes=("canceled",), format="refusal"),
        )
    },
)
"""What a success also is where the sale was canceled at once."""


def canceling(till: Till, **settings: Any) -> Till:
    """The till where a success may say that the sale is canceled."""
    client = till.opened(**settings).client
    known = client._settings.registry
    client._settings = replace(client._settings, registry=replace(known, errors=(CANCELED, *known.errors)))
    return till


def canceled() -> httpx2.Response:
    return answer(201, {**SALE, "status": "canceled", "code": "canceled"})


def test_a_success_that_says_canceled_settles_the_doubt(till: Till) -> None:
    canceling(till, raise_opt_in=True).will(lost(), canceled())
    failure = till.fails(CANCELED, sell)
    assert (failure.outcome, failure.attempts, failure.resume_token) == (Outcome.REJECTED, 2, None)


def test_what_turns_out_to_be_canceled_was_not_executed(till: Till) -> None:
    canceling(till, max_attempts=1).will(lost())
    error = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    resolved = till.will(canceled()).run(resolve(error))
    assert (resolved.executed, resolved.value.status, type(resolved.notice)) == (False, "canceled", CANCELED)


def upload(body: Any, **arguments: Any) -> Callable[[Any], Any]:
    return lambda client: client.sales.upload_receipt(id="s-1", body=body, **arguments)


def changed(file: io.BytesIO) -> None:
    file.seek(0)
    file.write(b"xyz")


def longer(file: io.BytesIO) -> None:
    file.seek(0, 2)
    file.write(b"more")


SPOILT = [changed, longer, io.BytesIO.close]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_file_that_is_not_what_it_was_is_not_sent_again(till: Till, spoil: Callable[[io.BytesIO], None]) -> None:
    file = io.BytesIO(b"abc")

    def meanwhile(request: httpx2.Request) -> httpx2.Response:
        spoil(file)
        raise lost()

    till.will(meanwhile)
    failure = till.fails(errors.AnswerLostOutcomeUnknown, upload(file))
    assert failure.attempts == till.sent == 1
    assert unresolved(till, failure).reason == "not_replayable"


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_file_that_changes_while_it_is_found_out_is_not_sent(till: Till, spoil: Callable[[io.BytesIO], None]) -> None:
    file = io.BytesIO(b"abc")
    error = doubted(till, upload(file))
    spoil(file)
    assert unresolved(till, error).reason == "not_replayable"
    assert till.sent == 1


def test_another_file_is_another_request(till: Till) -> None:
    till.will(found()).run(upload(io.BytesIO(b"abc"), idempotency_key="k-1"))
    till.will(found()).run(upload(io.BytesIO(b"abc"), idempotency_key="k-1"))
    till.fails(errors.KeyRefused, upload(io.BytesIO(b"abd"), idempotency_key="k-1"))
    error = doubted(till, upload(io.BytesIO(b"abc")))
    token = error.resume_token
    resume = "the arguments are not those"
    failure = till.fails(
        ValueError, lambda client: client.sales.upload_receipt.resume(token, id="s-1", body=io.BytesIO(b"abd"))
    )
    assert resume in str(failure)
    till.will(found()).run(lambda client: client.sales.upload_receipt.resume(token, id="s-1", body=io.BytesIO(b"abc")))


COPIES: dict[str, Callable[[Any], Any]] = {"copy": copy.copy, "deepcopy": copy.deepcopy}


@pytest.mark.parametrize("copied", list(COPIES.values()), ids=list(COPIES))
def test_a_copy_is_resolved_like_the_failure_itself(till: Till, copied: Callable[[Any], Any]) -> None:
    error = doubted(till, sell, lambda: refusal("broken"))
    error.add_note("a note")
    twin = copied(error)
    assert twin is not error and type(twin) is type(error) and str(twin) == str(error)
    assert (twin.resume_token, twin.__notes__) == (error.resume_token, ["a note"])
    assert till.will(sold()).run(resolve(twin)).value.id == "s-1"
    assert len(set(till.keys)) == 1


def test_a_copy_outlives_the_failure(till: Till) -> None:
    error = doubted(till)
    twin = copy.copy(error)
    del error
    assert till.will(sold()).run(resolve(twin)).executed


def texts(value: Any, seen: set[int]) -> list[str]:
    """All that can be reached from a value by its members."""
    if id(value) in seen:
        return []
    seen.add(id(value))
    if isinstance(value, str | bytes):
        return [str(value)]
    if isinstance(value, dict):
        members = cast("Mapping[Any, Any]", value)
        return [text for pair in members.items() for one in pair for text in texts(one, seen)]
    if isinstance(value, list | tuple | set | frozenset):
        return [text for one in cast("Iterable[Any]", value) for text in texts(one, seen)]
    slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
    found_ones = [getattr(value, name, None) for name in slots] + [getattr(value, "__dict__", None)]
    return [text for one in found_ones if one is not None for text in texts(one, seen)]


@pytest.mark.parametrize("failure", [lost, lambda: refusal("broken")])
def test_who_stores_a_failure_stores_no_request(till: Till, failure: Callable[[], Any]) -> None:
    options = CallOptions(headers={"X-Vault": "hush-hush"})
    error = doubted(till, lambda client: client.sales.create(amount="987.65", note="to Ann", options=options), failure)
    told = "\n".join([*texts(vars(error), set()), repr(pickle.dumps(error)), repr(vars(error))])
    assert error.idempotency_key in told if error.idempotency_key else False
    for secret in ("987.65", "to Ann", "secret-token", "hush-hush"):
        assert secret not in told
    assert till.will(sold()).run(resolve(error)).executed and "hush-hush" in till.requests[-1].headers["X-Vault"]
