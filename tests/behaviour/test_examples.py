"""Every example of the catalogs, in both directions: bytes become the class that the catalog says, and the class those bytes again."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from behaviour.houses import HOUSES, WALLET, House, example_cases

from payments._runtime.answers import Answer
from payments._runtime.contract import Attribute, Format, Outcome
from payments._runtime.decoding import decode_failure
from payments._runtime.encoding import encode_failure
from payments._runtime.errors import ApiError
from payments._runtime.headers import Headers
from payments._runtime.outcomes import OutcomeUnknown
from sadpath.catalog.model import Example


def answer_of(example: Example) -> Answer:
    return Answer(example.response.status, Headers(example.response.headers), example.response.body.encode())


def decoded(house: House, example: Example) -> ApiError:
    found = decode_failure(house.registry, house.operation(example.operation), answer_of(example))
    assert found is not None, "the example was taken for a success"
    return found


def compact(text: str) -> str:
    """The JSON text without insignificant white space: members in their order, numbers as they are spelt."""
    tree = json.loads(text, parse_float=lambda digits: f"\0{digits}\0", parse_int=lambda digits: f"\0{digits}\0")
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).replace('"\\u0000', "").replace('\\u0000"', "")


def contract_headers(house: House, error: ApiError) -> set[str]:
    """The names of the headers that the contract speaks of, for one failure."""
    assert error.contract is not None
    format_: Format | None = house.registry.api.formats.get(error.contract.match.format or "")
    selectors = [attribute.select for attribute in error.contract.attributes.values()]
    if format_ is not None:
        selectors += [one for one in (format_.code, format_.message) if one is not None]
        attributes: list[Attribute] = list(format_.attributes.values())
        selectors += [attribute.select for attribute in attributes]
    return {one.header.lower() for one in selectors if one.header} | {name.lower() for name in error.contract.headers}


@pytest.mark.parametrize(("house", "id", "example"), example_cases())
def test_bytes_become_the_class_of_the_catalog(house: House, id: str, example: Example) -> None:
    error = decoded(house, example)
    expected = house.class_of(id)
    assert isinstance(error, expected)
    assert type(error) in (expected, house.registry.unknown_outcomes.get(expected))
    assert error.status == example.response.status
    assert error.operation == example.operation
    operation = house.operation(example.operation)
    assert expected.contract is not None and operation is not None
    outcome = expected.contract.outcome or (Outcome.REJECTED if operation.effect == "read" else Outcome.UNKNOWN)
    assert error.outcome is outcome
    assert isinstance(error, OutcomeUnknown) == (outcome is Outcome.UNKNOWN)
    assert error.violations == ()


@pytest.mark.parametrize(("house", "id", "example"), example_cases())
def test_the_class_becomes_those_bytes_again(house: House, id: str, example: Example) -> None:
    error = decoded(house, example)
    assert error.contract is not None
    if error.contract.raised == "opt_in" or error.contract.match.format is None:
        assert error.code is None or error.contract.raised == "opt_in"
        return
    written = encode_failure(house.registry, error, house.operation(example.operation))
    assert written.status == example.response.status
    assert written.body.decode() == (compact(example.response.body) if example.response.body else "")
    given = Headers(example.response.headers)
    for name in contract_headers(house, error):
        assert written.headers.get(name) == given.get(name)
    again = decode_failure(house.registry, house.operation(example.operation), written)
    assert again is not None
    assert (type(again), again.code, again.message, again.attributes) == (
        type(error),
        error.code,
        error.message,
        error.attributes,
    )


@pytest.mark.parametrize(("house", "id", "example"), example_cases())
def test_what_was_decoded_survives_a_pickle(house: House, id: str, example: Example) -> None:
    error = decoded(house, example)
    again: Any = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.status, again.code, again.message, again.attributes) == (
        error.status,
        error.code,
        error.message,
        error.attributes,
    )


def test_examples_of_success_are_no_failures() -> None:
    checked = 0
    for house in HOUSES:
        for example in house.catalog.examples:
            found = decode_failure(house.registry, house.operation(example.operation), answer_of(example))
            assert found is None, example.id
            checked += 1
    assert checked >= 3


def test_a_failure_that_a_body_tells_has_a_body() -> None:
    """Clients that know nothing of the catalog read JSON from a success."""
    for name, operation, body in (
        ("token_missing", "exchangeToken", b'{"access_token":""}'),
        ("unknown_status", "processPayment", b"{}"),
    ):
        made = encode_failure(WALLET.registry, WALLET.class_of(name)(), WALLET.operation(operation))
        assert (made.status, made.body, made.headers.get("Content-Type")) == (200, body, "application/json")
        assert type(decode_failure(WALLET.registry, WALLET.operation(operation), made)) in (
            WALLET.class_of(name),
            WALLET.registry.unknown_outcomes.get(WALLET.class_of(name)),
        )


def test_numbers_of_examples_stay_exact() -> None:
    assert compact('{ "a" : 1.10 , "b" : [ 2 ] }') == '{"a":1.10,"b":[2]}'
    assert Decimal("1.10").as_tuple().exponent == -2
