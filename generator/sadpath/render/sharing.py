"""Renders two parts at a time, one of them in a child process, where there is enough to do and the system can fork."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeAlias

Part: TypeAlias = Callable[[], dict[str, str]]
"""Makes files: texts by path."""
_WHOLE: Final = b"whole"
"""Stands behind what a child made, all of it."""


def both(mine: Part, others: Part, *, worthwhile: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What the two parts make; the second may be made by a child process, which changes nothing about it.

    Where the child ends early, for whatever reason, the part is made here: then an error shows as it always would.
    """
    child = _begun(others) if worthwhile and _can_share() else None
    if child is None:
        return mine(), others()
    process, reading = child
    received: dict[str, str] | None = None
    try:
        with open(reading, "rb") as file:
            made = mine()
            received = _received(file.read())
    finally:
        if received is None:
            _end(process)
        _wait(process)
    return made, others() if received is None else received


def _can_share() -> bool:
    """Whether a fork is possible and safe: a lock that another thread holds would be held in the child for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


def _begun(part: Part) -> tuple[int, int] | None:
    """The child, and what its files are read from; None where the system has no room for one."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if process == 0:
        os.close(reading)
        _run(part, writing)
    os.close(writing)
    return process, reading


def _run(part: Part, writing: int) -> None:
    """The whole life of the child, which ends here: nothing that the parent would do at its end is done twice."""
    try:
        # What it shares with its parent is no garbage, and stays shared while nobody looks through it.
        gc.freeze()
        with open(writing, "wb") as file:
            file.write(pickle.dumps(part(), protocol=pickle.HIGHEST_PROTOCOL) + _WHOLE)
    finally:
        os._exit(0)


def _received(data: bytes) -> dict[str, str] | None:
    """What the child made; None where it did not come to its end."""
    return pickle.loads(data.removesuffix(_WHOLE)) if data.endswith(_WHOLE) else None


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)


def _wait(process: int) -> None:
    # Whoever runs us may have asked the system to forget children, or waits for all of them itself.
    with suppress(ChildProcessError):
        os.waitpid(process, 0)
