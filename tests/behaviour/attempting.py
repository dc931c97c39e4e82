"""Calls of the two generated APIs against the fault server, blocking or awaited, under a clock that sleeps without waiting."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx2
from behaviour import shops
from behaviour.fault_server import FaultServer, Ledger, Received, Reply

from payments import yookassa, yoomoney_wallet
from payments._runtime.deadlines import DeadlineTransport
from payments._runtime.environment import Environment
from payments._runtime.errors import ApiError
from payments.yookassa import models as shop
from payments.yoomoney_wallet import models as wallet

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)


@dataclass
class Clock:
    """Real time, and what was slept on top of it without waiting; `during` happens while somebody sleeps."""

    waits: list[float] = field(default_factory=list[float])
    during: Callable[[], None] = lambda: None
    chance: float = 0.0
    _began: float = field(default_factory=time.monotonic)

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.waits)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic() - self._began)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.during()

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def environment(self) -> Environment:
        return Environment(self.now, self.monotonic, self.sleep, self.asleep, lambda: self.chance)


@dataclass(frozen=True)
class Api:
    """One generated API: how to pay with it and to read, and how its server answers."""

    name: str
    package: Any
    auth: Callable[[], Any]
    secret: bytes
    pay: Callable[[Any, dict[str, Any]], Any]
    read: Callable[[Any, dict[str, Any]], Any]
    paid: Reply
    found: Reply
    key_of: Callable[[Received], str | None]

    @property
    def errors(self) -> Any:
        return self.package.errors

    def ledger(self) -> Ledger:
        return Ledger(lambda request: self.found if request.method == "GET" else self.paid, self.key_of)


def _form_value(request: Received) -> str | None:
    return request.body.decode() if b"request_id=" in request.body else None


SHOP = Api(
    "yookassa",
    yookassa,
    lambda: yookassa.BasicAuth("100500", "test_secret"),
    b"Authorization: Basic ",
    lambda client, options: client.payments.create(amount=shops.amount(), description="Order 1", **options),
    lambda client, options: client.payments.get(payment_id=shops.ID, **options),
    Reply.of(200, shops.payment().to_wire() | {"amount": {"value": "150.00", "currency": "RUB"}}),
    Reply.of(200, shops.payment().to_wire() | {"amount": {"value": "150.00", "currency": "RUB"}}),
    lambda request: request.header("Idempotence-Key"),
)
WALLET = Api(
    "yoomoney_wallet",
    yoomoney_wallet,
    lambda: yoomoney_wallet.BearerAuth("wallet-token"),
    b"Authorization: Bearer wallet-token",
    lambda client, options: client.payments.process(request_id="r-1", **options),
    lambda client, options: client.account.info(**options),
    Reply.of(200, {"status": "success", "payment_id": "p-1"}),
    Reply.of(
        200,
        {
            "account": "41001",
            "balance": 1000.10,
            "currency": "643",
            "account_status": "named",
            "account_type": "personal",
        },
    ),
    _form_value,
)
PAID = {"yookassa": shop.Payment, "yoomoney_wallet": wallet.ProcessedPayment}


@dataclass
class Ended:
    """What one call came to."""

    value: Any = None
    error: Any = None
    waits: list[float] = field(default_factory=list[float])
    seconds: float = 0.0

    @property
    def kind(self) -> str | None:
        return type(self.error).__name__ if self.error is not None else None


@functools.cache
def _tls() -> ssl.SSLContext:
    """Reading the system's certificates takes longer than all else in a test."""
    return httpx2.create_ssl_context()


def blocking_client() -> httpx2.Client:
    """What a client has where the caller brings none, made faster."""
    return httpx2.Client(transport=DeadlineTransport(_tls()))


def awaited_client() -> httpx2.AsyncClient:
    """As `blocking_client`."""
    return httpx2.AsyncClient(verify=_tls())


@dataclass(frozen=True)
class Caller:
    """Makes calls the one way or the other; `http_client=None` leaves it to the generated client to make one."""

    awaits: bool

    def pay(self, api: Api, server: FaultServer, *, clock: Clock | None = None, **settings: Any) -> Ended:
        """One call that moves money."""
        return self.call(api, server, api.pay, clock=clock, **settings)

    def read(self, api: Api, server: FaultServer, *, clock: Clock | None = None, **settings: Any) -> Ended:
        """One call that moves none."""
        return self.call(api, server, api.read, clock=clock, **settings)

    def call(
        self,
        api: Api,
        server: FaultServer,
        call: Callable[[Any, dict[str, Any]], Any],
        *,
        clock: Clock | None = None,
        times: int = 1,
        arguments: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Ended:
        """`times` calls of one client; what the last one came to."""
        clock = clock or Clock()
        given = {"base_url": server.url, "environment": clock.environment, **settings}
        began = time.monotonic()
        run = self._awaited if self.awaits else self._blocking
        ended = run(api, call, given, arguments or {}, times)
        ended.waits, ended.seconds = clock.waits, time.monotonic() - began
        return ended

    @staticmethod
    def _blocking(api: Api, call: Any, settings: dict[str, Any], arguments: dict[str, Any], times: int) -> Ended:
        ended = Ended()
        with (
            blocking_client() as http_client,
            api.package.Client(api.auth(), **{"http_client": http_client, **settings}) as client,
        ):
            for _ in range(times):
                try:
                    ended = Ended(value=call(client, arguments))
                except ApiError as error:
                    ended = Ended(error=error)
        return ended

    @staticmethod
    def _awaited(api: Api, call: Any, settings: dict[str, Any], arguments: dict[str, Any], times: int) -> Ended:
        async def run() -> Ended:
            ended = Ended()
            async with (
                awaited_client() as http_client,
                api.package.AsyncClient(api.auth(), **{"http_client": http_client, **settings}) as client,
            ):
                for _ in range(times):
                    try:
                        ended = Ended(value=await call(client, arguments))
                    except ApiError as error:
                        ended = Ended(error=error)
            return ended

        return asyncio.run(run())
