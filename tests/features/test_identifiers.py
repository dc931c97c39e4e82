"""Identifiers and anchors: `$id`, `$anchor`, `$defs`, `$dynamicRef`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from features.identifiers.models.named import Named
from features.identifiers.models.order import Order
from features.identifiers.models.party import Party
from features.identifiers.models.plain import Plain
from features.identifiers.models.tree import Tree


def test_references_resolve_against_the_identifier_of_the_schema_around_them() -> None:
    wire = {
        "buyer": {"name": "b", "address": {"city": "c"}},
        "seller": {"city": "d"},
        "lines": [{"price": {"value": Decimal("1.0")}, "note": "n"}],
        "total": {"value": Decimal("2.0")},
        "again": {"total": {"value": Decimal("3.0")}},
    }
    order = Order.from_wire(wire)
    assert order.violations == () and order.to_wire() == wire
    assert isinstance(order.buyer, Party) and isinstance(order.again, Order)
    assert order.buyer.address is not None and type(order.buyer.address) is type(order.seller)
    assert order.lines is not None and type(order.lines[0].price) is type(order.total)


def test_definitions_inside_carry_their_limits() -> None:
    line = Order.from_wire({"lines": [{}]}).lines
    assert line is not None
    with pytest.raises(ValidationError, match="note"):
        line[0].note = "more than ten characters"


def test_anchors_and_dynamic_anchors() -> None:
    assert isinstance(Plain.from_wire({"next": {"next": {}}}).next, Plain)
    tree = Tree.from_wire({"data": 1, "children": [{"data": 2, "children": []}]})
    assert tree.violations == () and tree.children is not None and isinstance(tree.children[0], Tree)


def test_identifiers_that_are_no_addresses() -> None:
    named = Named.from_wire({"self": {"second": True}, "first": False})
    assert isinstance(named.self, Named) and named.self.second is True and named.first is False
