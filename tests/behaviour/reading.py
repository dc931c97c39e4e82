"""A plain tree as a server reads it in a request, and what a client notes of an answer, for the tests of schemas."""

from __future__ import annotations

from typing import Any, TypeVar

from features._runtime.conversion import decode
from features._runtime.model import Model
from features._runtime.validation import Mode

_M = TypeVar("_M", bound=Model)


def received(model: type[_M], tree: Any) -> _M:
    """The model that a server makes of a body; raises pydantic's ValidationError where it refuses it."""
    found = decode(model, tree, Mode.REQUEST)
    assert isinstance(found, model)
    return found


def noted(model: Model) -> list[tuple[str, str]]:
    """The violations of an answer: pointer and message."""
    return [(one.pointer, one.message) for one in model.violations]
