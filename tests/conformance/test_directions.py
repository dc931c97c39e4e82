"""Which schemas of a document are sent and which are answered with, and where its parameters stand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conformance.corpus.directions import directions_of
from conformance.corpus.plain import Lost, Plain

DOCUMENT = """
openapi: 3.1.0
info: {title: Made up, version: "1"}
paths:
  /things/{id}:
    parameters:
      - {$ref: '#/components/parameters/Id'}
      - {name: page, in: query, schema: {type: integer}}
      - {name: X-Trace, in: header, schema: {type: string}}
    put:
      parameters:
        - {name: page, in: query, schema: {type: string}}
        - {name: x-trace, in: header, schema: {type: boolean}}
        - {name: Accept, in: header, schema: {type: string}}
      requestBody: {$ref: '#/components/requestBodies/Sent'}
      responses: {'200': {description: Ok, content: {application/json: {schema: {$ref: '#/components/schemas/Said'}, example: {$ref: '#/components/schemas/Never'}}}}}
webhooks:
  told: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Told'}}}}}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}
  requestBodies:
    Sent: {content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}
  schemas:
    Id: {type: string}
    Sent: {type: object, properties: {animal: {$ref: '#/components/schemas/Animal'}}}
    Animal: {type: object, discriminator: {propertyName: kind, mapping: {dog: Dog}}, properties: {kind: {type: string}}}
    Dog: {type: object}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}]}
    Said: {type: object, properties: {part: {$ref: '#/components/schemas/Never/properties/deep/properties/deeper'}}}
    Never: {type: object, properties: {deep: {$ref: '#/components/schemas/Deep'}}}
    Deep: {type: object, properties: {deeper: {$ref: '#/components/schemas/Id'}, self: {$ref: '#/components/schemas/Deep/properties/self/x'}}}
    Told: {type: object}
"""


@pytest.fixture
def plain(tmp_path: Path) -> Plain:
    path = tmp_path / "openapi.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    assert yaml.safe_load(DOCUMENT)["openapi"] == "3.1.0"
    return Plain(path)


def test_directions_are_told_apart(plain: Plain) -> None:
    found = {
        way: {one.removeprefix("/components/schemas/") for one in ones} for way, ones in directions_of(plain).items()
    }
    assert {one for one in found["request"] if "/" not in one} == {"Id", "Sent", "Animal", "Dog", "Cat"}
    assert found["response"] == {"Id", "Said", "Told", "Never/properties/deep/properties/deeper"}


def test_parameters_of_an_operation_take_the_place_of_the_path_items(plain: Plain) -> None:
    (operation,) = plain.operations()
    found = {one.key: (one.tree["schema"].get("type"), one.pointers) for one in plain.parameters(operation)}
    above = "/paths/~1things~1{id}"
    assert found == {
        ("path", "id"): (None, (f"{above}/parameters/0", "/components/parameters/Id")),
        ("query", "page"): ("string", (f"{above}/put/parameters/0",)),
        ("header", "x-trace"): ("boolean", (f"{above}/put/parameters/1",)),
    }


def test_a_pointer_leads_through_references(plain: Plain) -> None:
    deep = "#/components/schemas/Never/properties/deep"
    assert plain.target(f"{deep}/properties/deeper", plain.path)[0] == {"$ref": "#/components/schemas/Id"}
    with pytest.raises(Lost):
        plain.target(f"{deep}/properties/self/x", plain.path)
