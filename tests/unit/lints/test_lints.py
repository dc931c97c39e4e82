"""Each lint on a sound contract, which it leaves alone, and on that contract with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sadpath.config import ApiSettings
from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Diagnostic, Report, Severity, rules_lints
from sadpath.diagnostics.model import Rule
from sadpath.diagnostics.render import render_full
from sadpath.pipeline import lint_all

Change = Callable[[dict[str, Any], dict[str, Any]], None]

DOCUMENT = """
openapi: 3.1.0
info: {title: Till, version: "1"}
paths:
  /charges:
    post:
      operationId: createCharge
      parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]
      responses:
        "201":
          description: The money was taken.
          content:
            application/json:
              schema:
                type: object
                properties:
                  id: {type: string, example: "4111-1111-1111-1111"}
                  status: {type: string, enum: [open, paid]}
                  parity: {type: string, enum: [odd, even], x-sadpath-open: false}
        "400": {$ref: "#/components/responses/Failure"}
        "402": {$ref: "#/components/responses/Failure"}
        default: {description: Anything else.}
  /charges/{id}:
    get:
      operationId: getCharge
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: The charge.}
        4XX: {description: What is wrong.}
        5XX: {description: What broke.}
components:
  responses:
    Failure:
      description: What is wrong.
      content:
        application/json:
          schema:
            type: object
            properties:
              code: {$ref: "#/components/schemas/Code"}
  schemas:
    Code: {type: integer, enum: [11, 12, 20]}
"""
CATALOG = """
errorcatalog: "1"
info: {api: till, locales: [en]}
idempotency: {key: {header: Idempotency-Key, retention: 24h}}
operations: {createCharge: {effect: once, idempotency: key}}
formats:
  plain:
    media_types: [application/json]
    code: {body: /code, type: integer}
    message: {body: /text}
    attributes: {day: {body: /day, type: date}}
families: {RequestError: {range: [10, 19], title: Errors of requests}}
policies: {patient: {backoff: exponential, unit: 1s, cap: 1m, max_elapsed: 30m}}
errors:
  amount_wrong:
    match: {status: 400, code: [11, 12]}
    title: Wrong amount
    description: The amount is wrong.
    remedies: [Correct it.]
    examples:
      - id: wrong
        operation: createCharge
        response: {status: 400, headers: {Content-Type: application/json}, body: '{"code":11,"text":"No","day":"2026-03-01"}'}
  card_declined:
    match: {status: 402, code: 20, operations: createCharge}
    category: declined
    fault: payer
    outcome: rejected
    next: user
    key: new
    title: Declined
    description: The card was declined.
    remedies: [Use another card.]
    examples:
      - {id: declined, operation: createCharge, response: {status: 402, body: '{"code":20}'}}
  charge_missing:
    match: {status: 404, operations: getCharge}
    category: not_found
    deprecated: A charge is never removed any more.
    title: No such charge
    description: There is no such charge.
    remedies: [Use another one.]
    examples:
      - {id: missing, operation: getCharge, response: {status: 404}}
  broken:
    match: {status: [500, 5XX]}
    outcome: by_effect
    next: repeat
    key: same
    policy: patient
    title: Something broke
    description: Something broke.
    examples:
      - {id: broken, operation: getCharge, response: {status: 500}}
"""


def settings_of(folder: Path, document: dict[str, Any], catalog: dict[str, Any] | None) -> ApiSettings:
    openapi, errors = folder / "openapi.yaml", folder / "errors.yaml"
    openapi.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    if catalog is not None:
        errors.write_text(yaml.safe_dump(catalog, sort_keys=False), encoding="utf-8")
    found = settings_from_options(openapi, errors if catalog is not None else None, "till", folder, (), Report())
    assert found is not None
    return found.apis[0]


def findings(folder: Path, change: Change | None = None) -> tuple[Diagnostic, ...]:
    """What is said of the sound contract, or of it after a change."""
    document, catalog = yaml.safe_load(DOCUMENT), yaml.safe_load(CATALOG)
    if change is not None:
        change(document, catalog)
    report = Report()
    lint_all([settings_of(folder, document, catalog)], report)
    assert not report.failed, render_full(report.diagnostics)
    return report.diagnostics


def test_a_sound_contract_is_left_alone(tmp_path: Path) -> None:
    assert findings(tmp_path) == ()


def entry(catalog: dict[str, Any], id: str, **keys: Any) -> None:
    catalog["errors"][id] |= keys


def operation(document: dict[str, Any], **keys: Any) -> None:
    document["paths"]["/charges/{id}"]["get"] |= keys


def response(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/charges"]["post"]["responses"]["201"]["content"]["application/json"]
    return found


def member(document: dict[str, Any], name: str, **keys: Any) -> None:
    properties: dict[str, Any] = response(document)["schema"]["properties"]
    properties[name] = {**properties.get(name, {"type": "string"}), **keys}


def with_example(catalog: dict[str, Any], id: str, body: str, status: int = 400) -> None:
    example = {"id": "more", "operation": "createCharge", "response": {"status": status, "body": body}}
    catalog["errors"][id]["examples"].append(example)


def shadowed(catalog: dict[str, Any]) -> None:
    """An entry for all operations, and one for each of them that answers the same."""
    words = {"title": "T", "description": "D", "remedies": ["R"]}
    catalog["errors"]["limited"] = {"match": {"status": 429, "code": 12000}, **words}
    catalog["errors"]["limited_here"] = {
        "match": {"status": 429, "code": 12000, "operations": ["getCharge", "createCharge"]},
        **words,
    }


def doubled(catalog: dict[str, Any], match: dict[str, Any]) -> None:
    """A second entry for the same answers, in other words."""
    catalog["errors"]["doubled"] = {"match": match, "title": "T", "description": "D", "remedies": ["R"]}


def bare(catalog: dict[str, Any]) -> None:
    catalog["operations"] = {"createCharge": {"effect": "once"}}
    catalog.pop("idempotency")


def listed_apart(document: dict[str, Any], *more: int) -> None:
    """A schema for each code, of which a body has one."""
    codes = document["components"]["schemas"].pop("Code")["enum"]
    failure = document["components"]["responses"]["Failure"]["content"]["application/json"]
    failure["schema"] = {
        "oneOf": [{"type": "object", "allOf": [{"properties": {"code": {"const": code}}}]} for code in (*codes, *more)]
    }


CASES: tuple[tuple[str, Change], ...] = (
    ("SP350", lambda document, catalog: shadowed(catalog)),
    ("SP350", lambda document, catalog: doubled(catalog, {"status": 400, "code": "11"})),
    ("SP350", lambda document, catalog: doubled(catalog, {"status": 400, "code": 11, "format": "plain"})),
    ("SP351", lambda document, catalog: entry(catalog, "card_declined", **{"class": "Unreadable"})),
    ("SP352", lambda document, catalog: entry(catalog, "card_declined", **{"class": "NotFound"})),
    ("SP353", lambda document, catalog: document["components"]["schemas"]["Code"]["enum"].append(77)),
    ("SP353", lambda document, catalog: listed_apart(document, 77)),
    ("SP354", lambda document, catalog: document["components"]["schemas"]["Code"]["enum"].remove(20)),
    ("SP355", lambda document, catalog: document["paths"]["/charges/{id}"]["get"]["responses"].pop("5XX")),
    ("SP356", lambda document, catalog: entry(catalog, "broken", fault="client")),
    ("SP356", lambda document, catalog: entry(catalog, "amount_wrong", fault="server")),
    ("SP357", lambda document, catalog: bare(catalog)),
    ("SP358", lambda document, catalog: entry(catalog, "broken", key="new")),
    ("SP358", lambda document, catalog: entry(catalog, "broken", next="fix")),
    ("SP358", lambda document, catalog: entry(catalog, "card_declined", outcome="processed", next="fix", key="same")),
    ("SP358", lambda document, catalog: entry(catalog, "card_declined", outcome="pending", next="fix", key="same")),
    ("SP357", lambda document, catalog: (bare(catalog), entry(catalog, "broken", outcome="unknown"))),
    ("SP359", lambda document, catalog: catalog["policies"]["patient"].update(max_elapsed="25h")),
    ("SP370", lambda document, catalog: catalog["idempotency"]["key"].pop("retention")),
    ("SP360", lambda document, catalog: catalog["families"].update(CardError={"range": [30, 39], "title": "T"})),
    ("SP361", lambda document, catalog: catalog["families"]["RequestError"].update(range=[12, 19])),
    ("SP362", lambda document, catalog: with_example(catalog, "amount_wrong", '{"code":20}')),
    ("SP362", lambda document, catalog: with_example(catalog, "amount_wrong", '{"code":11}', status=201)),
    ("SP363", lambda document, catalog: with_example(catalog, "amount_wrong", '{"code":11,"day":"soon"}')),
    ("SP364", lambda document, catalog: member(document, "id", example="sk_live_" + "9aZ8yX7wV6uT5sR4qP3oN2")),
    ("SP365", lambda document, catalog: member(document, "id", example="2720 9985 4136 7025")),
    ("SP366", lambda document, catalog: member(document, "status", **{"x-sadpath-open": False})),
    ("SP366", lambda document, catalog: member(document, "parity", description="New values can be added.")),
    ("SP367", lambda document, catalog: entry(catalog, "charge_missing", deprecated=True)),
    ("SP367", lambda document, catalog: operation(document, deprecated=True, summary="Read a charge.")),
    ("SP368", lambda document, catalog: catalog["errors"]["broken"].pop("examples")),
    ("SP369", lambda document, catalog: catalog["errors"]["card_declined"].pop("remedies")),
)


@pytest.mark.parametrize(("code", "change"), CASES, ids=[f"{code}-{place}" for place, (code, _) in enumerate(CASES)])
def test_one_change_is_one_finding(code: str, change: Change, tmp_path: Path) -> None:
    found = {one.rule.code for one in findings(tmp_path, change)}
    # What is added or changed may lack an example or remedies, too.
    assert code in found
    # What nothing protects must not be repeated either.
    assert found <= {code, "SP361", "SP368", "SP369"} | ({"SP358"} if code == "SP357" else set())


QUIET: tuple[tuple[str, Change], ...] = (
    ("a successor", lambda document, catalog: entry(catalog, "charge_missing", deprecated=True, replaced_by="broken")),
    ("a word on it", lambda document, catalog: operation(document, deprecated=True, summary="Use `list` instead.")),
    ("a document that leaves failures to its catalog", lambda document, catalog: _without_failures(document)),
    ("a schema for each code", lambda document, catalog: listed_apart(document)),
    ("an open list of codes", lambda document, catalog: _opened(document)),
    ("a key for tests", lambda document, catalog: member(document, "id", example="sk_test_9aZ8yX7wV6uT5sR4qP3oN2")),
    ("a made-up key", lambda document, catalog: member(document, "id", example="sk_live_xxxxxxxxxxxxxxxxxxxxxxx")),
    ("a test number", lambda document, catalog: member(document, "id", example="5555 5555 5555 4444")),
    ("no check digit", lambda document, catalog: member(document, "id", example="2720 9985 4136 7024")),
    ("a UUID", lambda document, catalog: member(document, "id", example="27209985-4136-7025-8000-272099854136")),
    ("no network", lambda document, catalog: member(document, "id", example="9929 5183 7406 2917")),
    ("a wait for a 429", lambda document, catalog: _limited(catalog)),
    ("a repeat of what only reads", lambda document, catalog: entry(catalog, "broken", key="same")),
)


def _without_failures(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for found in path.values():
            found["responses"] = {status: it for status, it in found["responses"].items() if status[0] == "2"}


def _opened(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Code"] |= {"enum": [11, 12], "x-sadpath-open": True}


def _limited(catalog: dict[str, Any]) -> None:
    catalog["errors"]["limited"] = {
        "match": {"status": 429},
        "fault": "server",
        "title": "T",
        "description": "D",
        "remedies": ["R"],
        "examples": [{"id": "limited", "operation": "getCharge", "response": {"status": 429}}],
    }


@pytest.mark.parametrize(("name", "change"), QUIET, ids=[name for name, _ in QUIET])
def test_what_only_looks_like_a_fault_is_left_alone(name: str, change: Change, tmp_path: Path) -> None:
    assert findings(tmp_path, change) == (), name


def test_a_secret_is_named_once_and_never_shown(tmp_path: Path) -> None:
    secret, number = "sk_live_" + "9aZ8yX7wV6uT5sR4qP3oN2", "2720998541367025"

    def change(document: dict[str, Any], catalog: dict[str, Any]) -> None:
        member(document, "id", example=secret)
        member(document, "other", example=secret, description=f"Such as {number}.")
        member(document, "third", example=secret)

    found = findings(tmp_path, change)
    assert [one.rule.code for one in found] == ["SP364", "SP365"]
    assert "at 2 more places" in found[0].message
    text = render_full(found)
    assert secret not in text and number not in text
    assert secret[-6:] not in text and number[-6:] not in text


def test_a_key_behind_escapes_is_not_shown_either(tmp_path: Path) -> None:
    line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
    key = f"-----BEGIN PRIVATE KEY-----\n{line}\n{line[::-1]}\n-----END PRIVATE KEY-----\n"
    found = findings(tmp_path, lambda document, catalog: member(document, "id", example=key))
    assert [one.rule.code for one in found] == ["SP364"]
    text = render_full(found)
    assert "a private key" in text and line[8:20] not in text and line[::-1][8:20] not in text


def test_what_is_derived_is_not_blamed(tmp_path: Path) -> None:
    report = Report()
    lint_all([settings_of(tmp_path, yaml.safe_load(DOCUMENT), None)], report)
    assert [one.rule.code for one in report.diagnostics] == ["SP310"]


def test_a_contract_that_cannot_be_read_is_not_linted(tmp_path: Path) -> None:
    report = Report()
    lint_all([settings_of(tmp_path, {"openapi": "3.1.0"}, None)], report)
    assert report.failed and not any(one.rule.code.startswith("SP36") for one in report.diagnostics)


def test_a_lint_stops_nobody() -> None:
    rules = [value for value in vars(rules_lints).values() if isinstance(value, Rule)]
    assert len(rules) > 15
    assert all(rule.severity is not Severity.ERROR and "SP350" <= rule.code < "SP390" for rule in rules)


def test_secrets_in_files_that_the_document_refers_to(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("type: string\nexample: sk_live_9aZ8yX7wV6uT5sR4qP3oN2\n")

    def change(document: Any, catalog: Any) -> None:
        member(document, "id", **{"$ref": "other.yaml"})

    (found,) = [one for one in findings(tmp_path, change) if one.rule.code == "SP364"]
    assert found.place is not None and found.place.path.endswith("other.yaml") and found.place.pointer == "/example"


def test_any_other_status_is_no_unreachable_error(tmp_path: Path) -> None:
    """What a stub would send for it is read as something else; what the API answers with another status is it."""
    other = {"match": {"status": "default", "operations": "createCharge"}, "title": "Any other failure"}

    def change(document: Any, catalog: Any) -> None:
        catalog["errors"]["other"] = other

    assert {one.rule.code for one in findings(tmp_path, change)} <= {"SP368", "SP369"}
