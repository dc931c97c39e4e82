"""Parameters on the wire: what the server's socket gets, and what its handler makes of it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from behaviour.recording import conversation
from pydantic import ValidationError

from features import parameters
from features.parameters.models import Colour, Filter, FilterPrice, Search, Side

COLOUR = Colour(r=100, g=200)
NESTED = Filter(name="a b", price=FilterPrice(from_=1, to=5), tags=["x", "y&z"])


@pytest.fixture(scope="module")
def talk() -> Iterator[SimpleNamespace]:
    with conversation(parameters) as found:
        yield found


def got(talk: SimpleNamespace, *names: str) -> list[Any]:
    return [getattr(talk.server.request, name) for name in names]


def test_simple_paths(talk: SimpleNamespace) -> None:
    talk.client.paths.simple(one="a/b ü%", list=["x,y", "z"], object=COLOUR, spread=COLOUR)
    assert talk.server.line == "GET /simple/a%2Fb%20%C3%BC%25/x%2Cy,z/R,100,G,200/R=100,G=200"
    assert got(talk, "one", "list", "object", "spread") == ["a/b ü%", ["x,y", "z"], COLOUR, COLOUR]


def test_label_paths(talk: SimpleNamespace) -> None:
    words = ["1.5", "x,y"]
    talk.client.paths.label(one="a.b", list=words, spread_list=words, object=COLOUR, spread=COLOUR)
    assert talk.server.line == "GET /label/.a.b/.1.5,x%2Cy/.1%2E5.x%2Cy/.R,100,G,200/.R=100.G=200"
    assert got(talk, "one", "list", "spread_list", "object", "spread") == ["a.b", words, words, COLOUR, COLOUR]


def test_matrix_paths(talk: SimpleNamespace) -> None:
    words = ["a;b", "c=d"]
    talk.client.paths.matrix(one="a;b", list=words, spread_list=[*words, ""], object=COLOUR, spread=COLOUR)
    assert talk.server.line == (
        "GET /matrix/;one=a%3Bb/;list=a%3Bb,c%3Dd/;spreadList=a%3Bb;spreadList=c%3Dd;spreadList"
        "/;object=R,100,G,200/;R=100;G=200"
    )
    assert got(talk, "one", "list", "spread_list", "object") == ["a;b", words, [*words, ""], COLOUR]


@pytest.mark.parametrize("text", ["", ".", ".."])
def test_a_path_cannot_hold_what_leads_elsewhere(talk: SimpleNamespace, text: str) -> None:
    before = len(talk.server.lines)
    with pytest.raises(ValueError, match="text cannot stand in a path"):
        talk.client.paths.get_raw(text=text)
    with pytest.raises(ValueError, match="list cannot stand in a path"):
        talk.client.paths.simple(one="a", list=[], object=COLOUR, spread=COLOUR)
    assert len(talk.server.lines) == before


def test_several_placeholders_in_a_segment(talk: SimpleNamespace) -> None:
    talk.client.paths.get_file(name="report", extension="tar.gz")
    assert talk.server.line == "GET /files/report.tar.gz"
    assert got(talk, "name", "extension") == ["report", "tar.gz"]
    with pytest.raises(ValueError, match="'name'.*separates"):
        talk.client.paths.get_file(name="v1.0", extension="pdf")
    talk.client.paths.get_word(word="ordsw")
    assert talk.server.line == "GET /words/wordsws" and got(talk, "word") == ["ordsw"]


def test_reserved_characters_of_a_path(talk: SimpleNamespace) -> None:
    talk.client.paths.get_raw(text="a:b@c;d,e=f/g?h#i%j")
    assert talk.server.line == "GET /raw/a:b@c;d,e=f%2Fg%3Fh%23i%25j"
    assert got(talk, "text") == ["a:b@c;d,e=f/g?h#i%j"]


def test_form_queries(talk: SimpleNamespace) -> None:
    words = ["a,b", "c&d=e", "ü +%"]
    talk.client.queries.form(one="x y", spread_list=words, list=words, spread=COLOUR, object=COLOUR)
    assert talk.server.line == (
        "GET /form?one=x%20y&spread_list=a%2Cb&spread_list=c%26d%3De&spread_list=%C3%BC%20%2B%25"
        "&list=a%2Cb,c%26d%3De,%C3%BC%20%2B%25&R=100&G=200&object=R,100,G,200"
    )
    assert got(talk, "one", "spread_list", "list", "spread", "object") == ["x y", words, words, COLOUR, COLOUR]
    talk.client.queries.form()
    assert talk.server.line == "GET /form" and got(talk, "one", "list", "spread") == [None, None, None]


def test_null_and_empty(talk: SimpleNamespace) -> None:
    talk.client.queries.form(spread_list=[], list=[], spread=Colour(r=1, g=None), object=Colour())
    assert talk.server.line == "GET /form?R=1"
    assert got(talk, "spread_list", "list", "spread", "object") == [None, None, Colour(r=1), None]
    talk.client.queries.form(one="", spread_list=["", ""])
    assert talk.server.line == "GET /form?one=&spread_list=&spread_list="
    assert got(talk, "one", "spread_list") == ["", ["", ""]]
    with pytest.raises(ValueError, match="list holds one empty text"):
        talk.client.queries.form(list=[""])
    talk.client.queries.empty(text="", list=[], number=0)
    assert talk.server.line == "GET /empty?text=&list=&number=0" and got(talk, "text", "list", "number") == ["", [], 0]
    assert ask(talk, "/empty?number=&list=") == 204 and got(talk, "number", "list") == [None, []]


def ask(talk: SimpleNamespace, target: str, **headers: str) -> int:
    """The status of a request that no client of ours makes."""
    connection = http.client.HTTPConnection(urlsplit(talk.url).netloc, timeout=5)
    connection.request("GET", target, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_delimited_queries(talk: SimpleNamespace) -> None:
    talk.client.queries.delimited(spaces=["a", "b|c"], bars=["a b", "c"], space_object=COLOUR, bar_object=COLOUR)
    assert talk.server.line == (
        "GET /delimited?spaces=a%20b%7Cc&bars=a%20b%7Cc&space_object=R%20100%20G%20200&bar_object=R%7C100%7CG%7C200"
    )
    assert got(talk, "spaces", "bars") == [["a", "b|c"], ["a b", "c"]]
    assert got(talk, "space_object", "bar_object") == [COLOUR, COLOUR]
    assert ask(talk, "/delimited?spaces=a+b&bars=a|b") == 204
    assert got(talk, "spaces", "bars") == [["a", "b"], ["a", "b"]]
    with pytest.raises(ValueError, match="spaces holds ' ' inside"):
        talk.client.queries.delimited(spaces=["a b"])
    with pytest.raises(ValueError, match="bars holds '|' inside"):
        talk.client.queries.delimited(bars=["a|b"])


def test_deep_objects(talk: SimpleNamespace) -> None:
    talk.client.queries.deep(filter=NESTED, free={"a&b": 1})
    assert talk.server.line == (
        "GET /deep?filter%5Bname%5D=a%20b&filter%5Bprice%5D%5Bfrom%5D=1&filter%5Bprice%5D%5Bto%5D=5"
        "&filter%5Btags%5D%5B%5D=x&filter%5Btags%5D%5B%5D=y%26z&free%5Ba%26b%5D=1"
    )
    assert got(talk, "filter", "free") == [NESTED, {"a&b": 1}]
    for items in ("filter[tags]=x&filter[tags]=y%26z", "filter[tags][0]=x&filter[tags][1]=y%26z"):
        assert ask(talk, f"/deep?{items}") == 204 and talk.server.request.filter.tags == ["x", "y&z"]
    with pytest.raises(ValueError, match="free has the member 'a\\]'"):
        talk.client.queries.deep(free={"a]": 1})
    rows = [Colour(r=1, name="x"), Colour(r=2)]
    talk.client.queries.deep(rows=rows)
    assert talk.server.line == "GET /deep?rows%5B0%5D%5BR%5D=1&rows%5B0%5D%5Bname%5D=x&rows%5B1%5D%5BR%5D=2"
    assert talk.server.request.rows == rows


@pytest.mark.parametrize("wire", [{"id": 7}, {"name": "7", "since": 8}, {"name": "x"}])
def test_one_of_two_objects_is_spread(talk: SimpleNamespace, wire: dict[str, Any]) -> None:
    talk.client.queries.either(holder=wire)
    assert talk.server.line == "GET /either?" + "&".join(f"{name}={value}" for name, value in wire.items())
    assert talk.server.request.holder.to_wire() == wire


def test_reserved_characters_of_a_query(talk: SimpleNamespace) -> None:
    address = "https://a.b/c?d=e&f=g+h#i%20"
    talk.client.queries.reserved(address=address, addresses=["a/b,c", "d"], odd_name="x")
    assert talk.server.line == (
        "GET /reserved?address=https://a.b/c?d%3De%26f%3Dg%2Bh%23i%2520&addresses=a/b%2Cc,d&odd%20name%5B%5D=x"
    )
    assert got(talk, "address", "addresses", "odd_name") == [address, ["a/b,c", "d"], "x"]


def test_objects_without_known_members(talk: SimpleNamespace) -> None:
    talk.client.queries.free(known="k", rest={"a": "1", "b c": "&"})
    assert talk.server.line == "GET /free?known=k&a=1&b%20c=%26"
    assert got(talk, "known", "rest") == ["k", {"a": "1", "b c": "&"}]
    with pytest.raises(ValueError, match="rest has the member 'known'"):
        talk.client.queries.free(rest={"known": "1"})


def test_json_parameters(talk: SimpleNamespace) -> None:
    value = Filter(name='é"☃𝄞', tags=[])
    talk.client.queries.json(filter=value, x_filter=value, choice=value)
    assert talk.server.line == (
        "GET /json?filter=%7B%22name%22%3A%22%C3%A9%5C%22%E2%98%83%F0%9D%84%9E%22%2C%22tags%22%3A%5B%5D%7D"
    )
    assert talk.server.fields["x-filter"] == rb'{"name":"\u00e9\"\u2603\ud834\udd1e","tags":[]}'
    assert talk.server.fields["cookie"].startswith(b"choice=%7B%22name%22%3A")
    assert got(talk, "filter", "x_filter", "choice") == [value, value, value]


def test_the_whole_query(talk: SimpleNamespace) -> None:
    search = Search(q="a&b", tags=["x", "y"], limit=5)
    talk.client.queries.whole(everything=search)
    assert talk.server.line == "GET /whole?q=a%26b&tags=x&tags=y&limit=5"
    assert got(talk, "everything") == [search]
    talk.client.queries.whole_json(selector=Filter(name="a=b"))
    assert talk.server.line == "GET /whole-json?%7B%22name%22%3A%22a%3Db%22%7D"
    assert got(talk, "selector") == [Filter(name="a=b")]


def test_headers(talk: SimpleNamespace) -> None:
    words = ["a b", "c=d"]
    talk.client.headers.headers(x_one="é, ü", x_count=3, x_list=words, x_object=COLOUR, x_spread=COLOUR)
    sent = {name: talk.server.fields[f"x-{name}"] for name in ("one", "count", "list", "object", "spread")}
    assert sent == {
        "one": "é, ü".encode(),
        "count": b"3",
        "list": b"a b,c=d",
        "object": b"R,100,G,200",
        "spread": b"R=100,G=200",
    }
    assert got(talk, "x_one", "x_count", "x_list", "x_object", "x_spread") == ["é, ü", 3, words, COLOUR, COLOUR]
    assert ask(talk, "/headers", **{"X-List": " a ,, b ,"}) == 204 and got(talk, "x_list") == [["a", "b"]]
    assert not {"accept_", "content_type", "authorization"} & set(type(talk.server.request).__dataclass_fields__)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"x_list": ["a,b"]}, "x_list holds ',' inside an item"),
        ({"x_list": [""]}, "x_list holds an empty text"),
        ({"x_one": " a"}, "x_one holds a text that starts or ends with a space"),
        ({"x_one": "a\r\nX: b"}, "x_one holds a control character"),
        ({"x_spread": Colour(name="a,b")}, "x_spread holds ',' inside an item"),
    ],
)
def test_headers_that_could_not_be_read(talk: SimpleNamespace, arguments: dict[str, Any], problem: str) -> None:
    before = len(talk.server.lines)
    with pytest.raises(ValueError, match=problem):
        talk.client.headers.headers(**arguments)
    assert len(talk.server.lines) == before


def test_cookies(talk: SimpleNamespace) -> None:
    words = ["a;b", "c,d"]
    talk.client.headers.cookies(
        one="x; y", list=words, spread_list=words, object=COLOUR, plain="a%b", plain_list=["x", "y"]
    )
    assert talk.server.fields["cookie"] == (
        b"one=x%3B%20y; list=a%3Bb,c%2Cd; spread_list=a%3Bb; spread_list=c%2Cd; object=R,100,G,200;"
        b" plain=a%b; plain_list=x; plain_list=y"
    )
    assert got(talk, "one", "list", "spread_list", "object") == ["x; y", words, words, COLOUR]
    assert got(talk, "plain", "plain_list") == ["a%b", ["x", "y"]]
    with pytest.raises(ValueError, match="plain holds a character that a cookie"):
        talk.client.headers.cookies(plain="a;b")


GIVEN: dict[str, Any] = {"side": Side.BUY, "day": date(2026, 1, 5), "price": Decimal("1.50"), "urgent": True}


def test_values(talk: SimpleNamespace) -> None:
    talk.client.rules.values(**GIVEN)
    assert talk.server.line == "GET /values?side=buy&day=2026-01-05&price=1.50&urgent=true"
    assert got(talk, *GIVEN) == list(GIVEN.values()) and type(talk.server.request.price) is Decimal
    assert got(talk, "limit", "code", "maybe") == [None, None, None]
    assert "the API takes 20" in str(talk.client.rules.values.__doc__)


@pytest.mark.parametrize(("name", "value"), [("limit", 0), ("limit", "5"), ("code", "eu"), ("price", Decimal("0.001"))])
def test_constraints_hold_on_both_sides(talk: SimpleNamespace, name: str, value: Any) -> None:
    before = len(talk.server.lines)
    with pytest.raises(ValidationError, match=name):
        talk.client.rules.values(**{**GIVEN, name: value})
    assert len(talk.server.lines) == before
    if value != "5":
        wire = {"side": "buy", "day": "2026-01-05", "price": "1.50", "urgent": "true", name: str(value)}
        assert ask(talk, "/values?" + "&".join(f"{key}={text}" for key, text in wire.items())) == 400
        assert talk.server.request is None


@pytest.mark.parametrize("query", ["", "day=5&side=buy&price=1&urgent=true", "side=buy&side=sell", "urgent=%ff"])
def test_what_cannot_be_read_is_refused(talk: SimpleNamespace, query: str) -> None:
    assert ask(talk, f"/values?{query}") == 400 and talk.server.request is None


def test_one_name_in_several_places(talk: SimpleNamespace) -> None:
    talk.client.rules.same(
        id="p", id_query=1, id_header=True, id_cookie="c", page=2, trace="t", class_="k", search_for="s"
    )
    assert talk.server.line == "GET /same/p?page=2&id=1&class=k&q=s"
    assert talk.server.fields["id"] == b"true" and talk.server.fields["cookie"] == b"id=c"
    names = ("id", "id_query", "id_header", "id_cookie", "page", "trace", "class_", "search_for")
    assert got(talk, *names) == ["p", 1, True, "c", 2, "t", "k", "s"]


def test_a_body_with_a_member_named_like_a_parameter(talk: SimpleNamespace) -> None:
    talk.client.rules.same_with_body(id="p", body={"id": 7, "name": "n"}, page="2")
    assert talk.server.line == "POST /same/p?page=2"
    assert (talk.server.request.id, talk.server.request.body.id, talk.server.request.page) == ("p", 7, "2")
