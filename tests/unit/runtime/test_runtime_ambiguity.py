"""What could be read as something else is not sent, and nothing of a request is read as what it is not."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import pytest

from sadpath.runtime.bodies import read_body, write_body
from sadpath.runtime.contract import Body, Content, Encoding, Header, OperationContract, Parameter, Security, Success
from sadpath.runtime.credentials import ApiKeyAuth, BearerAuth, HttpAuth, authorize
from sadpath.runtime.forms import decode_form, encode_form
from sadpath.runtime.headers import Headers
from sadpath.runtime.model import Model
from sadpath.runtime.multipart import decode_multipart, encode_multipart
from sadpath.runtime.parameters import claimed_names, write_parameters
from sadpath.runtime.raw_parameters import RawParameters, read_parameter
from sadpath.runtime.replies import Reply, answer_of
from sadpath.runtime.routing import PathTemplate
from sadpath.runtime.shapes import from_text, shape_of
from sadpath.runtime.uploads import Payload, Upload, payload_of

SPREAD = Encoding(style="form", explode=True)
DEEP = Encoding(style="deepObject")


class Named(Model):
    x: str | None = None


class Shop(Model):
    name: str | None = None
    options: dict[str, str] | None = None
    named: Named | None = None


class OpenShop(Model):
    _additional: ClassVar[Any] = Any
    name: str | None = None
    options: dict[str, str] | None = None


def operation(*parameters: Parameter, keys: Iterable[Security] = ()) -> OperationContract:
    return OperationContract("o", "GET", "/x", parameters=parameters, security=tuple((key,) for key in keys))


def received(
    contract: OperationContract,
    parameter: Parameter,
    *,
    query: tuple[tuple[str, str], ...] = (),
    cookies: tuple[tuple[str, str], ...] = (),
    text: str = "",
) -> Any:
    raw = RawParameters({}, query, query, Headers(), cookies, text, claimed_names(contract))
    return read_parameter(parameter, raw)


def test_an_item_with_a_comma_stays_one_where_reserved_characters_are_allowed() -> None:
    style = {"a": Encoding(style="form", explode=False, allow_reserved=True)}
    data = encode_form({"a": ["x,y", "z/1"]}, style)
    assert data == b"a=x%2Cy,z/1"
    assert decode_form(dict[str, list[str]], data, style) == {"a": ["x,y", "z/1"]}


def test_members_that_are_spread_over_a_form_do_not_replace_others() -> None:
    style = {"options": SPREAD, "named": SPREAD}
    with pytest.raises(ValueError, match="options has the member 'name'"):
        encode_form({"name": "a", "options": {"name": "b"}}, style)
    with pytest.raises(ValueError, match="options has the member 'name'"):
        encode_form({"options": {"name": "b"}}, style, Shop)
    with pytest.raises(ValueError, match="options has the member 'x'"):
        encode_form({"options": {"x": "b"}}, style, Shop)
    with pytest.raises(ValueError, match="more than once"):
        decode_form(Shop, b"x=1&x=2", style)


def test_a_map_that_is_spread_over_a_form_takes_the_names_that_nobody_else_has() -> None:
    style = {"options": SPREAD, "named": SPREAD}
    tree = {"name": "n", "options": {"colour": "red", "size": "3"}, "named": {"x": "1"}}
    assert decode_form(Shop, encode_form(tree, style, Shop), style) == tree
    with pytest.raises(ValueError, match="options is spread over the body"):
        encode_form({"options": {"colour": "red"}}, style, OpenShop)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"x]": 1}, "holds brackets"),
        ({"a": {"[": 1}}, "holds brackets"),
        ({"": 1}, "is empty"),
        ({"a": [{"b": 1}]}, "o holds an object"),
        ({"a": [None]}, "o holds null"),
    ],
)
def test_what_brackets_cannot_say_is_not_sent(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        encode_form({"o": value}, {"o": DEEP})


@pytest.mark.parametrize("style", [Encoding(), SPREAD, Encoding(style="form", explode=False)])
def test_null_in_a_list_is_not_dropped(style: Encoding) -> None:
    with pytest.raises(ValueError, match="a holds null"):
        encode_form({"a": ["x", None]}, {"a": style})
    with pytest.raises(ValueError, match="a holds null"):
        encode_multipart({"a": ["x", None]})


def test_one_empty_text_is_not_taken_for_no_item() -> None:
    with pytest.raises(ValueError, match="a holds one empty text"):
        encode_form({"a": [""]}, {"a": Encoding(style="form", explode=False)})


def test_texts_of_parts_are_written_and_read_in_their_character_set() -> None:
    style = {"a": Encoding("text/plain; charset=iso-8859-1")}
    body, media_type = encode_multipart({"a": "é"}, style)
    assert isinstance(body, bytes)
    assert b"\xe9\r\n" in body
    assert decode_multipart(dict[str, str], body, media_type, style) == {"a": "é"}
    without = body.replace(b"\r\nContent-Type: text/plain; charset=iso-8859-1", b"")
    assert decode_multipart(dict[str, str], without, media_type, style) == {"a": "é"}
    with pytest.raises(ValueError, match="a holds characters that iso8859-1"):
        encode_multipart({"a": "€"}, style)
    with pytest.raises(ValueError, match="character set"):
        encode_multipart({"a": "x"}, {"a": Encoding("text/plain; charset=nonsense")})


@pytest.mark.parametrize("name", ["100%22.pdf", "100%.pdf", "%25", "%%22", 'a"b', "a\tb", "a\\", "%2%0d\r"])
def test_file_names_come_back(name: str) -> None:
    body, media_type = encode_multipart({"f": Upload(b"", name)})
    assert isinstance(body, bytes)
    assert decode_multipart(dict[str, Any], body, media_type)["f"].filename == name


@pytest.mark.parametrize("value", [5, True, Decimal("1.50"), "5", ["a", None], {"b": 1}])
def test_a_part_of_any_type_keeps_its_type(value: Any) -> None:
    content = Body("multipart/form-data", dict[str, Any])
    written = write_body(content, {"body": {"a": value}})
    assert isinstance(written.content, bytes)
    read = read_body(Content(content.media_type, content.type), written.content, written.media_type)
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


KEY = Security("k", "apiKey", "cookie", "session")


def test_a_key_in_a_cookie_is_no_member_of_an_object() -> None:
    bag = Parameter("bag", "bag", "cookie", dict[str, str])
    other = Parameter("theme", "theme", "cookie", str)
    contract = operation(bag, other, keys=[KEY])
    for name in ("session", "theme"):
        with pytest.raises(ValueError, match=f"bag has the member '{name}'"):
            write_parameters(contract, {"bag": {name: "1"}})
    cookies = (("session", "secret"), ("theme", "dark"), ("a", "1"))
    assert received(contract, bag, cookies=cookies) == {"a": "1"}


def test_objects_that_are_spread_do_not_share_names() -> None:
    first, second = Parameter("f", "f", "query", Named), Parameter("s", "s", "query", dict[str, str])
    third = Parameter("t", "t", "query", dict[str, str])
    contract = operation(first, second, third)
    with pytest.raises(ValueError, match="s has the member 'x'"):
        write_parameters(contract, {"s": {"x": "1"}})
    with pytest.raises(ValueError, match="t cannot be sent with s"):
        write_parameters(contract, {"s": {"y": "1"}, "t": {"z": "1"}})
    assert received(contract, second, query=(("x", "1"), ("y", "2"))) == {"y": "2"}


def test_a_key_in_the_query_is_no_part_of_a_querystring() -> None:
    key = Security("k", "apiKey", "query", "api_key")
    form = Parameter("q", "q", "querystring", dict[str, str], media_type="application/x-www-form-urlencoded")
    contract = operation(form, keys=[key])
    with pytest.raises(ValueError, match="q has the member 'api_key'"):
        write_parameters(contract, {"q": {"api_key": "1"}})
    assert received(contract, form, text="a=1&api_key=secret") == {"a": "1"}
    whole = Parameter("q", "q", "querystring", dict[str, str], media_type="application/json")
    with pytest.raises(ValueError, match="no room for the API key"):
        write_parameters(operation(whole, keys=[key]), {"q": {"a": "1"}})


def test_brackets_have_a_depth() -> None:
    deep = Parameter("d", "d", "query", dict[str, Any], style="deepObject")
    with pytest.raises(ValueError, match="nested too deeply"):
        received(operation(deep), deep, query=(("d" + "[a]" * 20_000, "1"),))
    with pytest.raises(ValueError, match="nested too deeply"):
        decode_form(dict[str, dict[str, Any]], ("d" + "[a]" * 20_000 + "=1").encode(), {"d": DEEP})


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (int | str, "7", 7),
        (int | str, "007", "007"),
        (int | str, "1e3", "1e3"),
        (int | str, "-0", "-0"),
        (str | int, "7", "7"),
        (str | bool, "true", "true"),
        (bool | str, "true", True),
        (Decimal | str, "1.50", Decimal("1.50")),
        (Decimal | str, "01.50", "01.50"),
        (Annotated[str, "short"] | int, "7", "7"),
        (Literal["auto"] | int, "7", 7),
        (int | None, "7", 7),
    ],
)
def test_text_stays_text_where_text_is_allowed(annotation: Any, text: str, value: Any) -> None:
    found = from_text(text, shape_of(annotation))
    assert (found, type(found)) == (value, type(value))


def test_an_open_file_is_sent_as_often_as_it_stands_in_a_body() -> None:
    file = io.BytesIO(b"-content")
    file.seek(1)
    payload = payload_of([file, b"+", file])
    assert isinstance(payload, Payload)
    assert [b"".join(payload.chunks()) for _ in range(2)] == [b"content+content"] * 2
    assert payload.length == 15
    with pytest.raises(ValueError, match="read to its end"):
        payload_of([file])


def test_what_cannot_be_read_twice_or_gives_text_is_not_sent() -> None:
    chunks = iter([b"a"])
    with pytest.raises(ValueError, match="sent twice"):
        payload_of([chunks, chunks])
    with pytest.raises(TypeError, match="mode 'rb'"):
        payload_of([io.StringIO("text")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="mode 'rb'"):
        encode_multipart({"f": io.TextIOWrapper(io.BytesIO(b"text"))})


LISTED = OperationContract("o", "GET", "/x", success=(Success("204", headers=(Header("X-Tags", list[str]),)),))


@pytest.mark.parametrize("item", ["a,b", "", " a"])
def test_an_item_that_a_reader_would_split_is_no_answer(item: str) -> None:
    with pytest.raises(ValueError, match="X-Tags has an item"):
        answer_of(LISTED, Reply(None, headers={"X-Tags": [item, "c"]}))


@pytest.mark.parametrize(("path", "segment"), [("/v/{a}.{b}.json", "." * 200_000), ("/v/{a}-{b}-{c}x", "-" * 200_000)])
def test_segments_are_matched_in_linear_time(path: str, segment: str) -> None:
    start = time.process_time()
    assert PathTemplate(path).match(["", "v", segment]) is None
    assert time.process_time() - start < 2


def test_segments_that_several_parameters_share() -> None:
    template = PathTemplate("/v/a{x}.{y}{z}5")
    assert template.match(["", "v", "a.%2E1.2%35"]) == {"x": ".", "y": "1", "z": ".2"}
    assert template.match(["", "v", "a.1%35"]) is None
    assert PathTemplate("/{a}").match(["", ""]) is None


@pytest.mark.parametrize("key", ["a;b", "a,b", "a b", 'a"b', "a\\b"])
def test_a_key_in_a_cookie_cannot_become_another_cookie(key: str) -> None:
    with pytest.raises(ValueError, match="a key in a cookie"):
        authorize(((KEY,),), [ApiKeyAuth(key)])


def test_a_key_in_a_header_may_hold_spaces() -> None:
    scheme = Security("k", "apiKey", "header", "Authorization")
    assert authorize(((scheme,),), [ApiKeyAuth("Bearer x")]).headers == (("Authorization", "Bearer x"),)


@pytest.mark.parametrize("secret", ["", " a", "a\nb", "ä"])
def test_credentials_that_no_request_carries_are_refused_at_once(secret: str) -> None:
    with pytest.raises(ValueError, match="a key is visible ASCII"):
        ApiKeyAuth(secret)
    with pytest.raises(ValueError, match="a token or key is visible ASCII"):
        BearerAuth(secret)


def test_other_credentials_are_checked_at_once() -> None:
    with pytest.raises(ValueError, match="HttpAuth"):
        HttpAuth("Digest", "a\nb")
