"""What another process needs to find out what became of a request: a small text that holds no secret."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timezone
from typing import Any, Final, Self

from .contract import Outcome
from .frozen import dataclass
from .trees import is_object

_VERSION: Final = 1
_LONGEST: Final = 8192
_MOST: Final = 1_000_000
_FIRST_YEAR: Final = 1971
_LAST_YEAR: Final = 9000


@dataclass(frozen=True, slots=True)
class ResumeToken:
    """A request whose outcome is open: which operation, under which key, sent how often and when.

    `request` is a hash of what was sent, never the content; `error` is the catalog's id of the last failure, which says what is
    prescribed. `str(token)` is one line to store, `parse` reads it.
    """

    api: str
    operation: str
    request: str
    idempotency_key: str | None
    attempts: int
    first_sent: datetime
    """When the first attempt was made: from here on the API remembers the key for as long as it does."""
    last_sent: datetime
    outcome: Outcome
    error: str | None = None
    support_reference: str | None = None

    def __str__(self) -> str:
        members = {field.name: _written(getattr(self, field.name)) for field in fields(self)}
        known = {name: value for name, value in members.items() if value is not None}
        return json.dumps({"version": _VERSION, **known}, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The token of a text; raises ValueError for anything else."""
        try:
            found = json.loads(text) if len(text) <= _LONGEST else None
            if not is_object(found) or found.get("version") != _VERSION:
                raise ValueError
            return cls(
                api=_text(found, "api"),
                operation=_text(found, "operation"),
                request=_text(found, "request"),
                idempotency_key=_text_or_none(found, "idempotency_key"),
                attempts=_count(found.get("attempts")),
                first_sent=_instant(found.get("first_sent")),
                last_sent=_instant(found.get("last_sent")),
                outcome=Outcome(found.get("outcome")),
                error=_text_or_none(found, "error"),
                support_reference=_text_or_none(found, "support_reference"),
            )
        except (ValueError, TypeError, RecursionError):
            raise ValueError("this is no resume token of this version") from None


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value.value if isinstance(value, Outcome) else value


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise ValueError(name)
    return value


def _text_or_none(found: dict[str, Any], name: str) -> str | None:
    return None if found.get(name) is None else _text(found, name)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise ValueError("attempts")
    return value


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError("a time needs a zone, and a year that a clock may show")
    return found.astimezone(timezone.utc)
