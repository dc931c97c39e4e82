"""What a server understands of a request: credentials, parameters and body, or the reason to refuse it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any, Final

from pydantic import ValidationError

from .bodies import content_of, read_body, reason_of
from .challenges import Challenge, format_challenge
from .contract import Body, Content, IdempotencyScheme, OperationContract, Parameter, Security
from .credentials import auth_scheme
from .framework_failures import FrameworkFailure
from .frozen import dataclass
from .headers import Headers
from .media import accepts, is_form
from .raw_parameters import RawParameters, read_parameter
from .references import resolved
from .validation import details_of, pointer_in
from .wire import JsonError, parse_form

_MISSING: Final = "is missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: the wire name of a parameter or the JSON Pointer into the body, and what it is."""

    field: str
    message: str


class Refused(Exception):
    """A request that no handler sees."""

    def __init__(
        self, kind: FrameworkFailure, faults: Sequence[Fault] = (), headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        super().__init__(kind)
        self.kind: FrameworkFailure = kind
        self.faults = tuple(faults)
        self.headers = tuple(headers)


@dataclass(frozen=True, slots=True)
class ClientTls:
    """What the server says of a connection by TLS (the extension `tls` of ASGI): the client's certificates as PEM, its own first.

    `name` is the subject of the certificate (RFC 4514), `error` why it was found not to be valid.
    """

    chain: tuple[str, ...] = field(default=(), repr=False)
    name: str | None = None
    error: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """The credentials of one request, for an authenticator to check; `username` is there for HTTP Basic alone.

    Of a client certificate, `tls` is what the server knows, None where it says nothing of TLS, and `secret` is empty. Where the
    document does not describe the scheme, the whole `request` is there, and nothing else.
    """

    scheme: Security
    secret: str
    username: str | None = None
    tls: ClientTls | None = None
    request: RawRequest | None = None

    def __repr__(self) -> str:
        return f"Presented(scheme={self.scheme.scheme!r}, username={self.username!r})"

    @property
    def is_certified(self) -> bool:
        """Whether there is a client certificate that the server found to be valid."""
        return self.tls is not None and bool(self.tls.chain) and self.tls.error is None


@dataclass(frozen=True, slots=True, repr=False)
class RawRequest:
    """One request as it came; holds credentials: never print its members."""

    method: str
    path: str
    parameters: RawParameters
    body: bytes
    tls: ClientTls | None = None
    url: str = ""
    """As the client wrote it, as far as the server can tell: percent-encoded, with the query."""

    @property
    def headers(self) -> Headers:
        """The header fields."""
        return self.parameters.headers


def query_pairs(query: str) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The pairs of a query, decoded and as they came; raises Refused."""
    raw = tuple(part.partition("=")[::2] for part in query.split("&") if part)
    try:
        return tuple(parse_form(query)), tuple((name, value) for name, value in raw)
    except ValueError:
        raise Refused("request_validation", [Fault("query", "cannot be read")]) from None


def cookies_of(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The cookies of a request, in order, several of one name included."""
    pairs = [part.strip(" \t").partition("=") for line in headers.get_all("cookie") for part in line.split(";")]
    return tuple((name, value.strip('"')) for name, _, value in pairs if name)


def presented(contract: OperationContract, request: RawRequest) -> list[tuple[Presented, ...]]:
    """The credentials of each alternative that the request has all of, in the order of the document; a certificate may be missing."""
    found: list[tuple[Presented, ...]] = []
    for alternative in contract.security:
        parts = [_presented(scheme, request) for scheme in alternative]
        present = tuple(part for part in parts if part is not None)
        if present and len(present) == len(parts):
            found.append(present)
    return found


def challenges(contract: OperationContract, *parameters: tuple[str, str]) -> list[tuple[str, str]]:
    """`WWW-Authenticate`, which says what `Authorization` may hold (RFC 9110, section 11.6.1); empty for API keys."""
    schemes = {
        auth_scheme(scheme): (("realm", scheme.scheme),) if scheme.kind == "basic" else parameters
        for alternative in contract.security
        for scheme in alternative
        if scheme.kind not in ("apiKey", "mutualTLS", "undescribed")
    }
    return [
        ("WWW-Authenticate", format_challenge(Challenge(name, further if name in ("Basic", "Bearer") else ())))
        for name, further in schemes.items()
    ]


def _presented(scheme: Security, request: RawRequest) -> Presented | None:
    if scheme.kind == "mutualTLS":
        return Presented(scheme, "", tls=request.tls)
    if scheme.kind == "undescribed":
        return Presented(scheme, "", request=request)
    if scheme.kind == "apiKey":
        value = _api_key(scheme, request)
        return Presented(scheme, value) if value else None
    kind, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    rest = rest.strip()
    if kind.lower() != auth_scheme(scheme).lower() or not rest:
        return None
    if scheme.kind != "basic":
        return Presented(scheme, rest)
    try:
        username, colon, password = base64.b64decode(rest, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Presented(scheme, password, username) if colon else None


def _api_key(scheme: Security, request: RawRequest) -> str | None:
    name = scheme.parameter or "Authorization"
    if scheme.location == "query":
        return next((value for key, value in request.parameters.query if key == name), None)
    if scheme.location == "cookie":
        return next((value for key, value in request.parameters.cookies if key == name), None)
    return request.headers.get(name)


def check_media(contract: OperationContract, request: RawRequest) -> None:
    """Raises Refused where the body or the wanted answer has a media type that the operation does not have."""
    body = contract.body
    if body is not None and request.body and content_of(body, request.headers.get("content-type")) is None:
        known = ", ".join(content.media_type for content in body.contents)
        raise Refused("unsupported_media_type", headers=[("Accept", known)])
    offered = [success.media_type for success in contract.success if success.media_type is not None]
    if not accepts(request.headers.get("accept"), offered):
        raise Refused("not_acceptable")


def read_arguments(
    contract: OperationContract, request: RawRequest, scheme: IdempotencyScheme | None
) -> dict[str, Any]:
    """The arguments of a handler's request by name; raises Refused with everything that is wrong."""
    faults: list[Fault] = []
    arguments: dict[str, Any] = {}
    for parameter in contract.parameters:
        arguments[parameter.argument] = _parameter(parameter, request, faults)
    if contract.body is not None:
        arguments["body"] = _body(contract.body, request, faults)
        if contract.body.others:
            arguments["content_type"] = _content(contract.body, request).media_type
    if scheme is not None:
        arguments["idempotency_key"] = _key(scheme, request, faults, optional=contract.idempotency_optional)
    if faults:
        is_key_alone = scheme is not None and faults == [Fault(scheme.header, _MISSING)]
        raise Refused("idempotency_key_missing" if is_key_alone else "request_validation", faults)
    return arguments


def _parameter(parameter: Parameter, request: RawRequest, faults: list[Fault]) -> Any:
    try:
        return read_parameter(parameter, request.parameters)
    except ValidationError as error:
        faults += [Fault(parameter.name, detail["msg"]) for detail in details_of(error)]
    except ValueError as error:
        message = "cannot be read" if isinstance(error, UnicodeDecodeError | JsonError) else str(error)
        faults.append(Fault(parameter.name, message))
    return None


def _key(scheme: IdempotencyScheme, request: RawRequest, faults: list[Fault], *, optional: bool) -> str | None:
    key = request.headers.get(scheme.header, "").strip()
    if not key and optional:
        return None
    if not key:
        faults.append(Fault(scheme.header, _MISSING))
    if len(request.headers.get_all(scheme.header)) > 1:
        faults.append(Fault(scheme.header, "stands there more than once"))
    if scheme.max_length is not None and len(key) > scheme.max_length:
        faults.append(Fault(scheme.header, f"has more than {scheme.max_length} characters"))
    return key


def _content(body: Body, request: RawRequest) -> Content:
    return content_of(body, request.headers.get("content-type")) or body.contents[0]


def _body(body: Body, request: RawRequest, faults: list[Fault]) -> Any:
    content = _content(body, request)
    # A form without members has no bytes, but it says that it is one.
    is_empty_form = is_form(content.media_type) and body.required and "content-type" in request.headers
    if not request.body and not is_empty_form and not _may_be_empty(content, request):
        if body.required:
            faults.append(Fault("", "a body is expected"))
        return None
    try:
        return read_body(content, request.body, request.headers.get("content-type"))
    except ValidationError as error:
        faults += [Fault(pointer_in(detail["loc"]), detail["msg"]) for detail in details_of(error)]
    except ValueError as error:
        faults.append(Fault("", reason_of(error)))
    return None


def _may_be_empty(content: Content, request: RawRequest) -> bool:
    """Whether no bytes are a body too: an empty file or text that the request says the media type of."""
    return "content-type" in request.headers and resolved(content.type) in (bytes, str)
