"""Security schemes that are only named: nobody gets in unknown, and a client sends what its HTTP client carries."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from behaviour.recording import recorded

from features import undescribed_security
from features._runtime.reception import Presented
from features._runtime.serving_security import (
    ApiKeyCredentials,
    ScopeMissing,
    SecurityIncomplete,
    UndescribedCredentials,
)
from features.undescribed_security import ApiKeyAuth
from features.undescribed_security.server import SecurityHooks, create_app


def status(url: str, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("GET", path, headers=headers)
    found = connection.getresponse().status
    connection.close()
    return found


def by_card(credentials: UndescribedCredentials, operation: object) -> str | None:
    card = credentials.request.headers.get("x-card")
    if card == "narrow":
        raise ScopeMissing
    return "ali" if card == "right" else None


def by_key(credentials: ApiKeyCredentials, operation: object) -> str | None:
    return "bob" if credentials.key == "k" else None


HOOKS = SecurityHooks(readers_card=by_card, key=by_key, https_doors_test_schemes_pass=by_card)


def test_whom_a_function_does_not_recognise_stays_outside() -> None:
    with recorded(undescribed_security, security=HOOKS) as (url, server):
        assert status(url, "/named") == 401 and server.request is None
        assert status(url, "/named", **{"X-Card": "wrong"}) == 401
        assert status(url, "/named", **{"X-Card": "narrow"}) == 403
        assert status(url, "/named", **{"X-Card": "right"}) == 204 and server.request.context.principal == "ali"
        assert status(url, "/elsewhere") == 401 and status(url, "/elsewhere", **{"X-Card": "right"}) == 204
        assert status(url, "/both", **{"X-Card": "right"}) == 401
        assert status(url, "/both", **{"X-Card": "right", "X-Api-Key": "k"}) == 204


def test_a_function_sees_the_body() -> None:
    seen: list[bytes] = []

    def signed(credentials: UndescribedCredentials, operation: object) -> str:
        seen.append(credentials.request.body)
        return "ali"

    with recorded(undescribed_security, security=replace(HOOKS, readers_card=signed)) as (url, server):
        assert httpx2.post(f"{url}/signed", json={"amount": 5}).status_code == 204
        assert seen == [b'{"amount":5}'] and server.request.body.amount == 5


def test_nobody_is_no_other_way() -> None:
    with recorded(undescribed_security, security=HOOKS) as (url, server):
        assert status(url, "/perhaps", **{"X-Card": "right"}) == 204 and server.request.context.principal == "ali"
        assert status(url, "/perhaps") == 204 and server.request.context.principal is None


def test_a_way_that_is_described_is_the_only_one() -> None:
    with recorded(undescribed_security, security=HOOKS) as (url, _):
        assert status(url, "/either", **{"X-Card": "right"}) == 401
        assert status(url, "/either", **{"X-Api-Key": "k"}) == 204


def test_one_function_for_all_is_given_the_request() -> None:
    seen: list[tuple[Presented, ...]] = []

    def authenticate(credentials: tuple[Presented, ...], operation: object) -> str | None:
        seen.append(credentials)
        request = credentials[0].request
        return None if request is None else request.headers.get("x-card")

    with recorded(undescribed_security, authenticate=authenticate) as (url, _):
        assert status(url, "/named") == 401 and status(url, "/named", **{"X-Card": "anyone"}) == 204
    assert seen and "anyone" not in repr(seen)


def test_without_its_function_an_operation_is_not_served() -> None:
    def nothing(request: Any) -> None:
        return None

    class Doors:
        named: Callable[..., None] = staticmethod(nothing)
        both = either = elsewhere = named

    handlers = undescribed_security.server.Handlers(doors=Doors())
    with pytest.raises(SecurityIncomplete):
        create_app(handlers, security=SecurityHooks(key=by_key))


def test_a_client_sends_what_its_http_client_carries() -> None:
    with recorded(undescribed_security, security=HOOKS) as (url, _):
        with httpx2.Client(headers={"X-Card": "right"}) as carrier:
            with undescribed_security.Client(ApiKeyAuth("k"), base_url=url, http_client=carrier) as client:
                client.doors.named()
                client.doors.both()
