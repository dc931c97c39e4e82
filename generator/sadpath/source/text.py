"""One document that was read: its text, its tree of plain values, and positions, which are computed on first demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sadpath.diagnostics.location import Span
from sadpath.source.extent import Extent, nearest
from sadpath.source.lines import LineTable
from sadpath.source.origins import Origins

if TYPE_CHECKING:
    from sadpath.source.json_positions import JsonPositions

Syntax: TypeAlias = Literal["json", "toml", "yaml"]


def syntax_of(path: str) -> Syntax:
    """How a file is written, by the end of its name."""
    suffix = path.lower().rpartition(".")[2]
    return "json" if suffix == "json" else "toml" if suffix == "toml" else "yaml"


class Source:
    """`path` is for display (POSIX and relative where possible, or a URL) and identifies the source; `text` has no byte order mark.

    `tree` holds only dict with string keys, list, str, int, Decimal, bool and None; it must not be changed.
    """

    __slots__ = ("_extents", "_lines", "_positions", "origins", "path", "syntax", "text", "tree")

    def __init__(
        self, path: str, text: str, tree: Any = None, syntax: Syntax | None = None, origins: Origins | None = None
    ) -> None:
        self.path = path
        self.syntax: Syntax = syntax or syntax_of(path)
        self.text = text
        self.tree = tree
        self.origins = origins
        """Where parts of the tree come from that were patched; None where all of it is in `text`."""
        self._lines: LineTable | None = None
        self._extents: Extent | None = None
        self._positions: JsonPositions | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    def origin(self, pointer: str) -> tuple[Source, str]:
        """The source, and the pointer there, that the value at a pointer was read from."""
        return (self, pointer) if self.origins is None else self.origins.of(pointer)

    def stretch(self, start: int, end: int) -> Span:
        """The span between two offsets of the text."""
        return self._table().span(self.path, start, end)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without what ends it."""
        return self._table().line(number)

    def _table(self) -> LineTable:
        if self._lines is None:
            self._lines = LineTable(self.text)
        return self._lines

    def extent(self, pointer: str) -> Extent:
        """Where the value at `pointer` stands, or its nearest ancestor that exists."""
        if self.syntax == "json":
            return self._json().nearest(pointer)
        if self._extents is None:
            self._extents = _extents(self.text, self.syntax)
        return nearest(self._extents, pointer)

    def _json(self) -> JsonPositions:
        if self._positions is None:
            from sadpath.source.json_positions import JsonPositions

            self._positions = JsonPositions(self.text)
        return self._positions


def _extents(text: str, syntax: Syntax) -> Extent:
    if syntax == "toml":
        from sadpath.source.toml_extents import toml_extents

        return toml_extents(text)
    from sadpath.source.yaml_extents import yaml_extents

    return yaml_extents(text)
