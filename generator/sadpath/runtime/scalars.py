"""Exact numbers: Decimal in Python, text or a number on the wire."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from .validation import NUMBER, READING, Mode, mode_of, read_number, refuse, tolerated
from .wire import decimal_text


class NumberOnWire:
    """A Decimal that is a JSON number."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        write = cs.plain_serializer_function_ser_schema(_write_number, info_arg=True)
        return cs.with_info_plain_validator_function(read_number, serialization=write)


class TextOnWire:
    """A Decimal that is a JSON string."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        write = cs.plain_serializer_function_ser_schema(_write, info_arg=True)
        return cs.with_info_plain_validator_function(_read, serialization=write)


def _read(value: Any, info: Any) -> Decimal:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    mode = mode_of(info)
    number = isinstance(value, Decimal | int) and not isinstance(value, bool) and Decimal(value).is_finite()
    if number and mode is Mode.BUILD:
        return Decimal(value)
    if number and mode in READING:
        return tolerated(Decimal(value), info, "text is expected, not a number")
    raise refuse("a Decimal is expected" if mode is Mode.BUILD else "a decimal number written as text is expected")


def _write(value: Any, info: Any) -> Any:
    if mode_of(info) is not Mode.WRITE:
        return value
    number = _exact(value)
    return decimal_text(number) if isinstance(number, Decimal) else number


def _write_number(value: Any, info: Any) -> Any:
    return _exact(value) if mode_of(info) is Mode.WRITE else value


def _exact(value: Any) -> Any:
    """What got past the constructor may be anything: an amount that is a float has lost what it was."""
    if isinstance(value, float | bool):
        raise TypeError(f"a {type(value).__name__} is no exact number: give a Decimal")
    return Decimal(value) if isinstance(value, int) else value


DecimalString = Annotated[Decimal, TextOnWire()]
"""A Decimal that is text on the wire, such as `"100.00"`; a float is refused."""

DecimalNumber = Annotated[Decimal, NumberOnWire()]
"""A Decimal that is a number on the wire, written digit by digit; a float is refused."""


class Base64OnWire:
    """Bytes that are base64 text (RFC 4648, section 4) on the wire; the URL-safe alphabet and missing padding are read too."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        write = cs.plain_serializer_function_ser_schema(_write_base64, info_arg=True)
        return cs.with_info_plain_validator_function(_read_base64, serialization=write)


def _read_base64(value: Any, info: Any) -> bytes:
    if mode_of(info) is Mode.BUILD:
        if isinstance(value, bytes):
            return value
        raise refuse("bytes are expected")
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        text = value.translate(_STANDARD).rstrip("=")
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError:
            pass
    raise refuse("base64 text is expected")


def _write_base64(value: Any, info: Any) -> Any:
    return (
        base64.b64encode(value).decode("ascii") if mode_of(info) is Mode.WRITE and isinstance(value, bytes) else value
    )


_STANDARD = str.maketrans("-_", "+/")

Base64Bytes = Annotated[bytes, Base64OnWire()]
"""Bytes that are base64 text on the wire."""
