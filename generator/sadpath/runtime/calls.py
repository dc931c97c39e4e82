"""One operation as a value, and the descriptors that make it a method of a sync and of an async client alike."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec, TypeVar, cast, overload

from .contract import OperationContract
from .headers import Headers

if TYPE_CHECKING:
    from .client import AsyncApiClient, SyncClient
    from .errors import ApiError

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.UNSET
"""An argument that is not given, where None would be a value."""


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What one call does differently; members that are not given leave the client's settings as they are."""

    timeout: float | None | Unset = UNSET
    """Seconds that connecting, sending, and each wait for more of the answer may take; None waits for ever.

    A body that is not complete so many seconds after the call began is given up too. It is no deadline of the whole call:
    a server that sends the head of its answer byte by byte can hold the call for longer.
    """
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Further header fields; they replace what the client sends, credentials included, but not what carries an argument
    (the idempotency key), `Content-Length`, `Content-Type`, `Host` and `Transfer-Encoding`: these raise ValueError.
    """
    raise_opt_in: bool | None = None
    """Whether failures that the contract raises on demand alone (such as a pending payment) are raised."""


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The operation succeeded. `notice` is the success-shaped outcome (pending, canceled, ...) that the contract knows it as."""

    value: T
    notice: ApiError | None = None


class RawResponse(Generic[T]):
    """An answer as it came; `parse` gives the value or raises what the answer is."""

    __slots__ = ("_parse", "body", "headers", "status")

    def __init__(self, status: int, headers: Headers, body: bytes, parse: Callable[[], T]) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self._parse = parse

    def parse(self) -> T:
        """The value of the operation; raises its errors."""
        return self._parse()

    def __repr__(self) -> str:
        return f"RawResponse(status={self.status}, {len(self.body)} bytes)"


class Call(Generic[T, E]):
    """One operation with its arguments; nothing has been sent."""

    __slots__ = ("arguments", "contract", "idempotency_key", "options")

    def __init__(
        self,
        contract: OperationContract,
        arguments: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        options: CallOptions | None = None,
    ) -> None:
        self.contract = contract
        self.arguments = {name: value for name, value in arguments.items() if value is not UNSET}
        self.idempotency_key = idempotency_key
        self.options = options or CallOptions()


class PagedCall(Call[T, E], Generic[T, E, I]):
    """An operation whose answer is one page of many."""

    __slots__ = ()

    def after(self, cursor: Any) -> PagedCall[T, E, I]:
        """The call for the page that a cursor leads to."""
        paging = self.contract.paging
        arguments = dict(self.arguments) if paging is None else {**self.arguments, paging.argument: cursor}
        return PagedCall(self.contract, arguments, options=self.options)


class Resource:
    """The operations of one tag on a sync client."""

    __slots__ = ("_client",)

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client!r})"


class AsyncResource:
    """The operations of one tag on an async client."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncApiClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client!r})"


_SHAPES: Final[Mapping[str, str]] = {
    "__call__": "{0}",
    "result": "Ok[{0}] | {1}",
    "raw": "RawResponse[{0}]",
    "pages": "Iterator[{0}]",
    "items": "Iterator[{2}]",
}
"""What the methods of a bound operation return, of the arguments of the `Call` that its function returns."""


@functools.lru_cache(maxsize=1024)
def _signature(function: Callable[..., Any], method: str, prefix: str = "") -> inspect.Signature:
    """What a method of a bound operation takes and returns, annotations being text."""
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1:]
    stated: Any = signature.return_annotation
    arguments = _arguments_of(stated if isinstance(stated, str) else inspect.formatannotation(stated))
    shape = _SHAPES[method]
    returned = prefix + shape.format(*arguments) if len(arguments) > shape.count("{") - 1 and arguments else stated
    return signature.replace(parameters=parameters, return_annotation=returned)


def _arguments_of(annotation: str) -> list[str]:
    """`A` and `B[C, D]` of `Call[A, B[C, D]]`."""
    parts = [""]
    depth = 0
    for character in annotation.partition("[")[2].rpartition("]")[0]:
        depth += (character in "[(") - (character in "])")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


class _Described:
    """Shows the signature and the docstring of the function behind a descriptor or a bound operation."""

    def __init__(self, function: Callable[..., Any], *, bound: bool) -> None:
        functools.update_wrapper(cast("Any", self), function, updated=())
        self._bound = bound

    @property
    def __signature__(self) -> inspect.Signature:
        function = cast("Any", self).__wrapped__
        return _signature(function, "__call__") if self._bound else inspect.signature(function)

    def __repr__(self) -> str:
        return f"<operation {cast('Any', self).__qualname__}>"


_M = TypeVar("_M", bound=Callable[..., Any])

if TYPE_CHECKING:
    _Bound = _Described

    def _forwarded(method: _M) -> _M:
        return method

else:

    class _forwarded:  # noqa: N801 a decorator
        """A method of a bound operation; `help` and `inspect` show the operation's own parameters."""

        def __init__(self, method: Callable[..., Any]) -> None:
            functools.update_wrapper(self, method)
            self._method = method

        def __get__(self, instance: Any, owner: object = None) -> Any:
            if instance is None:
                return self._method
            method = functools.partial(self._method, instance)
            if inspect.iscoroutinefunction(self._method):

                async def bound(*args: Any, **kwargs: Any) -> Any:
                    return await method(*args, **kwargs)

            else:

                def bound(*args: Any, **kwargs: Any) -> Any:
                    return method(*args, **kwargs)

            for name in ("__module__", "__name__", "__doc__"):
                setattr(bound, name, getattr(self._method, name))
            bound.__qualname__ = f"{instance.__qualname__}.{bound.__name__}"
            bound.__signature__ = instance._signature_of(bound.__name__)
            return bound

    class _Bound(_Described):
        # `help` shows the operation instead of this class when it takes the object for a routine.
        def __get__(self, instance: object, owner: object = None) -> Any:
            return self

        def _signature_of(self, method: str) -> inspect.Signature:
            prefix = "Async" if isinstance(self, AsyncMethod) and method in ("pages", "items") else ""
            return _signature(self.__wrapped__, method, prefix)


class SyncMethod(_Bound, Generic[P, T, E]):
    """An operation of a sync client; call it, or ask for its `result` or its `raw` answer."""

    def __init__(self, function: Callable[..., Call[T, E]], resource: Resource) -> None:
        super().__init__(function, bound=True)
        self._call = functools.partial(function, resource)
        self._client = resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism

    # Calls have no docstring of their own, so that editors show the operation's while its arguments are typed.
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._client.send(self._call(*args, **kwargs))

    @_forwarded
    def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

    @_forwarded
    def raw(self, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """The answer as it came, whatever its status; raises failures of the transport alone."""
        return self._client.send_raw(self._call(*args, **kwargs))


class AsyncMethod(_Bound, Generic[P, T, E]):
    """An operation of an async client; await it, or its `result` or its `raw` answer."""

    def __init__(self, function: Callable[..., Call[T, E]], resource: AsyncResource) -> None:
        super().__init__(function, bound=True)
        self._call = functools.partial(function, resource)
        self._client = resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._client.send(self._call(*args, **kwargs))

    if not TYPE_CHECKING:
        # With these `inspect.iscoroutinefunction` sees what it is, in every version of Python.
        __code__ = __call__.__code__
        __defaults__ = None
        __kwdefaults__ = None

    @_forwarded
    async def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return await self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

    @_forwarded
    async def raw(self, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """The answer as it came, whatever its status; raises failures of the transport alone."""
        return await self._client.send_raw(self._call(*args, **kwargs))


class SyncPagedMethod(SyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    @_forwarded
    def pages(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

    @_forwarded
    def items(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[I]:
        """The items of all pages."""
        return self._client.items(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))


class AsyncPagedMethod(AsyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    @_forwarded
    def pages(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

    @_forwarded
    def items(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[I]:
        """The items of all pages."""
        return self._client.items(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))


class Operation(_Described, Generic[P, T, E]):
    """A method of a class of operations: bound to a sync resource it blocks, bound to an async one it is awaited."""

    def __init__(self, function: Callable[..., Call[T, E]]) -> None:
        super().__init__(function, bound=False)
        self._function = function

    def __call__(self, resource: Any, /, *args: P.args, **kwargs: P.kwargs) -> Call[T, E]:
        """Describe a call without sending it."""
        return self._function(resource, *args, **kwargs)

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Operation[P, T, E]: ...
    @overload
    def __get__(self, instance: Resource, owner: Any = None) -> SyncMethod[P, T, E]: ...
    @overload
    def __get__(self, instance: AsyncResource, owner: Any = None) -> AsyncMethod[P, T, E]: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if isinstance(instance, Resource):
            return cast("Any", SyncMethod)(self._function, instance)
        return cast("Any", AsyncMethod)(self._function, instance) if isinstance(instance, AsyncResource) else self


class PagedOperation(_Described, Generic[P, T, E, I]):
    """As `Operation`, for an operation whose answer is one page of many."""

    def __init__(self, function: Callable[..., PagedCall[T, E, I]]) -> None:
        super().__init__(function, bound=False)
        self._function = function

    def __call__(self, resource: Any, /, *args: P.args, **kwargs: P.kwargs) -> PagedCall[T, E, I]:
        """Describe a call without sending it."""
        return self._function(resource, *args, **kwargs)

    @overload
    def __get__(self, instance: None, owner: Any = None) -> PagedOperation[P, T, E, I]: ...
    @overload
    def __get__(self, instance: Resource, owner: Any = None) -> SyncPagedMethod[P, T, E, I]: ...
    @overload
    def __get__(self, instance: AsyncResource, owner: Any = None) -> AsyncPagedMethod[P, T, E, I]: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if isinstance(instance, Resource):
            return cast("Any", SyncPagedMethod)(self._function, instance)
        return cast("Any", AsyncPagedMethod)(self._function, instance) if isinstance(instance, AsyncResource) else self


def operation(function: Callable[Concatenate[Any, P], Call[T, E]]) -> Operation[P, T, E]:
    """Make a function that describes one call an operation of sync and async clients."""
    return Operation(function)


def paged_operation(function: Callable[Concatenate[Any, P], PagedCall[T, E, I]]) -> PagedOperation[P, T, E, I]:
    """Make a function that describes a call for one page an operation of sync and async clients."""
    return PagedOperation(function)
