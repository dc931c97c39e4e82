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
    """What one call does differently: seconds to wait, further header fields, whether opt-in failures are raised."""

    timeout: float | None | Unset = UNSET
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    raise_opt_in: bool | None = None


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


class _Described:
    """Shows the signature and the docstring of the function behind a descriptor or a bound operation."""

    def __init__(self, function: Callable[..., Any], *, bound: bool) -> None:
        functools.update_wrapper(cast("Any", self), function, updated=())
        self._bound = bound

    @property
    def __signature__(self) -> inspect.Signature:
        signature = inspect.signature(cast("Any", self).__wrapped__)
        parameters = list(signature.parameters.values())
        return signature.replace(parameters=parameters[1:] if self._bound else parameters)

    def __repr__(self) -> str:
        return f"<operation {cast('Any', self).__qualname__}>"


if TYPE_CHECKING:
    _Bound = _Described
else:

    class _Bound(_Described):
        # `help` shows the operation instead of this class when it takes the object for a routine.
        def __get__(self, instance: object, owner: object = None) -> Any:
            return self


class SyncMethod(_Bound, Generic[P, T, E]):
    """An operation of a sync client; call it, or ask for its `result` or its `raw` answer."""

    def __init__(self, function: Callable[..., Call[T, E]], resource: Resource) -> None:
        super().__init__(function, bound=True)
        self._call = functools.partial(function, resource)
        self._client = resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism

    # Calls have no docstring of their own, so that editors show the operation's while its arguments are typed.
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._client.send(self._call(*args, **kwargs))

    def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

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

    async def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return await self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

    async def raw(self, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """The answer as it came, whatever its status; raises failures of the transport alone."""
        return await self._client.send_raw(self._call(*args, **kwargs))


class SyncPagedMethod(SyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    def pages(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

    def items(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[I]:
        """The items of all pages."""
        return self._client.items(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))


class AsyncPagedMethod(AsyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    def pages(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

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
