"""A process that is forked while a client has connections: neither gets the answers of the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from behaviour.fault_server import FaultServer, Reply, faulty
from behaviour.faults import answer

SALE = Reply.of(200, {"id": "s-1", "amount": "1.00", "status": "open"})

FORKED = """
import json, os, sys
import httpx2
from features.outcomes import BearerAuth, Client, errors

url, own = sys.argv[1:]
http_client = httpx2.Client() if own == "own" else None
client = Client(BearerAuth("t"), base_url=url, http_client=http_client)

def ask(name):
    try:
        return client.sales.get(id=name).id
    except errors.TillError as error:
        return [type(error).__name__, error.outcome.value, error.advice.next]

told = [ask("before")]
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    if own == "close":
        client.close()
    os.write(writing, json.dumps([ask("child"), ask("child again")]).encode())
    os._exit(0)
os.waitpid(child, 0)
told += json.loads(os.read(reading, 10_000))
print(json.dumps([*told, ask("after")]))
"""


def forked(server: FaultServer, http_client: str, checkout: Path) -> list[Any]:
    """What a process, its child twice, and the process again are told."""
    path = str(checkout / "generated" / "features" / "python")
    ran = subprocess.run(
        [sys.executable, "-c", FORKED, server.url, http_client],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": path},
        check=True,
    )
    told: list[Any] = json.loads(ran.stdout)
    return told


def test_a_forked_process_makes_connections_of_its_own(checkout: Path) -> None:
    with faulty(answer(SALE), repeat_last=True) as server:
        assert forked(server, "none", checkout) == ["s-1"] * 4
        used = [(request.target, request.connection) for request in server.requests]
    assert used == [("/sales/before", 1), ("/sales/child", 2), ("/sales/child%20again", 2), ("/sales/after", 1)]


def test_a_forked_process_does_not_use_the_connections_of_a_client_that_was_given(checkout: Path) -> None:
    with faulty(answer(SALE), repeat_last=True) as server:
        refused = ["NotSent", "not_sent", "fix"]
        assert forked(server, "own", checkout) == ["s-1", refused, refused, "s-1"]
        assert [request.target for request in server.requests] == ["/sales/before", "/sales/after"]
        assert server.connections == 1


def test_a_forked_process_that_closes_its_client_leaves_the_connections_of_its_parent(checkout: Path) -> None:
    with faulty(answer(SALE), repeat_last=True) as server:
        closed = ["NotSent", "not_sent", "fix"]
        assert forked(server, "close", checkout) == ["s-1", closed, closed, "s-1"]
        assert server.connections == 1
