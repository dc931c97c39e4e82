"""Documents of 3.0, 3.1 and 3.2 folded into one model."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from pathlib import Path

import pytest

from sadpath.diagnostics import Report
from sadpath.openapi.model import Document, Schema, SchemaKey, ServerVariable
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import load, parse_text
from sadpath.source.references import Sources


def parse(text: str, path: str = "api.yaml") -> Document:
    """A document that has to be without findings."""
    report = Report()
    source = parse_text(path, textwrap.dedent(text), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert report.diagnostics == () and document is not None
    return document


def schema(text: str, version: str = "3.1.0") -> Schema:
    indented = textwrap.indent(textwrap.dedent(text), "      ")
    document = parse(
        f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n"
        f"components:\n  schemas:\n    It:\n{indented}\n    Other: {{type: string}}\n"
    )
    return document.schemas["It"]


def test_the_frame_of_a_document() -> None:
    document = parse("""
        openapi: 3.1.0
        info: {title: Shop, version: "1.0", summary: S, description: D, x-a: 1}
        servers: [{url: "https://{host}/v1", description: Main, variables: {host: {default: a.example}}}]
        tags: [{name: orders, description: About orders, x-b: 2}]
        security: [{key: []}, {}]
        paths:
          x-note: ignored
          /orders/{id}:
            summary: ignored
            servers: [{url: /paths}]
            parameters:
              - {name: id, in: path, required: true, schema: {type: string}}
              - {name: lang, in: header, schema: {type: string}, description: shared}
            delete:
              operationId: deleteOrder
              tags: [orders]
              deprecated: true
              security: []
              responses: {204: {description: Gone}}
            get:
              summary: Get
              servers: [{url: /own}]
              parameters:
                - {name: lang, in: header, required: true, schema: {type: integer}, description: own}
                - {name: tag, in: query, schema: {type: array}, example: [a], allowReserved: true}
              responses:
                "200": {description: Fine}
                4xx: {description: Wrong}
                default: {description: Other}
                x-more: 1
        webhooks:
          paid: {post: {requestBody: {content: {application/json: {}}}, responses: {"200": {description: OK}}}}
        components:
          securitySchemes:
            key: {type: apiKey, in: header, name: X-Key}
            basic: {type: http, scheme: Basic}
            oauth: {type: oauth2, flows: {implicit: {authorizationUrl: "https://a.example", scopes: {a: b}}}}
        x-root: {deep: 1.10}
        """)
    assert (document.version, document.info.title, document.info.summary) == ("3.1.0", "Shop", "S")
    assert document.info.extensions == {"x-a": 1} and document.tags[0].extensions == {"x-b": 2}
    assert document.servers[0].variables == {"host": ServerVariable("a.example", ())}
    assert document.extensions == {"x-root": {"deep": Decimal("1.10")}}
    assert document.tree["openapi"] == "3.1.0"
    delete, get = document.operations
    assert (delete.method, delete.path, delete.operation_id) == ("DELETE", "/orders/{id}", "deleteOrder")
    assert delete.security == () and delete.deprecated and delete.servers[0].url == "/paths"
    assert get.security == ((("key", ()),), ()) and get.servers[0].url == "/own"
    assert [(one.name, one.description, one.required) for one in get.parameters] == [
        ("id", None, True),
        ("lang", "own", True),
        ("tag", None, False),
    ]
    tag = get.parameters[2]
    assert (tag.style, tag.explode, tag.allow_reserved, get.parameters[0].style) == ("form", True, True, "simple")
    assert not get.parameters[0].explode
    assert [one.status for one in get.responses] == ["200", "4XX", "default"]
    (webhook,) = document.webhooks
    assert (webhook.path, webhook.method) == ("paid", "POST")
    assert document.security_schemes["key"].parameter == "X-Key"
    assert document.security_schemes["basic"].scheme == "Basic"
    assert "implicit" in document.security_schemes["oauth"].flows


def test_content_and_examples() -> None:
    document = parse("""
        openapi: 3.0.3
        info: {title: T, version: "1"}
        paths:
          /a:
            post:
              requestBody:
                description: Body
                required: true
                x-c: 1
                content:
                  application/json; charset=utf-8:
                    schema: {type: object}
                    examples:
                      one: {summary: First, value: {a: 1}}
                      far: {externalValue: "https://a.example"}
                      shared: {$ref: "#/components/examples/Shared"}
                  text/plain: {example: null, x-d: 2}
              responses:
                "201":
                  description: Made
                  headers:
                    Location: {required: true, description: Where, schema: {type: string}}
                    Content-Type: {schema: {type: string}}
                    X-Rate: {content: {application/json: {schema: {type: integer}}}}
        components:
          examples: {Shared: {value: [1]}}
        """)
    (operation,) = document.operations
    body = operation.request_body
    assert body is not None and body.required and body.description == "Body" and body.extensions == {"x-c": 1}
    json_body, text = body.content
    assert json_body.media_type == "application/json; charset=utf-8"
    assert [(one.name, one.summary, one.value, one.external) for one in json_body.examples] == [
        ("one", "First", ({"a": 1},), None),
        ("far", None, None, "https://a.example"),
        ("shared", None, ([1],), None),
    ]
    assert text.schema is None and text.examples[0].value == (None,) and text.extensions == {"x-d": 2}
    location, rate = operation.responses[0].headers
    assert (location.name, location.required, location.description) == ("Location", True, "Where")
    assert rate.schema is not None and rate.schema.types == ("integer",)


def test_references_are_followed_everywhere() -> None:
    document = parse("""
        openapi: 3.1.0
        info: {title: T, version: "1"}
        paths:
          /a/{id}:
            $ref: "#/components/pathItems/Item"
        components:
          pathItems:
            Item:
              parameters: [{$ref: "#/components/parameters/Alias"}]
              put:
                requestBody: {$ref: "#/components/requestBodies/Body"}
                responses: {"200": {$ref: "#/components/responses/Fine", description: Here}}
          parameters:
            Alias: {$ref: "#/components/parameters/Id"}
            Id: {name: id, in: path, required: true, description: There, schema: {$ref: "#/components/schemas/Id"}}
          requestBodies: {Body: {content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}}}
          responses: {Fine: {description: There, headers: {X: {$ref: "#/components/headers/X"}}}}
          headers: {X: {schema: {type: integer}}}
          securitySchemes: {a: {$ref: "#/components/securitySchemes/b"}, b: {type: http, scheme: bearer}}
          schemas:
            Id: {type: string}
            Node: {type: object, properties: {next: {$ref: "#/components/schemas/Node"}, id: {$ref: "#/components/schemas/Id"}}}
        """)
    (operation,) = document.operations
    assert operation.path == "/a/{id}" and operation.method == "PUT"
    (parameter,) = operation.parameters
    assert parameter.name == "id" and parameter.description == "There"
    assert parameter.schema is not None and parameter.schema.ref == SchemaKey("api.yaml", "/components/schemas/Id")
    assert operation.request_body is not None and operation.request_body.content[0].schema is not None
    (response,) = operation.responses
    assert response.description == "Here" and response.headers[0].name == "X"
    node = document.definitions[SchemaKey("api.yaml", "/components/schemas/Node")]
    assert node.properties["next"].ref == node.key and node is document.schemas["Node"]
    assert document.security_schemes["a"].scheme == "bearer"


def test_definitions_hold_what_is_referred_to_deep_inside() -> None:
    document = parse("""
        openapi: 3.0.0
        info: {title: T, version: "1"}
        paths: {}
        components:
          schemas:
            A: {properties: {inner: {type: object, properties: {leaf: {type: integer}}}}}
            B: {properties: {x: {$ref: "#/components/schemas/A/properties/inner/properties/leaf"}}}
            With Space: {type: string}
            C: {allOf: [{$ref: "#/components/schemas/With%20Space"}]}
        """)
    leaf = document.definitions[SchemaKey("api.yaml", "/components/schemas/A/properties/inner/properties/leaf")]
    assert leaf.types == ("integer",)
    assert document.schemas["C"].all_of[0].ref == SchemaKey("api.yaml", "/components/schemas/With Space")


def test_every_keyword_of_a_schema() -> None:
    found = schema("""
        type: [object, array, "null"]
        title: T
        description: D
        format: f
        enum: [a, 1, null]
        const: null
        default: null
        properties: {a: {type: string}, x-b: true}
        required: [a, a]
        additionalProperties: false
        patternProperties: {"^x": {}}
        propertyNames: {maxLength: 3}
        minProperties: 1
        maxProperties: 2
        items: {type: string}
        prefixItems: [{type: integer}]
        minItems: 0
        maxItems: 2.0
        uniqueItems: true
        minimum: 0.10
        maximum: 5
        exclusiveMinimum: 1
        exclusiveMaximum: 4
        multipleOf: 0.01
        minLength: 1
        maxLength: 2
        pattern: a
        contentEncoding: base64
        contentMediaType: image/png
        allOf: [{}]
        anyOf: [{}, {}]
        oneOf: [{}]
        not: {type: integer}
        readOnly: true
        writeOnly: false
        deprecated: true
        example: one
        examples: [two, null]
        x-note: 1
        if: {}
        then: {}
        else: false
        contains: {}
        minContains: 0
        maxContains: 2
        dependentRequired: {a: [b, b]}
        dependentSchemas: {c: {}}
        dependencies: {d: [e], f: {}}
        unevaluatedProperties: false
        unevaluatedItems: false
        contentSchema: {}
        $comment: ignored
        """)
    assert found.types == ("object", "array", "null") and found.enum == ("a", 1, None) and found.const == (None,)
    assert found.has_default and found.default is None
    assert list(found.properties) == ["a", "x-b"] and found.properties["x-b"].always is True
    assert found.required == ("a",)
    assert found.additional_properties is not None and found.additional_properties.always is False
    assert found.property_names is not None and found.property_names.max_length == 3
    assert (found.min_properties, found.max_properties, found.min_items, found.max_items) == (1, 2, 0, 2)
    assert isinstance(found.max_items, int) and str(found.minimum) == "0.10" and found.multiple_of == Decimal("0.01")
    assert (found.exclusive_minimum, found.exclusive_maximum) == (1, 4)
    assert found.items is not None and len(found.prefix_items) == 1 and len(found.any_of) == 2
    assert found.not_ is not None and found.read_only and not found.write_only and found.deprecated
    assert found.examples == ("one", "two", None) and found.extensions == {"x-note": 1}
    assert found.if_ is not None and found.then is not None and found.else_ is not None and found.else_.always is False
    assert found.contains is not None and (found.min_contains, found.max_contains) == (0, 2)
    assert found.dependent_required == {"a": ("b",), "d": ("e",)} and list(found.dependent_schemas) == ["c", "f"]
    assert found.unevaluated_properties is not None and found.unevaluated_properties.always is False
    assert found.unevaluated_items is not None and found.unevaluated_items.always is False
    assert found.other_keywords == ("contentSchema",)
    assert found.place.pointer == "/components/schemas/It" and found.key.pointer == found.place.pointer


def test_version_3_0_is_folded() -> None:
    found = schema(
        "type: integer\nnullable: true\nminimum: 1\nexclusiveMinimum: true\nmaximum: 9\nexclusiveMaximum: false\nenum: [1, 2]\n",
        "3.0.3",
    )
    assert found.types == ("integer", "null") and found.enum == (1, 2, None)
    assert (found.minimum, found.exclusive_minimum) == (None, 1)
    assert (found.maximum, found.exclusive_maximum) == (9, None)
    assert not found.nullable and found.other_keywords == ()


def test_nullable_without_a_type_is_kept() -> None:
    found = schema("nullable: true\nallOf: [{$ref: '#/components/schemas/Other'}]\n", "3.0.3")
    assert found.types == () and found.nullable


@pytest.mark.parametrize(
    ("text", "values", "finding"),
    [
        ("{type: integer, enum: ['2', '-4']}", (2, -4), "each is read as the one that it spells"),
        ("{type: number, enum: ['2.50']}", (Decimal("2.50"),), "each is read as"),
        ("{type: string, enum: [1, 2.50, true]}", ("1", "2.50", "true"), "each is read as"),
        ("{type: [boolean, 'null'], enum: [null, 'false']}", (False, None), "each is read as"),
        ("{type: integer, enum: ['2', '2.5']}", ("2", "2.5"), "is of type integer"),
        ("{type: boolean, enum: ['yes']}", ("yes",), "is of type boolean"),
        ("{type: array, items: {}, enum: [a]}", None, "is an array: it is left out"),
        ("{type: object, enum: [a]}", None, "is an object: it is left out"),
        ("{type: array, enum: [[a], b]}", (["a"], "b"), None),
        ("{type: string, enum: [a, 1]}", ("a", 1), None),
        ("{type: number, enum: [1]}", (1,), None),
        ("{type: [string, integer], enum: [true]}", (True,), None),
        ("{type: string, enum: [null]}", (None,), None),
    ],
)
def test_values_of_another_type(text: str, values: tuple[object, ...] | None, finding: str | None) -> None:
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: "
    report = Report()
    source = parse_text("api.yaml", f"{head}{text}}}}}\n", report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and document.schemas["A"].enum == values
    assert [(finding or "") in one.message for one in report.diagnostics] == [True] * (finding is not None)


def test_siblings_of_a_reference_count_since_3_1() -> None:
    text = "$ref: '#/components/schemas/Other'\ndescription: Mine\n"
    assert schema(text, "3.0.3").description is None
    assert schema(text).description == "Mine"
    assert schema(text).ref == SchemaKey("api.yaml", "/components/schemas/Other")


def test_discriminator_mapping_takes_names_and_references() -> None:
    found = schema("""
        oneOf: [{$ref: "#/components/schemas/Other"}]
        discriminator: {propertyName: kind, mapping: {a: Other, b: "#/components/schemas/Other"}}
        """)
    other = SchemaKey("api.yaml", "/components/schemas/Other")
    assert found.discriminator is not None
    assert (found.discriminator.property_name, found.discriminator.mapping) == ("kind", {"a": other, "b": other})


def test_version_3_2() -> None:
    document = parse("""
        openapi: 3.2.0
        $self: https://a.example/api
        info: {title: T, version: "1"}
        tags: [{name: a, parent: b, kind: nav}, {name: b}]
        paths:
          /a:
            query: {responses: {"200": {summary: S}}}
            additionalOperations: {LINK: {responses: {"200": {description: D}}}}
            get:
              parameters: [{name: q, in: querystring, content: {application/x-www-form-urlencoded: {}}}]
              responses:
                "200": {content: {application/json: {$ref: "#/components/mediaTypes/M"}}}
        components:
          mediaTypes: {M: {itemSchema: {type: string}, examples: {a: {dataValue: 1}}}}
        """)
    assert [one.method for one in document.operations] == ["QUERY", "GET", "LINK"]
    assert document.operations[1].responses[0].content[0].examples[0].value == (1,)
    assert document.operations[1].parameters[0].location == "querystring"


def test_references_across_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "paths.yaml").write_text(
        "item:\n  get:\n    operationId: getIt\n    responses:\n      '200':\n        description: OK\n"
        "        content: {application/json: {schema: {$ref: 'schemas.yaml#/Tree'}}}\n"
    )
    (tmp_path / "parts" / "schemas.yaml").write_text(
        "Tree: {type: object, properties: {child: {$ref: '#/Tree'}, root: {$ref: '../api.yaml#/components/schemas/Root'}}}\n"
    )
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/it: {$ref: 'parts/paths.yaml#/item'}}\n"
        "components: {schemas: {Root: {type: string}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    report = Report()
    source = load(Path("api.yaml"), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and report.diagnostics == ()
    tree = document.definitions[SchemaKey("parts/schemas.yaml", "/Tree")]
    assert tree.properties["child"].ref == tree.key
    assert tree.properties["root"].ref == SchemaKey("api.yaml", "/components/schemas/Root")
    assert document.operations[0].place.path == "parts/paths.yaml"
