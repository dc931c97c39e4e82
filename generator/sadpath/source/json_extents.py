"""Where the values of a JSON document stand: a tokenizer of our own, as YAML refuses some of JSON's escapes."""

from __future__ import annotations

import json
import re
from dataclasses import field
from typing import Final

from sadpath.runtime.frozen import dataclass
from sadpath.source.extent import Extent

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s,\[\]{}:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that a mapping has twice, with the offsets of both."""

    key: str
    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(slots=True)
class JsonExtents:
    root: Extent = field(default_factory=lambda: Extent(0, 0))
    duplicates: list[Duplicate] = field(default_factory=list[Duplicate])
    deepest: int = 0
    """The most levels that collections nest."""
    deepest_at: int = 0


class _Scanner:
    """Follows the tokens of a valid text; the top of the stack is the collection that is open."""

    def __init__(self) -> None:
        self.found = JsonExtents()
        self._stack: list[tuple[Extent, bool]] = []
        self._key: tuple[str, int, int] | None = None

    def feed(self, token: str, start: int, end: int) -> None:
        if token in "{[":
            extent = Extent(start, end, scalar=False)
            self._place(extent)
            self._stack.append((extent, token == "{"))
            if len(self._stack) > self.found.deepest:
                self.found.deepest, self.found.deepest_at = len(self._stack), start
        elif token in "}]":
            if self._stack:
                self._stack.pop()[0].end = end
        elif token not in ",:":
            self._scalar(token, start, end)

    def _scalar(self, token: str, start: int, end: int) -> None:
        if self._stack and self._stack[-1][1] and self._key is None:
            self._key = (_text(token), start, end)
        else:
            self._place(Extent(start, end))

    def _place(self, extent: Extent) -> None:
        if not self._stack:
            self.found.root = extent
            return
        parent, is_mapping = self._stack[-1]
        if not is_mapping:
            parent.children[str(len(parent.children))] = extent
            return
        key, extent.key_start, extent.key_end = self._key or ("", extent.start, extent.end)
        self._key = None
        first = parent.children.setdefault(key, extent)
        if first is not extent:
            second = (extent.key_start, extent.key_end)
            self.found.duplicates.append(Duplicate(key, (first.key_start, first.key_end), second))


def _text(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token


def json_extents(text: str) -> JsonExtents:
    """The extents, duplicate keys and depth of a JSON text; of a text that is not JSON, what can be made out."""
    scanner = _Scanner()
    for match in _TOKEN.finditer(text):
        scanner.feed(match.group(), match.start(), match.end())
    return scanner.found
