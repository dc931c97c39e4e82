"""The official `yookassa` SDK as it is, pointed at a server of ours by its own settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdks.memory_shop import SECRET, SHOP_ID
from yookassa import Configuration


@contextmanager
def configured(url: str, authority: Path | None = None, token: str | None = None) -> Iterator[None]:
    """The SDK's one configuration, which is put back in the end: the pause between its attempts is a millisecond."""
    before = {name: getattr(Configuration, name) for name in vars(Configuration) if _is_setting(name)}
    settings = {"api_url": url, "timeout": 1, "verify": str(authority) if authority is not None else None}
    try:
        if token is not None:
            Configuration.configure_auth_token(token, **settings)
        else:
            Configuration.configure(SHOP_ID, SECRET, **settings)
        yield
    finally:
        for name, value in before.items():
            setattr(Configuration, name, value)


def _is_setting(name: str) -> bool:
    return not name.startswith("_") and not callable(getattr(Configuration, name))
