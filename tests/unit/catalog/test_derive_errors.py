"""Deriving errors from responses that many operations share: each body and each example is looked at once for each."""

from __future__ import annotations

import textwrap
from unittest import mock

from sadpath.catalog import derive_errors
from sadpath.catalog.derive import derive_catalog
from sadpath.diagnostics import Report
from sadpath.openapi.parse import parse_document
from sadpath.runtime.wire import write_json
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

SHARED = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"404": {$ref: "#/components/responses/Missing"}}}}
  /b: {get: {operationId: b, responses: {"404": {$ref: "#/components/responses/Missing"}}}}
  /c: {get: {operationId: c, responses: {"404": {$ref: "#/components/responses/Missing"}}}}
components:
  responses:
    Missing:
      description: It is not there.
      content:
        application/json:
          schema:
            oneOf:
              - {type: object, properties: {code: {type: string, const: gone}}}
              - {type: object, properties: {code: {type: string, const: moved}}}
          examples:
            one: {value: {code: gone}}
            two: {value: {code: moved}}
"""


def test_an_example_of_a_shared_response_is_written_once_for_each_operation() -> None:
    report = Report()
    source = parse_text("api.yaml", textwrap.dedent(SHARED), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    with mock.patch.object(derive_errors, "write_json", wraps=write_json) as written:
        catalog = derive_catalog(document, "shop", dict(enumerate("abc")))
    shapes, examples, operations = 2, 2, 3
    assert written.call_count == shapes * examples * operations
    codes = {error.contract.match.codes: [one.id for one in error.examples] for error in catalog.errors}
    assert codes[("gone",)] == ["a-404-one", "b-404-one", "c-404-one"]
    assert codes[("moved",)] == ["a-404-two", "b-404-two", "c-404-two"]


LISTED = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "422":
          description: Refused.
          content:
            application/json:
              schema: {allOf: [{$ref: "#/components/schemas/Fault"}, {$ref: "#/components/schemas/Known"}]}
              example: {name: REFUSED, details: [{issue: SHOWN}]}
components:
  schemas:
    Fault:
      type: object
      properties:
        name: {type: string, enum: [REFUSED]}
        details: {type: array, items: {type: object, properties: {issue: {type: string}}}}
    Known:
      properties:
        details:
          type: array
          items: {anyOf: [BRANCHES]}
"""


def test_the_codes_of_listed_faults_are_errors_of_their_own_however_many_there_are() -> None:
    many = [f"C_{number}" for number in range(200)]
    branches = ", ".join(f"{{properties: {{issue: {{enum: [{code}]}}}}}}" for code in many)
    report = Report()
    source = parse_text("api.yaml", LISTED.replace("BRANCHES", branches), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    errors = derive_catalog(document, "shop", {0: "a"}).errors
    found = {error.contract.match.when[0].value: error for error in errors if error.contract.match.when}
    assert set(found) == {*many, "SHOWN"}
    for error in found.values():
        (first,) = error.contract.match.when
        assert (first.select.body, first.test) == ("/details/0/issue", "equals")
        assert error.contract.match.codes == ("REFUSED",)
        assert error.parent == "unprocessable_content"
    assert [one.id for one in found["SHOWN"].examples] == ["a-422-example"]
