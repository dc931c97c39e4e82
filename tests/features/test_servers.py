"""Where requests go: the document's servers, those of paths and operations, and a base URL of one's own."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from behaviour.recording import conversation

from features import servers


def asked(**options: Any) -> list[str]:
    """The URLs that the operations of a client are sent to."""
    seen: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(204)

    with servers.Client(http_client=httpx2.Client(transport=httpx2.MockTransport(handle)), **options) as client:
        places = client.places
        for operation in (places.here, places.of_path, places.of_operation, places.beside, places.root):
            operation()
    return seen


def test_defaults() -> None:
    assert asked() == [
        "https://eu.example.test/v2/here",
        "https://path.example.test/base/path",
        "https://files-eu.example.test/path",
        "https://eu.example.test/v1/beside",
        "https://eu.example.test/root",
    ]


def test_variables_reach_every_server() -> None:
    assert asked(server_variables={"region": "us", "port": "8443", "version": "3"}) == [
        "https://us.example.test:8443/v3/here",
        "https://path.example.test/base/path",
        "https://files-us.example.test/path",
        "https://us.example.test:8443/v1/beside",
        "https://us.example.test:8443/root",
    ]


def test_a_base_url_takes_the_place_of_all_servers() -> None:
    with conversation(servers) as talk:
        for operation in ("here", "of_path", "of_operation", "beside", "root"):
            getattr(talk.client.places, operation)()
        assert talk.server.lines == ["GET /here", "GET /path", "POST /path", "GET /beside", "GET /root"]
    assert asked(base_url="http://127.0.0.1:8000/api/")[:2] == [
        "http://127.0.0.1:8000/api/here",
        "http://127.0.0.1:8000/api/path",
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"server_variables": {"region": "mars"}}, "'region' can't be 'mars', but eu or us"),
        ({"server_variables": {"regoin": "eu"}}, "no server variable 'regoin': there is port and region and version"),
        ({"server_variables": {"port": "443/x?y"}}, "without query"),
        ({"server_variables": {"port": "443@evil.test"}}, "base_url holds no credentials"),
        ({"server_variables": {"version": "2"}, "base_url": "https://x.test"}, "base_url is given instead"),
        ({"base_url": "https://x.test?y=1"}, "without query"),
        ({"base_url": "/v2"}, "names no host"),
    ],
)
def test_what_leads_nowhere_is_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        servers.Client(**options)
    with pytest.raises(ValueError, match=problem):
        servers.AsyncClient(**options)


def test_what_the_client_says_of_itself() -> None:
    assert repr(servers.Client()) == "Client(base_url='https://eu.example.test:443/v2')"
    words = " ".join(str(servers.Client.__doc__).split())
    assert "`region` (one of eu, us, by default eu), `port` (by default 443)" in words
