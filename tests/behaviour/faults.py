"""What a connection of the fault server does with one request: everything that goes wrong between a client and an API."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable

from behaviour.fault_server import Behaviour, Reply, Visit


def answer(reply: Reply, *, keep_alive: bool = True) -> Behaviour:
    """A whole answer."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.send(reply.head(keep_alive=keep_alive) + reply.body)
        if not keep_alive:
            visit.end()

    return behave


def execute(*, keep_alive: bool = True) -> Behaviour:
    """Do what is asked, and answer."""

    def behave(visit: Visit) -> None:
        reply = visit.server.ledger.execute(visit.read())
        visit.send(reply.head(keep_alive=keep_alive) + reply.body)
        if not keep_alive:
            visit.end()

    return behave


def execute_and(then: Callable[[Visit, Reply], None]) -> Behaviour:
    """Do what is asked, and let something else become of the answer."""

    def behave(visit: Visit) -> None:
        then(visit, visit.server.ledger.execute(visit.read()))

    return behave


def execute_and_reset() -> Behaviour:
    """Do what is asked, and lose the answer at once."""
    return execute_and(lambda visit, reply: visit.reset())


def execute_and_be_silent() -> Behaviour:
    """Do what is asked, and never say so."""
    return execute_and(lambda visit, reply: _silent(visit))


def _silent(visit: Visit) -> None:
    visit.end()
    visit.server.stopped.wait()


def close_before_reading(visit: Visit) -> None:
    """Accept, and close."""
    visit.end()


def close_after_reading(visit: Visit) -> None:
    """Read the request, and close without a word."""
    visit.read()
    visit.end()


def reset_after_reading(visit: Visit) -> None:
    """Read the request, and tear the connection down."""
    visit.read()
    visit.reset()


def reset_while_sent(size: int = 16) -> Behaviour:
    """Tear the connection down while the request is on its way."""

    def behave(visit: Visit) -> None:
        visit.read_some(size)
        visit.reset()

    return behave


def never_answer(visit: Visit) -> None:
    """Read the request, and say nothing until the test ends."""
    visit.read()
    _silent(visit)


def late(reply: Reply, seconds: float) -> Behaviour:
    """Answer after so many seconds, which is longer than anybody waits."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.end()
        if not visit.server.stopped.wait(seconds):
            visit.send(reply.head() + reply.body)

    return behave


def half_a_body(reply: Reply, *, part: int | None = None) -> Behaviour:
    """Announce the whole body, and send the first `part` bytes of it: half of them where it is None."""
    return _executing(reply, lambda visit, body: visit.send(body[: len(body) // 2 if part is None else part]))


def _executing(reply: Reply, send_body: Callable[[Visit, bytes], None], length: int | None = None) -> Behaviour:
    def behave(visit: Visit) -> None:
        visit.read()
        visit.send(reply.head(length=length, keep_alive=False))
        send_body(visit, reply.body)
        visit.end()

    return behave


def stated_length(reply: Reply, length: int) -> Behaviour:
    """Send the whole body under a Content-Length that is not its length."""
    return _executing(reply, lambda visit, body: visit.send(body), length)


def garbage(data: bytes = b"\x16\x03\x01\x02\x00 this is no HTTP\r\n\r\n") -> Behaviour:
    """Answer with bytes that are no HTTP."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.send(data)
        visit.end()

    return behave


def html_502(visit: Visit) -> None:
    """What a proxy says whose server is gone."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    answer(Reply(502, page, {"Content-Type": "text/html"}))(visit)


def drip_head(reply: Reply, interval: float = 0.02) -> Behaviour:
    """Send the head of an answer byte by byte."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.end()
        visit.drip(reply.head() + reply.body, interval)

    return behave


def drip_body(reply: Reply, interval: float = 0.02) -> Behaviour:
    """Send the body of an answer byte by byte."""
    return _executing(reply, lambda visit, body: visit.drip(body, interval))


def drip_chunks(interval: float = 0.02) -> Behaviour:
    """Send the extension of a chunk's size byte by byte, so that there is never any data."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.end()
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;")
        visit.drip(b"x" * 10_000, interval)

    return behave


def informational(reply: Reply, *statuses: int) -> Behaviour:
    """Say 1xx first, such as 100 or 103, and then the answer."""

    def behave(visit: Visit) -> None:
        visit.read()
        for status in statuses:
            visit.send(f"HTTP/1.1 {status} Wait\r\n\r\n".encode())
        visit.send(reply.head() + reply.body)

    return behave


def informational_first(*statuses: int) -> Behaviour:
    """Say 1xx, and nothing more."""

    def behave(visit: Visit) -> None:
        visit.read()
        for status in statuses:
            visit.send(f"HTTP/1.1 {status} Wait\r\n\r\n".encode())
        _silent(visit)

    return behave


def informational_alone(status: int = 100) -> Behaviour:
    """Say 1xx, and close."""
    return garbage(f"HTTP/1.1 {status} Wait\r\n\r\n".encode())


def redirect(status: int, location: str) -> Behaviour:
    """Send the client elsewhere."""
    return answer(Reply(status, b"", {"Location": location}))


def drip_forever(data: bytes = b"\x16", interval: float = 0.02) -> Behaviour:
    """Send the same byte again and again without reading anything: a TLS handshake that never ends."""

    def behave(visit: Visit) -> None:
        visit.end()
        visit.drip(data * 10_000, interval)

    return behave


def read_slowly(interval: float = 0.02, size: int = 512) -> Behaviour:
    """Read a request in small pieces and never answer."""

    def behave(visit: Visit) -> None:
        visit.end()
        while not visit.server.stopped.wait(interval) and visit.link.recv(size):
            pass

    return behave


def under_tls(behaviour: Behaviour, context: ssl.SSLContext) -> Behaviour:
    """The same inside of TLS, on a connection for one request."""

    def behave(visit: Visit) -> None:
        visit.end()
        with context.wrap_socket(visit.link, server_side=True) as visit.link:
            behaviour(visit)

    return behave


def while_broken(healed: threading.Event, fault: Behaviour, sound: Behaviour) -> Behaviour:
    """A fault that lasts until somebody mends it."""
    return lambda visit: (sound if healed.is_set() else fault)(visit)
