"""Frozen values: what the decorator makes is what the standard library's makes, but for when it makes it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One of two coordinates, and what is not compared."""

    x: float
    y: float = 1.5
    tags: list[str] = field(default_factory=list[str], hash=False)
    note: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Deep(Point):
    """A value of a kind that has its kind's members first."""

    z: float = 0.0
    depth: int = field(init=False, default=3)

    def __post_init__(self) -> None:
        if self.z < 0:
            raise ValueError("z is below")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """With a text form, an equality and a hash of its own."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named)

    def __hash__(self) -> int:
        return 7


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Identity:
    """Compared and shown as any object is."""

    value: Any


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


def test_values_are_made_from_what_they_are_given() -> None:
    first, second = Point(1.0), Point(1.0)
    assert (first.x, first.y, first.tags, first.note) == (1.0, 1.5, [], "")
    assert first.tags is not second.tags
    assert Point(1, tags=["a"], y=2).tags == ["a"]
    assert (Deep(1, 2, z=3).z, Deep(1).depth) == (3, 3)
    with pytest.raises(ValueError, match="below"):
        Deep(1, z=-1)
    with pytest.raises(TypeError, match=r"Named\.__init__\(\)"):
        Named("a")  # type: ignore[misc] # pyright: ignore[reportCallIssue] - that is what is tested
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] - that is what is tested


def test_values_are_compared_hashed_and_shown_by_their_members() -> None:
    assert Point(1, note="a") == Point(1, note="b") and hash(Point(1)) == hash(Point(1, tags=["a"]))
    assert Point(1) != Point(2) and Point(1) != Deep(1) and Point(1) != (1, 1.5, [])
    assert repr(Point(1, note="a")) == "Point(x=1, y=1.5, tags=[])"
    assert repr(Deep(1)) == "Deep(x=1, y=1.5, tags=[], z=0.0, depth=3)"
    assert Empty() == Empty() and hash(Empty()) == hash(Empty()) and repr(Empty()) == "Empty()"
    nan = float("nan")
    assert Point(nan) == Point(nan)


def test_what_a_class_defines_itself_stays() -> None:
    assert (repr(Named(name="a")), Named(name="a") == Named(name="b"), hash(Named(name="a"))) == ("<a>", True, 7)
    one = Identity(1)
    assert one != Identity(1) and one == one and "Identity object" in repr(one)


def test_a_value_that_holds_itself_is_shown() -> None:
    held: list[Any] = []
    held.append(Empty())
    point = Point(1, tags=held)
    held.append(point)
    assert repr(point).endswith("...])")


@pytest.mark.parametrize("value", [Point(1), Deep(1, z=2)])
def test_values_do_not_change(value: Point) -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        value.x = 2  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] - that is what is tested
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del value.x  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] - that is what is tested
    with pytest.raises(FrozenInstanceError):
        value.other = 2  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - the same


@pytest.mark.parametrize("value", [Point(1, tags=["a"], note="b"), Deep(1, z=2), Empty(), Named(name="a")])
def test_values_are_copied(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == replace(value) == value


def test_tools_for_dataclasses_know_them() -> None:
    assert [one.name for one in fields(Deep)] == ["x", "y", "tags", "note", "z", "depth"]
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 1.5, "tags": [], "note": ""}
    assert replace(Point(1), x=2) == Point(2)
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)
    assert not hasattr(Point(1), "__dict__")


def test_dataclasses_of_others_inherit_from_them() -> None:
    @dataclasses.dataclass(frozen=True)
    class Other(Point):
        more: int = 1

    assert Other(1, 2, more=3) == Other(1, 2, more=3) != Other(1, 2) and Other(1).y == 1.5
    with pytest.raises(FrozenInstanceError):
        Other(1).more = 2  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] - that is what is tested


def test_other_dataclasses_are_those_of_the_standard_library() -> None:
    @dataclass(slots=True)
    class Counter:
        count: int = 0

    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
