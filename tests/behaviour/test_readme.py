"""The example in the README, taken from there and run against the generated server and against one that hangs up."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from behaviour.attempting import Clock
from behaviour.loopback import served
from behaviour.shops import Script, shop_app

from payments.yookassa import BasicAuth, Client, errors


def example(checkout: Path) -> dict[str, Any]:
    """The names that the README's Python defines."""
    blocks: list[str] = re.findall(
        r"^```python\n(.*?)^```", (checkout / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(blocks) == 1
    names: dict[str, Any] = {"__name__": "readme"}
    exec(compile(blocks[0], "README.md", "exec"), names)
    return names


@contextmanager
def hanging_up() -> Iterator[str]:
    """A server that reads the request and closes the connection without an answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def test_the_example_handles_a_refusal_a_rate_limit_and_a_lost_answer(checkout: Path) -> None:
    pay, clock = example(checkout)["pay"], Clock()
    script = Script()
    settings: dict[str, Any] = {"environment": clock.environment}
    with served(shop_app(script)) as url, Client(BasicAuth("1", "secret"), base_url=url, **settings) as client:
        assert pay(client, Decimal("150.00"), "order-1") == "succeeded"
        script.failure = errors.InvalidRequest("Bad value", parameter="amount.value")
        assert pay(client, Decimal("150.00"), "order-2") == "fix amount.value, then use a new key"
        script.failure = errors.TooManyRequests("Slow down")
        assert pay(client, Decimal("150.00"), "order-3") == "busy after 6 attempts: repeat later"
        script.failure = errors.InternalServerError("Internal server error", support_id="S-1")
        asked = pay(client, Decimal("150.00"), "order-4")
        assert asked.startswith("time_up: ask support about S-1, keep {") and '"idempotency_key":"order-4"' in asked
        script.failure = errors.Forbidden("No")
        assert pay(client, Decimal("150.00"), "order-5").startswith("rejected: [403 forbidden] No")
    with hanging_up() as url, Client(BasicAuth("1", "secret"), base_url=url, **settings) as client:
        assert pay(client, Decimal("150.00"), "order-6").startswith("time_up: ask support about None, keep {")


def test_the_example_finds_out_what_became_of_a_lost_answer(checkout: Path) -> None:
    pay, clock = example(checkout)["pay"], Clock()
    script = Script(failure=errors.InternalServerError("Internal server error"))

    def heal() -> None:
        if sum(clock.waits) > 100:
            script.failure = None

    clock.during = heal
    settings: dict[str, Any] = {"environment": clock.environment}
    with served(shop_app(script)) as url, Client(BasicAuth("1", "secret"), base_url=url, **settings) as client:
        assert pay(client, Decimal("150.00"), "order-7") == "found out: succeeded"
    assert {request.idempotency_key for request in script.seen} == {"order-7"}


def test_the_example_is_about_thirty_lines(checkout: Path) -> None:
    text = (checkout / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert block is not None and len(block[1].splitlines()) <= 34


def test_the_server_in_the_readme_answers_and_leaves_the_rest_out(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks: list[str] = re.findall(
        r"^```py\n(.*?)^```", (checkout / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(blocks) == 2
    names: dict[str, Any] = {"__name__": "readme"}
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks[0], "README.md", "exec"), names)
    with served(names["app"]) as url, Client(BasicAuth("100500", "test_secret"), base_url=url) as client:
        with pytest.raises(errors.NotFound) as caught:
            client.payments.get(payment_id="2a000000-000f-5000-8000-1a2b3c4d5e6f")
        assert caught.value.parameter == "payment_id"
        with pytest.raises(errors.Unrecognized) as missing:
            client.payments.list()
        assert missing.value.status == 501
    with served(names["app"]) as url, Client(BasicAuth("100500", "wrong"), base_url=url) as client:
        with pytest.raises(errors.InvalidCredentials):
            client.payments.list()


def test_the_webhook_of_the_readme_takes_what_is_genuine(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (checkout / "README.md").read_text(encoding="utf-8")
    block = re.findall(r"^```py\n(.*?)^```", text, re.M | re.S)[1]
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)

    async def body() -> bytes:
        return urlencode({"json": message, "mac": mac}).encode()

    message = '{"message_type":"payment_return","status":"COMPLETED","amount":"11.00"}'
    request = SimpleNamespace(headers={"Content-Type": "application/x-www-form-urlencoded"}, body=body)
    mac = hashlib.sha512((message + "secret key of the shop").encode()).hexdigest().upper()
    assert asyncio.run(names["notified"](request)) == 200 and "PaymentReturn" in capsys.readouterr().out
    mac = "00"
    assert asyncio.run(names["notified"](request)) == 400
