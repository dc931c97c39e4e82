"""The server stub of the feature "outcomes" with an idempotency store, for tests in this process and in others.

Run as a module, it serves on an inherited socket: `python -m behaviour.keyed_till <socket> <store> <executions>`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from features._runtime.serving_security import BearerCredentials
from features.outcomes import Idempotency, SQLiteIdempotencyStore, models, server

ROOT = Path(__file__).parents[2]


def token(credentials: BearerCredentials, operation: object) -> str | None:
    """Every token but one is that of a tenant of its own."""
    return None if credentials.token == "wrong" else credentials.token


@dataclass
class Sales:
    """Sells, and writes down each time that it did; the note of a sale says what else happens."""

    executions: Path
    will: list[Exception] = field(default_factory=list[Exception])

    def create(self, request: server.CreateSale, /) -> models.Sale:
        with self.executions.open("a") as log:
            log.write(f"{request.idempotency_key} {request.body.amount}\n")
        if request.body.note == "slow":
            time.sleep(0.3)
        if request.body.note == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.will:
            raise self.will.pop(0)
        number = len(self.executions.read_text().splitlines())
        return models.Sale(id=f"s-{number}", amount=request.body.amount, status=models.SaleStatus.OPEN)


def application(sales: Any, **settings: Any) -> Any:
    """An application; `settings` are those of `Idempotency`."""
    return server.create_app(
        server.Handlers(sales=sales),
        security=server.SecurityHooks(token=token),
        idempotency=Idempotency(**settings),
    )


@contextmanager
def elsewhere(store: Path, executions: Path, lapse: float = 60.0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The base URL of a server in a process of its own, and the process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        paths = [ROOT / "generated" / "features" / "python", ROOT / "tests"]
        process = subprocess.Popen(
            [sys.executable, "-m", "behaviour.keyed_till", str(listener.fileno()), store, executions, str(lapse)],
            pass_fds=[listener.fileno()],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        )
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", process
        finally:
            process.kill()
            process.wait(timeout=10)


def main(descriptor: str, store: str, executions: str, lapse: str) -> None:
    """Serve until the process is ended."""
    app = application(Sales(Path(executions)), store=SQLiteIdempotencyStore(store), lapse=float(lapse))
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main(*sys.argv[1:])
