"""What the generated clients do when the network or the API fails: what is repeated, after which wait, with which bytes, and what is raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx2
import pytest
from behaviour import faults
from behaviour.attempting import PAID, SHOP, START, WALLET, Api, Caller, Clock, Ended
from behaviour.fault_server import Behaviour, FaultServer, Reply, Visit, faulty

from payments._runtime.budget import RetryBudget
from payments._runtime.calls import CallOptions
from payments._runtime.contract import Outcome, Phase
from payments._runtime.outcomes import OutcomeUnknown

SOON = 0.2
"""Seconds that the network is waited for, where a slow machine must still be able to answer after all."""
AT_ONCE = 0.06
"""Seconds, where nothing will ever come."""

pytestmark = pytest.mark.parametrize("caller", [Caller(awaits=False), Caller(awaits=True)], ids=["blocking", "awaited"])
both = pytest.mark.parametrize("api", [SHOP, WALLET], ids=lambda api: api.name)
shop_alone = pytest.mark.parametrize("api", [SHOP], ids=lambda api: api.name)


def lasting_500(api: Api) -> Reply:
    """A failure after which nobody knows, as each of the two contracts documents it."""
    if api is WALLET:
        return Reply(500, b"", {})
    return Reply.of(500, {"type": "error", "id": "s-1", "code": "internal_server_error", "description": "Try later"})


def too_many(headers: dict[str, str] | None = None) -> Reply:
    tree = {"type": "error", "id": "s-1", "code": "too_many_requests", "description": "Slow down"}
    return Reply.of(429, tree, headers)


def _html_after_execution(visit: Visit, reply: Reply) -> None:
    page = Reply(502, b"<html>502</html>", {"Content-Type": "text/html"})
    visit.send(page.head() + page.body)


LOST: dict[str, tuple[Behaviour, set[Phase | None]]] = {
    # How far a request came that the server never read depends on which of the two is faster.
    "closed before reading": (faults.close_before_reading, {Phase.SENDING, Phase.SENT}),
    "closed after reading": (faults.close_after_reading, {Phase.SENT}),
    "reset after reading": (faults.reset_after_reading, {Phase.SENT}),
    "reset while it was sent": (faults.reset_while_sent(), {Phase.SENDING, Phase.SENT}),
    "never answered": (faults.never_answer, {Phase.SENT}),
    "answered too late": (faults.late(SHOP.paid, 5), {Phase.SENT}),
    "answered with garbage": (faults.garbage(), {Phase.SENT}),
    "100 alone": (faults.informational_alone(), {Phase.SENT}),
    "executed, then reset": (faults.execute_and_reset(), {Phase.SENT}),
    "executed, then silent": (faults.execute_and_be_silent(), {Phase.SENT}),
}
ANSWERED: dict[str, Behaviour] = {
    "HTML 502": faults.html_502,
    "executed, then HTML 502": faults.execute_and(_html_after_execution),
    "302": faults.redirect(302, "/elsewhere"),
    "303": faults.redirect(303, "/elsewhere"),
}
SILENT = {"never answered", "answered too late", "executed, then silent"}
UNKNOWN = {name: behaviour for name, (behaviour, _) in LOST.items()} | ANSWERED


def timeout_for(fault: str, seconds: float) -> float:
    """Only silence is waited out."""
    return seconds if fault in SILENT else 10


def is_the_same_throughout(api: Api, server: FaultServer) -> None:
    """Every repeat is the first request again: body and key to the byte, and credentials."""
    whole = [request for request in server.requests if request.complete]
    assert whole
    assert {request.body for request in whole} == {whole[0].body}
    assert {request.target for request in whole} == {whole[0].target}
    assert {request.header("Idempotence-Key") for request in whole} == {whole[0].header("Idempotence-Key")}
    assert (whole[0].header("Idempotence-Key") is None) == (api is WALLET)
    assert all(api.secret in request.head for request in whole)


def is_unknown(api: Api, ended: Ended, kind: str) -> None:
    """Nobody knows, and the exception holds what is needed to find out."""
    error = ended.error
    assert (ended.kind, error.outcome) == (kind, Outcome.UNKNOWN)
    assert isinstance(error, OutcomeUnknown)
    assert error.resume_token is not None
    assert (error.idempotency_key is None) == (api is WALLET)
    shown = f"{error!r} {error} {error.resume_token}"
    assert "secret" not in shown
    assert "wallet-token" not in shown


@both
class TestOnce:
    @pytest.mark.parametrize("fault", UNKNOWN)
    def test_a_payment_is_repeated_and_made_once(self, caller: Caller, api: Api, fault: str) -> None:
        with faulty(UNKNOWN[fault], faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server, timeout=timeout_for(fault, SOON))
            assert isinstance(ended.value, PAID[api.name]), ended.error
            assert ended.waits == [0.5]
            assert len(server.ledger.executions) == 1
            is_the_same_throughout(api, server)

    @pytest.mark.parametrize("fault", LOST)
    def test_what_only_reads_is_repeated_too(self, caller: Caller, api: Api, fault: str) -> None:
        with faulty(UNKNOWN[fault], faults.execute(), ledger=api.ledger()) as server:
            ended = caller.read(api, server, timeout=timeout_for(fault, SOON))
            assert ended.error is None
            assert ended.waits == [0.5]

    def test_what_the_contract_says_of_a_500_is_done(self, caller: Caller, api: Api) -> None:
        with faulty(faults.answer(lasting_500(api)), faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server)
            assert isinstance(ended.value, PAID[api.name])
            assert ended.waits == [1.0]
            is_the_same_throughout(api, server)

    @pytest.mark.parametrize("keep_alive", [True, False], ids=["kept", "closed"])
    def test_connections_are_kept_where_the_server_keeps_them(self, caller: Caller, api: Api, keep_alive: bool) -> None:
        failing = faults.answer(lasting_500(api), keep_alive=keep_alive)
        with faulty(failing, failing, faults.execute(keep_alive=keep_alive), ledger=api.ledger()) as server:
            assert caller.pay(api, server).error is None
            assert server.connections == (1 if keep_alive else 3)

    def test_jitter_shortens_a_wait(self, caller: Caller, api: Api) -> None:
        with faulty(faults.reset_after_reading, faults.execute(), ledger=api.ledger()) as server:
            assert caller.pay(api, server, clock=Clock(chance=1.0)).waits == [0.375]

    def test_a_server_that_listens_late_is_reached(self, caller: Caller, api: Api) -> None:
        with faulty(faults.execute(), ledger=api.ledger(), listening=False) as server:
            clock = Clock()
            clock.during = lambda: server.listen() if len(clock.waits) == 2 else None
            ended = caller.pay(api, server, clock=clock)
            assert isinstance(ended.value, PAID[api.name])
            assert ended.waits == [0.5, 1.0]
            assert len(server.ledger.executions) == 1

    def test_junk_after_an_answer_costs_one_attempt_of_the_next_call(self, caller: Caller, api: Api) -> None:
        def junk(visit: Visit) -> None:
            visit.read()
            visit.send(api.paid.head() + api.paid.body + b'"}]')

        with faulty(junk, faults.execute(), ledger=api.ledger(), repeat_last=True) as server:
            ended = caller.pay(api, server, times=2)
            assert isinstance(ended.value, PAID[api.name])
            assert len(server.ledger.executions) == 1


@both
class TestLasting:
    @pytest.mark.parametrize("fault", LOST)
    def test_an_answer_that_never_comes(self, caller: Caller, api: Api, fault: str) -> None:
        behaviour, phases = LOST[fault]
        with faulty(behaviour, ledger=api.ledger(), repeat_last=True) as server:
            ended = caller.pay(api, server, timeout=timeout_for(fault, AT_ONCE))
            is_unknown(api, ended, "AnswerLostOutcomeUnknown")
            assert (ended.error.attempts, ended.waits) == (3, [0.5, 1.0])
            assert ended.error.phase in phases
            assert isinstance(ended.error.__cause__, httpx2.HTTPError | TimeoutError)
            assert len(server.ledger.executions) <= 1

    @pytest.mark.parametrize("fault", ANSWERED)
    def test_an_answer_that_says_nothing(self, caller: Caller, api: Api, fault: str) -> None:
        with faulty(ANSWERED[fault], ledger=api.ledger(), repeat_last=True) as server:
            ended = caller.pay(api, server)
            is_unknown(api, ended, "UnrecognizedOutcomeUnknown")
            assert (ended.error.attempts, ended.waits) == (3, [0.5, 1.0])
            assert ended.error.status in (302, 303, 502)
            assert len(server.requests) == 3
            is_the_same_throughout(api, server)

    def test_a_documented_500(self, caller: Caller, api: Api) -> None:
        # Fibonacci until the deadline of a minute; exponential where the contract says "later" and the numbers are ours.
        waits = [1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0] if api is SHOP else [1.0, 2.0, 4.0, 8.0, 16.0]
        with faulty(faults.answer(lasting_500(api)), repeat_last=True) as server:
            ended = caller.pay(api, server)
            is_unknown(api, ended, "InternalServerErrorOutcomeUnknown")
            assert ended.waits == waits
            assert ended.error.attempts == len(server.requests) == len(waits) + 1
            is_the_same_throughout(api, server)

    def test_a_closed_port(self, caller: Caller, api: Api) -> None:
        with faulty(listening=False) as server:
            ended = caller.pay(api, server)
            assert (ended.kind, ended.error.outcome) == ("NotSent", Outcome.NOT_SENT)
            assert ended.error.phase is Phase.NOT_CONNECTED
            assert ended.error.resume_token is None
            assert ended.waits == [0.5, 1.0]

    @pytest.mark.parametrize("fault", LOST)
    def test_what_only_reads(self, caller: Caller, api: Api, fault: str) -> None:
        with faulty(UNKNOWN[fault], ledger=api.ledger(), repeat_last=True) as server:
            ended = caller.read(api, server, timeout=timeout_for(fault, AT_ONCE))
            assert (ended.kind, ended.error.outcome) == ("AnswerLost", Outcome.REJECTED)
            assert (ended.error.attempts, ended.waits) == (3, [0.5, 1.0])
            assert ended.error.resume_token is None


def _spoiled(api: Api) -> dict[str, Behaviour]:
    body = api.paid.body
    return {
        "half": faults.half_a_body(api.paid, part=len(body) - 2),
        "too little announced": faults.stated_length(api.paid, len(body) - 2),
        "too much announced": faults.stated_length(api.paid, len(body) + 2),
        "slow": _slow_end(api),
        "garbage": faults.answer(replace(api.paid, body=b"\x00\x01")),
        "no JSON": faults.answer(replace(api.paid, body=b"<html>", headers={"Content-Type": "text/html"})),
    }


def _slow_end(api: Api) -> Behaviour:
    def behave(visit: Visit) -> None:
        visit.read()
        visit.end()
        visit.send(api.paid.head() + api.paid.body[:-2])
        visit.server.stopped.wait()

    return behave


@both
class TestSuccessThatCanNotBeRead:
    @pytest.mark.parametrize("how", _spoiled(SHOP))
    def test_it_was_executed_and_is_not_repeated(self, caller: Caller, api: Api, how: str) -> None:
        if api is WALLET:
            self._nobody_knows(caller, api, how)
            return
        with faulty(_spoiled(api)[how], repeat_last=True) as server:
            ended = caller.pay(api, server, timeout=SOON)
            assert (ended.kind, ended.error.outcome) == ("Unreadable", Outcome.PROCESSED)
            assert (ended.error.status, ended.error.attempts, ended.waits) == (200, 1, [])
            assert len(server.requests) == 1
            if how not in ("garbage", "no JSON"):
                assert ended.error.identifiers["/id"] == "2a000000-000f-5000-8000-1a2b3c4d5e6f"

    @staticmethod
    def _nobody_knows(caller: Caller, api: Api, how: str) -> None:
        """Here a refusal has the status of a success: the request is repeated under its natural key."""
        with faulty(_spoiled(api)[how], faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server, timeout=SOON)
            assert isinstance(ended.value, PAID[api.name]), ended.error
            assert len(ended.waits) == 1
            is_the_same_throughout(api, server)

    @pytest.mark.parametrize("missing", [1, 2, 20])
    def test_what_did_come_is_kept(self, caller: Caller, api: Api, missing: int) -> None:
        with faulty(faults.half_a_body(api.paid, part=len(api.paid.body) - missing), repeat_last=True) as server:
            error = caller.pay(api, server, max_attempts=1).error
            assert (error.status, error.phase) == (200, Phase.PARTLY_ANSWERED)
            if api is SHOP:
                assert error.identifiers["/id"] == "2a000000-000f-5000-8000-1a2b3c4d5e6f"
            else:
                # An identifier that is cut short is none.
                assert error.identifiers == ({"/payment_id": "p-1"} if missing == 1 else {})


@both
class TestFirstLine:
    @pytest.mark.parametrize("statuses", [(100,), (103,), (100, 102, 103, 103)], ids=str)
    def test_an_answer_after_1xx_is_the_answer(self, caller: Caller, api: Api, statuses: tuple[int, ...]) -> None:
        with faulty(faults.informational(api.paid, *statuses)) as server:
            ended = caller.pay(api, server)
            assert isinstance(ended.value, PAID[api.name])
            assert (ended.waits, len(server.requests)) == ([], 1)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_nothing_is_sent_elsewhere(self, caller: Caller, api: Api, status: int) -> None:
        with faulty(faults.execute(), ledger=api.ledger(), repeat_last=True) as other:
            sent_there = faults.redirect(status, f"{other.url}/payments")
            with faulty(sent_there, repeat_last=True) as server:
                ended = caller.pay(api, server)
                # 302 and 303 lead to the result of what was done; the others say that nothing was done here.
                unknown = status in (302, 303)
                assert ended.kind == ("UnrecognizedOutcomeUnknown" if unknown else "Unrecognized")
                assert ended.error.outcome is (Outcome.UNKNOWN if unknown else Outcome.REJECTED)
                assert len(server.requests) == (3 if unknown else 1)
            assert other.connections == 0


@shop_alone
class TestThrottling:
    def test_twice_and_then_served(self, caller: Caller, api: Api) -> None:
        throttled = faults.answer(too_many())
        with faulty(throttled, throttled, faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server)
            assert isinstance(ended.value, PAID[api.name])
            assert ended.waits == [1.0, 2.0]
            is_the_same_throughout(api, server)

    @pytest.mark.parametrize(
        ("stated", "waits"),
        [
            ("3", [3.0, 3.0]),
            ("0", [1.0, 2.0]),
            ("soon", [1.0, 2.0]),
            ("-5", [1.0, 2.0]),
            ("60", None),
        ],
    )
    def test_seconds_of_the_server(self, caller: Caller, api: Api, stated: str, waits: list[float] | None) -> None:
        throttled = faults.answer(too_many({"Retry-After": stated}))
        with faulty(throttled, throttled, faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server, deadline=100)
            assert ended.waits == ([60.0] if waits is None else waits)

    def test_a_date_of_the_server(self, caller: Caller, api: Api) -> None:
        date = format_datetime(START + timedelta(seconds=20), usegmt=True)
        with faulty(faults.answer(too_many({"Retry-After": date})), faults.execute(), ledger=api.ledger()) as server:
            ended = caller.pay(api, server)
            assert ended.error is None
            assert len(ended.waits) == 1
            assert 18 < ended.waits[0] <= 20

    @pytest.mark.parametrize(
        "stated", ["61", "3600", "1e9", "99999999999999999999", format_datetime(START.replace(year=2036), usegmt=True)]
    )
    def test_what_is_too_long_is_not_slept(self, caller: Caller, api: Api, stated: str) -> None:
        with faulty(faults.answer(too_many({"Retry-After": stated})), repeat_last=True) as server:
            ended = caller.pay(api, server, deadline=None)
            assert (ended.kind, ended.error.outcome) == ("TooManyRequests", Outcome.REJECTED)
            assert (ended.waits, ended.error.attempts, len(server.requests)) == ([], 1, 1)
            assert ended.error.retry_after is not None
            assert ended.error.retry_after > 60

    def test_what_does_not_fit_the_deadline_is_not_slept(self, caller: Caller, api: Api) -> None:
        with faulty(faults.answer(too_many({"Retry-After": "20"})), repeat_last=True) as server:
            ended = caller.pay(api, server, deadline=15)
            assert (ended.kind, ended.waits, ended.error.retry_after) == ("TooManyRequests", [], 20.0)

    def test_a_refusal_does_not_hide_that_nobody_knows(self, caller: Caller, api: Api) -> None:
        throttled = faults.answer(too_many())
        with faulty(faults.execute_and_reset(), throttled, ledger=api.ledger(), repeat_last=True) as server:
            ended = caller.pay(api, server)
            is_unknown(api, ended, "AnswerLostOutcomeUnknown")
            assert type(ended.error.__cause__).__name__ == "TooManyRequests"
            assert ended.error.attempts == len(server.requests) == 6


@both
class TestDoubt:
    def test_a_port_that_closed_does_not_hide_it(self, caller: Caller, api: Api) -> None:
        with faulty(faults.execute_and_reset(), ledger=api.ledger()) as server:
            clock = Clock()
            clock.during = lambda: server.stop() if len(clock.waits) == 1 else None
            ended = caller.pay(api, server, clock=clock)
            is_unknown(api, ended, "AnswerLostOutcomeUnknown")
            assert type(ended.error.__cause__).__name__ == "NotSent"

    def test_credentials_that_ran_out_do_not_hide_it(self, caller: Caller, api: Api) -> None:
        refused = faults.answer(Reply(401, b"", {}))
        with faulty(faults.execute_and_reset(), refused, ledger=api.ledger()) as server:
            ended = caller.pay(api, server)
            is_unknown(api, ended, "AnswerLostOutcomeUnknown")
            assert getattr(ended.error.__cause__, "status", None) == 401
            assert len(server.requests) == 2


SLOW: dict[str, Callable[[Api], Behaviour]] = {
    "head": lambda api: faults.drip_head(api.paid),
    "body": lambda api: faults.drip_body(api.paid),
    "chunks": lambda api: faults.drip_chunks(),
    "silence": lambda api: faults.never_answer,
}


@both
class TestDeadline:
    @pytest.mark.parametrize("slow", SLOW)
    def test_no_server_holds_a_call_for_longer(self, caller: Caller, api: Api, slow: str) -> None:
        with faulty(SLOW[slow](api), repeat_last=True) as server:
            ended = caller.pay(api, server, timeout=30, deadline=0.2, http_client=None)
            assert ended.error.outcome in (Outcome.UNKNOWN, Outcome.PROCESSED)
            assert ended.error.attempts == len(server.requests) == 1
            assert 0.15 < ended.seconds < 3

    def test_attempts_and_waits_fit_into_it(self, caller: Caller, api: Api) -> None:
        with faulty(faults.never_answer, repeat_last=True) as server:
            ended = caller.pay(api, server, timeout=AT_ONCE, deadline=1.2)
            assert (ended.error.attempts, ended.waits) == (2, [0.5])

    def test_the_last_attempt_has_what_is_left(self, caller: Caller, api: Api) -> None:
        with faulty(faults.reset_after_reading, faults.never_answer) as server:
            ended = caller.pay(api, server, timeout=30, deadline=0.7)
            assert (ended.error.attempts, ended.waits) == (2, [0.5])
            assert ended.seconds < 0.69

    def test_of_one_call(self, caller: Caller, api: Api) -> None:
        with faulty(faults.never_answer, repeat_last=True) as server:
            options = {"options": CallOptions(deadline=0.2)}
            ended = caller.pay(api, server, timeout=30, arguments=options)
            assert ended.seconds < 3
            assert ended.error.attempts == 1

    def test_a_client_of_the_callers_own_waits_no_longer_for_silence(self, caller: Caller, api: Api) -> None:
        with faulty(faults.never_answer, repeat_last=True) as server, httpx2.Client(verify=False) as own:
            plain = {} if caller.awaits else {"http_client": own}
            ended = caller.pay(api, server, timeout=30, deadline=0.2, **plain)
            assert ended.error.outcome is Outcome.UNKNOWN
            assert ended.seconds < 3


@both
class TestLimits:
    @pytest.mark.parametrize("attempts", [1, 2])
    def test_the_client_caps_attempts(self, caller: Caller, api: Api, attempts: int) -> None:
        with faulty(faults.reset_after_reading, repeat_last=True) as server:
            ended = caller.pay(api, server, max_attempts=attempts)
            assert ended.error.attempts == len(server.requests) == attempts
            assert len(ended.waits) == attempts - 1

    def test_a_call_caps_attempts(self, caller: Caller, api: Api) -> None:
        with faulty(faults.reset_after_reading, repeat_last=True) as server:
            ended = caller.pay(api, server, arguments={"options": CallOptions(max_attempts=1)})
            assert (ended.error.attempts, ended.waits, len(server.requests)) == (1, [], 1)

    def test_a_budget_caps_all_repeats_of_a_client(self, caller: Caller, api: Api) -> None:
        with faulty(faults.reset_after_reading, repeat_last=True) as server:
            budget = RetryBudget(capacity=3)
            ended = caller.pay(api, server, times=4, budget=budget)
            assert ended.error.attempts == 1
            assert len(server.requests) == 4 + 3
            assert ended.waits == [0.5, 1.0, 0.5]
