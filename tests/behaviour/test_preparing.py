"""What has to be done before a repeat is done by the function that the client was given for it: once, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx2
import pytest
from behaviour.desks import KEY, TRANSACTION

from payments._runtime.proofs import stated_params
from payments.paysera import AsyncClient, Client, Environment, SignedAuth, errors

EXPIRED = httpx2.Response(400, json={"error": "invalid_grant"})
EARLY = httpx2.Response(401, json={"error": "invalid_timestamp", "error_description": "Timestamp is in future"})
FINE = httpx2.Response(200, json=TRANSACTION)


class Desk:
    """Answers as the script says."""

    def __init__(self, *answers: httpx2.Response) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.url.path.endswith("/server"):
            return httpx2.Response(200, json={"time": 1_343_811_600})
        found = self.answers.pop(0)
        return httpx2.Response(found.status_code, headers=dict(found.headers), content=found.content)

    @property
    def signers(self) -> list[str]:
        return [stated_params(request.headers["authorization"])["id"] for request in self.requests]

    def client(self, auth: SignedAuth, **settings: Any) -> Client:
        http_client = httpx2.Client(transport=httpx2.MockTransport(self))
        environment = Environment(sleep=lambda seconds: None, random=lambda: 0.0)
        return Client(auth, http_client=http_client, environment=environment, **settings)


def test_a_token_is_renewed_once_and_the_request_repeated_under_it() -> None:
    secrets = {"id": "old", "key": "k"}
    desk = Desk(EXPIRED, FINE)
    with desk.client(
        SignedAuth(secrets), prepare={"refresh_token": lambda: secrets.update(id="new", key="n")}
    ) as client:
        assert client.transactions.get(transaction_key=KEY).status == "reserved"
    assert desk.signers == ["old", "new"]


def test_what_does_not_help_is_not_done_again() -> None:
    renewed: list[int] = []
    desk = Desk(EXPIRED, EXPIRED, FINE)
    with (
        desk.client(
            SignedAuth({"id": "a", "key": "k"}), prepare={"refresh_token": lambda: renewed.append(1)}
        ) as client,
        pytest.raises(errors.InvalidGrant) as caught,
    ):
        client.transactions.create(payments=[1])
    assert (renewed, caught.value.attempts, len(desk.requests)) == ([1], 2, 2)


def test_without_a_function_the_failure_is_raised_at_once() -> None:
    for prepare in (None, {}, {"sync_clock": lambda: None}):
        desk = Desk(EXPIRED, FINE)
        with (
            desk.client(SignedAuth({"id": "a", "key": "k"}), prepare=prepare) as client,
            pytest.raises(errors.InvalidGrant) as caught,
        ):
            client.transactions.get(transaction_key=KEY)
        assert (caught.value.attempts, len(desk.requests)) == (1, 1)


def test_a_function_that_fails_is_the_cause_of_the_failure() -> None:
    def fail() -> None:
        raise OSError("the vault is closed")

    desk = Desk(EXPIRED, FINE)
    with (
        desk.client(SignedAuth({"id": "a", "key": "k"}), prepare={"refresh_token": fail}) as client,
        pytest.raises(errors.InvalidGrant) as caught,
    ):
        client.transactions.get(transaction_key=KEY)
    assert isinstance(caught.value.__cause__, OSError) and len(desk.requests) == 1


def test_the_clock_is_set_by_that_of_the_server() -> None:
    now = datetime(2026, 1, 5, tzinfo=timezone.utc)
    offset = timedelta()
    desk = Desk(EARLY, FINE)

    def synchronize() -> None:
        nonlocal offset
        offset = datetime.fromtimestamp(client.server.get().time, timezone.utc) - now

    auth = SignedAuth({"id": "a", "key": "k"}, clock=lambda: now + offset)
    with desk.client(auth, prepare={"sync_clock": synchronize}) as client:
        client.transactions.get(transaction_key=KEY)
    times = [
        stated_params(request.headers["authorization"])["ts"]
        for request in desk.requests
        if "authorization" in request.headers
    ]
    assert times == [str(int(now.timestamp())), "1343811600"]


def asynchronous(desk: Desk, prepare: Any) -> Any:
    async def call() -> Any:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(desk))
        async with AsyncClient(SignedAuth(SECRETS), http_client=http_client, prepare=prepare) as client:
            return await client.transactions.get(transaction_key=KEY)

    return asyncio.run(call())


SECRETS = {"id": "a", "key": "k"}


def test_a_function_to_await_and_a_plain_one_serve_an_async_client() -> None:
    renewed: list[str] = []

    async def renew() -> None:
        await asyncio.sleep(0)
        renewed.append("awaited")

    functions: list[Callable[[], None] | Callable[[], Awaitable[None]]] = [renew, lambda: renewed.append("plain")]
    for function in functions:
        assert asynchronous(Desk(EXPIRED, FINE), {"refresh_token": function}).status == "reserved"
    assert renewed == ["awaited", "plain"]

    async def fail() -> None:
        raise OSError

    with pytest.raises(errors.InvalidGrant) as caught:
        asynchronous(Desk(EXPIRED, FINE), {"refresh_token": fail})
    assert isinstance(caught.value.__cause__, OSError)


def test_wrong_functions_are_refused() -> None:
    with pytest.raises(ValueError, match="there is no 'renew'"):
        Client(prepare={"renew": lambda: None})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="is a function"):
        Client(prepare={"refresh_token": "f"})  # type: ignore[dict-item]

    async def renew() -> None:
        raise AssertionError("nobody awaits it")

    desk = Desk(EXPIRED, FINE)
    with (
        desk.client(SignedAuth(SECRETS), prepare={"refresh_token": renew}) as client,
        pytest.raises(TypeError, match="nobody would await"),
    ):
        client.transactions.get(transaction_key=KEY)
