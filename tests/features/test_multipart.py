"""Multipart forms: the bytes of every part, the names that cannot break out, and the files that reach a handler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from behaviour.loopback import served

from features import multipart, multipart_3_1
from features.multipart import Upload, models, server
from features.multipart_3_1 import models as models_3_1
from features.multipart_3_1 import server as server_3_1


def told(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, Upload):
        content = value.read().decode("latin-1")
        return {"name": value.filename, "type": value.content_type, "headers": dict(value.headers), "content": content}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, list):
        return [told(item) for item in value]
    return value.to_wire() if hasattr(value, "to_wire") else value


def read_of(body: Any) -> dict[str, Any]:
    return {name: told(getattr(body, name)) for name in type(body).model_fields if body.is_set(name)}


def echo(request: Any) -> dict[str, Any]:
    context = request.context
    return {
        "contentType": context.headers["content-type"],
        "length": context.headers.get("content-length"),
        "body": context.body.decode("latin-1"),
        "read": read_of(request.body) if hasattr(type(request.body), "model_fields") else {},
    }


class Photos:
    def add(self, request: server.AddPhoto, /) -> models.Echo:
        return models.Echo.from_wire(echo(request))

    def add_either(self, request: server.AddEither, /) -> models.Echo:
        return models.Echo.from_wire(echo(request))

    def add_parts(self, request: server.AddParts, /) -> models.Echo:
        return models.Echo.from_wire(echo(request))


class Documents:
    def add(self, request: Any, /) -> Any:
        answer = echo(request)
        del answer["length"]
        return models_3_1.AddDocumentResponse.from_wire(answer)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with served(server.create_app(server.Handlers(photos=Photos()))) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[multipart.Client]:
    with multipart.Client(base_url=base_url) as client:
        yield client


def parts_of(echoed: models.Echo) -> list[str]:
    """The parts as they stood on the wire."""
    boundary = echoed.content_type.partition("boundary=")[2]
    assert echoed.content_type == f"multipart/form-data; boundary={boundary}"
    first, *parts, last = echoed.body.split(f"--{boundary}")
    assert (first, last) == ("", "--\r\n")
    assert all(part.startswith("\r\n") and part.endswith("\r\n") for part in parts)
    return [part[2:-2] for part in parts]


def test_every_kind_of_member(client: multipart.Client) -> None:
    echoed = client.photos.add(
        title="Sügis",
        width=640,
        public=True,
        tags=["a", "b"],
        place=models.Place(city="Tartu"),
        stops=[models.Place(city="Riga"), models.Place(city="Vilnius", number=2)],
        photo=b"\xff\xd8\r\n\x00",
        more=[b"1", Upload(b"2", "two.png")],
        scores=[3, 4],
        signature=Upload(b"sig", "photo.asc", headers={"X-Key": "42"}),
        note="# Yes",
    )
    assert parts_of(echoed) == [
        'Content-Disposition: form-data; name="title"\r\n\r\nS\xc3\xbcgis',
        'Content-Disposition: form-data; name="photo"; filename="photo"\r\nContent-Type: image/jpeg\r\n\r\n'
        "\xff\xd8\r\n\x00",
        'Content-Disposition: form-data; name="width"\r\n\r\n640',
        'Content-Disposition: form-data; name="public"\r\n\r\ntrue',
        'Content-Disposition: form-data; name="tags"\r\n\r\na',
        'Content-Disposition: form-data; name="tags"\r\n\r\nb',
        'Content-Disposition: form-data; name="place"\r\nContent-Type: application/json\r\n\r\n{"city":"Tartu"}',
        'Content-Disposition: form-data; name="stops"\r\nContent-Type: application/json\r\n\r\n{"city":"Riga"}',
        'Content-Disposition: form-data; name="stops"\r\nContent-Type: application/json\r\n\r\n'
        '{"city":"Vilnius","number":2}',
        'Content-Disposition: form-data; name="more"; filename="more"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n1",
        'Content-Disposition: form-data; name="more"; filename="two.png"\r\nContent-Type: image/png\r\n\r\n2',
        'Content-Disposition: form-data; name="scores"\r\nContent-Type: application/json\r\n\r\n[3,4]',
        'Content-Disposition: form-data; name="signature"; filename="photo.asc"\r\n'
        "Content-Type: application/pgp-signature\r\nX-Key: 42\r\n\r\nsig",
        'Content-Disposition: form-data; name="note"\r\nContent-Type: text/markdown; charset=utf-8\r\n\r\n# Yes',
    ]
    assert echoed.read == {
        "title": "Sügis",
        "photo": {"name": "photo", "type": "image/jpeg", "headers": {}, "content": "\xff\xd8\r\n\x00"},
        "width": 640,
        "public": True,
        "tags": ["a", "b"],
        "place": {"city": "Tartu"},
        "stops": [{"city": "Riga"}, {"city": "Vilnius", "number": 2}],
        "more": [
            {"name": "more", "type": "application/octet-stream", "headers": {}, "content": "1"},
            {"name": "two.png", "type": "image/png", "headers": {}, "content": "2"},
        ],
        "scores": [3, 4],
        "signature": {
            "name": "photo.asc",
            "type": "application/pgp-signature",
            "headers": {"X-Key": "42"},
            "content": "sig",
        },
        "note": "# Yes",
    }


def test_an_open_file_goes_by_its_name_and_tells_its_length(client: multipart.Client, tmp_path: Path) -> None:
    path = tmp_path / "my photo.jpg"
    path.write_bytes(b"\xff\xd8" * 50_000)
    with path.open("rb") as file:
        echoed = client.photos.add(title="x", photo=file)
    assert echoed.read is not None and echoed.read["photo"]["name"] == "my photo.jpg"
    assert echoed.length == str(len(echoed.body)) and len(echoed.body) > 100_000


def test_a_file_whose_length_nobody_knows_is_sent_in_chunks(client: multipart.Client) -> None:
    class Pipe:
        def __init__(self) -> None:
            self.left = [b"ab", b"c"]

        def read(self, size: int = -1, /) -> bytes:
            return self.left.pop(0) if self.left else b""

    echoed = client.photos.add(title="x", photo=Upload(Pipe(), "p.jpg"))
    assert echoed.length is None
    assert parts_of(echoed)[1].endswith("\r\n\r\nabc")


def test_names_do_not_break_out_of_their_quotes(client: multipart.Client) -> None:
    name = 'a"; name="title"\r\nContent-Type: text/html\r\n\r\n\x00ü☃.jpg'
    echoed = client.photos.add(title="x", photo=Upload(b"1", name))
    written = "a%22; name=%22title%22%0D%0AContent-Type: text/html%0D%0A%0D%0A%00ü☃.jpg".encode().decode("latin-1")
    assert parts_of(echoed)[1].split("\r\n")[0] == (
        f'Content-Disposition: form-data; name="photo"; filename="{written}"'
    )
    assert echoed.read and echoed.read["photo"]["name"] == name


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (Upload(b"", "f", "image/png\r\nX: y"), "Content-Type of the file 'photo' holds a control character"),
        (Upload(b"", "f", headers={"X-A": "b\r\nX: y"}), "X-A of the file 'photo' holds a control character"),
        (Upload(b"", "f", headers={"X A": "b"}), "'X A' is no further header field of the file 'photo'"),
        (Upload(b"", "f", headers={"Content-Type": "b"}), "'Content-Type' is no further header field"),
    ],
)
def test_what_is_said_of_a_file_does_not_break_out_of_its_part(
    client: multipart.Client, upload: Upload, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        client.photos.add(title="x", photo=upload)


def test_a_header_field_that_the_encoding_demands(client: multipart.Client) -> None:
    with pytest.raises(ValueError, match="the file 'signature' needs the header field X-Key"):
        client.photos.add(title="x", photo=b"", signature=b"sig")


def test_what_is_no_file_is_refused_by_name(client: multipart.Client) -> None:
    wrong: Any = "photo.jpg"
    with pytest.raises(ValueError, match="photo\n.*an Upload or a file opened for reading bytes is expected"):
        client.photos.add(title="x", photo=wrong)


def test_json_stands_beside_it(client: multipart.Client) -> None:
    assert client.photos.add_either(city="Riga").content_type == "application/json"
    echoed = client.photos.add_either(city="Riga", number=1, content_type="multipart/form-data")
    assert parts_of(echoed) == [
        'Content-Disposition: form-data; name="city"\r\n\r\nRiga',
        'Content-Disposition: form-data; name="number"\r\n\r\n1',
    ]
    assert echoed.read == {"city": "Riga", "number": 1}


def test_other_kinds_of_multipart_are_bytes(client: multipart.Client) -> None:
    assert client.photos.add_parts(body=b"--x--\r\n").body == "--x--\r\n"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n1'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n1\r\n--x--'),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=x", b"\r\n--x\r\nbroken\r\n\r\n--x--"),
    ],
    ids=["no boundary", "no name", "no end", "no photo", "no part", "no head"],
)
def test_broken_bodies_are_refused(base_url: str, content_type: str, body: bytes) -> None:
    answer = httpx2.post(f"{base_url}/photos", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400


def test_what_other_programs_write_is_read(base_url: str) -> None:
    answer = httpx2.post(
        f"{base_url}/photos",
        data={"title": "Jõgi", "scores": "[1]"},
        files={"photo": ("jõgi.jpg", b"\xff\xd8", "image/jpeg")},
    )
    read = answer.json()["read"]
    assert read["title"] == "Jõgi" and read["scores"] == [1]
    assert read["photo"] == {"name": "jõgi.jpg", "type": "image/jpeg", "headers": {}, "content": "\xff\xd8"}


def test_files_of_3_1() -> None:
    documents: Any = Documents()
    with (
        served(server_3_1.create_app(server_3_1.Handlers(documents=documents))) as url,
        multipart_3_1.Client(base_url=url) as client,
    ):
        echoed = client.documents.add(
            file=b"%PDF",
            name="x",
            anything=Upload(b"any", "any.bin"),
            picture=Upload(b"PNG", "a.png"),
            thumbnail=b"\x00\x01",
            pages=["1", {"n": 2}],
        )
    heads = [
        part.partition("\r\n\r\n")[::2] for part in echoed.body.split("--" + echoed.content_type.split("=")[1])[1:-1]
    ]
    assert [(head.strip().replace("\r\n", " | "), content.removesuffix("\r\n")) for head, content in heads] == [
        ('Content-Disposition: form-data; name="file"; filename="file" | Content-Type: application/pdf', "%PDF"),
        ('Content-Disposition: form-data; name="name"', "x"),
        (
            'Content-Disposition: form-data; name="anything"; filename="any.bin" | '
            "Content-Type: application/octet-stream",
            "any",
        ),
        ('Content-Disposition: form-data; name="picture"; filename="a.png" | Content-Type: image/png', "PNG"),
        ('Content-Disposition: form-data; name="thumbnail"', "AAE="),
        ('Content-Disposition: form-data; name="pages"', "1"),
        ('Content-Disposition: form-data; name="pages" | Content-Type: application/json', '{"n":2}'),
    ]
    assert echoed.read is not None
    assert echoed.read["file"]["content"] == "%PDF" and echoed.read["anything"]["name"] == "any.bin"
    assert echoed.read["thumbnail"] == {"bytes": "\x00\x01"} and echoed.read["pages"] == ["1", {"n": 2}]
