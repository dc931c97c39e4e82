"""Tuples, items by position, and what an array must hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.arrays.models import Arrays, Unit

_FITTING: list[tuple[str, Any, Any]] = [
    ("point", (Decimal("1.50"), Decimal(2), Unit.MM), [Decimal("1.50"), Decimal(2), "mm"]),
    ("period", (date(2024, 1, 1), date(2024, 2, 1)), ["2024-01-01", "2024-02-01"]),
    ("row", ["a", 1, 2], ["a", 1, 2]),
    ("row", [], []),
    ("single", ["a"], ["a"]),
    ("flags", ["main", "x"], ["main", "x"]),
    ("scores", [1, 10, 11], [1, 10, 11]),
    ("numbers", [Decimal(1), Decimal(2)], [Decimal(1), Decimal(2)]),
    ("anything", [1, "a", None, [True]], [1, "a", None, [True]]),
]
_BROKEN: list[tuple[str, Any, Any, str]] = [
    ("row", [1], [1], "/row/0"),
    ("row", ["a", "b"], ["a", "b"], "/row/1"),
    ("single", ["a", "b"], ["a", "b"], "/single/1"),
    ("flags", ["x"], ["x"], "/flags"),
    ("flags", ["main", "main"], ["main", "main"], "/flags"),
    ("scores", [1, 10], [1, 10], "/scores"),
    ("numbers", [Decimal(1), Decimal("1.0")], [1, Decimal("1.0")], "/numbers"),
]


@pytest.mark.parametrize(("name", "value", "tree"), _FITTING)
def test_what_fits_goes_both_ways(name: str, value: Any, tree: Any) -> None:
    built = Arrays(**{name: value})
    assert built.to_wire() == {name: tree}
    answer = Arrays.from_wire({name: tree})
    assert getattr(answer, name) == value and not answer.violations
    assert type(getattr(answer, name)) is type(value)
    assert received(Arrays, {name: tree}) == built


@pytest.mark.parametrize(("name", "value", "tree", "pointer"), _BROKEN)
def test_what_does_not_fit_is_refused_and_in_answers_noted_and_kept(
    name: str, value: Any, tree: Any, pointer: str
) -> None:
    for attempt in (lambda: Arrays(**{name: value}), lambda: received(Arrays, {name: tree})):
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert ["/" + "/".join(map(str, error["loc"])) for error in caught.value.errors()] == [pointer]
    answer = Arrays.from_wire({name: tree})
    assert [place for place, _ in noted(answer)] == [pointer]
    assert answer.to_wire() == {name: tree}


@pytest.mark.parametrize("tree", [[1, 2], [1, 2, "mm", 4], ["a", 2, "mm"], {}, "mm"])
def test_a_tuple_of_another_length_or_type_is_no_tuple(tree: Any) -> None:
    with pytest.raises(ValidationError, match="point"):
        received(Arrays, {"point": tree})
    answer = Arrays.from_wire({"point": tree})
    assert answer.violations and answer.violations[0].pointer.startswith("/point")


def test_a_list_is_no_tuple_where_values_are_made() -> None:
    with pytest.raises(ValidationError, match="period"):
        Arrays(**{"period": [date(2024, 1, 1), date(2024, 2, 1)]})
