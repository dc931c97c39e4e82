"""The bases of generated clients: settings, the one place that drives a call, pages, and closing."""

from __future__ import annotations

import functools
import importlib.util
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .calls import Call, Ok, PagedCall, RawResponse
from .credentials import Credential, Credentials
from .errors import Registry
from .exchange import Exchange, Settings, TransportFailure
from .paging import Progress, items_of
from .servers import Base, base_of
from .streams import AsyncStream, Stream

if TYPE_CHECKING:
    import httpx2

    from .answers import Answer
    from .transport import AsyncTransport, SyncTransport

A = TypeVar("A")
T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741


def _settings(
    registry: Registry, credentials: Credentials | None, base: Base, timeout: float | None, raise_opt_in: bool
) -> Settings:
    if importlib.util.find_spec("httpx2") is None:
        raise ImportError('a client needs httpx2: pip install "httpx2>=2.16"', name="httpx2")
    return Settings(registry, base, _several(credentials), timeout, raise_opt_in)


def _several(credentials: Credentials | None) -> tuple[Credential, ...]:
    if credentials is None:
        return ()
    return tuple(credentials) if isinstance(credentials, Sequence) else (credentials,)


class SyncClient:
    """Base of every sync client; may be shared between threads."""

    def __init__(  # noqa: PLR0913 a client has a parameter for each of its settings
        self,
        registry: Registry,
        *,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        server_variables: Mapping[str, str] | None = None,
        timeout: float | None = 30.0,
        http_client: httpx2.Client | None = None,
        raise_opt_in: bool = False,
    ) -> None:
        self.registry = registry
        self._settings = _settings(
            registry, credentials, base_of(registry.api, base_url, server_variables), timeout, raise_opt_in
        )
        self._http_client = http_client
        self._lock = threading.Lock()
        self._closed = False
        self._transport: SyncTransport | None = None

    def send(self, call: Call[T, Any]) -> T:
        """Send one call; raises the API's errors, and ValueError for arguments that can't be sent."""
        exchange = Exchange(self._settings, call)
        return exchange.value(self._answer(exchange))

    def send_judged(self, call: Call[T, Any]) -> Ok[T]:
        """Send one call; success-shaped outcomes are not raised but noticed beside the value."""
        exchange = Exchange(self._settings, call)
        return Ok(*exchange.judged(self._answer(exchange)))

    def send_raw(self, call: Call[T, Any]) -> RawResponse[T]:
        """Send one call and give its answer as it came; raises failures of the transport."""
        exchange = Exchange(self._settings, call)
        return exchange.raw(self._answer(exchange))

    def send_stream(self, call: Call[Any, Any]) -> Stream[Any]:
        """Send one call and give the items of its answer as they come; raises the API's errors."""
        exchange = Exchange(self._settings, call, streamed=True)
        return Stream[Any].of(exchange, self._driven(exchange, lambda to: to.open(exchange.request, exchange.timeout)))

    def _answer(self, exchange: Exchange[Any]) -> Answer:
        return self._driven(exchange, lambda to: to.send(exchange.request, exchange.timeout))

    def _driven(self, exchange: Exchange[Any], send: Callable[[SyncTransport], A]) -> A:
        """The one place where a sync call is driven."""
        try:
            return send(self._connected())
        except TransportFailure as failure:
            raise exchange.lost(failure) from failure.__cause__
        except Exception:
            raise
        except BaseException as interruption:
            interruption.add_note(exchange.note)
            raise

    def _connected(self) -> SyncTransport:
        with self._lock:
            if self._closed:
                raise TransportFailure(False, "the client is closed", closed=True)
            if self._transport is None:
                from .transport import SyncTransport

                self._transport = SyncTransport(self._http_client)
            return self._transport

    def pages(self, call: PagedCall[T, E, I]) -> Iterator[T]:
        """Page after page; raises the API's `Unreadable`, with the page as its attribute, where items or the way on are lost."""
        progress: Progress[T, E, I] = Progress(call)
        while progress.call is not None:
            exchange = Exchange(self._settings, progress.call)
            answer = self._answer(exchange)
            page = exchange.value(answer)
            refuse = functools.partial(exchange.defective_page, answer, page)
            progress.check(page, refuse)
            yield page
            progress.advance(page, refuse)

    def items(self, call: PagedCall[T, E, I]) -> Iterator[I]:
        """The items of page after page; raises what `pages` raises."""
        for page in self.pages(call):
            yield from items_of(call, page)

    def close(self) -> None:
        """Close the connections; an HTTP client that was passed in stays open. Later calls raise the API's `NotSent`."""
        with self._lock:
            self._closed = True
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._settings.base.url!r})"


class AsyncApiClient:
    """Base of every async client; may be shared between tasks of one event loop."""

    def __init__(  # noqa: PLR0913 a client has a parameter for each of its settings
        self,
        registry: Registry,
        *,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        server_variables: Mapping[str, str] | None = None,
        timeout: float | None = 30.0,
        http_client: httpx2.AsyncClient | None = None,
        raise_opt_in: bool = False,
    ) -> None:
        self.registry = registry
        self._settings = _settings(
            registry, credentials, base_of(registry.api, base_url, server_variables), timeout, raise_opt_in
        )
        self._http_client = http_client
        self._closed = False
        self._transport: AsyncTransport | None = None

    async def send(self, call: Call[T, Any]) -> T:
        """Send one call; raises the API's errors, and ValueError for arguments that can't be sent."""
        exchange = Exchange(self._settings, call)
        return exchange.value(await self._answer(exchange))

    async def send_judged(self, call: Call[T, Any]) -> Ok[T]:
        """Send one call; success-shaped outcomes are not raised but noticed beside the value."""
        exchange = Exchange(self._settings, call)
        return Ok(*exchange.judged(await self._answer(exchange)))

    async def send_raw(self, call: Call[T, Any]) -> RawResponse[T]:
        """Send one call and give its answer as it came; raises failures of the transport."""
        exchange = Exchange(self._settings, call)
        return exchange.raw(await self._answer(exchange))

    async def send_stream(self, call: Call[Any, Any]) -> AsyncStream[Any]:
        """Send one call and give the items of its answer as they come; raises the API's errors."""
        exchange = Exchange(self._settings, call, streamed=True)
        opened = await self._driven(exchange, lambda to: to.open(exchange.request, exchange.timeout))
        return await AsyncStream[Any].of(exchange, opened)

    async def _answer(self, exchange: Exchange[Any]) -> Answer:
        return await self._driven(exchange, lambda to: to.send(exchange.request, exchange.timeout))

    async def _driven(self, exchange: Exchange[Any], send: Callable[[AsyncTransport], Awaitable[A]]) -> A:
        """The one place where an async call is driven."""
        try:
            return await send(self._connected())
        except TransportFailure as failure:
            raise exchange.lost(failure) from failure.__cause__
        except Exception:
            raise
        except BaseException as interruption:
            interruption.add_note(exchange.note)
            raise

    def _connected(self) -> AsyncTransport:
        if self._closed:
            raise TransportFailure(False, "the client is closed", closed=True)
        if self._transport is None:
            from .transport import AsyncTransport

            self._transport = AsyncTransport(self._http_client)
        return self._transport

    async def pages(self, call: PagedCall[T, E, I]) -> AsyncIterator[T]:
        """Page after page; raises the API's `Unreadable`, with the page as its attribute, where items or the way on are lost."""
        progress: Progress[T, E, I] = Progress(call)
        while progress.call is not None:
            exchange = Exchange(self._settings, progress.call)
            answer = await self._answer(exchange)
            page = exchange.value(answer)
            refuse = functools.partial(exchange.defective_page, answer, page)
            progress.check(page, refuse)
            yield page
            progress.advance(page, refuse)

    async def items(self, call: PagedCall[T, E, I]) -> AsyncIterator[I]:
        """The items of page after page; raises what `pages` raises."""
        async for page in self.pages(call):
            for item in items_of(call, page):
                yield item

    async def close(self) -> None:
        """Close the connections; an HTTP client that was passed in stays open. Later calls raise the API's `NotSent`."""
        self._closed = True
        if self._transport is not None:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._settings.base.url!r})"
