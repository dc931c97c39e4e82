"""Whether a text in a default is what a value of its kind is read from, as the generated code reads it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from sadpath.runtime.conversion import decode
from sadpath.runtime.scalars import Base16Bytes, Base64Bytes, DecimalString
from sadpath.runtime.validation import Mode

_ANNOTATIONS: Final[dict[str, Any]] = {
    "date": date,
    "date-time": datetime,
    "time": time,
    "duration": timedelta,
    "uuid": UUID,
    "base64": Base64Bytes,
    "base64url": Base64Bytes,
    "base16": Base16Bytes,
    "decimal-string": DecimalString,
}


def is_read(kind: str, value: Any) -> bool:
    """Whether a plain value can be read as one of a scalar `kind` that stands as a text on the wire."""
    try:
        decode(_ANNOTATIONS[kind], value, Mode.REQUEST)
    except ValidationError:
        return False
    return True
