"""Sends requests with httpx2 and says, when there is no answer, whether the request can have reached the API."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from typing import Any, Final

import httpx2

from .answers import Answer
from .exchange import HttpRequest, TransportFailure
from .headers import Headers
from .uploads import Payload

MAX_RESPONSE_BYTES: Final = 32 * 1024 * 1024
"""A longer body is not read to its end."""

# Before any of these are raised, no byte of the request has been sent.
_NOT_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
)


@contextlib.contextmanager
def _phase(*, sending: bool) -> Generator[None]:
    """Whatever is raised here, by the library or by what a caller hung into it, is a failure of the transport."""
    try:
        yield
    except Exception as error:
        text = " ".join(part for part in (type(error).__name__, str(error)) if part)
        raise TransportFailure(sending and not isinstance(error, _NOT_SENT), text) from error


class _Collected:
    """Gathers a body until it ends, gets too long, is there too late after the call began, or breaks off."""

    def __init__(self, response: httpx2.Response, headers: Headers, deadline: float | None, limit: int) -> None:
        self.response = response
        self.headers = headers
        self.deadline = deadline
        self.limit = limit
        self.body = bytearray()
        self.complete = True

    def add(self, chunk: bytes) -> bool:
        """Whether to go on."""
        self.body += chunk
        late = self.deadline is not None and time.monotonic() > self.deadline
        self.complete = len(self.body) <= self.limit and (not late or self._is_all_here())
        return self.complete

    def _is_all_here(self) -> bool:
        length = self.response.headers.get("content-length", "")
        return length.isdecimal() and self.response.num_bytes_downloaded >= int(length)

    def answer(self) -> Answer:
        return Answer(self.response.status_code, self.headers, bytes(self.body[: self.limit]), self.complete)


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _lines(headers: httpx2.Headers) -> list[tuple[str, str]]:
    """The field lines as they came, names included."""
    return [(name.decode("latin-1"), value.decode(headers.encoding, "replace")) for name, value in headers.raw]


def _built(client: httpx2.Client | httpx2.AsyncClient, request: HttpRequest, timeout: float | None) -> httpx2.Request:
    if client.is_closed:
        raise TransportFailure(False, "the HTTP client is closed", closed=True)
    headers = [(name.encode("ascii"), value.encode("utf-8")) for name, value in request.headers]
    body: Any = request.body
    if isinstance(body, Payload):
        body = body.achunks() if isinstance(client, httpx2.AsyncClient) else body.chunks()
    with _phase(sending=False):
        return client.build_request(
            request.method, request.url, headers=headers, content=body, timeout=httpx2.Timeout(timeout)
        )


def _check_body(request: HttpRequest) -> None:
    if isinstance(request.body, Payload) and request.body.is_async:
        raise TypeError("body: an async iterator is sent by an async client alone")


class SyncOpened:
    """An answer whose head is here and whose body is still coming."""

    def __init__(self, response: httpx2.Response, limit: int) -> None:
        self.response = response
        self.limit = limit
        self.status = response.status_code
        self.headers = Headers(_lines(response.headers))
        self._chunks = response.iter_bytes()

    def chunk(self) -> bytes | None:
        """The next bytes, or None at the end. Raises TransportFailure where they break off."""
        with _phase(sending=True):
            return next(self._chunks, None)

    def close(self) -> None:
        """Give the connection back; never raises."""
        with contextlib.suppress(Exception):
            self.response.close()

    def collected(self, deadline: float | None) -> Answer:
        """The whole answer, and the connection closed."""
        collected = _Collected(self.response, self.headers, deadline, self.limit)
        try:
            while (chunk := self.chunk()) is not None and collected.add(chunk):
                pass
        except TransportFailure:
            collected.complete = False
        finally:
            self.close()
        return collected.answer()


class AsyncOpened:
    """As `SyncOpened`, awaited."""

    def __init__(self, response: httpx2.Response, limit: int) -> None:
        self.response = response
        self.limit = limit
        self.status = response.status_code
        self.headers = Headers(_lines(response.headers))
        self._chunks = response.aiter_bytes()

    async def chunk(self) -> bytes | None:
        """The next bytes, or None at the end. Raises TransportFailure where they break off."""
        with _phase(sending=True):
            return await anext(self._chunks, None)

    async def close(self) -> None:
        """Give the connection back; never raises."""
        with contextlib.suppress(Exception):
            await self.response.aclose()

    async def collected(self, deadline: float | None) -> Answer:
        """The whole answer, and the connection closed."""
        collected = _Collected(self.response, self.headers, deadline, self.limit)
        try:
            while (chunk := await self.chunk()) is not None and collected.add(chunk):
                pass
        except TransportFailure:
            collected.complete = False
        finally:
            await self.close()
        return collected.answer()


class SyncTransport:
    """Blocks until there is an answer; safe to share between threads."""

    def __init__(self, client: httpx2.Client | None, max_response_bytes: int = MAX_RESPONSE_BYTES) -> None:
        self._owned = client is None
        with _phase(sending=False):
            self._client = client if client is not None else httpx2.Client()
        self.limit = max_response_bytes

    def send(self, request: HttpRequest, timeout: float | None) -> Answer:
        """The answer; its body may be incomplete. Raises TransportFailure."""
        deadline = _deadline(timeout)
        return self.open(request, timeout).collected(deadline)

    def open(self, request: HttpRequest, timeout: float | None) -> SyncOpened:
        """The answer as soon as its head is here. Raises TransportFailure, and TypeError for a body that only an async client sends."""
        _check_body(request)
        built = _built(self._client, request, timeout)
        with _phase(sending=True):
            return SyncOpened(self._client.send(built, stream=True, follow_redirects=False), self.limit)

    def close(self) -> None:
        """Close the connections, unless the caller brought the client."""
        if self._owned:
            self._client.close()


class AsyncTransport:
    """Awaits the answer; safe to share between tasks of one event loop."""

    def __init__(self, client: httpx2.AsyncClient | None, max_response_bytes: int = MAX_RESPONSE_BYTES) -> None:
        self._owned = client is None
        with _phase(sending=False):
            self._client = client if client is not None else httpx2.AsyncClient()
        self.limit = max_response_bytes

    async def send(self, request: HttpRequest, timeout: float | None) -> Answer:
        """The answer; its body may be incomplete. Raises TransportFailure."""
        deadline = _deadline(timeout)
        opened = await self.open(request, timeout)
        return await opened.collected(deadline)

    async def open(self, request: HttpRequest, timeout: float | None) -> AsyncOpened:
        """The answer as soon as its head is here. Raises TransportFailure."""
        built = _built(self._client, request, timeout)
        with _phase(sending=True):
            return AsyncOpened(await self._client.send(built, stream=True, follow_redirects=False), self.limit)

    async def close(self) -> None:
        """Close the connections, unless the caller brought the client."""
        if self._owned:
            await self._client.aclose()
