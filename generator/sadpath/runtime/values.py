"""Values of a failure's attributes: from JSON or header text to Python and back, by the types of the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final, Literal

from .contract import Unit, ValueType
from .trees import is_array
from .wire import NUMBER, text_of

Place = Literal["body", "text"]

SECONDS: Final[Mapping[Unit, Decimal]] = {"ms": Decimal("0.001"), "s": Decimal(1), "m": Decimal(60), "h": Decimal(3600)}

_LARGEST_EXPONENT: Final = 1000
"""Numbers beyond ten to this power, or as close to zero, are no values of an API, and costly to compute with."""

_ISO_DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def read_value(raw: Any, kind: ValueType, unit: Unit = "s") -> Any:
    """The Python value of what stood on the wire; None stays None. Raises ValueError where it is none of that type."""
    if raw is None or kind == "json":
        return raw
    if kind == "duration":
        return _duration(raw, unit)
    return _READERS[kind](raw)


def write_value(value: Any, kind: ValueType, unit: Unit, place: Place) -> Any:
    """What stands on the wire for a Python value: a JSON value in a body, text elsewhere."""
    if value is None:
        return None
    if kind == "duration" and isinstance(value, timedelta):
        amount = (Decimal(round(value / timedelta(microseconds=1))) / 1_000_000 / SECONDS[unit]).normalize()
        value = int(amount) if amount == amount.to_integral_value() else amount
    elif kind == "csv" and not isinstance(value, str):
        value = (", " if place == "text" else ",").join(text_of(item) for item in value)
    elif isinstance(value, datetime | date):
        value = text_of(value)
    if place == "text":
        return text_of(value)
    return str(value) if kind in ("string", "uri") and not isinstance(value, str) else value


def seconds_of(value: Any, unit: Unit, sent_at: datetime | None, now: datetime) -> float | None:
    """A waiting time in seconds: a number in the unit, or a time (RFC 9110, section 10.2.3) after the answer's own date.

    None where it is neither; a number that is longer than a `timedelta` can say is the longest there is.
    """
    if isinstance(value, timedelta):
        return max(0.0, value.total_seconds())
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        try:
            value = _datetime(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return max(0.0, (_aware(value) - _aware(sent_at or now)).total_seconds())
    try:
        number = _decimal(value)
    except ValueError:
        # What is larger than a number of ours may be still asks for a wait that nobody sleeps.
        return timedelta.max.total_seconds() if _is_huge(value) else None
    try:
        return max(0.0, _duration_of(number, unit).total_seconds())
    except ValueError:
        return timedelta.max.total_seconds() if number > 0 else 0.0


def _is_huge(value: Any) -> bool:
    """Whether what is out of range is so for being too large, and not too small or no number."""
    if isinstance(value, str):
        text = value.strip().lower()
        return NUMBER.fullmatch(text) is not None and "-" not in text
    return isinstance(value, Decimal) and value.is_finite() and value > 1


def http_date(text: str | None) -> datetime | None:
    """The time of a `Date` header, in UTC where it names no zone; None where it is no time."""
    try:
        return _aware(_datetime(text)) if text else None
    except ValueError:
        return None


def http_date_text(value: datetime) -> str:
    """IMF-fixdate (RFC 9110, section 5.6.7)."""
    return format_datetime(value.astimezone(timezone.utc), usegmt=True)


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)


def _string(raw: Any) -> str:
    if isinstance(raw, dict | list):
        raise ValueError("text is expected")
    return text_of(raw)


def _integer(raw: Any) -> int:
    if isinstance(raw, bool):
        raise ValueError("an integer is expected")
    if isinstance(raw, int):
        return raw
    number = _decimal(raw)
    if abs(number) >= Decimal("1E+100") or number != number.to_integral_value():
        raise ValueError("an integer is expected")
    return int(number)


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        number = Decimal(raw)
    elif isinstance(raw, str) and NUMBER.fullmatch(raw.strip()):
        number = Decimal(raw.strip())
    else:
        raise ValueError("a number is expected")
    if not number.is_finite():
        raise ValueError("a finite number is expected")
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("the number is out of range")
    return number


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in ("true", "false"):
        return raw.strip().lower() == "true"
    raise ValueError("true or false is expected")


def _datetime(raw: Any) -> datetime:
    if isinstance(raw, str):
        for parse in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                return parse(raw.strip())
            except (ValueError, TypeError, IndexError, ArithmeticError):
                continue
    raise ValueError("a date and time is expected")


def _date(raw: Any) -> date:
    try:
        return date.fromisoformat(_string(raw).strip())
    except ValueError:
        raise ValueError("a date is expected") from None


def _csv(raw: Any) -> tuple[str, ...]:
    if is_array(raw):
        return tuple(_string(item) for item in raw)
    return tuple(part.strip() for part in _string(raw).split(",") if part.strip())


def _duration(raw: Any, unit: Unit) -> timedelta:
    try:
        if isinstance(raw, str) and "P" in raw:
            found = _ISO_DURATION.fullmatch(raw.strip())
            if found is None:
                raise ValueError("a duration is expected")
            days, hours, minutes, seconds = (_decimal(part or "0") for part in found.groups()[1:])
            total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
            return _duration_of(-total if found[1] else total, "s")
        return _duration_of(_decimal(raw), unit)
    except ArithmeticError:
        raise ValueError("the duration is too long") from None


def _duration_of(number: Decimal, unit: Unit) -> timedelta:
    try:
        return timedelta(microseconds=int(number * SECONDS[unit] * 1_000_000))
    except ArithmeticError:
        raise ValueError("the duration is too long") from None


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "string": _string,
    "uri": _string,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "datetime": _datetime,
    "date": _date,
    "csv": _csv,
}
