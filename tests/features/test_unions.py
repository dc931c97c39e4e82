"""Unions: built as one of their types, read as the one that fits best, told apart by constants where there are any."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from features._runtime.unions import UnknownVariant
from features.unions.models.account import Account
from features.unions.models.card import Card
from features.unions.models.contact import Contact
from features.unions.models.debit import Debit
from features.unions.models.event_failed import EventFailed
from features.unions.models.event_open import EventOpen
from features.unions.models.event_paid import EventPaid
from features.unions.models.redirect import Redirect
from features.unions.models.thing import Thing
from features.unions.models.thing_inline_circle import ThingInlineCircle
from features.unions.models.transfer_to_account import TransferToAccount
from features.unions.models.transfer_to_card import TransferToCard
from features.unions.models.wallet import Wallet


@pytest.mark.parametrize("value", ["1", 1, True])
def test_scalars_keep_their_kind(value: Any) -> None:
    read = Thing.from_wire({"scalar": value, "types": value})
    assert read.scalar == value and type(read.scalar) is type(value)
    assert Thing(scalar=value).to_wire() == {"scalar": value}
    assert (read.violations == ()) is not isinstance(value, bool)


def test_the_first_type_that_fits_counts() -> None:
    assert Thing.from_wire({"time": "2026-01-02T03:04:05Z"}).time == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert Thing.from_wire({"time": "tomorrow"}).time == "tomorrow"
    assert Thing(time=datetime(2026, 1, 2, tzinfo=timezone.utc)).to_wire() == {"time": "2026-01-02T00:00:00Z"}
    assert Thing(time="tomorrow").to_wire() == {"time": "tomorrow"}


@pytest.mark.parametrize(
    ("wire", "kind"),
    [
        ({"pan": "4"}, Card),
        ({"iban": "D"}, Account),
        ({"phone": "7"}, Wallet),
        ({"pan": "4", "name": "n", "x": 1}, Card),
    ],
)
def test_records_are_told_apart_by_what_is_in_them(wire: dict[str, Any], kind: type[Any]) -> None:
    read = Thing.from_wire({"untagged": wire, "list": [wire, wire], "one_or_many": wire if kind is Card else []})
    assert type(read.untagged) is kind and read.list is not None and [type(one) for one in read.list] == [kind, kind]
    assert read.violations == () and read.to_wire()["untagged"] == wire
    assert Thing(untagged=read.untagged).to_wire() == {"untagged": wire}


def test_what_fits_nothing_is_a_violation_and_kept() -> None:
    read = Thing.from_wire({"untagged": "text", "nullable": None, "one_or_many": [{"pan": 5}]})
    assert [one.pointer for one in read.violations] == ["/untagged", "/one_or_many/0/pan"]
    assert read.nullable is None and read.is_set("nullable")
    with pytest.raises(ValidationError, match="untagged"):
        Thing(untagged="text")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="untagged"):
        Thing(untagged=Contact(email="x"))  # type: ignore[arg-type]


def test_a_constant_that_all_parts_require_tells_them_apart() -> None:
    assert Thing.from_wire({"by_constant": {"kind": "paid", "amount": Decimal("1.0")}}).by_constant == EventPaid(
        amount=Decimal("1.0")
    )
    failed = Thing(by_constant=EventFailed(reason="r"))
    assert failed.to_wire() == {"by_constant": {"kind": "failed", "reason": "r"}}
    unknown = Thing.from_wire({"by_constant": {"kind": "lost", "x": 1}})
    assert unknown.by_constant == UnknownVariant("lost", {"kind": "lost", "x": 1}) and unknown.violations == ()
    assert unknown.to_wire() == {"by_constant": {"kind": "lost", "x": 1}}


def test_what_stands_beside_the_parts_holds_for_each() -> None:
    read = Thing.from_wire({"beside": {"amount": 1, "account": {"iban": "D"}}})
    assert isinstance(read.beside, TransferToAccount) and read.beside.amount == 1 and read.beside.account.iban == "D"
    assert TransferToCard(amount=Decimal("2"), card=Card(pan="4")).to_wire() == {"amount": 2, "card": {"pan": "4"}}
    with pytest.raises(ValidationError, match="amount"):
        TransferToCard(card=Card(pan="4"))  # type: ignore[call-arg]


def test_parts_that_only_require_members_are_checked() -> None:
    assert Contact(email="x").to_wire() == {"email": "x"}
    with pytest.raises(ValidationError):
        Contact()
    assert len(Contact.from_wire({}).violations) == 1


def test_unions_of_unions_and_inline_parts() -> None:
    for wire in ({"pan": "4"}, {"kind": "paid", "amount": 1}, 7):
        assert Thing.from_wire({"nested": wire}).to_wire() == {"nested": wire}
    assert Thing.from_wire({"inline": {"radius": 2}}).inline == ThingInlineCircle(radius=2)


@pytest.mark.parametrize("kind", ["waiting", "checking"])
def test_a_variant_may_have_several_tags(kind: str) -> None:
    read = Thing.from_wire({"by_constant": {"kind": kind, "since": 3}})
    assert type(read.by_constant) is EventOpen and str(read.by_constant.kind) == kind
    assert Thing(by_constant=read.by_constant).to_wire() == {"by_constant": {"kind": kind, "since": 3}}


def test_a_tag_that_nobody_knows_is_no_value_of_the_variant_with_several() -> None:
    read = Thing.from_wire({"by_constant": {"kind": "lost", "since": 3}})
    assert read.by_constant == UnknownVariant("lost", {"kind": "lost", "since": 3})


@pytest.mark.parametrize("kind", [Debit, Redirect])
def test_a_variant_says_by_its_default_what_it_is(kind: type[Debit | Redirect]) -> None:
    wire = {"by_default": {"type": kind.__name__.lower(), "bank": "b"}}
    sent = Thing(by_default=kind(bank="b")).to_wire()
    assert sent == wire
    assert type(Thing.from_wire(sent).by_default) is kind
    assert kind(bank="b") == kind.from_wire({"type": kind.__name__.lower(), "bank": "b"})


def test_what_was_read_without_it_is_written_without_it() -> None:
    read = Thing.from_wire({"by_default": {"bank": "b"}})
    assert type(read.by_default) is Debit and read.by_default.type == "debit"
    assert read.to_wire() == {"by_default": {"bank": "b"}}
