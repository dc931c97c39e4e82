"""The catalog's language: what is accepted, what is refused, and how it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sadpath.catalog.http_message import parse_response, render_response
from sadpath.catalog.link import link_catalog
from sadpath.catalog.model import Catalog
from sadpath.catalog.parse import parse_catalog
from sadpath.catalog.schema import json_schema
from sadpath.diagnostics import Report
from sadpath.lower.failures import with_default_format
from sadpath.runtime.contract import Outcome, Predicate, Selector
from sadpath.source.loader import load, parse_text

SPECS = Path(__file__).parents[3] / "specs"
APIS = ("yookassa", "yoomoney-wallet", "paysera", "makecommerce")

SMALL = """\
errorcatalog: "1"
info: {api: shop, locales: [en]}
formats:
  plain: {media_types: [application/json], code: {body: /code}, message: {body: /text}}
errors:
  gone:
    match: {status: 410, code: gone}
    title: Gone
"""


def read(text: str) -> tuple[tuple[Catalog, str | None] | None, list[tuple[str, str, int]]]:
    """The catalog of a text, and what was found in it: rule, message, line."""
    report = Report()
    source = parse_text("errors.yaml", text, report)
    found = parse_catalog(source, report) if source is not None else None
    findings = [(one.rule.code, one.message, one.place.focus().line if one.place else 0) for one in report.diagnostics]
    return found, findings


@pytest.mark.parametrize("api", APIS)
def test_every_catalog_of_the_house_is_read_without_a_finding(api: str) -> None:
    report = Report()
    source = load(SPECS / api / "errors.yaml", report)
    assert source is not None
    assert parse_catalog(source, report) is not None
    assert report.diagnostics == ()


@pytest.mark.parametrize("api", APIS)
def test_the_schema_accepts_what_the_parser_accepts(api: str) -> None:
    source = load(SPECS / api / "errors.yaml", Report())
    assert source is not None
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(source.tree, schema)


@pytest.mark.parametrize(
    ("before", "after", "code", "message", "line"),
    [
        ("title: Gone", "titel: Gone", "SP302", 'the key "titel" is unknown here', 8),
        ("title: Gone", "descriptoin: Gone", "SP303", 'the key "title" is missing here', 6),
        ("status: 410", "status: 1000", "SP301", "expected a status such as 404", 7),
        ("code: gone", "code: [a, {b: c}]", "SP301", "expected a code: a string or an integer, found a mapping", 7),
        ("title: Gone", "title: Gone\n    outcome: perhaps", "SP301", "expected one of not_sent, rejected", 9),
        ("body: /code", "body: code", "SP301", "expected a JSON Pointer", 4),
        ("body: /code", "body: /code, header: X", "SP301", "expected exactly one of body, header", 4),
        ('errorcatalog: "1"', 'errorcatalog: "2"', "SP301", 'expected one of 1, found "2"', 1),
        ("  gone:", "  Gone!:", "SP301", '"Gone!" is not an id', 6),
        (
            "title: Gone",
            "title: Gone\n    examples: [{id: a, response: 'nothing'}]",
            "SP307",
            "line 1 is no status line",
            9,
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(before: str, after: str, code: str, message: str, line: int) -> None:
    text = SMALL.replace(before, after)
    found, findings = read(text)
    assert found is None or not found[0].complete
    assert any(rule == code and message in said and at == line for rule, said, at in findings), findings
    if code in ("SP301", "SP302", "SP303"):
        source = parse_text("errors.yaml", text, Report())
        assert source is not None
        assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(source.tree))


def test_all_findings_come_at_once() -> None:
    _, findings = read(SMALL.replace("title: Gone", "titel: Gone").replace("body: /text", "boddy: /text"))
    assert {rule for rule, _, _ in findings} == {"SP301", "SP302", "SP303"}


def test_what_is_left_out_is_computed() -> None:
    found, findings = read(SMALL.replace("status: 410", "status: 503"))
    assert findings == [] and found is not None
    contract = with_default_format(*found).errors[0].contract
    assert (contract.category, contract.fault, contract.outcome) == ("unavailable", "server", None)
    assert contract.advice.next == "repeat"
    assert contract.match.format == "plain"


KINDS = """
  gone_for_good:
    kind_of: gone
    match: {status: 410, code: gone, when: [{body: /reason, equals: final}]}
    attributes: {since: {body: /since, type: date, description: When it ended.}}
    title: Gone for good
"""


def test_a_kind_has_the_attributes_of_what_it_is_a_kind_of() -> None:
    values = "attributes: {why: {body: /reason, description: Why., values: {final: For good.}}}"
    found, findings = read(SMALL.replace("title: Gone", f"title: Gone\n    {values}") + KINDS)
    assert findings == [] and found is not None
    parent, kind = found[0].errors
    assert (parent.parent, kind.parent) == (None, "gone")
    assert list(parent.contract.attributes) == ["why"]
    assert list(kind.contract.attributes) == ["why", "since"]
    assert kind.attribute_texts["why"].description == parent.attribute_texts["why"].description
    assert (len(parent.attribute_texts["why"].values), kind.attribute_texts["why"].values) == (1, ())


@pytest.mark.parametrize(
    ("of_parent", "of_kind", "count"),
    [("unknown", "rejected", 1), ("unknown", "unknown", 0), ("rejected", "unknown", 0)],
)
def test_what_nobody_knows_has_no_kind_that_is_known(of_parent: str, of_kind: str, count: int) -> None:
    small = SMALL.replace("title: Gone", f"title: Gone\n    outcome: {of_parent}")
    found, findings = read(small + KINDS.replace("title: Gone", f"outcome: {of_kind}\n    title: Gone"))
    assert findings == [] and found is not None
    report = Report()
    link_catalog(found[0], (), report)
    assert [one.rule.code for one in report.diagnostics] == ["SP301"] * count


def test_a_predicate_may_be_turned_round() -> None:
    found, findings = read(SMALL.replace("code: gone}", "when: [{body: /status, not: {in: [a, b]}}]}"))
    assert findings == [] and found is not None
    predicate = found[0].errors[0].contract.match.when[0]
    assert predicate == Predicate(Selector(body="/status"), "in", ("a", "b"), negate=True)


def test_success_shaped_outcomes_have_no_format() -> None:
    found, _ = read(SMALL.replace("title: Gone", "title: Gone\n    raise: opt_in\n    outcome: pending"))
    assert found is not None
    contract = with_default_format(*found).errors[0].contract
    assert contract.match.format is None
    assert contract.outcome is Outcome.PENDING and contract.advice.next == "poll"


def linked(text: str, *operations: str) -> list[tuple[str, str]]:
    found, findings = read(text)
    assert found is not None, findings
    report = Report()
    link_catalog(found[0], operations, report)
    return [(one.rule.code, f"{one.message} {one.help or ''}") for one in report.diagnostics]


def test_names_that_lead_nowhere_are_found() -> None:
    text = SMALL.replace("code: gone}", "code: gone, format: plane, operations: [getThing]}\n    policy: patient")
    text += "operations: {createThing: {effect: once, idempotency: key}}\nframework: {route_not_found: lost}\n"
    findings = linked(text, "createThings", "getThing")
    said = " | ".join(message for _, message in findings)
    assert {rule for rule, _ in findings} == {"SP304"}
    for part in ('format "plane" did you mean "plain"', 'policy "patient"', 'idempotency scheme "key"', 'error "lost"'):
        assert part in said
    assert 'operation "createThing" did you mean "createThings"' in said


def test_a_default_format_that_is_not_there_is_found() -> None:
    _, findings = read(SMALL + "default_format: plane\n")
    assert findings == [("SP304", 'there is no format "plane"', 9)]


def test_what_webhooks_name_is_looked_for() -> None:
    text = SMALL + "webhooks: {gone: {payload: Thing, signature: stamp, operation: getThings}}\n"
    assert linked(text, "getThing") == [
        ("SP304", 'there is no signature "stamp" none is defined'),
        ("SP304", 'there is no operation "getThings" did you mean "getThing"?'),
    ]


def test_errors_that_cannot_be_told_apart_are_found() -> None:
    twin = "  away: {match: {status: [404, 410], code: gone}, title: Away}\n"
    assert linked(SMALL + twin) == [("SP305", '"away" matches the same answers as "gone" ')]
    assert linked(SMALL + twin.replace("code: gone", "code: lost")) == []


def test_classes_and_families_that_collide_are_found() -> None:
    text = SMALL + "  lost: {class: Gone, match: {status: 404, code: lost}, title: Lost}\n"
    text += "families: {One: {range: [1, 5], title: One}, Two: {range: [5, 9], title: Two}}\n"
    assert {rule for rule, _ in linked(text)} == {"SP306", "SP308"}


def test_a_missing_locale_is_a_warning() -> None:
    text = SMALL.replace("locales: [en]", "locales: [en, ru]").replace("title: Gone", "title: {en: Gone}")
    assert linked(text) == [("SP309", 'there is no text in "ru" here ')]


def test_http_messages_are_read_and_written_again() -> None:
    raw = 'HTTP/1.1 405 Method Not Allowed\nAllow: POST\nReason-Phrase: no GET\n\n{\n  "a" : 1\n}'
    message = parse_response(raw)
    assert (message.status, message.reason, message.headers[0]) == (405, "Method Not Allowed", ("Allow", "POST"))
    assert render_response(message) == raw
    assert parse_response("HTTP/2 500\nServer: x").body == ""


@pytest.mark.parametrize("text", ["", "HTTP/1.1 99 x", "HTTP/1.1 200 OK\nno header", "GET / HTTP/1.1"])
def test_what_is_no_http_response_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parse_response(text)


def test_the_schema_is_closed() -> None:
    schema: Any = json_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["errors"]["additionalProperties"]["additionalProperties"] is False
