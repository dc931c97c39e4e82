"""Bytes to plain trees and back without loss: exact JSON numbers, form bodies, the wire text of Python values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from .durations import Duration
from .pointers import pointer_of
from .trees import is_array, is_mapping, is_object, is_sequence

_MAX_DEPTH: Final = 200

NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
"""The text forms of a number that are accepted; not `NaN`, not `1_000`, no other digits."""


class JsonError(ValueError):
    """The bytes are no JSON text, or hold what must not be guessed at."""


def parse_json(data: bytes | str, *, charset: str | None = None, unique: bool = False) -> Any:
    """The tree of a JSON text: numbers with a fraction or an exponent are Decimal, never float.

    `unique` refuses an object that has two members of one name; otherwise the last one counts. Raises JsonError.
    """
    try:
        text = data if isinstance(data, str) else data.decode(charset or json.detect_encoding(data))
        tree = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_members if unique else None,
        )
        if text.count("[") + text.count("{") > _MAX_DEPTH:
            _check_depth(tree)
        return tree
    except RecursionError:
        raise JsonError("the JSON text is nested too deeply") from None
    except InvalidOperation:
        raise JsonError("a JSON number is out of range") from None
    except JsonError:
        raise
    except LookupError:
        # Python has codecs, such as `hex`, that are no character encodings.
        raise JsonError("no JSON text: unknown character encoding") from None
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "wrong character encoding or number"
        raise JsonError(f"no JSON text: {reason}") from None


def _refuse_constant(name: str) -> Any:
    raise JsonError(f"{name} is no JSON value")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonError("an object has two members of one name")
    return members


def _check_depth(tree: Any) -> None:
    level: list[Any] = [tree]
    for _ in range(_MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise JsonError("the JSON text is nested too deeply")


def _inside(tree: Any) -> Iterable[Any]:
    if is_object(tree):
        return tree.values()
    return tree if is_array(tree) else ()


def write_json(tree: Any) -> bytes:
    """The compact JSON text in UTF-8; Decimal is written digit by digit.

    Raises TypeError for a float, naming the member, and ValueError or TypeError for what is no JSON value.
    """
    parts: list[str] = []
    try:
        _write(tree, parts, 0)
    except _FloatFound:
        raise TypeError(f"{float_in(tree)}: a float is no exact JSON number: give a Decimal") from None
    # A lone surrogate has no UTF-8 form; its escape is what JSON has for it.
    return "".join(parts).encode("utf-8", "backslashreplace")


class _FloatFound(TypeError):
    pass


def float_in(tree: Any, pointer: str = "") -> str | None:
    """The JSON Pointer of the first float in a tree; None where there is none."""
    if isinstance(tree, float):
        return pointer or "/"
    members = tree.items() if is_object(tree) else enumerate(tree) if is_sequence(tree) else ()
    found = (float_in(member, pointer + pointer_of((name,))) for name, member in members)
    return next((at for at in found if at is not None), None)


def _write(tree: Any, parts: list[str], depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError("the value is nested too deeply for JSON")
    if is_object(tree):
        _write_object(tree, parts, depth)
    elif is_sequence(tree):
        parts.append("[")
        for place, item in enumerate(tree):
            parts.append("," if place else "")
            _write(item, parts, depth + 1)
        parts.append("]")
    else:
        parts.append(_scalar(tree))


def _write_object(tree: dict[Any, Any], parts: list[str], depth: int) -> None:
    parts.append("{")
    for place, (name, value) in enumerate(tree.items()):
        if not isinstance(name, str):
            raise TypeError("the name of a JSON member is a str")
        parts.append(f"{',' if place else ''}{json.dumps(str.__str__(name), ensure_ascii=False)}:")
        _write(value, parts, depth + 1)
    parts.append("}")


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(str.__str__(value), ensure_ascii=False)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("JSON has no number that is not finite")
        return str(value)
    if isinstance(value, float):
        raise _FloatFound
    if isinstance(value, bytes):
        # A file in JSON, for which JSON has nothing but text; it is read back as the bytes of that text.
        return json.dumps(_text_in(value), ensure_ascii=False)
    if hasattr(value, "filename"):
        raise ValueError("a file has no form in JSON: give the bytes of the text that the API wants, of base64 mostly")
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _text_in(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise ValueError(
        "bytes that are no text cannot stand here: give those of the text that the API wants, of base64 mostly"
    )


def plain(value: Any) -> Any:
    """What JSON can say of a Python value: enum members as values, times as text, models as their members that are set."""
    if value is None or type(value) in (str, int, bool, Decimal, float):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if is_mapping(value):
        return {str(plain(name)): plain(member) for name, member in value.items()}
    if is_sequence(value):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date | time | timedelta | UUID):
        return text_of(value)
    to_wire = getattr(value, "to_wire", None)
    return to_wire() if callable(to_wire) else value


def text_of(value: Any) -> str:
    """The text of one value where there are no types: in paths, queries, headers and forms. Raises TypeError."""
    if isinstance(value, Enum):
        return text_of(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | UUID):
        return str(value)
    if isinstance(value, Decimal | float):
        return decimal_text(value if isinstance(value, Decimal) else Decimal(repr(value)))
    if isinstance(value, datetime):
        return datetime_text(value)
    if isinstance(value, date | time):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return duration_text(value)
    if value is None or isinstance(value, bytes):
        # As in JSON: bytes that are a text are written, and read back as its bytes.
        return _text_in(value or b"")
    raise TypeError(f"{type(value).__name__} has no text form here")


def decimal_text(value: Decimal) -> str:
    """Digits without an exponent where that is short; the number of decimals is kept."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError("a number that is not finite has no text form")
    return format(value, "f") if -64 <= exponent <= 64 else str(value)


def datetime_text(value: datetime) -> str:
    """RFC 3339, with `Z` for UTC and no more digits of a second than needed."""
    fraction = (
        "seconds" if not value.microsecond else "milliseconds" if value.microsecond % 1000 == 0 else "microseconds"
    )
    text = value.isoformat(timespec=fraction)
    return f"{text[:-6]}Z" if value.tzinfo is not None and value.utcoffset() == timezone.utc.utcoffset(None) else text


def duration_text(value: timedelta) -> str:
    """ISO 8601: as it was read, else in seconds, such as `PT90S` or `PT0.25S`."""
    if isinstance(value, Duration):
        return value.text
    micro = round(value / timedelta(microseconds=1))
    sign = "-" if micro < 0 else ""
    seconds = decimal_text(Decimal(abs(micro)) / 1_000_000)
    return f"{sign}PT{seconds}S"


def write_form(members: Iterable[tuple[str, str]]) -> bytes:
    """`application/x-www-form-urlencoded`, in UTF-8."""
    return urlencode(list(members)).encode("ascii")


def parse_form(data: bytes | str, *, max_fields: int = 1000) -> list[tuple[str, str]]:
    """The pairs of a form body or of a query, in order. Raises ValueError where they are too many or no UTF-8."""
    text = data if isinstance(data, str) else data.decode("utf-8")
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=max_fields)
