"""What HTTP asks of a server beside its operations: HEAD, OPTIONS, methods, media types, and limits before anything is read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from behaviour.loopback import served
from behaviour.recording import recorded
from behaviour.shops import ID, Script, shop_app

from features import path_items
from payments._runtime.contract import OperationContract, Success
from payments._runtime.replies import answer_of
from payments.yookassa import errors

BASIC = ("100500", "test_secret")
JSON = {"Content-Type": "application/json", "Idempotence-Key": "k"}


@pytest.fixture(scope="module")
def shop() -> Iterator[tuple[str, Script]]:
    script = Script()
    limits = {"max_request_bytes": 200, "max_header_bytes": 2000, "max_header_line_bytes": 1000}
    with served(shop_app(script, **limits)) as url:
        yield url, script


@pytest.fixture(autouse=True)
def _fresh(shop: tuple[str, Script]) -> None:
    shop[1].failure = shop[1].answer = None
    shop[1].seen.clear()


@pytest.mark.parametrize("path", ["/payments", f"/payments/{ID}", "/nothing", "/openapi.yaml"])
def test_head_has_the_fields_of_get_and_no_body(path: str, shop: tuple[str, Script]) -> None:
    got = httpx2.get(shop[0] + path, auth=BASIC)
    head = httpx2.head(shop[0] + path, auth=BASIC)
    assert head.status_code == got.status_code and head.content == b""
    fields = [{**answer.headers, "date": ""} for answer in (head, got)]
    assert fields[0] == fields[1]
    assert head.headers["content-length"] == str(len(got.content))


def test_head_of_a_failure(shop: tuple[str, Script]) -> None:
    shop[1].failure = errors.NotFound("gone", support_id="S-1")
    got = httpx2.get(f"{shop[0]}/payments/{ID}", auth=BASIC)
    head = httpx2.head(f"{shop[0]}/payments/{ID}", auth=BASIC)
    assert (head.status_code, head.content) == (404, b"") and head.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/payments", "GET, HEAD, OPTIONS, POST"),
        (f"/payments/{ID}", "GET, HEAD, OPTIONS"),
        (f"/payments/{ID}/cancel", "OPTIONS, POST"),
        ("/openapi.yaml", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_a_method_that_is_not_allowed(path: str, allowed: str, shop: tuple[str, Script]) -> None:
    asked = httpx2.options(shop[0] + path)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allowed, b"")
    refused = httpx2.request("TRACE", shop[0] + path)
    assert refused.status_code == 405 and refused.headers["allow"] == allowed
    assert refused.headers["reason-phrase"]
    assert not shop[1].seen


def test_options_of_what_is_not_there(shop: tuple[str, Script]) -> None:
    assert httpx2.options(f"{shop[0]}/nothing").status_code == 404


def test_options_that_the_document_describes_are_the_handlers() -> None:
    with recorded(path_items) as (url, server):
        httpx2.options(f"{url}/things")
        assert server.request is not None


def spoken(url: str, *parts: bytes) -> bytes:
    """What a server says to bytes on a connection, up to its first silence."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
        for part in parts:
            connection.sendall(part)
        return connection.recv(65536)


HEAD = b"POST /v3/payments HTTP/1.1\r\nHost: shop\r\nAuthorization: Basic dTpw\r\nIdempotence-Key: k\r\n"


def test_a_body_that_says_it_is_too_long_is_refused_before_it_comes(shop: tuple[str, Script]) -> None:
    head = HEAD.replace(b"/v3", b"") + b"Content-Type: application/json\r\nContent-Length: 201\r\n\r\n"
    assert spoken(shop[0], head).startswith(b"HTTP/1.1 413 ")
    assert not shop[1].seen


def test_a_body_that_says_nothing_is_refused_once_it_is_too_long(shop: tuple[str, Script]) -> None:
    head = HEAD.replace(b"/v3", b"") + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"96\r\n" + b" " * 150 + b"\r\n"
    assert spoken(shop[0], head, chunk, chunk).startswith(b"HTTP/1.1 413 ")


def test_a_body_as_long_as_may_be(shop: tuple[str, Script]) -> None:
    body = b'{"amount":{"value":"1.00","currency":"RUB"}}'
    answer = httpx2.post(f"{shop[0]}/payments", content=body.ljust(200), headers=JSON, auth=BASIC)
    assert answer.status_code == 200
    answer = httpx2.post(f"{shop[0]}/payments", content=body.ljust(201), headers=JSON, auth=BASIC)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"X-Long": "a" * 980}, 200), ({"X-Long": "a" * 1000}, 431), ({f"X-{n}": "a" * 700 for n in range(3)}, 431)],
)
def test_header_fields_are_limited_one_by_one_and_together(
    fields: dict[str, str], status: int, shop: tuple[str, Script]
) -> None:
    assert httpx2.get(f"{shop[0]}/payments/{ID}", headers=fields, auth=BASIC).status_code == status
    assert bool(shop[1].seen) is (status == 200)


def test_a_limit_is_a_number_of_bytes() -> None:
    with pytest.raises(ValueError, match="limit"):
        shop_app(Script(), max_request_bytes=-1)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("application/json;q=0.2, text/plain;q=0.9", "text/plain"),
        ("text/*;q=0.5, application/json;q=0.4", "text/plain"),
        ("text/plain;q=0, */*", "application/json"),
        ("text/plain;q=0.5, */*;q=0.5", "application/json"),
    ],
)
def test_of_several_media_types_the_one_that_is_wanted_most(accept: str | None, chosen: str) -> None:
    both = (Success("200", "application/json", str), Success("200", "text/plain", str))
    answer: Any = answer_of(OperationContract("read", "GET", "/", success=both), "text", accept)
    assert answer.headers["content-type"] == chosen


def test_what_fits_a_documented_range_of_media_types_is_acceptable() -> None:
    success = (Success("200", "image/*", bytes), Success("200", "application/json", str))
    contract = OperationContract("read", "GET", "/", success=success)
    answer: Any = answer_of(contract, b"\x89PNG", "image/png")
    assert answer.body == b"\x89PNG"
