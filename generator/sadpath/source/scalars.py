"""Plain scalars of YAML by the core schema of YAML 1.2: `no` and `2024-01-01` stay text, 012 is twelve, 0o14 octal."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

MOST_DIGITS: Final = 1000
LARGEST_EXPONENT: Final = 1000

_CONSTANTS: Final[dict[str, Any]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_START: Final = frozenset("0123456789+-.")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


class NumberOutOfRange(ValueError):
    """A number of more than `MOST_DIGITS` digits or of an exponent beyond `LARGEST_EXPONENT`."""


def plain(text: str) -> Any:
    """The value of a plain scalar: None, bool, int, Decimal or str. Raises `NumberOutOfRange`.

    `.inf` and `.nan` have no counterpart in JSON and stay text.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return integer(text)
    if _OCTAL.fullmatch(text):
        return integer(text, 8)
    if _HEXADECIMAL.fullmatch(text):
        return integer(text, 16)
    return decimal(text) if _FLOAT.fullmatch(text) else text


def integer(text: str, base: int = 10) -> int:
    """An integer; raises `NumberOutOfRange`."""
    if len(text) > MOST_DIGITS:
        raise NumberOutOfRange(text)
    return int(text, base)


def decimal(text: str) -> Decimal:
    """A Decimal that keeps all digits as written; raises `NumberOutOfRange`."""
    if len(text) > MOST_DIGITS:
        raise NumberOutOfRange(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NumberOutOfRange(text) from None
    if not number.is_zero() and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise NumberOutOfRange(text)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > LARGEST_EXPONENT + MOST_DIGITS:
        raise NumberOutOfRange(text)
    return number
