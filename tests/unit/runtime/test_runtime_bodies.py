"""Bodies without a network: forms in every style, media types that are chosen, and bodies that are read while they are sent."""

from __future__ import annotations

import io
from typing import Any, Literal

import pytest
from cornershop.models.monetary_amount import MonetaryAmount
from hypothesis import assume, given
from hypothesis import strategies as st

from sadpath.runtime.bodies import content_of, read_body, write_body
from sadpath.runtime.contract import Body, Content, Encoding, Header, OperationContract, Success
from sadpath.runtime.expressions import is_well_formed
from sadpath.runtime.forms import decode_form, encode_form
from sadpath.runtime.headers import Headers
from sadpath.runtime.replies import Reply, StreamedAnswer, answer_of
from sadpath.runtime.successes import accepted, documented, read_fields
from sadpath.runtime.uploads import Payload, Upload

FORM = "application/x-www-form-urlencoded"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
STYLES = [
    Encoding(),
    Encoding(style="form"),
    Encoding(style="form", explode=False),
    Encoding(style="spaceDelimited", explode=False),
    Encoding(style="pipeDelimited", explode=False),
    Encoding("application/json"),
    Encoding(style="form", explode=False, allow_reserved=False),
    Encoding(style="deepObject"),
]


@pytest.mark.parametrize("encoding", STYLES, ids=str)
@given(items=st.lists(TEXTS, min_size=1, max_size=4))
def test_arrays_come_back_in_every_style(encoding: Encoding, items: list[str]) -> None:
    items = [item.replace(" ", "").replace("|", "") for item in items]
    assume(items != [""] or encoding.explode is not False)
    data = encode_form({"a": items}, {"a": encoding})
    assert decode_form(dict[str, list[str]], data, {"a": encoding}) == {"a": items}


@pytest.mark.parametrize("encoding", [Encoding(), Encoding(style="deepObject"), Encoding("application/json")], ids=str)
@given(members=st.dictionaries(st.text("abä&= ", min_size=1, max_size=3), TEXTS, min_size=1, max_size=3))
def test_objects_come_back_in_every_style(encoding: Encoding, members: dict[str, str]) -> None:
    data = encode_form({"o": members}, {"o": encoding})
    assert decode_form(dict[str, dict[str, str]], data, {"o": encoding}) == {"o": members}


def test_objects_whose_members_stand_for_themselves() -> None:
    tree = {"o": {"x": 1, "y": "a,b"}}
    assert encode_form(tree, {"o": Encoding(style="form", explode=True)}) == b"x=1&y=a%2Cb"
    assert encode_form(tree, {"o": Encoding(style="form", explode=False)}) == b"o=x,1,y,a%2Cb"
    assert encode_form({"o": {"in": {"n": [1, 2]}}}, {"o": Encoding(style="deepObject")}) == (
        b"o%5Bin%5D%5Bn%5D%5B%5D=1&o%5Bin%5D%5Bn%5D%5B%5D=2"
    )


def test_brackets_number_the_items_that_have_parts() -> None:
    deep, kind = {"a": Encoding(style="deepObject", explode=True)}, dict[str, list[dict[str, list[int]]]]
    tree = {"a": [{"x": [1, 2], "y": [3]}, {"x": [4]}]}
    data = encode_form(tree, deep, kind)
    assert data.replace(b"%5B", b"[").replace(b"%5D", b"]") == b"a[0][x][]=1&a[0][x][]=2&a[0][y][]=3&a[1][x][]=4"
    assert decode_form(kind, data, deep) == tree
    for written in (b"a=x&a=y", b"a[]=x&a[]=y", b"a[0]=x&a[1]=y"):
        assert decode_form(dict[str, list[str]], written, deep) == {"a": ["x", "y"]}
    with pytest.raises(ValueError, match="a holds an item without parts"):
        encode_form({"a": [{}]}, deep, kind)
    with pytest.raises(ValueError, match="not numbered one after the other"):
        decode_form(kind, b"a[1][x][]=1", deep)


@pytest.mark.parametrize("encoding", [Encoding(), Encoding(style="deepObject", explode=True)], ids=str)
@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (dict[str, str] | str, ""),
        (dict[str, str] | str, "x"),
        (dict[str, str] | str, {"x": "y"}),
        (list[str] | str, ""),
        (list[str] | str, ["x", "y"]),
        (list[int] | str, "x"),
        (list[int] | Literal[""], [1]),
        (list[int] | Literal[""], ""),
        (list[dict[str, str]] | Literal[""], ""),
        (list[dict[str, str]] | Literal[""], [{"x": "y"}]),
    ],
)
def test_text_in_place_of_what_has_parts_comes_back(encoding: Encoding, annotation: Any, value: Any) -> None:
    styles = {"a": encoding}
    assert decode_form(dict[str, annotation], encode_form({"a": value}, styles, dict[str, annotation]), styles) == {
        "a": value
    }


def test_a_list_as_json_is_no_text_that_stands_alone() -> None:
    styles = {"a": Encoding("application/json")}
    assert decode_form(dict[str, list[str] | str], b"a=%5B%22x%22%5D", styles) == {"a": ["x"]}


def test_reserved_characters_stay_where_they_may_and_never_change_the_form() -> None:
    data = encode_form({"url": "https://x/?a=b&c+d#e%"}, {"url": Encoding(allow_reserved=True)})
    assert data == b"url=https://x/?a%3Db%26c%2Bd%23e%25"
    assert decode_form(dict[str, str], data) == {"url": "https://x/?a=b&c+d#e%"}


def test_members_that_the_schema_does_not_know_may_repeat() -> None:
    assert decode_form(MonetaryAmount, b"currency=RUB&x=1&y=&x=2&x=3") == {
        "currency": "RUB",
        "x": ["1", "2", "3"],
        "y": "",
    }
    with pytest.raises(ValueError, match="more than once"):
        decode_form(MonetaryAmount, b"currency=RUB&currency=EUR")
    with pytest.raises(ValueError, match="more than once"):
        decode_form(dict[str, str], b"x=1&x=2")


def test_null_is_left_out_of_a_form() -> None:
    assert encode_form({"a": None, "b": [1], "c": []}) == b"b=1"


BODY = Body(
    "application/json; version=1",
    dict[str, int],
    others=(
        Content("application/json; version=2", list[int]),
        Content(FORM, dict[str, int]),
        Content("image/*", bytes),
    ),
)


def test_the_content_type_chooses() -> None:
    assert write_body(BODY, {"body": {"a": 1}}).content == b'{"a":1}'
    assert write_body(BODY, {"body": [1], "content_type": "application/json; version=2"}).content == b"[1]"
    form = write_body(BODY, {"body": {"a": 1}, "content_type": FORM})
    assert (form.content, form.media_type, form.tree) == (b"a=1", FORM, {"a": 1})
    image = write_body(BODY, {"body": b"x", "content_type": "image/png"})
    assert (image.content, image.media_type) == (b"x", "image/png")
    for wrong in ("text/plain", "image/*"):
        with pytest.raises(ValueError, match="content_type"):
            write_body(BODY, {"body": b"x", "content_type": wrong})


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (None, "application/json; version=1"),
        ("application/json;version=2", "application/json; version=2"),
        ("Application/JSON", "application/json; version=1"),
        ("image/gif", "image/*"),
        ("text/plain", None),
        ("application/json; charset=klingon", None),
    ],
)
def test_a_server_takes_what_the_request_says_it_is(stated: str | None, found: str | None) -> None:
    content = content_of(BODY, stated)
    assert (content.media_type if content is not None else None) == found


def test_a_body_that_is_missing_and_one_that_is_null() -> None:
    assert write_body(Body("application/json", Any, required=False), {"body": None}).content is None
    assert write_body(Body("application/json", str | None, nullable=True), {"body": None}).content == b"null"
    with pytest.raises(ValueError, match="body is required"):
        write_body(Body("application/json", str | None, nullable=True), {})


def test_open_files_are_not_read_before_they_are_sent() -> None:
    file = io.BytesIO(b"x" * 200_000)
    for source in (file, Upload(file)):
        written = write_body(Body("application/octet-stream", bytes), {"body": source}).content
        assert isinstance(written, Payload) and (written.length, file.tell()) == (200_000, 0)
    assert [len(chunk) for chunk in written.chunks()] == [65536, 65536, 65536, 3392]


@given(st.lists(st.dictionaries(TEXTS, st.integers(), max_size=3), max_size=4))
def test_json_lines_come_back(items: list[dict[str, int]]) -> None:
    content = Content("application/jsonl", list[dict[str, int]])
    written = write_body(Body(content.media_type, content.type), {"body": items}).content
    assert isinstance(written, bytes) and read_body(content, written, content.media_type) == items


SUCCESSES = (
    Success("200", "application/json", dict[str, int]),
    Success("200", "text/csv", str),
    Success("200", "text/event-stream", int, stream="events"),
    Success("202"),
    Success("2XX", "text/plain", str),
    Success("302", headers=(Header("Location", str, required=True), Header("X-Count", int))),
)
OPERATION = OperationContract("o", "GET", "/o", effect="read", success=SUCCESSES)


@pytest.mark.parametrize(
    ("status", "stated", "streamed", "place"),
    [
        (200, "application/json", False, 0),
        (200, "text/csv; header=present", False, 1),
        (200, "text/event-stream", False, 2),
        (200, "text/event-stream", True, 2),
        (200, None, False, 0),
        (200, None, True, 2),
        (202, None, False, 3),
        (299, "text/plain", False, 4),
        (302, None, False, 5),
    ],
)
def test_which_success_an_answer_is(status: int, stated: str | None, streamed: bool, place: int) -> None:
    headers = Headers([("Content-Type", stated)] if stated else [])
    assert documented(OPERATION, status, headers, streamed=streamed) is SUCCESSES[place]


@pytest.mark.parametrize("status", [199, 301, 400, 500])
def test_what_is_no_success(status: int) -> None:
    assert documented(OPERATION, status, Headers()) is None


def test_what_a_call_accepts() -> None:
    assert accepted(OPERATION, streamed=False) == "application/json, text/csv, text/plain"
    assert accepted(OPERATION, streamed=True) == "text/event-stream, application/json"


def test_header_fields() -> None:
    fields = read_fields(SUCCESSES[5], Headers([("LOCATION", "/x"), ("X-Count", "three")]))
    assert dict(fields) == {"location": "/x"} and fields["Location"] == "/x" and repr(fields) == "Fields(location)"
    assert [violation.pointer for violation in fields.violations] == ["/X-Count"]


def test_replies() -> None:
    json = answer_of(OPERATION, {"a": 1})
    csv = answer_of(OPERATION, "a;b")
    stream = answer_of(OPERATION, iter([1, 2]))
    assert not isinstance(json, StreamedAnswer) and json.body == b'{"a":1}'
    assert not isinstance(csv, StreamedAnswer) and csv.headers["content-type"] == "text/csv"
    assert isinstance(stream, StreamedAnswer) and stream.record(1) == b"data: 1\n\n"
    moved = answer_of(OPERATION, Reply(None, 302, {"Location": "/x", "X-Count": 3}))
    assert not isinstance(moved, StreamedAnswer) and moved.headers.lines == (("Location", "/x"), ("X-Count", "3"))
    with pytest.raises(ValueError, match="Location is missing"):
        answer_of(OPERATION, Reply(None, 302, {"X-Count": 3}))


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("$url", True),
        ("$request.body", True),
        ("$response.body#/a~1b/0", True),
        ("$request.header.X-A", True),
        ("a {$request.path.id} b {$method}", True),
        ("$response.query.a", False),
        ("$request", False),
        ("$statuscode", False),
        ("$request.body/a", False),
        ("{$request.cookie.a}", False),
    ],
)
def test_runtime_expressions(text: str, is_right: bool) -> None:
    assert is_well_formed(text) is is_right
