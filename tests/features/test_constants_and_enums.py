"""Constants and lists of values of every JSON type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.constants_and_enums.models import Color, Constants, Lists, ListsClosed, ListsLevel, ListsMaybe

_SET = {"kind": "order", "version": 2, "active": True}


def test_required_constants_are_filled_in_and_written() -> None:
    assert Constants().to_wire() == _SET
    with pytest.raises(ValidationError, match="kind"):
        received(Constants, {"version": 2, "active": True})


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("kind", "order", "other"),
        ("version", 2, 3),
        ("active", True, False),
        ("active", True, 1),
        ("version", 2, True),
        ("nothing", None, 0),
        ("rate", Decimal("1.5"), Decimal("1.51")),
        ("origin", {"x": 0, "y": 0}, {"x": 0}),
        ("origin", {"x": 0, "y": 0}, {"x": False, "y": 0}),
        ("empty", [], [1]),
    ],
)
def test_a_constant_of_every_type(name: str, value: Any, wrong: Any) -> None:
    tree = {**_SET, name: value}
    assert Constants(**{name: value}).to_wire() == tree
    assert received(Constants, tree).to_wire() == tree and not Constants.from_wire(tree).violations
    with pytest.raises(ValidationError, match=name):
        Constants(**{name: wrong})
    with pytest.raises(ValidationError, match=name):
        received(Constants, {**_SET, name: wrong})
    assert [place for place, _ in noted(Constants.from_wire({**_SET, name: wrong}))] == [f"/{name}"]


@pytest.mark.parametrize(
    ("name", "value", "tree"),
    [
        ("color", Color.GREEN, "green"),
        ("color", Color("violet"), "violet"),
        ("closed", ListsClosed.A, "a"),
        ("level", ListsLevel(2), 2),
        ("maybe", None, None),
        ("maybe", ListsMaybe.X, "x"),
        ("one", "only", "only"),
        ("yes", True, True),
        ("mixed", 1, 1),
        ("mixed", True, True),
        ("mixed", "one", "one"),
        ("mixed", None, None),
        ("rates", Decimal("0.50"), Decimal("0.50")),
        ("rates", Decimal(1), 1),
        ("corners", [1, 1], [1, 1]),
        ("corners", {"at": "center"}, {"at": "center"}),
    ],
)
def test_a_value_that_is_listed(name: str, value: Any, tree: Any) -> None:
    assert Lists(**{name: value}).to_wire() == {name: tree}
    for model in (Lists.from_wire({name: tree}), received(Lists, {name: tree})):
        assert getattr(model, name) == value and not model.violations
        assert isinstance(getattr(model, name), bool) is isinstance(tree, bool)


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("closed", "c"),
        ("one", "other"),
        ("yes", False),
        ("mixed", False),
        ("mixed", 2),
        ("mixed", "two"),
        ("rates", Decimal("0.51")),
        ("corners", [0, 1]),
        ("corners", [False, 0]),
        ("level", True),
    ],
)
def test_a_value_that_is_not_listed(name: str, tree: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        Lists(**{name: tree})
    with pytest.raises(ValidationError, match=name):
        received(Lists, {name: tree})
    answer = Lists.from_wire({name: tree})
    assert [place for place, _ in noted(answer)] == [f"/{name}"]
    assert answer.violations[0].value == tree


def test_an_open_list_keeps_what_comes_later() -> None:
    answer = Lists.from_wire({"color": "violet", "level": 9})
    assert answer.color == "violet" and answer.color is not None and not answer.color.is_known
    assert answer.level == 9 and not answer.violations
