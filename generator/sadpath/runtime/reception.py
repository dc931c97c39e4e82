"""What a server understands of a request: credentials, parameters and body, or the reason to refuse it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from .answers import FORM
from .contract import Body, FrameworkFailure, IdempotencyScheme, OperationContract, Parameter, Security
from .conversion import decode
from .forms import decode_form
from .headers import Headers
from .media import accepts, charset_of, is_json, media_type_matches, media_type_of, stated_charset
from .parameters import RawParameters, read_parameter
from .references import resolved
from .validation import Mode, details_of, pointer_in
from .wire import JsonError, parse_form, parse_json


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
class Presented:
    """The credentials of one request, for an authenticator to check; `username` is there for HTTP Basic alone."""

    scheme: Security
    secret: str
    username: str | None = None

    def __repr__(self) -> str:
        return f"Presented(scheme={self.scheme.scheme!r}, username={self.username!r})"


@dataclass(frozen=True, slots=True, repr=False)
class RawRequest:
    """One request as it came; holds credentials: never print its members."""

    method: str
    path: str
    parameters: RawParameters
    body: bytes

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


def cookies_of(headers: Headers) -> dict[str, str]:
    """The cookies of a request by name."""
    pairs = [part.strip().partition("=") for line in headers.get_all("cookie") for part in line.split(";")]
    return {name: value.strip('"') for name, _, value in pairs if name}


def presented(contract: OperationContract, request: RawRequest) -> tuple[Presented, ...]:
    """The credentials of the first alternative that the request satisfies; empty where none are needed. Raises Refused."""
    if not contract.security:
        return ()
    for alternative in sorted(contract.security, key=lambda schemes: not schemes):
        found = [_presented(scheme, request) for scheme in alternative if scheme.kind != "mutualTLS"]
        if all(found):
            return tuple(one for one in found if one is not None)
    raise Refused("credentials_missing")


def _presented(scheme: Security, request: RawRequest) -> Presented | None:
    if scheme.kind == "apiKey":
        value = _api_key(scheme, request)
        return Presented(scheme, value) if value else None
    kind, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    wanted = "basic" if scheme.kind == "basic" else "bearer"
    rest = rest.strip()
    if kind.lower() != wanted or not rest:
        return None
    if wanted == "bearer":
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
        return request.parameters.cookies.get(name)
    return request.headers.get(name)


def check_media(contract: OperationContract, request: RawRequest) -> None:
    """Raises Refused where the body or the wanted answer has a media type that the operation does not have."""
    body = contract.body
    stated = request.headers.get("content-type")
    if body is not None and request.body and not media_type_matches(stated or body.media_type, [body.media_type]):
        raise Refused("unsupported_media_type", headers=[("Accept", body.media_type)])
    if body is not None and request.body and stated_charset(stated) is not None and charset_of(stated) is None:
        # To guess what the bytes say would be to guess what to pay.
        raise Refused("unsupported_media_type", headers=[("Accept", body.media_type)])
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
    if scheme is not None:
        arguments["idempotency_key"] = _key(scheme, request, faults)
    if faults:
        raise Refused("request_validation", faults)
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


def _key(scheme: IdempotencyScheme, request: RawRequest, faults: list[Fault]) -> str:
    key = request.headers.get(scheme.header, "").strip()
    if not key:
        faults.append(Fault(scheme.header, "is missing"))
    if scheme.max_length is not None and len(key) > scheme.max_length:
        faults.append(Fault(scheme.header, f"has more than {scheme.max_length} characters"))
    return key


def _body(body: Body, request: RawRequest, faults: list[Fault]) -> Any:
    if not request.body:
        if body.required and media_type_of(body.media_type) != FORM:
            faults.append(Fault("", "a body is expected"))
        if not body.required or media_type_of(body.media_type) != FORM:
            return None
    try:
        return decode(body.type, _tree(body, request), Mode.REQUEST) if _is_typed(body) else _untyped(body, request)
    except ValidationError as error:
        faults += [Fault(pointer_in(detail["loc"]), detail["msg"]) for detail in details_of(error)]
    except ValueError as error:
        faults.append(Fault("", str(error) if isinstance(error, JsonError) else "the body cannot be read"))
    return None


def _is_typed(body: Body) -> bool:
    return is_json(body.media_type) or media_type_of(body.media_type) == FORM


def _untyped(body: Body, request: RawRequest) -> bytes | str:
    return request.body if resolved(body.type) is bytes else request.body.decode("utf-8")


def _tree(body: Body, request: RawRequest) -> Any:
    if media_type_of(body.media_type) == FORM:
        return decode_form(body.type, request.body)
    return parse_json(request.body, charset=charset_of(request.headers.get("content-type")), unique=True)
