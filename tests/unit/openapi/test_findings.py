"""Broken documents: every fault has its rule, its place and its help, and all are found at once."""

from __future__ import annotations

import textwrap

import pytest

from sadpath.diagnostics import Report
from sadpath.diagnostics.render import render_full
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"


def findings(text: str) -> list[tuple[str, str, str | None]]:
    """Code, pointer and help of each finding."""
    report = Report()
    source = parse_text("api.yaml", textwrap.dedent(text), report)
    assert source is not None and not report.failed
    parse_document(source, Sources(source, report), report)
    for one in report.diagnostics:
        assert one.place is not None
        text = render_full([one])
        assert "--> api.yaml:" in text and "^" in text and "= help: " in text
    return [(one.rule.code, str(one.place and one.place.pointer), one.help) for one in report.diagnostics]


def codes(text: str) -> list[tuple[str, str]]:
    return [(code, pointer) for code, pointer, _ in findings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", [("SP201", "")]),
        ("null", [("SP201", "")]),
        ("info: {}", [("SP201", "")]),
        ("swagger: '2.0'", [("SP202", "/swagger")]),
        ("openapi: 2.0.0", [("SP202", "/openapi")]),
        ("openapi: 4.0.0", [("SP202", "/openapi")]),
        ("openapi: 3.1", [("SP203", ""), ("SP226", "/openapi")]),
        ("openapi: [3]", [("SP202", "/openapi")]),
        ("openapi: 3.0.3", [("SP203", ""), ("SP203", "")]),
        ("openapi: 3.1.0\ninfo: {version: '1'}", [("SP203", "/info")]),
        ("openapi: 3.1.0\ninfo: x", [("SP204", "/info")]),
        ("openapi: 3.1.0\ninfo: {title: 1, version: 1.0}", [("SP226", "/info/title"), ("SP226", "/info/version")]),
    ],
)
def test_the_root(text: str, expected: list[tuple[str, str]]) -> None:
    assert codes(text) == expected


OPERATION = HEAD + "paths:\n  /a:\n    get:\n      responses: {'200': {description: D}}\n"


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("parameters: x", [("SP204", "parameters")]),
        ("parameters: [x]", [("SP204", "parameters/0")]),
        ("parameters: [{in: query}]", [("SP203", "parameters/0")]),
        ("parameters: [{name: a}]", [("SP203", "parameters/0")]),
        ("parameters: [{name: a, in: body}]", [("SP220", "parameters/0/in")]),
        ("parameters: [{name: a, in: query, style: simple}]", [("SP220", "parameters/0/style")]),
        ("parameters: [{name: a, in: query}, {name: a, in: query}]", [("SP212", "parameters/1")]),
        ("parameters: [{name: a, in: path, required: true}]", [("SP211", "parameters/0")]),
        ("parameters: [{name: a, in: path}]", [("SP211", "parameters/0"), ("SP219", "parameters/0")]),
        ("tags: a", [("SP204", "tags")]),
        ("tags: [1]", [("SP226", "tags/0")]),
        ("deprecated: yes", [("SP204", "deprecated")]),
        ("security: [{nope: []}]", [("SP216", "security/0/nope")]),
        ("security: {nope: []}", [("SP204", "security")]),
        ("requestBody: {}", [("SP203", "requestBody")]),
        ("requestBody: {content: []}", [("SP204", "requestBody/content")]),
        ("requestBody: {$ref: '#/nope'}", [("SP205", "requestBody/$ref")]),
        ("requestBody: {$ref: 1}", [("SP203", "requestBody"), ("SP208", "requestBody/$ref")]),
        ("servers: [{}]", [("SP203", "servers/0")]),
        ("servers: [x]", [("SP204", "servers/0")]),
        ("operationId: null", [("SP245", "operationId")]),
    ],
)
def test_an_operation(added: str, expected: list[tuple[str, str]]) -> None:
    found = codes(f"{OPERATION}      {added}\n")
    assert sorted(found) == sorted((code, f"/paths/~1a/get/{pointer}") for code, pointer in expected)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ("[]", [("SP204", "/paths")]),
        ("{a: {}}", [("SP213", "/paths/a")]),
        ("{'/a/{b': {}}", [("SP213", "/paths/~1a~1{b")]),
        ("{'/a/{}': {}}", [("SP213", "/paths/~1a~1{}")]),
        ("{/a: x}", [("SP204", "/paths/~1a")]),
        ("{/a: {get: x}}", [("SP204", "/paths/~1a/get")]),
        ("{/a: {get: {}}}", [("SP203", "/paths/~1a/get")]),
        ("{/a: {get: {responses: {200: {$ref: '#/x'}}}}}", [("SP205", "/paths/~1a/get/responses/200/$ref")]),
        ("{/a: {get: {responses: {2000: {description: D}}}}}", [("SP215", "/paths/~1a/get/responses/2000")]),
        ("{/a: {get: {responses: {20X: {description: D}}}}}", [("SP215", "/paths/~1a/get/responses/20X")]),
        ("{'/a/{b}': {get: {responses: {}}}}", [("SP210", "/paths/~1a~1{b}/get")]),
    ],
)
def test_paths(paths: str, expected: list[tuple[str, str]]) -> None:
    assert codes(f"{HEAD}paths: {paths}\n") == expected


def test_paths_against_each_other() -> None:
    parameters = "parameters: [{name: %s, in: path, required: true}]"
    text = f"""{HEAD}paths:
  /a/{{id}}:
    {parameters % "id"}
    get: {{operationId: one, responses: {{}}}}
    put: {{operationId: two, responses: {{}}}}
  /a/{{other}}:
    {parameters % "other"}
    get: {{operationId: three, responses: {{}}}}
  /b/{{x}}/{{x}}:
    {parameters % "x"}
    get: {{operationId: two, responses: {{}}}}
"""
    assert codes(text) == [
        ("SP214", "/paths/~1a~1{other}"),
        ("SP223", "/paths/~1b~1{x}~1{x}"),
        ("SP209", "/paths/~1b~1{x}~1{x}/get/operationId"),
    ]


def test_a_misspelt_placeholder_is_suggested() -> None:
    text = (
        HEAD
        + "paths: {'/a/{orderId}': {get: {parameters: [{name: order_id, in: path, required: true}], responses: {}}}}"
    )
    assert sorted(findings(text)) == [
        (
            "SP210",
            "/paths/~1a~1{orderId}/get",
            'the parameter "order_id" fits no placeholder: rename one of the two',
        ),
        ("SP211", "/paths/~1a~1{orderId}/get/parameters/0", 'did you mean "orderId"?'),
    ]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("x", [("SP204", "")]),
        ("{type: strin}", [("SP220", "/type")]),
        ("{type: 1}", [("SP204", "/type")]),
        ("{enum: a}", [("SP204", "/enum")]),
        ("{required: true}", [("SP243", "/required")]),
        ("{required: name}", [("SP204", "/required")]),
        ("{required: [1]}", [("SP226", "/required/0")]),
        ("{minLength: -1}", [("SP204", "/minLength")]),
        ("{minLength: 1.5}", [("SP204", "/minLength")]),
        ("{minLength: true}", [("SP204", "/minLength")]),
        ("{minimum: '1'}", [("SP204", "/minimum")]),
        ("{minimum: true}", [("SP204", "/minimum")]),
        ("{readOnly: 1}", [("SP204", "/readOnly")]),
        ("{items: [{}]}", [("SP204", "/items")]),
        ("{allOf: {}}", [("SP204", "/allOf")]),
        ("{properties: []}", [("SP204", "/properties")]),
        ("{properties: {a: [], b: {pattern: 1}}}", [("SP204", "/properties/a"), ("SP226", "/properties/b/pattern")]),
        ("{discriminator: kind}", [("SP204", "/discriminator")]),
        ("{discriminator: {}}", [("SP203", "/discriminator")]),
        ("{discriminator: {propertyName: a, mapping: {b: Nope}}}", [("SP218", "/discriminator/mapping/b")]),
        (
            "{discriminator: {propertyName: a, mapping: {b: '#/components/schemas/Nope'}}}",
            [("SP218", "/discriminator/mapping/b")],
        ),
        ("{discriminator: {propertyName: a, mapping: {b: '#/nope'}}}", [("SP205", "/discriminator/mapping/b")]),
        ("{discriminator: {propertyName: a, mapping: {b: '#/nope'}}}", [("SP205", "/discriminator/mapping/b")]),
        ("{$ref: '#/components/schemas/Its'}", [("SP205", "/$ref")]),
        ("{$ref: '#/components/schemas/It'}", [("SP206", "/$ref")]),
        ("{allOf: [{$ref: '#/components/schemas/It'}]}", [("SP206", "/allOf/0/$ref")]),
    ],
)
def test_schemas(schema: str, expected: list[tuple[str, str]]) -> None:
    found = codes(f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{It: {schema}}}}}\n")
    assert found == [(code, f"/components/schemas/It{pointer}") for code, pointer in expected]


def test_a_circle_of_references_is_found_once() -> None:
    schemas = (
        "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {$ref: '#/components/schemas/A'}"
    )
    report = Report()
    source = parse_text("api.yaml", f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{{schemas}}}}}\n", report)
    assert source is not None
    parse_document(source, Sources(source, report), report)
    (finding,) = report.diagnostics
    assert finding.rule.code == "SP206" and finding.place is not None
    assert finding.place.pointer == "/components/schemas/A/$ref" and len(finding.related) == 2


def test_a_circle_outside_schemas() -> None:
    text = f"""{HEAD}paths: {{/a: {{get: {{responses: {{200: {{$ref: '#/components/responses/A'}}}}}}}}}}
components: {{responses: {{A: {{$ref: '#/components/responses/B'}}, B: {{$ref: '#/components/responses/A'}}}}}}
"""
    assert [code for code, _ in codes(text)] == ["SP206"]


def test_recursive_schemas_are_fine() -> None:
    assert (
        codes(
            f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{T: {{properties: {{a: {{$ref: '#/components/schemas/T'}}}}}}}}}}\n"
        )
        == []
    )


def test_references_in_data_are_data() -> None:
    text = f"""{HEAD}paths: {{}}
components:
  schemas:
    A:
      default: {{$ref: "#/nope"}}
      enum: [{{$ref: "#/nope"}}]
      example: {{$ref: "#/nope"}}
      x-note: {{$ref: "#/nope"}}
      properties: {{default: {{$ref: "#/components/schemas/A"}}, example: {{$ref: "#/components/schemas/B"}}}}
"""
    assert codes(text) == [("SP205", "/components/schemas/A/properties/example/$ref")]


def test_unused_components_are_checked_too() -> None:
    text = f"""{HEAD}paths: {{}}
components:
  parameters: {{P: {{name: a, in: nowhere}}}}
  responses: {{R: {{content: []}}}}
  requestBodies: {{B: {{}}}}
  securitySchemes: {{S: {{type: basic}}, K: {{type: apiKey, name: k, in: path}}, O: {{type: oauth2}}, H: {{type: http}}}}
  headers: {{H: {{$ref: "#/nope"}}}}
"""
    assert sorted(codes(text)) == [
        ("SP203", "/components/requestBodies/B"),
        ("SP203", "/components/securitySchemes/H"),
        ("SP203", "/components/securitySchemes/O"),
        ("SP204", "/components/responses/R/content"),
        ("SP205", "/components/headers/H/$ref"),
        ("SP220", "/components/parameters/P/in"),
        ("SP220", "/components/securitySchemes/K/in"),
        ("SP220", "/components/securitySchemes/S/type"),
    ]


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("[{key: []}, {nope: []}]", [("SP227", "1/nope")]),
        ("[{}, {nope: []}]", [("SP216", "1/nope")]),
        ("[{key: [], nope: []}]", [("SP216", "0/nope")]),
        ("[{httpBearer: []}]", [("SP216", "0/httpBearer")]),
        ("[{'https://a.test/b': []}]", [("SP216", "0/https:~1~1a.test~1b")]),
        ("[{key: []}, {'https://a.test/b': []}]", []),
        ("[]", []),
    ],
)
def test_an_unknown_way_to_authenticate_is_left_out_only_beside_a_known_one(
    security: str, expected: list[tuple[str, str]]
) -> None:
    text = f"""{HEAD}paths: {{/a: {{get: {{responses: {{}}, security: {security}}}}}}}
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}}}
"""
    assert codes(text) == [(code, f"/paths/~1a/get/security/{pointer}") for code, pointer in expected]


def test_the_words_of_3_0_are_read_in_later_versions_too() -> None:
    text = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        components:
          schemas:
            A: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}
            B: {type: string, nullable: true}
            C: {type: [string, null], description: }
    """
    report = Report()
    source = parse_text("api.yaml", textwrap.dedent(text), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None and not report.failed
    a, b, c = document.schemas["A"], document.schemas["B"], document.schemas["C"]
    assert (a.minimum, a.exclusive_minimum, a.maximum, a.exclusive_maximum) == (None, 0, 9, None)
    assert b.types == c.types == ("string", "null") and c.description == ""
    assert codes(text) == [
        ("SP228", "/components/schemas/A/exclusiveMinimum"),
        ("SP228", "/components/schemas/A/exclusiveMaximum"),
        ("SP228", "/components/schemas/B/nullable"),
        ("SP226", "/components/schemas/C/type/1"),
        ("SP226", "/components/schemas/C/description"),
    ]


def test_members_of_what_is_no_object_are_not_lost_in_silence() -> None:
    text = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        components:
          schemas:
            A: {type: array, properties: {b: {}}, items: {type: object, items: {}}}
            B: {type: [string, object], properties: {b: {}}}
            C: {properties: {b: {}}, items: {}}
            D: {type: string, properties: {}}
    """
    assert codes(text) == [
        ("SP229", "/components/schemas/A/properties"),
        ("SP229", "/components/schemas/A/items/items"),
    ]
