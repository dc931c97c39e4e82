"""Answers to classes and back: which class, what stays on it, what is written again."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cornershop import _contract, errors
from cornershop.resources import orders, transfers
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.answers import Answer
from sadpath.runtime.contract import (
    Advice,
    Attribute,
    ErrorContract,
    Format,
    Match,
    OperationContract,
    Outcome,
    Selector,
)
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.encoding import NotDescribed, encode_failure
from sadpath.runtime.errors import BODY_LIMIT, ApiError, Registry
from sadpath.runtime.headers import Headers
from sadpath.runtime.outcomes import OutcomeUnknown

JSON = ("Content-Type", "application/json;charset=UTF-8")


def message(text: str) -> Answer:
    """An answer written as an HTTP message."""
    head, _, body = text.partition("\n\n")
    status, *lines = head.split("\n")
    return Answer(
        int(status.split()[1]),
        Headers((name, value) for name, _, value in (line.partition(": ") for line in lines)),
        body.encode(),
    )


def failure(
    answer: Answer, operation: OperationContract | None = orders.GET, registry: Registry = errors.REGISTRY
) -> ApiError:
    found = decode_failure(registry, operation, answer)
    assert found is not None
    return found


def body(status: int, data: bytes, *lines: tuple[str, str]) -> Answer:
    return Answer(status, Headers([JSON, *lines]), data)


NOT_FOUND = b'{"type":"error","id":"s-1","code":"not_found","description":"d","parameter":"order_id"}'


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        (
            'HTTP/2 404\nContent-Type: application/json;charset=UTF-8\n\n{\n  "type" : "error",\n  "id" : "s-1",\n  "code" : "not_found",\n  "description" : "Incorrect id",\n  "parameter" : "order_id"\n}',
            b'{"type":"error","id":"s-1","code":"not_found","description":"Incorrect id","parameter":"order_id"}',
        ),
        (
            'HTTP/2 401\nContent-Type: application/json\nWWW-Authenticate: Basic\n\n{"type":"error","id":"s","code":"invalid_credentials"}',
            b'{"type":"error","id":"s","code":"invalid_credentials"}',
        ),
        ("HTTP/2 405\nContent-Length: 0\nAllow: POST\nReason-Phrase: Request method 'GET' not supported\n\n", b""),
        (
            'HTTP/1.1 403 Forbidden\nWWW-Authenticate: Bearer error="insufficient_scope", error_description="Payment forbidden"\n\n',
            b"",
        ),
        (
            'HTTP/1.1 400\nContent-Type: application/json\n\n{"code": 1001, "message": "Invalid input", "errors": [{"resource": "t", "field": "c", "type": "x", "more": 1.50}, {"parameter": "q"}]}',
            b'{"code":1001,"message":"Invalid input","errors":[{"resource":"t","field":"c","type":"x","more":1.50},{"parameter":"q"}]}',
        ),
        (
            'HTTP/1.1 400\nContent-Type: application/json\n\n{"code": 1037, "message": "new"}',
            b'{"code":1037,"message":"new"}',
        ),
    ],
    ids=["body", "constant-header", "bare", "bearer", "items", "family"],
)
def test_bytes_to_class_to_bytes(text: str, compact: bytes) -> None:
    answer = message(text)
    error = failure(answer)
    again = encode_failure(errors.REGISTRY, error)
    assert (again.status, again.body) == (answer.status, compact)
    for name in ("WWW-Authenticate", "Allow", "Reason-Phrase"):
        assert again.headers.get_all(name) == answer.headers.get_all(name)
    twice = failure(again)
    assert (type(twice), twice.attributes, twice.message, twice.code, twice.items) == (
        type(error),
        error.attributes,
        error.message,
        error.code,
        error.items,
    )
    assert error.violations == ()


RESOLUTIONS: list[tuple[str, Answer, OperationContract, type[ApiError], Outcome, int]] = [
    ("exact", body(404, NOT_FOUND), orders.GET, errors.NotFound, Outcome.REJECTED, 0),
    ("other status", body(400, NOT_FOUND), orders.GET, errors.NotFound, Outcome.REJECTED, 1),
    ("code at success", body(200, NOT_FOUND), orders.GET, errors.NotFound, Outcome.REJECTED, 1),
    (
        "unknown code",
        body(404, b'{"type":"error","id":"s","code":"new"}'),
        orders.GET,
        errors.Unrecognized,
        Outcome.REJECTED,
        1,
    ),
    ("no body", Answer(404), orders.GET, errors.NotFound, Outcome.REJECTED, 2),
    ("html", body(404, b"<html>"), orders.GET, errors.NotFound, Outcome.REJECTED, 3),
    ("several codes", Answer(400), orders.GET, errors.Unrecognized, Outcome.REJECTED, 1),
    ("family", body(400, b'{"code":1031,"message":"m"}'), orders.CREATE, errors.CardError, Outcome.REJECTED, 0),
    ("member", body(400, b'{"code":1033,"message":"m"}'), orders.CREATE, errors.CardExpired, Outcome.REJECTED, 0),
    (
        "text for integer",
        body(400, b'{"code":"1033","message":"m"}'),
        orders.CREATE,
        errors.CardExpired,
        Outcome.REJECTED,
        0,
    ),
    ("no family", body(400, b'{"code":2004,"message":"m"}'), orders.CREATE, errors.Unrecognized, Outcome.REJECTED, 1),
    ("500 once", Answer(500), orders.CREATE, errors.InternalServerErrorOutcomeUnknown, Outcome.UNKNOWN, 2),
    ("500 idempotent", Answer(500), orders.DELETE, errors.InternalServerErrorOutcomeUnknown, Outcome.UNKNOWN, 2),
    ("500 read", Answer(500), orders.GET, errors.InternalServerError, Outcome.REJECTED, 2),
    ("502 once", body(502, b"<html>"), orders.CREATE, errors.UnrecognizedOutcomeUnknown, Outcome.UNKNOWN, 2),
    ("502 read", body(502, b"<html>"), orders.GET, errors.Unrecognized, Outcome.REJECTED, 2),
    ("307", Answer(307), orders.CREATE, errors.Unrecognized, Outcome.REJECTED, 1),
    (
        "refused",
        body(200, b'{"status":"refused","error":"not_enough_funds"}'),
        transfers.CREATE,
        errors.NotEnoughFunds,
        Outcome.REJECTED,
        0,
    ),
    (
        "condition",
        body(200, b'{"error":"not_enough_funds"}'),
        transfers.CREATE,
        errors.TransferRefused,
        Outcome.REJECTED,
        1,
    ),
    (
        "other code",
        body(200, b'{"status":"refused","error":"x"}'),
        transfers.CREATE,
        errors.TransferRefused,
        Outcome.REJECTED,
        0,
    ),
    (
        "accepted format",
        body(403, b'{"error":"insufficient_scope"}'),
        transfers.CREATE,
        errors.InsufficientScope,
        Outcome.REJECTED,
        0,
    ),
    (
        "other scheme",
        Answer(403, Headers([("WWW-Authenticate", 'Digest error="insufficient_scope"')])),
        transfers.CREATE,
        errors.InsufficientScope,
        Outcome.REJECTED,
        1,
    ),
    ("pending", body(200, b'{"status":"pending"}'), orders.GET, errors.OrderPending, Outcome.PENDING, 0),
]


@pytest.mark.parametrize(
    ("name", "answer", "operation", "cls", "outcome", "violations"), RESOLUTIONS, ids=[row[0] for row in RESOLUTIONS]
)
def test_resolution(
    name: str, answer: Answer, operation: OperationContract, cls: type[ApiError], outcome: Outcome, violations: int
) -> None:
    error = failure(answer, operation)
    assert isinstance(error, cls) and (type(error).__name__, error.outcome) == (cls.__name__, outcome)
    assert len(error.violations) == violations, error.violations
    assert (error.status, error.body, error.operation) == (answer.status, answer.body, operation.id)
    assert isinstance(error, OutcomeUnknown) is (outcome is Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("answer", "operation"),
    [
        (body(200, b'{"status":"pending"}'), orders.CREATE),
        (body(200, b'{"status":"refused","error":"not_enough_funds"}'), orders.CREATE),
        (body(200, b'{"code":"not_found"}'), orders.GET),
        (body(200, b'{"code":1033}'), orders.GET),
        (body(200, b"<html>"), transfers.CREATE),
        (Answer(204), orders.DELETE),
    ],
)
def test_successes(answer: Answer, operation: OperationContract) -> None:
    assert decode_failure(errors.REGISTRY, operation, answer) is None


def test_a_rejection_by_status_alone_is_not_believed_from_a_broken_server() -> None:
    class Busy(errors.CornerShopError):
        contract = ErrorContract(
            "busy",
            Match(("503",), ("busy",), format="error-object"),
            "unavailable",
            "server",
            Outcome.REJECTED,
            Advice("repeat"),
            "Busy",
        )

    registry = replace(errors.REGISTRY, errors=(*errors.REGISTRY.errors, Busy))
    told = failure(body(503, b'{"type":"error","id":"s","code":"busy"}'), orders.CREATE, registry)
    guessed = failure(body(503, b"<html>"), orders.CREATE, registry)
    assert type(told) is Busy and told.outcome is Outcome.REJECTED
    assert isinstance(guessed, errors.UnrecognizedOutcomeUnknown) and guessed.outcome is Outcome.UNKNOWN


def test_ranges_and_defaults() -> None:
    def entry(name: str, *statuses: str) -> type[ApiError]:
        contract = ErrorContract(
            name, Match(statuses, format="bare"), "internal", "server", None, Advice("repeat"), name
        )
        return type(name, (errors.CornerShopError,), {"contract": contract})

    exact, wide, rest = entry("Exact", "503"), entry("Wide", "5XX"), entry("Rest", "default")
    registry = replace(errors.REGISTRY, errors=(rest, wide, exact), unknown_outcomes={}, families={})
    assert type(failure(Answer(503), orders.GET, registry)) is exact
    assert type(failure(Answer(504), orders.GET, registry)) is wide
    assert type(failure(Answer(418), orders.GET, registry)) is rest
    assert decode_failure(registry, orders.GET, Answer(200)) is None


def test_what_stays_on_the_exception() -> None:
    answer = body(
        429,
        b'{"type":"error","id":"s-9","code":"too_many_requests","description":"slow","retry_after":1800}',
        ("Retry-After", "7"),
        ("Set-Cookie", "a=b"),
        ("Authorization", "Basic x"),
    )
    error = failure(answer)
    assert (error.support_reference, error.retry_after, error.advice.policy) == ("s-9", 1.8, "patient")
    assert list(error.headers) == ["Content-Type", "Retry-After"]
    assert str(error) == "[429 too_many_requests] slow (operation getOrder, outcome rejected, support reference s-9)"
    assert error.attributes == {"support_id": "s-9", "parameter": None}
    assert isinstance(error, errors.TooManyRequests) and error.support_id == "s-9"
    assert len(failure(body(400, b"x" * (BODY_LIMIT + 1))).body) == BODY_LIMIT
    later = failure(
        Answer(
            503, Headers([("Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT")])
        )
    )
    assert later.retry_after == 10.0


def test_hostile_text_in_a_message() -> None:
    error = failure(
        body(
            404,
            b'{"type":"error","id":"s","code":"not_found","description":"a\\n\\u001b[31m\\u202eb 4111-1111-1111-1111"}',
        )
    )
    assert (
        str(error)
        == "[404 not_found] a [31mb ****-****-****-1111 (operation getOrder, outcome rejected, support reference s)"
    )
    assert error.message == "a\n\x1b[31m\u202eb 4111-1111-1111-1111"


def test_a_handlers_failure() -> None:
    made = errors.InternalServerErrorOutcomeUnknown("m")
    assert made.outcome is Outcome.UNKNOWN
    answer = encode_failure(errors.REGISTRY, made)
    assert made.support_id is not None and len(made.support_id) == 36
    assert (
        answer.body
        == f'{{"type":"error","id":"{made.support_id}","code":"internal_server_error","description":"m"}}'.encode()
    )
    with pytest.raises(NotDescribed):
        encode_failure(errors.REGISTRY, errors.Unrecognized("m"))
    hostile = encode_failure(errors.REGISTRY, errors.MethodNotAllowed("a\r\nSet-Cookie: b=c\n\u0416"))
    assert hostile.headers["reason-phrase"] == "a Set-Cookie: b=c ?"


def test_an_attribute_whose_name_means_something_else() -> None:
    wait = Attribute(Selector(body="/retry_after", type="duration", unit="ms"), role="retry_after")

    class Later(errors.CornerShopError):
        contract = ErrorContract(
            "later",
            Match(("503",), ("later",), format="error-object"),
            "unavailable",
            "server",
            Outcome.REJECTED,
            Advice("repeat"),
            "Later",
            attributes={"retry_after": wait},
        )

    registry = replace(errors.REGISTRY, errors=(Later,))
    made = Later("m", attributes={"retry_after": timedelta(seconds=1.5)})
    got = failure(encode_failure(registry, made), None, registry)
    assert made.retry_after == got.retry_after == 1.5
    assert made.attributes["retry_after"] == got.attributes["retry_after"] == timedelta(seconds=1.5)


def test_nulls_are_written_where_the_format_says_so() -> None:
    form = replace(_contract.API.formats["error-object"], null="write")
    registry = replace(
        errors.REGISTRY, api=replace(_contract.API, formats={**_contract.API.formats, "error-object": form})
    )
    answer = encode_failure(registry, errors.NotFound(support_id="s"))
    assert answer.body == b'{"type":"error","id":"s","code":"not_found","description":null,"parameter":null}'
    assert failure(answer, None, registry).attributes == {"support_id": "s", "parameter": None}


def test_nested_members_keep_their_order() -> None:
    form = Format(
        "nested",
        code=Selector(body="/error/code"),
        message=Selector(body="/error/text"),
        constants={"/ok": False},
        order=("/ok", "/error/text", "/error/code"),
    )

    class Nested(errors.CornerShopError):
        contract = ErrorContract(
            "nested",
            Match(("400",), ("n",), format="nested"),
            "internal",
            "client",
            Outcome.REJECTED,
            Advice("stop"),
            "N",
        )

    registry = replace(errors.REGISTRY, api=replace(_contract.API, formats={"nested": form}), errors=(Nested,))
    answer = encode_failure(registry, Nested("t"))
    assert answer.body == b'{"ok":false,"error":{"text":"t","code":"n"}}'
    assert type(failure(answer, None, registry)) is Nested


@given(
    st.integers(100, 599),
    st.binary(max_size=200),
    st.lists(
        st.tuples(
            st.sampled_from(["WWW-Authenticate", "Content-Type", "Allow", "Retry-After", "Date"]), st.text(max_size=40)
        ),
        max_size=4,
    ),
    st.sampled_from([orders.CREATE, orders.GET, transfers.CREATE, None]),
)
def test_no_answer_makes_decoding_fail(
    status: int, data: bytes, lines: list[tuple[str, str]], operation: OperationContract | None
) -> None:
    error = decode_failure(errors.REGISTRY, operation, Answer(status, Headers(lines), data))
    assert error is not None or 200 <= status < 300
    if error is not None:
        assert str(error).isprintable() and error.body == data
        pickle.loads(pickle.dumps(error))


TREES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "id", "code", "errors", "description", "field"]), inner, max_size=4),
    max_leaves=12,
)


@given(TREES, st.sampled_from([200, 400, 404, 500]))
def test_no_json_makes_decoding_fail(tree: Any, status: int) -> None:
    from sadpath.runtime.wire import write_json

    error = decode_failure(errors.REGISTRY, orders.CREATE, body(status, write_json(tree)))
    assert error is not None or status == 200
    if error is not None and error.contract is not None:
        encode_failure(errors.REGISTRY, error)
