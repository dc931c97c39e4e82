"""Operations that answer with a stream, and those that can: what `calls` has for single values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from .calls import AsyncMethod, AsyncResource, Call, Resource, SyncMethod
from .described import Bound, Described, forwarded
from .streams import AsyncStream, Stream

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741


class StreamCall(Call[I, E], Generic[I, E]):
    """An operation whose answer is a stream of items."""

    __slots__ = ()


class StreamableCall(Call[T, E], Generic[T, E, I]):
    """An operation whose answer is a value, or, when it is asked for so, a stream of items."""

    __slots__ = ()


class SyncStreamMethod(Bound, Generic[P, I, E]):
    """An operation of a sync client that answers with a stream."""

    shape = "opened"

    def __init__(self, function: Callable[..., StreamCall[I, E]], resource: Resource) -> None:
        super().__init__(function, bound=True)
        self._function, self._resource = function, resource

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Stream[I]:
        call = self._function(self._resource, *args, **kwargs)
        client = self._resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism
        return client.send_stream(call)


class AsyncStreamMethod(Bound, Generic[P, I, E]):
    """An operation of an async client that answers with a stream."""

    shape = "opened"
    prefixes = {"opened": "Async"}

    def __init__(self, function: Callable[..., StreamCall[I, E]], resource: AsyncResource) -> None:
        super().__init__(function, bound=True)
        self._function, self._resource = function, resource

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AsyncStream[I]:
        call = self._function(self._resource, *args, **kwargs)
        client = self._resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism
        return await client.send_stream(call)


class SyncStreamableMethod(SyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation of a sync client whose answer can be had as a stream too."""

    @forwarded
    def stream(self, *args: P.args, **kwargs: P.kwargs) -> Stream[I]:
        """The answer piece by piece, as it comes; nothing limits its length."""
        return self._client.send_stream(self._call(*args, **kwargs))


class AsyncStreamableMethod(AsyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation of an async client whose answer can be had as a stream too."""

    prefixes = {"stream": "Async"}

    @forwarded
    async def stream(self, *args: P.args, **kwargs: P.kwargs) -> AsyncStream[I]:
        """The answer piece by piece, as it comes; nothing limits its length."""
        return await self._client.send_stream(self._call(*args, **kwargs))


class StreamOperation(Described, Generic[P, I, E]):
    """As `Operation`, for an operation that answers with a stream."""

    def __init__(self, function: Callable[..., StreamCall[I, E]]) -> None:
        super().__init__(function, bound=False)
        self._function = function

    def __call__(self, resource: Any, /, *args: P.args, **kwargs: P.kwargs) -> StreamCall[I, E]:
        """Describe a call without sending it."""
        return self._function(resource, *args, **kwargs)

    @overload
    def __get__(self, instance: None, owner: Any = None) -> StreamOperation[P, I, E]: ...
    @overload
    def __get__(self, instance: Resource, owner: Any = None) -> SyncStreamMethod[P, I, E]: ...
    @overload
    def __get__(self, instance: AsyncResource, owner: Any = None) -> AsyncStreamMethod[P, I, E]: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if isinstance(instance, Resource):
            return cast("Any", SyncStreamMethod)(self._function, instance)
        return cast("Any", AsyncStreamMethod)(self._function, instance) if isinstance(instance, AsyncResource) else self


class StreamableOperation(Described, Generic[P, T, E, I]):
    """As `Operation`, for an operation whose answer can be had as a stream too."""

    def __init__(self, function: Callable[..., StreamableCall[T, E, I]]) -> None:
        super().__init__(function, bound=False)
        self._function = function

    def __call__(self, resource: Any, /, *args: P.args, **kwargs: P.kwargs) -> StreamableCall[T, E, I]:
        """Describe a call without sending it."""
        return self._function(resource, *args, **kwargs)

    @overload
    def __get__(self, instance: None, owner: Any = None) -> StreamableOperation[P, T, E, I]: ...
    @overload
    def __get__(self, instance: Resource, owner: Any = None) -> SyncStreamableMethod[P, T, E, I]: ...
    @overload
    def __get__(self, instance: AsyncResource, owner: Any = None) -> AsyncStreamableMethod[P, T, E, I]: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if isinstance(instance, Resource):
            return cast("Any", SyncStreamableMethod)(self._function, instance)
        kind = cast("Any", AsyncStreamableMethod)
        return kind(self._function, instance) if isinstance(instance, AsyncResource) else self


def stream_operation(function: Callable[Concatenate[Any, P], StreamCall[I, E]]) -> StreamOperation[P, I, E]:
    """Make a function that describes one call an operation that answers with a stream."""
    return StreamOperation(function)


def streamable_operation(
    function: Callable[Concatenate[Any, P], StreamableCall[T, E, I]],
) -> StreamableOperation[P, T, E, I]:
    """Make a function that describes one call an operation whose answer can be had as a stream too."""
    return StreamableOperation(function)
