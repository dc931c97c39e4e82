"""The bases of generated clients: settings, the one place that drives a call, pages, and closing."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from .budget import RetryBudget
from .calls import Call, Ok, PagedCall, RawResponse
from .contract import Phase
from .conversation import Event, Step, Wait, answer_of, converse, raw_of, value_of
from .credentials import Credentials
from .environment import Environment
from .errors import Registry
from .exchange import Exchange
from .guard import KeyGuard
from .hooks import Hooks
from .outcomes import Failure
from .paging import Progress, items_of
from .preparing import Preparations, Prepare, aprepared, prepared
from .request import TransportFailure
from .resolving import Resolved, opened, opened_token, resolve
from .servers import base_of
from .settings import settings_of
from .streams import AsyncStream, Stream
from .tokens import ResumeToken

if TYPE_CHECKING:
    import httpx2

    from .transport import AsyncTransport, SyncTransport

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741


_LEFT_BEHIND: Final[list[Any]] = []
"""Transports of a process that this one was forked from: to close them would end connections that are not ours."""


def check_http_client(http_client: object, kind: str) -> None:
    """Raises TypeError for an HTTP client that cannot serve: one that blocks where it is awaited, and the other way round."""
    if http_client is not None:
        import httpx2

        if not isinstance(http_client, getattr(httpx2, kind)):
            raise TypeError(f"http_client is an httpx2.{kind}, or None to have one made")


def forgotten(transport: A | None) -> A | None:
    """What is left of a transport in a process that was forked: nothing."""
    if transport is not None:
        _LEFT_BEHIND.append(transport)
    return None


def left_behind(transport: A | None, http_client: object) -> A | None:
    """As `forgotten`. Raises TransportFailure where the connections are those of an HTTP client that the caller made."""
    if transport is not None and http_client is not None:
        reason = "the HTTP client was used by another process before"
        raise TransportFailure(Phase.NOT_CONNECTED, reason, lasting=True)
    return forgotten(transport)


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
        deadline: float | None = 60.0,
        max_attempts: int | None = None,
        budget: RetryBudget | None = None,
        guard: KeyGuard | None = None,
        hooks: Hooks | None = None,
        environment: Environment | None = None,
        prepare: Preparations | None = None,
    ) -> None:
        self.registry = registry
        base = base_of(registry.api, base_url, server_variables)
        self._settings = settings_of(
            registry,
            base,
            credentials=credentials,
            timeout=timeout,
            raise_opt_in=raise_opt_in,
            deadline=deadline,
            max_attempts=max_attempts,
            budget=budget,
            guard=guard,
            hooks=hooks,
            environment=environment,
            prepare=prepare,
        )
        check_http_client(http_client, "Client")
        self._http_client = http_client
        self._lock = threading.Lock()
        self._closed = False
        self._process = os.getpid()
        self._transport: SyncTransport | None = None

    def send(self, call: Call[T, Any]) -> T:
        """Send one call; raises the API's errors, and ValueError for arguments that can't be sent."""
        exchange = Exchange(self._settings, call)
        return value_of(self._performed(exchange, converse(exchange, exchange.value)))

    def send_judged(self, call: Call[T, Any]) -> Ok[T]:
        """Send one call; success-shaped outcomes are not raised but noticed beside the value."""
        exchange = Exchange(self._settings, call)
        ended = self._performed(exchange, converse(exchange, exchange.judged))
        return Ok(value_of(ended), ended.notice)

    def send_raw(self, call: Call[T, Any]) -> RawResponse[T]:
        """Send one call and give its answer as it came; raises failures of the transport."""
        exchange = Exchange(self._settings, call)
        return raw_of(exchange, self._performed(exchange, converse(exchange, exchange.value)))

    def send_stream(self, call: Call[Any, Any]) -> Stream[Any]:
        """Send one call and give the items of its answer as they come; raises the API's errors."""
        exchange = Exchange(self._settings, call, streamed=True)
        ended = self._performed(exchange, converse(exchange, exchange.no_stream, streamed=True))
        value_of(ended)
        return Stream[Any](exchange, ended.opened)

    def resolve(self, error: Failure, *, deadline: float | None = None) -> Resolved[Any]:
        """Find out what became of a call whose outcome is unknown or pending, or whose answer could not be read.

        Sends the same request under the same key, or looks up what it did, at the prescribed intervals, for as long as is
        prescribed, `deadline` seconds at most. Raises the refusal that the call turned out to be, the API's `Unresolved` where
        nobody can tell, and ValueError where there is nothing to resolve.
        """
        given = opened(self._settings, error, deadline)
        return self._performed(given.exchange, resolve(given))

    def resume(self, token: ResumeToken | str, call: Call[T, Any]) -> Resolved[T]:
        """As `resolve`, of a failure of another process; raises ValueError where the call is not that of the token."""
        given = opened_token(self._settings, token, call)
        return self._performed(given.exchange, resolve(given))

    def _performed(self, exchange: Exchange[Any], steps: Generator[Step, Event, R]) -> R:
        """The one place where a blocking call is driven."""
        if exchange.outgoing.is_async:
            raise TypeError("body: an async iterator is sent by an async client alone")
        event: Event = None
        try:
            while True:
                try:
                    step = steps.send(event)
                except StopIteration as end:
                    result: R = end.value
                    return result
                try:
                    event = self._perform(step)
                except BaseException as interruption:
                    interruption.add_note(exchange.note)
                    steps.throw(interruption)
                    raise
        finally:
            steps.close()

    def _perform(self, step: Step) -> Event:
        if isinstance(step, Wait):
            self._settings.environment.sleep(step.seconds)
            return None
        if isinstance(step, Prepare):
            return prepared(step)
        try:
            return self._connected().perform(step)
        except TransportFailure as failure:
            return failure

    def _connected(self) -> SyncTransport:
        if self._process != os.getpid():
            # The connections belong to the process that this one was forked from: two that share one get each other's answers.
            self._transport = left_behind(self._transport, self._http_client)
            self._process, self._lock = os.getpid(), threading.Lock()
        with self._lock:
            if self._closed:
                raise TransportFailure(Phase.NOT_CONNECTED, "the client is closed", lasting=True)
            if self._transport is None:
                from .transport import SyncTransport

                self._transport = SyncTransport(self._http_client)
            return self._transport

    def pages(self, call: PagedCall[T, E, I]) -> Iterator[T]:
        """Page after page; raises the API's `Unreadable`, with the page as its attribute, where items or the way on are lost."""
        progress: Progress[T, E, I] = Progress(call)
        while progress.call is not None:
            exchange = Exchange(self._settings, progress.call)
            ended = self._performed(exchange, converse(exchange, exchange.value))
            page = value_of(ended)
            refuse = functools.partial(exchange.defective_page, answer_of(ended), page)
            progress.check(page, refuse)
            yield page
            progress.advance(page, refuse)

    def items(self, call: PagedCall[T, E, I]) -> Iterator[I]:
        """The items of page after page; raises what `pages` raises."""
        for page in self.pages(call):
            yield from items_of(call, page)

    def close(self) -> None:
        """Close the connections; an HTTP client that was passed in stays open. Later calls raise the API's `NotSent`."""
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.Lock()
            self._transport = forgotten(self._transport)
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
        deadline: float | None = 60.0,
        max_attempts: int | None = None,
        budget: RetryBudget | None = None,
        guard: KeyGuard | None = None,
        hooks: Hooks | None = None,
        environment: Environment | None = None,
        prepare: Preparations | None = None,
    ) -> None:
        self.registry = registry
        base = base_of(registry.api, base_url, server_variables)
        self._settings = settings_of(
            registry,
            base,
            credentials=credentials,
            timeout=timeout,
            raise_opt_in=raise_opt_in,
            deadline=deadline,
            max_attempts=max_attempts,
            budget=budget,
            guard=guard,
            hooks=hooks,
            environment=environment,
            prepare=prepare,
        )
        check_http_client(http_client, "AsyncClient")
        self._http_client = http_client
        self._closed = False
        self._process = os.getpid()
        self._transport: AsyncTransport | None = None

    async def send(self, call: Call[T, Any]) -> T:
        """Send one call; raises the API's errors, and ValueError for arguments that can't be sent."""
        exchange = Exchange(self._settings, call)
        return value_of(await self._performed(exchange, converse(exchange, exchange.value)))

    async def send_judged(self, call: Call[T, Any]) -> Ok[T]:
        """Send one call; success-shaped outcomes are not raised but noticed beside the value."""
        exchange = Exchange(self._settings, call)
        ended = await self._performed(exchange, converse(exchange, exchange.judged))
        return Ok(value_of(ended), ended.notice)

    async def send_raw(self, call: Call[T, Any]) -> RawResponse[T]:
        """Send one call and give its answer as it came; raises failures of the transport."""
        exchange = Exchange(self._settings, call)
        return raw_of(exchange, await self._performed(exchange, converse(exchange, exchange.value)))

    async def send_stream(self, call: Call[Any, Any]) -> AsyncStream[Any]:
        """Send one call and give the items of its answer as they come; raises the API's errors."""
        exchange = Exchange(self._settings, call, streamed=True)
        ended = await self._performed(exchange, converse(exchange, exchange.no_stream, streamed=True))
        value_of(ended)
        return AsyncStream[Any](exchange, ended.opened)

    async def resolve(self, error: Failure, *, deadline: float | None = None) -> Resolved[Any]:
        """Find out what became of a call whose outcome is unknown or pending, or whose answer could not be read.

        Sends the same request under the same key, or looks up what it did, at the prescribed intervals, for as long as is
        prescribed, `deadline` seconds at most. Raises the refusal that the call turned out to be, the API's `Unresolved` where
        nobody can tell, and ValueError where there is nothing to resolve.
        """
        given = opened(self._settings, error, deadline)
        return await self._performed(given.exchange, resolve(given))

    async def resume(self, token: ResumeToken | str, call: Call[T, Any]) -> Resolved[T]:
        """As `resolve`, of a failure of another process; raises ValueError where the call is not that of the token."""
        given = opened_token(self._settings, token, call)
        return await self._performed(given.exchange, resolve(given))

    async def _performed(self, exchange: Exchange[Any], steps: Generator[Step, Event, R]) -> R:
        """The one place where an async call is driven."""
        event: Event = None
        try:
            while True:
                try:
                    step = steps.send(event)
                except StopIteration as end:
                    result: R = end.value
                    return result
                try:
                    event = await self._perform(step)
                except BaseException as interruption:
                    interruption.add_note(exchange.note)
                    steps.throw(interruption)
                    raise
        finally:
            steps.close()

    async def _perform(self, step: Step) -> Event:
        if isinstance(step, Wait):
            await self._settings.environment.asleep(step.seconds)
            return None
        if isinstance(step, Prepare):
            return await aprepared(step)
        try:
            return await self._connected().perform(step)
        except TransportFailure as failure:
            return failure

    def _connected(self) -> AsyncTransport:
        if self._process != os.getpid():
            self._transport = left_behind(self._transport, self._http_client)
            self._process = os.getpid()
        if self._closed:
            raise TransportFailure(Phase.NOT_CONNECTED, "the client is closed", lasting=True)
        if self._transport is None:
            from .transport import AsyncTransport

            self._transport = AsyncTransport(self._http_client)
        return self._transport

    async def pages(self, call: PagedCall[T, E, I]) -> AsyncIterator[T]:
        """Page after page; raises the API's `Unreadable`, with the page as its attribute, where items or the way on are lost."""
        progress: Progress[T, E, I] = Progress(call)
        while progress.call is not None:
            exchange = Exchange(self._settings, progress.call)
            ended = await self._performed(exchange, converse(exchange, exchange.value))
            page = value_of(ended)
            refuse = functools.partial(exchange.defective_page, answer_of(ended), page)
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
        if self._process != os.getpid():
            self._transport = forgotten(self._transport)
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
