"""Parameters whose style has no form for what they hold: the merged document says that they are sent as JSON."""

from __future__ import annotations

from pathlib import Path

import yaml

import sadpath

DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    parameters:
      - $ref: "#/components/parameters/Listed"
    get:
      operationId: get
      parameters:
        - {name: plain, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: array, items: {type: object}}}}}
        - {name: texts, in: header, schema: {type: array, items: {type: array, items: {type: string}}}}
      responses: {"204": {description: Nothing.}}
  /b:
    get:
      operationId: far
      parameters: [{$ref: "parts.yaml#/Far"}, {$ref: whole.yaml}]
      responses: {"204": {description: Nothing.}}
components:
  parameters:
    Listed:
      name: listed
      in: query
      description: Said once.
      style: form
      explode: true
      example: [{a: 1}]
      schema: {type: array, items: {type: object, properties: {a: {type: integer}}}}
"""


PARTS = """\
Far: {name: far, in: query, required: true, schema: {type: array, items: {type: object}}}
"""


def test_what_is_sent_as_json_is_described_so(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "parts.yaml").write_text(PARTS, encoding="utf-8")
    (tmp_path / "whole.yaml").write_text(PARTS.removeprefix("Far: ").replace("far", "whole"), encoding="utf-8")
    found = sadpath.generate(tmp_path / "openapi.yaml", package="till", targets=["openapi"])
    (text,) = found.tree.values()
    merged = yaml.safe_load(text)
    listed = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    assert merged["components"]["parameters"]["Listed"] == {
        "name": "listed",
        "in": "query",
        "description": "Said once.",
        "content": {"application/json": {"schema": listed, "example": [{"a": 1}]}},
    }
    assert merged["paths"]["/a"]["parameters"] == [{"$ref": "#/components/parameters/Listed"}]
    plain, deep, texts = merged["paths"]["/a"]["get"]["parameters"]
    assert plain.keys() == {"name", "in", "explode", "schema"} and deep.keys() == {"name", "in", "style", "schema"}
    assert texts.keys() == {"name", "in", "content"}
    assert merged["paths"]["/b"]["get"]["parameters"] == [
        {
            "name": name,
            "in": "query",
            "required": True,
            "content": {"application/json": {"schema": {"$ref": reference}}},
        }
        for name, reference in (("far", "parts.yaml#/Far/schema"), ("whole", "whole.yaml#/schema"))
    ]


ELSEWHERE = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: get
      parameters: [{$ref: "#/components/schemas/Led"}, {$ref: "#/components/examples/E/value"}]
      responses: {"204": {description: Nothing.}}
components:
  examples:
    E: {value: {name: one, in: query, schema: {type: array, items: {type: object}}}}
  parameters:
    Two: {name: two, in: query, schema: {type: array, items: {type: object}}}
  schemas:
    Led: {$ref: "#/components/parameters/Two"}
    Open: {enum: [a, b]}
"""


def test_a_parameter_may_stand_anywhere(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(ELSEWHERE, encoding="utf-8")
    found = sadpath.generate(tmp_path / "openapi.yaml", package="till", targets=["openapi"])
    (text,) = found.tree.values()
    components = yaml.safe_load(text)["components"]
    sent = {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}
    assert components["examples"]["E"]["value"] == {"name": "one", "in": "query", "content": sent}
    assert components["parameters"]["Two"] == {"name": "two", "in": "query", "content": sent}
    assert components["schemas"]["Open"] == {"anyOf": [{"enum": ["a", "b"]}, {"type": "string"}]}
