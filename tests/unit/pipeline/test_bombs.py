"""Documents that are small and mean something enormous: read in no time, or refused; nothing is done once for each way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sadpath.cli.run import run
from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.ir.service import Service
from sadpath.reading import read_service

LEVELS = 40
LEAF = {"type": "object", "properties": {"a": {"type": "string"}}}


def to(number: int) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/A{number}"}


def levels(one: Callable[[int], Any]) -> dict[str, Any]:
    """Schemas of which each refers to the next one."""
    return {**{f"A{number}": one(number) for number in range(LEVELS)}, f"A{LEVELS}": LEAF}


def read(tmp_path: Path, schemas: dict[str, Any], **failure: Any) -> tuple[Service | None, Report]:
    content = {"application/json": {"schema": to(0)}}
    operation = {"operationId": "read", "responses": {"200": {"description": "x", "content": content}, **failure}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": operation}}}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps({**document, "components": {"schemas": schemas}}), encoding="utf-8")
    report = Report()
    settings = settings_from_options(path, None, "shop", tmp_path / "output", [], report)
    assert settings is not None
    found = read_service(settings.apis[0], report)
    return (None if found is None else found[0]), report


BOMBS: dict[str, Callable[[int], Any]] = {
    "allOf": lambda number: {"allOf": [to(number + 1), to(number + 1)]},
    "anyOf": lambda number: {"anyOf": [to(number + 1), to(number + 1)]},
    "oneOf": lambda number: {"oneOf": [to(number + 1), to(number + 1)]},
    "mixed": lambda number: {"oneOf": [{"allOf": [to(number + 1), {"minProperties": number}]}, to(number + 1)]},
    "not": lambda number: {"type": "object", "not": {"allOf": [to(number + 1), to(number + 1)]}},
    "members": lambda number: {"type": "object", "properties": {"l": to(number + 1), "r": to(number + 1)}},
    "merged members": lambda number: {
        "allOf": [{"properties": {"l": to(number + 1)}}, {"properties": {"l": {"allOf": [to(number + 1)]}}}]
    },
    "items": lambda number: {"type": "array", "prefixItems": [to(number + 1), to(number + 1)]},
    "beside parts": lambda number: {
        "type": "object",
        "properties": {f"p{number}": {"type": "string"}},
        "anyOf": [to(number + 1), {"allOf": [to(number + 1)], "properties": {"other": {"type": "integer"}}}],
    },
    "further demands": lambda number: {
        "allOf": [to(number + 1), {"allOf": [to(number + 1), {"not": {"const": number}}]}]
    },
}


@pytest.mark.parametrize("name", BOMBS)
def test_references_that_fan_out(tmp_path: Path, name: str) -> None:
    service, report = read(tmp_path, levels(BOMBS[name]))
    assert service is not None and not report.failed


def test_parts_that_nobody_can_count_are_left_as_they_are(tmp_path: Path) -> None:
    _, report = read(tmp_path, levels(BOMBS["beside parts"]))
    assert any("what stands beside these parts, which are too many" in one.message for one in report)


def test_unions_that_are_parts_of_each_other(tmp_path: Path) -> None:
    """Whatever is one of them is one of them: what stands beside their parts is not put into each other for ever."""
    listed = [to(number) for number in range(LEVELS)]
    schemas = {
        f"A{number}": {"type": "object", "properties": {f"p{number}": {"type": "string"}}, "anyOf": listed}
        for number in range(LEVELS)
    }
    service, report = read(tmp_path, schemas)
    assert service is not None and not report.failed
    assert len(service.types) < LEVELS * (LEVELS + 2)


@pytest.mark.parametrize("name", ["allOf", "oneOf", "mixed"])
def test_failures_whose_body_fans_out(tmp_path: Path, name: str) -> None:
    failure = {"description": "x", "content": {"application/json": {"schema": to(1)}}}
    service, report = read(tmp_path, levels(BOMBS[name]), **{"400": failure})
    assert service is not None and not report.failed


def test_a_default_is_not_checked_for_ever(tmp_path: Path) -> None:
    schemas = levels(BOMBS["allOf"])
    schemas["A0"]["default"] = {"a": "x"}
    service, report = read(tmp_path, schemas)
    assert service is not None and not report.failed


HOSTILE = {"type": "string", "pattern": "^(a|a)*$"}


@pytest.mark.parametrize(
    ("schema", "codes"),
    [
        (HOSTILE, {"SP241"}),
        ({"type": "array", "items": HOSTILE}, {"SP241"}),
        ({"type": "string", "not": HOSTILE}, {"SP241", "SP403"}),
        ({"type": "string", "if": HOSTILE, "then": {"maxLength": 1}}, {"SP241", "SP403"}),
        ({"type": "array", "contains": HOSTILE, "maxContains": 1}, {"SP241", "SP403"}),
        ({"type": "string", "oneOf": [{"pattern": HOSTILE["pattern"]}, {"minLength": 2}]}, {"SP241", "SP403"}),
        ({"type": "string", "allOf": [{"not": {"allOf": [HOSTILE, {"maxLength": 99}]}}]}, {"SP241", "SP403"}),
        ({"type": "string", "anyOf": [{"pattern": HOSTILE["pattern"]}, {"minLength": 2}]}, {"SP241"}),
        ({"type": "object", "patternProperties": {HOSTILE["pattern"]: {}}}, {"SP240"}),
    ],
)
def test_nothing_is_matched_with_a_hostile_pattern_and_nothing_refused_for_it(
    tmp_path: Path, schema: dict[str, Any], codes: set[str]
) -> None:
    text = "a" * 60 + "!"
    default: Any = {"array": [text], "object": {text: "a"}}.get(schema["type"], text)
    service, report = read(tmp_path, {"A0": {**schema, "default": default}})
    assert (service is None) == ("SP240" in codes)
    assert {one.rule.code for one in report.diagnostics} - {"SP310"} == codes


DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /x:
    get:
      operationId: read
      parameters: [{name: q, in: query, schema: {patternProperties: {"^(a+)+$": {}}}}]
      responses: {"200": {$ref: "../answers.yaml#/Fine"}}
"""
COMMAND = [
    "sadpath",
    "generate",
    "--openapi",
    "openapi.yaml",
    "--package",
    "shop",
    "--output",
    "out",
    "--target",
    "openapi",
]


@pytest.mark.parametrize(
    ("allowed", "code", "left"),
    [
        ((), 1, {"SP240", "SP207"}),
        (("exploding-patterns",), 1, {"SP207"}),
        (("outside-references", "network-references"), 1, {"SP240"}),
        (("outside-references", "exploding-patterns"), 0, set[str]()),
    ],
)
def test_what_is_refused_can_be_allowed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    allowed: tuple[str, ...],
    code: int,
    left: set[str],
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "answers.yaml").write_text("Fine: {description: fine}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "specs")
    options = [word for one in allowed for word in ("--allow", one)]
    monkeypatch.setattr("sys.argv", [*COMMAND, *options])
    assert run() == code
    said = capsys.readouterr().err
    assert {rule for rule in ("SP240", "SP207") if f"error[{rule}]" in said} == left
