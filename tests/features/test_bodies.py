"""Request bodies of every kind: what stands on the wire, and what the handler of the generated server gets."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from behaviour.loopback import served
from pydantic import ValidationError

from features.bodies import AsyncClient, Client, models, server


def echo(request: Any) -> models.Echo:
    context = request.context
    return models.Echo(
        content_type=context.headers.get("content-type"),
        length=context.headers.get("content-length"),
        body=context.body.decode("latin-1"),
        read=repr(request.body.to_wire() if hasattr(request.body, "to_wire") else request.body),
    )


class Everything:
    """Answers every operation with what came."""

    def __getattr__(self, name: str) -> Any:
        return echo


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    everything: Any = Everything()
    with served(server.create_app(server.Handlers(orders=everything, forms=everything, plain=everything))) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[Client]:
    with Client(base_url=base_url) as client:
        yield client


def test_json_is_the_default(client: Client) -> None:
    echoed = client.orders.create(amount=Decimal("10.50"), items=["a", "b"])
    assert (echoed.content_type, echoed.body) == ("application/json", '{"amount":10.50,"items":["a","b"]}')


def test_the_other_media_type_of_the_same_members(client: Client) -> None:
    echoed = client.orders.create(
        amount=Decimal("10.50"),
        items=["a&b", "ü"],
        address=models.Address(city="Tallinn"),
        content_type="application/x-www-form-urlencoded",
    )
    assert echoed.content_type == "application/x-www-form-urlencoded"
    assert echoed.body == "amount=10.50&items=a%26b&items=%C3%BC&address=%7B%22city%22%3A%22Tallinn%22%7D"
    assert echoed.read == "{'amount': Decimal('10.50'), 'items': ['a&b', 'ü'], 'address': {'city': 'Tallinn'}}"


def test_a_media_type_that_the_operation_does_not_take(client: Client) -> None:
    wrong: Any = "application/xml"
    with pytest.raises(ValueError, match="content_type is none of those that the operation takes"):
        client.orders.create(amount=Decimal(1), items=[], content_type=wrong)


def test_a_server_refuses_other_media_types_and_says_which_it_takes(base_url: str) -> None:
    answer = httpx2.post(f"{base_url}/orders", content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert answer.status_code == 415
    assert answer.headers["accept"] == "application/json, application/x-www-form-urlencoded"


def test_methods_that_rarely_have_a_body(client: Client) -> None:
    assert client.orders.delete(body=["a", "b"]).body == '["a","b"]'
    none = client.orders.delete()
    assert (none.body, none.content_type, none.read) == ("", None, "None")
    assert client.orders.search(text="x").body == '{"text":"x"}'


def test_parameters_of_the_media_type_are_sent_and_null_is_told_from_nothing(client: Client) -> None:
    echoed = client.orders.patch(amount=None, note="n")
    assert echoed.content_type == "application/merge-patch+json; charset=utf-8; version=2"
    assert echoed.body == '{"amount":null,"note":"n"}'
    assert client.orders.patch(note="n").body == '{"note":"n"}'


def test_a_form_with_a_style_for_each_member(client: Client) -> None:
    echoed = client.forms.send(
        name="A & B",
        count=3,
        paid=True,
        tags=["x", "y"],
        codes=[1, 2],
        words=["one", "two"],
        pipes=["p", "q"],
        address=models.Address(city="Riga"),
        filter=models.Address(city="Rīga", zip="1"),
        rows=[models.Address(city="A", zip="2"), models.Address(city="B")],
        list=["a,b", "c"],
        url="https://x.test/?a=b/c",
    )
    assert echoed.body.split("&") == [
        "name=A+%26+B",
        "count=3",
        "paid=true",
        "tags=x",
        "tags=y",
        "codes=1,2",
        "words=one+two",
        "pipes=p%7Cq",
        "address=%7B%22city%22%3A%22Riga%22%7D",
        "filter%5Bcity%5D=R%C4%ABga",
        "filter%5Bzip%5D=1",
        "rows%5B0%5D%5Bcity%5D=A",
        "rows%5B0%5D%5Bzip%5D=2",
        "rows%5B1%5D%5Bcity%5D=B",
        "list=%5B%22a%2Cb%22%2C%22c%22%5D",
        "url=https://x.test/?a%3Db/c",
    ]


def test_a_delimiter_inside_an_item_is_not_sent(client: Client) -> None:
    with pytest.raises(ValueError, match="pipes: an item of a list in the style pipeDelimited cannot hold '|'"):
        client.forms.send(name="a", pipes=["p|q"])


def test_a_form_reaches_the_handler_as_it_left(client: Client) -> None:
    echoed = client.forms.send(
        name="A & B",
        count=3,
        paid=False,
        tags=["1", "2"],
        codes=[1, 2],
        words=["one", "two"],
        pipes=["p", "q"],
        address=models.Address(city="Riga"),
        filter=models.Address(city="Rīga", zip="1"),
        rows=[models.Address(city="A", zip="2"), models.Address(city="B")],
        list=["a,b", "c"],
        url="https://x.test/?a=b/c",
    )
    read: dict[str, Any] = eval(echoed.read or "")  # noqa: S307 it is the text form of a tree of our own
    assert read == {
        "name": "A & B",
        "count": 3,
        "paid": False,
        "tags": ["1", "2"],
        "codes": [1, 2],
        "words": ["one", "two"],
        "pipes": ["p", "q"],
        "address": {"city": "Riga"},
        "filter": {"city": "Rīga", "zip": "1"},
        "rows": [{"city": "A", "zip": "2"}, {"city": "B"}],
        "list": ["a,b", "c"],
        "url": "https://x.test/?a=b/c",
    }


def test_text_in_the_character_set_of_the_contract(client: Client) -> None:
    echoed = client.plain.send_text(body="käru")
    assert (echoed.content_type, echoed.body) == ("text/plain; charset=iso-8859-1", "käru")
    assert echoed.length == "4" and echoed.read == "'käru'"
    with pytest.raises(ValueError, match="latin-1"):
        client.plain.send_text(body="€")


def test_text_that_is_a_number(client: Client) -> None:
    echoed = client.plain.put_number(body=12)
    assert (echoed.content_type, echoed.body, echoed.read) == ("text/plain", "12", "12")
    with pytest.raises(ValidationError):
        client.plain.put_number(body=0)


@pytest.mark.parametrize(
    ("body", "length"),
    [
        (b"\x00\xff" * 4, "8"),
        (io.BytesIO(b"\x00\xff" * 4), "8"),
        (iter([b"\x00\xff", b"\x00\xff" * 3]), None),
    ],
    ids=["bytes", "file", "iterator"],
)
def test_bytes_from_anywhere(client: Client, body: Any, length: str | None) -> None:
    echoed = client.plain.send_bytes(body=body)
    assert echoed.content_type == "application/octet-stream"
    assert echoed.body.encode("latin-1") == b"\x00\xff" * 4
    assert echoed.length == length


def test_a_file_is_sent_from_where_it_stands(client: Client) -> None:
    file = io.BytesIO(b"0123456789")
    file.seek(4)
    echoed = client.plain.send_bytes(body=file)
    assert (echoed.body, echoed.length) == ("456789", "6")


def test_what_gives_no_bytes_is_not_sent(client: Client) -> None:
    text: Any = io.StringIO("text")
    number: Any = 5
    with pytest.raises(TypeError, match="iterator of bytes"):
        client.plain.send_bytes(body=number)
    with pytest.raises(Exception, match="must give bytes"):
        client.plain.send_bytes(body=text)


def test_an_async_iterator_is_sent_by_an_async_client(base_url: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    async def sent() -> None:
        async with AsyncClient(base_url=base_url) as client:
            assert (await client.plain.send_bytes(body=chunks())).body == "abcd"
            assert (await client.plain.send_bytes(body=io.BytesIO(b"file"))).body == "file"

    asyncio.run(sent())
    with Client(base_url=base_url) as blocking, pytest.raises(TypeError, match="async client alone"):
        blocking.plain.send_bytes(body=chunks())


def test_a_range_of_media_types_needs_a_choice(client: Client) -> None:
    echoed = client.plain.send_image(body=b"GIF89a", content_type="image/gif")
    assert (echoed.content_type, echoed.body) == ("image/gif", "GIF89a")
    with pytest.raises(ValueError, match="content_type is required: one of image/\\*"):
        client.plain.send_image(body=b"GIF89a")
    with pytest.raises(ValueError, match="content_type"):
        client.plain.send_image(body=b"GIF89a", content_type="text/plain")


def test_xml_is_handed_over_as_it_is(client: Client) -> None:
    echoed = client.plain.send_xml(body=b"<a>1</a>")
    assert (echoed.content_type, echoed.body) == ("application/xml", "<a>1</a>")


def test_anything_that_is_described_is_json(client: Client) -> None:
    assert client.plain.send_anything(body={"a": 1}).content_type == "application/json"


def test_null_is_a_body_where_the_contract_says_so(client: Client) -> None:
    assert client.plain.put_note(body=None).body == "null"
    assert client.plain.put_note(body="x").body == '"x"'
    assert client.plain.put_note().body == ""


def test_a_type_for_each_media_type(client: Client) -> None:
    assert client.plain.send_mixed(body=models.Address(city="Riga")).body == '{"city":"Riga"}'
    csv = client.plain.send_mixed(body="a;b\r\n", content_type="text/csv")
    assert (csv.content_type, csv.body) == ("text/csv", "a;b\r\n")
    raw = client.plain.send_mixed(body=b"\x00", content_type="application/octet-stream")
    assert (raw.content_type, raw.read) == ("application/octet-stream", "b'\\x00'")


def test_json_lines(client: Client) -> None:
    echoed = client.plain.send_lines(body=[models.Address(city="Riga"), models.Address(city="Tallinn")])
    assert echoed.body == '{"city":"Riga"}\n{"city":"Tallinn"}\n'
    assert echoed.content_type == "application/x-ndjson"


def test_bodies_that_the_contract_does_not_allow_are_refused(base_url: str) -> None:
    for path, content, media_type in [
        ("/form", b"count=3", "application/x-www-form-urlencoded"),
        ("/form", b"name=a&name=b", "application/x-www-form-urlencoded"),
        ("/form", b"name=%ff", "application/x-www-form-urlencoded"),
        ("/number", b"zero", "text/plain"),
        ("/lines", b'{"city":"Riga"}\n{', "application/x-ndjson"),
        ("/orders", b"", "application/json"),
    ]:
        method = "PUT" if path == "/number" else "POST"
        answer = httpx2.request(method, base_url + path, content=content, headers={"Content-Type": media_type})
        assert answer.status_code == 400, path


def test_a_server_says_how_long_a_body_may_be() -> None:
    everything: Any = Everything()
    with served(server.create_app(server.Handlers(plain=everything), max_request_bytes=4)) as url:
        with Client(base_url=url) as client:
            assert client.plain.send_bytes(body=b"1234").body == "1234"
        too_long = {"Content-Type": "application/octet-stream"}
        assert httpx2.post(f"{url}/bytes", content=iter([b"123", b"45"]), headers=too_long).status_code == 413
