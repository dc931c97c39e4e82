"""A Starlette application of a contract: dispatches to handlers, and fails in the form that the client decodes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property, partial
from typing import Any, Final, cast
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from .answers import Answer
from .contract import OperationContract, Parameter
from .errors import ApiError, Registry
from .framework import KIND_OF_STATUS, answer_error, bare, refuse_request
from .frozen import dataclass
from .headers import Headers
from .idempotency import Idempotency
from .parameters import claimed_names
from .raw_parameters import RawParameters, read_parameter
from .reception import RawRequest, Refused, check_media, cookies_of, query_pairs, read_arguments
from .redaction import mask_cards
from .replies import StreamedAnswer, answer_of
from .routing import Found, RouteTable
from .serving_calls import called, response_of
from .serving_documents import Document, document_answer
from .serving_idempotency import KeyedCalls, KeyedRequest
from .serving_limits import Limits
from .serving_security import Authenticator as Authenticator
from .serving_security import Doorkeeper, is_signed_by_contract, tls_of
from .serving_security import ScopeMissing as ScopeMissing
from .serving_streams import streaming_response

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class RequestContext:
    """What a handler may want to know beyond the operation's own arguments; its text form holds no credentials."""

    method: str
    path: str
    headers: Headers
    principal: Any = None
    """Whoever calls, as the function that checked the credentials said; a tuple where several schemes are demanded together."""
    body: bytes = b""
    """The body as it came."""
    principals: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Whoever calls, by the name of the security scheme."""

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


@dataclass(frozen=True, slots=True)
class ServerRoute:
    """One operation: its contract, the handler's resource and method, and the class of its requests."""

    contract: OperationContract
    resource: str
    method: str
    request_type: type[ServerRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How an application serves a contract; `documents` are further answers, by path, where the contract has none of its own."""

    doorkeeper: Doorkeeper = field(default_factory=Doorkeeper)
    idempotency: Idempotency | None = None
    limits: Limits = field(default_factory=Limits)
    documents: Mapping[str, Document] = field(default_factory=dict[str, Document])


def build_app(
    registry: Registry, routes: Iterable[ServerRoute], handlers: object, serving: Serving | None = None
) -> Starlette:
    """The application of a contract; a handler that is missing answers as the contract says.

    Raises SecurityIncomplete where an operation that has a handler demands credentials that nothing checks.
    """
    known = tuple(routes)
    dispatcher = _Dispatcher(registry, RouteTable(known, _fits), handlers, serving or Serving())
    dispatcher.serving.doorkeeper.check(route.contract for route in known if dispatcher.handler(route) is not None)
    return Starlette(
        routes=[Mount("/", app=dispatcher)], exception_handlers=cast("Any", contract_exception_handlers(registry))
    )


def contract_exception_handlers(
    registry: Registry,
) -> dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """For an application of one's own: failures of the contract, and what Starlette itself raises, in the contract's form."""

    async def failed(request: Request, error: Exception) -> Response:
        answer = answer_error(registry, error) if isinstance(error, ApiError) else None
        return response_of(answer or refuse_request(registry, Refused("unhandled_exception")), request.method)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        lines = tuple((error.headers or {}).items()) if isinstance(error, HTTPException) else ()
        kind = KIND_OF_STATUS.get(status)
        answer = refuse_request(registry, Refused(kind, headers=lines)) if kind is not None else bare(status, lines)
        return response_of(answer, request.method)

    async def broken(request: Request, error: Exception) -> Response:
        return response_of(refuse_request(registry, Refused("unhandled_exception")), request.method)

    return {registry.root: failed, HTTPException: refused, Exception: broken}


@dataclass(frozen=True)
class _Dispatcher:
    registry: Registry
    table: RouteTable[ServerRoute]
    handlers: object
    serving: Serving

    @cached_property
    def _keyed(self) -> KeyedCalls | None:
        settings = self.serving.idempotency
        return KeyedCalls(self.registry, settings) if settings is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        route: ServerRoute | None = None
        try:
            self.serving.limits.check_headers(request)
            found = self._found(scope, request.method)
            if isinstance(found, Answer):
                response = response_of(found, request.method)
            else:
                route = self._route(found, request.method)
                response = await _sent(await self._answer(route, found, request), request.method)
        except ClientDisconnect:
            return
        except Exception as error:
            response = response_of(self._failed(error, route), request.method)
        await response(scope, receive, send)

    def _failed(self, error: Exception, route: ServerRoute | None) -> Answer:
        contract = route.contract if route is not None else None
        if isinstance(error, Refused):
            return refuse_request(self.registry, error, contract)
        if isinstance(error, self.registry.root):
            return answer_error(self.registry, error, contract)
        _LOG.error("unhandled exception in %s", contract.id if contract is not None else "no operation", exc_info=error)
        return refuse_request(self.registry, Refused("unhandled_exception"), contract)

    def _found(self, scope: Scope, method: str) -> Found[ServerRoute] | Answer:
        """What is at a path; an answer where no operation is needed for it."""
        raw = cast("bytes | None", scope.get("raw_path"))
        path = (
            raw.decode("latin-1").split("?")[0] if raw else quote(cast("str", scope["path"]), safe="/%:@!$&'()*+,;=~")
        )
        root = quote(cast("str", scope.get("root_path", "")), safe="/%:@!$&'()*+,;=~")
        path = path.removeprefix(root) if root and path.startswith(root) else path
        headers = headers_of(scope)
        query = cast("bytes", scope.get("query_string", b"")).decode("latin-1")
        found = self.table.find(path, method, query, headers)
        if found is not None:
            is_question = method == "OPTIONS" and found.route(method) is None
            return Answer(204, Headers([("Allow", ", ".join(found.allowed))])) if is_question else found
        answer = document_answer(self.serving.documents, path, method, headers)
        if answer is None:
            raise Refused("route_not_found")
        return answer

    def _route(self, found: Found[ServerRoute], method: str) -> ServerRoute:
        route = found.route(method)
        if route is None:
            raise Refused("method_not_allowed", headers=[("Allow", ", ".join(found.allowed))])
        return route

    async def _answer(self, route: ServerRoute, found: Found[ServerRoute], request: Request) -> Answer | StreamedAnswer:
        contract = route.contract
        headers = headers_of(request.scope)
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
        signatures = self.registry.api.signatures
        # What is signed holds the body, or its hash: then it is read before anybody is let in.
        body = await self.serving.limits.body_of(request) if is_signed_by_contract(contract, signatures) else None
        url = _url_of(request.scope, headers)
        early = RawRequest(request.method, request.url.path, parameters, body or b"", tls_of(request.scope), url)
        handler = self.handler(route)
        if handler is None and not self.serving.doorkeeper.is_guarded(contract):
            raise Refused("not_implemented")
        admitted = await self.serving.doorkeeper.admit(contract, early, signatures)
        if handler is None:
            raise Refused("not_implemented")
        raw = replace(early, body=await self.serving.limits.body_of(request) if body is None else body)
        check_media(contract, raw)
        scheme = self.registry.api.idempotency.get(contract.idempotency or "")
        arguments = read_arguments(contract, raw, scheme)
        context = RequestContext(raw.method, raw.path, headers, admitted.principal, raw.body, admitted.principals)
        run = partial(self._run, contract, handler, route.request_type(context=context, **arguments))
        key = arguments.get("idempotency_key") if scheme is not None else None
        if self._keyed is None or scheme is None or key is None:
            return await run()
        target = (cast("bytes", request.scope.get("raw_path") or raw.path.encode()).decode("latin-1"), query_string)
        keyed = KeyedRequest(contract, scheme, key, admitted.principal, raw.method, target, raw.body)
        return await self._keyed.answer(keyed, partial(self._run_safely, route, run))

    async def _run(
        self, contract: OperationContract, handler: Callable[[Any], Any], request: ServerRequest
    ) -> Answer | StreamedAnswer:
        value = await called(handler, request)
        return answer_of(contract, value, request.context.headers.get("accept"))

    async def _run_safely(
        self, route: ServerRoute, run: Callable[[], Awaitable[Answer | StreamedAnswer]]
    ) -> Answer | StreamedAnswer:
        """The answer that is kept under a key: a failure is one too."""
        try:
            return await run()
        except Refused:
            raise
        except Exception as error:
            return self._failed(error, route)

    def handler(self, route: ServerRoute) -> Callable[[Any], Any] | None:
        """What answers an operation; None where nothing does."""
        resource = getattr(self.handlers, route.resource, None)
        handler = getattr(resource, route.method, None)
        return cast("Callable[[Any], Any]", handler) if callable(handler) else None


def _fits(parameter: Parameter, text: str) -> bool:
    """Whether a text, as it stands in a path, is a value of the parameter."""
    try:
        read_parameter(parameter, RawParameters({parameter.name: text}, (), (), Headers(), ()))
    except ValueError:
        return False
    return True


async def _sent(made: Answer | StreamedAnswer, method: str) -> Response:
    return await streaming_response(made, method) if isinstance(made, StreamedAnswer) else response_of(made, method)


def headers_of(scope: Scope) -> Headers:
    """The header fields of a request."""
    lines = cast("Iterable[tuple[bytes, bytes]]", scope["headers"])
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in lines)


def _url_of(scope: Scope, headers: Headers) -> str:
    raw = cast("bytes | None", scope.get("raw_path")) or quote(cast("str", scope["path"])).encode("ascii")
    query = cast("bytes", scope.get("query_string", b"")).decode("latin-1")
    path = raw.decode("latin-1").split("?")[0]
    return f"{scope['scheme']}://{headers.get('host', '')}{path}{'?' if query else ''}{query}"
