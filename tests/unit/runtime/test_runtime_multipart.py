"""Multipart bodies without a network: boundaries, hostile names, and round trips."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.contract import Encoding
from sadpath.runtime.multipart import decode_multipart, encode_multipart
from sadpath.runtime.uploads import File, Payload, Upload, payload_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text('%25C0dD"\\\t\r', max_size=8)


def encoded(tree: Any, **encoding: Encoding) -> tuple[bytes, str]:
    body, media_type = encode_multipart(tree, encoding)
    assert isinstance(body, bytes)
    return body, media_type


@given(st.dictionaries(NAMES, TEXTS, max_size=4))
def test_texts_come_back(tree: dict[str, str]) -> None:
    body, media_type = encoded(tree)
    assert decode_multipart(dict[str, str], body, media_type) == tree


@given(st.dictionaries(NAMES, st.tuples(st.binary(max_size=40), NAMES), max_size=4))
def test_files_come_back(files: dict[str, tuple[bytes, str]]) -> None:
    body, media_type = encoded({name: Upload(content, filename) for name, (content, filename) in files.items()})
    found = decode_multipart(dict[str, File], body, media_type)
    assert {name: (upload.read(), upload.filename) for name, upload in found.items()} == files


@given(TEXTS, TEXTS)
def test_no_name_breaks_out_of_its_head(name: str, filename: str) -> None:
    body, _ = encoded({name: Upload(b"content", filename)})
    head = body.partition(b"\r\n\r\n")[0]
    assert body.count(b"\r\n\r\n") == 1
    assert [line.partition(b":")[0] for line in head.split(b"\r\n")[1:]] == [b"Content-Disposition", b"Content-Type"]
    assert head.count(b'"') == 4


@given(st.binary(max_size=60))
def test_the_boundary_stands_in_no_content(content: bytes) -> None:
    marks = iter(["a", "b", "boundary", "longer-boundary"])
    body, media_type = encode_multipart({"n": content}, boundary=lambda: next(marks, "a-boundary-of-last-resort"))
    mark = media_type.rpartition("=")[2].encode()
    assert isinstance(body, bytes) and body.count(mark) == 2


def test_a_boundary_that_stands_in_the_content_is_not_used() -> None:
    marks = iter(["taken", "named", "free"])
    _, media_type = encode_multipart({"x-named": b"is --taken"}, boundary=lambda: next(marks))
    assert media_type == "multipart/form-data; boundary=free"


def test_null_is_left_out_and_an_empty_form_has_an_end() -> None:
    body, media_type = encoded({"a": None, "b": []})
    assert body == f"--{media_type.rpartition('=')[2]}--\r\n".encode()
    assert decode_multipart(dict[str, str], body, media_type) == {}


def test_a_list_is_one_part_where_its_encoding_is_json() -> None:
    body, media_type = encoded({"a": [1, 2]}, a=Encoding("application/json"))
    assert body.count(b"Content-Disposition") == 1
    found = decode_multipart(dict[str, list[int]], body, media_type, {"a": Encoding("application/json")})
    assert found == {"a": [1, 2]}


@pytest.mark.parametrize("stated", ["image/*", "image/png, image/jpeg"])
def test_a_range_is_not_said_of_a_file(stated: str) -> None:
    body, _ = encoded({"a": b"", "b": Upload(b"", "b.gif"), "c": Upload(b"", None, "image/webp")}, a=Encoding(stated))
    assert [line for line in body.split(b"\r\n") if line.startswith(b"Content-Type")] == [
        b"Content-Type: application/octet-stream",
        b"Content-Type: image/gif",
        b"Content-Type: image/webp",
    ]


BOUNDARY = "multipart/form-data; boundary=x"


def read(body: bytes, annotation: Any = dict[str, str], media_type: str = BOUNDARY) -> dict[str, Any]:
    return decode_multipart(annotation, body, media_type)


def test_what_other_programs_may_write() -> None:
    part = (
        b'preamble\r\n--x  \r\ncontent-disposition:form-data;name=a;filename="\\"q\\".txt"\r\n\r\n1\r\n--x--\r\nafter'
    )
    assert read(part, dict[str, File])["a"].filename == '"q".txt'
    latin = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=latin-1\r\n\r\n\xe4\r\n--x--'
    assert read(latin) == {"a": "ä"}
    quoted = b'--a b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--a b--'
    assert read(quoted, media_type='multipart/form-data; boundary="a b"') == {"a": "1"}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", BOUNDARY),
        (b"--x--", "multipart/form-data"),
        (b"--x--", "multipart/form-data; boundary="),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', BOUNDARY),
        (b'--x\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--x--', BOUNDARY),
        (b"--x\r\nnothing\r\n\r\n1\r\n--x--", BOUNDARY),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--', BOUNDARY),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2 + b"--x--", BOUNDARY),
        (b"\r\n--x" * 2000, BOUNDARY),
    ],
)
def test_broken_bodies(body: bytes, media_type: str) -> None:
    with pytest.raises(ValueError):
        read(body, media_type=media_type)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_form_or_refused(data: bytes) -> None:
    for body in (data, b"--x\r\n" + data + b"\r\n--x--"):
        try:
            assert isinstance(read(body, dict[str, Any]), dict)
        except ValueError:
            continue


def test_the_length_of_open_files_is_known_before_they_are_read() -> None:
    file = io.BytesIO(b"0123456789")
    file.seek(3)
    body, _ = encode_multipart({"a": Upload(file, "a")})
    assert isinstance(body, Payload) and file.tell() == 3
    assert body.length == len(b"".join(body.chunks()))


def test_the_text_forms_hold_no_content() -> None:
    upload = Upload(b"secret", "a.txt")
    assert "secret" not in repr(upload) + repr(payload_of([io.BytesIO(b"secret")]))
    assert upload == Upload(b"secret", "a.txt") and hash(upload) == hash(Upload(b"secret", "a.txt"))
    assert upload != Upload(b"other", "a.txt")
