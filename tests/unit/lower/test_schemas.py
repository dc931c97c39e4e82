"""Lowering of schemas: what is declared, under which name, and what is spelt out in place."""

from __future__ import annotations

import json
import textwrap

import pytest

from sadpath.diagnostics import Report
from sadpath.ir.types import (
    Alias,
    AnyOf,
    Anything,
    Checked,
    Constant,
    Declaration,
    Enumeration,
    Field,
    Limits,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Record,
    Scalar,
    TaggedUnion,
)
from sadpath.lower.schemas import TypeTable
from sadpath.openapi.parse import parse_document
from sadpath.source.loader import parse_text
from sadpath.source.references import Sources

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\ncomponents:\n  schemas:\n'


SENT = """paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}
      responses: {"204": {description: Nothing.}}"""


def lowered(schemas: str, head: str = HEAD) -> tuple[dict[str, Declaration], list[tuple[str, str]]]:
    """The declarations of a document with these component schemas, by name, and what was reported."""
    report = Report()
    source = parse_text("openapi.yaml", head + textwrap.indent(textwrap.dedent(schemas), "    "), report)
    assert source is not None
    document = parse_document(source, Sources(source, report), report)
    assert document is not None
    table = TypeTable(document, report)
    table.lower_components()
    findings = [(one.rule.code, one.message) for one in report.diagnostics]
    return {declaration.name: declaration for declaration in table.declarations}, findings


def fields(declaration: Declaration) -> dict[str, Field]:
    assert isinstance(declaration, Record)
    return {field.wire_name: field for field in declaration.fields}


def test_scalars_lists_and_maps_stand_where_they_are_used() -> None:
    found, findings = lowered("""
        Label: {type: string, maxLength: 5}
        Thing:
          type: object
          required: [label]
          properties:
            label: {$ref: "#/components/schemas/Label"}
            prices: {type: array, items: {type: number}, maxItems: 3}
            at: {type: string, format: date-time}
            ratio: {type: number, format: double}
            amount: {type: string, format: decimal}
            data: {type: object, additionalProperties: {type: integer}}
            free: {}
    """)
    assert findings == [] and found.pop("Label") == Alias("Label", None, Scalar("string", Limits(max_length=5)))
    assert set(found) == {"Thing"}
    thing = fields(found["Thing"])
    assert thing["label"] == Field("label", Scalar("string", Limits(max_length=5)), True)
    assert thing["prices"].type == ListOf(Scalar("decimal-number"), Limits(max_items=3))
    assert thing["at"].type == Scalar("date-time")
    assert thing["ratio"].type == Scalar("number")
    assert thing["amount"].type == Scalar("decimal-string")
    assert thing["data"].type == MapOf(Scalar("integer"))
    assert thing["free"].type == Anything()


def test_null_required_and_default_are_kept_apart() -> None:
    found, _ = lowered("""
        Thing:
          type: object
          required: [a, b]
          properties:
            a: {type: [string, "null"]}
            b: {type: string, default: x}
            c: {type: string}
            d: {type: [string, "null"], default: null}
            e: {anyOf: [{type: integer}, {type: "null"}]}
            f: {enum: [on, off, null]}
    """)
    thing = fields(found["Thing"])
    kinds = {name: (field.required, field.nullable, field.default) for name, field in thing.items()}
    assert kinds["a"] == (True, True, None)
    assert kinds["b"] == (True, False, ("x",))
    assert kinds["c"] == (False, False, None)
    assert kinds["d"] == (False, True, (None,))
    assert kinds["e"] == (False, True, None)
    assert kinds["f"] == (False, True, None) and thing["f"].type == Named("Thing f")


def test_inline_types_are_named_by_where_they_stand() -> None:
    found, _ = lowered("""
        Thing:
          type: object
          properties:
            recipient: {type: object, properties: {id: {type: string}}}
            lines: {type: array, items: {type: object, properties: {kind: {enum: [a, b]}}}}
    """)
    assert set(found) == {"Thing", "Thing recipient", "Thing lines item", "Thing lines item kind"}


def test_all_of_is_folded() -> None:
    found, findings = lowered("""
        Base: {type: object, required: [id], properties: {id: {type: string}, note: {type: string}}}
        Child:
          description: A child.
          allOf:
            - {$ref: "#/components/schemas/Base"}
            - {required: [note]}
            - {type: object, properties: {note: {maxLength: 3}, more: {type: integer}}}
        Same: {allOf: [{$ref: "#/components/schemas/Base"}], description: The same.}
        Holder: {type: object, properties: {same: {allOf: [{$ref: "#/components/schemas/Base"}], description: d}}}
    """)
    assert findings == []
    child = fields(found["Child"])
    assert set(child) == {"id", "note", "more"} and child["note"].required
    assert child["note"].type == Scalar("string", Limits(max_length=3))
    assert fields(found["Holder"])["same"].type == Named("Base")


def test_parts_that_contradict_each_other_are_reported_with_both_places() -> None:
    _, findings = lowered("""
        Thing: {allOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {a: {type: integer}}}]}
    """)
    assert [code for code, _ in findings] == ["SP401"]


def test_nullable_of_3_0_adds_null_to_whatever_stands_beside_it() -> None:
    found, _ = lowered(
        """
        Thing: {type: object, properties: {a: {type: string}}}
        Holder:
          type: object
          properties:
            one: {nullable: true, allOf: [{$ref: "#/components/schemas/Thing"}]}
            two: {nullable: true, type: string}
        """,
        HEAD.replace("3.1.0", "3.0.3"),
    )
    holder = fields(found["Holder"])
    assert (holder["one"].type, holder["one"].nullable) == (Named("Thing"), True)
    assert (holder["two"].type, holder["two"].nullable) == (Scalar("string"), True)


def test_unions() -> None:
    found, _ = lowered("""
        Cat: {type: object, required: [kind], properties: {kind: {const: cat}}}
        Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
        Pet:
          oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
          discriminator: {propertyName: kind, mapping: {dog: "#/components/schemas/Dog"}}
        Any: {type: object, properties: {x: {oneOf: [{type: string}, {type: integer}, {type: string}]}}}
    """)
    pet = found["Pet"]
    assert isinstance(pet, TaggedUnion)
    assert {variant.tag: variant.type.name for variant in pet.variants} == {"dog": "Dog", "cat": "Cat"}
    assert fields(found["Cat"])["kind"].type == Constant("cat")
    assert fields(found["Any"])["x"].type == AnyOf((Scalar("string"), Scalar("integer")))


def test_enumerations_are_open_unless_the_document_says_otherwise() -> None:
    found, _ = lowered("""
        Open: {type: string, enum: [a, b]}
        Closed: {type: integer, enum: [1, 2], x-sadpath-open: false}
        Growing: {type: string, enum: [a], x-sadpath-open: true}
        Single: {type: string, enum: [a]}
    """)
    opened, closed, growing = found["Open"], found["Closed"], found["Growing"]
    assert isinstance(growing, Enumeration) and growing.open
    assert found["Single"] == Alias("Single", None, Constant("a"))
    assert isinstance(opened, Enumeration) and opened.open and opened.base == "string"
    assert isinstance(closed, Enumeration) and not closed.open and closed.base == "integer"


def test_recursion_ends() -> None:
    found, _ = lowered("""
        Node: {type: object, properties: {next: {$ref: "#/components/schemas/Node"}, nulls: {anyOf: [{$ref: "#/components/schemas/Node"}, {type: "null"}]}}}
        Tree: {type: array, items: {$ref: "#/components/schemas/Tree"}}
        One: {type: object, properties: {two: {$ref: "#/components/schemas/Two"}}}
        Two: {type: object, properties: {one: {$ref: "#/components/schemas/One"}}}
        Loop: {allOf: [{$ref: "#/components/schemas/Loop"}, {type: object, properties: {x: {type: string}}}]}
    """)
    assert fields(found["Node"])["next"].type == Named("Node")
    assert found["Tree"] == Alias("Tree", None, ListOf(Named("Tree")))
    assert fields(found["One"])["two"].type == Named("Two")
    assert set(fields(found["Loop"])) == {"x"}


def test_the_order_of_the_document_changes_nothing() -> None:
    parts = [
        "A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, e: {enum: [x, y]}}}",
        "B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {l: {type: array, items: {$ref: '#/components/schemas/C'}}}}]}",
        "C: {type: array, items: {$ref: '#/components/schemas/C'}}",
        "D: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/C'}]}",
    ]
    assert lowered("\n".join(parts)) == lowered("\n".join(reversed(parts)))


def test_a_null_alone_and_several_types() -> None:
    found, _ = lowered("""
        Thing: {type: object, properties: {n: {type: "null"}, m: {type: [string, integer, "null"]}}}
    """)
    thing = fields(found["Thing"])
    assert thing["n"].type == Scalar("null")
    assert thing["m"].type == AnyOf((Scalar("string"), Scalar("integer"))) and thing["m"].nullable
    assert Nullable(Scalar("string")) != Scalar("string")


def test_nullable_beside_a_reference_in_3_1_is_the_type_or_null() -> None:
    found, _ = lowered("""
        Thing: {type: object, properties: {a: {type: string}}}
        Holder:
          type: object
          properties:
            one: {$ref: "#/components/schemas/Thing", nullable: true}
    """)
    holder = fields(found["Holder"])
    assert (holder["one"].type, holder["one"].nullable) == (Named("Thing"), True)
    assert set(found) == {"Thing", "Holder"}


def test_a_closed_part_that_forbids_what_others_describe_is_said_in_plain_words() -> None:
    _, findings = lowered("""
        Part: {type: object, properties: {a: {type: string}}, additionalProperties: false}
        Whole: {allOf: [{$ref: "#/components/schemas/Part"}, {type: object, properties: {b: {type: string}}}]}
    """)
    message = 'not enforced: `additionalProperties: false` in a part of allOf forbids "b", which other parts describe'
    assert findings == [("SP403", message)]


def test_how_xml_is_written_says_nothing_about_a_value() -> None:
    assert lowered("Thing: {type: object, properties: {a: {type: string, xml: {attribute: true}}}}")[1] == []


def test_a_family_has_two_faces_where_one_of_it_has() -> None:
    head = HEAD.replace(
        "paths: {}",
        "paths:\n  /m:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Method'}}}}\n"
        "      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Method'}}}}}",
    )
    found, _ = lowered(
        """
        Method: {type: object, discriminator: {propertyName: kind}, required: [kind], properties: {kind: {type: string}}}
        Card:
          allOf:
            - {$ref: "#/components/schemas/Method"}
            - {type: object, properties: {number: {type: string, writeOnly: true}, last4: {type: string, readOnly: true}}}
        """,
        head,
    )
    assert set(fields(found["Card"])) == {"kind", "last4"} and set(fields(found["Card input"])) == {"kind", "number"}
    read, sent = found["Method"], found["Method input"]
    assert isinstance(read, TaggedUnion) and [one.type.name for one in read.variants] == ["Card"]
    assert isinstance(sent, TaggedUnion) and [one.type.name for one in sent.variants] == ["Card input"]


_ONE_WAY = """
    openapi: 3.1.0
    info: {title: T, version: "1"}
    paths:
      /a:
        post:
          requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Account"}}}}
          responses:
            "200": {description: Done, content: {application/json: {schema: {$ref: "#/components/schemas/Account"}}}}
    components:
      schemas:
"""


def test_secrets_are_marked_wherever_they_stand_in_a_member() -> None:
    found, _ = lowered(
        """
        Account:
          type: object
          properties:
            plain: {type: array, items: {type: string}}
            pin: {type: string, writeOnly: true}
            list: {type: array, items: {$ref: "#/components/schemas/Secret"}}
            either: {anyOf: [{type: integer}, {type: string, format: password}]}
            map: {type: object, additionalProperties: {type: ["null", string], format: password}}
            tree: {$ref: "#/components/schemas/Tree"}
            record: {type: object, properties: {pin: {type: string, format: password}}}
          additionalProperties: {$ref: "#/components/schemas/Secret"}
        Secret: {type: string, format: password}
        Tree: {type: array, items: {$ref: "#/components/schemas/Tree"}}
        """,
        textwrap.dedent(_ONE_WAY).lstrip(),
    )
    secret = {name for name, field in fields(found["Account input"]).items() if field.secret}
    assert secret == {"pin", "list", "either", "map"}
    answer = found["Account"]
    assert isinstance(answer, Record)
    assert (answer.one_way, answer.direction, answer.secret_further) == (("pin",), "response", True)


def test_nothing_depends_on_a_member_that_does_not_go_this_way() -> None:
    found, _ = lowered(
        """
        Account:
          type: object
          dependentRequired: {name: [status, code], status: [code]}
          oneOf: [{required: [status]}, {required: [name]}]
          if: {required: [status]}
          then: {required: [code]}
          not: {required: [status, code]}
          properties: {status: {type: string, readOnly: true}, name: {type: string}, code: {type: string}}
        """,
        textwrap.dedent(_ONE_WAY).lstrip(),
    )
    sent, answer = found["Account input"], found["Account"]
    assert isinstance(sent, Record) and isinstance(answer, Record)
    assert sent.conforms == '{"dependentRequired":{"name":["code"]},"allOf":[{"anyOf":[{},{"required":["name"]}]}]}'
    assert sent.one_way == ("status",) and answer.conforms is not None and '"if"' in answer.conforms


@pytest.mark.parametrize(
    "parts", ["{$ref: '#/components/schemas/Read'}, {PROPS}", "{PROPS}, {$ref: '#/components/schemas/Read'}"]
)
def test_of_several_marks_true_wins(parts: str) -> None:
    # JSON Schema Validation 2020-12, section 9.4: "as for a true value if any occurrence specifies a true value".
    found, _ = lowered(
        f"""
        Read: {{type: object, properties: {{id: {{type: string, readOnly: true}}, name: {{type: string}}}}}}
        Changed: {{allOf: [{parts.replace("PROPS", "properties: {id: {type: string, readOnly: false}}")}]}}
        Sent: {{type: object, properties: {{changed: {{$ref: "#/components/schemas/Changed"}}}}}}
    """,
        HEAD.replace("paths: {}", SENT),
    )
    assert fields(found["Changed"]).keys() == {"name"}


def test_what_would_go_neither_way_goes_both_ways() -> None:
    found, _ = lowered(
        """
        Read: {type: string, readOnly: true}
        Sent:
          type: object
          additionalProperties: false
          properties: {torn: {allOf: [{$ref: "#/components/schemas/Read"}], writeOnly: true}}
        """,
        HEAD.replace("paths: {}", SENT),
    )
    assert fields(found["Sent"]).keys() == {"torn"}


def test_a_union_beside_unevaluated_properties() -> None:
    parts = "[{type: object, properties: {a: {const: x}}}, {type: object, properties: {b: {type: string}}}]"
    found, findings = lowered(f"""
        One: {{oneOf: {parts}, unevaluatedProperties: false}}
        Any: {{anyOf: {parts}, unevaluatedProperties: false}}
        Tagged:
          unevaluatedProperties: false
          oneOf: [{{$ref: "#/components/schemas/Cat"}}, {{$ref: "#/components/schemas/Dog"}}]
          discriminator: {{propertyName: kind}}
        Cat: {{type: object, required: [kind], properties: {{kind: {{const: cat}}}}}}
        Dog: {{type: object, required: [kind], properties: {{kind: {{const: dog}}}}}}
        """)
    said = [json.loads(one.conforms) for one in found.values() if isinstance(one, Record) and one.conforms is not None]
    assert all(one["unevaluatedProperties"] is False for one in said)
    assert sorted(tuple(one["properties"]) for one in said) == [("a",), ("b",), ("kind",), ("kind",)]
    assert not any(isinstance(one, Alias) and isinstance(one.target, Checked) for one in found.values())
    assert findings == [("SP403", "not enforced: unevaluatedProperties beside anyOf")]


def test_options_of_one_python_type_keep_their_form_on_the_wire() -> None:
    found, _ = lowered("""
        Amount: {anyOf: [{type: number}, {type: string, format: decimal}]}
        Both: {type: [string, number], format: decimal}
        Data: {anyOf: [{type: string, format: byte}, {type: string, format: base64url}]}
        Alone: {anyOf: [{type: integer}, {type: string, format: decimal}]}
    """)
    number, text = Scalar("decimal-number"), Scalar("string")
    assert found["Amount"] == Alias("Amount", None, AnyOf((number, text)))
    assert found["Both"] == Alias("Both", None, AnyOf((text, number)))
    assert found["Data"] == Alias("Data", None, text)
    assert found["Alone"] == Alias("Alone", None, AnyOf((Scalar("integer"), Scalar("decimal-string"))))


def test_limits_beside_a_union_hold_for_each_of_its_options() -> None:
    found, _ = lowered("""
        Id: {type: string}
        Key: {minLength: 2, maximum: 9, anyOf: [{$ref: "#/components/schemas/Id"}, {type: integer}]}
    """)
    limits = Limits(min_length=2, maximum=9)
    assert found["Key"] == Alias("Key", None, Checked(AnyOf((Scalar("string"), Scalar("integer"))), limits))


def test_a_tag_that_contradicts_the_variant_is_reported_and_both_are_read() -> None:
    found, findings = lowered("""
        Payment:
          oneOf: [{$ref: "#/components/schemas/Card"}]
          discriminator: {propertyName: type, mapping: {crad: "#/components/schemas/Card"}}
        Card: {type: object, required: [type], properties: {type: {const: card}}}
    """)
    union = found["Payment"]
    assert isinstance(union, TaggedUnion)
    assert [variant.tag for variant in union.variants] == ["card", "crad"]
    assert findings == [("SP232", 'the tag "crad" stands for a schema whose "type" is always "card"')]


def test_a_discriminator_whose_member_no_variant_describes_is_reported() -> None:
    _, findings = lowered("""
        Payment:
          oneOf: [{$ref: "#/components/schemas/Card"}]
          discriminator: {propertyName: typ}
        Card: {type: object, required: [type], properties: {type: {const: card}}}
    """)
    assert ("SP232", 'no variant describes the member "typ"') in findings


def test_misspelt_names_are_reported_and_names_from_elsewhere_are_not() -> None:
    _, findings = lowered("""
        Cake: {type: object, required: [flavor], properties: {flavour: {type: string}}}
        Both: {type: object, required: [flavor, flavour], properties: {flavour: {type: string}}}
        Other: {type: object, required: [price], properties: {flavour: {type: string}}}
        Heir:
          required: [flavor]
          properties: {flavours: {type: string}}
          allOf: [{type: object, properties: {flavor: {type: string}}}]
        List: {type: array, uniqueitems: true}
        Odd: {type: string, colour: red}
    """)
    assert findings == [
        ("SP231", '"flavor" is required, and no property has that name'),
        ("SP231", '"uniqueitems" is no keyword of JSON Schema, and has no effect'),
        ("SP403", 'not enforced: "colour"'),
    ]
