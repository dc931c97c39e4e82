"""Fewer searches for garbage in circles: a run builds millions of values that all live until its end."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (1_000_000_000, 50, 1_000)
"""New objects before the youngest are searched, and so on: more than there ever are."""
_OF_FORMATTER: Final = (200_000, 50, 1_000)
"""Often enough for what Black leaves behind, which is several times what everything else needs."""


def search_seldom() -> None:
    """Have the collector search seldom until the process ends: where thresholds return at the end of a run, it would search then."""
    gc.set_threshold(*_THRESHOLDS)


def search_behind_formatter() -> None:
    """From now on, until thresholds return, there is garbage in circles: Black's."""
    if gc.get_threshold() == _THRESHOLDS:
        gc.set_threshold(*_OF_FORMATTER)


@contextmanager
def rare_collections() -> Generator[None]:
    """While this is open, the collector searches seldom, and never through everything; its thresholds return afterwards."""
    former = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*former)
