"""One operation as a value, and the descriptors that make it a method of a sync and of an async client alike."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, ParamSpec, TypeVar, cast, overload

from .contract import OperationContract
from .described import Bound, Described, forwarded
from .environment import INSTANT, check_seconds
from .frozen import dataclass

if TYPE_CHECKING:
    from .answers import Answer
    from .client import AsyncApiClient, SyncClient
    from .errors import ApiError
    from .links import Linked
    from .outcomes import Failure
    from .resolving import Resolved
    from .successes import Fields
    from .tokens import ResumeToken

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


def check_attempts(value: float | None) -> None:
    """Raises ValueError for a number of attempts that is none; None leaves it to the catalog."""
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise ValueError("max_attempts is 1 or more: 1 repeats nothing")


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What one call does differently; members that are not given leave the client's settings as they are."""

    timeout: float | None | Unset = UNSET
    """Seconds that connecting, sending, and each wait for more of the answer may take; None waits for ever.

    A body that is not complete so many seconds after its attempt began is given up too.
    """
    deadline: float | None | Unset = UNSET
    """Seconds that the whole call may take, with all its attempts and the waits between them; None sets no end."""
    max_attempts: int | None | Unset = UNSET
    """How often the request is sent at most; 1 repeats nothing, None leaves it to the catalog's policies."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Further header fields; they replace what the client sends, credentials included, but not what carries an argument
    (the idempotency key), `Content-Length`, `Content-Type`, `Host` and `Transfer-Encoding`: these raise ValueError.
    """
    raise_opt_in: bool | None = None
    """Whether failures that the contract raises on demand alone (such as a pending payment) are raised."""

    def __post_init__(self) -> None:
        for name in ("timeout", "deadline"):
            value = getattr(self, name)
            check_seconds(name, None if isinstance(value, Unset) else value)
        check_attempts(None if isinstance(self.max_attempts, Unset) else self.max_attempts)

    def within(self, left: float | None) -> CallOptions:
        """The same for a call that has to end after so many seconds, as far as they are known."""
        return self if left is None else replace(self, deadline=max(left, INSTANT))


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The operation succeeded. `notice` is the success-shaped outcome (pending, canceled, ...) that the contract knows it as."""

    value: T
    notice: ApiError | None = None


class RawResponse(Generic[T]):
    """An answer as it came; `parse` gives the value or raises what the answer is."""

    __slots__ = ("_fields", "_links", "_parse", "body", "headers", "status")

    def __init__(
        self,
        answer: Answer,
        parse: Callable[[], T],
        fields: Callable[[], Fields],
        links: Callable[[], Mapping[str, Linked]],
    ) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.body
        self._parse = parse
        self._fields = fields
        self._links = links

    def parse(self) -> T:
        """The value of the operation; raises its errors."""
        return self._parse()

    @property
    def fields(self) -> Fields:
        """The header fields that the contract describes for this success, decoded, by name in any case."""
        return self._fields()

    @property
    def links(self) -> Mapping[str, Linked]:
        """The links that the contract describes for this success, by name, their expressions evaluated."""
        return self._links()

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

    def under(self, key: str | None) -> Call[T, E]:
        """The same call with an idempotency key."""
        return Call(self.contract, self.arguments, idempotency_key=key, options=self.options)


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


class SyncMethod(Bound, Generic[P, T, E]):
    """An operation of a sync client; call it, or ask for its `result` or its `raw` answer."""

    def __init__(self, function: Callable[..., Call[T, E]], resource: Resource) -> None:
        super().__init__(function, bound=True)
        self._call = functools.partial(function, resource)
        self._client = resource._client  # pyright: ignore[reportPrivateUsage] the two are one mechanism

    # Calls have no docstring of their own, so that editors show the operation's while its arguments are typed.
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._client.send(self._call(*args, **kwargs))

    @forwarded
    def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

    @forwarded
    def raw(self, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """The answer as it came, whatever its status; raises failures of the transport alone."""
        return self._client.send_raw(self._call(*args, **kwargs))

    def resolve(self, error: Failure, *, deadline: float | None = None) -> Resolved[T]:
        """Find out what became of a call of this operation that failed with an open outcome: see the client's `resolve`."""
        resolved: Resolved[T] = self._client.resolve(error, deadline=deadline)
        return resolved

    @forwarded
    def resume(self, token: ResumeToken | str, /, *args: P.args, **kwargs: P.kwargs) -> Resolved[T]:
        """As `resolve`, of a failure of another process: its `resume_token`, and the same arguments as then."""
        return self._client.resume(token, self._call(*args, **kwargs))


class AsyncMethod(Bound, Generic[P, T, E]):
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

    @forwarded
    async def result(self, *args: P.args, **kwargs: P.kwargs) -> Ok[T] | E:
        """The value in `Ok`, or the failure as a value; wrong arguments still raise."""
        try:
            return await self._client.send_judged(self._call(*args, **kwargs))
        except self._client.registry.root as error:
            return cast("E", error)

    @forwarded
    async def raw(self, *args: P.args, **kwargs: P.kwargs) -> RawResponse[T]:
        """The answer as it came, whatever its status; raises failures of the transport alone."""
        return await self._client.send_raw(self._call(*args, **kwargs))

    async def resolve(self, error: Failure, *, deadline: float | None = None) -> Resolved[T]:
        """Find out what became of a call of this operation that failed with an open outcome: see the client's `resolve`."""
        resolved: Resolved[T] = await self._client.resolve(error, deadline=deadline)
        return resolved

    @forwarded
    async def resume(self, token: ResumeToken | str, /, *args: P.args, **kwargs: P.kwargs) -> Resolved[T]:
        """As `resolve`, of a failure of another process: its `resume_token`, and the same arguments as then."""
        return await self._client.resume(token, self._call(*args, **kwargs))


class SyncPagedMethod(SyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    @forwarded
    def pages(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

    @forwarded
    def items(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[I]:
        """The items of all pages."""
        return self._client.items(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))


class AsyncPagedMethod(AsyncMethod[P, T, E], Generic[P, T, E, I]):
    """An operation whose answer is one page of many."""

    prefixes = {"pages": "Async", "items": "Async"}

    @forwarded
    def pages(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """Page after page, each fetched when it is asked for."""
        return self._client.pages(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))

    @forwarded
    def items(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[I]:
        """The items of all pages."""
        return self._client.items(cast("PagedCall[T, E, I]", self._call(*args, **kwargs)))


class Operation(Described, Generic[P, T, E]):
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


class PagedOperation(Described, Generic[P, T, E, I]):
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
