"""Random instances of every schema of every feature survive the way into Python and back; what is no instance is noticed."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from properties.instances import ANYTHING, Truth, same
from properties.oracle import Oracle
from pydantic import ValidationError

from features._runtime.conversion import decode, encode
from features._runtime.model import Model
from features._runtime.salvage import violations_in
from features._runtime.validation import Mode
from sadpath.config import ApiSettings
from sadpath.config.read import read_settings
from sadpath.diagnostics import Report
from sadpath.lower.faces import Direction, Faces
from sadpath.openapi.model import Document, Schema
from sadpath.python.names import Names, name_package
from sadpath.reading import read_service

CHECKOUT: Final = Path(__file__).resolve().parents[2]
FEATURES: Final = CHECKOUT / "specs" / "features"
ABOUT_CONSTRAINTS: Final = (
    "all-of any-value applicators arrays constants-and-enums constraints formats null-and-default numbers objects "
    "references text".split()
)
"""The features whose instances are spoilt: what they forbid has to be noticed. Unions with tags are not among them, as a tag that
is not known yet is read without a word."""


@dataclass(frozen=True)
class Case:
    """A named schema of a feature, as it goes one way."""

    feature: str
    component: str
    direction: Direction

    def __str__(self) -> str:
        return f"{self.feature}-{self.component}-{self.direction}"


@dataclass(frozen=True)
class Feature:
    """One feature: its document and the names of what is generated from it."""

    api: ApiSettings
    document: Document
    names: Names
    faces: Faces

    def annotation(self, case: Case) -> Any:
        """The generated class or alias of a schema."""
        known = self.names.types
        name = case.component
        if case.direction == "request" and f"{name} input" in known:
            name = f"{name} input"
        chosen = self.document.schemas[case.component].extensions.get("x-sadpath-name", name)
        models = importlib.import_module(f"{self.api.package}.models")
        return getattr(models, str(known[name if name in known else str(chosen)]))

    def directions(self, schema: Schema) -> list[Direction]:
        """The ways that a schema has a face of its own for."""
        if not self.faces.is_split(schema):
            return ["response"]
        both: tuple[Direction, Direction] = ("request", "response")
        return [one for one in both if self.faces.is_used(schema.key, one)] or ["response"]


def _settings() -> dict[str, ApiSettings]:
    found = read_settings(FEATURES, Report())
    assert found is not None
    return {api.name: api for api in found.apis}


@cache
def feature(name: str) -> Feature:
    api = _settings()[name]
    found = read_service(api, Report())
    assert found is not None
    service, document = found
    return Feature(api, document, name_package(service), Faces(document))


def _cases(names: Iterator[str] | list[str]) -> list[Case]:
    return [
        Case(name, component, direction)
        for name in names
        for component, schema in feature(name).document.schemas.items()
        for direction in feature(name).directions(schema)
    ]


ENDLESS: Final = {("inheritance", name) for name in ("Vehicle", "Car", "Bike")}
"""Schemas that list what includes them: a validator would go round for ever; tests/features/test_inheritance.py has them."""

LOST: Final = {("as-written", name) for name in ("Envelope", "Draft", "Holder", "Card")}
"""Schemas with a reference that leads on through another one, which the validator does not follow, with null in the place of a schema,
which it does not take, or with a pattern that it matches and we do not; tests/features/test_as_written.py has them."""

CASES: Final = [case for case in _cases(list(_settings())) if (case.feature, case.component) not in ENDLESS | LOST]
SPOILT: Final = _cases(ABOUT_CONSTRAINTS)


@cache
def truth(name: str, direction: Direction) -> Truth:
    return Truth.of(feature(name).document, direction)


@cache
def oracle(name: str, direction: Direction) -> Oracle:
    return Oracle(feature(name).api.openapi, direction)


def instances(case: Case, *, checked: bool = True) -> st.SearchStrategy[Any]:
    """Instances of a schema; what slips through is left out where they are checked."""
    schema = feature(case.feature).document.schemas[case.component]
    found = truth(case.feature, case.direction).instances(schema)
    return found.filter(oracle(case.feature, case.direction).of(case.component).is_valid) if checked else found


def some(part: int) -> settings:
    """A share of the examples that a property has otherwise, as it is tried for every schema."""
    count = max(settings.default.max_examples // part, 1) if settings.default is not None else 1
    return settings(
        max_examples=count,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def every(cases: list[Case]) -> Callable[[Any], Any]:
    return pytest.mark.parametrize("case", cases, ids=str)


@every(CASES)
def test_an_instance_survives_the_way_into_python_and_back(case: Case) -> None:
    annotation = feature(case.feature).annotation(case)
    validator = oracle(case.feature, case.direction).of(case.component)
    seen: Counter[bool] = Counter()

    @some(10)
    @given(tree=instances(case, checked=False))
    def survives(tree: Any) -> None:
        valid = validator.is_valid(tree)
        seen[valid] += 1
        if valid:
            check_the_way_back(annotation, tree)

    survives()
    # What is drawn has to be an instance to another validator too; few may not be to its taste.
    assert seen[True] >= seen[False] // 4, seen


def check_the_way_back(annotation: Any, tree: Any) -> None:
    """What is read, is written as it came; read again, received by a server and built anew, it is the same."""
    value = decode(annotation, tree)
    assert list(violations_in(value, "")) == []
    written = encode(annotation, value)
    assert same(written, tree), written
    again = decode(annotation, written)
    assert again == value and type(again) is type(value)
    assert decode(annotation, tree, Mode.REQUEST) == value
    assert same(encode(annotation, decode(annotation, value, Mode.BUILD)), tree)
    if isinstance(value, Model):
        check_the_constructor(value, tree)


def check_the_constructor(value: Model, tree: Any) -> None:
    """The members of a model make the same model; where the contract has no further members, it does not take them."""
    given_members = {name: getattr(value, name) for name in type(value).model_fields if value.is_set(name)}
    further = value.model_extra or {}
    takes_further = type(value)._additional is not None and not further.keys() & type(value).model_fields.keys()
    if takes_further or not further:
        built = type(value)(**given_members, **further)
        # What is built says what it is, where the tree may leave that out.
        members = type(value)._members
        stated = {members.wire_names[name]: constant for name, constant in members.stated.items()}
        assert built == value and same(built.to_wire(), {**stated, **tree})


def places(tree: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a tree."""
    yield at
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for token, inner in members:
        yield from places(inner, (*at, token))


def changed(tree: Any, at: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    """The tree with another value at one place."""
    if not at:
        return change(tree)
    if isinstance(tree, dict):
        return {name: changed(inner, at[1:], change) if name == at[0] else inner for name, inner in tree.items()}
    return [changed(inner, at[1:], change) if index == at[0] else inner for index, inner in enumerate(tree)]


@st.composite
def spoilt(draw: Any, case: Case) -> Any:
    """An instance with a small change that may make it none."""
    tree = draw(instances(case))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.sampled_from(list(places(tree))))
        tree = changed(tree, at, lambda value: draw(_other(value)))
    return tree


def _other(value: Any) -> st.SearchStrategy[Any]:
    """Something else for a value: of another type, smaller or larger, or with a member or an item more or less."""
    found: list[st.SearchStrategy[Any]] = [st.none(), ANYTHING]
    if isinstance(value, dict):
        found.append(
            st.builds(lambda name, more: {**value, name: more}, st.sampled_from(_NAMES) | st.text(max_size=6), ANYTHING)
        )
        found += [st.just({name: inner for name, inner in value.items() if name != gone}) for gone in value]
    elif isinstance(value, list):
        found += [st.just(value[:-1]), st.just([*value, *value[:1]]), ANYTHING.map(lambda more: [*value, more])]
    elif isinstance(value, str):
        found += [st.just(value[:-1]), st.just(value * 2), st.just(value + "x"), st.just(value.upper())]
    elif not isinstance(value, bool) and value is not None:
        found += [st.just(value + 1), st.just(-value), st.just(value * 100), st.just(Decimal(value) / 3)]
    return st.one_of(found)


_NAMES: Final = (
    "id",
    "x-a",
    "x-long",
    "b",
    "iban",
    "bic",
    "cardToken",
    "percent",
    "amount",
    "size",
    "name",
    "never",
    "kind",
)


@every(SPOILT)
def test_what_is_no_instance_is_refused_and_noted(case: Case) -> None:
    annotation = feature(case.feature).annotation(case)
    validator = oracle(case.feature, case.direction).of(case.component)

    @some(10)
    @given(tree=spoilt(case))
    def noticed(tree: Any) -> None:
        why = next((error.message for error in validator.iter_errors(tree)), None)
        assert is_refused(annotation, tree) is (why is not None), (why, tree)
        if isinstance(annotation, type) and issubclass(annotation, Model) and isinstance(tree, dict):
            noted = decode(annotation, tree).violations
            assert bool(noted) is (why is not None), (why, noted, tree)

    noticed()


def is_refused(annotation: Any, tree: Any) -> bool:
    """Whether a server does not take it."""
    try:
        decode(annotation, tree, Mode.REQUEST)
    except ValidationError:
        return True
    return False
