"""What a terminal shows while a run takes longer than a second: which API is being built. It leaves no trace."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 1.0
"""Seconds without a word."""


@contextmanager
def progress(total: int) -> Generator[Callable[[str], None]]:
    """Gives the function that is told the name of each API, of `total`, before its turn."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda name: None
        return
    line = _Line(total)
    timer = threading.Timer(PATIENCE, line.show)
    timer.daemon = True
    timer.start()
    try:
        yield line.begin
    finally:
        timer.cancel()
        line.end()


class _Line:
    """The line of a terminal that is written over; shown by a timer, told names by the run."""

    def __init__(self, total: int) -> None:
        self._lock = threading.Lock()
        self._total = total
        self._done = 0
        self._name = ""
        self._is_shown = False
        self._has_ended = False

    def begin(self, name: str) -> None:
        with self._lock:
            self._done, self._name = self._done + 1, name
            self._draw()

    def show(self) -> None:
        with self._lock:
            self._is_shown = not self._has_ended
            self._draw()

    def end(self) -> None:
        with self._lock:
            self._has_ended = True
            if self._is_shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                self._is_shown = False

    def _draw(self) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[Kbuilding {self._name} ({self._done} of {self._total})")
            sys.stderr.flush()
