"""Renders two parts at a time, one of them in a child process, where there is enough to do and the system can fork."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable
from typing import TypeAlias

Part: TypeAlias = Callable[[], dict[str, str]]
"""Makes files: texts by path."""


def both(mine: Part, others: Part, *, worthwhile: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What the two parts make; the second may be made by a child process, which changes nothing about it.

    Where the child ends early, for whatever reason, the part is made here: then an error shows as it always would.
    """
    child = _begun(others) if worthwhile and _can_share() else None
    if child is None:
        return mine(), others()
    process, reading = child
    try:
        made = mine()
    finally:
        received = _ended(process, reading)
    return made, others() if received is None else received


def _can_share() -> bool:
    """Whether a fork is possible and safe: a lock that another thread holds would be held in the child for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


def _begun(part: Part) -> tuple[int, int] | None:
    """The child, and what its files are read from; None where the system has no room for one."""
    reading, writing = os.pipe()
    # Neither process needs to look through what both share.
    gc.freeze()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        gc.unfreeze()
        return None
    if process == 0:
        os.close(reading)
        _run(part, writing)
    os.close(writing)
    return process, reading


def _run(part: Part, writing: int) -> None:
    """The whole life of the child, which ends here: nothing that the parent would do at its end is done twice."""
    code = 1
    try:
        with open(writing, "wb") as file:
            pickle.dump(part(), file, protocol=pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _ended(process: int, reading: int) -> dict[str, str] | None:
    """What the child made; None where it failed."""
    with open(reading, "rb") as file:
        data = file.read()
    _, status = os.waitpid(process, 0)
    gc.unfreeze()
    return pickle.loads(data) if status == 0 else None
