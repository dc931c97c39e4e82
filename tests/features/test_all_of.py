"""allOf: one class of all parts, under the demands of each."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from features.all_of.models.base import Base
from features.all_of.models.child import Child
from features.all_of.models.child_state import ChildState
from features.all_of.models.grandchild import Grandchild
from features.all_of.models.holder import Holder
from features.all_of.models.holder_chosen_by_card import HolderChosenByCard
from features.all_of.models.renamed import Renamed
from features.all_of.models.same import Same
from features.all_of.models.stricter import Stricter


def test_members_of_all_parts_are_there_and_required_where_any_part_says_so() -> None:
    child = Child.from_wire({"id": "1", "own": True, "note": "n", "at": "2026-01-02T03:04:05Z"})
    assert child.violations == () and child.at is not None
    assert {one.pointer for one in Child.from_wire({}).violations} == {"/id", "/own", "/note"}


@pytest.mark.parametrize(("size", "fits"), [(9, False), (10, True), (50, True), (51, False)])
def test_the_strictest_limits_count(size: int, fits: bool) -> None:
    read = Child.from_wire({"id": "1", "own": True, "note": "n", "size": size})
    assert (read.violations == ()) is fits and read.size == size
    if not fits:
        with pytest.raises(ValidationError, match="size"):
            Child(id="1", own=True, note="n", size=size)


def test_a_member_of_several_parts_satisfies_each() -> None:
    assert [member.value for member in ChildState] == ["open", "done"]
    with pytest.raises(ValidationError, match="note"):
        Child(id="1", own=True, note="")
    assert Grandchild(id="1", own=True, note="n", size=15).size == 15
    with pytest.raises(ValidationError, match="size"):
        Grandchild(id="1", own=True, note="n", size=14)
    assert Holder(patterns="a-z").patterns == "a-z"
    for broken in ("a", "z", "b-z"):
        with pytest.raises(ValidationError, match="patterns"):
            Holder(patterns=broken)


def test_one_reference_alone_is_that_type() -> None:
    assert Same is Base or Same.__name__ == "Base"
    assert Holder(wrapped=Base(id="1"), base=Base(id="2")).to_wire() == {"base": {"id": "2"}, "wrapped": {"id": "1"}}
    assert Renamed is not None and Holder.from_wire({"wrapped": {"id": "1"}}).wrapped == Base(id="1")


def test_demands_beside_a_reference_count() -> None:
    assert Holder(short="AB").short == "AB"
    for broken in ("ABC", "ab"):
        with pytest.raises(ValidationError, match="short"):
            Holder(short=broken)
    with pytest.raises(ValidationError, match="size"):
        Stricter(id="1")  # type: ignore[call-arg]


def test_a_union_among_the_parts() -> None:
    read = Holder.from_wire({"chosen": {"at": "2026-01-02T03:04:05Z", "card": "4"}}).chosen
    assert isinstance(read, HolderChosenByCard) and read.at is not None and read.card == "4"
