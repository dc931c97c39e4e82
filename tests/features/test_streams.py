"""Streams from the handler of the generated server to the client, item by item, and streams of servers that fail half-way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from behaviour.loopback import served
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from features._runtime.contract import Outcome
from features.streams import AsyncClient, Client, errors, models, server

A = models.Reading(sensor="a", value=Decimal("1.50"))
B = models.Reading(sensor="b\n☃", value=Decimal(2))


class Readings:
    """Iterators of every kind."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.fails: Exception | None = None

    def list(self, request: server.ListReadings, /) -> Iterator[models.Reading]:
        if self.fails is not None:
            raise self.fails
        yield from (A, B)

    async def get_sequence(self, request: server.GetSequence, /) -> AsyncIterator[models.Reading]:
        yield A
        yield B

    async def get_old(self, request: server.GetOld, /) -> Iterator[models.Reading]:
        return self._endless()

    def _endless(self) -> Iterator[models.Reading]:
        try:
            while True:
                yield A
        finally:
            self.closed.set()

    def ask_either(self, request: server.AskEither, /) -> Any:
        return iter([A, B]) if request.body.stream else [A, B]


class Events:
    def __init__(self) -> None:
        self.last_event_id: str | None = None

    def watch(self, request: server.WatchEvents, /) -> list[models.Event]:
        self.last_event_id = request.last_event_id
        return [
            models.Event(data="one\ntwo", event="greeting", id="7"),
            models.Event(data="", retry=250),
        ]

    def watch_log(self, request: server.WatchLog, /) -> list[str]:
        return ["no JSON", "two\nlines"]

    async def watch_changes(self, request: server.WatchChanges, /) -> AsyncIterator[models.Change]:
        yield models.Change(data=A, event=models.ChangeEvent.ADDED)


@pytest.fixture(scope="module")
def handlers() -> server.Handlers:
    return server.Handlers(readings=Readings(), events=Events())


@pytest.fixture(scope="module")
def base_url(handlers: server.Handlers) -> Iterator[str]:
    with served(server.create_app(handlers)) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[Client]:
    with Client(base_url=base_url) as client:
        yield client


@contextmanager
def sending(
    *chunks: bytes, media_type: str = "application/jsonl", complete: bool = True, **head: Any
) -> Iterator[Client]:
    """A client of a server that sends these chunks, and then ends or breaks off."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        headers = [(b"content-type", media_type.encode())]
        await send({"type": "http.response.start", "status": head.get("status", 200), "headers": headers})
        for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if complete:
            await send({"type": "http.response.body", "body": b""})
        else:
            raise ConnectionError("the server breaks off")

    with served(app) as url, Client(base_url=url) as client:
        yield client


def test_lines_and_sequences(client: Client) -> None:
    assert list(client.readings.list()) == [A, B]
    assert list(client.readings.get_sequence()) == [A, B]


def test_what_stands_on_the_wire(client: Client, base_url: str) -> None:
    import httpx2

    assert httpx2.get(f"{base_url}/readings").content == (
        '{"sensor":"a","value":1.50}\n{"sensor":"b\\n☃","value":2}\n'.encode()
    )
    assert httpx2.get(f"{base_url}/sequence").content == (
        '\x1e{"sensor":"a","value":1.50}\n\x1e{"sensor":"b\\n☃","value":2}\n'.encode()
    )
    events = httpx2.get(f"{base_url}/events")
    assert events.headers["content-type"] == "text/event-stream"
    assert events.text == "event: greeting\nid: 7\ndata: one\ndata: two\n\nretry: 250\ndata: \n\n"
    assert httpx2.get(f"{base_url}/changes").text == 'event: added\ndata: {"sensor":"a","value":1.50}\n\n'


def test_whole_events_and_their_data(client: Client, handlers: server.Handlers) -> None:
    with client.events.watch(last_event_id="6") as stream:
        assert list(stream) == [
            models.Event(data="one\ntwo", event="greeting", id="7"),
            models.Event(data="", retry=250),
        ]
        assert (stream.last_event_id, stream.retry) == ("7", 250)
    events: Any = handlers.events
    assert events.last_event_id == "6"
    assert list(client.events.watch_log()) == ["no JSON", "two\nlines"]
    assert [change.data for change in client.events.watch_changes()] == [A]


def test_a_stream_or_a_value(client: Client) -> None:
    assert client.readings.ask_either(stream=False) == [A, B]
    with client.readings.ask_either.stream(stream=True) as stream:
        assert list(stream) == [A, B]
    with pytest.raises(errors.Unreadable, match="no stream"):
        client.readings.ask_either.stream(stream=False)
    with pytest.raises(errors.Unreadable, match="ask for it with `stream`"):
        client.readings.ask_either(stream=True)


def test_leaving_a_stream_ends_it_on_the_server_too(client: Client, handlers: server.Handlers) -> None:
    with client.readings.get_old() as stream:
        assert [next(stream) for _ in range(3)] == [A, A, A]
    readings: Any = handlers.readings
    assert readings.closed.wait(10)
    with pytest.raises(StopIteration):
        next(stream)


def test_async(base_url: str) -> None:
    async def taken() -> list[Any]:
        async with AsyncClient(base_url=base_url) as client:
            async with await client.readings.list() as stream:
                readings = [reading async for reading in stream]
            either = await client.readings.ask_either.stream(stream=True)
            return [*readings, *[reading async for reading in either], *await client.readings.ask_either(stream=False)]

    assert asyncio.run(taken()) == [A, B] * 3


def test_a_handler_that_fails_before_its_first_item(client: Client, handlers: server.Handlers) -> None:
    readings: Any = handlers.readings
    readings.fails = RuntimeError("no")
    try:
        with pytest.raises(errors.Unrecognized) as caught:
            client.readings.list()
        assert caught.value.status == 500
    finally:
        readings.fails = None


def test_an_item_that_cannot_be_read_ends_nothing() -> None:
    with sending(b'{"sensor":"a","value":1.50}\n{"se', b'nsor"\n[]\n', b'{"sensor":"c","value":"3"}') as client:
        stream = client.readings.list()
        assert next(stream) == A
        with pytest.raises(errors.Unreadable, match="no JSON text") as broken:
            next(stream)
        assert (broken.value.body, broken.value.outcome) == (b'{"sensor"', Outcome.PROCESSED)
        with pytest.raises(errors.Unreadable, match="not what the contract describes"):
            next(stream)
        salvaged = next(stream)
        assert salvaged.sensor == "c" and [str(one) for one in salvaged.violations]
        assert list(stream) == []


def test_a_stream_that_breaks_off() -> None:
    with sending(b'{"sensor":"a","value":1.50}\n{"sens', complete=False) as client:
        stream = client.readings.list()
        assert next(stream) == A
        with pytest.raises(errors.AnswerLost) as lost:
            next(stream)
        assert (lost.value.status, lost.value.operation, lost.value.outcome) == (200, "listReadings", Outcome.REJECTED)
        assert list(stream) == []


def test_a_stream_that_breaks_off_after_a_change() -> None:
    events = {"media_type": "text/event-stream", "complete": False}
    with sending(b'data: {"sensor":"a","value":1.50}\n\n', **events) as client:  # type: ignore[arg-type]
        stream = client.readings.ask_either.stream(stream=True)
        assert next(stream) == A
        with pytest.raises(errors.AnswerLostOutcomeUnknown) as lost:
            next(stream)
        assert lost.value.outcome is Outcome.UNKNOWN


def test_failures_come_before_the_stream() -> None:
    with sending(b'{"error":"no"}', media_type="application/json", status=503) as client:
        with pytest.raises(errors.Unrecognized) as caught:
            client.readings.list()
        assert (caught.value.status, caught.value.body) == (503, b'{"error":"no"}')
    with sending(b"<html>", media_type="text/html") as client, pytest.raises(errors.Unreadable):
        client.readings.list()
