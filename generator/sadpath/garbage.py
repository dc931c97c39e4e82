"""Fewer searches for garbage in circles: a run builds millions of values that all live until its end."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (200_000, 50, 1_000)
"""New objects before the youngest are searched, and so on: often enough for what Black leaves behind, where it is asked."""


def search_seldom() -> None:
    """Have the collector search seldom until the process ends: where thresholds return at the end of a run, it would search then."""
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def rare_collections() -> Generator[None]:
    """While this is open, the collector searches seldom, and never through everything; its thresholds return afterwards."""
    former = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*former)
