"""Everything that is wrong with a request is told at once, in the items that the contract has for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from behaviour.loopback import served
from behaviour.recording import Recorder

from features._runtime.answers import Answer
from features._runtime.contract import Body, OperationContract, Parameter
from features._runtime.decoding import decode_failure
from features._runtime.headers import Headers
from features._runtime.serving import ServerRequest, ServerRoute, build_app
from features.derived_errors.errors import REGISTRY, UnprocessableContent
from features.outcomes.models import NewSale

PARAMETERS = (
    Parameter("id", "id", "path", int, required=True, style="simple"),
    Parameter("limit", "limit", "query", int, required=True),
    Parameter("tags", "tags", "query", list[int]),
    Parameter("version", "X-Version", "header", int, required=True, style="simple"),
    Parameter("session", "session", "cookie", int, required=True),
)
ROUTE = ServerRoute(
    OperationContract("sell", "POST", "/sales/{id}", parameters=PARAMETERS, body=Body("application/json", NewSale)),
    "sales",
    "sell",
    ServerRequest,
)


class Handlers:
    """One that is never asked."""

    sales = Recorder()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(build_app(REGISTRY, [ROUTE], Handlers())) as found:
        yield found


def faults(response: httpx2.Response) -> dict[str, str]:
    """What is wrong, by field, as a client reads it."""
    answer = Answer(response.status_code, Headers(response.headers.multi_items()), response.content)
    failure = decode_failure(REGISTRY, None, answer)
    assert isinstance(failure, UnprocessableContent), response.text
    return {str(item.field): item.values["text"] for item in failure.items}


def sell(url: str, path: str, body: Any, **headers: str) -> dict[str, str]:
    return faults(httpx2.post(url + path, json=body, headers=headers))


def test_every_parameter_and_every_member_is_named(url: str) -> None:
    found = sell(url, "/sales/x?limit=y&tags=1&tags=z", {"note": 1}, **{"X-Version": "v", "Cookie": "session=s"})
    assert set(found) == {"id", "limit", "tags", "X-Version", "session", "amount", "note"}
    assert all(found.values())


def test_what_is_missing_is_named_too(url: str) -> None:
    found = sell(url, "/sales/1", {"amount": "1.00"})
    assert set(found) == {"limit", "X-Version", "session"}


def test_a_fault_does_not_show_what_was_sent(url: str) -> None:
    found = sell(url, "/sales/secret-1?limit=secret-2", {"amount": ["secret-3"]}, **{"X-Version": "secret-4"})
    assert not any("secret" in text for text in found.values())


def test_there_is_an_end_of_faults(url: str) -> None:
    query = "&".join(f"tags=x{number}" for number in range(100))
    answer = httpx2.post(f"{url}/sales/1?limit=1&{query}", json={}, headers={"X-Version": "1", "Cookie": "session=1"})
    assert len(answer.json()["errors"]) == 20 and len(answer.content) < 10_000
