"""Which media type of a body comes first, and what is said of those that are left out."""

from __future__ import annotations

import pytest

from sadpath.catalog.derive import derive_catalog
from sadpath.diagnostics import Report
from sadpath.ir.service import Operation
from sadpath.lower.service import lower
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

_HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    post:\n      operationId: a\n'
_TAIL = '      responses: {"200": {description: ok}}\n'
_SCHEMA = "{schema: {type: object, properties: {a: {type: string}}}}"


def lowered(members: str) -> tuple[Operation, list[str]]:
    """The one operation of a document, and what was reported of media types."""
    report = Report()
    source = parse_text("api.yaml", _HEAD + members + _TAIL, report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    service = lower(document, derive_catalog(document, "shop", {0: "a"}), None, report)
    told = [one.message for one in report.diagnostics if one.rule.code == "SP402"]
    return service.groups[0].operations[0], told


def sent(*media_types: str) -> tuple[list[str], list[str]]:
    content = ", ".join(f'"{media_type}": {_SCHEMA}' for media_type in media_types)
    operation, told = lowered(f"      requestBody: {{content: {{{content}}}}}\n")
    assert operation.body is not None
    return [operation.body.media_type, *(one.media_type for one in operation.body.others)], told


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            ["application/json-patch+json", "application/vnd.a+json", "application/json"],
            ["application/json", "application/vnd.a+json", "application/json-patch+json"],
        ),
        (
            ["application/merge-patch+json", "application/json; charset=utf-8"],
            ["application/json; charset=utf-8", "application/merge-patch+json"],
        ),
        (["text/json", "application/json"], ["application/json", "text/json"]),
        (["application/x-www-form-urlencoded", "application/b+json"], None),
        (["application/b+json", "application/a+json"], ["application/b+json", "application/a+json"]),
    ],
)
def test_plain_json_comes_first(stated: list[str], expected: list[str] | None) -> None:
    assert sent(*stated) == (expected or list(reversed(stated)), [])


@pytest.mark.parametrize("left_out", ["application/*+json", "application/*", "*/*"])
def test_a_range_that_is_left_out_is_reported(left_out: str) -> None:
    kept, told = sent(left_out, "application/json")
    assert kept == ["application/json"]
    assert len(told) == 1 and left_out in told[0] and "application/json stands beside it" in told[0]


def test_a_range_that_stands_alone_is_kept() -> None:
    kept, told = sent("application/*+json")
    assert len(kept) == 1 and not told


def received(content: str) -> tuple[list[str | None], list[str]]:
    operation, told = lowered(f'      responses: {{"200": {{description: ok, content: {content}}}}}\n#')
    return [success.media_type for success in operation.successes], told


@pytest.mark.parametrize("schema", ["{}", "{schema: {type: string, format: binary}}"])
def test_bytes_of_which_nothing_more_is_said_lose_nothing(schema: str) -> None:
    assert received(f"{{application/xml: {schema}}}") == (["application/xml"], [])


def test_what_is_lost_of_a_body_is_reported() -> None:
    assert received(f"{{application/xml: {_SCHEMA}}}")[1] == [
        'bodies of type "application/xml" are handed over as bytes'
    ]
    kept, told = received(f"{{application/xml: {{}}, application/json: {_SCHEMA}}}")
    assert kept == ["application/json"] and "application/json stands beside it" in told[0]
    kept, told = received("{application/xml: {}, text/xml: {}}")
    assert len(kept) == 1 and len(told) == 1


@pytest.mark.parametrize(("required", "optional"), [("true", False), ("false", True)])
def test_a_key_is_as_optional_as_its_header(required: str, optional: bool) -> None:
    operation, _ = lowered(
        f"      parameters: [{{name: Idempotency-Key, in: header, required: {required}, schema: {{type: string}}}}]\n"
    )
    assert (operation.idempotency, operation.idempotency_optional) == ("key", optional)
