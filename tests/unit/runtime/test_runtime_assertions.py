"""Fragments of JSON Schema are judged as another implementation judges them, and messages do not hold the value."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sadpath.runtime.assertions import breaches, divides, identity
from sadpath.runtime.patterns import longest, matches

_NAMES = st.sampled_from(["a", "b", "ab", "c"])
_NUMBERS = st.one_of(st.integers(-3, 12), st.sampled_from([1.0, 1.5, 2.5, -0.5]))
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, st.sampled_from(["", "a", "b", "abc", "12"]))
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=3)),
    max_leaves=8,
)
_COUNTS = st.integers(0, 3)
_PATTERNS = st.sampled_from(["^a", "b$", "^[0-9]+$", "c"])
_TYPES = st.sampled_from(["string", "integer", "number", "boolean", "array", "object", "null"])


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    by_name = st.dictionaries(_NAMES, inner, max_size=2)
    optional: dict[Any, st.SearchStrategy[Any]] = {
        "type": st.one_of(_TYPES, st.lists(_TYPES, min_size=1, max_size=3, unique=True)),
        "const": _VALUES,
        "enum": st.lists(_VALUES, min_size=1, max_size=3),
        "minimum": _NUMBERS,
        "exclusiveMaximum": _NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": _COUNTS,
        "maxLength": _COUNTS,
        "pattern": _PATTERNS,
        "required": st.lists(_NAMES, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(_NAMES, st.lists(_NAMES, max_size=2, unique=True), max_size=2),
        "minProperties": _COUNTS,
        "maxProperties": _COUNTS,
        "propertyNames": inner,
        "properties": by_name,
        "patternProperties": st.dictionaries(_PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "minItems": _COUNTS,
        "maxItems": _COUNTS,
        "uniqueItems": st.booleans(),
        "prefixItems": several,
        "items": inner,
        "contains": inner,
        "minContains": _COUNTS,
        "maxContains": _COUNTS,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "dependentSchemas": by_name,
        "unevaluatedProperties": inner,
        "unevaluatedItems": inner,
    }
    picked = st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=4, unique=True)
    return picked.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in names}))


_FRAGMENTS = st.recursive(st.booleans() | st.fixed_dictionaries({"type": _TYPES}), _schemas, max_leaves=6)


@settings(max_examples=600, deadline=None)
@given(_FRAGMENTS, _VALUES)
def test_agrees_with_another_implementation(fragment: Any, value: Any) -> None:
    assert (not breaches(fragment, value)) == Draft202012Validator(fragment).is_valid(value)


@pytest.mark.parametrize(
    ("fragment", "value", "where", "words"),
    [
        ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 2}, (), "is of a form that is excluded"),
        (
            {"if": {"properties": {"k": {"const": "x"}}, "required": ["k"]}, "then": {"required": ["v"]}},
            {"k": "x"},
            ("v",),
            "is missing",
        ),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, ("b",), "is missing, and is needed beside 'a'"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, (), "(a is missing; b is missing)"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}, (), "fits 2 alternatives at once"),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, {"A": 1}, ("A",), "has a name that is not allowed"),
        ({"prefixItems": [{"type": "string"}]}, [1], (0,), "is no string"),
        ({"contains": {"const": 1}, "minContains": 2}, [1, 2], (), "holds fewer than 2"),
        ({"unevaluatedProperties": False, "properties": {"a": True}}, {"b": 1}, ("b",), "is not allowed here"),
        ({"multipleOf": Decimal("0.01")}, Decimal("0.015"), (), "is no multiple of 0.01"),
    ],
)
def test_names_the_place_and_the_reason(fragment: Any, value: Any, where: tuple[Any, ...], words: str) -> None:
    ((found, message),) = breaches(fragment, value)
    assert found == where
    assert words in message


@given(st.text(alphabet="SECRT", min_size=6), st.booleans())
def test_a_message_does_not_hold_the_value(secret: str, inside: bool) -> None:
    fragment = {
        "not": True,
        "const": 1,
        "enum": [1],
        "type": "integer",
        "pattern": "^1",
        "maxLength": 1,
        "anyOf": [False],
    }
    found = breaches({"properties": {"a": fragment}} if inside else fragment, {"a": secret} if inside else secret)
    assert len(found) == 7
    assert all(secret not in message for _, message in found)


def test_numbers_are_compared_as_numbers_and_are_no_booleans() -> None:
    assert identity(1) == identity(Decimal("1.0")) == identity(1.0)
    assert identity(True) != identity(1)
    assert breaches({"const": {"a": [1]}}, {"a": [Decimal("1.00")]}) == []
    assert breaches({"uniqueItems": True}, [1, True, "1", None, False, 0]) == []


def test_numbers_of_any_size_are_judged_at_once() -> None:
    started = time.monotonic()
    assert divides(3, Decimal("3E+999999999"))
    assert not divides(3, Decimal("1E+999999999"))
    assert not divides(Decimal("0.01"), Decimal("1E-999999999"))
    assert divides(Decimal("0.01"), Decimal("123456789012345678901234567890.01"))
    assert breaches({"type": "integer"}, Decimal("1E-999999999"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^a$", "a\n", False),
        (r"^\d+$", "١٢", False),
        (r"^[\w]+$", "é", False),
        (r"^(?<year>\d{4})$", "2024", True),
        (r"^a\/b$", "a/b", True),
        (r"^[^\]$]$", "$", False),
        (r"^[[]$", "[", True),
        (r"^\p{L}+$", "1", True),
        ("[^]", "", True),
        ("(?<bad", "", True),
        ("^a$", "b" * (longest("^a$") + 1), True),
    ],
)
def test_patterns_are_those_of_ecma_script(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^a$", 10_000),
        ("^[a+*]+$", 10_000),
        (r"a\+b", 10_000),
        ("a+", 5_000),
        ("^a|b+", 5_000),
        (r"^\S+@\S+\.\S+$", 400),
        (r"\S+@\S+\.\S{1,}$", 200),
        ("^a{0,999}b{2,9}c{7}$", 10_000),
        ("a*b*c*d*e*f*", 100),
    ],
)
def test_the_more_a_pattern_repeats_the_shorter_its_texts(pattern: str, expected: int) -> None:
    assert longest(pattern) == expected


def test_multiples_of_numbers_with_thousands_of_digits() -> None:
    assert divides(Decimal(3), Decimal("3" * 5_000))
    assert not divides(Decimal("0.7"), Decimal("3" * 5_000))
    assert divides(Decimal("0.1"), 10**5_000)
    assert not divides(10**5_000, Decimal("1" * 5_000 + ".5"))
