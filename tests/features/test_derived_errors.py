"""Derived errors: what the document says of failures, in classes, and no more."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from features._runtime import categories
from features._runtime.answers import Answer
from features._runtime.decoding import decode_failure
from features._runtime.encoding import encode_failure
from features._runtime.errors import ApiError
from features._runtime.headers import Headers
from features._runtime.outcomes import OutcomeUnknown
from features._runtime.wire import write_json
from features.derived_errors import errors
from features.derived_errors.server import ROUTES

OPERATIONS = {route.contract.id: route.contract for route in ROUTES}


def decoded(operation: str, status: int, body: Any) -> ApiError:
    answer = Answer(status, Headers([("Content-Type", "application/json")]), write_json(body))
    failure = decode_failure(errors.REGISTRY, OPERATIONS[operation], answer)
    assert failure is not None
    return failure


@pytest.mark.parametrize(
    ("operation", "status", "body", "kind"),
    [
        ("addCard", 400, {"code": "bad_number", "message": "m"}, errors.BadNumber),
        ("addCard", 400, {"code": "expired", "message": "m"}, errors.Expired),
        ("addCard", 400, {"code": "new_one", "message": "m"}, errors.BadRequest),
        ("addCard", 402, {"code": "lost_card", "message": "m"}, errors.LostCard),
        ("addCard", 402, {"code": "no_money", "message": "m", "missing": "1.50"}, errors.NoMoney),
        ("addCard", 409, {"error": {"code": "duplicate", "message": "m"}}, errors.DuplicateOutcomeUnknown),
        ("addCard", 418, {}, errors.ClientError),
        ("addCard", 503, {}, errors.ServerErrorOutcomeUnknown),
        ("getCard", 404, {"code": "what", "message": "m"}, errors.OtherFailure),
        ("getCard", 500, {"code": "expired", "message": "m"}, errors.Expired),
        ("removeCard", 422, {"message": "m", "errors": [{"field": "f", "code": 1}]}, errors.UnprocessableContent),
    ],
)
def test_answers_and_their_classes(operation: str, status: int, body: Any, kind: type[ApiError]) -> None:
    failure = decoded(operation, status, body)
    assert type(failure) is kind and failure.status == status
    assert failure.message == ("m" if body else None)


def test_nothing_is_invented() -> None:
    assert not any(
        "retry" in (entry.contract.advice.policy or "") for entry in errors.REGISTRY.errors if entry.contract
    )
    known = {code for cls in errors.REGISTRY.errors if cls.contract for code in cls.contract.match.codes}
    assert known == {"bad_number", "expired", "lost_card", "no_money", "duplicate"}
    assert isinstance(decoded("addCard", 402, {"code": "no_money", "message": "m"}), categories.Declined)
    assert isinstance(decoded("addCard", 503, {}), OutcomeUnknown)


def test_members_of_the_body_are_typed_attributes() -> None:
    failure = decoded("addCard", 400, {"code": "expired", "message": "m", "at": "2026-01-02T03:04:05Z", "attempts": 3})
    assert isinstance(failure, errors.Expired) and failure.at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    money = decoded("addCard", 402, {"code": "no_money", "message": "m", "missing": "1.50"})
    assert isinstance(money, errors.NoMoney) and money.missing == Decimal("1.50")


def test_lists_of_faults_are_items() -> None:
    failure = decoded("removeCard", 422, {"message": "m", "errors": [{"field": "f", "code": 1, "text": "t"}]})
    assert [(item.field, item.values["code"], item.values["text"]) for item in failure.items] == [("f", 1, "t")]


def test_words_of_the_document_are_the_words_of_the_class() -> None:
    assert "The number of the card is wrong." in (errors.BadNumber.__doc__ or "")
    assert "The issuer wants it back." in (errors.LostCard.__doc__ or "")
    assert (errors.LostCard.__doc__ or "").startswith("The card was lost")


@pytest.mark.parametrize(
    "failure", [errors.LostCard("m"), errors.NoMoney("m", missing=Decimal("2.00")), errors.Duplicate("m")]
)
def test_a_server_raises_what_a_client_catches(failure: ApiError) -> None:
    answer = encode_failure(errors.REGISTRY, failure, OPERATIONS["addCard"])
    found = decode_failure(errors.REGISTRY, OPERATIONS["addCard"], answer)
    assert isinstance(found, type(failure)) and found.message == "m" and found.code == failure.contract.match.codes[0]  # type: ignore[union-attr]


def test_a_code_of_one_status_is_caught_as_that_status() -> None:
    with pytest.raises(errors.PaymentRequired) as caught:
        raise decoded("addCard", 402, {"code": "lost_card", "message": "m"})
    assert type(caught.value) is errors.LostCard
    assert issubclass(errors.Duplicate, errors.Conflict) and not issubclass(errors.Expired, errors.BadRequest)


@pytest.mark.parametrize("status", [408, 409])
def test_a_range_of_refusals_leaves_timeouts_and_conflicts_open(status: int) -> None:
    failure = decoded("addCard", status, {})
    assert isinstance(failure, OutcomeUnknown)
    assert type(decoded("addCard", 418, {})) is errors.ClientError
