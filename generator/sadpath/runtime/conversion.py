"""Values of any annotation to and from plain trees; adapters are made once for each annotation."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from .references import validator_of, writer_of
from .validation import Mode

_CACHED_ADAPTERS = 2048


def decode(annotation: Any, data: Any, mode: Mode = Mode.READ) -> Any:
    """The value of a plain tree; raises `pydantic.ValidationError`.

    In READ a value that breaks a constraint is kept; models keep what can be read of them.
    """
    try:
        if mode is not Mode.READ:
            return _validator(annotation)(data, mode)
        try:
            return _validator(annotation)(data, Mode.READ)
        except ValidationError:
            return _validator(annotation)(data, Mode.LENIENT)
    except PydanticCustomError as error:
        details = InitErrorDetails(type=error, loc=(), input=None)
        raise ValidationError.from_exception_data("value", [details], hide_input=True) from None


def encode(annotation: Any, value: Any) -> Any:
    """The plain tree of a value; numbers stay Decimal."""
    return _writer(annotation)(value)


def _validator(annotation: Any) -> Callable[[Any, Mode], Any]:
    try:
        return _cached_validator(annotation)
    except TypeError:
        return validator_of(annotation)


@lru_cache(maxsize=_CACHED_ADAPTERS)
def _cached_validator(annotation: Any) -> Callable[[Any, Mode], Any]:
    return validator_of(annotation)


def _writer(annotation: Any) -> Callable[[Any], Any]:
    try:
        return _cached_writer(annotation)
    except TypeError:
        return writer_of(annotation)


@lru_cache(maxsize=_CACHED_ADAPTERS)
def _cached_writer(annotation: Any) -> Callable[[Any], Any]:
    return writer_of(annotation)
