"""The generated client under the faults that the official SDK is put under: what it raises, and how often is paid after `resolve`.

`python -m proof.own_client` prints the rows as JSON, in the order of those of `proof.official_client`.
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import asdict, dataclass
from typing import Any

from behaviour.attempting import SHOP, Clock, blocking_client
from behaviour.fault_server import FaultServer, Ledger, faulty
from behaviour.faults import execute, while_broken
from proof.official_client import FAULTS, HITS, REFUSED, pay

from payments._runtime.contract import Outcome
from payments._runtime.errors import ApiError


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one call under one fault, and of the payment when the caller did what the exception says.

    `then` is that: `resolve` after an unknown outcome, `again` (the call once more) after one that is known not to have been
    executed, `nothing` after one that is known to have been. Nothing raised: what follows from it is None. `executions` counts the payments made in the end.
    """

    fault: str
    lasting: bool
    attempts: int
    raised: str | None
    outcome: str | None
    status_known: bool | None
    key_known: bool | None
    then: str | None
    executions: int


def rows() -> list[Row]:
    """One row for each fault, once and lasting."""
    found = [_row(fault, lasting=lasting) for fault in FAULTS for lasting in (False, True)]
    return [row for row in found if row.lasting or row.fault != REFUSED]


def _row(fault: str, *, lasting: bool) -> Row:
    healed = threading.Event()
    behaviour, sound = FAULTS[fault], execute()
    hits = 0 if behaviour is None or lasting else HITS.get(fault, 1)
    script = [behaviour] * hits if behaviour is not None else []
    script.append(sound if behaviour is None or not lasting else while_broken(healed, behaviour, sound))
    with faulty(*script, ledger=Ledger(pay), repeat_last=True, listening=behaviour is not None) as server:
        return _called(server, fault, lasting, healed)


def _called(server: FaultServer, fault: str, lasting: bool, healed: threading.Event) -> Row:
    # The sleeps of the client pass at once on this clock; silence is waited out for a moment.
    settings: dict[str, Any] = {"base_url": server.url, "environment": Clock().environment, "timeout": 0.2}
    error, then = None, None
    with blocking_client() as http_client:
        with SHOP.package.Client(SHOP.auth(), http_client=http_client, **settings) as client:
            try:
                SHOP.pay(client, {})
            except ApiError as raised:
                error = raised
            attempts, keys = len(server.requests), {one.header("Idempotence-Key") for one in server.requests}
            healed.set()
            if fault == REFUSED:
                server.listen()
            then = _then(client, error) if error is not None else None
    return Row(
        fault=fault,
        lasting=lasting,
        attempts=attempts,
        raised=type(error).__name__ if error is not None else None,
        outcome=error.outcome.value if error is not None else None,
        status_known=None if error is None else error.status is not None,
        key_known=None if error is None else keys <= {error.idempotency_key},
        then=then,
        executions=len(server.ledger.executions),
    )


def _then(client: Any, error: ApiError) -> str:
    if error.outcome is Outcome.UNKNOWN:
        client.resolve(error)
        return "resolve"
    if error.outcome is Outcome.PROCESSED:
        return "nothing"
    SHOP.pay(client, {})
    return "again"


def report() -> list[dict[str, Any]]:
    """The rows, as JSON has them."""
    return [asdict(row) for row in rows()]


if __name__ == "__main__":
    json.dump(report(), sys.stdout, indent=1)
    sys.stdout.write("\n")
