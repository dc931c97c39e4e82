"""PyPI's `yoomoney` as it is, pointed at a server of ours; its authorization is a dialogue, which is held here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Final
from unittest.mock import patch

from yoomoney import Authorize, Client

_ADDRESSES: Final = "yoomoney.authorize.authorize"


@contextmanager
def wallet_client(url: str, token: str) -> Iterator[Client]:
    """A client of the server; the address is one of its own arguments."""
    with Client(token, base_url=f"{url}/") as client:
        yield client


def authorized(url: str, typed: str, *, client_id: str, client_secret: str) -> str:
    """What `Authorize` prints when the owner of the wallet types a code; its two addresses are constants, and replaced."""
    printed = io.StringIO()
    with (
        patch(f"{_ADDRESSES}._OAUTH_AUTHORIZE_URL", f"{url}/authorize"),
        patch(f"{_ADDRESSES}._OAUTH_EXCHANGE_URL", f"{url}/token"),
        patch("builtins.input", lambda prompt: typed),
        redirect_stdout(printed),
    ):
        Authorize(client_id, f"{url}/back", client_secret, ["account-info", "operation-history"])
    return printed.getvalue()
