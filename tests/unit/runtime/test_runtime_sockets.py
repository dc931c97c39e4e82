"""Clients against real loopback servers that answer, break off, hang, or are not there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Iterator
from decimal import Decimal

import httpx2
import pytest
from cornershop import errors
from cornershop.client import AsyncClient, Client
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.order import Order

from sadpath.runtime.calls import CallOptions
from sadpath.runtime.contract import Outcome
from sadpath.runtime.credentials import BasicAuth
from sadpath.runtime.outcomes import OutcomeUnknown

SECRET = "live_sEcReT-0123456789"
ORDER = {
    "id": "1",
    "status": "paid",
    "amount": {"value": "1.10", "currency": "EUR"},
    "created_at": "2026-01-05T10:00:00.123Z",
}
AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
Script = Callable[[socket.socket, bytes], None]


def answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode() + body


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return data
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def server(script: Script) -> Generator[tuple[str, list[bytes]]]:
    """A server that runs the script for every connection; gives its URL and the requests it got."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                request = read_request(connection)
                if request:
                    seen.append(request)
                script(connection, request)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def sends(data: bytes) -> Script:
    return lambda connection, request: connection.sendall(data)


def resets(connection: socket.socket, request: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(connection: socket.socket, request: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def hangs(connection: socket.socket, request: bytes) -> None:
    connection.settimeout(5)
    connection.recv(1)


def drips(connection: socket.socket, request: bytes) -> None:
    connection.sendall(answer("200 OK", b"", "Content-Type: application/json", length=100))
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.02)


class Runner:
    """The same calls on a sync and on an async client."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(
        self, url: str, operation: str = "create", timeout: float = 5.0, key: str | None = None
    ) -> Order | None:
        return (
            asyncio.run(self._async(url, operation, timeout, key))
            if self.kind == "async"
            else self._sync(url, operation, timeout, key)
        )

    def _sync(self, url: str, operation: str, timeout: float, key: str | None) -> Order | None:
        with Client(BasicAuth("shop", SECRET), base_url=url, timeout=timeout, max_attempts=1) as client:
            if operation == "create":
                return client.orders.create(amount=AMOUNT, idempotency_key=key)
            if operation == "get":
                return client.orders.get("1")
            client.orders.delete("1")
            return None

    async def _async(self, url: str, operation: str, timeout: float, key: str | None) -> Order | None:
        async with AsyncClient(BasicAuth("shop", SECRET), base_url=url, timeout=timeout, max_attempts=1) as client:
            if operation == "create":
                return await client.orders.create(amount=AMOUNT, idempotency_key=key)
            if operation == "get":
                return await client.orders.get("1")
            await client.orders.delete("1")
            return None


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Iterator[Runner]:
    yield Runner(str(request.param))


def test_success(run: Runner) -> None:
    body = json.dumps(ORDER).encode()
    with server(sends(answer("200 OK", body, "Content-Type: application/json;charset=UTF-8"))) as (url, seen):
        order = run(url, key="abc")
        assert order is not None and order.to_wire() == ORDER
    head, _, sent = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/orders HTTP/1.1\r\n")
    assert b"\r\nIdempotence-Key: abc\r\n" in head + b"\r\n"
    assert sent == b'{"amount":{"value":"1.10","currency":"EUR"}}'


@pytest.mark.parametrize("operation", ["create", "get", "delete"])
@pytest.mark.parametrize("script", [resets, closes])
def test_an_answer_that_never_comes(run: Runner, operation: str, script: Script) -> None:
    with server(script) as (url, seen), pytest.raises(errors.AnswerLost) as caught:
        run(url, operation, key="abc")
    error = caught.value
    assert len(seen) == 1
    assert isinstance(error, OutcomeUnknown) is (operation != "get")
    assert error.outcome is (Outcome.REJECTED if operation == "get" else Outcome.UNKNOWN)
    assert error.idempotency_key == ("abc" if operation == "create" else None)
    assert (error.advice.next, error.status) == ("repeat", None)
    assert isinstance(error.__cause__, httpx2.TransportError)


def test_timeout_after_sending(run: Runner) -> None:
    with server(hangs) as (url, seen), pytest.raises(errors.AnswerLostOutcomeUnknown) as caught:
        run(url, timeout=0.2)
    assert caught.value.idempotency_key is not None
    assert f"Idempotence-Key: {caught.value.idempotency_key}".encode() in seen[0]


def test_nobody_listens(run: Runner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(errors.NotSent) as caught:
        run(f"http://127.0.0.1:{port}")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.attempts == 1
    assert not isinstance(caught.value, OutcomeUnknown)


def test_an_unknown_host(run: Runner) -> None:
    with pytest.raises(errors.NotSent):
        run("http://nowhere.invalid/v1")


@pytest.mark.parametrize(
    "data",
    [
        answer("200 OK", b'{"id": "1", "st', "Content-Type: application/json", length=400),
        answer("200 OK", b"<html>proxy</html>", "Content-Type: text/html"),
        answer("200 OK", b"", "Content-Type: application/json"),
        answer("200 OK", b'{"id": "1"', "Content-Type: application/json"),
        answer("200 OK", b"[]", "Content-Type: application/json"),
        answer("200 OK", b"\x1f\x8bnot gzip", "Content-Encoding: gzip"),
        answer("204 No Content"),
        answer("202 Accepted", b'{"type": "processing"}', "Content-Type: application/json"),
    ],
    ids=["cut", "html", "empty", "truncated", "array", "encoding", "no-content", "other-success"],
)
def test_a_success_that_cannot_be_read_is_processed(run: Runner, data: bytes) -> None:
    with server(sends(data)) as (url, _), pytest.raises(errors.Unreadable) as caught:
        run(url, key="k")
    assert caught.value.outcome is Outcome.PROCESSED
    assert caught.value.status == int(data[9:12])
    assert caught.value.idempotency_key == "k"
    assert not isinstance(caught.value, OutcomeUnknown)


def test_a_success_that_drips_for_ever(run: Runner) -> None:
    with server(drips) as (url, _), pytest.raises(errors.Unreadable):
        run(url, timeout=0.3)


def test_an_answer_that_is_all_here_is_not_too_late(run: Runner) -> None:
    whole = answer("200 OK", json.dumps(ORDER).encode(), "Content-Type: application/json")

    def dawdles(connection: socket.socket, request: bytes) -> None:
        for place in range(0, 40, 8):
            connection.sendall(whole[place : place + 8])
            time.sleep(0.5)
        connection.sendall(whole[40:])

    # All pauses together are longer than the limit; a single one is far from it, on a busy machine too.
    with server(dawdles) as (url, _):
        order = run(url, timeout=2.2)
    assert order is not None and order.to_wire() == ORDER


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Unavailable", "504 Timeout"])
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"type":"error","code":', b"\xff\xfe\x00"])
def test_a_broken_server_leaves_the_outcome_unknown(run: Runner, status: str, body: bytes) -> None:
    with server(sends(answer(status, body))) as (url, _):
        with pytest.raises(OutcomeUnknown) as caught:
            run(url)
        with pytest.raises(errors.CornerShopError) as read:
            run(url, "get")
    error = caught.value
    assert isinstance(error, errors.CornerShopError)
    assert (error.body, error.status, error.outcome) == (body, int(status[:3]), Outcome.UNKNOWN)
    assert not isinstance(read.value, OutcomeUnknown)


def test_an_error_that_is_cut_keeps_what_came(run: Runner) -> None:
    with server(sends(answer("404 Not Found", b'{"type":"error","id":"1","co', length=500))) as (url, _):
        with pytest.raises(errors.NotFound) as caught:
            run(url, "get")
    assert caught.value.body == b'{"type":"error","id":"1","co'
    assert "the body is cut short" in caught.value.violations


def test_redirects_are_not_followed(run: Runner) -> None:
    with server(sends(answer("302 Found", b"", "Location: http://127.0.0.1:9/elsewhere"))) as (url, seen):
        with pytest.raises(errors.UnrecognizedOutcomeUnknown) as caught:
            run(url)
    assert len(seen) == 1
    assert caught.value.headers["location"].endswith("/elsewhere")


def test_no_secret_survives(run: Runner) -> None:
    body = json.dumps(
        {
            "type": "error",
            "id": SECRET,
            "code": "invalid_credentials",
            "description": f"key {SECRET} 4111 1111 1111 1111",
        }
    )
    data = answer(
        "401 No", body.encode(), f"X-Echo: {SECRET}", f"Set-Cookie: session={SECRET}", "Authorization: Basic eDp5"
    )
    with server(sends(data)) as (url, _), pytest.raises(errors.InvalidCredentials) as caught:
        run(url)
    error = caught.value
    assert "set-cookie" not in error.headers and "authorization" not in error.headers
    for text in (str(error), repr(error), repr(error.__dict__), repr(error.args)):
        assert SECRET not in text
    pickled = pickle.dumps(error)
    assert SECRET.encode() not in pickled and b"4111 1111 1111 1111" not in pickled
    assert "4111" not in str(error)


def test_headers_that_break_a_line_are_refused() -> None:
    with Client(BasicAuth("shop", SECRET), base_url="http://127.0.0.1:9", max_attempts=1) as client:
        with pytest.raises(ValueError, match="control character"):
            client.orders.get("1", options=CallOptions(headers={"X-A": "b\r\nX-C: d"}))
        with pytest.raises(ValueError, match="control character"):
            client.orders.create(amount=AMOUNT, idempotency_key="a\r\nb: c")


def test_giving_up_says_what_was_under_way() -> None:
    async def give_up(url: str) -> None:
        async with AsyncClient(BasicAuth("shop", SECRET), base_url=url, max_attempts=1) as client:
            task = asyncio.create_task(_create(client))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert any("idempotency key k1" in note for note in caught.value.__notes__)

    async def _create(client: AsyncClient) -> None:
        await client.orders.create(amount=AMOUNT, idempotency_key="k1")

    with server(hangs) as (url, _):
        asyncio.run(give_up(url))


def test_threads_share_a_client() -> None:
    body = json.dumps(ORDER).encode()
    with server(sends(answer("200 OK", body, "Connection: close"))) as (url, seen), Client(base_url=url) as client:
        results: list[Order] = []
        threads = [threading.Thread(target=lambda: results.append(client.orders.get("1"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(results) == len(seen) == 8
