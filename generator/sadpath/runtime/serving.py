"""A Starlette application of a contract: dispatches to handlers, and fails in the form that the client decodes."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from .answers import Answer
from .contract import OperationContract
from .errors import ApiError, Registry
from .framework import KIND_OF_STATUS, answer_error, bare, refuse_request
from .headers import Headers
from .parameters import claimed_names
from .raw_parameters import RawParameters
from .reception import (
    Presented,
    RawRequest,
    Refused,
    challenges,
    check_media,
    cookies_of,
    presented,
    query_pairs,
    read_arguments,
)
from .redaction import mask_cards
from .replies import StreamedAnswer, answer_of
from .routing import Found, RouteTable
from .serving_streams import streaming_response

_LOG: Final = logging.getLogger(__name__)
MAX_REQUEST_BYTES: Final = 1024 * 1024
"""A longer body is refused as too large."""


@dataclass(frozen=True, slots=True, repr=False)
class RequestContext:
    """What a handler may want to know beyond the operation's own arguments; its text form holds no credentials."""

    method: str
    path: str
    headers: Headers
    principal: Any = None
    """What the authenticator returned."""
    body: bytes = b""
    """The body as it came."""

    def __repr__(self) -> str:
        return f"RequestContext({self.method} {mask_cards(self.path)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerRequest:
    """Base of every generated request class; the text form holds no body, no argument and no credentials."""

    context: RequestContext

    def __init_subclass__(cls) -> None:
        # A dataclass writes a text form of all its members, unless its class has one of its own.
        setattr(cls, "__repr__", ServerRequest.__repr__)  # noqa: B010

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.context.method} {mask_cards(self.context.path)})"


class Authenticator(Protocol):
    """Checks credentials; sync or async. Returns the principal, or None for credentials that are not valid; may raise the API's errors."""

    def __call__(self, credentials: tuple[Presented, ...], operation: OperationContract) -> Any: ...


class ScopeMissing(Exception):
    """Raised by an authenticator: the credentials are valid and do not allow the operation."""


@dataclass(frozen=True, slots=True)
class ServerRoute:
    """One operation: its contract, the handler's resource and method, and the class of its requests."""

    contract: OperationContract
    resource: str
    method: str
    request_type: type[ServerRequest]


def build_app(
    registry: Registry,
    routes: Iterable[ServerRoute],
    handlers: object,
    *,
    authenticate: Authenticator | None = None,
    max_request_bytes: int = MAX_REQUEST_BYTES,
) -> Starlette:
    """The application of a contract; a handler that is missing answers as the contract says."""
    dispatcher = _Dispatcher(registry, RouteTable(routes), handlers, authenticate, max_request_bytes)
    return Starlette(
        routes=[Mount("/", app=dispatcher)], exception_handlers=cast("Any", contract_exception_handlers(registry))
    )


def contract_exception_handlers(
    registry: Registry,
) -> dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """For an application of one's own: failures of the contract, and what Starlette itself raises, in the contract's form."""

    async def failed(request: Request, error: Exception) -> Response:
        answer = answer_error(registry, error) if isinstance(error, ApiError) else None
        return _response(answer or refuse_request(registry, Refused("unhandled_exception")), request.method)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        lines = tuple((error.headers or {}).items()) if isinstance(error, HTTPException) else ()
        kind = KIND_OF_STATUS.get(status)
        answer = refuse_request(registry, Refused(kind, headers=lines)) if kind is not None else bare(status, lines)
        return _response(answer, request.method)

    async def broken(request: Request, error: Exception) -> Response:
        return _response(refuse_request(registry, Refused("unhandled_exception")), request.method)

    return {registry.root: failed, HTTPException: refused, Exception: broken}


@dataclass(frozen=True, slots=True)
class _Dispatcher:
    registry: Registry
    table: RouteTable[ServerRoute]
    handlers: object
    authenticate: Authenticator | None
    max_request_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        route: ServerRoute | None = None
        try:
            found = self._found(scope, request.method)
            route = self._route(found, request.method)
            made = await self._answer(route, found, request)
            if isinstance(made, StreamedAnswer):
                response = await streaming_response(made, request.method)
            else:
                response = _response(made, request.method)
        except Refused as refused:
            answer = refuse_request(self.registry, refused, route.contract if route is not None else None)
            response = _response(answer, request.method)
        except ClientDisconnect:
            return
        except self.registry.root as error:
            answer = answer_error(self.registry, error, route.contract if route is not None else None)
            response = _response(answer, request.method)
        except Exception:
            _LOG.exception("unhandled exception in %s", route.contract.id if route is not None else "no operation")
            response = _response(refuse_request(self.registry, Refused("unhandled_exception")), request.method)
        await response(scope, receive, send)

    def _found(self, scope: Scope, method: str) -> Found[ServerRoute]:
        raw = cast("bytes | None", scope.get("raw_path"))
        path = (
            raw.decode("latin-1").split("?")[0] if raw else quote(cast("str", scope["path"]), safe="/%:@!$&'()*+,;=~")
        )
        root = quote(cast("str", scope.get("root_path", "")), safe="/%:@!$&'()*+,;=~")
        found = self.table.find(path.removeprefix(root) if root and path.startswith(root) else path, method)
        if found is None:
            raise Refused("route_not_found")
        return found

    def _route(self, found: Found[ServerRoute], method: str) -> ServerRoute:
        route = found.route(method)
        if route is None:
            raise Refused("method_not_allowed", headers=[("Allow", ", ".join(found.allowed))])
        return route

    async def _answer(self, route: ServerRoute, found: Found[ServerRoute], request: Request) -> Answer | StreamedAnswer:
        contract = route.contract
        headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        query_string = cast("bytes", request.scope.get("query_string", b"")).decode("latin-1")
        query, raw_query = query_pairs(query_string)
        parameters = RawParameters(
            found.parameters,
            query,
            raw_query,
            headers,
            cookies_of(headers),
            query_string,
            claimed_names(contract),
        )
        early = RawRequest(request.method, request.url.path, parameters, b"")
        principal = await self._principal(contract, early)
        handler = self._handler(route)
        raw = RawRequest(request.method, request.url.path, parameters, await self._body(request))
        check_media(contract, raw)
        scheme = self.registry.api.idempotency.get(contract.idempotency or "")
        arguments = read_arguments(contract, raw, scheme)
        context = RequestContext(raw.method, raw.path, headers, principal, raw.body)
        value = await _called(handler, route.request_type(context=context, **arguments))
        return answer_of(contract, value, headers.get("accept"))

    async def _principal(self, contract: OperationContract, request: RawRequest) -> Any:
        credentials = presented(contract, request)
        if self.authenticate is None or not credentials:
            return None
        try:
            principal = await _called(self.authenticate, credentials, contract)
        except ScopeMissing:
            raise Refused("insufficient_scope", headers=challenges(contract, ("error", "insufficient_scope"))) from None
        if principal is None:
            raise Refused("credentials_invalid", headers=challenges(contract, ("error", "invalid_token")))
        return principal

    def _handler(self, route: ServerRoute) -> Callable[[Any], Any]:
        resource = getattr(self.handlers, route.resource, None)
        handler = getattr(resource, route.method, None)
        if not callable(handler):
            raise Refused("not_implemented")
        return cast("Callable[[Any], Any]", handler)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.max_request_bytes:
                raise Refused("payload_too_large")
        return bytes(body)


async def _called(function: Callable[..., Any], *arguments: Any) -> Any:
    """A coroutine function is awaited, any other runs in a thread; an awaitable that it returns is awaited too."""
    target = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    if inspect.iscoroutinefunction(target):
        return await function(*arguments)
    value = await run_in_threadpool(function, *arguments)
    return await value if inspect.isawaitable(value) else value


def _response(answer: Answer, method: str) -> Response:
    response = Response(b"" if method == "HEAD" else answer.body, answer.status)
    lines = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers.lines
    ]
    length = [] if answer.status == 204 else [(b"content-length", str(len(answer.body)).encode("ascii"))]
    response.raw_headers = [*lines, *length]
    return response
