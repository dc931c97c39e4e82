"""Where a finding points: the least that rendering needs of a document, so that nothing else is imported here."""

from __future__ import annotations

from typing import Protocol

from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file. Lines and columns count characters from 1; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Location(Protocol):
    """A place in a document that was read. `pointer` is None where the text has no tree yet, as in a syntax error."""

    @property
    def path(self) -> str: ...

    @property
    def pointer(self) -> str | None: ...

    def focus(self) -> Span:
        """The stretch to underline: a scalar itself, but the key of a mapping or of a list."""
        ...

    def line(self, number: int) -> str:
        """The text of a line of the document, counted from 1."""
        ...
