"""The clients of the corner shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sadpath.runtime.client import AsyncApiClient, SyncClient
from sadpath.runtime.credentials import BasicAuth, BearerAuth

from .errors import REGISTRY
from .resources.orders import AsyncOrders, Orders
from .resources.transfers import AsyncTransfers, Transfers

if TYPE_CHECKING:
    import httpx2


class Client(SyncClient):
    """A sync client."""

    orders: Orders
    transfers: Transfers

    def __init__(
        self,
        auth: BasicAuth | BearerAuth | None = None,
        *,
        base_url: str = "https://api.cornershop.test/v1",
        timeout: float | None = 30.0,
        max_attempts: int | None = 1,
        http_client: httpx2.Client | None = None,
        raise_opt_in: bool = False,
    ) -> None:
        super().__init__(
            REGISTRY,
            credentials=auth,
            base_url=base_url,
            timeout=timeout,
            max_attempts=max_attempts,
            http_client=http_client,
            raise_opt_in=raise_opt_in,
        )
        self.orders = Orders(self)
        self.transfers = Transfers(self)


class AsyncClient(AsyncApiClient):
    """An async client."""

    orders: AsyncOrders
    transfers: AsyncTransfers

    def __init__(
        self,
        auth: BasicAuth | BearerAuth | None = None,
        *,
        base_url: str = "https://api.cornershop.test/v1",
        timeout: float | None = 30.0,
        max_attempts: int | None = 1,
        http_client: httpx2.AsyncClient | None = None,
        raise_opt_in: bool = False,
    ) -> None:
        super().__init__(
            REGISTRY,
            credentials=auth,
            base_url=base_url,
            timeout=timeout,
            max_attempts=max_attempts,
            http_client=http_client,
            raise_opt_in=raise_opt_in,
        )
        self.orders = AsyncOrders(self)
        self.transfers = AsyncTransfers(self)
