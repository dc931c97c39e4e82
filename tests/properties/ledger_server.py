"""A payment API in memory: it keeps results by key, executes at once or later, and its ledger tells what it executed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import parse_qs

import httpx2
from properties.ledger_clock import DAY, Clock


@dataclass(frozen=True)
class Reply:
    """An answer before it is put on the wire."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Order:
    """What a request asks for: `intent` is what the application wants once, `key` what the API knows repeats by."""

    intent: int
    key: str | None
    content: bytes
    writes: bool = True


class Dialect(Protocol):
    """How one API speaks; `retention` is for how many seconds it knows a key."""

    retention: float | None

    def order(self, request: httpx2.Request) -> Order: ...
    def done(self, order: Order, number: int) -> Reply: ...
    def processing(self, seconds: float) -> Reply: ...
    def broken(self) -> Reply: ...
    def throttled(self, seconds: float | None) -> Reply: ...
    def unauthenticated(self) -> Reply: ...
    def other_content(self) -> Reply: ...


@dataclass
class _Known:
    """What the API remembers of a key."""

    since: float
    content: bytes
    reply: Reply | None = None


@dataclass(frozen=True)
class _Later:
    at: float
    order: Order


@dataclass
class Bank:
    """The API behind the wire."""

    clock: Clock
    dialect: Dialect
    executed: Counter[int] = field(default_factory=Counter[int])
    """The ledger: how often each intent was executed."""
    later: list[_Later] = field(default_factory=list[_Later])
    _known: dict[str, _Known] = field(default_factory=dict[str, _Known])

    def is_coming(self, intent: int) -> bool:
        """Whether it will be executed without anybody asking again."""
        return any(one.order.intent == intent for one in self.later)

    def settle(self) -> None:
        """Execute what is due."""
        due = [one for one in self.later if one.at <= self.clock.seconds]
        self.later = [one for one in self.later if one.at > self.clock.seconds]
        for one in due:
            self._execute(one.order)

    def take(self, order: Order, delay: float = 0.0) -> Reply:
        """Do what a request asks for, after `delay` seconds where it is new; the answer is given at once."""
        self.settle()
        if not order.writes:
            return self.dialect.done(order, self.executed[order.intent])
        known = self._remembered(order)
        if known is None:
            self._known[order.key or ""] = _Known(self.clock.seconds, order.content)
            if delay <= 0:
                return self._execute(order)
            self.later.append(_Later(self.clock.seconds + delay, order))
        elif known.content != order.content:
            return self.dialect.other_content()
        elif known.reply is not None:
            return known.reply
        return self.dialect.processing(
            min(one.at for one in self.later if one.order.key == order.key) - self.clock.seconds
        )

    def _remembered(self, order: Order) -> _Known | None:
        assert order.key, "a request that changes something came without a key"
        known = self._known.get(order.key)
        retention = self.dialect.retention
        if known is not None and retention is not None and self.clock.seconds - known.since >= retention:
            del self._known[order.key]
            return None
        return known

    def _execute(self, order: Order) -> Reply:
        self.executed[order.intent] += 1
        reply = self.dialect.done(order, self.executed[order.intent])
        known = self._known.get(order.key or "")
        if known is not None:
            known.reply = reply
        return reply


JSON: Final = ("Content-Type", "application/json")


def _json(status: int, tree: object, *headers: tuple[str, str]) -> Reply:
    return Reply(status, json.dumps(tree).encode(), (JSON, *headers))


def payment_id(intent: int, number: int = 0) -> str:
    """The identifier of a payment that tells which intent it is about."""
    return f"{intent:08x}-000f-5000-8000-{number:012x}"


def intent_of(payment: str) -> int:
    """The intent that a payment is about."""
    return int(payment[:8], 16)


class Keyed:
    """The API that knows repeats by the header field Idempotence-Key, for a day."""

    retention: float | None = DAY

    def order(self, request: httpx2.Request) -> Order:
        """What the request asks for."""
        path = request.url.path.removeprefix("/v3/").split("/")
        content = request.method.encode() + b" " + request.url.raw_path + b"\n" + request.content
        key = request.headers.get("Idempotence-Key")
        if len(path) > 1:
            return Order(intent_of(path[1]), key, content, request.method == "POST")
        tree = json.loads(request.content)
        return Order(int(tree["metadata"]["intent"]), key, content)

    def done(self, order: Order, number: int) -> Reply:
        """A success; every other payment is still to be confirmed by its payer."""
        is_refund = b"/refunds\n" in order.content
        tree = {
            "id": payment_id(order.intent, number),
            "status": "pending" if order.intent % 2 else "succeeded",
            "amount": {"value": "150.00", "currency": "RUB"},
            "created_at": "2026-01-05T10:00:00.000Z",
            "metadata": {"intent": str(order.intent)},
        }
        if is_refund:
            return _json(200, {**tree, "payment_id": payment_id(order.intent)})
        recipient = {"account_id": "100500", "gateway_id": "100700"}
        return _json(200, {**tree, "recipient": recipient, "test": True, "paid": True, "refundable": True})

    def processing(self, seconds: float) -> Reply:
        """Accepted, ask again."""
        told = {"type": "processing", "description": "Request accepted", "retry_after": int(seconds * 1000)}
        return _json(202, told)

    def broken(self) -> Reply:
        """The technical failure of the contract."""
        return self._refused(500, "internal_server_error")

    def throttled(self, seconds: float | None) -> Reply:
        """Too many requests."""
        extra = () if seconds is None else (("Retry-After", str(int(seconds))),)
        return self._refused(429, "too_many_requests", *extra)

    def unauthenticated(self) -> Reply:
        """Wrong credentials."""
        return self._refused(401, "invalid_credentials")

    def other_content(self) -> Reply:
        """The key was used for something else."""
        return self._refused(400, "invalid_request")

    def _refused(self, status: int, code: str, *headers: tuple[str, str]) -> Reply:
        told = {"type": "error", "id": "55a02ced-be5d-462d-a6fb-0ace18881671", "code": code, "description": "No."}
        return _json(status, told, *headers)


class Wallet:
    """The API that knows repeats by the member request_id of the request, for ever."""

    retention: float | None = None

    def order(self, request: httpx2.Request) -> Order:
        """What the request asks for."""
        [key] = parse_qs(request.content.decode())["request_id"]
        return Order(intent_of(key), key, b"")

    def done(self, order: Order, number: int) -> Reply:
        """A success."""
        return _json(200, {"status": "success", "payment_id": payment_id(order.intent, number), "balance": 899.5})

    def processing(self, seconds: float) -> Reply:
        """Accepted, ask again: a success to HTTP, and a value to the client."""
        return _json(200, {"status": "in_progress", "next_retry": int(seconds * 1000)})

    def broken(self) -> Reply:
        """The technical failure of the contract: a status, and nothing else."""
        return Reply(500)

    def throttled(self, seconds: float | None) -> Reply:
        """The contract does not know this one."""
        return Reply(429, b"", () if seconds is None else (("Retry-After", str(int(seconds))),))

    def unauthenticated(self) -> Reply:
        """Wrong credentials."""
        return Reply(401, b"", (("WWW-Authenticate", 'Bearer error="invalid_token"'),))

    def other_content(self) -> Reply:
        """No content is another one: the key is all that counts."""
        raise AssertionError
