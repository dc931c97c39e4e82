"""Recursion: schemas that contain themselves, in every way there is."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from features._runtime.conversion import decode, encode
from features._runtime.validation import Mode
from features.recursion import models
from features.recursion.models.and_ import And
from features.recursion.models.equals import Equals
from features.recursion.models.node import Node


def test_members_lists_and_maps_of_itself() -> None:
    wire: dict[str, Any] = {
        "name": "a",
        "left": {"name": "b"},
        "right": None,
        "children": [{"name": "c", "by_name": {"d": {"name": "d"}}}],
    }
    node = Node.from_wire(wire)
    assert node.violations == () and node.to_wire() == wire
    assert node.children is not None and node.children[0].by_name is not None
    assert node.children[0].by_name["d"].name == "d"
    built = Node(name="a", left=Node(name="b"), right=None, children=[Node(name="c")])
    assert built.to_wire() == {"name": "a", "left": {"name": "b"}, "right": None, "children": [{"name": "c"}]}
    with pytest.raises(ValidationError, match="children"):
        Node(name="a", children=[Node(name="b"), "c"])  # type: ignore[list-item]


def test_violations_deep_inside_have_their_place() -> None:
    wire: dict[str, Any] = {"name": 1}
    for _ in range(40):
        wire = {"name": "x", "children": [wire]}
    assert [one.pointer for one in Node.from_wire(wire).violations] == ["/children/0" * 40 + "/name"]


@pytest.mark.parametrize("value", [[], [[]], [[[], []], []]])
def test_an_array_of_itself(value: Any) -> None:
    assert encode(models.Nest, decode(models.Nest, value, Mode.REQUEST)) == value
    with pytest.raises(ValidationError):
        decode(models.Nest, [["x"]], Mode.REQUEST)


@pytest.mark.parametrize("value", [None, "a", True, Decimal("1.50"), [], [None, {"a": [1, {}]}], {"a": {"b": [False]}}])
def test_a_union_that_contains_itself(value: Any) -> None:
    read = decode(models.Json, value)
    assert encode(models.Json, read) == value
    assert Equals(to=read).to_wire() == {"op": "equals", "to": value}


def test_circles_through_other_schemas() -> None:
    wire = {"laid": {"hatched": {"laid": {}, "age": 1}}}
    assert models.Chicken.from_wire(wire).to_wire() == wire
    assert models.Parent.from_wire({"child": {"more": "x", "child": {}}}).violations == ()
    expression = And(of=[And(of=[Equals(to=1)]), Equals(to=None)])
    assert expression.to_wire() == {
        "op": "and",
        "of": [{"op": "and", "of": [{"op": "equals", "to": 1}]}, {"op": "equals", "to": None}],
    }
    assert And.from_wire(expression.to_wire()) == expression


def test_only_what_is_touched_is_imported(checkout: Path) -> None:
    program = """
import sys
from features.recursion.models import Chicken
assert "features.recursion.models.egg" not in sys.modules
Chicken.from_wire({"age": 1})
assert "features.recursion.models.egg" not in sys.modules
Chicken.from_wire({"laid": {}})
assert "features.recursion.models.egg" in sys.modules and "features.recursion.models.node" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], cwd=checkout / "generated" / "features" / "python", check=True)
