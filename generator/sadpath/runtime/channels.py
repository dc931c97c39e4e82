"""What an API sends by itself, as the contract has it: its notifications, and the channels that they come on."""

from __future__ import annotations

from typing import Any

from .frozen import dataclass
from .signatures import Signature


@dataclass(frozen=True, slots=True)
class Notification:
    """A request that the API makes: its name, and the media type and the type of its body."""

    name: str
    media_type: str
    type: Any


@dataclass(frozen=True, slots=True)
class Channel:
    """Webhooks that come in the same way; `within` is the member of a form whose text is the JSON that counts."""

    names: tuple[str, ...]
    media_type: str
    type: Any
    within: str | None = None
    signatures: tuple[Signature, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return self.names[0] if len(self.names) == 1 else "webhook"
