"""Models in their modes: built strictly, read leniently, written as far as they are set."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Annotated, Any, ClassVar, cast

import pytest
from cornershop.models.confirmation_qr import ConfirmationQr
from cornershop.models.confirmation_redirect import ConfirmationRedirect
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.new_order import NewOrder
from cornershop.models.order import Order
from cornershop.models.order_list import OrderList
from cornershop.models.order_status import OrderStatus
from pydantic import ValidationError

from sadpath.runtime.conversion import decode, encode
from sadpath.runtime.enums import ClosedEnum, ClosedIntEnum, OpenEnum, OpenIntEnum
from sadpath.runtime.model import SECRET, Check, ContractViolation, Model, ref
from sadpath.runtime.scalars import DecimalNumber, DecimalString
from sadpath.runtime.unions import ONE_OF, UnknownVariant
from sadpath.runtime.validation import Mode

AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
NOW = datetime(2026, 1, 5, 10, 0, 0, 123000, tzinfo=timezone.utc)
WIRE: dict[str, Any] = {
    "id": "1",
    "status": "paid",
    "amount": {"value": "1.10", "currency": "EUR"},
    "created_at": "2026-01-05T10:00:00.123Z",
}
GIVEN: dict[str, Any] = {"id": "1", "status": OrderStatus.PAID, "amount": AMOUNT, "created_at": NOW}


class Grade(ClosedEnum):
    A = "a"


class Level(ClosedIntEnum):
    ONE = 1


class Kind(OpenIntEnum):
    ONE = 1


class Numbers(Model):
    number: DecimalNumber
    grade: Grade | None = None
    level: Level | None = None
    kind: Kind | None = None
    ratio: float | None = None
    count: int | None = None


class Dated(Model):
    """Further members are dates or objects."""

    id: int | None = None
    _additional: ClassVar[Any] = Annotated[date | Numbers, ONE_OF]


class Other(Model):
    a: int
    b: int | None = None


Either = Annotated[Numbers | Other, ONE_OF]


def test_build_and_write() -> None:
    built = Order(**GIVEN, description=None, note=None, class_="x")
    assert built.to_wire() == {**WIRE, "note": None, "class": "x"}
    assert not built.is_set("description") and built.is_set("note") and not built.is_set("capture")
    assert Order.from_json(built.to_json()) == built


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 1},
        {"id": ""},
        {"amount": "1"},
        {"created_at": "2026-01-05T10:00:00Z"},
        {"created_at": datetime(2026, 1, 5)},
        {"capture": "true"},
        {"unknown": 1},
        {"class": "x"},
        {"description": "x" * 21},
        {"metadata": {"a": 1}},
        {"confirmation": AMOUNT},
    ],
    ids=str,
)
def test_what_the_constructor_refuses(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Order(**{**GIVEN, **wrong})


@pytest.mark.parametrize("value", [1.1, True, "1_0", "NaN", "٣", Decimal("NaN"), Decimal("Infinity"), None, ""])
def test_what_is_no_money(value: Any) -> None:
    with pytest.raises(ValidationError):
        MonetaryAmount(value=value, currency="EUR")


def test_no_value_in_the_message_of_an_error() -> None:
    with pytest.raises(ValidationError) as caught:
        MonetaryAmount(value=Decimal(1), currency="4111111111111111")
    assert "4111111111111111" not in str(caught.value)


def test_unknown_members_and_values_survive() -> None:
    wire = {
        **WIRE,
        "status": "brand_new",
        "confirmation": {"type": "hologram", "size": [1, {"x": None}]},
        "later": {"a": [Decimal("1.10"), None]},
    }
    read = Order.from_wire(wire)
    assert read.violations == ()
    assert not read.status.is_known and read.status == "brand_new" and read.status == OrderStatus("brand_new")
    assert isinstance(read.confirmation, UnknownVariant) and read.confirmation.tag == "hologram"
    assert read.to_wire() == wire
    assert Order.from_json(read.to_json()) == read


def test_salvage() -> None:
    read = Order.from_wire(
        {
            "id": "1" * 40,
            "status": 7,
            "amount": {"value": 1, "currency": "EUR"},
            "description": None,
            "confirmation": "x",
            "parent": {"id": "2"},
            "extra": 1,
        }
    )
    assert [violation.pointer for violation in read.violations] == [
        "/id",
        "/status",
        "/description",
        "/created_at",
        "/confirmation",
        "/amount/value",
        "/parent/status",
        "/parent/amount",
        "/parent/created_at",
    ]
    assert (
        read.id == "1" * 40 and read.description is None and read.amount.value == 1 and not read.is_set("description")
    )
    assert read.parent is not None and read.parent.id == "2"
    for name in ("status", "created_at", "confirmation"):
        with pytest.raises(ContractViolation, match=f"Order.{name}"):
            getattr(read, name)
    with pytest.raises(AttributeError):
        getattr(read, "nothing")  # noqa: B009
    assert read.to_wire() == {
        "id": "1" * 40,
        "amount": {"value": "1", "currency": "EUR"},
        "parent": {"id": "2"},
        "extra": 1,
    }


@pytest.mark.parametrize(
    "wire", [WIRE, {"id": 1, "status": "paid", "extra": [1], "parent": {"id": "q"}}, {}], ids=["good", "bad", "empty"]
)
def test_copies(wire: dict[str, Any]) -> None:
    read = Order.from_wire(wire)
    for other in (pickle.loads(pickle.dumps(read)), copy.copy(read), copy.deepcopy(read), read.model_copy()):
        assert other == read and other is not read
        assert other.violations == read.violations and other.to_wire() == read.to_wire()
        assert repr(other) == repr(read)


def test_null_in_an_answer_and_in_a_request() -> None:
    assert Order.from_wire({**WIRE, "note": None}).is_set("note")
    assert decode(NewOrder, {"amount": WIRE["amount"], "note": None}, Mode.REQUEST).is_set("note")
    with pytest.raises(ValidationError) as caught:
        decode(NewOrder, {"amount": WIRE["amount"], "description": None}, Mode.REQUEST)
    assert caught.value.errors()[0]["loc"] == ("description",)


def test_a_request_is_strict_and_keeps_what_it_does_not_know() -> None:
    body = {"amount": {"value": "1.10", "currency": "EUR", "x": 1}, "y": [2]}
    assert decode(NewOrder, body, Mode.REQUEST).to_wire() == body
    wrongs: list[Any] = [
        {"amount": {"value": 1, "currency": "EUR"}},
        {"amount": {"value": "1", "currency": "EURO"}},
        {},
        [],
        "x",
        None,
    ]
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            decode(NewOrder, wrong, Mode.REQUEST)
    with pytest.raises(ValidationError):
        decode(NewOrder, {**body, "confirmation": {"type": "hologram"}}, Mode.REQUEST)


def test_the_discriminator_is_written() -> None:
    redirect = NewOrder(amount=AMOUNT, confirmation=ConfirmationRedirect(return_url="u"))
    assert redirect.to_wire()["confirmation"] == {"type": "redirect", "return_url": "u"}
    read = Order.from_wire({**WIRE, "confirmation": {"type": "qr", "data": "d"}})
    assert read.confirmation == ConfirmationQr.from_wire({"type": "qr", "data": "d"})
    alias = ref("cornershop.models", ".confirmation", "Confirmation")
    assert encode(alias, ConfirmationQr(data="d")) == {"type": "qr", "data": "d"}


def test_assignment_is_validated() -> None:
    built = Order(**GIVEN)
    built.description = "d"
    assert built.to_wire()["description"] == "d"
    built.description = None
    assert "description" not in built.to_wire()
    with pytest.raises(ValidationError):
        cast("Any", built).id = 1
    with pytest.raises(AttributeError):
        cast("Any", built).unknown = 1
    assert built.model_copy(update={"description": None}).to_wire() == WIRE


def test_numbers_are_exact() -> None:
    read = Numbers.from_json(
        b'{"number":0.10000000000000000000000001,"count":5.0,"ratio":0.5,"kind":9,"level":2,"grade":"z"}'
    )
    assert str(read.number) == "0.10000000000000000000000001" and read.count == 5 and read.ratio == 0.5
    assert read.kind == 9 and read.kind is not None and not read.kind.is_known
    assert [violation.pointer for violation in read.violations] == ["/grade", "/level"]
    assert read.to_json() == b'{"number":0.10000000000000000000000001,"kind":9,"ratio":0.5,"count":5}'
    assert Numbers.from_json(b'{"number":"1.0"}').violations[0].message == "a number is expected, not text"
    assert Numbers.from_json(b'{"number":1e400}').to_json() == b'{"number":1E+400}'


def test_untagged_unions() -> None:
    assert decode(Either, {"a": 1, "b": 2}, Mode.READ) == Other(a=1, b=2)
    assert decode(Either, {"number": Decimal("1.5")}, Mode.READ) == Numbers(number=Decimal("1.5"))
    assert decode(Either, {"number": Decimal("1.5"), "a": "?"}, Mode.READ) == Numbers.from_wire(
        {"number": Decimal("1.5"), "a": "?"}
    )
    with pytest.raises(ValidationError):
        decode(Either, "x", Mode.READ)
    with pytest.raises(ValidationError):
        decode(Either, {"c": 1}, Mode.REQUEST)
    assert decode(Either, Other(a=1), Mode.BUILD) == Other(a=1)
    with pytest.raises(ValidationError):
        decode(Either, AMOUNT, Mode.BUILD)


def test_values_that_are_no_models() -> None:
    assert decode(list[Order], [WIRE])[0].to_wire() == WIRE
    assert encode(dict[str, DecimalString], {"a": Decimal("1.50")}) == {"a": "1.50"}
    assert encode(list[Order], [Order(**GIVEN)]) == [WIRE]
    assert decode(str, "x" * 3) == "x" * 3
    with pytest.raises(ValidationError):
        decode(OrderList, "x")


@pytest.mark.parametrize("kind", [OrderStatus, Kind])
def test_open_enumerations(kind: type[OpenEnum] | type[OpenIntEnum]) -> None:
    known = next(iter(kind))
    unknown: Any = kind("zzz") if issubclass(kind, str) else kind(77)
    for member in (known, unknown):
        assert pickle.loads(pickle.dumps(member)) == member == copy.deepcopy(member)
        assert hash(member) == hash(member.value) and str(member) == str(member.value) and type(member) is kind
        assert {member: 1}[kind(member.value)] == 1
        assert f"{member}" == str(member.value)
    assert known.is_known and not unknown.is_known
    assert "77" in repr(unknown) or "zzz" in repr(unknown)
    assert len(list(kind)) == len(kind.__members__)
    with pytest.raises(ValueError, match="None"):
        cast("Any", kind)(None)


@pytest.mark.parametrize("wire", [{"start": "2026-01-05"}, {"id": "x", "start": "2026-01-05"}])
def test_further_members_of_an_answer_have_their_type(wire: dict[str, Any]) -> None:
    read = Dated.from_wire(wire)
    assert read.model_extra == {"start": date(2026, 1, 5)} and read.to_wire()["start"] == "2026-01-05"
    assert [one.pointer for one in read.violations] == (["/id"] if "id" in wire else [])


def test_further_members_that_do_not_fit_are_noted_and_kept() -> None:
    read = Dated.from_wire({"a": "soon", "b": {"number": 1, "grade": "z"}})
    assert [one.pointer for one in read.violations] == ["/a", "/b/grade"]
    assert read.model_extra is not None and read.model_extra["a"] == "soon"
    assert isinstance(read.model_extra["b"], Numbers) and read.model_extra["b"].number == 1
    assert read.to_wire() == {"a": "soon", "b": {"number": 1}}


@pytest.mark.parametrize("value", [None, "x", 5])
def test_a_further_member_called_like_an_attribute_is_none_of_it(value: Any) -> None:
    for read in (Order.from_wire({**WIRE, "class_": value}), decode(Order, {**WIRE, "class_": value}, Mode.REQUEST)):
        assert not read.is_set("class_") and read.class_ is None and read.violations == ()
        assert read.to_wire() == {**WIRE, "class_": value}
    both = Order.from_wire({**WIRE, "class": "c", "class_": value})
    assert both.is_set("class_") and both.class_ == "c" and both.to_wire() == {**WIRE, "class": "c", "class_": value}


@pytest.mark.parametrize("mode", [Mode.READ, Mode.REQUEST])
def test_a_whole_number_is_a_value_of_an_integer_enumeration(mode: Mode) -> None:
    assert decode(Level, Decimal("1.0"), mode) is Level.ONE
    assert decode(Kind, Decimal("7E+1"), mode) == 70
    for wrong in (Decimal("1.5"), Decimal("NaN"), "1", True):
        with pytest.raises(ValidationError):
            decode(Kind, wrong, mode)
    with pytest.raises(ValidationError):
        decode(Level, Decimal("1.0"), Mode.BUILD)


@pytest.mark.parametrize("tree", [{"url": "u"}, {"type": None}, {"type": 5}])
def test_an_answer_without_a_tag_is_noted_and_kept(tree: dict[str, Any]) -> None:
    read = Order.from_wire({**WIRE, "confirmation": tree})
    assert read.confirmation == UnknownVariant(None, tree) and read.to_wire()["confirmation"] == tree
    assert [one.pointer for one in read.violations] == ["/confirmation"]


def test_card_numbers_do_not_show() -> None:
    shown = ConfirmationRedirect(return_url="4111 1111 1111 1111")
    assert "4111" not in repr(shown) and "4111" not in str(shown) and "4111" not in f"{shown}"


@pytest.mark.parametrize(
    ("check", "value", "broken"),
    [
        (Check(min_length=2), "a", "has fewer than 2 characters"),
        (Check(max_length=2), "абв", "has more than 2 characters"),
        (Check(pattern="^a+$"), "b", "does not match '^a+$'"),
        (Check(pattern="(?<bad"), "b", None),
        (Check(ge=1), 0, "is less than 1"),
        (Check(gt=Decimal("0.1")), Decimal("0.1"), "is not greater than 0.1"),
        (Check(le=1), 2, "is greater than 1"),
        (Check(lt=1), 1, "is not less than 1"),
        (Check(multiple_of=Decimal("0.01")), Decimal("10.015"), "is no multiple of 0.01"),
        (Check(multiple_of=Decimal("0.01")), Decimal("100000000000000000000000000000.01"), None),
        (Check(min_items=1), [], "has fewer than 1 items"),
        (Check(unique_items=True), [{"a": 1}, {"a": 1}], "holds one item twice"),
        (Check(max_properties=1), {"a": 1, "b": 2}, "has more than 1 members"),
        (Check(min_length=3), 1, None),
        (Check(ge=1), None, None),
    ],
)
def test_constraints(check: Check, value: Any, broken: str | None) -> None:
    assert check.broken(value) == broken


class Login(Model):
    """Answers should not hold `pin`, requests not `status`."""

    name: str
    keys: Annotated[list[str] | None, SECRET] = None
    _write_only: ClassVar[Any] = ("pin",)
    _read_only: ClassVar[Any] = ("status",)


class Vault(Model):
    owner: str
    _additional: ClassVar[Any] = Annotated[str, SECRET]


def test_secrets_are_not_shown_wherever_they_come() -> None:
    read = Login.from_wire({"name": "n", "keys": ["hush"], "pin": "hush", "more": "seen"})
    assert "hush" not in f"{read!r} {read}" and "seen" in repr(read) and read.to_wire()["pin"] == "hush"
    vault = Vault.from_wire({"owner": "me", "safe": "hush"})
    assert "hush" not in f"{vault!r} {vault}" and "owner='me'" in repr(vault)


def test_a_server_passes_over_read_only_members() -> None:
    sent = decode(Login, {"name": "n", "status": "admin", "more": 1}, Mode.REQUEST)
    assert sent.to_wire() == {"name": "n", "more": 1}
    assert Login.from_wire({"name": "n", "status": "paid"}).to_wire()["status"] == "paid"


@pytest.mark.parametrize("data", [[{"a": 1}], [{"number": 1}]])
def test_a_union_of_lists_takes_the_one_without_violations(data: Any) -> None:
    for annotation in (list[Numbers] | list[Other], list[Other] | list[Numbers]):
        (item,) = decode(Annotated[annotation, ONE_OF], data)
        assert item.violations == () and type(item) is (Other if "a" in data[0] else Numbers)
    mapped = decode(Annotated[dict[str, Numbers] | dict[str, Other], ONE_OF], {"x": {"a": 1}})
    assert type(mapped["x"]) is Other


@pytest.mark.parametrize("data", ["1.50", "1.5e3", Decimal("1.50"), 7, "2020-01-01", "x"])
def test_a_value_of_a_union_is_written_as_it_came(data: Any) -> None:
    kinds: Any = Annotated[date | DecimalString | DecimalNumber | str, ONE_OF]
    plain: Any = Annotated[DecimalNumber | str, ONE_OF]
    assert encode(plain, decode(plain, data)) == data
    if not isinstance(data, Decimal | int):
        assert encode(kinds, decode(kinds, data)) == data


class Keyed(Model):
    key: Annotated[Annotated[str | int, ONE_OF], Check(min_length=2, le=Decimal(9))]


@pytest.mark.parametrize("value", ["a", 10])
def test_limits_beside_a_union_are_enforced(value: Any) -> None:
    with pytest.raises(ValidationError):
        Keyed(key=value)
    read = Keyed.from_wire({"key": value})
    assert read.key == value and [one.pointer for one in read.violations] == ["/key"]
    assert Keyed(key="ab").key == "ab" and Keyed(key=9).key == 9
