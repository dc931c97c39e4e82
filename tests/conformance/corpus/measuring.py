"""Runs a command in a process of its own, and says how long it took, how much memory, and how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""


@dataclass(frozen=True)
class Run:
    """How a command ended: wall and CPU time in seconds, the largest memory in MiB; `code` None where its time was over."""

    code: int | None
    seconds: float
    cpu: float
    mebibytes: float
    output: str
    errors: str

    @property
    def has_traceback(self) -> bool:
        """Whether an exception of Python got out."""
        return "Traceback (most recent call last)" in self.errors


def measured(
    command: Sequence[str], limit: float, *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Run:
    """Run a command for so many seconds at most; it and its children are ended then."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        over = threading.Event()

        def end() -> None:
            over.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(limit, end)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
        return Run(
            None if over.is_set() else process.returncode,
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * _UNIT / 2**20,
            *texts,
        )
