"""What a schema demands and no type says, as a fragment of JSON Schema."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from sadpath.diagnostics import Report
from sadpath.lower.assertions import assertion_of
from sadpath.lower.merge import flatten
from sadpath.openapi.model import Document
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

_HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\ncomponents:\n  schemas:\n'


def document(schemas: str, report: Report) -> Document:
    source = parse_text("openapi.yaml", _HEAD + textwrap.indent(textwrap.dedent(schemas), "    "), report)
    assert source is not None
    found = parse_document(source, Sources(source, report), report)
    assert found is not None
    return found


def fragment(schemas: str, name: str = "A", *, is_record: bool = True) -> tuple[Any, list[str]]:
    """The fragment of a component, and what was reported."""
    report = Report()
    parsed = document(schemas, report)
    flat = flatten(parsed.schemas[name], parsed.definitions.__getitem__, report)
    found = assertion_of(flat, parsed.definitions.__getitem__, report, is_record=is_record)
    return None if found is None else json.loads(found), [one.message for one in report.diagnostics]


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ("{type: object, properties: {a: {type: string}}, required: [a]}", None),
        ("{type: string, minLength: 2, pattern: a}", None),
        ("{type: array, items: {type: string}, maxItems: 2}", None),
        ("{type: object, not: {required: [a, b]}}", {"not": {"required": ["a", "b"]}}),
        ("{type: object, minProperties: 2}", {"minProperties": 2}),
        (
            "{if: {properties: {k: {const: x}}}, then: {required: [v]}, else: false}",
            {"if": {"properties": {"k": {"const": "x"}}}, "then": {"required": ["v"]}, "else": False},
        ),
        ("{dependencies: {a: [b], c: {required: [d]}}}", {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}}),
        ("{propertyNames: {pattern: ^a}}", {"propertyNames": {"pattern": "^a"}}),
        ("{type: array, contains: {const: 1}, minContains: 2}", {"contains": {"const": 1}, "minContains": 2}),
        ("{type: array, minContains: 2}", None),
        ("{prefixItems: [{type: string}], items: false}", {"prefixItems": [{"type": "string"}], "items": False}),
        ("{prefixItems: [{type: string}], minItems: 1, maxItems: 1}", None),
        (
            "{properties: {a: {}}, patternProperties: {^x: {type: integer}}, additionalProperties: false}",
            {"patternProperties": {"^x": {"type": "integer"}}, "properties": {"a": True}, "additionalProperties": False},
        ),
        (
            "{properties: {a: {}}, unevaluatedProperties: false, anyOf: [{properties: {b: {}}}, {required: [a]}]}",
            {"anyOf": [{"properties": {"b": {}}}, {"required": ["a"]}], "properties": {"a": True}, "unevaluatedProperties": False},
        ),
        (
            "{properties: {a: {}, b: {}}, oneOf: [{required: [a]}, {required: [b]}]}",
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        ),
        ("{oneOf: [{type: string}, {type: integer}]}", None),
        ("{type: array, prefixItems: [{}], unevaluatedItems: false}", {"prefixItems": [{}], "unevaluatedItems": False}),
        ("{const: a}", None),
        ("{const: {a: [1]}}", {"const": {"a": [1]}}),
        ("{enum: [a, b, null]}", None),
        ("{enum: [true, false]}", None),
        ("{enum: [1, a]}", {"enum": [1, "a"]}),
        ("{type: number, enum: [1, 2]}", {"enum": [1, 2]}),
        ("false", {"not": {}}),
        ("true", None),
    ],
)  # fmt: skip
def test_only_what_no_type_says_is_in_the_fragment(keywords: str, expected: Any) -> None:
    assert fragment(f"A: {keywords}") == (expected, [])


def test_references_inside_are_copied_and_their_siblings_kept() -> None:
    found, reported = fragment("""
        A: {not: {$ref: "#/components/schemas/B", maxLength: 3}}
        B: {type: [string, "null"], enum: [x, null]}
        """)
    assert found == {"not": {"maxLength": 3, "allOf": [{"type": ["string", "null"], "enum": ["x", None]}]}}
    assert reported == []


def test_numbers_stay_exact() -> None:
    report = Report()
    parsed = document("A: {not: {multipleOf: 0.10, maximum: 123456789012345678901234567890}}", report)
    found = assertion_of(parsed.schemas["A"], parsed.definitions.__getitem__, report)
    assert found == '{"not":{"maximum":123456789012345678901234567890,"multipleOf":0.10}}'


def test_every_condition_of_an_all_of_is_kept() -> None:
    found, _ = fragment("""
        A:
          allOf:
            - {if: {required: [a]}, then: {required: [b]}}
            - {if: {required: [c]}, then: {required: [d]}}
            - {not: {required: [e]}}
            - {not: {required: [f]}}
        """)
    assert found["if"] == {"required": ["a"]} and found["not"] == {"required": ["e"]}
    assert found["allOf"] == [{"if": {"required": ["c"]}, "then": {"required": ["d"]}}, {"not": {"required": ["f"]}}]


def test_what_refers_back_to_itself_is_reported_and_the_rest_kept() -> None:
    found, reported = fragment("""
        A: {type: object, not: {$ref: "#/components/schemas/A"}, propertyNames: {maxLength: 1}}
        """)
    assert found == {"propertyNames": {"maxLength": 1}}
    assert reported == ["not enforced: not, as it refers back to itself"]


def test_what_is_too_large_is_reported() -> None:
    doubled = "\n".join(f'S{n}: {{allOf: [{{$ref: "#/components/schemas/S{n + 1}"}}, {{$ref: "#/components/schemas/S{n + 1}"}}]}}' for n in range(12))  # fmt: skip
    found, reported = fragment(f'A: {{not: {{$ref: "#/components/schemas/S0"}}}}\n{doubled}\nS12: {{type: string}}')
    assert found is None
    assert reported == ["not enforced: not, as it holds too many schemas"]


def test_unevaluated_is_left_out_where_what_it_depends_on_is() -> None:
    found, reported = fragment("""
        A: {unevaluatedProperties: false, anyOf: [{properties: {a: {$ref: "#/components/schemas/A"}}}]}
        """)
    assert found is None
    assert reported == [
        "not enforced: anyOf, as it refers back to itself",
        "not enforced: unevaluatedProperties, as it depends on what is not enforced either",
    ]


def test_a_map_has_no_fields_to_say_what_is_required() -> None:
    assert fragment("A: {type: object, required: [a], minProperties: 1}", is_record=False)[0] == {"required": ["a"]}
    assert fragment("A: {type: object, additionalProperties: false}", is_record=False)[0] == {
        "additionalProperties": False
    }
    assert fragment("A: {type: object, additionalProperties: {type: string}}", is_record=False)[0] is None
