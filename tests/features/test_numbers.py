"""Numbers stay exact in both directions; what their formats allow is enforced."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features.numbers.models import Numbers

_DIGITS = "12345678901234567890123456789012345678901234567890"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"whole":{_DIGITS}}}',
        f'{{"exact":{_DIGITS}.{_DIGITS}}}',
        '{"exact":0.10}',
        '{"exact":1E+400}',
        '{"exact":-1E-27}',
        '{"cents":100000000000000000000000000000.01}',
        '{"binary":0.1}',
        '{"binary":1.7976931348623157E+308}',
        '{"small":-2147483648,"large":9223372036854775807,"byte":255}',
        '{"either":1}',
        '{"either":"1"}',
    ],
)
def test_a_number_is_written_as_it_was_read(text: str) -> None:
    answer = Numbers.from_json(text)
    assert not answer.violations
    assert answer.to_json().decode() == text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("small", 2**31, "is greater than 2147483647"),
        ("small", -(2**31) - 1, "is less than -2147483648"),
        ("large", 2**63, "is greater than 9223372036854775807"),
        ("large", -(2**63) - 1, "is less than -9223372036854775808"),
        ("byte", 256, "is greater than 255"),
        ("byte", -1, "is less than 0"),
        ("positive", 0, "is less than 1"),
        ("cents", Decimal("0.001"), "is no multiple of 0.01"),
        ("open", Decimal(0), "is not greater than 0"),
        ("open", Decimal(1), "is not less than 1"),
    ],
)
def test_what_a_format_or_a_bound_excludes(name: str, value: Any, message: str) -> None:
    for attempt in (lambda: Numbers(**{name: value}), lambda: received(Numbers, {name: value})):
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [((name,), message)]
    answer = Numbers.from_wire({name: value})
    assert noted(answer) == [(f"/{name}", message)] and getattr(answer, name) == value


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_float_that_json_does_not_have_is_refused(value: float) -> None:
    with pytest.raises(ValidationError, match="binary"):
        Numbers(binary=value)
    with pytest.raises(ValidationError, match="exact"):
        Numbers(exact=Decimal(value))


def test_a_double_that_is_too_large_is_no_infinity() -> None:
    answer = Numbers.from_json('{"binary":1E+400}')
    assert noted(answer) == [("/binary", "Input should be a finite number")] and not answer.is_set("binary")


@pytest.mark.parametrize(("name", "value"), [("whole", True), ("exact", True), ("exact", 0.1), ("whole", 1.0)])
def test_a_boolean_is_no_number_and_a_float_is_not_exact(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        Numbers(**{name: value})


def test_an_integer_may_be_written_with_a_fraction_of_zero() -> None:
    assert received(Numbers, {"whole": Decimal("5.0")}).whole == 5
    with pytest.raises(ValidationError, match="whole"):
        received(Numbers, {"whole": Decimal("5.5")})
