"""Successes of every kind: typed values, header fields and replies, from the handler of the generated server to the client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from behaviour.loopback import served
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from features._runtime.serving import ServerRequest
from features.responses import Client, Reply, errors, models, server

DONE = models.Done(result="r")


class Scripted:
    """Answers every operation with the same value."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __getattr__(self, name: str) -> Any:
        def handle(request: ServerRequest) -> Any:
            return self.answer

        return handle


@contextmanager
def answering(answer: Any) -> Iterator[Client]:
    """A client of a generated server whose handlers give this."""
    scripted: Any = Scripted(answer)
    app = server.create_app(server.Handlers(jobs=scripted, limits=scripted, reports=scripted))
    with served(app) as url, Client(base_url=url) as client:
        yield client


@contextmanager
def sending(response: Response) -> Iterator[Client]:
    """A client of any server at all."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await response(scope, receive, send)

    with served(app) as url, Client(base_url=url) as client:
        yield client


def test_each_status_has_its_type() -> None:
    with answering(DONE) as client:
        assert client.jobs.start() == DONE
    with answering(Reply(models.Waiting(id="7"), 202, {"Retry-After": 5, "X-Queue": ["a", "b"]})) as client:
        raw = client.jobs.start.raw()
        assert (raw.status, raw.headers["retry-after"], raw.headers["x-queue"]) == (202, "5", "a,b")
        assert raw.fields["Retry-After"] == 5 and raw.fields["X-QUEUE"] == ["a", "b"]
        assert raw.parse() == models.Waiting(id="7")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(DONE, 201),
        Reply(DONE, 404),
        Reply(DONE, media_type="text/csv"),
        Reply(models.Waiting(id="7"), 200),
        Reply(models.Waiting(id="7"), 202, {"X-Queue": ["a"]}),
        Reply(models.Waiting(id="7"), 202, {"Retry-After": 0}),
        Reply(models.Waiting(id="7"), 202, {"Retry-After": "soon"}),
        Reply(DONE, headers={"X-Other": "a\r\nSet-Cookie: b"}),
        Reply(DONE, headers={"Content-Length": "1"}),
    ],
    ids=str,
)
def test_a_reply_that_the_contract_does_not_allow_is_a_fault_of_the_server(reply: Reply[Any]) -> None:
    with answering(reply) as client:
        assert client.jobs.start.raw().status == 500


def test_other_header_fields_of_a_reply_are_text() -> None:
    with answering(Reply(DONE, headers={"X-Other": "1", "Set-Cookie": "a=b"})) as client:
        raw = client.jobs.start.raw()
        assert (raw.headers["x-other"], raw.headers["set-cookie"]) == ("1", "a=b")


def test_header_fields_are_read_by_their_schemas() -> None:
    reset = datetime(2026, 1, 5, 10, 0, tzinfo=timezone.utc)
    window = models.Window(from_=1, to=9)
    headers = {
        "X-Rate-Limit": 100,
        "X-Reset": reset,
        "X-Cost": Decimal("0.10"),
        "X-Window": window,
        "X-Detail": window,
        "X-Plan": models.GetLimitsResponseXPlan.PAID,
    }
    with answering(Reply(["a"], headers=headers)) as client:
        raw = client.limits.get.raw()
    assert [(name, value) for name, value in raw.headers.lines if name.startswith("x-")] == [
        ("x-rate-limit", "100"),
        ("x-reset", "2026-01-05T10:00:00Z"),
        ("x-cost", "0.10"),
        ("x-window", "from=1,to=9"),
        ("x-detail", '{"from":1,"to":9}'),
        ("x-plan", "paid"),
    ]
    assert dict(raw.fields) == {name.lower(): value for name, value in headers.items()}
    assert raw.fields.violations == ()


def test_header_fields_that_cannot_be_read_are_noted() -> None:
    with sending(Response(b"[]", headers={"X-Cost": "much", "X-Detail": "{", "X-Plan": "golden"})) as client:
        raw = client.limits.get.raw()
        assert raw.parse() == []
    assert {name: str(value) for name, value in raw.fields.items()} == {"x-plan": "golden"}
    assert sorted(str(violation).split(":")[0] for violation in raw.fields.violations) == [
        "/X-Cost",
        "/X-Detail",
        "/X-Rate-Limit",
    ]
    assert "much" not in repr(raw.fields.violations)


def test_a_range_and_a_default_that_stands_alone() -> None:
    with answering(Reply(DONE, 203)) as client:
        assert client.limits.get_range() == DONE and client.limits.get_range.raw().status == 203
        assert client.limits.get_default() == DONE
    with sending(Response(b'{"result":"r"}', 299)) as client:
        assert client.limits.get_default() == DONE
    with sending(Response(b'{"result":"r"}', 500)) as client, pytest.raises(errors.Unrecognized):
        client.limits.get_default()


def test_the_media_type_of_an_answer_decides_what_it_is() -> None:
    with answering(DONE) as client:
        assert client.reports.get() == DONE
    with answering(Reply("a;b", media_type="text/csv")) as client:
        raw = client.reports.get.raw()
        assert (raw.headers["content-type"], raw.parse()) == ("text/csv", "a;b")
    with answering(Reply(b"%PDF", media_type="application/pdf")) as client:
        assert client.reports.get() == b"%PDF"
    with answering("a;b") as client:
        assert client.reports.get() == "a;b"


def test_a_server_heeds_what_is_accepted() -> None:
    scripted: Any = Scripted(b"a;b")
    with served(server.create_app(server.Handlers(reports=scripted))) as url:
        asked = httpx2.get(f"{url}/report", headers={"Accept": "text/csv"})
        assert (asked.headers["content-type"], asked.content) == ("text/csv", b"a;b")
        assert httpx2.get(f"{url}/report", headers={"Accept": "text/html"}).status_code == 406


def test_text_numbers_bytes_and_anything() -> None:
    with answering("käru") as client:
        assert client.reports.get_text() == "käru"
    with answering(12) as client:
        assert client.reports.get_count() == 12 and client.reports.get_count.raw().body == b"12"
    with answering(b"\x00\xff") as client:
        assert client.reports.get_file() == b"\x00\xff"
    with answering(DONE) as client:
        assert client.reports.get_whatever() == DONE
    with sending(Response("käru".encode("latin-1"), headers={"Content-Type": "text/plain; charset=latin-1"})) as client:
        assert client.reports.get_text() == "käru"


def test_bytes_can_be_taken_piece_by_piece() -> None:
    chunks = [bytes([number]) * 100_000 for number in range(5)]
    with answering(iter(chunks)) as client, client.reports.get_file.stream() as stream:
        assert b"".join(stream) == b"".join(chunks)
        assert stream.headers["content-type"] == "application/octet-stream"


def test_answers_without_a_body() -> None:
    with answering(None) as client:
        assert client.jobs.delete() is None  # type: ignore[func-returns-value]
    with answering(Reply(None, headers={"X-Total": 3})) as client:
        raw = client.jobs.check.raw()
        assert (raw.status, raw.body, raw.fields["x-total"], raw.parse()) == (200, b"", 3, None)


def test_an_empty_body_where_one_is_described_is_a_success_that_cannot_be_read() -> None:
    with sending(Response(b"", 200)) as client, pytest.raises(errors.Unreadable) as caught:
        client.jobs.start()
    assert caught.value.outcome is not None and caught.value.outcome.value == "processed"


def test_a_redirection_that_the_contract_describes_is_an_answer() -> None:
    with answering(Reply(None, 302, {"Location": "https://x.test/there"})) as client:
        raw = client.reports.get_moved.raw()
        assert raw.parse() is None and raw.fields["location"] == "https://x.test/there"
        assert client.reports.get_moved() is None
    with sending(Response(b"", 307)) as client, pytest.raises(errors.OtherFailure):
        client.reports.get_moved()
