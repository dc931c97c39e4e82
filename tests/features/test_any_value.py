"""Schemas that allow everything or nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.any_value.models import Box

_VALUES = [None, True, 0, Decimal("1.50"), "text", [1, [None]], {"a": {"b": [Decimal("0.10")]}}]


@pytest.mark.parametrize("value", _VALUES)
@pytest.mark.parametrize("name", ["whatever", "empty", "described"])
def test_any_value_is_kept_as_it_came(name: str, value: Any) -> None:
    tree = {"whatever": 1, name: value}
    assert Box(**tree).to_wire() == tree
    for model in (Box.from_wire(tree), received(Box, tree)):
        assert model.to_wire() == tree and not model.violations
        assert getattr(model, name) == value and model.is_set(name)


def test_a_member_that_must_not_be_there() -> None:
    assert Box(whatever=1).to_wire() == {"whatever": 1}
    for value in (1, None):
        with pytest.raises(ValidationError, match="never"):
            Box(whatever=1, never=value)
        with pytest.raises(ValidationError, match="never"):
            received(Box, {"whatever": 1, "never": value})
        answer = Box.from_wire({"whatever": 1, "never": value})
        assert noted(answer) == [("/never", "is not allowed here")]
        assert answer.to_wire() == {"whatever": 1, "never": value}


def test_items_and_members_of_any_type() -> None:
    tree = {"whatever": None, "list": [1, None], "map": {"a": None, "b": [Decimal("1.0")]}}
    assert received(Box, tree).to_wire() == tree


@pytest.mark.parametrize(
    ("value", "fits"), [(3, True), (2, False), ("ab", True), ("a", False), ([], False), ({}, True)]
)
def test_limits_without_a_type_hold_for_the_kind_of_value_that_they_speak_of(value: Any, fits: bool) -> None:
    if fits:
        assert Box(whatever=1, bounded=value).to_wire() == {"whatever": 1, "bounded": value}
        return
    with pytest.raises(ValidationError, match="bounded"):
        Box(whatever=1, bounded=value)


def test_what_is_required_may_be_null_and_not_absent() -> None:
    with pytest.raises(ValidationError, match="whatever"):
        received(Box, {})
    assert noted(Box.from_wire({})) == [("/whatever", "is missing")]
