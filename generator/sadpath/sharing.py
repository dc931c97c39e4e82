"""Does two parts of the work at a time, one of them in a child process, where a caller without threads says that it may."""

from __future__ import annotations

import gc
import io
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

Made = TypeVar("Made")
Further = TypeVar("Further")

_LENGTH: Final = 8
"""Bytes that tell how many follow."""
_BEHIND: Final = 5
"""How much less urgent, in the system's eyes, a child is whose parent has enough to do without what it makes."""


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
    with _in_turn([task], common, _BEHIND) as made:
        yield lambda: made(0)


@contextmanager
def aside_both(
    first: Callable[[], Made], second: Callable[[], Further], *, common: Iterable[object] = ()
) -> Generator[tuple[Callable[[], Made], Callable[[], Further]]]:
    """The same for two tasks of one child, which does the second when the first is done."""
    with _in_turn([first, second], common, _BEHIND) as made:
        yield lambda: made(0), lambda: made(1)


@contextmanager
def _in_turn(
    tasks: Sequence[Callable[[], object]], common: Iterable[object], behind: int = 0
) -> Generator[Callable[[int], Any]]:
    """What is given makes the task of a number, counted from 0."""
    known = list(common)
    child = _Child.begin(tasks, known, behind)
    try:
        yield (lambda number: tasks[number]()) if child is None else child.result
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
        with _in_turn([taken], ()) as others:
            made = taken()
            made |= others(0)
    finally:
        os.close(reading)
    # A child that ended early has taken a task along.
    return [made[number] if number in made else task() for number, task in enumerate(tasks)]


class _Child:
    """A process, and what its results are read from."""

    def __init__(self, process: int, reading: int, tasks: Sequence[Callable[[], object]], common: list[object]) -> None:
        self._process = process
        self._file = open(reading, "rb")  # noqa: SIM115 - as long as the child lives
        self._tasks = tasks
        self._common = common
        self._sent: list[bytes] = []

    @classmethod
    def begin(cls, tasks: Sequence[Callable[[], object]], common: list[object], behind: int) -> _Child | None:
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
            _run(tasks, writing, common, behind)
        os.close(writing)
        return cls(process, reading, tasks, common)

    def result(self, number: int) -> Any:
        """What the child made of a task, whatever was asked for before."""
        while len(self._sent) <= number:
            length = int.from_bytes(self._file.read(_LENGTH))
            data = self._file.read(length)
            if not length or len(data) < length:
                return self._tasks[number]()
            self._sent.append(data)
        data, self._sent[number] = self._sent[number], b""
        return _Unpickler(data, self._common).load()

    def end(self) -> None:
        """Nothing of the child is left afterwards."""
        self._file.close()
        if len(self._sent) < len(self._tasks):
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGTERM)
        # Whoever runs us may have asked the system to forget children, or waits for all of them itself.
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def _run(tasks: Sequence[Callable[[], object]], writing: int, common: list[object], behind: int) -> None:
    """The whole life of the child, which ends here: nothing that the parent would do at its end is done twice."""
    try:
        # What it shares with its parent is no garbage, and stays shared while nobody looks through it.
        gc.freeze()
        os.nice(behind)
        with open(writing, "wb") as file:
            for task in tasks:
                made = io.BytesIO()
                _Pickler(made, common).dump(task())
                file.write(made.tell().to_bytes(_LENGTH))
                file.write(made.getbuffer())
                file.flush()
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
