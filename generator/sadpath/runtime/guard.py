"""Refuses, before anything is sent, what would misuse an idempotency key: another request under it, or one key too many times."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from .environment import Moment
from .frozen import dataclass

_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Use:
    request: str
    first: Moment
    times: int = 1
    refused_by: str | None = None
    is_open: bool = False


class KeyGuard:
    """Remembers which request each key was used for; only hashes of requests are kept.

    Safe across threads and tasks. It knows what this process sent, for the 10,000 keys used last; clients of one account may
    share one.
    """

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._uses: OrderedDict[tuple[str, str], _Use] = OrderedDict()
        self._lock = threading.Lock()

    def problem(self, api: str, key: str, request: str, now: Moment) -> str | None:
        """Why the request must not be sent under this key; None where it may, which is noted."""
        with self._lock:
            known = self._uses.get((api, key))
            if known is None:
                self._note(api, key, _Use(request, now))
                return None
            self._note(api, key, replace(known, times=known.times + 1))
            if known.request != request:
                return "the idempotency key was used for another request: use a new one"
            if known.refused_by is not None:
                return f"the API refused this key ({known.refused_by}) and wants a new one for the next attempt"
            return None

    def first_use(self, api: str, key: str) -> Moment | None:
        """When a key was used first, as far as it is remembered."""
        with self._lock:
            known = self._uses.get((api, key))
            return known.first if known is not None else None

    def refused(self, api: str, key: str, by: str) -> None:
        """Note that a failure (`by` is its id) wants a new key for the next attempt."""
        with self._lock:
            known = self._uses.get((api, key))
            if known is not None:
                self._uses[api, key] = replace(known, refused_by=by)

    def is_open(self, api: str, key: str) -> bool:
        """Whether a call under the key may have been executed, as far as is remembered."""
        with self._lock:
            known = self._uses.get((api, key))
            return known is not None and known.is_open

    def ended(self, api: str, key: str, *, is_open: bool) -> None:
        """Note whether what was sent under a key may have been executed without anybody knowing it."""
        with self._lock:
            known = self._uses.get((api, key))
            if known is not None:
                self._uses[api, key] = replace(known, is_open=is_open)

    def forget(self, api: str, key: str) -> None:
        """Forget a key that nobody will use again."""
        with self._lock:
            self._uses.pop((api, key), None)

    def unsent(self, api: str, key: str, request: str) -> None:
        """Note that nothing was sent under a key after all; it is forgotten where nothing else was tried under it."""
        with self._lock:
            known = self._uses.get((api, key))
            if known is not None and known.request == request and known.times == 1:
                del self._uses[api, key]

    def _note(self, api: str, key: str, use: _Use) -> None:
        self._uses[api, key] = use
        self._uses.move_to_end((api, key))
        while len(self._uses) > self._remembered:
            self._uses.popitem(last=False)

    def __repr__(self) -> str:
        return f"KeyGuard({len(self._uses)} keys)"
