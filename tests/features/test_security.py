"""Credentials on the wire, what a client refuses to send, and what a server says to a request without them."""

from __future__ import annotations

import base64
import http.client
import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from behaviour.recording import conversation, recorded

from features import security
from features._runtime.reception import Presented
from features._runtime.serving_security import ScopeMissing
from features.security import ApiKeyAuth, BasicAuth, BearerAuth, HttpAuth
from features.security.errors import NotSent, Unrecognized

LOGIN = BasicAuth("Aladdin", "öpen:sesame")
BASIC = b"Basic " + base64.b64encode("Aladdin:öpen:sesame".encode())
DIGEST = 'username="u", realm="r", nonce="0123456789abcdef", response="fedcba9876543210"'


@pytest.mark.parametrize(
    ("operation", "credentials", "line", "field", "value"),
    [
        ("by_default", ApiKeyAuth("k-1"), "GET /default", "x-api-key", b"k-1"),
        ("by_default", LOGIN, "GET /default", "authorization", BASIC),
        ("open", LOGIN, "GET /open", "authorization", None),
        ("optional", LOGIN, "GET /optional", "authorization", None),
        ("optional", BearerAuth("t"), "GET /optional", "authorization", b"Bearer t"),
        ("by_query", ApiKeyAuth("k+/="), "GET /query?api+key=k%2B%2F%3D", "authorization", None),
        ("by_cookie", ApiKeyAuth("k-1"), "GET /cookie", "cookie", b"session=k-1"),
        ("by_token", BearerAuth(lambda: "fresh"), "GET /token", "authorization", b"Bearer fresh"),
        ("by_digest", HttpAuth("DIGEST", DIGEST), "GET /digest", "authorization", b"Digest " + DIGEST.encode()),
        ("by_scopes", BearerAuth("t"), "GET /scopes", "authorization", b"Bearer t"),
        ("by_both", [ApiKeyAuth("k"), LOGIN], "GET /both", "authorization", BASIC),
        (
            "by_two_keys",
            [ApiKeyAuth("h", scheme="headerKey"), ApiKeyAuth("q", scheme="queryKey")],
            "GET /two-keys?api+key=q",
            "x-api-key",
            b"h",
        ),
        ("described_twice", ApiKeyAuth("k-1", scheme="headerKey"), "GET /twice", "x-api-key", b"k-1"),
        ("described_twice", ApiKeyAuth("k-1", scheme="queryKey"), "GET /twice?api+key=k-1", "x-api-key", None),
    ],
)
def test_every_scheme(operation: str, credentials: Any, line: str, field: str, value: bytes | None) -> None:
    with conversation(security, credentials) as talk:
        getattr(talk.client.doors, operation)()
        assert talk.server.line == line and talk.server.fields.get(field) == value
        assert talk.server.request is not None


def test_a_parameter_of_the_name_of_a_key_elsewhere_is_one() -> None:
    with conversation(security, ApiKeyAuth("k-1", scheme="headerKey")) as talk:
        talk.client.doors.described_twice(x_api_key="given")
        assert talk.server.line == "GET /twice?X-Api-Key=given" and talk.server.request.x_api_key == "given"


@pytest.mark.parametrize(
    ("operation", "credentials", "needed"),
    [
        ("by_default", BearerAuth("secret-t"), "ApiKeyAuth for 'headerKey' or BasicAuth for 'login'"),
        ("by_digest", HttpAuth("Hawk", "secret-t"), "HttpAuth('Digest', ...) for 'digest'"),
        ("by_both", LOGIN, "BasicAuth for 'login' and ApiKeyAuth for 'headerKey'"),
        (
            "by_two_keys",
            ApiKeyAuth("secret-t"),
            "ApiKeyAuth(..., scheme='headerKey') and ApiKeyAuth(..., scheme='queryKey')",
        ),
        ("by_query", ApiKeyAuth("secret-t", scheme="headerKey"), "ApiKeyAuth for 'queryKey'"),
    ],
)
def test_credentials_of_the_wrong_kind_are_not_sent(operation: str, credentials: Any, needed: str) -> None:
    with conversation(security, credentials) as talk:
        with pytest.raises(NotSent) as caught:
            getattr(talk.client.doors, operation)()
        assert needed in str(caught.value) and "secret-t" not in repr(caught.value) and talk.server.lines == []


@pytest.mark.parametrize(
    "credentials",
    [
        BasicAuth("u", "s3cret-word"),
        BearerAuth("s3cret-word"),
        ApiKeyAuth("s3cret-word"),
        HttpAuth("Digest", 'response="s3cret-word"'),
    ],
)
def test_secrets_are_not_shown(credentials: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert "s3cret" not in repr(credentials) and "s3cret" not in str(credentials)
    caplog.set_level(logging.DEBUG)
    with conversation(security, credentials, authenticate=lambda credentials, operation: None) as talk:
        operation = {BasicAuth: "by_default", ApiKeyAuth: "by_default", BearerAuth: "by_token"}
        with pytest.raises(Unrecognized) as caught:
            getattr(talk.client.doors, operation.get(type(credentials), "by_digest"))()
        assert caught.value.status == 401
    shown = (
        f"{caught.value!r} {caught.value} {caught.value.headers!r} {caught.value.body!r} {caplog.text} {talk.client!r}"
    )
    assert "s3cret" not in shown


def ask(url: str, path: str, **headers: str) -> tuple[int, list[str]]:
    """The status and the challenges of an answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    found = response.status, response.headers.get_all("WWW-Authenticate") or []
    connection.close()
    return found


def test_what_a_server_asks_for() -> None:
    with recorded(security) as (url, server):
        assert ask(url, "/default") == (401, ['Basic realm="login"'])
        assert ask(url, "/token") == (401, ["Bearer"])
        assert ask(url, "/token", Authorization="Basic eA==") == (401, ["Bearer"])
        assert ask(url, "/digest", Authorization="Bearer x") == (401, ["Digest"])
        assert ask(url, "/query") == (401, []) and server.request is None
        assert ask(url, "/two-keys?api%20key=q") == (401, [])
        assert ask(url, "/both", **{"X-Api-Key": "k"}) == (401, ['Basic realm="login"'])
        assert ask(url, "/open") == (204, []) and ask(url, "/optional") == (204, [])
        assert ask(url, "/certificate") == (401, [])


def test_what_an_authenticator_gets() -> None:
    seen: list[tuple[Presented, ...]] = []

    def authenticate(credentials: tuple[Presented, ...], operation: object) -> str:
        seen.append(credentials)
        if credentials[-1].secret == "narrow":
            raise ScopeMissing
        return "ali"

    with recorded(security, authenticate=authenticate) as (url, server):
        assert ask(url, "/both", **{"X-Api-Key": "k", "Authorization": BASIC.decode()}) == (204, [])
        assert [(one.scheme.scheme, one.username, one.secret) for one in seen[-1]] == [
            ("login", "Aladdin", "öpen:sesame"),
            ("headerKey", None, "k"),
        ]
        assert server.request.context.principal == "ali" and "sesame" not in repr(seen)
        assert ask(url, "/digest", Authorization=f"digest {DIGEST}")[0] == 204 and seen[-1][0].secret == DIGEST
        assert ask(url, "/scopes", Authorization="Bearer narrow") == (403, ['Bearer error="insufficient_scope"'])
        assert [one[0].scheme.scopes for one in seen[-2:]] == [("read", "write"), ("admin",)]
