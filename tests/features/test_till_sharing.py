"""The till: one client used by many at once, what its hooks are told, and streams whose opening is repeated."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from behaviour.clocks import Clock
from behaviour.tills import (
    REFERENCE,
    SALE,
    Doing,
    Till,
    answer,
    finalize,
    found,
    lost,
    read,
    refusal,
    refused,
    resolve,
    sell,
    sold,
)

from features._runtime.budget import RetryBudget
from features._runtime.contract import Outcome, Phase
from features._runtime.errors import FieldError
from features._runtime.hooks import AttemptEvent, CallEvent, Hooks
from features.outcomes import AsyncClient, BearerAuth, Client, errors
from features.streams import AsyncClient as AsyncStreams
from features.streams import Client as Streams
from features.streams import errors as stream_errors


class Crowd:
    """An API that many call at once: each sale fails twice in its own way, and is made at the third attempt."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.attempts: dict[str, list[str]] = defaultdict(list)
        self.clock = Clock()

    def answered(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to one attempt: it depends on whose it is."""
        amount, key = json.loads(request.content)["amount"], request.headers["Idempotency-Key"]
        with self.lock:
            self.attempts[amount].append(key)
            times = len(self.attempts[amount])
        whose = int(amount)
        if times < 3:
            if (whose + times) % 3 == 0:
                raise lost()
            return refusal("busy" if (whose + times) % 3 == 1 else "used_up", reference=amount)
        return sold(id=f"s-{amount}", amount=amount) if whose % 4 else refusal("declined", reference=amount)

    def settings(self) -> dict[str, Any]:
        """Of the one client that all share."""
        return {"budget": RetryBudget(10_000), "environment": self.clock.environment, "deadline": None}

    def check(self, ended: list[Any]) -> None:
        """Everybody got their own answer, and nobody anybody's key."""
        keys: list[str] = []
        for whose, value in enumerate(ended):
            sent = self.attempts[str(whose)]
            keys += set(sent)
            if isinstance(value, errors.AnswerLostOutcomeUnknown):
                # A new key was asked for while the first attempt was in doubt.
                assert set(sent) == {value.idempotency_key} and value.attempts == len(sent) == 2
            elif isinstance(value, errors.Declined):
                assert (value.support_reference, value.idempotency_key) == (str(whose), sent[-1])
                assert value.attempts == len(sent) == 3 and whose % 4 == 0
            else:
                assert (value.id, value.amount, len(sent)) == (f"s-{whose}", str(whose), 3)
        assert len(keys) == len(set(keys))


def test_threads_share_a_client() -> None:
    crowd, barrier = Crowd(), threading.Barrier(8)
    transport = httpx2.MockTransport(crowd.answered)

    def one(whose: int) -> Any:
        if whose < 8:
            barrier.wait(30)
        result = client.sales.create.result(amount=str(whose))
        return result if isinstance(result, errors.TillError) else result.value

    with (
        httpx2.Client(transport=transport) as http_client,
        Client(BearerAuth("t"), http_client=http_client, **crowd.settings()) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        crowd.check(list(threads.map(one, range(64))))


def test_tasks_share_a_client() -> None:
    crowd = Crowd()

    async def answered(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0)
        return crowd.answered(request)

    async def run() -> list[Any]:
        transport = httpx2.MockTransport(answered)
        async with (
            httpx2.AsyncClient(transport=transport) as http_client,
            AsyncClient(BearerAuth("t"), http_client=http_client, **crowd.settings()) as client,
        ):
            results = await asyncio.gather(*[client.sales.create.result(amount=str(whose)) for whose in range(50)])
        return [result if isinstance(result, errors.TillError) else result.value for result in results]

    crowd.check(asyncio.run(run()))


def test_many_resolve_the_same_failure_at_once() -> None:
    clock, seen, lock = Clock(), list[str](), threading.Lock()

    def answered(request: httpx2.Request) -> httpx2.Response:
        with lock:
            seen.append(request.headers["Idempotency-Key"])
            if len(seen) == 1:
                raise lost()
        return sold()

    with (
        httpx2.Client(transport=httpx2.MockTransport(answered)) as http_client,
        Client(BearerAuth("t"), http_client=http_client, environment=clock.environment, max_attempts=1) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        with pytest.raises(errors.AnswerLostOutcomeUnknown) as caught:
            client.sales.create(amount="1")
        clock.seconds += 1
        resolved = list(threads.map(client.sales.create.resolve, [caught.value] * 8))
    assert {(one.executed, one.attempts) for one in resolved} == {(True, 2)}
    assert len(seen) == 9 and len(set(seen)) == 1


class Heard(Hooks):
    """Keeps what it is told, in order."""

    def __init__(self) -> None:
        self.events: list[AttemptEvent | CallEvent] = []

    def __len__(self) -> int:
        return len(self.events)

    def attempt(self, event: AttemptEvent) -> None:
        self.events.append(event)

    def call(self, event: CallEvent) -> None:
        self.events.append(event)

    @property
    def attempts(self) -> list[AttemptEvent]:
        return [event for event in self.events if isinstance(event, AttemptEvent)]

    @property
    def calls(self) -> list[CallEvent]:
        return [event for event in self.events if isinstance(event, CallEvent)]


def heard(till: Till, **settings: Any) -> Heard:
    hooks = Heard()
    till.opened(hooks=hooks, **settings)
    return hooks


def test_hooks_are_told_of_each_attempt_and_then_of_the_call(till: Till) -> None:
    hooks = heard(till)
    till.will(refused(), lost(), refusal("slow_down", "7"), sold()).run(sell)
    told = [(one.attempt, one.status, one.error, one.outcome, one.phase, one.wait) for one in hooks.attempts]
    assert told == [
        (1, None, "not_sent", Outcome.NOT_SENT, Phase.NOT_CONNECTED, 0.5),
        (2, None, "answer_lost", Outcome.UNKNOWN, Phase.SENT, 1.0),
        (3, 429, "slow_down", Outcome.REJECTED, None, 7.0),
        (4, 201, None, None, None, None),
    ]
    assert {one.idempotency_key for one in hooks.attempts} == {till.keys[0]}
    (call,) = hooks.calls
    assert hooks.events[-1] is call
    assert (call.attempts, call.status, call.error, call.outcome, call.duration) == (4, 201, None, None, 8.5)


def test_hooks_are_told_the_failure_that_is_raised(till: Till) -> None:
    hooks = heard(till)
    till.will(refusal("broken"), refusal("unauthenticated"))
    till.fails(errors.BrokenOutcomeUnknown, sell)
    assert [one.error for one in hooks.attempts] == ["broken", "unauthenticated"]
    (call,) = hooks.calls
    assert (call.error, call.outcome, call.attempts) == ("broken", Outcome.UNKNOWN, 2)
    assert (call.support_reference, call.idempotency_key) == (REFERENCE, till.keys[0])


def test_hooks_are_told_of_a_key_that_was_refused_before_anything_was_sent(till: Till) -> None:
    hooks = heard(till)
    till.will(sold()).run(lambda client: sell(client, idempotency_key="k-1"))
    till.fails(errors.KeyRefused, lambda client: client.sales.create(amount="11.00", idempotency_key="k-1"))
    assert len(hooks.attempts) == 1
    assert (hooks.calls[1].error, hooks.calls[1].attempts, hooks.calls[1].status) == ("key_refused", 0, None)


def test_hooks_are_told_of_a_call_that_was_given_up(till: Till) -> None:
    hooks = heard(till)
    till.will(refusal("busy"), asyncio.CancelledError() if till.awaits else KeyboardInterrupt())
    with pytest.raises((asyncio.CancelledError, KeyboardInterrupt)):
        till.run(sell)
    (call,) = hooks.calls
    assert (call.error, call.attempts, call.idempotency_key) == ("interrupted", 2, till.keys[0])
    assert call.outcome is Outcome.UNKNOWN and call.failure is not None
    token = call.failure.resume_token
    assert token is not None and (token.attempts, token.idempotency_key) == (2, till.keys[0])


def test_hooks_tell_finding_out_from_calling(till: Till) -> None:
    hooks = heard(till, max_attempts=1)
    for call, answers in ((sell, [refusal("broken"), sold()]), (finalize, [found(status="final")])):
        till.will(lost())
        error = till.fails(errors.AnswerLostOutcomeUnknown, call)
        till.will(*answers).run(resolve(error))
    purposes = [(one.operation, one.purpose) for one in hooks.attempts]
    assert purposes == [
        ("createSale", "call"),
        ("createSale", "resolve"),
        ("createSale", "resolve"),
        ("finalizeSale", "call"),
        ("getSale", "lookup"),
    ]


WORDS = {"till", "createSale", "call", "none", "yes", "no", "2xx", "4xx", "5xx", "other"} | {
    *[outcome.value for outcome in Outcome],
    *[phase.value for phase in Phase],
    *[cls.contract.id for cls in errors.REGISTRY.errors if cls.contract is not None],
    *[cls.contract.category for cls in errors.REGISTRY.errors if cls.contract is not None],
    *["not_sent", "answer_lost", "unreadable", "unrecognized", "key_refused", "unresolved"],
}


def test_labels_hold_nothing_of_what_an_api_says(till: Till) -> None:
    hooks = heard(till, max_attempts=1)
    hostile: list[Doing] = [
        answer(499, {"code": "x" * 50, "message": "4111111111111111"}),
        answer(500, {"code": "broken", "reference": "T-77"}),
        httpx2.Response(201, headers={"Content-Type": "application/json"}, content=b"<html>"),
        httpx2.Response(302, headers={"Location": "https://elsewhere.test"}),
        httpx2.Response(599),
        refusal("declined"),
        lost(),
        refused(),
    ]
    for doing in hostile:
        till.will(doing)
        with pytest.raises(errors.TillError):
            till.run(sell)
    values = {value for event in hooks.events for value in event.labels.values()}
    assert len(hooks.calls) == len(hostile)
    assert {value for value in values if value not in WORDS} <= {"3xx"}


class Failing(Hooks):
    """Raises whatever it is told."""

    def attempt(self, event: AttemptEvent) -> None:
        raise RuntimeError(event.operation)

    def call(self, event: CallEvent) -> None:
        raise errors.NotSent("from a hook")


def test_a_hook_that_fails_changes_nothing(till: Till) -> None:
    till.opened(hooks=Failing()).will(refusal("busy"), sold())
    assert till.run(sell).id == "s-1" and till.waits == [1]
    till.will(lost(), refusal("declined"))
    assert till.fails(errors.Declined, sell).attempts == 2
    till.will(lost(), refusal("unauthenticated"))
    error = till.fails(errors.AnswerLostOutcomeUnknown, sell)
    assert till.will(sold()).run(resolve(error)).value.id == SALE["id"]


def streaming(till: Till, *script: Any) -> Any:
    """A client of the feature "streams" in this till's script."""
    till.will(*script)
    transport = httpx2.MockTransport(till.answered)
    if till.awaits:
        return AsyncStreams(
            base_url="https://streams.test",
            http_client=httpx2.AsyncClient(transport=transport),
            environment=till.clock.environment,
        )
    return Streams(
        base_url="https://streams.test",
        http_client=httpx2.Client(transport=transport),
        environment=till.clock.environment,
    )


class Lines(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """Two items, and then the end or a failure."""

    def __init__(self, end: Exception | None) -> None:
        self.end = end

    def _chunks(self) -> Iterator[bytes]:
        yield b'{"sensor": "a", "value": 1}\n'
        yield b'{"sensor": "b", "value": 2}\n'
        if self.end is not None:
            raise self.end

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks():
            yield chunk


def lines(end: Exception | None = None) -> Callable[[httpx2.Request], httpx2.Response]:
    headers = {"Content-Type": "application/jsonl"}
    return lambda request: httpx2.Response(200, headers=headers, stream=Lines(end))


def items_of(till: Till, client: Any, items: list[Any]) -> None:
    """Gather the items of a stream until it ends or fails."""
    if not till.awaits:
        with client.readings.list() as opened:
            for item in opened:
                items.append(item)
        return

    async def gather() -> None:
        async with await client.readings.list() as opened:
            async for item in opened:
                items.append(item)

    till.runner.run(gather())


def test_opening_a_stream_is_repeated(till: Till) -> None:
    items: list[Any] = []
    items_of(till, streaming(till, refused(), lost(), lines()), items)
    assert [item.sensor for item in items] == ["a", "b"]
    assert till.waits == [0.5, 1] and till.sent == 3


def test_items_of_a_stream_are_not_asked_for_again(till: Till) -> None:
    items: list[Any] = []
    with pytest.raises(stream_errors.AnswerLost):
        items_of(till, streaming(till, lines(httpx2.ReadError("broken off"))), items)
    assert [item.sensor for item in items] == ["a", "b"] and till.sent == 1


def test_what_is_wrong_is_found_by_field() -> None:
    wrong = [FieldError("amount", {"why": "too small"}), FieldError(None), FieldError("amount")]
    error = errors.TillError("three things", items=wrong)
    assert error.by_field() == {"amount": (wrong[0], wrong[2]), "": (wrong[1],)}
    assert errors.TillError("one thing").by_field() == {}
    blamed = errors.TillError.of(replace(error.circumstances, items=(), blamed_field="note", message="too long"))
    assert blamed.by_field() == {"note": (FieldError("note", {"message": "too long"}),)}


def test_a_read_is_shared_with_nobody(till: Till) -> None:
    till.will(found(status="open"), found(status="final"))
    assert [till.run(read).status.value for _ in range(2)] == ["open", "final"]
