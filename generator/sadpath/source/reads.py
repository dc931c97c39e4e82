"""What a run has read: so that `watch` knows what to watch, and a run with nothing changed can be told from the hashes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sadpath.source.listing import listing_digest
from sadpath.source.text import Source


@dataclass(slots=True)
class Reads:
    """Absolute paths with the SHA-256 of what was found there, None where there was no file; `is_whole` while nothing else was used.

    A path with a separator at its end is a folder, and its digest is that of the names below it.
    """

    files: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    sources: dict[str, Source] = field(default_factory=dict[str, Source])
    is_whole: bool = True


_CURRENT: Final[ContextVar[tuple[Reads, ...]]] = ContextVar("reads", default=())


@contextmanager
def recorded_reads() -> Generator[Reads]:
    """While this is open, everything that is read is noted; a recording around it goes on."""
    reads = Reads()
    token = _CURRENT.set((*_CURRENT.get(), reads))
    try:
        yield reads
    finally:
        _CURRENT.reset(token)


def note_file(path: Path, data: bytes | None) -> None:
    """A file was read, or was looked for and is not there; the first reading counts."""
    current = _CURRENT.get()
    if current:
        digest = None if data is None else hashlib.sha256(data).hexdigest()
        for reads in current:
            reads.files.setdefault(os.path.abspath(path), digest)


def note_listing(folder: Path) -> None:
    """The names of the files below a folder matter, those of further ones too."""
    path = os.path.abspath(folder) + os.sep
    for reads in _CURRENT.get():
        reads.files.setdefault(path, listing_digest(path))


def note_source(source: Source) -> None:
    """A document was parsed, or patched after that."""
    for reads in _CURRENT.get():
        reads.sources[source.path] = source


def note_unhashed() -> None:
    """Something was used that no file of this machine stands for, such as the network or code of somebody else."""
    for reads in _CURRENT.get():
        reads.is_whole = False
