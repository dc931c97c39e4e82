"""Exceptions as objects: pickled, copied, hashed, printed without what must not be seen."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from cornershop import errors

from sadpath.runtime import categories
from sadpath.runtime.answers import Answer
from sadpath.runtime.categories import CATEGORIES, Declined, InsufficientFunds, RateLimited, ResourceExhausted
from sadpath.runtime.decoding import decode_failure
from sadpath.runtime.errors import RESERVED_ATTRIBUTES, ApiError, Circumstances, FieldError
from sadpath.runtime.headers import Headers
from sadpath.runtime.outcomes import Failure, OutcomeUnknown

BODY = b'{"code":"x","number":4111111111111111}'
HEADERS = Headers([("Content-Type", "application/json"), ("X-Card", "4111111111111111")])


def every_class() -> list[type[ApiError]]:
    fallbacks = errors.REGISTRY.fallbacks
    return [
        *errors.REGISTRY.errors,
        *errors.REGISTRY.families.values(),
        *errors.REGISTRY.unknown_outcomes.values(),
        *(getattr(fallbacks, name) for name in fallbacks.__slots__),
    ]


@pytest.mark.parametrize("cls", every_class(), ids=lambda cls: cls.__name__)
def test_pickles_copies_and_hashes(cls: type[ApiError]) -> None:
    made = cls("text 4111 1111 1111 1111")
    known = replace(
        made.circumstances,
        status=400,
        headers=HEADERS,
        body=BODY,
        items=(FieldError("4111111111111111", {"a": "4111111111111111"}, {"b": 4111111111111111}),),
    )
    for error in (made, cls.of(known)):
        pickled = pickle.dumps(error)
        assert b"4111" not in pickled and "4111" not in str(error) + repr(error) + repr(error.args) + repr(
            error.items
        ) + repr(error.headers)
        again = pickle.loads(pickled)
        assert type(again) is cls and str(again) == str(error)
        assert (again.status, again.outcome, again.advice, again.attributes) == (
            error.status,
            error.outcome,
            error.advice,
            error.attributes,
        )
        for other in (copy.copy(error), copy.deepcopy(error)):
            assert type(other) is cls and other is not error and other.circumstances == error.circumstances
        assert hash(error) != hash(again) and error != again and error == error  # noqa: PLR0124 by identity
        assert {error: 1}[error] == 1
        with pytest.raises(cls):
            raise error
    assert set(made.attributes) <= set(vars(made)) and not set(made.attributes) & RESERVED_ATTRIBUTES


def test_categories() -> None:
    assert (
        len(CATEGORIES) == 22 and issubclass(RateLimited, ResourceExhausted) and issubclass(InsufficientFunds, Declined)
    )
    assert all(issubclass(cls, Exception) and not issubclass(cls, OSError) for cls in CATEGORIES.values())
    for cls in errors.REGISTRY.errors:
        assert cls.contract is not None and (issubclass(cls, CATEGORIES[cls.contract.category]))


CARD = "4111111111111111"


UNLISTED: list[tuple[int, type[Failure]]] = [
    (401, categories.Unauthenticated),
    (403, categories.PermissionDenied),
    (404, categories.NotFound),
    (408, categories.DeadlineExceeded),
    (418, categories.InvalidArgument),
    (425, categories.Unavailable),
    (429, categories.RateLimited),
    (500, categories.Internal),
    (503, categories.Unavailable),
]


@pytest.mark.parametrize(("status", "category"), UNLISTED)
def test_what_the_contract_does_not_describe_is_caught_by_its_status_too(status: int, category: type[Failure]) -> None:
    registry = replace(errors.REGISTRY, errors=(), families={})
    error = decode_failure(registry, None, Answer(status))
    assert isinstance(error, errors.Unrecognized) and isinstance(error, category)
    assert isinstance(error, OutcomeUnknown) is (status in (408, 500, 503))
    plain = errors.UnrecognizedOutcomeUnknown if isinstance(error, OutcomeUnknown) else errors.Unrecognized
    others = [one for one in categories.CATEGORIES.values() if not issubclass(category, one)]
    assert not isinstance(error, tuple(others))
    assert repr(error).startswith(f"{plain.__name__}(") and type(error).__module__ == plain.__module__
    for again in (pickled(error), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error) and again.circumstances == error.circumstances
    repeated = decode_failure(registry, None, Answer(status))
    assert type(repeated) is type(error)
    assert type(pickled(plain("made by hand"))) is plain


@pytest.mark.parametrize("status", [100, 302])
def test_a_status_that_names_no_failure_stands_for_no_category(status: int) -> None:
    error = decode_failure(replace(errors.REGISTRY, errors=(), families={}), None, Answer(status))
    assert type(error) is errors.UnrecognizedOutcomeUnknown
    assert not isinstance(error, tuple(categories.CATEGORIES.values()))


def pickled(error: ApiError) -> Any:
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize("key", [CARD, f"order-20240115-{CARD}", "1700000000000001", "4111 1111 1111 1111"])
def test_what_a_repeat_or_the_support_needs_survives_a_pickle(key: str) -> None:
    known = Circumstances(
        message=f"m {key}",
        body=key.encode(),
        attributes={"support_id": key, "parameter": f"{key}!"},
        wire={"support_id": key, "parameter": f"{key}!"},
        idempotency_key=key,
        support_reference=key,
    )
    again = pickled(errors.NotFound.of(known))
    assert (again.idempotency_key, again.support_reference, again.support_id) == (key, key, key)
    assert again.circumstances.wire["support_id"] == key
    masked = (again.message, again.body.decode(), again.parameter, again.circumstances.wire["parameter"])
    assert all(key not in text and key[-4:] in text for text in masked)
    assert str(again) == str(errors.NotFound.of(known)) and key not in str(again)


NUMBER = int(CARD)


@pytest.mark.parametrize("value", [NUMBER, Decimal(NUMBER), Decimal(f"{NUMBER}.00"), True, timedelta(days=1), None])
def test_a_number_of_a_documented_attribute_keeps_its_type(value: Any) -> None:
    known = Circumstances(attributes={"a": value}, wire={"a": value}, items=(FieldError(None, {"a": value}),))
    again = pickled(errors.NotFound.of(known))
    for kept in (again.attributes["a"], again.a, again.circumstances.wire["a"], again.items[0].values["a"]):
        assert type(kept) is type(value) and kept == value


@pytest.mark.parametrize(
    "value",
    [CARD, CARD.encode(), (CARD, "x"), {"number": NUMBER}, [{"number": [Decimal(NUMBER)]}]],
    ids=["str", "bytes", "csv", "json-number", "json-inside"],
)
def test_a_text_or_a_tree_of_an_attribute_is_masked(value: Any) -> None:
    known = Circumstances(attributes={"a": value}, items=(FieldError(None, {"a": value}, value),))
    error = pickled(errors.NotFound.of(known))
    assert CARD not in repr((error.attributes, error.items[0].values, error.items[0].raw))
    assert CARD not in repr(pickle.dumps(errors.NotFound.of(known)))


@pytest.mark.parametrize("read", [CARD, None], ids=["text", "unreadable"])
def test_a_number_on_the_wire_that_is_none_of_the_attribute_is_masked(read: str | None) -> None:
    again = pickled(errors.NotFound.of(Circumstances(attributes={"a": read}, wire={"a": NUMBER})))
    assert again.circumstances.wire["a"] == "************1111"


def test_notes_are_kept_masked_and_not_without_end() -> None:
    error = errors.NotFound("m")
    assert not hasattr(pickled(error), "__notes__") and not hasattr(copy.copy(error), "__notes__")
    error.add_note(f"card {CARD}")
    for other in (copy.copy(error), copy.deepcopy(error)):
        assert other.__notes__ == [f"card {CARD}"]
    assert pickled(error).__notes__ == ["card ************1111"]
    error.add_note("x" * 1990 + CARD)
    assert pickled(error).__notes__[1] == "x" * 1990 + "*" * 10
    for number in range(100):
        error.add_note(str(number))
    assert len(pickled(error).__notes__) == 20
    error.__notes__ = [7, "kept"]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue] anybody may
    assert pickled(error).__notes__ == copy.copy(error).__notes__ == ["kept"]
    error.__notes__ = None  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue] anybody may
    assert not hasattr(pickled(error), "__notes__")
