"""Constraints are enforced when building, assigning and receiving, and noted when reading."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.constraints.models import Parcel

_BROKEN = [
    ({"label": "a"}, {"label": "a"}, "label", "has fewer than 2 characters"),
    ({"label": "абвгде"}, {"label": "абвгде"}, "label", "has more than 5 characters"),
    ({"code": "12"}, {"code": "12"}, "code", r"does not match '^\\d{3}$'"),
    ({"code": "123\n"}, {"code": "123\n"}, "code", r"does not match '^\\d{3}$'"),
    ({"amount": Decimal("1.5")}, {"amount": "1.5"}, "amount", r"does not match '^\\d+\\.\\d\\d$'"),
    ({"weight": Decimal(0)}, {"weight": 0}, "weight", "is not greater than 0"),
    ({"weight": Decimal("31.6")}, {"weight": Decimal("31.6")}, "weight", "is greater than 31.5"),
    ({"weight": Decimal("0.15")}, {"weight": Decimal("0.15")}, "weight", "is no multiple of 0.1"),
    ({"stops": 0}, {"stops": 0}, "stops", "is less than 1"),
    ({"stops": 10}, {"stops": 10}, "stops", "is not less than 10"),
    ({"tags": []}, {"tags": []}, "tags", "has fewer than 1 items"),
    ({"tags": ["a", "b", "c", "d"]}, {"tags": ["a", "b", "c", "d"]}, "tags", "has more than 3 items"),
    ({"tags": ["a", "a"]}, {"tags": ["a", "a"]}, "tags", "holds one item twice"),
    ({"notes": {}}, {"notes": {}}, "notes", "has fewer than 1 members"),
    ({"photo": b"1234567"}, {"photo": "MTIzNDU2Nw=="}, "photo", "has more than 8 characters"),
]


@pytest.mark.parametrize(("given", "tree", "name", "message"), _BROKEN)
def test_a_broken_constraint_is_refused_where_values_are_made(given: Any, tree: Any, name: str, message: str) -> None:
    base = {"label": "abc", "stops": 1}
    for attempt in (lambda: Parcel(**{**base, **given}), lambda: received(Parcel, {**base, **tree})):
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [((name,), message)]
    parcel = Parcel(label="abc", stops=1)
    with pytest.raises(ValidationError, match=name):
        setattr(parcel, name, given[name])
    assert parcel.to_wire() == base


@pytest.mark.parametrize(("given", "tree", "name", "message"), _BROKEN)
def test_a_broken_constraint_in_an_answer_is_noted_and_the_value_kept(
    given: Any, tree: Any, name: str, message: str
) -> None:
    answer = Parcel.from_wire({"label": "abc", "stops": 1, **tree})
    assert noted(answer) == [(f"/{name}", message)]
    assert getattr(answer, name) == given[name]
    assert answer.to_wire() == {"label": "abc", "stops": 1, **tree}


def test_places_inside_lists_and_maps_are_named() -> None:
    with pytest.raises(ValidationError) as caught:
        Parcel(label="abc", tags=["a", ""], notes={"n": "12345"})
    assert [error["loc"] for error in caught.value.errors()] == [("tags", 1), ("notes", "n")]
    answer = Parcel.from_wire({"label": "abc", "tags": ["a", ""]})
    assert noted(answer) == [("/tags/1", "has fewer than 1 characters")] and answer.tags == ["a", ""]


def test_the_members_of_an_object_are_counted() -> None:
    with pytest.raises(ValidationError, match="has fewer than 2 members"):
        Parcel(label="abc")
    assert noted(Parcel.from_wire({"label": "abc"})) == [("", "has fewer than 2 members")]


def test_what_fits_is_written_as_it_was_given() -> None:
    parcel = Parcel(label="abc", amount=Decimal("10.50"), weight=Decimal("0.3"), photo=b"123456")
    assert parcel.to_json() == b'{"label":"abc","amount":"10.50","weight":0.3,"photo":"MTIzNDU2"}'
