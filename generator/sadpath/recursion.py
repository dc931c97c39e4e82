"""Room for documents that nest deep: the interpreter's limit is raised while they are read."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_DEEPEST: Final = 10_000
"""Calls inside calls: enough for the deepest document that is read, through the validator too."""


@contextmanager
def deep_recursion() -> Generator[None]:
    """While this is open, calls may nest deeper; the former limit returns afterwards."""
    former = sys.getrecursionlimit()
    sys.setrecursionlimit(max(former, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(former)
