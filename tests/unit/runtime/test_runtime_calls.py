"""Calls from the caller's side: keys, options, secrets, pages, and whatever goes wrong while they are under way."""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from cornershop import errors
from cornershop.client import AsyncClient, Client
from cornershop.models.monetary_amount import MonetaryAmount
from cornershop.models.new_order import NewOrder
from cornershop.resources.orders import CREATE

from sadpath.runtime import exchange
from sadpath.runtime.calls import UNSET, Call, CallOptions
from sadpath.runtime.contract import Body, OperationContract, Outcome, Parameter, Security
from sadpath.runtime.credentials import ApiKeyAuth, BasicAuth, BearerAuth, authorize, secrets_in
from sadpath.runtime.exchange import Exchange, Settings
from sadpath.runtime.outcomes import OutcomeUnknown
from sadpath.runtime.servers import Base

AMOUNT = MonetaryAmount(value=Decimal("1.10"), currency="EUR")
ITEM = {**{"id": "1", "status": "paid", "created_at": "2026-01-05T10:00:00Z"}, "amount": AMOUNT.to_wire()}
SETTINGS = Settings(errors.REGISTRY, Base("https://api.cornershop.test/v1"))
Handler = Callable[[httpx2.Request], httpx2.Response]


def client(handle: Handler, **options: Any) -> Client:
    return Client(http_client=httpx2.Client(transport=httpx2.MockTransport(handle), **options))


def answering(*answers: Any, seen: list[httpx2.Request] | None = None) -> Client:
    """A client that gets these JSON bodies one after the other, the last one for ever."""
    left = list(answers)

    def handle(request: httpx2.Request) -> httpx2.Response:
        (seen if seen is not None else []).append(request)
        return httpx2.Response(200, json=left.pop(0) if len(left) > 1 else left[0])

    return client(handle)


@pytest.mark.parametrize(
    "name", ["Idempotence-Key", "IDEMPOTENCE-KEY", "content-length", "Content-Type", "host", "Transfer-Encoding"]
)
def test_options_do_not_take_what_the_client_owns(name: str) -> None:
    seen: list[httpx2.Request] = []
    with answering(ITEM, seen=seen) as shop:
        with pytest.raises(ValueError, match=name):
            shop.orders.create(amount=AMOUNT, options=CallOptions(headers={name: "mine-7"}))
        with pytest.raises(ValueError, match="no name"):
            shop.orders.create(amount=AMOUNT, options=CallOptions(headers={"X Y": "z"}))
    assert not seen
    operation = OperationContract("o", "GET", "/", parameters=(Parameter("a", "X-Arg", "header"),))
    with pytest.raises(ValueError, match="argument"):
        Exchange(SETTINGS, Call(operation, {}, options=CallOptions(headers={"x-arg": "1"})))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "empty"),
        (" ", "space"),
        ("abc ", "space"),
        ("a" * 65, "more than 64"),
        ("ключ", "ASCII"),
        ("a\nb", "control"),
        ("4111111111111111", "card"),
        ("order-4111111111111111-7", "card"),
    ],
)
def test_keys_that_are_refused(key: str, words: str) -> None:
    seen: list[httpx2.Request] = []
    with answering(ITEM, seen=seen) as shop, pytest.raises(ValueError, match=words) as caught:
        shop.orders.create(amount=AMOUNT, idempotency_key=key)
    assert not seen and (len(key) < 13 or key not in str(caught.value))


@pytest.mark.parametrize(
    "key", ["k", "a" * 64, "4111111111111112", "41111111-1111-1111-8111-411111111111", "2026-01-05 7", None]
)
def test_keys_that_are_taken(key: str | None) -> None:
    seen: list[httpx2.Request] = []
    with answering(ITEM, seen=seen) as shop:
        shop.orders.create(amount=AMOUNT, idempotency_key=key)
    assert seen[0].headers["idempotence-key"] == (key or seen[0].headers["idempotence-key"]) != ""


def test_a_key_that_is_made_fits() -> None:
    scheme = replace(errors.REGISTRY.api.idempotency["key"], max_length=32)
    registry = replace(errors.REGISTRY, api=replace(errors.REGISTRY.api, idempotency={"key": scheme}))
    made = Exchange(Settings(registry, Base("https://x.test")), Call(CREATE, {"amount": AMOUNT}))
    assert made.idempotency_key is not None and len(made.idempotency_key) == 32


def test_secrets_of_the_options_are_scrubbed() -> None:
    basic = base64.b64encode(b"shop:basic-secret-1").decode()
    security = ((Security("k", "apiKey", "header", "X-Key"),),)
    headers = {
        "authorization": f"Basic {basic}",
        "Cookie": 'a=cookie-1; b="cookie-2"',
        "x-key": "key-11",
        "X-A": "open",
    }
    secrets = secrets_in(headers, security)
    assert {"basic-secret-1", basic, "cookie-1", "cookie-2", "key-11"} <= set(secrets) and "open" not in secrets

    def echo(request: httpx2.Request) -> httpx2.Response:
        told = f"{request.headers['authorization']} {request.headers['cookie']}"
        body = {"type": "error", "id": "s", "code": "not_found", "description": told}
        return httpx2.Response(404, json=body, headers={"X-Echo": told})

    options = CallOptions(headers={"Authorization": "Bearer tok-override-999", "Cookie": "sid=session-77"})
    assert "tok-override" not in repr(options)
    with client(echo) as shop, pytest.raises(errors.NotFound) as caught:
        shop.orders.get("1", options=options)
    shown = f"{caught.value!r}{caught.value}{vars(caught.value)}".encode() + pickle.dumps(caught.value)
    assert b"tok-override-999" not in shown and b"session-77" not in shown
    header = authorize(((Security("b", "basic"),),), [BasicAuth("shop", "basic-secret-1")])
    assert basic not in repr(header) and "key-11" not in repr(authorize(security, [ApiKeyAuth("key-11")]))


def test_null_in_an_optional_body() -> None:
    body = Body("application/json", NewOrder, required=False, arguments=("amount", "description", "note"))
    operation = OperationContract("o", "PATCH", "/x", body=body)

    def sent(**arguments: Any) -> bytes | None:
        return Exchange(SETTINGS, Call(operation, arguments)).request.body

    assert sent(amount=AMOUNT, note=None) == b'{"amount":{"value":"1.10","currency":"EUR"},"note":null}'
    assert sent(description=None, note=UNSET) is None and sent() is None
    with pytest.raises(ValueError, match="amount"):
        sent(note=None)


def fail(error: Exception) -> Handler:
    def handle(request: httpx2.Request) -> httpx2.Response:
        raise error

    return handle


def lost(shop: Client) -> errors.CornerShopError:
    with shop, pytest.raises(errors.AnswerLostOutcomeUnknown) as caught:
        shop.orders.create(amount=AMOUNT, idempotency_key="k-1")
    assert caught.value.idempotency_key == "k-1" and caught.value.outcome is Outcome.UNKNOWN
    return caught.value


def test_whatever_is_raised_while_sending() -> None:
    def refuse(response: httpx2.Response) -> None:
        response.raise_for_status()

    hooked = client(lambda request: httpx2.Response(500), event_hooks={"response": [refuse]})
    assert isinstance(lost(hooked).__cause__, httpx2.HTTPStatusError)
    odd = RuntimeError("odd")
    assert lost(client(fail(odd))).__cause__ is odd
    assert lost(client(fail(ValueError("no httpx2 error")))).attempts == 1

    class Interrupted(BaseException):
        pass

    def interrupt(request: httpx2.Request) -> httpx2.Response:
        raise Interrupted

    with client(interrupt) as shop, pytest.raises(Interrupted) as caught:
        shop.orders.create(amount=AMOUNT, idempotency_key="k-1")
    assert "idempotency key k-1" in caught.value.__notes__[0]


def test_a_body_that_breaks_in_an_unknown_way() -> None:
    class Broken(httpx2.SyncByteStream):
        def __iter__(self) -> Any:
            yield b'{"id":'
            raise RuntimeError("odd")

    with (
        client(lambda request: httpx2.Response(200, stream=Broken())) as shop,
        pytest.raises(errors.Unreadable) as caught,
    ):
        shop.orders.create(amount=AMOUNT)
    assert caught.value.body == b'{"id":'


@pytest.mark.parametrize("status", [200, 400, 503])
@pytest.mark.parametrize("operation", ["create", "get"])
def test_a_defect_of_ours_while_reading(monkeypatch: pytest.MonkeyPatch, status: int, operation: str) -> None:
    defect = KeyError("ours")

    def broken(*arguments: Any) -> Any:
        raise defect

    monkeypatch.setattr(exchange, "decode_failure", broken)
    with client(lambda request: httpx2.Response(status, content=b"{}")) as shop:
        result = shop.orders.create.result(amount=AMOUNT) if operation == "create" else shop.orders.get.result("1")
        raw = shop.orders.get.raw("1")
    wanted = errors.Unreadable if status == 200 else errors.Unrecognized
    assert isinstance(result, wanted) and result.__cause__ is defect
    assert (result.status, result.body) == (status, b"{}")
    assert isinstance(result, OutcomeUnknown) is (operation == "create" and status != 200)
    assert (result.idempotency_key is not None) is (operation == "create")
    with pytest.raises(wanted):
        raw.parse()


def test_closed_clients() -> None:
    shop = answering(ITEM)
    shop.close()
    closed = httpx2.Client()
    closed.close()
    for use in (shop, Client(http_client=closed)):
        result = use.orders.create.result(amount=AMOUNT, idempotency_key="k")
        assert isinstance(result, errors.NotSent) and "closed" in str(result)
        assert (result.advice.next, result.idempotency_key, result.outcome) == ("fix", "k", Outcome.NOT_SENT)

    async def use_async() -> None:
        shop = AsyncClient()
        await shop.close()
        with pytest.raises(errors.NotSent, match="closed"):
            await shop.orders.get("1")

    asyncio.run(use_async())


GOOD = {"items": [ITEM], "next_cursor": "a"}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({"items": [ITEM, 5]}, "not every item"),
        ({"items": [None]}, "not every item"),
        ({"items": "x"}, "items"),
        ({"items": None}, "items"),
        ({}, "items"),
        ({"items": [ITEM], "next_cursor": 5}, "cursor"),
        ({"items": [ITEM], "next_cursor": ["a"]}, "cursor"),
        (GOOD, "read already"),
    ],
    ids=str,
)
def test_a_defective_page_is_no_end(page: Any, words: str) -> None:
    with answering(GOOD, page) as shop:
        for walk in (shop.orders.list.pages(), shop.orders.list.items()):
            with pytest.raises(errors.Unreadable, match=words) as caught:
                list(walk)
            error = caught.value
            assert error.outcome is Outcome.PROCESSED and json.loads(error.body) == page and error.status == 200
            assert error.attributes["page"].to_wire().get("next_cursor") in (None, "a")

    async def walk_async() -> None:
        transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=page))
        async with AsyncClient(http_client=httpx2.AsyncClient(transport=transport)) as shop:
            with pytest.raises(errors.Unreadable, match=words):
                _ = [item async for item in shop.orders.list.items(cursor="a")]

    asyncio.run(walk_async())


def test_pages_that_are_sound() -> None:
    odd = {"id": "2", "status": "paid"}
    with answering(GOOD, {"items": [odd, ITEM]}) as shop:
        assert [item.id for item in shop.orders.list.items()] == ["1", "2", "1"]
    with answering({"items": []}) as shop:
        assert list(shop.orders.list.items()) == []


def test_what_inspect_shows() -> None:
    sync, other = Client(), AsyncClient()
    shown = {
        sync.orders.create: "'Order'",
        other.orders.create: "'Order'",
        sync.orders.get.result: "'Ok[Order] | GetOrderError'",
        other.orders.get.raw: "'RawResponse[Order]'",
        sync.orders.list.pages: "'Iterator[OrderList]'",
        other.orders.list.items: "'AsyncIterator[Order]'",
        sync.orders.delete: "'None'",
    }
    for function, returned in shown.items():
        assert str(inspect.signature(function)).endswith(f" -> {returned}")
    assert list(inspect.signature(sync.orders.get.result).parameters) == ["order_id", "options"]
    assert sync.orders.get.result.__doc__ and sync.orders.get.result.__name__ == "result"
    for function in (other.orders.create, other.orders.get.result, other.orders.get.raw):
        assert inspect.iscoroutinefunction(function)
    for function in (sync.orders.create, sync.orders.get.result, other.orders.list.pages):
        assert not inspect.iscoroutinefunction(function)


def test_a_token_that_is_a_secret_of_the_call() -> None:
    made = Exchange(
        Settings(errors.REGISTRY, Base("https://x.test"), (BearerAuth("tok-123456"),)), Call(CREATE, {"amount": AMOUNT})
    )
    assert made.sent.scrubber.text("tok-123456") == "[redacted]"
