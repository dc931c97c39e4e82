"""Connecting, TLS, sending and receiving end when the time of a call is up, whatever the other side does to prolong it."""

from __future__ import annotations

import asyncio
import contextvars
import importlib.util
import socket
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest
from behaviour.fault_server import Behaviour, FaultServer, Reply, Visit, faulty
from behaviour.faults import (
    answer,
    close_after_reading,
    drip_body,
    drip_chunks,
    drip_head,
    garbage,
    half_a_body,
    informational_first,
    never_answer,
    read_slowly,
    reset_after_reading,
    under_tls,
)

from sadpath.runtime import deadlines
from sadpath.runtime.deadlines import DeadlineTransport, Timeouts, cut_off, http_client, left, within

TIME = 0.15
SLACK = 3
LONG = Reply.of(200, {"id": "x" * 2000})
SHORT = Reply.of(200, {"id": "1"})


def ask(client: httpx2.Client, url: str, content: bytes = b"{}", timeout: float | None = 30) -> httpx2.Response:
    request = client.build_request("POST", url, content=content, extensions={"timeout": Timeouts(timeout)})
    response = client.send(request, stream=True)
    try:
        response.read()
    finally:
        response.close()
    return response


def late(kind: type[Exception], call: Callable[[], object]) -> None:
    """The call fails so, when its time is up and not later."""
    began = time.monotonic()
    with pytest.raises(kind), within(TIME):
        call()
    assert TIME - 0.02 <= time.monotonic() - began < TIME + SLACK


def anonymous(context: ssl.SSLContext) -> ssl.SSLContext:
    """TLS that needs no certificate."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")
    return context


def tls_server() -> ssl.SSLContext:
    return anonymous(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


def tls_client() -> httpx2.Client:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return httpx2.Client(transport=DeadlineTransport(anonymous(context)))


class TestTime:
    def test_there_is_none_where_nobody_gave_any(self) -> None:
        assert left() is None
        assert left(3) == 3
        with within(None):
            assert left() is None

    def test_the_earlier_end_counts(self) -> None:
        with within(60):
            with within(1):
                assert 0.9 < (left() or 0) <= 1
                assert left(0.5) == 0.5
            assert 59 < (left() or 0) <= 60
            with within(100):
                assert 59 < (left() or 0) <= 60
            with within(None):
                assert 59 < (left() or 0) <= 60
        assert left() is None

    def test_it_never_gets_negative(self) -> None:
        with within(-1):
            assert left() == 0
            assert left(5) == 0

    def test_it_is_over_after_an_exception(self) -> None:
        with pytest.raises(KeyError), within(1):
            raise KeyError
        assert left() is None

    def test_it_is_no_other_threads(self) -> None:
        seen: list[float | None] = []
        with within(1):
            thread = threading.Thread(target=lambda: seen.append(left()))
            thread.start()
            thread.join()
        assert seen == [None]

    def test_timeouts_are_cut_when_they_are_asked_for(self) -> None:
        timeouts = Timeouts(10)
        assert {step: timeouts[step] for step in timeouts} == {"connect": 10, "read": 10, "write": 10, "pool": 10}
        assert timeouts["read"] == timeouts.get("read") == 10
        assert timeouts.get("unheard") is None
        with within(1):
            assert 0.9 < timeouts.get("read") <= 1
            assert 0.9 < (timeouts["connect"] or 0) <= 1
        assert Timeouts(None)["read"] is None
        with within(0):
            assert 0 < (timeouts["read"] or 0) < 0.01  # a socket would take 0 for "do not wait"


@pytest.mark.parametrize(
    "behaviour",
    [never_answer, drip_head(LONG), drip_body(LONG), drip_chunks(), informational_first(103, 103)],
    ids=["silence", "head", "body", "chunks", "informational"],
)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
class TestReading:
    def test_it_ends_in_time(self, behaviour: Behaviour, tls: bool) -> None:
        def slow(visit: Visit) -> None:
            behaviour(visit)
            visit.keeps = False
            visit.server.stopped.wait()

        script = under_tls(slow, tls_server()) if tls else slow
        with faulty(script) as server, tls_client() if tls else http_client() as client:
            url = server.url.replace("http:", "https:") if tls else server.url
            late(httpx2.ReadTimeout, lambda: ask(client, url))


class TestSteps:
    def test_a_handshake_that_is_never_answered(self) -> None:
        with faulty(never_answer) as server, http_client() as client:
            late(httpx2.ConnectTimeout, lambda: ask(client, server.url.replace("http:", "https:")))

    def test_a_handshake_byte_by_byte(self) -> None:
        def handshake(visit: Visit) -> None:
            # A record of 16 KiB, of which a byte comes now and then.
            visit.end()
            visit.drip(b"\x16\x03\x03\x40\x00\x02" + bytes(1000), 0.02)

        with faulty(handshake) as server, http_client() as client:
            late(httpx2.ConnectTimeout, lambda: ask(client, server.url.replace("http:", "https:")))

    def test_a_request_that_is_read_slowly(self) -> None:
        with faulty(read_slowly()) as server, http_client() as client:
            late(httpx2.WriteTimeout, lambda: ask(client, server.url, b"x" * 30_000_000))

    def test_no_time_left_sends_nothing(self) -> None:
        with faulty(answer(SHORT)) as server, http_client() as client:
            with pytest.raises(httpx2.ConnectTimeout), within(0):
                ask(client, server.url)
            assert server.requests == []

    def test_the_timeout_of_a_step_holds_too(self) -> None:
        with faulty(never_answer) as server, http_client() as client, within(30):
            began = time.monotonic()
            with pytest.raises(httpx2.ReadTimeout):
                ask(client, server.url, timeout=0.1)
            assert time.monotonic() - began < SLACK

    def test_all_addresses_share_the_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[str, float | None]] = []

        def silent(address: tuple[str, int], timeout: float | None = None, **_: object) -> socket.socket:
            asked.append((address[0], timeout))
            time.sleep(timeout or 0)
            raise TimeoutError

        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{last}", 80)) for last in (1, 2, 3)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(socket, "create_connection", silent)
        with http_client() as client:
            late(httpx2.ConnectTimeout, lambda: ask(client, "http://shop.example/"))
        assert [address for address, _ in asked] == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
        assert all(timeout is not None and timeout == pytest.approx(TIME / 3, abs=0.03) for _, timeout in asked)

    def test_the_next_address_is_tried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def first_refused(address: tuple[str, int], *rest: object, **named: object) -> socket.socket:
            if address[0] == "192.0.2.1":
                raise ConnectionRefusedError
            made = socket.socket()
            made.connect(("127.0.0.1", address[1]))
            return made

        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{last}", 80)) for last in (1, 2)]
        with faulty(answer(SHORT)) as server:
            monkeypatch.setattr(socket, "create_connection", first_refused)
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
            with http_client() as client, within(5):
                assert ask(client, f"http://shop.example:{server.port}/").status_code == 200


class TestTransport:
    def test_connections_are_kept_and_outlive_a_deadline(self) -> None:
        with faulty(answer(SHORT), repeat_last=True) as server, http_client() as client:
            for _ in range(3):
                with within(TIME):
                    assert ask(client, server.url).json() == {"id": "1"}
            time.sleep(0.05)
            assert ask(client, server.url).status_code == 200
            assert (server.connections, len(server.requests)) == (1, 4)

    def test_one_thread_is_late_and_another_is_not(self) -> None:
        with faulty(answer(SHORT), repeat_last=True) as quick, faulty(never_answer) as silent, http_client() as client:
            done: list[int] = []
            thread = threading.Thread(target=lambda: done.append(ask(client, quick.url).status_code))
            with within(0):
                thread.start()
                thread.join()
            late(httpx2.ReadTimeout, lambda: ask(client, silent.url))
            assert done == [200]

    @pytest.mark.parametrize(
        ("behaviour", "kind"),
        [
            (garbage(), httpx2.RemoteProtocolError),
            (close_after_reading, httpx2.RemoteProtocolError),
            (half_a_body(SHORT), httpx2.RemoteProtocolError),
            (reset_after_reading, httpx2.ReadError),
        ],
        ids=["garbage", "closed", "half", "reset"],
    )
    def test_failures_are_those_of_httpx2(self, behaviour: Behaviour, kind: type[Exception]) -> None:
        with faulty(behaviour) as server, http_client() as client, pytest.raises(kind) as caught:
            ask(client, server.url)
        assert type(caught.value) is kind

    def test_refused_and_unknown_hosts(self) -> None:
        with faulty(listening=False) as server, http_client() as client, pytest.raises(httpx2.ConnectError):
            ask(client, server.url)
        with http_client() as client, pytest.raises(httpx2.ConnectError):
            ask(client, "http://nobody.invalid/")

    def test_other_schemes_are_refused(self) -> None:
        with http_client() as client, pytest.raises(httpx2.UnsupportedProtocol):
            ask(client, "ftp://127.0.0.1/")


PROXIES: list[tuple[dict[str, str], dict[str, str | None]]] = [
    ({}, {}),
    ({"no": "example.org"}, {}),
    ({"http": "127.0.0.1:3128"}, {"http://": "http://127.0.0.1:3128"}),
    ({"all": "socks5://127.0.0.1:1080", "no": "*"}, {}),
    (
        {
            "https": "http://proxy.example:8",
            "no": "localhost, example.org,.example.net,*.example.com,10.0.0.1,10.1.0.0/16,::1,fd00::/8,http://one.example/",
        },
        {
            "https://": "http://proxy.example:8",
            "all://localhost": None,
            "all://*example.org": None,
            "all://*.example.net": None,
            "all://*.example.com": None,
            "all://10.0.0.1": None,
            "all://10.1.0.0/16": None,
            "all://[::1]": None,
            "all://[fd00::]/8": None,
            "http://one.example/": None,
        },
    ),
    ({"http": "http://p:1", "no": "what/ever,10.0.0.0/99,,/,::1/xx"}, {"http://": "http://p:1"}),
]


class TestProxies:
    @pytest.mark.parametrize(("environment", "mounts"), PROXIES)
    def test_the_environment_is_read(self, environment: dict[str, str], mounts: dict[str, str | None]) -> None:
        found = deadlines._proxies(environment)
        assert found == mounts
        httpx2.Client(mounts=dict.fromkeys(found)).close()  # every pattern is one for httpx2

    def test_a_proxy_can_not_hold_a_call_either(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with faulty(answer(SHORT), drip_head(LONG)) as proxy, faulty(answer(SHORT)) as direct:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            with http_client() as client:
                assert ask(client, "http://shop.example/pay").json() == {"id": "1"}
                late(httpx2.ReadTimeout, lambda: ask(client, "http://shop.example/pay"))
                assert ask(client, direct.url).status_code == 200
        assert [request.target for request in proxy.requests] == ["http://shop.example/pay"] * 2
        assert len(direct.requests) == 1

    def test_a_tunnel_that_is_never_dug(self) -> None:
        with faulty(drip_head(LONG)) as proxy:
            with httpx2.Client(transport=DeadlineTransport(proxy=proxy.url)) as client:
                late(httpx2.ReadTimeout, lambda: ask(client, "https://shop.example/pay"))
            assert [request.method for request in proxy.requests] == ["CONNECT"]

    def test_socks_needs_what_speaks_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(ImportError, match="socksio"):
            DeadlineTransport(proxy="socks5://127.0.0.1:1080")


class TestClosing:
    def test_who_closes_a_client_ends_what_waits_for_an_answer(self) -> None:
        ended: list[Exception] = []

        def wait(client: httpx2.Client, url: str) -> None:
            try:
                ask(client, url)
            except httpx2.TransportError as error:
                ended.append(error)

        with faulty(never_answer) as server:
            client = http_client()
            thread = threading.Thread(target=wait, args=(client, server.url))
            thread.start()
            until(lambda: len(server.requests) == 1)
            began = time.monotonic()
            client.close()
            thread.join(5)
            assert not thread.is_alive() and time.monotonic() - began < SLACK
            assert len(ended) == 1

    def test_a_connection_that_is_gone_already_is_closed_without_complaint(self) -> None:
        with faulty(answer(SHORT)) as server:
            client = http_client()
            ask(client, server.url)
        client.close()
        client.close()


def until(true: Callable[[], bool]) -> None:
    """Wait for what happens elsewhere."""
    ends = time.monotonic() + 5
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


class TestAsync:
    def test_what_is_awaited_is_cancelled_in_time(self) -> None:
        with faulty(drip_head(LONG), answer(SHORT)) as server:
            began = time.monotonic()
            assert asyncio.run(_late_then_fine(server)) == 200
            assert TIME - 0.02 <= time.monotonic() - began < TIME + SLACK

    def test_nothing_is_cancelled_without_a_deadline(self) -> None:
        async def run() -> int:
            with cut_off():
                await asyncio.sleep(0.01)
            return 1

        assert asyncio.run(run()) == 1

    def test_a_coroutine_may_be_closed_elsewhere(self) -> None:
        async def pause() -> None:
            with within(1):
                await asyncio.sleep(0)

        async def begun() -> Coroutine[Any, Any, None]:
            coroutine = pause()
            contextvars.copy_context().run(coroutine.send, None)
            return coroutine

        asyncio.run(begun()).close()
        assert left() is None


async def _late_then_fine(server: FaultServer) -> int:
    async with httpx2.AsyncClient() as client:
        with pytest.raises(TimeoutError), within(TIME), cut_off():
            await client.post(server.url, content=b"{}", timeout=30)
        with within(5), cut_off():
            return (await client.post(server.url, content=b"{}")).status_code
