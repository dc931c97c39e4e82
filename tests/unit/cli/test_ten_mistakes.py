"""A catalog with ten mistakes of ten kinds: all are found in one run, pointed at, and mended by what the messages say."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sadpath.cli.run import run

DOCUMENT = """\
openapi: 3.1.0
info: {title: Till, version: "1"}
paths:
  /charges:
    post:
      operationId: createCharge
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: Charged.}
        "400": {description: Refused.}
        "402": {description: Declined.}
        "409": {description: Charged before.}
        "429": {description: Too many.}
        "500": {description: Broken.}
"""
CATALOG = """\
errorcatalog: "1"
info: {api: till, locales: [en, ru], default_locale: en}
idempotency:
  key: {header: Idempotency-Key, generate: uuid4, retention: 24h}
operations:
  createCharge: {effect: once, idempotency: keey}
formats:
  plain: {media_types: [application/json], code: {body: /code}, message: {body: /message}}
default_format: plain
families:
  Refusals: {range: [100, 199], title: {en: Refusals, ru: Отказы}}
  Declines: {range: [150, 299], title: {en: Declines, ru: Отклонения}}
errors:
  bad_amount:
    match: {status: 400, code: 110}
    title: {en: A wrong amount, ru: Неверная сумма}
    fualt: client
    examples: [{id: answer-1, composed: true, response: {status: 400, headers: {Content-Type: application/json}, body: '{"code": 110, "message": "no"}'}}]
  bad_currency:
    match: {status: 400, code: 110}
    title: {en: A wrong currency, ru: Неверная валюта}
    examples: [{id: answer-2, composed: true, response: {status: 400, headers: {Content-Type: application/json}, body: '{"code": 111, "message": "no"}'}}]
  declined:
    match: {status: 402, code: 210}
    title: {en: Declined, ru: Отклонено}
    category: refused
    examples: [{id: answer-3, composed: true, response: {status: 402, headers: {Content-Type: application/json}, body: '{"code": 210, "message": "no"}'}}]
  charged_before:
    match: {status: 409, code: 230}
    title: {en: Charged before}
    examples: [{id: answer-4, composed: true, response: {status: 409, headers: {Content-Type: application/json}, body: '{"code": 230, "message": "no"}'}}]
  too_many:
    class: Declined
    match: {status: 429, code: 240}
    title: {en: Too many requests, ru: Слишком много запросов}
    examples: [{id: answer-5, composed: true, response: {status: 429, headers: {Content-Type: application/json}, body: '{"code": 240, "message": "no"}'}}]
  broken:
    match: {status: 500, code: 250}
    title: {en: Broken, ru: Сбой}
    fault: server
    outcome: unknown
    next: repeat
    key: new
    examples: [{id: answer-6, composed: true, response: {status: 500, headers: {Content-Type: application/json}, body: '{"code": 250, "message": "key sk_live_51H8xQpLk2jC9vT4mN7bR3wZa refused"}'}}]
  gone:
    match: {status: 418, code: 260, operations: createCharge}
    title: {en: Gone, ru: Нет}
    fault: client
    examples: [{id: answer-7, composed: true, response: {status: 418, headers: {Content-Type: application/json}, body: '{"code": 260, "message": "no"}'}}]
"""


@dataclass(frozen=True)
class Mistake:
    """What is found, in which line, what the message or its help says, and the edit of one of the files that this leads to."""

    code: str
    line: str
    says: str
    wrong: str
    right: str


MISTAKES = (
    Mistake("SP304", "idempotency: keey}", 'did you mean "key"?', "idempotency: keey", "idempotency: key"),
    Mistake("SP308", "Declines: {range", "150 to 199", "range: [150, 299]", "range: [200, 299]"),
    Mistake("SP302", "fualt: client", 'did you mean "fault"?', "fualt: client", "fault: client"),
    Mistake(
        "SP305",
        "  bad_currency:",
        "Tell them apart",
        "bad_currency:\n    match: {status: 400, code: 110}",
        "bad_currency:\n    match: {status: 400, code: 111}",
    ),
    Mistake("SP301", "category: refused", "declined", "category: refused", "category: declined"),
    Mistake(
        "SP309", "title: {en: Charged before}", '"ru"', "{en: Charged before}", "{en: Charged before, ru: Уже оплачено}"
    ),
    Mistake("SP306", "too_many:", "`class`", "    class: Declined\n", ""),
    Mistake("SP358", "key: new", "the `same`", "key: new", "key: same"),
    Mistake("SP364", "sk_live", "made-up", "sk_live_51H8xQpLk2jC9vT4mN7bR3wZa", "example-key"),
    Mistake(
        "SP355", "match: {status: 418", "418", '        "429"', '        "418": {description: Gone.}\n        "429"'
    ),
)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "errors.yaml").write_text(CATALOG, encoding="utf-8")
    return tmp_path


def linted(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]]]:
    arguments = ["lint", "--openapi", "openapi.yaml", "--errors", "errors.yaml", "--fail-on", "warning"]
    monkeypatch.setattr(sys, "argv", ["sadpath", *arguments, "--output-format", "json", "--no-cache"])
    code = run()
    return code, json.loads(capfd.readouterr().out)["diagnostics"]


def test_all_are_found_in_one_run_and_mended_from_the_messages(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code, found = linted(monkeypatch, capfd)
    lines = CATALOG.splitlines()
    assert code == 1 and len({mistake.code for mistake in MISTAKES}) == 10
    for mistake in MISTAKES:
        here = [
            one for one in found if one["code"] == mistake.code and mistake.line in lines[int(str(one["line"])) - 1]
        ]
        assert here, (mistake, [(one["code"], one["line"], one["message"]) for one in found])
        assert any(mistake.says in f"{one['message']} {one['help']}" for one in here), here
    expected = {mistake.code for mistake in MISTAKES}
    assert {one["code"] for one in found if one["severity"] != "info"} == expected, "nothing else is said"
    for mistake in MISTAKES:
        (file,) = [path for path in project.iterdir() if mistake.wrong in path.read_text(encoding="utf-8")]
        text = file.read_text(encoding="utf-8")
        assert text.count(mistake.wrong) == 1, mistake
        file.write_text(text.replace(mistake.wrong, mistake.right), encoding="utf-8")
    code, left = linted(monkeypatch, capfd)
    assert (code, [one["message"] for one in left if one["severity"] != "info"]) == (0, [])
