"""Parameters that do not fit their path: what is assumed, and that it is said."""

from __future__ import annotations

import textwrap

import pytest

from sadpath.diagnostics import Report, Severity
from sadpath.openapi.model import Operation
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources


def operation(path: str, *parameters: str) -> tuple[Operation, list[tuple[str, str]]]:
    """The operation of a path with path parameters of those names, and the codes and messages of what is said."""
    listed = ", ".join(f"{{name: {name}, in: path, required: true, schema: {{type: integer}}}}" for name in parameters)
    text = f"""
        openapi: 3.1.0
        info: {{title: T, version: "1"}}
        paths:
          {path}:
            get: {{operationId: read, parameters: [{listed}]}}
    """
    report = Report()
    source = parse_text("api.yaml", textwrap.dedent(text), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    assert report.count(Severity.WARNING) == len(report.diagnostics)
    return document.operations[0], [(one.rule.code, one.message) for one in report.diagnostics]


def test_what_fits_is_left_alone() -> None:
    found, said = operation("/a/{b}/{c}", "c", "b")
    assert [one.name for one in found.parameters] == ["c", "b"] and said == []


def test_a_placeholder_that_nothing_describes_takes_any_text() -> None:
    found, said = operation("/a/{b}/{c}", "b")
    assert [(one.name, one.schema is None) for one in found.parameters] == [("b", False), ("c", True)]
    added = found.parameters[1]
    assert (added.location, added.required, added.style) == ("path", True, "simple")
    assert said == [("SP210", 'no parameter describes the placeholder "c" of the path "/a/{b}/{c}": it takes any text')]


def test_a_parameter_without_a_placeholder_is_left_out() -> None:
    found, said = operation("/a/{b}", "b", "shop")
    assert [one.name for one in found.parameters] == ["b"]
    assert said == [("SP211", 'the path "/a/{b}" has no placeholder "shop": it is left out')]


@pytest.mark.parametrize(("placeholder", "name"), [("orderId", "order_id"), ("loan_id", "laon_id"), ("ID", "id")])
def test_a_parameter_that_is_misspelt_is_taken_for_the_placeholder(placeholder: str, name: str) -> None:
    found, said = operation(f"/a/{{{placeholder}}}", name)
    assert [(one.name, one.schema is not None) for one in found.parameters] == [(placeholder, True)]
    assert [code for code, _ in said] == ["SP210", "SP211"]
    assert said[1][1].endswith(f'it is taken for "{placeholder}"')


def test_a_parameter_that_is_only_similar_is_not() -> None:
    found, said = operation("/a/{user_id}", "order_id")
    assert [(one.name, one.schema is None) for one in found.parameters] == [("user_id", True)]
    assert [code for code, _ in said] == ["SP210", "SP211"]


def test_a_parameter_serves_one_placeholder() -> None:
    found, _ = operation("/a/{bookId}/{bookIds}", "book_id")
    assert [(one.name, one.schema is None) for one in found.parameters] == [("bookId", False), ("bookIds", True)]
