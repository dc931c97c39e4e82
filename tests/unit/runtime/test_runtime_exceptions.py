"""Exceptions as objects: pickled, copied, hashed, printed without what must not be seen."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from cornershop import errors

from sadpath.runtime.categories import CATEGORIES, Declined, InsufficientFunds, RateLimited, ResourceExhausted
from sadpath.runtime.errors import RESERVED_ATTRIBUTES, ApiError, FieldError
from sadpath.runtime.headers import Headers

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
