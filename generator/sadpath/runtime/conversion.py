"""Values of any annotation to and from plain trees."""

from __future__ import annotations

import contextlib
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from .references import validator_of, writer_of
from .validation import Mode, concealed


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
        return validator_of(annotation)(data, mode)
    with contextlib.suppress(ValidationError):
        return validator_of(annotation)(data, Mode.READ)
    return validator_of(annotation)(data, Mode.LENIENT)


def encode(annotation: Any, value: Any) -> Any:
    """The plain tree of a value; numbers stay Decimal."""
    return writer_of(annotation)(value)
