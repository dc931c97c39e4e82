"""Problem details (RFC 9457): the type is the code, extension members are attributes."""

from __future__ import annotations

from decimal import Decimal

from features._runtime.answers import Answer
from features._runtime.decoding import decode_failure
from features._runtime.encoding import encode_failure
from features._runtime.headers import Headers
from features._runtime.wire import parse_json, write_json
from features.problem_details import errors
from features.problem_details.server import ROUTES

PROBLEM = {
    "type": "https://example.com/probs/out-of-credit",
    "title": "You do not have enough credit.",
    "status": 403,
    "detail": "Your balance is 30, but that costs 50.",
    "instance": "/account/12345/msgs/abc",
    "balance": Decimal("30"),
    "accounts": ["/account/12345", "/account/67890"],
}


def test_a_problem_is_read_with_its_extensions_and_written_again() -> None:
    answer = Answer(403, Headers([("Content-Type", "application/problem+json")]), write_json(PROBLEM))
    failure = decode_failure(errors.REGISTRY, ROUTES[0].contract, answer)
    assert isinstance(failure, errors.OutOfCredit)
    assert failure.code == PROBLEM["type"] and failure.message == PROBLEM["detail"]
    assert (
        (failure.balance, failure.accounts, failure.title_) == (30, PROBLEM["accounts"], PROBLEM["title"])
        if hasattr(failure, "title_")
        else True
    )
    written = encode_failure(errors.REGISTRY, failure, ROUTES[0].contract)
    assert written.status == 403 and written.headers.get("content-type") == "application/problem+json"
    assert parse_json(written.body) == PROBLEM


def test_a_type_that_nobody_knows_is_known_by_its_status() -> None:
    body = write_json({"type": "https://example.com/probs/new", "detail": "d"})
    failure = decode_failure(
        errors.REGISTRY, ROUTES[0].contract, Answer(404, Headers([("Content-Type", "application/problem+json")]), body)
    )
    assert type(failure) is errors.NotFound and failure.code == "https://example.com/probs/new"
