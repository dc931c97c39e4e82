"""A real TCP server on the loopback whose connections misbehave as a script says, one behaviour a request, and which remembers everything."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

_JSON: Final = {"Content-Type": "application/json"}
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """One request as its bytes came; `complete` is False where the server did not read all of it."""

    arrival: int
    connection: int
    head: bytes
    body: bytes
    complete: bool = True

    @property
    def method(self) -> str:
        """The method."""
        return self.head.split(b" ", 1)[0].decode("ascii", "replace")

    @property
    def target(self) -> str:
        """The target, query included."""
        return self.head.split(b" ", 2)[1].decode("ascii", "replace")

    def header(self, name: str) -> str | None:
        """The value of a header field; None where the request has none of that name."""
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is spoiled."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: dict(_JSON))

    @classmethod
    def of(cls, status: int, tree: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """A JSON answer."""
        return cls(status, json.dumps(tree).encode(), {**_JSON, **(headers or {})})

    def head(self, *, length: int | None = None, keep_alive: bool = True) -> bytes:
        """The head; `length` is what it says of the body where that is a lie."""
        stated = len(self.body) if length is None else length
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in self.headers.items())]
        lines += [f"Content-Length: {stated}", *([] if keep_alive else ["Connection: close"])]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Execution:
    """What was done for one request; two of one key are one too many."""

    key: str | None
    target: str
    body: bytes


class Ledger:
    """Executes requests, and replays the answer to a repeat: same key and same body, as an API with idempotency keys does."""

    def __init__(
        self,
        execute: Callable[[Received], Reply] = lambda request: Reply(),
        key_of: Callable[[Received], str | None] = lambda request: request.header("Idempotence-Key"),
        conflict: Reply | None = None,
    ) -> None:
        self.executions: list[Execution] = []
        self._execute = execute
        self._key_of = key_of
        self._conflict = conflict or Reply.of(400, {"type": "error", "code": "invalid_request", "description": "key"})
        self._replies: dict[str, tuple[bytes, Reply]] = {}
        self._lock = threading.Lock()

    def execute(self, request: Received) -> Reply:
        """Do what is asked, or say again what was said."""
        key = self._key_of(request)
        with self._lock:
            known = self._replies.get(key) if key is not None else None
            if known is not None:
                return known[1] if known[0] == request.body else self._conflict
            reply = self._execute(request)
            if request.method != "GET":
                self.executions.append(Execution(key, request.target, request.body))
            if key is not None:
                self._replies[key] = (request.body, reply)
            return reply

    @property
    def by_key(self) -> Counter[str | None]:
        """How often something was executed under each key."""
        return Counter(execution.key for execution in self.executions)


class Visit:
    """One connection while it makes one request; a behaviour decides what becomes of it."""

    def __init__(self, server: FaultServer, link: socket.socket, number: int) -> None:
        self.server = server
        self.link = link
        self.number = number
        self.keeps = True
        """Whether the connection is kept for another request."""
        self._rest = b""

    def read(self) -> Received:
        """The whole request, which is put on record."""
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        request = Received(0, self.number, head + b"\r\n\r\n", b"")
        if (request.header("Transfer-Encoding") or "").lower() == "chunked":
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        while len(body) < int(request.header("Content-Length") or 0):
            body += self._more()
        return self.server.note(replace(request, body=body))

    def read_some(self, size: int) -> Received:
        """The first bytes of a request and no more."""
        data = self.link.recv(size)
        head, end, body = data.partition(b"\r\n\r\n")
        return self.server.note(Received(0, self.number, head + end, body, complete=False))

    def _more(self) -> bytes:
        data = self.link.recv(_PIECE)
        if not data:
            raise ConnectionError("the client is gone")
        return data

    def send(self, data: bytes) -> None:
        """Bytes to the client."""
        self.link.sendall(data)

    def drip(self, data: bytes, interval: float) -> None:
        """Bytes one by one, as long as the client and the test are there."""
        for place in range(len(data)):
            self.send(data[place : place + 1])
            if self.server.stopped.wait(interval):
                return

    def end(self) -> None:
        """Close the connection properly."""
        self.keeps = False

    def reset(self) -> None:
        """Tear the connection down: the client sees ECONNRESET."""
        self.keeps = False
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.link.close()


Behaviour = Callable[[Visit], None]


def _over(visit: Visit) -> None:
    visit.read()
    reply = Reply(599, b"the script is over", {})
    visit.send(reply.head() + reply.body)


class FaultServer:
    """Serves one behaviour a request; the last one again and again where `repeat_last` says so, else 599 says that the script is over."""

    def __init__(
        self, *script: Behaviour, ledger: Ledger | None = None, repeat_last: bool = False, listening: bool = True
    ) -> None:
        self.script = list(script)
        self.ledger = ledger or Ledger()
        self.requests: list[Received] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._repeat_last = repeat_last
        self._lock = threading.Lock()
        self._links: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._wake, self._woken = socket.socketpair()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if listening:
            self.listen()

    def listen(self) -> None:
        """Begin to accept connections; until then they are refused."""
        self._listener.listen(64)
        self._start(self._accept)

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopped.is_set():
            ready, _, _ = select.select([self._listener, self._woken], [], [])
            if self._woken in ready:
                return
            link, _ = self._listener.accept()
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._links.add(link)
                number = self.connections
            self._start(self._serve, link, number)

    def _serve(self, link: socket.socket, number: int) -> None:
        visit = Visit(self, link, number)
        with contextlib.suppress(OSError), link:
            self._next()(visit)
            while visit.keeps and link.recv(1, socket.MSG_PEEK):
                self._next()(visit)
        with self._lock:
            self._links.discard(link)

    def _next(self) -> Behaviour:
        with self._lock:
            if self._repeat_last and len(self.script) == 1:
                return self.script[0]
            return self.script.pop(0) if self.script else _over

    def note(self, request: Received) -> Received:
        """Put a request on record."""
        with self._lock:
            noted = replace(request, arrival=len(self.requests))
            self.requests.append(noted)
        return noted

    def stop(self) -> None:
        """End all connections and threads, and refuse new ones. Raises RuntimeError where one does not end."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        self._wake.send(b"x")
        with self._lock:
            links = list(self._links)
        for link in links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
        for one in (self._listener, self._wake, self._woken):
            one.close()
        if any(thread.is_alive() for thread in self._threads):
            raise RuntimeError("a connection of the fault server does not end")


@contextlib.contextmanager
def faulty(
    *script: Behaviour, ledger: Ledger | None = None, repeat_last: bool = False, listening: bool = True
) -> Iterator[FaultServer]:
    """A server that runs until the block ends."""
    server = FaultServer(*script, ledger=ledger, repeat_last=repeat_last, listening=listening)
    try:
        yield server
    finally:
        server.stop()
