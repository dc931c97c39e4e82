"""Defaults of members that no literal of Python can be: made from their wire form when they are asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextvars import ContextVar
from types import FunctionType
from typing import Any, Final

from .conversion import decode
from .validation import Mode

_MAKING: Final[ContextVar[frozenset[int]]] = ContextVar("_MAKING", default=frozenset())


def default_of(annotation: Any, value: Any) -> Callable[[], Any]:
    """What makes the default of a member from its plain tree: a new value each time, as lists and models can change.

    A function stands for the annotation that it returns, where that is not there yet. A default inside itself, through
    the defaults of other models, is None: it would have no end.
    """
    own = id(value)

    def make() -> Any:
        making = _MAKING.get()
        if own in making:
            return None
        token = _MAKING.set(making | {own})
        try:
            known = annotation() if isinstance(annotation, FunctionType) else annotation
            return decode(known, copy.deepcopy(value), Mode.READ)
        finally:
            _MAKING.reset(token)

    return make
