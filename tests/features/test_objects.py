"""Members that a schema does not name: any, of a type, by pattern, or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.objects import models
from features.objects.models import (
    Closed,
    Dog,
    Empty,
    FreeForm,
    Headers,
    Open,
    OpenToo,
    Silent,
    Typed,
)


def test_members_that_nothing_is_said_of_are_kept_when_reading_and_refused_by_the_constructor() -> None:
    assert Silent.from_wire({"id": 1, "x": [1]}).to_wire() == {"id": 1, "x": [1]}
    assert received(Silent, {"x": 1}).to_wire() == {"x": 1}
    with pytest.raises(ValidationError, match="idd"):
        Silent(**{"idd": 1})


@pytest.mark.parametrize("model", [Open, OpenToo])
def test_members_of_any_type_are_taken(model: Any) -> None:
    built = model(id=1, **{"x": Decimal("1.50"), "deep": {"a": [None]}})
    assert built.to_json() == b'{"id":1,"x":1.50,"deep":{"a":[null]}}'
    assert received(model, built.to_wire()).to_wire() == built.to_wire()
    assert not model.from_wire(built.to_wire()).violations


def test_members_of_a_type_have_it() -> None:
    built = Typed(**{"start": date(2024, 2, 29)})
    assert built.to_wire() == {"start": "2024-02-29"}
    assert received(Typed, built.to_wire()).to_wire() == built.to_wire()
    for attempt in (lambda: Typed(**{"start": "2024-02-29"}), lambda: received(Typed, {"start": "soon"})):
        with pytest.raises(ValidationError, match="start"):
            attempt()


@pytest.mark.parametrize("model", [Closed, Empty])
def test_members_that_are_forbidden_are_refused_and_in_answers_noted_and_kept(model: Any) -> None:
    with pytest.raises(ValidationError, match="x"):
        model(**{"x": 1})
    with pytest.raises(ValidationError) as caught:
        received(model, {"x": 1, "y": 2})
    assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [
        (("x",), "is not allowed here"),
        (("y",), "is not allowed here"),
    ]
    answer = model.from_wire({"x": 1})
    assert noted(answer) == [("/x", "is not allowed here")] and answer.to_wire() == {"x": 1}


def test_members_by_pattern() -> None:
    built = Headers(id=1, **{"x-a": "1"})
    assert built.to_wire() == {"id": 1, "x-a": "1"}
    with pytest.raises(ValidationError, match="x-a"):
        Headers(**{"x-a": "1234"})
    with pytest.raises(ValidationError, match="is not allowed here"):
        Headers(**{"y": "1"})
    with pytest.raises(ValidationError, match="is not allowed here"):
        received(Headers, {"y": "1"})
    assert noted(Headers.from_wire({"y": "1", "x-a": 5})) == [
        ("/x-a", "is no string"),
        ("/y", "is not allowed here"),
    ]


def test_names_of_members() -> None:
    with pytest.raises(ValidationError, match="has a name that is not allowed"):
        received_words({"Upper": 1})
    assert received_words({"lower": 1}) == {"lower": 1}


def received_words(tree: dict[str, int]) -> Any:
    from features._runtime.conversion import decode
    from features._runtime.validation import Mode

    return decode(models.Words, tree, Mode.REQUEST)


def test_members_that_no_part_looks_at() -> None:
    assert Dog(name="a", tail=True).to_wire() == {"name": "a", "tail": True}
    with pytest.raises(ValidationError, match="x"):
        received(Dog, {"name": "a", "x": 1})
    assert noted(Dog.from_wire({"name": "a", "x": 1})) == [("/x", "is not allowed here")]


def test_a_member_that_is_only_required_may_be_anything() -> None:
    assert FreeForm(id=None).to_wire() == {"id": None}
    with pytest.raises(ValidationError, match="id"):
        received(FreeForm, {})
