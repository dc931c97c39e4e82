"""What may be sent and what may be shown: models that got past the constructor, arrays with defects, secrets."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Annotated, Any, cast

import pytest
from cornershop.models.confirmation_redirect import ConfirmationRedirect
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.new_order import NewOrder
from cornershop.models.order import Order
from cornershop.models.order_list import OrderList
from pydantic import ValidationError

from sadpath.runtime.conversion import decode, encode
from sadpath.runtime.model import SECRET, Check, Model, ref
from sadpath.runtime.scalars import DecimalNumber, DecimalString
from sadpath.runtime.unions import UnknownVariant, tagged_union
from sadpath.runtime.validation import Mode
from sadpath.runtime.wire import JsonError, parse_json, write_json

AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
FLOAT = 0.1 + 0.2
ITEM: dict[str, Any] = {
    "id": "1",
    "status": "paid",
    "amount": {"value": "1.10", "currency": "EUR"},
    "created_at": "2026-01-05T10:00:00.123Z",
}


class Card(Model):
    number: Annotated[str, Check(min_length=13)]
    csc: Annotated[str, Check(max_length=4), SECRET] | None = None
    pin: Annotated[str | None, SECRET] = None


class Lists(Model):
    numbers: list[DecimalNumber] | None = None
    names: dict[str, Annotated[str, Check(max_length=3)]] | None = None
    rows: list[list[int]] | None = None
    models: Annotated[list[ref(__name__, __name__, "Other")], Check(max_items=5)] | None = None  # type: ignore[misc]
    ratio: float | None = None


class Other(Model):
    a: int
    b: DecimalString | None = None


class Open(Model):
    _additional = DecimalString

    a: int


Tagged = tagged_union(__name__, "a", {"1": (__name__, "Other")})


def constructed(**members: Any) -> MonetaryAmount:
    return MonetaryAmount.model_construct(**members)


@pytest.mark.parametrize(
    "amount",
    [
        constructed(value=FLOAT, currency="EUR"),
        constructed(value=True, currency="EUR"),
        constructed(value=Decimal("NaN"), currency="EUR"),
        constructed(currency="EUR"),
        constructed(value=Decimal(1), currency="EUROS"),
        MonetaryAmount.from_wire({"value": 1, "currency": "EUR"}),
        MonetaryAmount.from_wire({"currency": "EUR"}),
        MonetaryAmount.from_wire({"value": "1", "currency": "EUROS"}),
    ],
    ids=str,
)
def test_a_nested_model_that_the_constructor_would_refuse(amount: MonetaryAmount) -> None:
    with pytest.raises(ValidationError, match="amount"):
        NewOrder(amount=amount)
    with pytest.raises(ValidationError):
        decode(MonetaryAmount, amount, Mode.BUILD)
    with pytest.raises(ValidationError):
        decode(list[MonetaryAmount], [amount], Mode.BUILD)


def test_a_variant_that_the_constructor_would_refuse() -> None:
    with pytest.raises(ValidationError, match="confirmation"):
        NewOrder(amount=AMOUNT, confirmation=cast("Any", ConfirmationRedirect).model_construct(return_url=1))


def test_a_nested_model_stays_itself_and_changed_ones_are_seen() -> None:
    amount = MonetaryAmount.from_wire({"value": "1.10", "currency": "EUR", "later": 1})
    assert NewOrder(amount=amount).amount is amount
    wrong = AMOUNT.model_copy()
    vars(wrong)["value"] = FLOAT
    with pytest.raises(ValidationError):
        NewOrder(amount=wrong)
    order = NewOrder.model_construct(amount={"value": Decimal(1), "currency": "EUR"}, description=None)
    assert encode(NewOrder, decode(NewOrder, order, Mode.BUILD)) == {"amount": {"value": "1", "currency": "EUR"}}
    with pytest.raises(ValidationError):
        decode(Open, Open.from_wire({"a": 1, "more": "no number"}), Mode.BUILD)
    assert decode(Open, Open.from_wire({"a": 1, "more": "1.5"}), Mode.BUILD).to_wire() == {"a": 1, "more": "1.5"}


def test_a_copy_validates_its_update() -> None:
    with pytest.raises(ValidationError, match="value"):
        AMOUNT.model_copy(update={"value": FLOAT})
    with pytest.raises(AttributeError, match="unknown"):
        AMOUNT.model_copy(update={"unknown": 1})
    assert AMOUNT.model_copy(update={"value": Decimal(2)}).to_wire() == {"value": "2", "currency": "EUR"}
    assert AMOUNT.value == Decimal("1.10")
    assert Open(a=1).model_copy(update={"more": Decimal(1)}).to_wire() == {"a": 1, "more": "1"}
    with pytest.raises(ValidationError, match="more"):
        Open(a=1).model_copy(update={"more": FLOAT})


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (constructed(value=FLOAT, currency="EUR"), "MonetaryAmount.value: a float"),
        (NewOrder.model_construct(amount=constructed(value=FLOAT)), "MonetaryAmount.value: a float"),
        (Lists.model_construct(numbers=[FLOAT]), "Lists.numbers: a float"),
        (Open.model_construct(a=1, more=FLOAT), "Open.more: a float"),
    ],
    ids=str,
)
def test_no_float_is_written_as_an_amount(model: Model, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        model.to_json()


def test_a_float_is_written_only_where_the_contract_has_one() -> None:
    assert Lists(ratio=0.5).to_json() == b'{"ratio":0.5}'
    assert encode(float, 0.1) == Decimal("0.1")
    with pytest.raises(TypeError, match="/a/1/b: a float"):
        write_json({"a": [1, {"b": 0.5}]})
    with pytest.raises(TypeError, match="a float"):
        write_json(UnknownVariant("x", 0.5).to_wire())


def test_an_array_is_read_item_by_item() -> None:
    page = OrderList.from_wire({"items": [{"id": "0"}, 5, {**ITEM, "id": "2"}, None], "next_cursor": "c"})
    assert [item.id for item in page.items] == ["0", "2"]
    assert [violation.pointer for violation in page.violations if violation.pointer.count("/") == 2] == [
        "/items/1",
        "/items/3",
    ]
    assert [violation.value for violation in page.violations][:2] == [5, None]
    shifted = OrderList.from_wire({"items": [5, {"id": "0"}]})
    assert "/items/1/amount" in [violation.pointer for violation in shifted.violations]
    for other in (pickle.loads(pickle.dumps(page)), copy.deepcopy(page), copy.copy(page)):
        assert other == page and other.violations == page.violations
    assert page.to_wire()["items"] == [{"id": "0"}, {**ITEM, "id": "2"}]
    with pytest.raises(ValidationError):
        decode(list[Order], [ITEM, 5])


def test_arrays_and_maps_inside_each_other_are_read_too() -> None:
    read = Lists.from_wire(
        {
            "numbers": [Decimal(1), "2", "x"],
            "names": {"a": "b", "c": 1, "d": "too long"},
            "rows": [[1, "x"], 2],
            "models": [{"a": 1}, {"a": "x", "b": "1"}, "y"],
        }
    )
    assert (read.numbers, read.names, read.rows) == ([Decimal(1), Decimal(2)], {"a": "b", "d": "too long"}, [[1]])
    assert read.models is not None and [vars(model).get("a") for model in read.models] == [1, None]
    assert {violation.pointer for violation in read.violations} == {
        "/numbers/1",
        "/numbers/2",
        "/names/c",
        "/names/d",
        "/rows/0/1",
        "/rows/1",
        "/models/2",
        "/models/1/a",
    }
    assert Lists.from_wire({"numbers": "x"}).is_set("numbers") is False


def test_an_assignment_mends_a_violation_and_notes_stay_off_the_wire() -> None:
    read = Order.from_wire({**ITEM, "id": 1, "status": 7})
    read.id = "1"
    assert [violation.pointer for violation in read.violations] == ["/status"]
    with pytest.raises(ValidationError):
        cast("Any", read).id = 1
    assert read.id == "1" and len(read.violations) == 1
    assert set(read.to_wire()) == {"id", "amount", "created_at"} and not read.model_extra


def test_secret_members_do_not_show() -> None:
    card = Card(number="5555 5555 5555 4444", csc="987", pin="1234")
    for text in (repr(card), str(card), f"{card}", repr([card])):
        assert "987" not in text and "1234" not in text and "csc='***'" in text and "5555 5" not in text
    assert "csc=None" in repr(Card(number="1" * 13))
    assert card.to_wire()["csc"] == "987" and card.csc == "987"


def test_errors_hold_no_values() -> None:
    def build() -> Any:
        return Card(number="4111", csc="98765")

    def assign() -> None:
        Card(number="1" * 13).csc = "98765"

    def nested() -> Any:
        return decode(list[Card], [{"number": "4111", "csc": "98765"}], Mode.BUILD)

    for refused in (build, assign, nested):
        with pytest.raises(ValidationError) as caught:
            refused()
        error = caught.value
        assert "4111" not in repr(error.errors()) and "98765" not in repr(error.errors()) and "98765" not in str(error)
        assert error.errors()[0]["type"] == "contract_constraint" and error.__context__ is None


def test_an_encoding_that_is_none() -> None:
    with pytest.raises(JsonError, match="encoding"):
        parse_json(b"{}", charset="hex")
