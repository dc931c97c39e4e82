"""One document that was read: its text, its tree of plain values, and positions, which are computed on first demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sadpath.diagnostics.location import Span
from sadpath.runtime.frozen import dataclass
from sadpath.source.extent import Extent, nearest
from sadpath.source.lines import LineTable
from sadpath.source.origins import Origins

if TYPE_CHECKING:
    from sadpath.source.json_positions import Outline

Syntax: TypeAlias = Literal["json", "toml", "yaml"]
Find: TypeAlias = Callable[[str], Extent]
"""Where the value at a JSON Pointer stands, or its nearest ancestor that exists."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What takes longest to find out about a text before any position in it is known: for another process that has the text."""

    lines: Sequence[int]
    outline: Outline | None


def syntax_of(path: str) -> Syntax:
    """How a file is written, by the end of its name."""
    suffix = path.lower().rpartition(".")[2]
    return "json" if suffix == "json" else "toml" if suffix == "toml" else "yaml"


class Source:
    """`path` is for display (POSIX and relative where possible, or a URL) and identifies the source; `text` has no byte order mark.

    `tree` holds only dict with string keys, list, str, int, Decimal, bool and None; it must not be changed.
    """

    __slots__ = ("_lines", "_mentioned", "find", "origins", "path", "syntax", "text", "tree")

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
        self._mentioned: dict[str, bool] = {}
        self.find: Find | None = None
        """What knows where values stand; None where nobody has asked yet, and reading the text did not tell."""

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

    def mentions(self, words: str) -> bool:
        """Whether these words stand in the text, which is looked through once for them."""
        if words not in self._mentioned:
            self._mentioned[words] = words in self.text
        return self._mentioned[words]

    def _table(self) -> LineTable:
        if self._lines is None:
            self._lines = LineTable(self.text)
        return self._lines

    def survey(self) -> Survey | None:
        """Look into what is large; None where the text could not have been read as what it is."""
        lines = self._table().starts
        if self.find is not None or self.syntax != "json":
            return Survey(lines, None)
        from sadpath.source.json_positions import JsonPositions

        try:
            return Survey(lines, JsonPositions(self.text).outline())
        except (ValueError, RecursionError):
            return None

    def know(self, survey: Survey) -> None:
        """Take over what another process found out about the very same text."""
        self._lines = LineTable(self.text, survey.lines)
        if survey.outline is not None:
            from sadpath.source.json_positions import JsonPositions

            self.find = JsonPositions(self.text, survey.outline).nearest

    def extent(self, pointer: str) -> Extent:
        """Where the value at `pointer` stands, or its nearest ancestor that exists."""
        if self.find is None:
            self.find = _find(self.text, self.syntax)
        return self.find(pointer)


def _find(text: str, syntax: Syntax) -> Find:
    if syntax == "json":
        from sadpath.source.json_positions import JsonPositions

        return JsonPositions(text).nearest
    if syntax == "toml":
        from sadpath.source.toml_extents import toml_extents

        return partial(nearest, toml_extents(text))
    from sadpath.source.yaml_extents import yaml_extents

    return partial(nearest, yaml_extents(text))
