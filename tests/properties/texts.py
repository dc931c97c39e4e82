"""Strategies for texts and numbers that a schema allows: formats, patterns, bounds and multiples."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import timezone
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

from hypothesis import strategies as st

from sadpath.openapi.model import Schema

TEXT: Final = st.text(st.characters(codec="utf-8"), max_size=12)
DECIMALS: Final = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(map(int, str(digits))), exponent)),
    st.sampled_from((0, 1)),
    st.integers(0, 10**30),
    st.integers(-12, 6),
).filter(lambda number: number != 0 or not number.is_signed())
"""Exact numbers; not the negative zero, which JSON Schema does not tell from the other one."""
_EXACT: Final = Context(prec=200)
_RANGES: Final = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}


def _decimal_text(value: Decimal) -> str:
    return format(value, "f")


def _base(encoder: Callable[[bytes], bytes]) -> st.SearchStrategy[str]:
    return st.binary(max_size=12).map(lambda data: encoder(data).decode("ascii"))


_FORMATS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "date": st.dates().map(lambda value: value.isoformat()),
    "date-time": st.datetimes(timezones=st.just(timezone.utc)).map(lambda value: _wire_time(value)),
    "time": st.times().map(lambda value: _wire_time(value)),
    "duration": st.from_regex(r"\AP(?:[1-9][0-9]?Y)?(?:[1-9]M)?(?:[1-9]D)?T[1-9][0-9]?(?:H|M|(?:\.[0-9]{1,3})?S)\Z"),
    "uuid": st.uuids().map(str),
    "byte": _base(base64.b64encode),
    "base64": _base(base64.b64encode),
    "base64url": _base(base64.urlsafe_b64encode),
    "base16": _base(base64.b16encode),
    "decimal": DECIMALS.map(_decimal_text),
}


def _wire_time(value: Any) -> str:
    """In the one form that is written again: no more digits of a second than needed, in threes."""
    digits = "seconds" if not value.microsecond else "milliseconds" if value.microsecond % 1000 == 0 else "microseconds"
    return str(value.isoformat(timespec=digits)).replace("+00:00", "Z")


def texts(schema: Schema) -> st.SearchStrategy[str]:
    """Texts that the keywords of strings allow."""
    patterns = [one.pattern for one in (schema, *schema.also) if one.pattern is not None]
    form = (schema.content_encoding or "").lower() or schema.format or ""
    if patterns:
        found = _matching(patterns)
        if form == "decimal":
            # A decimal is a number in Python: it is written again without zeros in front.
            found = found.filter(lambda text: re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) is not None)
    elif form in _FORMATS:
        found = _FORMATS[form]
    else:
        found = st.text(
            st.characters(codec="utf-8"),
            min_size=schema.min_length or 0,
            max_size=min(schema.max_length if schema.max_length is not None else 12, (schema.min_length or 0) + 12),
        )
    least, most = schema.min_length or 0, schema.max_length
    return found.filter(lambda text: len(text) >= least and (most is None or len(text) <= most))


def _matching(patterns: list[str]) -> st.SearchStrategy[str]:
    """Texts that match one pattern, or several that say how a text begins and how it ends."""
    compiled = [re.compile(_in_python(pattern), re.ASCII) for pattern in patterns]
    whole = st.tuples(*(st.from_regex(one) for one in compiled)).map("".join)
    return whole.filter(lambda text: all(one.search(text) for one in compiled))


def _in_python(pattern: str) -> str:
    return pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern


def integers(schema: Schema) -> st.SearchStrategy[int]:
    """Whole numbers that the keywords of numbers allow."""
    low, high = _RANGES.get(schema.format or "", (None, None))
    lows = [one for one in (low, _up(schema.minimum), _up(schema.exclusive_minimum, beyond=True)) if one is not None]
    highs = [
        one for one in (high, _down(schema.maximum), _down(schema.exclusive_maximum, beyond=True)) if one is not None
    ]
    least, most = max(lows, default=None), min(highs, default=None)
    if schema.multiple_of is None:
        return st.integers(least, most)
    step = Fraction(schema.multiple_of).numerator
    first = None if least is None else -(-least // step)
    last = None if most is None else most // step
    return st.integers(first, last).map(lambda number: number * step)


def numbers(schema: Schema) -> st.SearchStrategy[int | Decimal]:
    """Numbers that the keywords of numbers allow; those of a binary format are as they are written again."""
    if schema.format in ("double", "float"):
        return st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Decimal(repr(value)))
    low, high = (schema.minimum, schema.exclusive_minimum), (schema.maximum, schema.exclusive_maximum)
    least = max((Decimal(one) for one in low if one is not None), default=None)
    most = min((Decimal(one) for one in high if one is not None), default=None)
    if schema.multiple_of is not None:
        step = Fraction(schema.multiple_of)
        shift = -Decimal(schema.multiple_of).as_tuple().exponent
        first = None if least is None else -(-Fraction(least) // step)
        last = None if most is None else Fraction(most) // step
        found = st.integers(first, last).map(
            lambda count: Decimal(int(count * step * 10**shift)).scaleb(-shift, _EXACT)
        )
    elif least is None and most is None:
        return DECIMALS | st.integers()
    else:
        bottom = least if least is not None else Decimal(most or 0) - 1000
        top = most if most is not None else bottom + 1000
        found = st.decimals(bottom, top, places=6)
    return found.filter(lambda number: _is_within(schema, number))


def _is_within(schema: Schema, number: Decimal) -> bool:
    return (
        (schema.minimum is None or number >= schema.minimum)
        and (schema.maximum is None or number <= schema.maximum)
        and (schema.exclusive_minimum is None or number > schema.exclusive_minimum)
        and (schema.exclusive_maximum is None or number < schema.exclusive_maximum)
    )


def _up(bound: Any, *, beyond: bool = False) -> int | None:
    if bound is None:
        return None
    whole = int(-(-Fraction(bound) // 1))
    return whole + 1 if beyond and whole == bound else whole


def _down(bound: Any, *, beyond: bool = False) -> int | None:
    if bound is None:
        return None
    whole = int(Fraction(bound) // 1)
    return whole - 1 if beyond and whole == bound else whole
