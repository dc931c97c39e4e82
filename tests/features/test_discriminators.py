"""Discriminators: mapping, constants, component names, several tags, unions in unions, tags that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from features._runtime.unions import UnknownVariant
from features.discriminators.models.cat import Cat
from features.discriminators.models.dog import Dog
from features.discriminators.models.dog_pet_type import DogPetType
from features.discriminators.models.lizard import Lizard
from features.discriminators.models.owl import Owl
from features.discriminators.models.owner import Owner
from features.discriminators.models.parrot import Parrot
from features.discriminators.models.reserved import Reserved
from features.discriminators.models.seat_kind import SeatKind
from features.discriminators.models.shape_round import ShapeRound
from features.discriminators.models.standing import Standing
from features.discriminators.models.ticket import Ticket

CASES = [
    ({"petType": "Cat", "lives": 9}, Cat),
    ({"petType": "dog"}, Dog),
    ({"petType": "puppy", "trained": False}, Dog),
    ({"petType": "saurian", "tail": True}, Lizard),
    ({"petType": "parrot", "words": ["a"]}, Parrot),
    ({"petType": "Owl"}, Owl),
]


@pytest.mark.parametrize(("wire", "kind"), CASES)
def test_tags(wire: dict[str, Any], kind: type[Any]) -> None:
    owner = Owner.from_wire({"pet": wire})
    assert type(owner.pet) is kind and owner.violations == () and owner.to_wire() == {"pet": wire}


def test_the_tag_is_filled_in_where_there_is_one_alone() -> None:
    assert Owner(pet=Cat(lives=9)).to_wire() == {"pet": {"petType": "Cat", "lives": 9}}
    assert Owner(pet=Lizard(tail=False)).to_wire() == {"pet": {"petType": "saurian", "tail": False}}
    assert Owner(pet=Dog(pet_type=DogPetType.PUPPY)).to_wire() == {"pet": {"petType": "puppy"}}
    with pytest.raises(ValidationError, match="pet_type"):
        Dog()  # type: ignore[call-arg]


def test_tags_that_nobody_knows_survive() -> None:
    owner = Owner.from_wire({"pet": {"petType": "dragon", "fire": [1, {"a": None}]}})
    assert isinstance(owner.pet, UnknownVariant) and owner.pet.tag == "dragon" and owner.violations == ()
    assert owner.to_wire() == {"pet": {"petType": "dragon", "fire": [1, {"a": None}]}}
    untagged = Owner.from_wire({"pet": {"lives": 1}})
    assert untagged.pet == UnknownVariant(None, {"lives": 1})


def test_inline_variants_have_their_constants() -> None:
    owner = Owner.from_wire({"toy": {"kind": "bone", "flavour": "beef"}})
    assert owner.toy is not None and not isinstance(owner.toy, UnknownVariant) and owner.toy.kind == "bone"
    assert Owner.from_wire({"toy": None}).to_wire() == {"toy": None}


def test_members_beside_the_variants_belong_to_each() -> None:
    wire = {"form": "round", "name": "n", "radius": 2}
    owner = Owner.from_wire({"shape": wire})
    assert isinstance(owner.shape, ShapeRound) and owner.shape.name == "n" and owner.violations == ()
    assert Owner(shape=ShapeRound(name="n", radius=2)).to_wire() == {"shape": wire}


def test_a_discriminator_whose_tags_no_part_allows_tells_nothing() -> None:
    reserved = Ticket.from_wire({"seat": {"kind": "reserved", "row": 3}})
    assert type(reserved.seat) is Reserved and reserved.violations == ()
    sent = Ticket(seat=Standing(kind=SeatKind.STANDING)).to_wire()
    assert sent == {"seat": {"kind": "standing"}} and type(Ticket.from_wire(sent).seat) is Standing
