"""What can go wrong on the way to a payment API and back, each fault as a way to treat one request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

import httpx2
from hypothesis import strategies as st
from properties.ledger_clock import Clock
from properties.ledger_server import Bank, Order, Reply

HTML: Final = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
SECONDS: Final = (0.0, 1.0, 3.0, 10.0, 20.0, 90.0, 900.0, 3600.0)


class Crash(BaseException):
    """The process of the client ends here: nothing of it remains."""


@dataclass(frozen=True)
class Fault:
    """What happens to one request; `seconds` is how long it takes, or how long it lasts."""

    kind: str
    seconds: float = 0.0


class _Breaking(httpx2.SyncByteStream):
    """Half a body."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self.data
        raise httpx2.ReadError("connection reset by peer")


class Wire(httpx2.BaseTransport):
    """The network of one process: each request meets the next fault of the plan, and none after its last."""

    def __init__(self, clock: Clock, bank: Bank, seen: Counter[str]) -> None:
        self.clock = clock
        self.bank = bank
        self.seen = seen
        self.plan: list[Fault] = []
        self.requests = 0
        self.tried: dict[str, float] = {}
        """When a request was first on its way under each key."""
        self.late: list[str] = []
        """Keys that were used again after the API has forgotten them."""
        self.locked_until = 0.0
        self.down_until = 0.0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Treat one request as the plan says."""
        request.read()
        self.requests += 1
        order = self.bank.dialect.order(request)
        self._note(order)
        fault = self.plan.pop(0) if self.plan else self._standing()
        self.seen[fault.kind] += 1
        self.bank.settle()
        meeting = _Meeting(self, request, order, fault.seconds)
        return KINDS[fault.kind](meeting)

    def _standing(self) -> Fault:
        if self.clock.seconds < self.down_until:
            return Fault("refused")
        return Fault("unauthenticated" if self.clock.seconds < self.locked_until else "none")

    def _note(self, order: Order) -> None:
        if not order.writes or order.key is None:
            return
        first = self.tried.setdefault(order.key, self.clock.seconds)
        retention = self.bank.dialect.retention
        if retention is not None and self.clock.seconds - first >= retention:
            self.late.append(order.key)


@dataclass(frozen=True)
class _Meeting:
    """A request and what it meets."""

    wire: Wire
    request: httpx2.Request
    order: Order
    seconds: float

    def take(self, delay: float = 0.0) -> Reply:
        """Let the API have the request."""
        return self.wire.bank.take(self.order, delay)

    def answer(self, reply: Reply) -> httpx2.Response:
        """Put an answer on the wire."""
        return httpx2.Response(reply.status, headers=list(reply.headers), content=reply.body)

    def page(self, status: int, seconds: float | None = None) -> httpx2.Response:
        """Put what a proxy says on the wire."""
        extra = [] if seconds is None else [("Retry-After", str(int(seconds)))]
        return httpx2.Response(status, headers=[("Content-Type", "text/html"), *extra], content=HTML)

    def patience(self, step: str) -> float:
        """Seconds that the client gives a step when it begins; what it looks up later is on the real clock, which stands still here."""
        seconds: float = dict.__getitem__(self.request.extensions["timeout"], step)
        assert seconds > 0, seconds
        return seconds

    def silence(self) -> NoReturn:
        """No answer until the client loses its patience."""
        self.wire.clock.pass_by(self.patience("read"))
        raise httpx2.ReadTimeout("timed out", request=self.request)

    def slow(self) -> httpx2.Response:
        """An answer that takes its time, and may come too late."""
        reply = self.take()
        if self.seconds >= self.patience("read"):
            self.silence()
        self.wire.clock.pass_by(self.seconds)
        return self.answer(reply)

    def refuse(self) -> NoReturn:
        """No connection."""
        raise httpx2.ConnectError("connection refused", request=self.request)

    def unreachable(self) -> NoReturn:
        """No connection, found out late."""
        self.wire.clock.pass_by(self.patience("connect"))
        raise httpx2.ConnectTimeout("timed out", request=self.request)

    def reset(self) -> NoReturn:
        """The connection breaks while an answer is awaited."""
        raise httpx2.ReadError("connection reset by peer", request=self.request)

    def hang_up(self) -> NoReturn:
        """The connection is closed while an answer is awaited."""
        raise httpx2.RemoteProtocolError("Server disconnected without sending a response.", request=self.request)

    def cut(self) -> NoReturn:
        """The connection breaks while the request is sent."""
        raise httpx2.WriteError("broken pipe", request=self.request)

    def crash(self) -> NoReturn:
        """The process ends."""
        raise Crash

    def locked(self) -> httpx2.Response:
        """Credentials are refused from now on, for a while."""
        self.wire.locked_until = self.wire.clock.seconds + self.seconds
        return self.answer(self.wire.bank.dialect.unauthenticated())

    def down(self) -> NoReturn:
        """Nobody listens from now on, for a while."""
        self.wire.down_until = self.wire.clock.seconds + self.seconds
        self.refuse()

    def throttle(self) -> httpx2.Response:
        """Too many requests; every other time it says how long to wait."""
        seconds = self.seconds if self.seconds else None
        return self.answer(self.wire.bank.dialect.throttled(seconds))

    def broken_off(self) -> httpx2.Response:
        """A success whose connection breaks in the middle of the body."""
        reply = self.take()
        headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
        return httpx2.Response(reply.status, headers=headers, stream=_Breaking(reply.body[: len(reply.body) // 2]))

    def half(self) -> httpx2.Response:
        """A success of which half is sent as if it were all."""
        reply = self.take()
        return self.answer(Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers))

    def garbage(self) -> httpx2.Response:
        """A success whose body is something else."""
        return self.page(self.take().status)

    def after(self, ending: Callable[[], httpx2.Response]) -> httpx2.Response:
        """The API has executed the request when it happens."""
        self.take()
        return ending()

    def accepted(self) -> httpx2.Response:
        """The API takes its time, and says so."""
        return self.answer(self.take(max(self.seconds, 1.0)))

    def in_flight(self) -> httpx2.Response:
        """The API takes its time, and the client loses its patience."""
        self.take(self.patience("read") + self.seconds)
        self.silence()


KINDS: Final[dict[str, Callable[[_Meeting], httpx2.Response]]] = {
    "none": lambda one: one.answer(one.take()),
    "refused": _Meeting.refuse,
    "connect timeout": _Meeting.unreachable,
    "nobody listens for a while": _Meeting.down,
    "reset before execution": _Meeting.reset,
    "reset after execution": lambda one: one.after(one.reset),
    "closed before execution": _Meeting.hang_up,
    "closed after execution": lambda one: one.after(one.hang_up),
    "broken while sending, not executed": _Meeting.cut,
    "broken while sending, executed": lambda one: one.after(one.cut),
    "read timeout before execution": _Meeting.silence,
    "read timeout after execution": lambda one: one.after(one.silence),
    "read timeout, executed later": _Meeting.in_flight,
    "slow": _Meeting.slow,
    "HTML 502 before execution": lambda one: one.page(502),
    "HTML 502 after execution": lambda one: one.after(lambda: one.page(502)),
    "HTML 503 with Retry-After": lambda one: one.page(503, one.seconds),
    "HTML 504 after execution": lambda one: one.after(lambda: one.page(504)),
    "documented 500 before execution": lambda one: one.answer(one.wire.bank.dialect.broken()),
    "documented 500 after execution": lambda one: one.after(lambda: one.answer(one.wire.bank.dialect.broken())),
    "success broken off": _Meeting.broken_off,
    "half a success": _Meeting.half,
    "success with garbage": _Meeting.garbage,
    "429": _Meeting.throttle,
    "unauthenticated": lambda one: one.answer(one.wire.bank.dialect.unauthenticated()),
    "401 for a while": _Meeting.locked,
    "accepted, executed later": _Meeting.accepted,
    "crash before execution": _Meeting.crash,
    "crash after execution": lambda one: one.after(one.crash),
}
"""Every fault by its name; the clock of a fault is that of the meeting."""

_KINDS: Final = (*KINDS, *("accepted, executed later", "read timeout, executed later") * 2)
"""The two after which the API is still at work are drawn more often."""
_ENDINGS: Final = ("refused", "unauthenticated", "read timeout before execution", "HTML 502 before execution", "429")
FAULTS: Final = st.builds(Fault, st.sampled_from(_KINDS), st.sampled_from(SECONDS))
PLANS: Final = st.builds(
    lambda faults, ending: faults + ending,
    st.lists(FAULTS, max_size=4),
    st.just([]) | st.sampled_from(_ENDINGS).map(lambda kind: [Fault(kind)] * 20),
)
"""Faults one after the other, and then none, or one that lasts."""
