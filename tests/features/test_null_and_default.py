"""Required or not, nullable or not, with a default or without: absent, null and a value, to the wire and from it."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features._runtime.durations import Duration
from features._runtime.model import ContractViolation
from features.null_and_default.models import Color, Defaults, Holder, Left, Node, Shape, Table

_ABSENT: Final = object()
_REQUIRED: Final = {"r": "v", "rn": "v", "rd": "v", "rnd": "v"}
_REFUSED: Final = "refused"
_LEFT_OUT: Final = "left out"
_NULL: Final = "null"

# Of each member: what the constructor does with a member that is absent and one that is None, and the attribute of a
# member that is absent when read; "-" where there is no attribute.
_TABLE = [
    ("r", _REFUSED, _REFUSED, "-"),
    ("rn", _REFUSED, _NULL, "-"),
    ("rd", _REFUSED, _REFUSED, "-"),
    ("rnd", _REFUSED, _NULL, "-"),
    ("o", _LEFT_OUT, _LEFT_OUT, None),
    ("on", _LEFT_OUT, _NULL, None),
    ("od", _LEFT_OUT, _LEFT_OUT, "d"),
    ("ond", _LEFT_OUT, _NULL, "d"),
    ("onn", _LEFT_OUT, _NULL, None),
]


def _others(name: str) -> dict[str, Any]:
    return {key: value for key, value in _REQUIRED.items() if key != name}


@pytest.mark.parametrize(("name", "absent", "none", "read"), _TABLE)
@pytest.mark.parametrize("value", [_ABSENT, None, "v"])
def test_from_the_constructor_to_the_wire(name: str, absent: str, none: str, read: Any, value: Any) -> None:
    given = _others(name) if value is _ABSENT else {**_others(name), name: value}
    effect = absent if value is _ABSENT else none if value is None else "sent"
    if effect == _REFUSED:
        with pytest.raises(ValidationError) as caught:
            Table(**given)
        assert [error["loc"] for error in caught.value.errors()] == [(name,)]
        return
    table = Table(**given)
    sent = table.to_wire().get(name, _ABSENT)
    assert sent == {_LEFT_OUT: _ABSENT, _NULL: None, "sent": "v"}[effect]
    assert table.is_set(name) is (effect != _LEFT_OUT)
    assert getattr(table, name) == {_LEFT_OUT: read, _NULL: None, "sent": "v"}[effect]


@pytest.mark.parametrize(("name", "absent", "none", "read"), _TABLE)
@pytest.mark.parametrize("value", [_ABSENT, None, "v"])
def test_from_the_wire_to_the_attribute(name: str, absent: str, none: str, read: Any, value: Any) -> None:
    tree = _others(name) if value is _ABSENT else {**_others(name), name: value}
    answer = Table.from_wire(tree)
    nullable = none == _NULL
    fine = value == "v" or (value is None and nullable) or (value is _ABSENT and name not in _REQUIRED)
    assert [place for place, _ in noted(answer)] == ([] if fine else [f"/{name}"])
    if value == "v" or (value is None and nullable):
        assert getattr(answer, name) == value and answer.is_set(name)
        assert answer.to_wire()[name] == value
    elif read == "-":
        with pytest.raises(ContractViolation, match=f"Table.{name}"):
            getattr(answer, name)
    else:
        assert getattr(answer, name) == read and not answer.is_set(name)


@pytest.mark.parametrize(("name", "absent", "none", "read"), _TABLE)
@pytest.mark.parametrize("value", [_ABSENT, None, "v"])
def test_a_server_takes_what_the_schema_allows(name: str, absent: str, none: str, read: Any, value: Any) -> None:
    tree = _others(name) if value is _ABSENT else {**_others(name), name: value}
    allowed = value == "v" or (none == _NULL if value is None else name not in _REQUIRED)
    if not allowed:
        with pytest.raises(ValidationError, match=name):
            received(Table, tree)
        return
    request = received(Table, tree)
    assert getattr(request, name) == (read if value is _ABSENT else value)
    assert request.to_wire() == tree


_DEFAULTS: list[tuple[str, Any]] = [
    ("text", 'a "quoted" text'),
    ("count", 7),
    ("flag", False),
    ("price", Decimal("0.10")),
    ("ratio", 1.5),
    ("amount", Decimal("1.00")),
    ("day", date(2024, 2, 29)),
    ("at", datetime(2024, 2, 29, 12, tzinfo=timezone.utc)),
    ("wait", Duration("P1M")),
    ("key", b"\x01\x02"),
    ("color", Color.RED),
    ("painted", Color.BLUE),
    ("tags", ["a", "b"]),
    ("sizes", {"s": 1}),
    ("shape", Shape(name="dot")),
    ("pair", ("a", 1)),
    ("either", date(2024, 2, 29)),
    ("anything", {"deep": [1, Decimal("2.50"), None]}),
    ("left", Left()),
]


@pytest.mark.parametrize(("name", "value"), _DEFAULTS)
def test_a_default_of_every_type_is_a_value_in_python_and_is_not_sent(name: str, value: Any) -> None:
    for model in (Defaults(), Defaults.from_wire({}), received(Defaults, {})):
        assert getattr(model, name) == value
        assert type(getattr(model, name)) is type(value)
        assert not model.is_set(name) and model.to_wire() == {} and not model.violations
    assert Defaults(**{name: value}).is_set(name)


def test_the_default_of_a_model_has_defaults_too() -> None:
    assert Defaults().shape.size == 3
    assert Defaults().left.right.name == "r"


def test_defaults_that_hold_each_other_have_an_end() -> None:
    assert Left().right.left.right is None


def test_the_default_of_a_type_in_itself() -> None:
    assert Node().nodes == [] and Node(nodes=[Node()]).to_wire() == {"nodes": [{}]}


def test_a_default_that_lacks_a_member_of_a_type_in_itself_is_none() -> None:
    holder = Holder.from_wire({})
    assert holder.named is None and holder.violations == () and holder.to_wire() == {}


def test_a_default_that_can_change_is_made_anew() -> None:
    first = Defaults()
    untouched = copy.deepcopy(first.anything)
    first.tags.append("c")
    first.sizes["m"] = 2
    first.anything["deep"].append(4)
    first.shape.name = "line"
    second = Defaults()
    assert second.tags == ["a", "b"] and second.sizes == {"s": 1} and second.anything == untouched
    assert second.shape.name == "dot"


def test_a_default_is_a_timedelta() -> None:
    assert isinstance(Defaults().wait, timedelta) and Defaults(wait=timedelta(seconds=90)).to_wire() == {
        "wait": "PT90S"
    }
