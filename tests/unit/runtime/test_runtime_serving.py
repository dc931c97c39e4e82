"""The server stub: what a handler raises is what the client catches, and no failure shows the server's inside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from cornershop import _contract, errors
from cornershop.client import AsyncClient
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.order import Order
from cornershop.models.order_list import OrderList
from cornershop.models.order_status import OrderStatus
from cornershop.models.transfer import Transfer
from cornershop.server import (
    CreateOrder,
    CreateTransfer,
    GetOrder,
    Handlers,
    ListOrders,
    create_app,
    exception_handlers,
)
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from sadpath.runtime.contract import OperationContract
from sadpath.runtime.credentials import BasicAuth, BearerAuth
from sadpath.runtime.encoding import status_of
from sadpath.runtime.errors import ApiError, FieldError
from sadpath.runtime.reception import Presented
from sadpath.runtime.serving import build_app
from sadpath.runtime.serving_limits import Limits
from sadpath.runtime.serving_security import ScopeMissing

AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
KEY = {"Idempotence-Key": "k"}
GOOD = {"amount": {"value": "1.10", "currency": "EUR"}}
NOW = datetime(2026, 1, 5, 10, 0, 0, 123000, tzinfo=timezone.utc)


def order(**members: Any) -> Order:
    given: dict[str, Any] = {"id": "1", "status": OrderStatus.PAID, "amount": AMOUNT, "created_at": NOW, **members}
    return Order(**given)


class Orders:
    """Handlers that answer as they are told."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer = answer
        self.seen: list[Any] = []

    async def create(self, request: CreateOrder) -> Order:
        self.seen.append(request)
        value: Order = self.answer(request)
        return value

    def get(self, request: GetOrder) -> Order:
        self.seen.append(request)
        value: Order = self.answer(request)
        return value

    def list(self, request: ListOrders) -> OrderList:
        self.seen.append(request)
        value: OrderList = self.answer(request)
        return value


class Transfers:
    """As `Orders`."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer = answer
        self.seen: list[CreateTransfer] = []

    async def create(self, request: CreateTransfer) -> Transfer:
        self.seen.append(request)
        value: Transfer = self.answer(request)
        return value


def raises(error: Exception) -> Callable[[Any], Any]:
    def answer(request: Any) -> Any:
        raise error

    return answer


def http(app: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://shop.test"
    )


def ask(app: Any, method: str, path: str, **options: Any) -> httpx2.Response:
    async def send() -> httpx2.Response:
        async with http(app) as client:
            headers = {"Authorization": "Basic dTpw", **options.pop("headers", {})}
            return await client.request(method, path, headers=headers, **options)

    return asyncio.run(send())


def call(app: Any, use: Callable[[AsyncClient], Any], auth: BasicAuth | BearerAuth | None = None) -> Any:
    async def run() -> Any:
        async with http(app) as client:
            return await use(
                AsyncClient(
                    auth or BasicAuth("u", "p"), base_url="http://shop.test", http_client=client, max_attempts=1
                )
            )

    return asyncio.run(run())


def test_round_trip_of_a_success() -> None:
    orders = Orders(lambda request: order(description=request.body.description, note=request.body.note))
    app = create_app(Handlers(orders=orders))
    got = call(app, lambda client: client.orders.create(amount=AMOUNT, description="d", note=None, idempotency_key="k"))
    assert got == order(description="d", note=None)
    assert got.is_set("note")
    request = orders.seen[0]
    assert request.idempotency_key == "k"
    assert request.body.amount == AMOUNT and request.body.is_set("note")
    assert request.context.method == "POST" and request.context.path == "/orders"


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidRequest("wrong", support_id="s-1", parameter="Idempotence-Key"),
        errors.InvalidRequest(),
        errors.InvalidCredentials("no"),
        errors.NotFound("gone", parameter="order_id"),
        errors.TooManyRequests(),
        errors.MethodNotAllowed("Request method 'GET' not supported", allow=("POST", "PUT")),
        errors.InsufficientScope("Payment forbidden"),
        errors.InvalidInput("Invalid", items=[FieldError("currency", {"resource": "t", "type": "invalid"})]),
        errors.CardExpired("old"),
        errors.CardError("new kind", code=1039),
    ],
    ids=lambda error: f"{type(error).__name__}-{error.message}",
)
def test_the_exception_raised_is_the_exception_caught(error: ApiError) -> None:
    app = create_app(Handlers(orders=Orders(raises(error))))
    with pytest.raises(errors.CornerShopError) as caught:
        call(app, lambda client: client.orders.get("1"))
    got = caught.value
    assert type(got) is type(error)
    assert (got.message, got.code, got.attributes) == (error.message, error.code, error.attributes)
    assert [(item.field, item.values.get("type")) for item in got.items] == [
        (item.field, item.values.get("type")) for item in error.items
    ]
    assert got.status == status_of(error)
    assert got.violations == ()


def test_errors_at_http_200() -> None:
    app = create_app(Handlers(transfers=Transfers(raises(errors.NotEnoughFunds(contract_amount=Decimal("10.50"))))))
    result = call(app, lambda client: client.transfers.create.result(to="x", amount=Decimal("1.50")), BearerAuth("t"))
    assert isinstance(result, errors.NotEnoughFunds)
    assert (result.status, result.contract_amount, str(result.contract_amount)) == (200, Decimal("10.50"), "10.50")
    assert result.body == b'{"status":"refused","error":"not_enough_funds","contract_amount":10.50}'


def test_a_refusal_without_a_code_of_its_own() -> None:
    app = create_app(Handlers(transfers=Transfers(raises(errors.TransferRefused()))))
    result = call(app, lambda client: client.transfers.create.result(to="x", amount=Decimal("1.50")), BearerAuth("t"))
    assert isinstance(result, errors.TransferRefused) and result.code == "refused"


def test_form_bodies() -> None:
    transfers = Transfers(lambda request: Transfer(status="success", transfer_id=str(request.body.amount)))
    app = create_app(Handlers(transfers=transfers))
    got = call(
        app,
        lambda client: client.transfers.create(to="a&b=c ё", amount=Decimal("1.50"), urgent=False, tags=["x", "y,z"]),
        BearerAuth("t"),
    )
    body = transfers.seen[0].body
    assert (body.to, body.amount, body.urgent, body.tags) == ("a&b=c ё", Decimal("1.50"), False, ["x", "y,z"])
    assert got.transfer_id == "1.50"


def test_parameters_arrive() -> None:
    orders = Orders(lambda request: OrderList(items=[], next_cursor=None))
    app = create_app(Handlers(orders=orders))
    sent: dict[str, Any] = {
        "created_at_gte": NOW,
        "status": [OrderStatus.PAID, OrderStatus("a,b|c d")],
        "metadata": {"a b": "c&d=[e]", "x": ""},
        "test": False,
        "limit": 7,
        "cursor": "100%",
    }
    call(app, lambda client: client.orders.list(**sent))
    request = orders.seen[0]
    assert {name: getattr(request, name) for name in sent} == sent


@pytest.mark.parametrize("order_id", ["a/b", "..%2f", "%", "ü ?#", "a;b=c,d", "." "x"])
def test_path_parameters_survive(order_id: str) -> None:
    orders = Orders(lambda request: order())
    call(create_app(Handlers(orders=orders)), lambda client: client.orders.get(order_id))
    assert orders.seen[0].order_id == order_id


@pytest.mark.parametrize("order_id", ["", ".", ".."])
def test_path_parameters_that_would_change_the_path(order_id: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a path"):
        call(create_app(Handlers()), lambda client: client.orders.get(order_id))


def test_framework_failures_have_the_form_of_the_contract() -> None:
    app = create_app(Handlers(orders=Orders(lambda request: order())))
    missing = ask(app, "GET", "/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    method = ask(app, "PUT", "/orders/1")
    assert (method.status_code, method.headers["allow"], method.content) == (405, "DELETE, GET, HEAD, OPTIONS", b"")
    assert method.headers["content-length"] == "0"
    anonymous = ask(app, "GET", "/orders/1", headers={"Authorization": ""})
    assert (anonymous.status_code, anonymous.headers["www-authenticate"]) == (401, "Basic")
    media = ask(app, "POST", "/orders", content=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (media.status_code, media.headers["accept"]) == (415, "application/json")
    assert ask(app, "GET", "/orders/1", headers={"Accept": "text/html"}).status_code == 406
    assert ask(app, "DELETE", "/orders/1").status_code == 501
    assert ask(app, "POST", "/transfers", headers={"Authorization": "Bearer t"}).status_code == 501


def test_validation_failures_name_the_place_and_not_the_value() -> None:
    app = create_app(Handlers(orders=Orders(lambda request: order())))
    body = {"amount": {"value": 4111111111111111, "currency": "EUR"}}
    response = ask(app, "POST", "/orders", json=body, headers=KEY)
    assert response.status_code == 400
    assert response.json()["parameter"] == "amount.value"
    assert "4111" not in response.text
    for content in (b"", b"{", b'{"amount":1,"amount":2}', b"[]", b"\xff", b"NaN", b"[" * 100_000):
        response = ask(app, "POST", "/orders", content=content, headers={**KEY, "Content-Type": "application/json"})
        assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert response.json().get("parameter") is None
    assert ask(app, "POST", "/orders", json=GOOD).json()["parameter"] == "Idempotence-Key"
    assert (
        ask(app, "POST", "/orders", json=GOOD, headers={"Idempotence-Key": "k" * 65}).json()["parameter"]
        == "Idempotence-Key"
    )
    assert ask(app, "GET", "/orders?limit=x").json()["parameter"] == "limit"
    assert ask(app, "GET", "/orders?limit=1&limit=2").status_code == 400
    assert ask(app, "GET", "/orders?cursor=%ff").status_code == 400
    assert ask(app, "GET", "/orders?test=yes").status_code == 400


def test_head_follows_get() -> None:
    app = create_app(Handlers(orders=Orders(lambda request: order())))
    head, get = ask(app, "HEAD", "/orders/1"), ask(app, "GET", "/orders/1")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    "error", [RuntimeError("password=hunter2"), errors.Unrecognized("x"), errors.NotSent("y"), KeyError("z")]
)
def test_unhandled_exceptions_leak_nothing(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = ask(create_app(Handlers(orders=Orders(raises(error)))), "GET", "/orders/1")
    assert (response.status_code, response.json()["code"]) == (500, "internal_server_error")
    assert "hunter2" not in response.text
    assert response.json()["id"]


def test_a_handler_that_returns_nonsense_is_an_unhandled_exception() -> None:
    with_nothing: Any = None
    response = ask(create_app(Handlers(orders=Orders(lambda request: with_nothing))), "GET", "/orders/1")
    assert response.status_code == 500


def test_authentication() -> None:
    seen: list[tuple[Presented, ...]] = []

    async def check(credentials: tuple[Presented, ...], operation: OperationContract) -> str | None:
        seen.append(credentials)
        if credentials[0].secret == "narrow":
            raise ScopeMissing
        return "shop" if credentials[0].secret == "p" else None

    orders = Orders(lambda request: order())
    app = create_app(Handlers(orders=orders), authenticate=check)
    call(app, lambda client: client.orders.get("1"))
    assert orders.seen[0].context.principal == "shop"
    assert (seen[0][0].username, seen[0][0].secret) == ("u", "p")
    assert "'p'" not in repr(seen)
    with pytest.raises(errors.InvalidCredentials):
        call(app, lambda client: client.orders.get("1"), BasicAuth("u", "q"))
    assert ask(app, "GET", "/orders/1", headers={"Authorization": "Bearer narrow"}).status_code == 403


def test_large_bodies_are_refused() -> None:
    app = create_app(Handlers(orders=Orders(lambda request: order())), limits=Limits(body=100))
    assert (
        ask(app, "POST", "/orders", content=b"x" * 101, headers={"Content-Type": "application/json"}).status_code == 413
    )


def test_mounted_below_a_path() -> None:
    app = Starlette(routes=[Mount("/v3", app=create_app(Handlers(orders=Orders(lambda request: order()))))])
    assert ask(app, "GET", "/v3/orders/a%2Fb").status_code == 200


def test_handlers_for_an_application_of_ones_own() -> None:
    async def lost(request: Request) -> Response:
        raise errors.NotFound("gone", parameter="id")

    async def limited(request: Request) -> Response:
        raise HTTPException(429, headers={"Retry-After": "5"})

    async def teapot(request: Request) -> Response:
        raise HTTPException(418)

    async def broken(request: Request) -> Response:
        raise ZeroDivisionError("secret")

    routes = [Route("/lost", lost), Route("/limited", limited), Route("/teapot", teapot), Route("/broken", broken)]
    app = Starlette(routes=routes, exception_handlers=exception_handlers())
    assert ask(app, "GET", "/lost").json()["code"] == "not_found"
    limited_answer = ask(app, "GET", "/limited")
    assert (limited_answer.json()["code"], limited_answer.headers["retry-after"]) == ("too_many_requests", "5")
    assert ask(app, "GET", "/teapot").status_code == 418
    assert ask(app, "GET", "/nowhere").json()["code"] == "not_found"
    assert ask(app, "POST", "/lost").headers["allow"]
    assert "secret" not in ask(app, "GET", "/broken").text


def test_without_a_mapping_a_bare_status_is_sent() -> None:
    registry = replace(errors.REGISTRY, api=replace(_contract.API, framework={}))
    from cornershop.server import ROUTES

    app = build_app(registry, ROUTES, Handlers())
    response = ask(app, "GET", "/nothing")
    assert (response.status_code, response.content) == (404, b"")


def test_a_charset_that_cannot_be_read_and_a_websocket() -> None:
    app = create_app(Handlers(orders=Orders(lambda request: order())))

    async def run() -> tuple[list[int], list[Any]]:
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            messages.append(message)

        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://shop") as client:
            statuses: list[int] = []
            for charset in ("utf-8", "hex", "no-such"):
                kind = {"Content-Type": f"application/json; charset={charset}", "Authorization": "Bearer t"}
                answer = await client.post("/orders", headers={**KEY, **kind}, json=GOOD)
                statuses.append(answer.status_code)
        scope: Any = {
            "type": "websocket",
            "path": "/orders",
            "raw_path": b"/orders",
            "headers": [],
            "query_string": b"",
        }
        await app(scope, receive, send)
        return statuses, messages

    statuses, messages = asyncio.run(run())
    assert statuses == [200, 415, 415]
    assert [message["type"] for message in messages] == ["websocket.close"]


def test_requests_do_not_show_what_they_hold() -> None:
    handler = Orders(lambda request: order())

    async def run() -> None:
        transport = httpx2.ASGITransport(
            app=create_app(Handlers(orders=handler), authenticate=lambda *given: "the-payer")
        )
        async with httpx2.AsyncClient(transport=transport, base_url="http://shop") as client:
            headers = {**KEY, "Authorization": "Bearer tok-1", "X-Key": "key-1"}
            await client.post("/orders", headers=headers, json={**GOOD, "note": "4111111111111111 987"})

    asyncio.run(run())
    (request,) = handler.seen
    assert repr(request) == str(request) == "CreateOrder(POST /orders)"
    assert repr(request.context) == "RequestContext(POST /orders)"
    assert request.body.note.endswith("987") and request.context.headers["x-key"] == "key-1"
