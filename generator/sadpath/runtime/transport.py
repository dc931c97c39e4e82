"""Sends requests with httpx2 and says, when there is no answer, whether the request can have reached the API."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Mapping
from typing import Any, Final

import httpx2

from .answers import Answer
from .contract import Phase
from .conversation import Event, Opened, Send
from .deadlines import Timeouts, cut_off, http_client, within
from .headers import Headers
from .request import HttpRequest, TransportFailure
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
_LASTING: Final = (httpx2.UnsupportedProtocol, httpx2.InvalidURL)
_OF_THE_NETWORK: Final = (httpx2.HTTPError, httpx2.StreamError, OSError)
"""What is raised by anything else, such as a hook of the caller or a signal handler, is no reason to try again."""
# These are raised while the request is sent, or while its body is made.
_SENDING: Final = (httpx2.WriteError, httpx2.WriteTimeout, httpx2.LocalProtocolError)


_REACHED: Final = {
    "send_request_headers.started": Phase.SENDING,
    "send_request_body.complete": Phase.SENT,
    "receive_response_headers.complete": Phase.PARTLY_ANSWERED,
}
_ORDER: Final = {phase: place for place, phase in enumerate(Phase)}


class Progress:
    """How far one request came, as the HTTP library tells (its extension "trace"): what was sent once is never taken back.

    `phase` is None as long as the library has told nothing; what a caller hung into it may never do so.
    """

    def __init__(self) -> None:
        self.phase: Phase | None = None
        self._for_a_tunnel = False

    def told(self, event: str, facts: Mapping[str, Any]) -> None:
        """Take note of one event."""
        step = event.partition(".")[2]
        if step == "send_request_headers.started":
            # What asks a proxy for a tunnel holds nothing of the call.
            self._for_a_tunnel = getattr(facts.get("request"), "method", b"") == b"CONNECT"
        reached = Phase.NOT_CONNECTED if self._for_a_tunnel else _REACHED.get(step, Phase.NOT_CONNECTED)
        if self.phase is None or _ORDER[reached] > _ORDER[self.phase]:
            self.phase = reached

    async def told_async(self, event: str, facts: Mapping[str, Any]) -> None:
        """As `told`, for a client that awaits."""
        self.told(event, facts)

    def at(self, error: Exception) -> Phase:
        """How far the request came that ended so."""
        if self.phase is not None:
            return self.phase
        if isinstance(error, _NOT_SENT):
            return Phase.NOT_CONNECTED
        return Phase.SENDING if isinstance(error, _SENDING) else Phase.SENT


@contextlib.contextmanager
def _during(progress: Progress | None) -> Generator[None]:
    """Whatever is raised here, by the library or by what a caller hung into it, is a failure of the transport; None: nothing is sent yet."""
    try:
        yield
    except Exception as error:
        text = " ".join(part for part in (type(error).__name__, str(error)) if part)
        phase = Phase.NOT_CONNECTED if progress is None else progress.at(error)
        lasting = isinstance(error, _LASTING) or not isinstance(error, _OF_THE_NETWORK)
        raise TransportFailure(phase, text, lasting=lasting) from error


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


def _deadline(step: Send) -> float | None:
    """When the body has to be complete."""
    limits = [limit for limit in (step.timeout, step.left) if limit is not None]
    return time.monotonic() + min(limits) if limits else None


def _lines(headers: httpx2.Headers) -> list[tuple[str, str]]:
    """The field lines as they came, names included."""
    return [(name.decode("latin-1"), value.decode(headers.encoding, "replace")) for name, value in headers.raw]


def _built(
    client: httpx2.Client | httpx2.AsyncClient, request: HttpRequest, timeout: float | None, progress: Progress
) -> httpx2.Request:
    if client.is_closed:
        raise TransportFailure(Phase.NOT_CONNECTED, "the HTTP client is closed", lasting=True)
    headers = [(name.encode("ascii"), value.encode("utf-8")) for name, value in request.headers]
    body: Any = request.body
    if isinstance(body, Payload):
        body = body.achunks() if isinstance(client, httpx2.AsyncClient) else body.chunks()
    with _during(None):
        built = client.build_request(request.method, request.url, headers=headers, content=body)
    built.extensions["timeout"] = Timeouts(timeout)
    built.extensions["trace"] = progress.told_async if isinstance(client, httpx2.AsyncClient) else progress.told
    return built


class SyncOpened:
    """An answer whose head is here and whose body is still coming."""

    def __init__(self, response: httpx2.Response, limit: int, progress: Progress) -> None:
        self.response = response
        self.limit = limit
        self.progress = progress
        self.status = response.status_code
        self.headers = Headers(_lines(response.headers))
        self._chunks = response.iter_bytes()

    def chunk(self) -> bytes | None:
        """The next bytes, or None at the end. Raises TransportFailure where they break off."""
        with _during(self.progress):
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

    def __init__(self, response: httpx2.Response, limit: int, progress: Progress) -> None:
        self.response = response
        self.limit = limit
        self.progress = progress
        self.status = response.status_code
        self.headers = Headers(_lines(response.headers))
        self._chunks = response.aiter_bytes()

    async def chunk(self) -> bytes | None:
        """The next bytes, or None at the end. Raises TransportFailure where they break off."""
        with _during(self.progress), cut_off():
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
        with _during(None):
            self._client = client if client is not None else http_client()
        self.limit = max_response_bytes

    def perform(self, step: Send) -> Event:
        """The answer; its body may be incomplete, or still to come where that was asked for. Raises TransportFailure."""
        deadline = _deadline(step)
        with within(step.left):
            opened = self.open(step.request, step.timeout)
            if step.streamed is not None and step.streamed(opened.status, opened.headers):
                return Opened(opened)
            return opened.collected(deadline)

    def open(self, request: HttpRequest, timeout: float | None) -> SyncOpened:
        """The answer as soon as its head is here. Raises TransportFailure."""
        built = _built(self._client, request, timeout, progress := Progress())
        with _during(progress):
            return SyncOpened(self._client.send(built, stream=True, follow_redirects=False), self.limit, progress)

    def close(self) -> None:
        """Close the connections, unless the caller brought the client."""
        if self._owned:
            self._client.close()


class AsyncTransport:
    """Awaits the answer; safe to share between tasks of one event loop."""

    def __init__(self, client: httpx2.AsyncClient | None, max_response_bytes: int = MAX_RESPONSE_BYTES) -> None:
        self._owned = client is None
        with _during(None):
            self._client = client if client is not None else httpx2.AsyncClient()
        self.limit = max_response_bytes

    async def perform(self, step: Send) -> Event:
        """The answer; its body may be incomplete, or still to come where that was asked for. Raises TransportFailure."""
        deadline = _deadline(step)
        with within(step.left):
            opened = await self.open(step.request, step.timeout)
            if step.streamed is not None and step.streamed(opened.status, opened.headers):
                return Opened(opened)
            return await opened.collected(deadline)

    async def open(self, request: HttpRequest, timeout: float | None) -> AsyncOpened:
        """The answer as soon as its head is here. Raises TransportFailure."""
        built = _built(self._client, request, timeout, progress := Progress())
        with _during(progress), cut_off():
            response = await self._client.send(built, stream=True, follow_redirects=False)
            return AsyncOpened(response, self.limit, progress)

    async def close(self) -> None:
        """Close the connections, unless the caller brought the client."""
        if self._owned:
            await self._client.aclose()
