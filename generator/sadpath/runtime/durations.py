"""Durations of ISO 8601: timedelta in Python, with the text that they were read from, as months have no fixed length."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Self

_DURATION: Final = re.compile(
    r"(?P<sign>[+-])?P(?!$)(?:(?P<years>\d{1,9}(?:\.\d{1,9})?)Y)?(?:(?P<months>\d{1,9}(?:\.\d{1,9})?)M)?"
    r"(?:(?P<weeks>\d{1,9}(?:\.\d{1,9})?)W)?(?:(?P<days>\d{1,9}(?:\.\d{1,9})?)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d{1,9}(?:\.\d{1,9})?)H)?(?:(?P<minutes>\d{1,12}(?:\.\d{1,9})?)M)?"
    r"(?:(?P<seconds>\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_SECONDS: Final = {
    "years": 365 * 86400,
    "months": 30 * 86400,
    "weeks": 7 * 86400,
    "days": 86400,
    "hours": 3600,
    "minutes": 60,
    "seconds": 1,
}


class Duration(timedelta):
    """A duration as the wire has it: `text` is what was read and is written again.

    As a timedelta a year counts 365 days and a month 30: who needs calendar months takes them from `text`.
    Raises ValueError where the text is no duration or is longer than a timedelta can be.
    """

    text: str

    def __new__(cls, text: str) -> Self:
        found = _DURATION.fullmatch(text)
        if found is None:
            raise ValueError("no duration of ISO 8601")
        total = sum((Decimal(found[name]) * seconds for name, seconds in _SECONDS.items() if found[name]), Decimal(0))
        microseconds = int(total.scaleb(6))
        try:
            duration = super().__new__(cls, microseconds=-microseconds if found["sign"] == "-" else microseconds)
        except OverflowError:
            raise ValueError("a duration that is too long") from None
        duration.text = text
        return duration

    def __repr__(self) -> str:
        return f"Duration({self.text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.text,))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self
