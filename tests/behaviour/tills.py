"""The client of the feature "outcomes", blocking or awaited, against a transport that does what a script says."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import httpx2
import pytest
from behaviour.clocks import Clock

from features._runtime.contract import Outcome
from features._runtime.errors import ApiError
from features._runtime.outcomes import OutcomeUnknown
from features.outcomes import AsyncClient, BearerAuth, Client, errors

F = TypeVar("F", bound=BaseException)

Doing: TypeAlias = "httpx2.Response | BaseException | Callable[[httpx2.Request], httpx2.Response]"
"""What happens to one request: an answer, a failure of the network, or a function that makes either."""

REFERENCE = "T-1"
SALE = {"id": "s-1", "amount": "10.00", "status": "open"}
PAYOUT = {"payout_id": "p-1", "amount": "5.00", "status": "paid"}
REFUND = {"id": "r-1", "reference": "own-1", "sale_id": "s-1", "amount": "1.00"}
TIP = {"id": "t-1", "amount": "1.00"}

STATUSES = {
    "accepted": 202,
    "invalid": 400,
    "unauthenticated": 401,
    "declined": 402,
    "not_found": 404,
    "busy": 409,
    "used_up": 410,
    "locked": 423,
    "slow_down": 429,
    "broken": 500,
    "closed": 503,
}


def answer(status: int, tree: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
    """An answer in JSON."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    return httpx2.Response(status, headers=sent, content=json.dumps(tree).encode())


def refusal(code: str, wait: str | None = None, **members: Any) -> httpx2.Response:
    """A documented failure, with a `Retry-After` and with further members where they are given."""
    headers = {"Retry-After": wait} if wait is not None else {}
    return answer(STATUSES[code], {"code": code, "reference": REFERENCE, **members}, headers)


def sold(**members: Any) -> httpx2.Response:
    """A sale that was made."""
    return answer(201, {**SALE, **members})


def found(**members: Any) -> httpx2.Response:
    """A sale that is read, finalized or has a receipt."""
    return answer(200, {**SALE, **members})


def refunds(*references: str, following: str | None = None) -> httpx2.Response:
    """A page of refunds."""
    items = [{**REFUND, "id": f"r-{reference}", "reference": reference} for reference in references]
    return answer(200, {"items": items, "next": following})


def lost() -> Exception:
    """The request was sent, and no answer came."""
    return httpx2.ReadError("connection reset")


def refused() -> Exception:
    """Nothing was sent."""
    return httpx2.ConnectError("connection refused")


@dataclass(frozen=True)
class Sent:
    """One request as the API got it, and when."""

    method: str
    path: str
    query: str
    headers: httpx2.Headers
    body: bytes
    timeout: float | None
    at: float

    @property
    def key(self) -> str | None:
        """Its idempotency key."""
        return self.headers.get("Idempotency-Key")


@dataclass
class Till:
    """A client with its script: one entry for each request, the last one for all further ones where `goes_on` says so."""

    awaits: bool
    clock: Clock = field(default_factory=Clock)
    script: list[Doing] = field(default_factory=list[Doing])
    requests: list[Sent] = field(default_factory=list[Sent])
    unexpected: list[str] = field(default_factory=list[str])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    goes_on: bool = False
    http_client: Any = None
    client: Any = None
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def will(self, *script: Doing, goes_on: bool = False) -> Till:
        """Say what will happen."""
        self.script, self.goes_on = list(script), goes_on
        return self

    def made(self, **settings: Any) -> Any:
        """A client with these settings, in this script and under this clock."""
        transport = httpx2.MockTransport(self.answered)
        kind, http_kind = (AsyncClient, httpx2.AsyncClient) if self.awaits else (Client, httpx2.Client)
        self.http_client = self.http_client or http_kind(transport=transport)
        given: dict[str, Any] = {"auth": BearerAuth("secret-token"), "environment": self.clock.environment, **settings}
        return kind(given.pop("auth"), http_client=self.http_client, **given)

    def opened(self, **settings: Any) -> Till:
        """The till with another client: what another process would have."""
        self.client = self.made(**settings)
        return self

    def answered(self, request: httpx2.Request) -> httpx2.Response:
        """What the script says of a request."""
        self.requests.append(
            Sent(
                request.method,
                request.url.path.removeprefix("/v1"),
                request.url.query.decode(),
                request.headers,
                request.content,
                request.extensions["timeout"]["read"],
                self.clock.seconds,
            )
        )
        if not self.script:
            self.unexpected.append(f"{request.method} {request.url}")
            raise httpx2.ConnectError("the script is at its end")
        doing = self.script[0] if self.goes_on and len(self.script) == 1 else self.script.pop(0)
        if isinstance(doing, BaseException):
            raise doing
        if not isinstance(doing, httpx2.Response):
            return doing(request)
        return httpx2.Response(doing.status_code, headers=doing.headers, content=doing.content)

    def run(self, call: Callable[[Any], Any]) -> Any:
        """What a call comes to."""
        client = self.client or self.opened(**self.settings).client
        if not self.awaits:
            return call(client)

        async def awaited() -> Any:
            value = call(client)
            return await value if inspect.isawaitable(value) else value

        return self.runner.run(awaited())

    def fails(self, kind: type[F], call: Callable[[Any], Any]) -> F:
        """The failure that a call comes to, of exactly this class."""
        with pytest.raises(kind) as caught:
            self.run(call)
        assert type(caught.value) is kind, repr(caught.value)
        return caught.value

    def listed(self, iterable: Callable[[Any], Any]) -> list[Any]:
        """All that an iterator of the client gives."""
        if not self.awaits:
            return list(iterable(self.client or self.opened(**self.settings).client))

        async def gathered(client: Any) -> list[Any]:
            return [item async for item in iterable(client)]

        items: list[Any] = self.run(gathered)
        return items

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys that were sent."""
        return [request.key for request in self.requests]

    @property
    def waits(self) -> list[float]:
        """What was slept since this was last asked for."""
        waits = list(self.clock.slept)
        self.clock.slept.clear()
        return waits

    @property
    def sent(self) -> int:
        """How many requests were made."""
        return len(self.requests)


@contextmanager
def till_of(awaits: bool) -> Generator[Till]:
    """A till that is closed in the end; all of its script must have happened."""
    till = Till(awaits)
    try:
        yield till
        assert till.unexpected == []
        assert till.goes_on or not till.script, f"{len(till.script)} more requests were expected"
    finally:
        till.runner.close()


def sell(client: Any, **arguments: Any) -> Any:
    """Sell something, under a key that protects it."""
    return client.sales.create(amount="10.00", **arguments)


def pay_out(client: Any, **arguments: Any) -> Any:
    """Pay somebody, under a number of our own that protects it."""
    return client.payouts.create(payout_id="p-1", amount="5.00", **arguments)


def refund(client: Any, **arguments: Any) -> Any:
    """Give money back: nothing protects it, and it can be looked up."""
    return client.refunds.create(reference="own-1", sale_id="s-1", amount="1.00", **arguments)


def finalize(client: Any, **arguments: Any) -> Any:
    """Take the money: nothing protects it, and the sale can be looked up."""
    return client.sales.finalize(id="s-1", **arguments)


def tip(client: Any, **arguments: Any) -> Any:
    """Leave a tip: nothing protects it, and nothing tells."""
    return client.tips.create(amount="1.00", **arguments)


def read(client: Any, **arguments: Any) -> Any:
    """Read a sale."""
    return client.sales.get(id="s-1", **arguments)


def cancel(client: Any, **arguments: Any) -> Any:
    """Give up a sale: once is as good as twice."""
    return client.sales.cancel(id="s-1", **arguments)


def resolve(error: ApiError, deadline: float | None = None) -> Callable[[Any], Any]:
    """Find out what became of a call."""
    return lambda client: client.resolve(error, deadline=deadline)


def doubted(
    till: Till, call: Callable[[Any], Any] = sell, failure: Callable[[], Any] = lost, **settings: Any
) -> ApiError:
    """A call of one attempt after which nobody knows."""
    till.opened(max_attempts=1, **settings).will(failure())
    with pytest.raises(OutcomeUnknown) as caught:
        till.run(call)
    assert isinstance(caught.value, ApiError) and caught.value.outcome is Outcome.UNKNOWN
    return caught.value


def unresolved(till: Till, error: ApiError, deadline: float | None = None) -> errors.UnresolvedOutcomeUnknown:
    """The failure to find out."""
    return till.fails(errors.UnresolvedOutcomeUnknown, resolve(error, deadline))
