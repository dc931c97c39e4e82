"""Which defaults become values in Python, and what is said of the others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sadpath.diagnostics import Report
from sadpath.ir.types import AnyOf, Anything, ListOf, MapOf, Named, Nullable, Scalar, TupleOf, TypeRef
from sadpath.lower.defaults import fitting_default
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

_HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\ncomponents:\n  schemas:\n    A: '


def default(schema: str, found: TypeRef) -> tuple[tuple[Any] | None, list[str]]:
    """The default of a schema whose type is known, and what was reported."""
    report = Report()
    source = parse_text("openapi.yaml", f"{_HEAD}{schema}\n", report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None
    fitting = fitting_default(document.schemas["A"], found, "Owner", document.definitions.__getitem__, report)
    return fitting, [one.message for one in report.diagnostics]


@pytest.mark.parametrize(
    ("schema", "found", "value"),
    [
        ("{type: string, default: a}", Scalar("string"), "a"),
        ("{type: [string, 'null'], default: null}", Nullable(Scalar("string")), None),
        ("{type: number, default: 0.10}", Scalar("decimal-number"), Decimal("0.10")),
        ("{type: string, format: date, default: '2024-02-29'}", Scalar("date"), "2024-02-29"),
        ("{type: string, format: byte, default: AQ==}", Scalar("base64"), "AQ=="),
        ("{type: array, items: {type: string}, default: [a]}", ListOf(Scalar("string")), ["a"]),
        ("{prefixItems: [{format: date}], default: ['2024-02-29']}", TupleOf((Scalar("date"),)), ["2024-02-29"]),
        ("{type: object, default: {a: PT1S}}", MapOf(Scalar("duration")), {"a": "PT1S"}),
        ("{default: {a: [1]}}", Anything(), {"a": [1]}),
        ("{type: object, default: {}}", Named("Other"), {}),
        ("{type: array, default: []}", ListOf(Named("Owner")), []),
        ("{type: [object, 'null'], default: null}", Nullable(Named("Owner")), None),
        ("{default: later}", AnyOf((Scalar("date-time"), Scalar("string"))), "later"),
    ],
)
def test_a_default_that_fits(schema: str, found: TypeRef, value: Any) -> None:
    assert default(schema, found) == ((value,), [])


@pytest.mark.parametrize(
    ("schema", "found", "message"),
    [
        ("{type: string, default: 1}", Scalar("string"), "the default is no string"),
        ("{type: string, default: null}", Scalar("string"), "the default is no string"),
        ("{type: string, maxLength: 2, default: abc}", Scalar("string"), "the default has more than 2 characters"),
        ("{enum: [a, b], default: c}", Named("E"), "the default is none of the values that are allowed"),
        ("{type: array, items: {type: integer}, default: [1, x]}", ListOf(Scalar("integer")), "the default: /1 is no integer"),
        ("{type: string, format: date, default: soon}", Scalar("date"), "the default is not of the format"),
        ("{type: string, format: binary, default: a}", Scalar("binary"), "the default is not of the format"),
        ("{type: object, default: {a: soon}}", MapOf(Scalar("date")), "the default is not of the format"),
        ("{default: soon}", AnyOf((Scalar("date"), Scalar("uuid"))), "the default is not of the format"),
        ("{type: object, default: {}}", Named("Owner"), "the default would hold itself, as what it describes has it too"),
    ],
)  # fmt: skip
def test_a_default_that_does_not_fit_is_reported_and_left_out(schema: str, found: TypeRef, message: str) -> None:
    assert default(schema, found) == (None, [message])


def test_a_schema_without_a_default_has_none() -> None:
    assert default("{type: string}", Scalar("string")) == (None, [])
