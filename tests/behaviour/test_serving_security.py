"""Who gets in: a typed function for each scheme, none of them missing, and no certificate that nobody checked."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from behaviour.loopback import served
from behaviour.recording import Recorder
from starlette.types import ASGIApp, Receive, Scope, Send

from features._runtime.contract import OperationContract
from features._runtime.reception import ClientTls
from features.security import (
    ApiKeyCredentials,
    BasicCredentials,
    BearerCredentials,
    CertificateCredentials,
    HttpCredentials,
    ScopeMissing,
    SecurityIncomplete,
    server,
)

BASIC = {"Authorization": "Basic " + base64.b64encode(b"ali:sesame").decode()}
CERTIFIED = {"client_cert_chain": ["PEM-1", "PEM-2"], "client_cert_name": "CN=ali", "tls_version": 0x0304}


class Guards:
    """Functions that let in whoever knows the word, and remember what they were given."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def known(self, given: Any, name: str, is_known: bool) -> str | None:
        self.seen.append(given)
        return name if is_known else None

    def hooks(self, **others: Any) -> server.SecurityHooks:
        def key(credentials: ApiKeyCredentials, operation: OperationContract) -> str | None:
            return self.known(credentials, "key", credentials.key == "sesame")

        async def login(credentials: BasicCredentials, operation: OperationContract) -> str | None:
            return self.known(credentials, credentials.username, credentials.password == "sesame")

        def token(credentials: BearerCredentials, operation: OperationContract) -> str | None:
            if credentials.token == "narrow":
                raise ScopeMissing
            return self.known(credentials, "token", credentials.token == "sesame")

        def digest(credentials: HttpCredentials, operation: OperationContract) -> str | None:
            return self.known(credentials, "digest", credentials.auth_scheme == "Digest")

        def certificate(credentials: CertificateCredentials, operation: OperationContract) -> str | None:
            tls = credentials.tls
            return self.known(credentials, "certificate", tls is not None and tls.error is None and bool(tls.chain))

        found: dict[str, Any] = {
            "header_key": key,
            "query_key": key,
            "cookie_key": key,
            "login": login,
            "token": token,
            "oauth": token,
            "oidc": token,
            "digest": digest,
            "certificate": certificate,
        }
        return server.SecurityHooks(**{**found, **others})


def with_tls(app: ASGIApp, told: dict[str, Any]) -> ASGIApp:
    """A server that says something of TLS."""

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "extensions": {**scope.get("extensions", {}), "tls": told}}, receive, send)

    return telling


@contextmanager
def doors(told: dict[str, Any] | None = None, **settings: Any) -> Iterator[tuple[str, Recorder]]:
    recorder = Recorder()
    app: ASGIApp = server.create_app(server.Handlers(doors=recorder), **settings)
    with served(recorder.watching(app if told is None else with_tls(app, told))) as url:
        yield url, recorder


def test_each_scheme_has_a_function_with_typed_credentials() -> None:
    guards = Guards()
    with doors(security=guards.hooks()) as (url, seen):
        for path, headers, principal in (
            ("/default", {"X-Api-Key": "sesame"}, "key"),
            ("/default", BASIC, "ali"),
            ("/cookie", {"Cookie": "session=sesame"}, "key"),
            ("/query?api%20key=sesame", {}, "key"),
            ("/token", {"Authorization": "Bearer sesame"}, "token"),
            ("/digest", {"Authorization": 'Digest username="ali"'}, "digest"),
            ("/both", {**BASIC, "X-Api-Key": "sesame"}, ("ali", "key")),
        ):
            assert httpx2.get(url + path, headers=headers).status_code == 204
            assert seen.request.context.principal == principal
        assert seen.request.context.principals == {"login": "ali", "headerKey": "key"}
        assert httpx2.get(f"{url}/scopes", headers={"Authorization": "Bearer sesame"}).status_code == 204
    assert guards.seen[-1] == BearerCredentials("sesame", ("read", "write"))
    assert "sesame" not in repr(guards.seen)


def test_nobody_else_gets_in() -> None:
    with doors(security=Guards().hooks()) as (url, seen):
        for path, headers, status in (
            ("/default", {}, 401),
            ("/default", {"X-Api-Key": "wrong"}, 401),
            ("/both", {**BASIC, "X-Api-Key": "wrong"}, 401),
            ("/both", BASIC, 401),
            ("/token", {"Authorization": "Bearer narrow"}, 403),
            ("/optional", {"Authorization": "Bearer wrong"}, 401),
        ):
            assert httpx2.get(url + path, headers=headers).status_code == status and seen.request is None
        assert httpx2.get(f"{url}/optional").status_code == 204 and seen.request.context.principal is None


def test_the_next_alternative_is_tried() -> None:
    def refuse(credentials: BearerCredentials, operation: object) -> None:
        if credentials.token == "narrow":
            raise ScopeMissing

    with doors(security=Guards().hooks(oauth=refuse)) as (url, seen):
        assert httpx2.get(f"{url}/scopes", headers={"Authorization": "Bearer sesame"}).status_code == 204
        assert seen.request.context.principals == {"oidc": "token"}
        both = {**BASIC, "X-Api-Key": "wrong"}
        assert httpx2.get(f"{url}/default", headers=both).status_code == 204


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (None, 401),
        ({}, 401),
        ({"client_cert_chain": []}, 401),
        ({**CERTIFIED, "client_cert_error": "expired"}, 401),
        (CERTIFIED, 204),
    ],
)
@pytest.mark.parametrize("by", ["hook", "authenticator"])
def test_a_certificate_is_checked(by: str, told: dict[str, Any] | None, status: int) -> None:
    guards = Guards()
    settings: dict[str, Any] = (
        {"security": guards.hooks()} if by == "hook" else {"authenticate": lambda credentials, operation: "ali"}
    )
    with doors(told, **settings) as (url, seen):
        assert httpx2.get(f"{url}/certificate", headers=BASIC).status_code == status
        assert (seen.request is None) is (status == 401)
    if by == "hook" and status == 204:
        assert guards.seen[-1].tls == ClientTls(("PEM-1", "PEM-2"), "CN=ali", None, 0x0304)
        assert guards.seen[-1].headers["authorization"] == BASIC["Authorization"]


def test_an_operation_that_nobody_guards_is_no_application() -> None:
    with pytest.raises(SecurityIncomplete) as caught:
        server.create_app(server.Handlers(doors=Recorder()), security=Guards().hooks(certificate=None, login=None))
    assert "byCertificate (certificate)" in str(caught.value) and "byBoth (login and headerKey)" in str(caught.value)
    assert "byDefault" not in str(caught.value)
    with pytest.raises(SecurityIncomplete):
        server.create_app(server.Handlers(doors=Recorder()))
    with served(server.create_app(server.Handlers())) as url:
        assert httpx2.get(f"{url}/certificate").status_code == 501


def test_a_scheme_without_a_function_lets_nobody_in() -> None:
    with doors(security=Guards().hooks(oauth=None, oidc=lambda credentials, operation: None)) as (url, seen):
        assert httpx2.get(f"{url}/scopes", headers={"Authorization": "Bearer sesame"}).status_code == 401
        assert seen.request is None
        assert httpx2.get(f"{url}/token", headers={"Authorization": "Bearer sesame"}).status_code == 204


def test_both_ways_cannot_be_mistaken_for_each_other() -> None:
    with pytest.raises(ValueError, match="not both"):
        server.create_app(
            server.Handlers(doors=Recorder()), security=Guards().hooks(), authenticate=lambda credentials, operation: 1
        )


@pytest.mark.parametrize("found", [True, False])
def test_a_function_that_says_whether_instead_of_who_lets_nobody_in(found: bool) -> None:
    with doors(security=Guards().hooks(login=lambda credentials, operation: found)) as (url, seen):
        answer = httpx2.get(f"{url}/default", headers=BASIC)
        assert answer.status_code == 500 and seen.request is None
    with doors(authenticate=lambda credentials, operation: found) as (url, seen):
        assert httpx2.get(f"{url}/default", headers=BASIC).status_code == 500 and seen.request is None


@pytest.mark.parametrize("nobody", [None, "", b"", (), [], {}])
def test_nothing_is_nobody(nobody: Any) -> None:
    with doors(security=Guards().hooks(login=lambda credentials, operation: nobody)) as (url, seen):
        assert httpx2.get(f"{url}/default", headers=BASIC).status_code == 401 and seen.request is None
