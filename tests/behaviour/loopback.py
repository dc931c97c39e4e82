"""Serves an ASGI application on a real loopback socket, for the length of a `with`."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def served(app: ASGIApp, certificate: Path | None = None) -> Iterator[str]:
    """The base URL of the application, which runs in a thread of its own until the block ends.

    Over TLS where there is a certificate: a PEM file with its key.
    """
    # Named as TCP, it sends answers without waiting for a segment to be full; asyncio sees to that for such sockets alone.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    tls = str(certificate) if certificate is not None else None
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none", ssl_certfile=tls)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.005)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        # Over TLS, connections that the client left without a word would be waited for.
        server.force_exit = tls is not None
        thread.join(timeout=10)
        listener.close()
