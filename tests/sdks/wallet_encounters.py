"""PyPI's `yoomoney` before each error of the wallet's catalog: its calls, and what it tells its caller."""

from __future__ import annotations

from typing import Any

import yoomoney
from behaviour.houses import WALLET
from sdks.encounters import Client
from sdks.memory_wallet import CLIENT, CLIENT_SECRET, CODE
from sdks.official_wallet import authorized


def wallet_at(url: str, client: yoomoney.Client) -> Client:
    """Its four calls; it has none for payments, transfers and forms."""
    calls = {
        "accountInfo": client.account_info,
        "operationHistory": client.operation_history,
        "operationDetails": lambda: client.operation_details("o-1"),
        "exchangeToken": lambda: authorized(url, CODE, client_id=CLIENT, client_secret=CLIENT_SECRET),
    }
    return Client(WALLET, calls, ("accountInfo", "operationHistory", "operationDetails"), _told)


def _told(met: Any) -> str | None:
    """Whether the message of an exception speaks of a token."""
    return None
