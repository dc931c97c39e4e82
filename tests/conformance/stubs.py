"""The generated servers with handlers that have a right answer to every valid request, each behind the credentials of one caller."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from behaviour.desks import desk_app
from behaviour.loopback import served
from behaviour.merchants import merchant_app
from behaviour.shop_extras import whole_shop_app
from behaviour.shops import Script
from behaviour.wallets import wallet_app

from payments._runtime.contract import OperationContract
from payments._runtime.reception import Presented

SECRET = "sesame"
_SECRETS = frozenset({SECRET, f'id="{SECRET}"'})


def caller(credentials: Sequence[Presented], operation: OperationContract) -> str | None:
    """Lets in whoever knows the secret, in whatever form the scheme has for it."""
    return "caller" if any(one.secret in _SECRETS for one in credentials) else None


@dataclass(frozen=True)
class Stub:
    """One API: its slug, the application, and the header `Authorization` that gets in (`schemathesis.toml` has exceptions)."""

    api: str
    app: Callable[..., Any]
    authorization: str

    @contextmanager
    def serving(self, script: Script | None = None) -> Iterator[str]:
        """The base URL of the application while it is served."""
        with served(self.app(script or Script(), authenticate=caller)) as url:
            yield url


_BASIC = f"Basic {base64.b64encode(f'shop:{SECRET}'.encode()).decode()}"
STUBS = (
    Stub("yookassa", whole_shop_app, _BASIC),
    Stub("yoomoney-wallet", wallet_app, f"Bearer {SECRET}"),
    Stub("makecommerce", merchant_app, _BASIC),
    Stub("paysera", desk_app, f'MAC id="{SECRET}"'),
)
