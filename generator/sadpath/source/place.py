"""A value's place in a document: what every later stage keeps instead of lines and columns."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from sadpath.diagnostics.location import Span
from sadpath.runtime.frozen import dataclass
from sadpath.source.pointer import escape, join
from sadpath.source.text import Source
from sadpath.source.tree import lookup

__all__ = ["Place", "Span", "Spot"]


@dataclass(frozen=True, slots=True)
class Place:
    """The value at a JSON Pointer (RFC 6901) of a source; equal where path and pointer are."""

    source: Source
    pointer: str = ""
    is_key: bool = field(default=False, compare=False)
    """Whether a reader should look at the key, not at the value."""

    def __hash__(self) -> int:
        # Tables ask for it more often than for anything else, and nearly all of their places are in one source.
        return hash(self.pointer)

    @property
    def path(self) -> str:
        return self.source.path

    def line(self, number: int) -> str:
        return self.source.origin(self.pointer)[0].line(number)

    def key(self) -> Place:
        """The same place, with the focus on its key: for a key that should not be there or is misspelt."""
        return Place(self.source, self.pointer, is_key=True)

    @property
    def value(self) -> Any:
        """The value there; raises `KeyError` where the pointer leads to nothing."""
        found = lookup(self.source.tree, self.pointer)
        if found is None:
            raise KeyError(self.pointer)
        return found[0]

    def child(self, token: str | int, *further: str | int) -> Place:
        if isinstance(token, str) and ("/" in token or "~" in token):
            token = escape(token)
        pointer = f"{self.pointer}/{token}"
        return Place(self.source, join(pointer, *further) if further else pointer)

    def span(self, key: bool = False) -> Span:
        """The stretch of the value, or of its key; that of the nearest ancestor where there is no such value."""
        source, pointer = self.source.origin(self.pointer)
        extent = source.extent(pointer)
        if key and extent.key_start >= 0:
            return source.stretch(extent.key_start, extent.key_end)
        return source.stretch(extent.start, extent.end)

    def focus(self) -> Span:
        """The span of a scalar; of a mapping or list its key; of an item the whole; of a document its first character."""
        source, pointer = self.source.origin(self.pointer)
        extent = source.extent(pointer)
        if extent.scalar and not (self.is_key and extent.key_start >= 0):
            return source.stretch(extent.start, extent.end)
        if extent.key_start >= 0:
            return source.stretch(extent.key_start, extent.key_end)
        return source.stretch(extent.start, extent.end if pointer else extent.start + 1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a text that has no tree, between two offsets: where syntax errors are."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    def line(self, number: int) -> str:
        return self.source.line(number)

    @property
    def pointer(self) -> str | None:
        return None

    def focus(self) -> Span:
        return self.source.stretch(self.start, self.end)
