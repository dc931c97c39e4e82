"""The official `yookassa` SDK as a client of the fault server: what its caller is told after each fault, and how often is paid.

`python -m proof.official_client` prints the rows as JSON; it needs what the extra `proof` installs.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import ssl
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from behaviour.fault_server import Behaviour, FaultServer, Ledger, Received, Reply, Visit, faulty
from behaviour.faults import (
    answer,
    execute,
    execute_and,
    execute_and_be_silent,
    execute_and_reset,
    html_502,
    reset_after_reading,
    under_tls,
    while_broken,
)

PATIENCE: Final = 2.0
"""Seconds after which a call that has no time limit of its own counts as one that waits for ever."""
SDK: Final = "yookassa"
PAYMENT: Final = {"amount": {"value": "10.00", "currency": "RUB"}, "capture": True, "description": "Order 1"}
REFUSED: Final = "refused"
TOO_MANY: Final = {"type": "error", "id": "1", "code": "too_many_requests", "description": "Too many requests"}
BROKEN: Final = {"type": "error", "id": "1", "code": "internal_server_error", "description": "Try again"}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one call under one fault, which hit its first attempt or all of its attempts.

    `executions` is the number of payments made in the end: after a caller who was told of a failure called again without
    a key, as the SDK's examples do, or (`executions_with_own_key`) under a key that it had made and kept for itself.
    """

    fault: str
    lasting: bool
    attempts: int
    raised: str | None
    message: str
    status_known: bool | None
    key_known: bool | None
    executions: int
    executions_with_own_key: int


def pay(request: Received) -> Reply:
    """A payment, as the API answers with it."""
    tree = {
        "id": str(uuid.uuid4()),
        "status": "pending",
        "paid": False,
        "amount": {"value": "10.00", "currency": "RUB"},
        "created_at": "2026-01-01T00:00:00.000Z",
        "metadata": {},
        "recipient": {"account_id": "1", "gateway_id": "1"},
        "refundable": False,
        "test": True,
    }
    return Reply.of(200, tree)


def _half(visit: Visit, reply: Reply) -> None:
    visit.send(reply.head() + reply.body[: len(reply.body) // 2])


def _spoiled(visit: Visit, reply: Reply) -> None:
    visit.send(Reply(200, b"\x00\x01 not JSON").head() + b"\x00\x01 not JSON")


def _instead(said: Reply) -> Callable[[Visit, Reply], None]:
    return lambda visit, reply: visit.send(said.head() + said.body)


def _html_502(visit: Visit, reply: Reply) -> None:
    page = Reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
    visit.send(page.head() + page.body)


FAULTS: Final[dict[str, Behaviour | None]] = {
    REFUSED: None,
    "reset after reading": reset_after_reading,
    "executed, then reset": execute_and_reset(),
    "executed, then silent": execute_and_be_silent(),
    "HTML 502": html_502,
    "executed, then HTML 502": execute_and(_html_502),
    "executed, then documented 500": execute_and(_instead(Reply.of(500, BROKEN))),
    "429": answer(Reply.of(429, TOO_MANY)),
    "405 with an empty body": answer(Reply(405, b"", {"Allow": "GET"})),
    "executed, then half a body": execute_and(_half),
    "executed, then a success that is garbage": execute_and(_spoiled),
}
HITS: Final = {"429": 2}
"""How often a fault happens that does not last, where that is not once."""


def rows() -> list[Row]:
    """One row for each fault, once and lasting. Raises ImportError where the SDK is not installed."""
    context = _trusted()
    found = [_row(fault, lasting=lasting, context=context) for fault in FAULTS for lasting in (False, True)]
    # Nobody can refuse a connection once: the listener is there or it is not.
    return [row for row in found if row.lasting or row.fault != REFUSED]


def _trusted() -> ssl.SSLContext:
    """A certificate for the loopback that the SDK's HTTP library trusts as it would any other."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with tempfile.NamedTemporaryFile(delete=False, suffix=".pem") as bundle:
        bundle.write(authority.cert_pem.bytes())
    os.environ["REQUESTS_CA_BUNDLE"] = bundle.name
    return context


def _row(fault: str, *, lasting: bool, context: ssl.SSLContext) -> Row:
    first = _scene(fault, lasting, context, key=None)
    own = _scene(fault, lasting, context, key=str(uuid.uuid4()))
    error, keys = first.error, first.keys
    fine = error is None and not first.hangs
    told = " ".join([str(error), repr(vars(error))]) if error is not None else ""
    return Row(
        fault=fault,
        lasting=lasting,
        attempts=first.attempts,
        raised=None if fine else _name(error),
        message=str(error) if error is not None else "",
        status_known=None if fine else getattr(error, "HTTP_CODE", 0) != 0,
        key_known=None if fine else bool(keys) and all(key in told for key in keys),
        executions=first.executions,
        executions_with_own_key=own.executions,
    )


def _name(error: BaseException | None) -> str:
    if error is None:
        return f"nothing within {PATIENCE:g} seconds: it has no time limit"
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


@dataclass(frozen=True, slots=True)
class _Scene:
    error: BaseException | None
    hangs: bool
    attempts: int
    keys: set[str]
    executions: int


def _scene(fault: str, lasting: bool, context: ssl.SSLContext, key: str | None) -> _Scene:
    healed = threading.Event()
    behaviour = FAULTS[fault]
    sound = execute(keep_alive=False)
    hits = 0 if behaviour is None or lasting else HITS.get(fault, 1)
    script = [behaviour] * hits if behaviour is not None else []
    script.append(sound if behaviour is None or not lasting else while_broken(healed, behaviour, sound))
    ledger = Ledger(pay)
    secured = [under_tls(behave, context) for behave in script]
    with faulty(*secured, ledger=ledger, repeat_last=True, listening=behaviour is not None) as server:
        error, hangs = _attempt(server, key)
        attempts, keys = len(server.requests), {str(one.header("Idempotence-Key")) for one in server.requests}
        healed.set()
        if behaviour is None:
            server.listen()
        if error is not None or hangs:
            _attempt(server, key)
    return _Scene(error, hangs, attempts, keys, len(ledger.executions))


def _attempt(server: FaultServer, key: str | None) -> tuple[BaseException | None, bool]:
    """What the SDK raises, and whether it is still waiting."""
    from yookassa import Configuration, Payment

    # `timeout` is what the SDK calls the milliseconds between its attempts: short ones change no outcome.
    Configuration.configure("1", "secret", api_url=server.url.replace("http:", "https:"), timeout=1)
    raised: list[BaseException] = []

    def call() -> None:
        try:
            Payment.create(PAYMENT, key)
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return (raised[0] if raised else None), thread.is_alive()


def report() -> dict[str, Any]:
    """The rows and what they were found with, as JSON has it."""
    return {"sdk": f"{SDK} {importlib.metadata.version(SDK)}", "rows": [asdict(row) for row in rows()]}


if __name__ == "__main__":
    json.dump(report(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
