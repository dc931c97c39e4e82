"""Instances that are made for documents of others: true to the schema, the same each time, and as the direction sees them."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.bench.synthetic import of_size
from conformance.corpus.dialect import Dialect, Direction
from conformance.corpus.making import Maker, Wish
from conformance.corpus.plain import Lost, Plain, read
from conformance.corpus.round_trips import difference
from conformance.corpus.texts import Unmade, matching

SCHEMAS = """
Old: {type: integer, minimum: 5, exclusiveMinimum: true, maximum: 6, nullable: true}
Code: {type: string, pattern: '^[A-Z]{3}-\\d{2,4}(x|y)?$', minLength: 6}
Moment: {type: string, format: date-time}
Account:
  type: object
  required: [id, secret, name]
  properties:
    id: {type: string, readOnly: true}
    secret: {type: string, writeOnly: true}
    name: {$ref: '#/components/schemas/Code'}
Both: {allOf: [{$ref: '#/components/schemas/Account'}, {type: object, required: [more], properties: {more: {type: boolean}}}]}
Animal:
  type: object
  required: [kind]
  properties: {kind: {type: string}}
  discriminator: {propertyName: kind, mapping: {feline: '#/components/schemas/Cat'}}
Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, required: [lives], properties: {lives: {type: integer}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, required: [barks], properties: {barks: {type: boolean}}}]}
Keeper:
  type: object
  required: [pet]
  properties: {pet: {allOf: [{$ref: '#/components/schemas/Animal'}, {description: Said beside it.}]}}
Kennel: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Fruit:
  oneOf: [{$ref: '#/components/schemas/Apple'}, {$ref: '#/components/schemas/Pear'}]
  discriminator: {propertyName: sort}
Animals:
  oneOf: [{$ref: '#/components/schemas/Mouse'}, {$ref: '#/components/schemas/Rat'}]
  discriminator: {propertyName: name}
Mouse: {type: object, properties: {name: {type: string, enum: [mouse]}}}
Rat: {type: object, properties: {name: {type: string, enum: [rat]}}}
Apple: {type: object, required: [sort], properties: {sort: {type: string}}}
Pear: {type: object, required: [sort], properties: {sort: {type: string, enum: [Apple, Pear, Plum]}}}
Tree: {type: object, required: [value], properties: {value: {type: number}, left: {$ref: '#/components/schemas/Tree'}}}
Endless: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Endless'}}}
Spelt: {type: integer, enum: ["1", "2"]}
Listed: {type: array, minItems: 1, items: {type: string, enum: [a]}, enum: [a]}
Twofold:
  type: object
  required: [torn, given]
  properties:
    torn: {allOf: [{$ref: '#/components/schemas/Sent'}], readOnly: true}
    given: {allOf: [{$ref: '#/components/schemas/Sent'}]}
Sent: {type: string, writeOnly: true}
Never: {allOf: [{type: string}, {type: integer}]}
Astray: {$ref: '#/components/schemas/Nowhere'}
"""


@pytest.fixture
def plain(tmp_path: Path) -> Plain:
    path = tmp_path / "openapi.yaml"
    head = {"openapi": "3.0.3", "info": {"title": "Made up", "version": "1"}, "paths": {}}
    path.write_text(yaml.safe_dump({**head, "components": {"schemas": yaml.safe_load(SCHEMAS)}}), encoding="utf-8")
    return Plain(path)


def made(plain: Plain, name: str, way: Direction = "response", *, count: int = 12) -> list[Any]:
    maker = Maker(Dialect(plain, plain.version, way), "1")
    reference = {"$ref": f"#/components/schemas/{name}"}
    return [
        maker.instance(reference, plain.path, Wish(("all", "least", "some")[turn % 3]), name) for turn in range(count)
    ]


def test_instances_are_true_and_the_same_each_time(plain: Plain) -> None:
    assert set(made(plain, "Old", count=200)) == {6, None}
    assert all(re.fullmatch(r"[A-Z]{3}-\d{2,4}[xy]?", one) and len(one) > 5 for one in made(plain, "Code"))
    assert made(plain, "Moment") == made(plain, "Moment")
    assert all(set(one) >= {"value"} for one in made(plain, "Tree"))


def test_values_of_another_type_are_what_they_spell(plain: Plain) -> None:
    assert set(made(plain, "Spelt")) == {1, 2}
    assert all(set(one) == {"a"} for one in made(plain, "Listed"))


def test_members_go_one_way(plain: Plain) -> None:
    for name in ("Account", "Both"):
        assert all("secret" not in one and "id" in one for one in made(plain, name))
        assert all("secret" in one and "id" not in one for one in made(plain, name, "request"))


def test_what_would_go_neither_way_goes_both_ways(plain: Plain) -> None:
    assert all(one.keys() == {"torn"} for one in made(plain, "Twofold"))
    assert all(one.keys() == {"torn", "given"} for one in made(plain, "Twofold", "request"))


def test_tags_say_what_an_instance_is(plain: Plain) -> None:
    found = made(plain, "Animal")
    assert {(one["kind"], *sorted(one.keys() & {"lives", "barks"})) for one in found} == {
        ("feline", "lives"),
        ("Dog", "barks"),
    }
    assert {one["kind"] for one in made(plain, "Cat")} == {"feline"}
    assert all("lives" in one or "barks" in one for one in (keeper["pet"] for keeper in made(plain, "Keeper")))
    assert {one["sort"] for one in made(plain, "Apple")} == {"Apple"}
    assert {one["sort"] for one in made(plain, "Pear")} == {"Pear"}
    # A union without a discriminator of its own: the variants have the tags of what they include.
    assert all(one["kind"] == ("feline" if "lives" in one else "Dog") for one in made(plain, "Kennel", count=40))
    assert {one["name"] for one in made(plain, "Animals")} == {"mouse", "rat"}


@pytest.mark.parametrize("name", ["Endless", "Never"])
def test_what_nothing_is_true_to_is_not_made(name: str, plain: Plain) -> None:
    with pytest.raises(Unmade):
        made(plain, name)


def test_a_reference_to_nowhere_is_told(plain: Plain) -> None:
    with pytest.raises(Lost):
        plain.target("#/components/schemas/Nowhere", plain.path)
    with pytest.raises(Lost):
        plain.target("https://elsewhere.example/schema.json", plain.path)


@pytest.mark.parametrize(
    "pattern", [r"^\d+$", r"^[^a-z]{2,}$", r"^(a|bc)*d?$", r"^\+?[1-9]\d{1,14}$", r"(?:x{3}|y)\s\w+", r"\p{Lu}+"]
)
def test_a_text_is_what_its_pattern_finds(pattern: str) -> None:
    chance = random.Random(2)
    texts = [matching(pattern, chance, 5) for _ in range(20)]
    assert all(re.search(pattern.replace(r"\p{Lu}", "[A-Z]"), one) for one in texts), texts


def test_the_first_difference_is_told() -> None:
    assert difference({"a": [1, {"b": "x"}]}, {"a": [Decimal("1.0"), {"b": "x"}]}) is None
    assert difference({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}) == "at /a/1/b: 'x' became 'y'"
    assert difference({"a": 1}, {}) == "at the root: {'a': 1} became {}"
    assert difference([True], [1]) == "at /0: True became 1"
    assert difference(["1"], [1]) == "at /0: '1' became 1"


def test_plain_data_are_read_as_yaml_1_2_has_them(tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    path.write_text(
        "on: no\nzero: 0129\nhex: 0x1F\n200: 2024-02-31\ntime: 12:30\nnothing:\nyes: true\nsum: 1e3\n", encoding="utf-8"
    )
    assert read(path) == {
        "on": "no",
        "zero": 129,
        "hex": 31,
        "200": "2024-02-31",
        "time": "12:30",
        "nothing": None,
        "yes": True,
        "sum": 1000.0,
    }


def test_a_document_of_a_size_is_made_up(tmp_path: Path) -> None:
    path = of_size(tmp_path / "made.json", 100_000)
    assert 100_000 <= path.stat().st_size < 150_000
    assert len(list(Plain(path).operations())) > 20
