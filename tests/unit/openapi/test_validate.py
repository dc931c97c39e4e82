"""The bridge to openapi-spec-validator: its findings at our places, never its crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sadpath.diagnostics import Diagnostic, Report
from sadpath.openapi.parse import parse_document
from sadpath.openapi.validate import check_document
from sadpath.source.loader import load, parse_text
from sadpath.source.references import Sources

HEAD = "info: {title: T, version: '1'}\n"


def check(text: str) -> tuple[Diagnostic, ...]:
    report = Report()
    source = parse_text("api.yaml", text, report)
    assert source is not None
    sources = Sources(source, report)
    parse_document(source, sources, report)
    check_document(source, sources, report)
    return report.diagnostics


def found(text: str) -> list[tuple[str, str]]:
    return [(one.rule.code, str(one.place and one.place.pointer)) for one in check(text)]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_good_document_has_no_findings(version: str) -> None:
    text = f"""openapi: {version}
{HEAD}paths:
  /a/{{id}}:
    get:
      parameters: [{{name: id, in: path, required: true, schema: {{type: number, multipleOf: 0.01, default: 19.99}}}}]
      responses:
        200: {{description: OK, content: {{application/json: {{schema: {{$ref: "#/components/schemas/A%2DB"}}}}}}}}
        x-note: 1
      x-other: 2
components: {{schemas: {{A-B: {{type: object, properties: {{self: {{$ref: "#/components/schemas/A%2DB"}}}}}}}}}}
"""
    assert found(text) == []


def test_a_name_that_does_not_fit_is_a_warning_at_the_name() -> None:
    text = f"openapi: 3.1.0\n{HEAD}paths: {{}}\ncomponents: {{schemas: {{A B: {{}}}}}}\n"
    assert found(text) == [("SP221", "/components/schemas/A B")]


def test_structure_is_checked() -> None:
    text = f"openapi: 3.0.3\n{HEAD}paths: {{/a: {{get: {{respones: {{}}, responses: {{200: {{description: D}}}}}}}}}}\n"
    (finding,) = check(text)
    assert (finding.rule.code, finding.message) == ("SP224", 'the field "respones" does not exist here')
    assert finding.place is not None and finding.place.pointer == "/paths/~1a/get/respones"
    assert finding.help == 'did you mean "responses"?'


def test_what_stands_beside_a_reference_is_not_what_it_leads_to() -> None:
    text = f"""openapi: 3.1.0
{HEAD}paths:
  /a:
    get:
      parameters: [{{$ref: "#/components/parameters/Since", schema: {{type: string}}}}]
      responses: {{"200": {{description: D}}}}
components: {{parameters: {{Since: {{name: since, in: query, schema: {{type: string}}}}}}}}
"""
    assert found(text) == [("SP224", "/paths/~1a/get/parameters/0/schema")]


def test_the_likeliest_branch_of_a_choice_is_named() -> None:
    text = f"openapi: 3.0.3\n{HEAD}paths: {{/a: {{get: {{responses: {{200: {{}}}}}}}}}}\n"
    (finding,) = check(text)
    assert finding.message == 'the field "description" is missing here'
    assert finding.place is not None and finding.place.pointer == "/paths/~1a/get/responses/200"


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_default_that_does_not_fit_is_a_warning_at_the_default(version: str) -> None:
    text = f"""openapi: {version}
{HEAD}paths:
  /a:
    get:
      parameters: [{{$ref: "#/components/parameters/P"}}]
      responses: {{200: {{description: D}}}}
components:
  parameters: {{P: {{name: p, in: query, schema: {{$ref: "#/components/schemas/S"}}}}}}
  schemas: {{S: {{type: integer, default: many}}}}
"""
    assert found(text) == [("SP221", "/components/schemas/S/default")]


def test_what_we_found_is_not_found_twice() -> None:
    text = f"openapi: 3.0.3\n{HEAD}paths: {{/a: {{get: {{parameters: [{{name: a, in: nowhere}}], tags: x}}}}}}\n"
    assert sorted(found(text)) == [
        ("SP203", "/paths/~1a/get"),
        ("SP204", "/paths/~1a/get/tags"),
        ("SP220", "/paths/~1a/get/parameters/0/in"),
    ]


def test_dangling_references_leave_the_structure_checked() -> None:
    text = f"""openapi: 3.0.3
{HEAD}paths: {{/a: {{get: {{responses: {{200: {{$ref: "#/nope"}}}}, sumary: x}}}}}}
"""
    assert found(text) == [("SP205", "/paths/~1a/get/responses/200/$ref"), ("SP224", "/paths/~1a/get/sumary")]


def test_references_across_files_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parts.yaml").write_text(
        "S: {type: object, properties: {n: {type: integer, default: x}, s: {$ref: '#/S'}}}\n"
    )
    (tmp_path / "api.yaml").write_text(
        f"openapi: 3.0.3\n{HEAD}paths: {{/a: {{get: {{responses: {{200: {{description: D, content: {{application/json: "
        "{schema: {$ref: 'parts.yaml#/S'}}}}}}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    report = Report()
    source = load(Path("api.yaml"), report)
    assert source is not None
    sources = Sources(source, report)
    parse_document(source, sources, report)
    check_document(source, sources, report)
    (finding,) = report.diagnostics
    assert finding.place is not None and finding.rule.code == "SP221"
    assert (finding.place.path, finding.place.pointer) == ("parts.yaml", "/S/properties/n/default")


def test_a_crash_of_the_validator_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    import openapi_spec_validator

    class Crashing(openapi_spec_validator.OpenAPIV30SpecValidator):
        keyword_validators = {"default": None}

    monkeypatch.setattr(openapi_spec_validator, "OpenAPIV30SpecValidator", Crashing)
    schemas = "components: {schemas: {S: {type: integer, default: many}}}"
    assert found(f"openapi: 3.0.3\n{HEAD}paths: {{}}\n{schemas}\n") == [("SP222", "None")]


def test_nothing_happens_without_a_known_version() -> None:
    assert found("openapi: 9.0.0\n") == [("SP202", "/openapi")]
    assert found("[]") == [("SP201", "")]
