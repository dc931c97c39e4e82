"""Inheritance: a parent with a discriminator stands for what includes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from features._runtime.conversion import decode, encode
from features._runtime.unions import UnknownVariant
from features.inheritance.models import Account, Car, Party, Vehicle
from features.inheritance.models.bank_account import BankAccount
from features.inheritance.models.card_account import CardAccount
from features.inheritance.models.company import Company
from features.inheritance.models.party_base import PartyBase
from features.inheritance.models.savings_account import SavingsAccount


def test_each_descendant_is_read_with_the_members_that_it_inherits() -> None:
    wire = [
        {"kind": "card", "id": "1", "pan": "4"},
        {"kind": "BankAccount", "id": "2", "iban": "D"},
        {
            "kind": "SavingsAccount",
            "id": "3",
            "iban": "D",
            "rate": Decimal("0.5"),
            "owner": {"type": "company", "vat": "v"},
        },
        {"kind": "gold", "id": "4"},
    ]
    read = decode(list[Account], wire)  # type: ignore[valid-type]
    assert [type(one) for one in read] == [CardAccount, BankAccount, SavingsAccount, UnknownVariant]
    assert read[2].owner == Company(vat="v") and read[0].id == "1"
    assert encode(list[Account], read) == wire  # type: ignore[valid-type]


def test_tags_are_filled_in() -> None:
    assert CardAccount(id="1").to_wire() == {"kind": "card", "id": "1"}
    assert SavingsAccount(id="1", iban="D").to_wire() == {"kind": "SavingsAccount", "id": "1", "iban": "D"}
    with pytest.raises(ValidationError, match="kind"):
        CardAccount(id="1", kind="BankAccount")  # type: ignore[arg-type]


def test_a_parent_can_be_a_variant_of_its_own() -> None:
    assert decode(Party, {"type": "anyone", "name": "n"}) == PartyBase(name="n")
    assert encode(Party, PartyBase(name="n")) == {"type": "anyone", "name": "n"}


def test_a_parent_that_lists_what_includes_it() -> None:
    car = decode(Vehicle, {"sort": "Car", "wheels": 4, "doors": 5})
    assert isinstance(car, Car) and (car.wheels, car.doors) == (4, 5)
    assert Car(wheels=4).to_wire() == {"sort": "Car", "wheels": 4} and set(Car.model_fields) == {
        "sort",
        "wheels",
        "doors",
    }
