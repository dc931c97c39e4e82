"""Documents that cannot be meant as they are written: what is generated nevertheless works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, get_type_hints

import httpx2
import pytest
from behaviour.recording import conversation

from features import as_written
from features.as_written import models, webhooks
from features.as_written.models.holder import Holder


@pytest.fixture
def talk() -> Iterator[SimpleNamespace]:
    with conversation(as_written) as found:
        found.server.answer = "yes"
        yield found


def test_a_member_called_like_the_argument_for_the_media_type(talk: SimpleNamespace) -> None:
    assert talk.client.rules.send_document(content_type="invoice", size=3) == "yes"
    assert talk.server.request.body.to_wire() == {"content_type": "invoice", "size": 3}
    assert talk.client.rules.send_document(content_type="invoice") == "yes"


def test_a_list_of_objects_in_a_query_is_json(talk: SimpleNamespace) -> None:
    cards = [models.Card(number="1"), models.Card(number="2", holder=Holder(name="Ali"))]
    assert talk.client.rules.list_plans(details=cards, filter={"plain": "p"}) == "yes"
    assert talk.server.request.details == cards and talk.server.request.filter.plain == "p"
    assert talk.server.line.startswith("GET /plans?details=%5B%7B%22number%22%3A%221%22%7D")


@pytest.mark.parametrize(
    ("query", "got"),
    [
        ("numbers=12", (None, None, None)),
        ("named=anything", ("anything", None, None)),
        ("named=patch&named=deployment", (["patch", "deployment"], None, None)),
        ("counted=1", (None, 1, None)),
        ("counted=1&counted=2", (None, [1, 2], None)),
        ("joined=a,b", (None, None, ["a", "b"])),
        ("joined=7", (None, None, 7)),
    ],
)
def test_one_value_or_a_list_of_them(talk: SimpleNamespace, query: str, got: tuple[Any, ...]) -> None:
    httpx2.get(f"{talk.url}/weaknesses?{query}")
    request = talk.server.request
    assert (request.named, request.counted, request.joined) == got


@pytest.mark.parametrize(("given", "got"), [("12", "12"), ([12345], [12345]), ([1, 2], [1, 2]), ("abc", "abc")])
def test_what_does_not_fit_alone_is_a_list_of_one(talk: SimpleNamespace, given: Any, got: Any) -> None:
    assert talk.client.rules.list_weaknesses(numbers=given) == "yes" and talk.server.request.numbers == got


def test_no_content_where_there_cannot_be_any(talk: SimpleNamespace) -> None:
    talk.server.answer = None
    assert talk.client.rules.delete_key(id="k") is None


def test_a_query_in_a_path_is_sent_and_found(talk: SimpleNamespace) -> None:
    assert talk.client.rules.list_drafts() == "yes"
    assert talk.server.line == "GET /documents?kind=draft"
    assert talk.client.rules.list_sent(reader="A & B/C", page=2) == "yes"
    assert talk.server.line == "GET /documents?kind=sent&by=A%20%26%20B%2FC&page=2"
    assert (talk.server.request.reader, talk.server.request.page) == ("A & B/C", 2)


def test_paths_that_differ_in_the_names_of_placeholders_alone(talk: SimpleNamespace) -> None:
    assert talk.client.rules.get_shelf(number=7) == talk.client.rules.find_shelf(name="poetry") == "yes"
    assert (talk.server.line, talk.server.request.name) == ("GET /shelves/poetry", "poetry")
    assert talk.client.rules.find_shelf(name="8") == "yes"
    assert talk.server.request.number == 8


def test_what_is_empty_is_read_as_if_it_were_not_there(talk: SimpleNamespace) -> None:
    draft = models.Draft(text="Dear", marks=[1, None, "x"], anything={"a": [2]})
    assert talk.client.rules.change_draft(id="7", text="Dear", marks=[1, None, "x"], anything={"a": [2]}) == "yes"
    assert talk.server.request.body == draft
    assert draft.to_wire() == {"text": "Dear", "marks": [1, None, "x"], "anything": {"a": [2]}}
    assert talk.client.rules.change_draft(id="8") == "yes"
    assert (talk.server.line, talk.server.request.id) == ("PATCH /drafts/8", "8")
    assert httpx2.get(f"{talk.url}/drafts/8").status_code == 405, "`get:` describes no operation"


def test_operations_of_one_path_are_told_apart_by_what_is_constant_in_them(talk: SimpleNamespace) -> None:
    assert talk.client.rules.lend(x_target="Desk.Lend", version="1") == "yes"
    assert talk.server.line == "POST /desk?version=1"
    assert type(talk.server.request).__name__ == "Lend"
    assert talk.client.rules.take_back(x_target="Desk.TakeBack") == "yes"
    assert talk.server.line == "POST /desk"
    assert type(talk.server.request).__name__ == "TakeBack"


@pytest.mark.parametrize("operation", ["send_attachment", "post_attachment"])
def test_a_file_in_json_or_in_a_form_is_its_text(talk: SimpleNamespace, operation: str) -> None:
    call = getattr(talk.client.rules, operation)
    assert call(content="Å=1&b".encode()) == "yes"
    assert talk.server.request.body.content == "Å=1&b".encode()
    with pytest.raises(ValueError, match="bytes that are no text"):
        call(content=b"\xff")


def test_files_of_a_multipart_body_that_is_no_object(talk: SimpleNamespace) -> None:
    assert talk.client.rules.send_files(body={"file": b"\xff", "other": b"2"}) == "yes"
    got = talk.server.request.body
    assert {name: file.read() for name, file in got.items()} == {"file": b"\xff", "other": b"2"}


def test_objects_of_any_members_are_sent_one_at_a_time(talk: SimpleNamespace) -> None:
    assert talk.client.rules.list_spread(created={"gt": "1"}, holder={"age": 2}, name="n") == "yes"
    request = talk.server.request
    assert (request.created, request.holder.age, request.name) == ({"gt": "1"}, 2, "n")
    with pytest.raises(ValueError, match="nobody could tell their members apart"):
        talk.client.rules.list_spread(created={"gt": "1"}, updated={"gt": "2"})
    with pytest.raises(ValueError, match="the name of another parameter"):
        talk.client.rules.list_spread(holder={"name": "x"})


@pytest.mark.parametrize("body", [None, {"number": "1"}, [{"number": "1"}, {"number": "2"}], []])
def test_null_as_one_of_several_types_of_a_body(talk: SimpleNamespace, body: Any) -> None:
    assert talk.client.rules.send_holder(body=body) == "yes"
    read = webhooks.parse_held(json.dumps(body).encode())
    for found in (talk.server.request.body, read):
        told = [one.to_wire() for one in found] if isinstance(found, list) else found and found.to_wire()
        assert told == body


@pytest.mark.parametrize("result", [{"a": 1}, ["x"], 3, None])
def test_what_contradicts_itself_is_anything(talk: SimpleNamespace, result: Any) -> None:
    talk.server.answer = models.Envelope.from_wire({"result": result, "third": result, "count": 1, "holder": "aaa"})
    answer = talk.client.rules.get_contradiction()
    assert answer.result == result == answer.third and answer.count == 1 and answer.violations == ()


def test_a_pattern_that_explodes_is_not_matched() -> None:
    assert Holder(name="b" * 50).name == "b" * 50
    assert "pattern" not in str(get_type_hints(Holder, include_extras=True)["name"])


def test_a_reference_that_passes_through_another() -> None:
    assert models.Envelope(holder="Ali").to_wire() == {"holder": "Ali"}


def test_alternatives_of_a_list_that_are_those_of_its_items() -> None:
    wire = {"zones": [{"target": "ip", "value": "1"}, {"target": "range", "value": "2"}]}
    zone = models.Zone.from_wire(wire)
    assert zone.violations == () and zone.to_wire() == wire
    assert zone.zones is not None and [one.value for one in zone.zones] == ["1", "2"]
