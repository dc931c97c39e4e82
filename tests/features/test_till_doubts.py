"""The till: that something may have happened is never lost: not by what comes after it, not by a signal, not by a broken answer."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from behaviour.clocks import HOUR, MINUTE
from behaviour.tills import (
    REFERENCE,
    Till,
    answer,
    cancel,
    found,
    lost,
    pay_out,
    read,
    refusal,
    refused,
    sell,
    sold,
    tip,
)

from features._runtime.attempts import settles
from features._runtime.budget import RetryBudget
from features._runtime.calls import Call, CallOptions
from features._runtime.contract import Advice, OperationContract, Outcome, Phase
from features._runtime.errors import ApiError, contract_of
from features._runtime.exchange import Exchange
from features._runtime.fragments import MOST
from features._runtime.guard import KeyGuard
from features._runtime.outcomes import OutcomeUnknown
from features.outcomes import errors
from features.outcomes.resources.payouts import CREATE_PAYOUT
from features.outcomes.resources.sales import CANCEL_SALE, CREATE_SALE
from features.outcomes.resources.tips import CREATE_TIP

LATER: dict[str, Callable[[], Any]] = {
    "not sent": refused,
    "no longer allowed": lambda: refusal("unauthenticated"),
    "too many": lambda: refusal("slow_down", "3600"),
    "for the caller to repeat": lambda: refusal("locked"),
    "another key": lambda: refusal("used_up"),
    "closed": lambda: refusal("closed", retry_after=3_600_000),
    "unlisted": lambda: httpx2.Response(418),
}


@pytest.mark.parametrize("later", list(LATER.values()), ids=list(LATER))
@pytest.mark.parametrize("doubt", [lost, lambda: refusal("broken", reference="T-7")])
def test_a_doubt_is_not_hidden_by_what_comes_after_it(
    till: Till, doubt: Callable[[], Any], later: Callable[[], Any]
) -> None:
    till.opened(max_attempts=2).will(doubt(), later())
    with pytest.raises(OutcomeUnknown) as caught:
        till.run(sell)
    failure = caught.value
    assert isinstance(failure, ApiError) and failure.outcome is Outcome.UNKNOWN
    assert failure.attempts == 2 and isinstance(failure.__cause__, errors.TillError)
    assert failure.idempotency_key == till.keys[0]
    assert failure.resume_token is not None and failure.resume_token.outcome is Outcome.UNKNOWN
    assert failure.support_reference == ("T-7" if failure.status == 500 else failure.__cause__.support_reference)


def test_the_token_of_a_doubt_knows_of_all_attempts(till: Till) -> None:
    till.opened(max_attempts=2).will(lost(), refusal("unauthenticated"))
    failure = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    token = failure.resume_token
    assert token is not None and (token.attempts, failure.attempts) == (2, 2)
    assert token.support_reference == failure.support_reference == REFERENCE
    assert token.last_sent > token.first_sent


@pytest.mark.parametrize(
    ("code", "kind"),
    [("invalid", errors.Invalid), ("declined", errors.Declined), ("not_found", errors.NotFound)],
)
def test_a_doubt_is_settled_by_a_refusal_that_came_after_the_key_was_looked_at(
    till: Till, code: str, kind: type[errors.TillError]
) -> None:
    till.will(lost(), refusal(code))
    failure = till.fails(kind, sell)
    assert (failure.outcome, failure.attempts, failure.resume_token) == (Outcome.REJECTED, 2, None)


def test_a_doubt_is_settled_by_a_success(till: Till) -> None:
    till.will(lost(), refusal("broken"), sold())
    assert till.run(sell).id == "s-1"


def test_without_a_key_no_refusal_settles_a_doubt(till: Till) -> None:
    till.will(lost(), refusal("not_found"))
    failure = till.fails(errors.AnswerLostOutcomeUnknown, cancel)
    assert isinstance(failure.__cause__, errors.NotFound)


def test_what_was_accepted_is_not_taken_back_by_a_failure_to_ask(till: Till) -> None:
    till.will(lost(), refusal("accepted", "1"))
    failure = till.fails(errors.Accepted, sell)
    assert failure.outcome is Outcome.PENDING and failure.attempts == 2


def test_a_read_that_fails_is_no_doubt(till: Till) -> None:
    till.will(lost(), refusal("not_found"))
    assert till.fails(errors.NotFound, read).outcome is Outcome.REJECTED


def test_a_budget_that_is_spent_does_not_hide_a_doubt(till: Till) -> None:
    till.opened(budget=RetryBudget(1, 0)).will(lost(), refused())
    assert till.fails(errors.AnswerLostOutcomeUnknown, sell).attempts == 2


def test_a_deadline_does_not_hide_a_doubt(till: Till) -> None:
    till.opened(deadline=2).will(lost(), refusal("slow_down", "5"))
    assert isinstance(till.fails(errors.AnswerLostOutcomeUnknown, sell).__cause__, errors.SlowDown)


def test_a_result_does_not_hide_a_doubt(till: Till) -> None:
    till.will(lost(), refusal("unauthenticated"))
    result = till.run(lambda client: client.sales.create.result(amount="10.00"))
    assert type(result) is errors.AnswerLostOutcomeUnknown


def close(till: Till) -> None:
    if till.awaits:
        till.client._closed = True
    else:
        till.client.close()


@pytest.mark.parametrize(
    ("first", "kind"), [(lost, errors.AnswerLostOutcomeUnknown), (lambda: refusal("busy"), errors.NotSent)]
)
def test_a_client_that_is_closed_in_a_wait_sends_nothing_more(
    till: Till, first: Callable[[], Any], kind: type[errors.TillError]
) -> None:
    till.opened().clock.during = lambda: close(till)
    till.will(first())
    till.fails(kind, sell)
    assert till.sent == 1 and len(till.waits) == 1


def interrupted(till: Till) -> BaseException:
    return asyncio.CancelledError() if till.awaits else KeyboardInterrupt()


def raised(till: Till, call: Callable[[Any], Any]) -> str:
    """The notes of an interruption."""
    with pytest.raises((asyncio.CancelledError, KeyboardInterrupt)) as caught:
        till.run(call)
    return "\n".join(caught.value.__notes__)


def test_who_gives_up_while_it_is_sent_is_told_the_key(till: Till) -> None:
    till.will(interrupted(till))
    note = raised(till, sell)
    assert "createSale was under way and may be executed" in note and str(till.keys[0]) in note


def test_who_gives_up_in_a_wait_is_told_the_key(till: Till) -> None:
    def give_up() -> None:
        raise interrupted(till)

    till.clock.during = give_up
    till.will(lost())
    note = raised(till, sell)
    assert "may be executed" in note and str(till.keys[0]) in note


def test_who_gives_up_goes_on_under_the_same_key(till: Till) -> None:
    till.will(interrupted(till))
    raised(till, lambda client: sell(client, idempotency_key="k-1"))
    till.fails(
        errors.UnresolvedOutcomeUnknown, lambda client: client.sales.create(amount="11.00", idempotency_key="k-1")
    )
    till.will(sold()).run(lambda client: sell(client, idempotency_key="k-1"))
    assert till.keys == ["k-1", "k-1"]


def test_a_task_that_runs_out_of_time_leaves_a_note() -> None:
    with_key: list[str] = []

    async def run() -> None:
        till = Till(awaits=True)

        async def answered(request: httpx2.Request) -> httpx2.Response:
            with_key.append(request.headers["Idempotency-Key"])
            await asyncio.sleep(60)
            raise AssertionError

        till.http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answered))
        async with asyncio.timeout(0.05):
            await till.made().sales.create(amount="10.00")

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(run())
    cancelled = caught.value.__cause__
    assert isinstance(cancelled, asyncio.CancelledError) and with_key[0] in cancelled.__notes__[0]


def test_a_task_that_runs_out_of_time_in_a_wait_leaves_a_note() -> None:
    async def run() -> None:
        till = Till(awaits=True).will(lost())
        async with asyncio.timeout(0.05):
            await till.made(environment=None).sales.create(amount="10.00", idempotency_key="k-1")

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(run())
    cancelled = caught.value.__cause__
    assert isinstance(cancelled, asyncio.CancelledError) and "idempotency key k-1" in cancelled.__notes__[0]


def keyed(key: str, amount: str = "10.00") -> Callable[[Any], Any]:
    return lambda client: client.sales.create(amount=amount, idempotency_key=key)


def test_a_key_is_for_one_request(till: Till) -> None:
    till.will(sold()).run(keyed("k-1"))
    failure = till.fails(errors.KeyRefused, keyed("k-1", "11.00"))
    assert (failure.outcome, failure.attempts, failure.advice.next) == (Outcome.NOT_SENT, 0, "fix")
    till.fails(errors.KeyRefused, lambda client: client.sales.upload_receipt(id="1", body=b"", idempotency_key="k-1"))
    till.will(sold()).run(keyed("k-1"))
    assert till.sent == 2


def test_a_key_that_the_api_refused_is_not_sent_again(till: Till) -> None:
    till.will(refusal("declined"))
    till.fails(errors.Declined, keyed("k-1"))
    assert "declined" in str(till.fails(errors.KeyRefused, keyed("k-1")))
    till.will(refusal("busy"), refusal("unauthenticated"), sold())
    till.fails(errors.Unauthenticated, keyed("k-2"))
    till.run(keyed("k-2"))


def test_a_key_that_was_never_sent_is_free(till: Till) -> None:
    till.opened(max_attempts=1).will(refused())
    till.fails(errors.NotSent, keyed("k-1"))
    till.will(sold()).run(keyed("k-1", "11.00"))


def test_a_key_that_may_have_arrived_stays_bound_whatever_comes_later(till: Till) -> None:
    till.opened(max_attempts=1).will(lost())
    till.fails(errors.AnswerLostOutcomeUnknown, keyed("k-1"))
    till.will(refused())
    failure = till.fails(errors.AnswerLostOutcomeUnknown, keyed("k-1"))
    assert isinstance(failure.__cause__, errors.NotSent)
    till.fails(errors.UnresolvedOutcomeUnknown, keyed("k-1", "11.00"))
    till.clock.seconds += 24 * HOUR
    assert till.fails(errors.UnresolvedOutcomeUnknown, keyed("k-1")).reason == "retention_over"


@pytest.mark.parametrize("early", [0, 1, 45])
def test_a_call_that_could_outlive_its_key_is_not_made(till: Till, early: float) -> None:
    till.will(sold()).run(keyed("k-1"))
    till.clock.seconds += 24 * HOUR - early
    assert "forgotten" in str(till.fails(errors.KeyRefused, keyed("k-1")))
    till.clock.seconds -= 10 * MINUTE
    till.will(sold()).run(keyed("k-1"))


@pytest.mark.parametrize("early", [0, 1, 45])
def test_what_may_be_executed_is_not_called_unsent_when_its_key_is_forgotten(till: Till, early: float) -> None:
    till.opened(max_attempts=1).will(lost())
    till.fails(errors.AnswerLostOutcomeUnknown, keyed("k-1"))
    till.clock.seconds += 24 * HOUR - early
    failure = till.fails(errors.UnresolvedOutcomeUnknown, keyed("k-1"))
    assert (failure.outcome, failure.reason, failure.attempts) == (Outcome.UNKNOWN, "retention_over", 0)
    assert failure.idempotency_key == "k-1" and till.sent == 1
    till.clock.seconds -= 10 * MINUTE
    till.will(sold()).run(keyed("k-1"))


def test_a_repeat_that_could_outlive_its_key_is_not_made(till: Till) -> None:
    till.opened(max_attempts=1).will(lost())
    till.fails(errors.AnswerLostOutcomeUnknown, keyed("k-1"))
    # An attempt may last for 30 s, and clocks may differ by a minute.
    till.clock.seconds += 24 * HOUR - 1.5 * MINUTE - 1.5
    options = CallOptions(max_attempts=5)
    till.will(refusal("busy"), refusal("busy"))
    failure = till.fails(
        errors.AnswerLostOutcomeUnknown,
        lambda client: client.sales.create(amount="10.00", idempotency_key="k-1", options=options),
    )
    assert isinstance(failure.__cause__, errors.Busy) and till.waits == [1]
    assert failure.attempts == 2 and till.sent == 3


def test_clients_that_share_a_guard_share_its_keys(till: Till) -> None:
    guard = KeyGuard()
    till.opened(guard=guard).will(sold()).run(keyed("k-1"))
    till.opened(guard=guard).fails(errors.KeyRefused, keyed("k-1", "11.00"))
    till.opened().will(sold()).run(keyed("k-1", "11.00"))


BROKEN: list[tuple[int, bytes, dict[str, str], dict[str, str]]] = [
    (201, b'{"id": "s-9", "amount": "10.00", "stat', {}, {"/id": "s-9"}),
    (201, b"<html>", {"Location": "https://api.till.test/v1/sales/s-9"}, {"Location": "s-9"}),
    (201, b'{"id": "4111111111111111", "payment_id": 17} trailing', {}, {"/payment_id": "17"}),
    (201, b'{"access_token_id": "hidden", "uuid": "u-1"', {}, {"/uuid": "u-1"}),
]


@pytest.mark.parametrize(("status", "body", "headers", "identifiers"), BROKEN)
def test_a_success_that_cannot_be_read_still_says_what_was_made(
    till: Till, status: int, body: bytes, headers: dict[str, str], identifiers: dict[str, str]
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    till.will(httpx2.Response(status, headers=sent, content=body))
    failure = till.fails(errors.Unreadable, sell)
    assert (failure.outcome, failure.identifiers) == (Outcome.PROCESSED, identifiers)
    assert failure.body == body and failure.attempts == 1
    assert pickle.loads(pickle.dumps(failure)).identifiers == identifiers


def test_identifiers_are_few_and_short(till: Till) -> None:
    names = ", ".join(f'"a{number}_id": "{number}"' for number in range(100))
    body = f'{{"id": "{"x" * 201}", {names}, "broken'.encode()
    till.will(httpx2.Response(201, headers={"Content-Type": "application/json"}, content=body))
    found_ones = till.fails(errors.Unreadable, sell).identifiers
    assert len(found_ones) == MOST and "/id" not in found_ones and found_ones["/a0_id"] == "0"


class Cut(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        raise httpx2.ReadError("broken off")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        raise httpx2.ReadError("broken off")


def cut(status: int, *chunks: bytes) -> Callable[[httpx2.Request], httpx2.Response]:
    headers = {"Content-Type": "application/json"}
    return lambda request: httpx2.Response(status, headers=headers, stream=Cut(*chunks))


def test_a_success_that_breaks_off_says_what_was_made_and_how_far_it_came(till: Till) -> None:
    till.will(cut(201, b'{"id": "s-9", "am'))
    failure = till.fails(errors.Unreadable, sell)
    assert (failure.outcome, failure.phase) == (Outcome.PROCESSED, Phase.PARTLY_ANSWERED)
    assert failure.identifiers == {"/id": "s-9"}


def test_a_refusal_that_breaks_off_leaves_a_doubt_where_it_could_be_another(till: Till) -> None:
    till.will(cut(500, b'{"code": "bro'), sold())
    assert till.run(sell).id == "s-1"
    till.will(cut(500, b'{"code": "bro'))
    with pytest.raises(OutcomeUnknown):
        till.run(tip)


def test_what_a_doubt_says_is_not_secret(till: Till) -> None:
    till.opened(max_attempts=1).will(refusal("broken", message="your secret-token is broken, card 4111 1111 1111 1111"))
    failure = till.fails(errors.BrokenOutcomeUnknown, sell)
    told = "".join([str(failure), repr(failure), str(failure.resume_token), repr(failure.resume_token)])
    told += repr(pickle.dumps(failure)) + repr(failure.origin)
    assert "secret-token" not in told and "4111" not in told and "10.00" not in str(failure.resume_token)
    assert failure.support_reference == REFERENCE


CATEGORIES = {
    "invalid_argument": (True, True),
    "declined": (True, True),
    "insufficient_funds": (True, True),
    "expired": (True, True),
    "failed_precondition": (True, False),
    "not_found": (True, False),
    "out_of_range": (True, False),
    "already_exists": (False, False),
    "deadline_exceeded": (False, False),
    "unimplemented": (False, False),
    "cancelled": (False, False),
    "unauthenticated": (False, False),
    "permission_denied": (False, False),
    "rate_limited": (False, False),
    "resource_exhausted": (False, False),
    "unavailable": (False, False),
    "internal": (False, False),
    "aborted": (False, False),
    "unknown": (False, False),
}


def exchange_of(contract: OperationContract, **arguments: Any) -> Exchange[Any]:
    """A call of the till, not sent."""
    call: Call[Any, Any] = Call(contract, arguments)
    return Exchange(Till(awaits=False).made()._settings, call, signed=False)


def sale() -> Exchange[Any]:
    return exchange_of(CREATE_SALE, amount="10.00")


def payout(number: str) -> Exchange[Any]:
    return exchange_of(CREATE_PAYOUT, payout_id=number, amount="5.00")


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_refusal_that_may_be_due_to_the_first_attempt_settles_nothing(category: str) -> None:
    known = replace(contract_of(errors.Declined), category=category, advice=Advice("fix", key="new"))
    refused_so = type("Refused", (errors.TillError,), {"contract": known})("no")
    by_key, by_number = CATEGORIES[category]
    assert settles(refused_so, sale()) is by_key
    assert settles(refused_so, payout("p-1")) is by_number
    assert not settles(refused_so, exchange_of(CANCEL_SALE, id="s-1"))
    assert not settles(refused_so, exchange_of(CREATE_TIP, amount="1.00"))
    repeated = replace(known, advice=Advice("repeat", key="same"))
    assert not settles(type("Busy", (errors.TillError,), {"contract": repeated})("no"), sale())


def test_nothing_unlisted_settles_anything() -> None:
    for unlisted in (errors.Unrecognized("no"), errors.NotSent("no"), errors.BrokenOutcomeUnknown("no")):
        assert not settles(unlisted, sale())


def test_a_refusal_without_a_code_is_not_surely_that_of_the_api() -> None:
    refused_so = errors.Declined("no")
    assert settles(refused_so, sale())
    refused_so.code = None
    assert not settles(refused_so, sale())


def test_a_number_that_was_not_given_settles_nothing() -> None:
    assert settles(errors.Invalid("no"), payout("p-1"))
    assert not settles(errors.Invalid("no"), payout(""))


@pytest.mark.parametrize(
    "options",
    [
        {"deadline": 0},
        {"deadline": -1},
        {"deadline": float("nan")},
        {"timeout": 0},
        {"timeout": float("nan")},
        {"max_attempts": 0},
    ],
)
def test_options_of_a_call_are_checked_like_those_of_a_client(till: Till, options: dict[str, Any]) -> None:
    till.fails(ValueError, lambda client: sell(client, options=CallOptions(**options)))
    with pytest.raises(ValueError):
        till.opened(**options)
    assert till.sent == 0


def test_a_payout_is_protected_by_the_number_of_the_caller(till: Till) -> None:
    till.will(lost(), refusal("invalid"))
    failure = till.fails(errors.Invalid, pay_out)
    assert failure.attempts == 2 and till.requests[0].body == till.requests[1].body


@pytest.mark.parametrize("status", [200, 202, 204])
def test_an_undocumented_success_is_none_that_is_believed(till: Till, status: int) -> None:
    till.opened(max_attempts=1)
    till.will(answer(status, {"ok": True}) if status != 204 else httpx2.Response(204))
    with pytest.raises(errors.TillError) as caught:
        till.run(sell)
    assert caught.value.outcome in (Outcome.PROCESSED, Outcome.UNKNOWN, Outcome.PENDING)


def test_the_payer_is_told_not_to_pay_twice(till: Till) -> None:
    till.opened(max_attempts=1).will(refusal("broken"))
    failure = till.fails(errors.BrokenOutcomeUnknown, sell)
    told = failure.payer_message("ru")
    assert told == "Пока неизвестно, прошёл ли платёж. Не платите ещё раз." and told.locale == "ru"
    english = failure.payer_message("en")
    assert english is not None and "do not pay again" in english
    till.will(found())
    till.run(read)
