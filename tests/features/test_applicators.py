"""Conditions on a whole object: refused when building, assigning and receiving, noted when reading."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.applicators.models import Legacy, Payment, Rules, Word

_BROKEN = [
    ({"method": "card", "amount": "1"}, "/cardToken", "is missing"),
    ({"method": "cash", "cardToken": "t", "amount": "1"}, "", "is of a form that is excluded"),
    ({"method": "cash", "bic": "b", "amount": "1"}, "/iban", "is missing, and is needed beside 'bic'"),
    ({"method": "cash", "iban": "i", "amount": "1"}, "/method", "is not the one value that is allowed"),
    ({"method": "cash"}, "", "fits none of the alternatives (amount is missing; percent is missing)"),
    ({"method": "cash", "amount": "1", "percent": 1}, "", "fits 2 alternatives at once, of which only one is allowed"),
]


@pytest.mark.parametrize(("tree", "pointer", "message"), _BROKEN)
def test_what_does_not_fit_is_noted_in_answers_and_refused_elsewhere(tree: Any, pointer: str, message: str) -> None:
    answer = Payment.from_wire(tree)
    assert noted(answer) == [(pointer, message)] and answer.to_wire() == tree
    with pytest.raises(ValidationError) as caught:
        received(Payment, tree)
    wire = tuple(pointer.split("/")[1:])
    assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [(wire, message)]
    names = {"cardToken": "card_token"}
    given = {names.get(name, name): Decimal(value) if name == "amount" else value for name, value in tree.items()}
    with pytest.raises(ValidationError) as caught:
        Payment(**given)
    python = tuple(names.get(name, name) for name in wire)
    assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [(python, message)]


def test_what_fits_passes() -> None:
    payment = Payment(method="transfer", iban="i", bic="b", amount=Decimal("1.00"))
    assert payment.to_wire() == {"method": "transfer", "iban": "i", "bic": "b", "amount": "1.00"}
    assert received(Payment, payment.to_wire()) == payment and not Payment.from_wire(payment.to_wire()).violations


def test_an_assignment_that_breaks_the_whole_is_undone() -> None:
    payment = Payment(method="cash", percent=5)
    with pytest.raises(ValidationError, match="fits 2 alternatives"):
        payment.amount = Decimal(1)
    assert payment.amount is None and payment.to_wire() == {"method": "cash", "percent": 5}
    payment.percent = 6
    assert payment.to_wire() == {"method": "cash", "percent": 6}


def test_members_that_fit_together_are_changed_at_once() -> None:
    payment = Payment(method="cash", percent=5)
    changed = payment.model_copy(
        update={"method": "card", "card_token": "t", "percent": None, "amount": Decimal("2.00")}
    )
    assert changed.to_wire() == {"method": "card", "cardToken": "t", "amount": "2.00"}
    with pytest.raises(ValidationError, match="fits none of the alternatives"):
        payment.model_copy(update={"percent": None})
    assert payment.to_wire() == {"method": "cash", "percent": 5}


def test_an_answer_that_does_not_fit_can_be_mended_step_by_step() -> None:
    answer = Payment.from_wire({"method": "card", "bic": "b", "amount": "1"})
    assert [pointer for pointer, _ in noted(answer)] == ["/iban", "/cardToken"]
    answer.card_token = "t"
    assert [pointer for pointer, _ in noted(answer)] == ["/iban"]
    answer.bic = None
    assert noted(answer) == []


def test_every_condition_of_an_all_of_holds() -> None:
    with pytest.raises(ValidationError, match="is less than 10"):
        Rules(kind="big", size=9)
    with pytest.raises(ValidationError, match="is missing"):
        Rules(kind="named")
    assert Rules(kind="big", size=10).size == 10


def test_the_old_keyword_for_dependencies() -> None:
    with pytest.raises(ValidationError, match="needed beside 'a'"):
        Legacy(a="1")
    assert Legacy(b="1").to_wire() == {"b": "1"}


def test_conditions_on_single_values() -> None:
    for wrong in ({"word": "forbidden"}, {"even": 3}):
        with pytest.raises(ValidationError, match="is of a form that is excluded"):
            Word(**wrong)
        answer = Word.from_wire(wrong)
        assert len(noted(answer)) == 1 and answer.to_wire() == wrong
    assert Word(word="fine", even=2).to_wire() == {"word": "fine", "even": 2}
