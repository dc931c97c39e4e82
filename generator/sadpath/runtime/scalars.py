"""Scalars whose form on the wire is another one: exact numbers, bytes as text, integers of a size."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from .constraints import Check
from .frozen import dataclass
from .validation import READING, Mode, mode_of, read_number, refuse, tolerated
from .wire import NUMBER, decimal_text


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


@dataclass(frozen=True, slots=True)
class BytesOnWire:
    """Bytes that are text on the wire; of base64 both alphabets are read, with or without padding."""

    encoding: Literal["base64", "base64url", "base16"]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        write = cs.plain_serializer_function_ser_schema(self._write, info_arg=True)
        return cs.with_info_plain_validator_function(self._read, serialization=write)

    def _read(self, value: Any, info: Any) -> bytes:
        if isinstance(value, bytes):
            return value
        if mode_of(info) is Mode.BUILD:
            raise refuse("bytes are expected")
        if isinstance(value, str):
            try:
                return base64.b16decode(value, casefold=True) if self.encoding == "base16" else _from_base64(value)
            except ValueError:
                pass
        raise refuse(f"{self.encoding} text is expected")

    def _write(self, value: Any, info: Any) -> Any:
        if mode_of(info) is not Mode.WRITE or not isinstance(value, bytes):
            return value
        return _ENCODERS[self.encoding](value).decode("ascii")


def _from_base64(value: str) -> bytes:
    text = value.translate(_STANDARD).rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


_STANDARD: Final = str.maketrans("-_", "+/")
_ENCODERS: Final = {
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base16": base64.b16encode,
}

Base64Bytes = Annotated[bytes, BytesOnWire("base64")]
"""Bytes that are base64 text (RFC 4648, section 4) on the wire."""

Base64UrlBytes = Annotated[bytes, BytesOnWire("base64url")]
"""Bytes that are base64url text (RFC 4648, section 5) on the wire."""

Base16Bytes = Annotated[bytes, BytesOnWire("base16")]
"""Bytes that are hexadecimal text (RFC 4648, section 8) on the wire."""

Int32 = Annotated[int, Check(ge=-(2**31), le=2**31 - 1)]
"""An integer of 32 bits."""

Int64 = Annotated[int, Check(ge=-(2**63), le=2**63 - 1)]
"""An integer of 64 bits."""
