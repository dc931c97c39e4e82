"""The generated clients against the generated servers over a real socket: every operation, and every error raised and caught."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from behaviour.desks import CALLS as DESK_CALLS
from behaviour.desks import desk_app
from behaviour.houses import HOUSES, MAKECOMMERCE, PAYSERA, WALLET, YOOKASSA, House
from behaviour.loopback import served
from behaviour.merchants import MERCHANT_CALLS, merchant_app
from behaviour.shop_extras import CALLS as EXTRA_CALLS
from behaviour.shop_extras import whole_shop_app
from behaviour.shops import ID, NOW, Script, amount, attributes_of, payment, refund
from behaviour.wallets import WALLET_CALLS, wallet_app

from payments import OutcomeUnknown
from payments._runtime.contract import Advice, Attribute, OperationContract, Outcome
from payments._runtime.errors import ApiError
from payments._runtime.media import media_type_of
from payments._runtime.protection import is_repeatable
from payments.makecommerce import AsyncClient as AsyncMerchant
from payments.makecommerce import Client as Merchant
from payments.makecommerce import errors as merchant_errors
from payments.paysera import AsyncClient as AsyncDesk
from payments.paysera import Client as Desk
from payments.paysera import HttpAuth
from payments.paysera import errors as desk_errors
from payments.yookassa import AsyncClient as AsyncShop
from payments.yookassa import BasicAuth, CallOptions, Ok
from payments.yookassa import Client as Shop
from payments.yookassa import errors as shop_errors
from payments.yookassa import models as shop
from payments.yoomoney_wallet import AsyncClient as AsyncWallet
from payments.yoomoney_wallet import BearerAuth
from payments.yoomoney_wallet import Client as Wallet
from payments.yoomoney_wallet import errors as wallet_errors
from payments.yoomoney_wallet import models as wallet

BASIC = BasicAuth("100500", "test_secret")
BEARER = BearerAuth("token-410")
BOTH = [BASIC, BEARER]
MAC = HttpAuth("MAC", 'id="wkVd93h2uS", ts="1343811600", nonce="nQnNaSNyubfPErjR", mac="c2lnbmF0dXJl", ext=""')


@dataclass(frozen=True)
class Stage:
    """Both clients of one API, blocking and to await, and the script of the server that they talk to."""

    script: Script
    sync: Any
    asynchronous: Callable[[], Any]


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, Stage]]:
    shop_script, wallet_script, merchant_script, desk_script = Script(), Script(), Script(), Script()
    with (
        served(whole_shop_app(shop_script)) as shop_url,
        served(wallet_app(wallet_script)) as wallet_url,
        served(merchant_app(merchant_script)) as merchant_url,
        served(desk_app(desk_script)) as desk_url,
        Shop(BOTH, base_url=shop_url, max_attempts=1) as shop_client,
        Wallet(BEARER, base_url=wallet_url, max_attempts=1) as wallet_client,
        Merchant(BASIC, base_url=merchant_url, max_attempts=1) as merchant_client,
        Desk(MAC, base_url=desk_url, max_attempts=1) as desk_client,
    ):
        yield {
            YOOKASSA.api: Stage(shop_script, shop_client, lambda: AsyncShop(BOTH, base_url=shop_url, max_attempts=1)),
            WALLET.api: Stage(
                wallet_script, wallet_client, lambda: AsyncWallet(BEARER, base_url=wallet_url, max_attempts=1)
            ),
            MAKECOMMERCE.api: Stage(
                merchant_script, merchant_client, lambda: AsyncMerchant(BASIC, base_url=merchant_url, max_attempts=1)
            ),
            PAYSERA.api: Stage(desk_script, desk_client, lambda: AsyncDesk(MAC, base_url=desk_url, max_attempts=1)),
        }


@pytest.fixture(autouse=True)
def _fresh(stages: dict[str, Stage]) -> None:
    for stage in stages.values():
        stage.script.failure = stage.script.answer = None
        stage.script.seen.clear()


Calls = dict[str, tuple[str, str, dict[str, Any]]]
"""Of each operation, by its id: the resource, the method and the arguments."""

SHOP_CALLS: Calls = {
    "createPayment": (
        "payments",
        "create",
        {"amount": amount(), "capture": True, "metadata": {"order": "Ж", "n": None}},
    ),
    "listPayments": (
        "payments",
        "list",
        {"created_at_gte": NOW, "status": shop.PaymentStatus.PENDING, "limit": 2, "cursor": "c"},
    ),
    "getPayment": ("payments", "get", {"payment_id": ID}),
    "capturePayment": ("payments", "capture", {"payment_id": ID, "amount": amount("0.10")}),
    "cancelPayment": ("payments", "cancel", {"payment_id": ID}),
    "createRefund": ("refunds", "create", {"payment_id": ID, "amount": amount("1.10"), "description": "x & y"}),
    "listRefunds": ("refunds", "list", {"payment_id": ID}),
    "getRefund": ("refunds", "get", {"refund_id": ID}),
    **EXTRA_CALLS,
}
CALLS: dict[str, Calls] = {
    YOOKASSA.api: SHOP_CALLS,
    WALLET.api: WALLET_CALLS,
    MAKECOMMERCE.api: MERCHANT_CALLS,
    PAYSERA.api: {
        route.contract.id: (route.resource, route.method, DESK_CALLS[route.contract.id])
        for route in PAYSERA.server.ROUTES
    },
}
EVERY = [pytest.param(house, id, id=f"{house.api}-{id}") for house in HOUSES for id in CALLS[house.api]]


def bound(client: Any, house: House, id: str) -> tuple[Any, dict[str, Any]]:
    """The method of a client, and the arguments to call it with."""
    resource, method, arguments = CALLS[house.api][id]
    return getattr(getattr(client, resource), method), arguments


def call(client: Any, house: House, id: str) -> Any:
    method, arguments = bound(client, house, id)
    return method(**arguments)


async def awaited(stage: Stage, house: House, id: str) -> Any:
    async with stage.asynchronous() as client:
        return await call(client, house, id)


def test_every_operation_is_called_here() -> None:
    assert {api: set(calls) for api, calls in CALLS.items()} == {house.api: set(house.operations) for house in HOUSES}


@pytest.mark.parametrize(("house", "id"), EVERY)
def test_an_operation_arrives_as_it_was_called(house: House, id: str, stages: dict[str, Stage]) -> None:
    arguments = CALLS[house.api][id][2]
    stage = stages[house.api]
    value = call(stage.sync, house, id)
    request = stage.script.last
    for name, given in arguments.items():
        holder = request if hasattr(request, name) else request.body
        assert getattr(holder, name) == given
    assert asyncio.run(awaited(stage, house, id)) == value
    assert len(stage.script.seen) == 2
    success = house.operations[id].success[0]
    assert (success.type is None) == (value is None)


def test_what_was_not_set_is_not_sent(stages: dict[str, Stage]) -> None:
    stages[YOOKASSA.api].sync.payments.create(amount=amount())
    assert stages[YOOKASSA.api].script.last.body.to_wire() == {"amount": {"value": "150.00", "currency": "RUB"}}
    stages[WALLET.api].sync.payments.process(request_id="r-1")
    assert stages[WALLET.api].script.last.body.to_wire() == {"request_id": "r-1"}


def sample(attribute: Attribute) -> Any:
    kinds: dict[str, Any] = {
        "string": "Reason, 100%" if attribute.select.header else "Причина, 100%",
        "uri": "https://example.test/a?b=c",
        "integer": 7,
        "decimal": Decimal("100.10"),
        "boolean": True,
        "datetime": datetime(2026, 1, 5, 10, tzinfo=timezone.utc),
        "date": date(2026, 1, 5),
        "duration": timedelta(milliseconds=1500),
        "csv": ("GET", "POST"),
        "json": {"a": [1, {"b": None}]},
    }
    return kinds[attribute.select.type]


def attributes(house: House, cls: type[ApiError]) -> dict[str, Attribute]:
    assert cls.contract is not None
    format_ = house.registry.api.formats.get(cls.contract.match.format or "")
    return {**(format_.attributes if format_ else {}), **cls.contract.attributes}


def raisable() -> list[Any]:
    """(house, error id, operation) for every error that a handler can raise, once after every kind of effect."""
    cases: list[Any] = []
    for house in HOUSES:
        for cls in house.registry.errors:
            contract = cls.contract
            assert contract is not None
            if contract.raised == "opt_in" or contract.match.format is None:
                continue
            possible = contract.match.operations or tuple(house.operations)
            effects = {house.operations[id].effect: id for id in possible}
            cases += [pytest.param(house, cls, id, id=f"{house.api}-{contract.id}-{id}") for id in effects.values()]
    return cases


@pytest.mark.parametrize(("house", "cls", "id"), raisable())
def test_what_a_handler_raises_is_what_the_client_catches(
    house: House, cls: type[ApiError], id: str, stages: dict[str, Stage]
) -> None:
    stage = stages[house.api]
    contract = cls.contract
    assert contract is not None
    given = {name: sample(attribute) for name, attribute in attributes(house, cls).items()}
    text = 'Not possible: "quoted" and 100%'
    stage.script.failure = cls(text, **given)
    with pytest.raises(cls) as caught:
        call(stage.sync, house, id)
    error = caught.value
    operation = house.operations[id]
    outcome = contract.outcome or (Outcome.REJECTED if operation.effect == "read" else Outcome.UNKNOWN)
    assert type(error) is (house.registry.unknown_outcomes.get(cls, cls) if outcome is Outcome.UNKNOWN else cls)
    assert error.outcome is outcome and isinstance(error, OutcomeUnknown) == (outcome is Outcome.UNKNOWN)
    assert attributes_of(error) == {name: value for name, value in given.items() if value is not None}
    assert (error.operation, error.violations, error.advice) == (
        id,
        (),
        advice_after(contract.advice, outcome, operation),
    )
    if operation.idempotency is not None:
        assert error.idempotency_key == stage.script.last.idempotency_key
    result = call_result(stage.sync, house, id)
    assert type(result) is type(error) and result.attributes == error.attributes
    assert type(asyncio.run(result_awaited(stage, house, id))) is type(error)


def advice_after(advice: Advice, outcome: Outcome, operation: OperationContract) -> Advice:
    """The catalog's advice, where it is right for the operation: nobody is told to repeat what nothing protects."""
    unsafe = outcome is Outcome.UNKNOWN and advice.next == "repeat"
    protected = operation.idempotency is not None or operation.natural_key is not None
    return Advice("check") if unsafe and not is_repeatable(operation, protected=protected) else advice


def call_result(client: Any, house: House, id: str) -> Any:
    method, arguments = bound(client, house, id)
    return method.result(**arguments)


async def result_awaited(stage: Stage, house: House, id: str) -> Any:
    async with stage.asynchronous() as client:
        return await call_result(client, house, id)


@pytest.mark.parametrize(("house", "id"), EVERY)
def test_a_success_is_ok_as_a_value_and_readable_as_raw(house: House, id: str, stages: dict[str, Stage]) -> None:
    method, arguments = bound(stages[house.api].sync, house, id)
    result = method.result(**arguments)
    assert isinstance(result, Ok)
    raw = method.raw(**arguments)
    success = house.operations[id].success[0]
    assert raw.status == int(success.status)
    assert media_type_of(raw.headers.get("content-type")) == success.media_type
    assert raw.parse() == result.value


def test_a_key_is_made_kept_and_sent(stages: dict[str, Stage]) -> None:
    stage = stages[YOOKASSA.api]
    stage.sync.payments.create(amount=amount(), idempotency_key="order-7")
    assert stage.script.last.idempotency_key == "order-7"
    stage.sync.payments.create(amount=amount())
    first = stage.script.last.idempotency_key
    stage.sync.payments.create(amount=amount())
    assert len(first) == 36 and stage.script.last.idempotency_key != first


def test_pages_follow_each_other(stages: dict[str, Stage]) -> None:
    stage = stages[YOOKASSA.api]
    assert [page.next_cursor for page in stage.sync.payments.list.pages(limit=2)] == ["next", None]
    assert [request.cursor for request in stage.script.seen] == [None, "next"]
    assert len(list(stage.sync.payments.list.items())) == 4

    async def everything() -> list[Any]:
        async with stage.asynchronous() as client:
            return [item async for item in client.payments.list.items()]

    assert asyncio.run(everything()) == [payment()] * 4


def test_success_shaped_outcomes_are_values_unless_asked_for(stages: dict[str, Stage]) -> None:
    stage = stages[YOOKASSA.api]
    stage.script.answer = payment(shop.PaymentStatus.PENDING)
    assert stage.sync.payments.get(payment_id=ID).status == "pending"
    with pytest.raises(shop_errors.PaymentPending) as caught:
        stage.sync.payments.get(payment_id=ID, options=CallOptions(raise_opt_in=True))
    assert caught.value.outcome is Outcome.PENDING and caught.value.advice.next == "poll"
    details = shop.PaymentCancellationDetails(party="payment_network", reason="insufficient_funds")
    stage.script.answer = payment(shop.PaymentStatus.CANCELED, cancellation_details=details)
    with pytest.raises(shop_errors.PaymentCanceled) as canceled:
        stage.sync.payments.get(payment_id=ID, options=CallOptions(raise_opt_in=True))
    assert canceled.value.attributes["cancellation_reason"] == "insufficient_funds"
    stage.script.answer = refund(shop.RefundStatus.PENDING)
    with pytest.raises(shop_errors.RefundPending):
        stage.sync.refunds.get(refund_id=ID, options=CallOptions(raise_opt_in=True))


def test_an_unknown_status_of_the_wallet_means_that_nobody_knows(stages: dict[str, Stage]) -> None:
    stage = stages[WALLET.api]
    stage.script.answer = wallet.ProcessedPayment(status=wallet.ProcessStatus("hold_for_review"))
    with pytest.raises(wallet_errors.UnknownStatus) as caught:
        stage.sync.payments.process(request_id="r-1")
    assert isinstance(caught.value, OutcomeUnknown) and caught.value.outcome is Outcome.UNKNOWN
    stage.script.answer = wallet.ProcessedPayment(status=wallet.ProcessStatus.IN_PROGRESS, next_retry=5000)
    with pytest.raises(wallet_errors.PaymentInProgress) as running:
        stage.sync.payments.process(request_id="r-1", options=CallOptions(raise_opt_in=True))
    assert running.value.attributes["next_retry"] == timedelta(seconds=5)


def test_one_except_catches_a_condition_of_every_api(stages: dict[str, Stage]) -> None:
    import payments

    stages[YOOKASSA.api].script.failure = shop_errors.InvalidCredentials("no")
    stages[WALLET.api].script.failure = wallet_errors.InvalidToken("no")
    stages[MAKECOMMERCE.api].script.failure = merchant_errors.AuthenticationFailed("no")
    stages[PAYSERA.api].script.failure = desk_errors.Unauthorized("no")
    for house, id in (
        (YOOKASSA, "getPayment"),
        (WALLET, "accountInfo"),
        (MAKECOMMERCE, "getShop"),
        (PAYSERA, "getPayment"),
    ):
        with pytest.raises(payments.Unauthenticated):
            call(stages[house.api].sync, house, id)
