"""PyPI's `yoomoney` does its business with a wallet of ours: only the generated stub and handlers that keep things in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
import yoomoney
from behaviour.loopback import served
from sdks.memory_wallet import CLIENT, CLIENT_SECRET, CODE, TOKEN, Wallet, memory_wallet_app
from sdks.official_wallet import authorized, wallet_client
from yoomoney.exceptions import (
    IllegalParamOperationId,
    IllegalParamStartRecord,
    IllegalParamType,
    InvalidGrant,
    UnauthorizedClient,
)


@pytest.fixture
def wallet() -> Wallet:
    return Wallet()


@pytest.fixture
def url(wallet: Wallet) -> Iterator[str]:
    with served(memory_wallet_app(wallet)) as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[yoomoney.Client]:
    with wallet_client(url, TOKEN) as made:
        yield made


def test_the_account(client: yoomoney.Client) -> None:
    found = client.account_info()
    assert (found.account, found.balance, found.currency) == ("4100123456789", 1000.10, "643")
    assert (found.account_status, found.account_type) == ("named", "personal")
    assert found.balance_details is not None and found.balance_details.available == 1000.10
    assert [(card.pan_fragment, card.type) for card in found.cards_linked] == [("510000****9999", "MasterCard")]


def test_the_history_page_by_page(client: yoomoney.Client) -> None:
    found, record = list[str | None](), None
    while True:
        page = client.operation_history(records=3, start_record=record)
        found += [one.operation_id for one in page.operations]
        record = page.next_record
        if record is None:
            break
    assert found == [f"o-{number}" for number in range(7, 0, -1)]


def test_the_history_by_type_and_label(client: yoomoney.Client, wallet: Wallet) -> None:
    found = client.operation_history(type="deposition", label="order 0", details=True)
    assert [(one.operation_id, one.direction, one.title) for one in found.operations] == [("o-6", "in", "Перевод")]
    assert wallet.asked[-1].details is True


def test_one_operation(client: yoomoney.Client) -> None:
    found = client.operation_details("o-6")
    assert (found.amount, found.type, found.message, found.codepro) == (600.60, "deposition", "Спасибо", False)
    assert found.datetime == datetime(2026, 1, 5, 16, 0, 0, 250000)  # The client drops the zone.


def test_refusals_of_the_wallet(client: yoomoney.Client) -> None:
    with pytest.raises(IllegalParamType):
        client.operation_history(type="gift")
    with pytest.raises(IllegalParamStartRecord):
        client.operation_history(start_record="x")
    with pytest.raises(IllegalParamOperationId):
        client.operation_details("o-0")


def test_dates_have_no_zone_and_do_not_get_through(client: yoomoney.Client) -> None:
    """The client writes 2026-1-5T12:0:0, which is no date of RFC 3339: 400, whose answer has no body."""
    with pytest.raises(ValueError, match="Expecting value"):
        client.operation_history(from_date=datetime(2026, 1, 5, 12, tzinfo=timezone.utc))


def test_a_code_is_exchanged_once(url: str) -> None:
    back = f"https://shop.example/back?code={CODE}"
    assert authorized(url, back, client_id=CLIENT, client_secret=CLIENT_SECRET) == f"Your access token:\n{TOKEN}\n"
    with pytest.raises(InvalidGrant):
        authorized(url, CODE, client_id=CLIENT, client_secret=CLIENT_SECRET)
    with pytest.raises(UnauthorizedClient):
        authorized(url, CODE, client_id=CLIENT, client_secret="guessed")


def test_its_asynchronous_client(url: str) -> None:
    async def balance() -> float:
        async with yoomoney.AsyncClient(TOKEN, base_url=f"{url}/") as client:
            return (await client.account_info()).balance

    assert asyncio.run(balance()) == 1000.10
