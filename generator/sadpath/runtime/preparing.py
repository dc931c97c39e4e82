"""What has to be done before a request is repeated, by whoever made the client: a token renewed, a clock set right."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_args

from .contract import Preparation
from .frozen import dataclass

Preparations = Mapping[Preparation, Callable[[], Any]]
"""What to call, by what the catalog's `before` names; an async client also awaits what a function returns."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Do what has to be done first."""

    action: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Unprepared:
    """It could not be done."""

    error: Exception


def check_preparations(preparations: Preparations) -> None:
    """Raises ValueError for a name that no catalog uses, TypeError for what cannot be called."""
    known = get_args(Preparation)
    for name, action in preparations.items():
        if name not in known:
            raise ValueError(f"prepare: there is no {name!r}, but {' and '.join(known)}")
        if not callable(action):
            raise TypeError(f"prepare: {name!r} is a function")


def prepared(step: Prepare) -> Unprepared | None:
    """Call it; what a failing function raises becomes the cause of the failure that was to be repeated."""
    try:
        found = step.action()
    except Exception as error:
        return Unprepared(error)
    if inspect.isawaitable(found):
        if inspect.iscoroutine(found):
            found.close()
        raise TypeError("prepare: nobody would await this function: a client that blocks takes plain ones")
    return None


async def aprepared(step: Prepare) -> Unprepared | None:
    """As `prepared`, awaited where there is something to await."""
    try:
        found = step.action()
        if inspect.isawaitable(found):
            await found
    except Exception as error:
        return Unprepared(error)
    return None
