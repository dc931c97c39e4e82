"""Values of any annotation to and from plain trees; adapters are made once for each annotation."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from .references import validator_of, writer_of
from .validation import Mode, concealed

_CACHED_ADAPTERS = 2048


def decode(annotation: Any, data: Any, mode: Mode = Mode.READ) -> Any:
    """The value of a plain tree; raises `pydantic.ValidationError`, which does not hold what was refused.

    In READ a value that breaks a constraint is kept; models keep what can be read of them.
    """
    try:
        return _decoded(annotation, data, mode)
    except PydanticCustomError as error:
        details = InitErrorDetails(type=error, loc=(), input=None)
        problem = ValidationError.from_exception_data("value", [details], hide_input=True)
    except ValidationError as error:
        problem = concealed(error)
    raise problem


def _decoded(annotation: Any, data: Any, mode: Mode) -> Any:
    if mode is not Mode.READ:
        return _validator(annotation)(data, mode)
    with contextlib.suppress(ValidationError):
        return _validator(annotation)(data, Mode.READ)
    return _validator(annotation)(data, Mode.LENIENT)


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
