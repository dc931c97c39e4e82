"""Identifiers in bodies that cannot be decoded: what is whole is found, what is cut short is not, and nothing takes long."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.fragments import LONGEST, MOST, PREFIX, identifiers_of, is_identifier
from sadpath.runtime.headers import Headers

NONE = Headers()
PAYMENT = b'{"id": "2a000000-000f-5000-8000-1a2b3c4d5e6f", "status": "pending", "amount": {"value": "150.00'


def read(body: bytes | str) -> dict[str, str]:
    return identifiers_of(NONE, body if isinstance(body, bytes) else body.encode())


def test_the_identifier_of_a_truncated_success_is_found() -> None:
    assert read(PAYMENT) == {"/id": "2a000000-000f-5000-8000-1a2b3c4d5e6f"}


def test_what_stands_one_level_below_is_found_and_nothing_deeper() -> None:
    body = '{"payment": {"id": 17, "card": {"id": 5}, "list": [{"id": 6}], "orderId": "o-1"}, "ids": [1], "ref": "r"'
    assert read(body) == {"/payment/id": "17", "/payment/orderId": "o-1", "/ref": "r"}


@pytest.mark.parametrize(
    "body",
    [
        '{"id": "2a00',
        '{"id": "2a00\\',
        '{"id": 17',
        '{"id": 17.',
        '{"id": 1.5}',
        '{"id": 1e3}',
        '{"id": 007}',
        '{"id": true}',
        '{"id": tru',
        '{"id": "a"b", "status": "x"}',
        '{"id": ""}',
        '{"i',
        '{"id" "a"}',
        '[{"id": "a"}]',
        '"id"',
        "",
        "<html>id</html>",
        '{"id": "a", "id": "b"}',
        '{"payment": {"id": "a"}, "payment": {"id": "b"}}',
        '{"payment": {"id": "a"}, "payment": null}',
        '{"payment": null, "payment": {"id": "a"}}',
        '{"id": "' + "a" * (LONGEST + 1) + '"}',
        '{"id": "a\\u0007b"}',
        '{"id": "a\nb"}',
        '{"id": "\\ud800"}',
        '{"id": "a\\u202eb"}',
        '{"id": 4111111111111111}',
        '{"id": "4111 1111 1111 1111"}',
        '{"4111111111111111_id": "a"}',
    ],
)
def test_what_is_cut_short_ambiguous_unprintable_or_a_card_number_is_left_out(body: str) -> None:
    assert read(body) == {}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"id": "a"', {"/id": "a"}),
        (b'{"id": 17 ', {"/id": "17"}),
        (b'{"id":17,', {"/id": "17"}),
        (b'\xef\xbb\xbf \r\n{ "id" :\t"a" , oops, "order_id": "b"}', {"/id": "a"}),
        (b'{"id": "a"} and more, "order_id": "b"', {"/id": "a"}),
        (b'{"text": "\xcf\xeb", "\xcf_id": "b", "order_id": "\xcf", "id": "a"}', {"/id": "a"}),
        (b'{"list": [[{"x": "]"}], "\\"]"], "id": "a"}', {"/id": "a"}),
        (b'{"list": [}, "id": "a"}', {}),
        (b'{"a/b": {"id": "\\u0061\\"\xd0\xb1"}}', {"/a~1b/id": 'a"б'}),
        (b'{"empty": {}, "no": null, "yes": true, "sum": -1.5e3, "id": -5}', {"/id": "-5"}),
    ],
)
def test_what_is_whole_is_found_up_to_where_the_text_breaks(body: bytes, found: dict[str, str]) -> None:
    assert read(body) == found


@pytest.mark.parametrize(
    "name",
    ["id", "ID", "payment_id", "paymentId", "paymentID", "payment-id", "uuid", "reference", "pspReference", "rrn"]
    + ["idempotency_key", "idempotenceKey", "order_ref"],
)
def test_names_that_name_an_object(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize(
    "name", ["paid", "valid", "ids", "key", "api_key", "session_id", "tokenId", "secret_ref", "", "1", "void", "card"]
)
def test_names_that_name_none_or_open_a_door(name: str) -> None:
    assert not is_identifier(name)


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("https://api.example/v3/payments/2a00?access_token=s#f", "2a00"),
        ("/payments/2a00/", "2a00"),
        ("2a00", "2a00"),
        ("https://user:secret@api.example", None),
        ("//api.example/", None),
        ("/", None),
        ("", None),
        ("/payments/4111111111111111", None),
        ("/payments/" + "a" * (LONGEST + 1), None),
    ],
)
def test_the_last_segment_of_a_location(location: str, found: str | None) -> None:
    expected = {} if found is None else {"Location": found}
    assert identifiers_of(Headers([("location", location)]), b"") == expected


def test_headers_that_say_two_things_say_nothing() -> None:
    lines = [("Location", "/a/1"), ("Location", "/a/2"), ("Content-Location", "/a/3")]
    assert identifiers_of(Headers(lines), b'{"id": "4"') == {"Content-Location": "3", "/id": "4"}


def test_so_many_are_kept_and_the_first_of_them() -> None:
    body = json.dumps({f"a{letter}_id": letter for letter in "abcdefghijklmnopqrstuvwxyz"})
    assert read(body) == {f"/a{letter}_id": letter for letter in "abcdefghijklmnopqrstuvwxyz"[:MOST]}


def test_nothing_beyond_the_prefix_is_read() -> None:
    text = '{"id": "a", "text": "' + "x" * PREFIX + '", "order_id": "b"}'
    assert read(text) == {"/id": "a"}
    assert read('{"text": "' + "x" * (PREFIX - 20) + '", "id": "' + "b" * 100 + '"}') == {}


@pytest.mark.parametrize(
    "unit",
    [
        b"{",
        b"[",
        b'{"a":',
        b'{"a":[',
        b'"',
        b"\\",
        b'"\\',
        b"1",
        b" ",
        b'{"id":"a",',
        b'"id":"1","a":{},',
        b"\x00",
        b"[]",
    ],
)
def test_32_megabytes_of_nonsense_take_no_time(unit: bytes) -> None:
    size = 32 * 1024 * 1024 // len(unit)
    for body in (unit * size, b'{"a":' + unit * size, b"{" + unit * size):
        began = time.process_time()
        identifiers_of(NONE, body)
        assert time.process_time() - began < 2.0


NAMES = st.sampled_from(["id", "payment_id", "orderId", "uuid", "status", "a/b_id", "~ref", "text"]) | st.text(
    max_size=4
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)


def said(tree: dict[str, Any], pointer: str) -> Any:
    """The scalar at a pointer, as text."""
    value: Any = tree
    for token in pointer[1:].split("/"):
        value = value[token.replace("~1", "/").replace("~0", "~")]
    assert isinstance(value, str | int) and not isinstance(value, bool)
    return str(value)


@given(tree=OBJECTS, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]), where=st.floats(0, 1))
def test_of_a_text_that_breaks_off_only_what_the_whole_text_says_is_found(
    tree: dict[str, Any], ascii_only: bool, indent: int | None, where: float
) -> None:
    whole = json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    cut = whole[: int(len(whole) * where)]
    everything = read(whole)
    for pointer, value in read(cut).items():
        assert value == said(tree, pointer)
        assert everything[pointer] == value


@given(tree=OBJECTS, ascii_only=st.booleans())
def test_of_a_whole_text_every_identifier_is_found(tree: dict[str, Any], ascii_only: bool) -> None:
    found = read(json.dumps(tree, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))
    expected = {
        name: str(value)
        for name, value in tree.items()
        if is_identifier(name) and isinstance(value, str | int) and not isinstance(value, bool)
    }
    plain = {name: value for name, value in expected.items() if value.isalnum() and len(value) < 13 and name.isalnum()}
    assert plain.items() <= {pointer[1:]: value for pointer, value in found.items()}.items()


@given(body=st.binary(max_size=200) | st.binary(max_size=60).map(lambda data: b'{"id":"a","x":' + data))
def test_bytes_of_any_kind_are_read_without_a_failure(body: bytes) -> None:
    assert all(isinstance(value, str) and value for value in read(body).values())
