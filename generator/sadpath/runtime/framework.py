"""Failures of the web framework in the contract's own form: what the catalog maps them to, or a bare status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from .answers import Answer
from .contract import Attribute, ErrorContract, OperationContract
from .encoding import NotDescribed, encode_failure, naming_members
from .errors import ApiError, FieldError, Registry, contract_of
from .framework_failures import FRAMEWORK_STANDINS, FRAMEWORK_STATUS, FrameworkFailure
from .headers import Headers
from .reception import Fault, Refused
from .values import read_value

KIND_OF_STATUS: Final[Mapping[int, FrameworkFailure]] = {
    401: "credentials_missing",
    403: "insufficient_scope",
    404: "route_not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "payload_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    431: "headers_too_large",
    500: "unhandled_exception",
    501: "not_implemented",
}

_TITLES: Final[Mapping[FrameworkFailure, str]] = {
    "route_not_found": "There is no such resource",
    "method_not_allowed": "The resource has no such method",
    "not_acceptable": "No acceptable media type",
    "unsupported_media_type": "The media type of the body is not supported",
    "request_validation": "The request is not valid",
    "credentials_missing": "Credentials are missing",
    "credentials_invalid": "The credentials are not valid",
    "insufficient_scope": "The credentials do not allow this",
    "payload_too_large": "The request is too large",
    "headers_too_large": "The header fields are too large",
    "idempotency_key_missing": "The idempotency key is missing",
    "idempotency_key_reused": "The idempotency key was used for another request",
    "idempotency_in_flight": "The first request with this idempotency key is still being answered",
    "idempotency_outcome_unknown": "What became of the first request with this idempotency key is not known",
    "rate_limited": "Too many requests",
    "not_implemented": "The operation is not available",
    "unhandled_exception": "Internal error",
}
_REASONS: Final = ("message", "detail", "text", "msg", "reason")
"""What members that say why are called, the likeliest first."""
_MAX_FAULTS: Final = 20
_MAX_MESSAGE: Final = 200


def refuse_request(registry: Registry, refused: Refused, operation: OperationContract | None = None) -> Answer:
    """The answer to a request that no handler sees; says nothing about the server's inside."""
    cls = _class_of(registry, refused.kind, operation)
    if cls is None:
        return bare(FRAMEWORK_STATUS[refused.kind], refused.headers)
    answer = encode_failure(registry, _error(registry, cls, refused), operation)
    present = {name.lower() for name, _ in answer.headers.lines}
    further = [line for line in refused.headers if line[0].lower() not in present]
    return Answer(answer.status, Headers([*answer.headers.lines, *further]), answer.body)


def _class_of(registry: Registry, kind: FrameworkFailure, operation: OperationContract | None) -> type[ApiError] | None:
    """What the catalog maps a failure to; where it maps it to nothing, what it maps the one to that stands in for it.

    An operation that has an error of its own for the same, by category, status and code, answers with that one.
    """
    mapped = registry.api.framework
    found = registry.by_id.get(mapped.get(kind) or mapped.get(FRAMEWORK_STANDINS.get(kind, kind), ""))
    if found is None or operation is None:
        return found
    general = contract_of(found)
    own = (cls for cls in registry.applicable(operation.id) if operation.id in contract_of(cls).match.operations)
    return next((cls for cls in own if _stands_for(contract_of(cls), general)), found)


def _stands_for(own: ErrorContract, general: ErrorContract) -> bool:
    match = own.match
    same = own.category == general.category and bool(set(match.statuses) & set(general.match.statuses))
    coded = bool(set(match.codes) & set(general.match.codes))
    return own.raised == "always" and same and (coded or not (match.codes or match.other_codes or match.when))


def bare(status: int, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An answer without a body."""
    return Answer(status, Headers(headers))


def answer_error(registry: Registry, error: ApiError, operation: OperationContract | None = None) -> Answer:
    """The answer that a raised failure is; one that the contract cannot express is an unhandled exception."""
    try:
        return encode_failure(registry, error, operation)
    except NotDescribed:
        return refuse_request(registry, Refused("unhandled_exception"), operation)


def _error(registry: Registry, cls: type[ApiError], refused: Refused) -> ApiError:
    contract = contract_of(cls)
    form = registry.api.formats.get(contract.match.format or "")
    described = {**(form.attributes if form is not None else {}), **contract.attributes}
    items = form.items if form is not None else None
    error = cls.__new__(cls)
    ApiError.__init__(
        error,
        _message(refused),
        attributes=_attributes(described, refused),
        items=[_item(items.fields, fault) for fault in refused.faults[:_MAX_FAULTS]] if items is not None else (),
    )
    return error


def _message(refused: Refused) -> str:
    if not refused.faults:
        return _TITLES[refused.kind]
    fault = refused.faults[0]
    return f"{fault.field}: {fault.message}"[:_MAX_MESSAGE] if fault.field else fault.message[:_MAX_MESSAGE]


def _attributes(described: Mapping[str, Attribute], refused: Refused) -> dict[str, Any]:
    headers = Headers(refused.headers)
    values: dict[str, Any] = dict.fromkeys(described)
    for name, attribute in described.items():
        select = attribute.select
        if select.header is not None and select.auth is None and select.header in headers:
            values[name] = read_value(headers[select.header], select.type, select.unit)
        elif attribute.role == "retry_after" and select.type == "duration" and "Retry-After" in headers:
            values[name] = timedelta(seconds=int(headers["Retry-After"]))
        elif attribute.role == "field" and refused.faults and select.type == "string":
            values[name] = _field_name(refused.faults)
    return values


def _field_name(faults: Sequence[Fault]) -> str | None:
    return _plain_name(faults[0].field) or None


def _plain_name(field: str) -> str:
    """`/amount/value` of a body as `amount.value`."""
    return field[1:].replace("/", ".") if field.startswith("/") else field


def _item(fields: Mapping[str, Attribute], fault: Fault) -> FieldError:
    """What is wrong with one member: its place, and why, where the contract has a member for that."""
    values: dict[str, Any] = {}
    for name, text in naming_members(fields, _plain_name(fault.field)).items():
        # A JSON Pointer stays what it is where the contract asks for one (RFC 6901).
        values[name] = fault.field if fields[name].select.body == "/pointer" else text
    reason = next((name for name in _REASONS if _is_text(fields.get(name))), None)
    if reason is not None:
        values[reason] = fault.message[:_MAX_MESSAGE]
    return FieldError(_plain_name(fault.field) or None, values)


def _is_text(attribute: Attribute | None) -> bool:
    return attribute is not None and attribute.role is None and attribute.select.type == "string"
