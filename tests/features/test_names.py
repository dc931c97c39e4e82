"""Names: what shares a name in the document has names of its own in Python, and its own on the wire."""

from __future__ import annotations

import inspect
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

from features.names import models
from features.names.client import AsyncClient, Client
from features.names.models.client import Client as ClientModel
from features.names.models.date import Date
from features.names.models.entity import Entity
from features.names.models.fields import Fields
from features.names.models.pretty import Pretty
from features.names.models.values_case import ValuesCase
from features.names.models.values_sort import ValuesSort


def test_schemas_that_differ_in_case_alone_are_three_classes() -> None:
    assert {"Foo", "Foo_2", "FOO"} <= set(models.__all__)
    holder = models.Foo.from_wire({"lower": {"a": 1}, "upper": {"b": 2}})
    assert holder.lower is not None and holder.lower.a == 1
    assert holder.upper is not None and holder.upper.b == 2
    assert isinstance(holder.lower, models.Foo_2) and isinstance(holder.upper, models.FOO)
    assert len({models.Foo, models.Foo_2, models.FOO}) == 3


def test_an_inline_schema_does_not_take_the_name_of_a_component() -> None:
    entity = Entity.from_wire({"schema": {"x": 1}})
    assert entity.schema_ is not None and entity.schema_.x == 1
    component = models.EntitySchema.from_wire({"y": 2, "entity": {"schema": {"x": 3}}})
    assert component.y == 2 and component.entity is not None and type(component.entity.schema_) is type(entity.schema_)


def test_every_member_has_a_name_of_its_own_and_keeps_its_name_on_the_wire() -> None:
    aliases = {
        str(name if field.serialization_alias is None else field.serialization_alias)
        for name, field in Fields.model_fields.items()
    }
    assert (
        len(aliases) == len(Fields.model_fields) and {"", "  ", "1", "+1", "-1", "💳", "$ref", "a.b", "a/b"} <= aliases
    )
    wire = {
        name: {"int": 1, "count": 1, "index": 1, "float": 0.5, "async": True, "сумма": Decimal("1.50")}.get(
            name, f"<{name}>"
        )
        for name in aliases
    }
    fields = Fields.from_wire(wire)
    assert fields.violations == () and fields.to_wire() == wire
    assert (fields.int, fields.str, fields.class_, fields.from_, fields.copy_) == (
        1,
        "<str>",
        "<class>",
        "<from>",
        "<copy>",
    )
    assert (fields.camel_case, fields.plus_1, fields.minus_1) == ("<camel_case>", "<+1>", "<-1>")
    assert (fields.credit_card, fields.summa, fields.naive) == ("<💳>", Decimal("1.50"), "<naïve>")


def test_shadowed_names_mean_what_they_should() -> None:
    with pytest.raises(ValidationError, match="copy"):
        Fields(int=1)  # type: ignore[call-arg]
    built = Date(date=date(2026, 1, 2), datetime=datetime(2026, 1, 2, tzinfo=timezone.utc), decimal=Decimal("0.10"))
    assert built.to_json() == b'{"date":"2026-01-02","datetime":"2026-01-02T00:00:00Z","Decimal":0.10}'
    assert Fields(int=1, copy_="x").model_copy(update={"self": "y"}).to_wire() == {"int": 1, "copy": "x", "self": "y"}


def test_values_that_differ_in_punctuation_alone_are_members_of_their_own() -> None:
    assert [member.value for member in ValuesSort] == ["name", "-name", "+name", "", "*", "5", "5+", "5-"]
    assert (ValuesSort.MINUS_NAME, ValuesSort.PLUS_NAME, ValuesSort.VALUE_5_PLUS) == ("-name", "+name", "5+")
    assert len({member.name for member in ValuesCase}) == len(ValuesCase) == 4


def test_chosen_names() -> None:
    assert Pretty(pretty="x").to_wire() == {"ugly_member": "x"}
    assert callable(Client(base_url="http://localhost").client.replace_all)


def test_operations_tags_and_arguments_that_are_reserved_words() -> None:
    client = Client(base_url="http://localhost")
    operation = client.class_.import_
    arguments = inspect.signature(operation).parameters
    assert [name for name, one in arguments.items() if one.default is inspect.Parameter.empty] == ["from_", "self_"]
    assert {"rs_query", "from_query", "options_", "argument_1st", "imya", "options"} <= set(arguments)
    assert list(inspect.signature(client.client.close).parameters) == ["name", "options"]
    assert ClientModel(name="x").to_wire() == {"name": "x"}
    assert AsyncClient is not Client
