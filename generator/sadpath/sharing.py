"""Does two parts of the work at a time, one of them in a child process, where a caller without threads says that it may."""

from __future__ import annotations

import gc
import io
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Generic, TypeVar

Made = TypeVar("Made")

_WHOLE: Final = b"whole"
"""Stands behind what a child made, all of it."""


def can_share() -> bool:
    """Whether this machine can do two things at a time in processes that begin with what this one knows.

    A process with several threads must not: a lock that another thread holds would be held in the child for ever.
    """
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1


@contextmanager
def aside(task: Callable[[], Made], *, common: Iterable[object] = ()) -> Generator[Callable[[], Made]]:
    """Begin a task in a child process; what is given is to be called once, for what the task makes.

    Objects in `common` are not sent back to this process, which has them. Where the child ends early, for whatever reason,
    the task is done here: then an error shows as it always would.
    """
    known = list(common)
    child: _Child[Made] | None = _Child[Made].begin(task, known)
    try:
        yield task if child is None else lambda: child.result(task, known)
    finally:
        if child is not None:
            child.end()


def shared_out(tasks: Sequence[Callable[[], Made]]) -> list[Made]:
    """What the tasks make, 256 of them at most: this process and a child each take the next one whenever they are free."""
    reading, writing = os.pipe()
    os.write(writing, bytes(range(len(tasks))))
    os.close(writing)

    def taken() -> dict[int, Made]:
        made: dict[int, Made] = {}
        while number := os.read(reading, 1):
            made[number[0]] = tasks[number[0]]()
        return made

    try:
        with aside(taken) as others:
            made = taken()
            made |= others()
    finally:
        os.close(reading)
    # A child that ended early has taken a task along.
    return [made[number] if number in made else task() for number, task in enumerate(tasks)]


class _Child(Generic[Made]):
    """A process, and what its result is read from."""

    def __init__(self, process: int, reading: int) -> None:
        self._process = process
        self._file = open(reading, "rb")  # noqa: SIM115 - as long as the child lives
        self._is_done = False

    @classmethod
    def begin(cls, task: Callable[[], Made], common: list[object]) -> _Child[Made] | None:
        """None where the system has no room for another process."""
        reading, writing = os.pipe()
        try:
            process = os.fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            return None
        if process == 0:
            os.close(reading)
            _run(task, writing, common)
        os.close(writing)
        return cls(process, reading)

    def result(self, task: Callable[[], Made], common: list[object]) -> Made:
        data = self._file.read()
        self._is_done = data.endswith(_WHOLE)
        return _Unpickler(data.removesuffix(_WHOLE), common).load() if self._is_done else task()

    def end(self) -> None:
        """Nothing of the child is left afterwards."""
        self._file.close()
        if not self._is_done:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGTERM)
        # Whoever runs us may have asked the system to forget children, or waits for all of them itself.
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def _run(task: Callable[[], object], writing: int, common: list[object]) -> None:
    """The whole life of the child, which ends here: nothing that the parent would do at its end is done twice."""
    try:
        # What it shares with its parent is no garbage, and stays shared while nobody looks through it.
        gc.freeze()
        with open(writing, "wb") as file:
            _Pickler(file, common).dump(task())
            file.write(_WHOLE)
    finally:
        os._exit(0)


class _Pickler(pickle.Pickler):
    """Writes a number for what both processes know."""

    def __init__(self, file: Any, common: list[object]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._numbers = {id(one): number for number, one in enumerate(common)}

    def persistent_id(self, obj: object) -> int | None:
        return self._numbers.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, common: list[object]) -> None:
        super().__init__(io.BytesIO(data))
        self._common = common

    def persistent_load(self, pid: Any) -> object:
        return self._common[pid]
