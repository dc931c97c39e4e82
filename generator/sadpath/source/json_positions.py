"""Where single values of a JSON document stand: what is not asked about is skipped as fast as JSON can be read."""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeAlias

from sadpath.source.extent import Extent, nearest
from sadpath.source.json_extents import json_extents
from sadpath.source.pointer import split

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_SKIP: Final = json.JSONDecoder(strict=False, parse_int=len, parse_float=len).raw_decode
"""Values that are skipped are thrown away, and numbers of any length can be."""
_LARGE: Final = 200_000
"""Characters of a collection, from which on it takes a while to find what is in it."""

Outline: TypeAlias = dict[int, dict[str, Extent]]
"""What is in a collection that starts at an offset."""


class JsonPositions:
    """The extents of one text, each collection looked into when somebody asks for what is in it."""

    def __init__(self, text: str, known: Outline | None = None) -> None:
        self._text = text
        self._inside: Outline = known or {}
        self._all: Extent | None = None

    def nearest(self, pointer: str) -> Extent:
        """The extent of the value at a pointer, or of its nearest ancestor that exists."""
        if self._all is None:
            try:
                return self._nearest(pointer)
            except (ValueError, RecursionError):  # no JSON, or too deep for the decoder: the slower scan copes
                self._all = json_extents(self._text).root
        return nearest(self._all, pointer)

    def outline(self) -> Outline:
        """What is in the large collections, for another process that has the text."""
        root = self._root()
        if self._text[root.start] in "{[":
            # Most of the text is in one or two of these: to look into all of them costs less than to skip those first.
            self._inside[root.start], _ = self._members(root.start, deeper=True)
        pending = list(self._children(root).values())
        while pending:
            one = pending.pop()
            if one.end - one.start > _LARGE:
                pending += self._children(one).values()
        return self._inside

    def _root(self) -> Extent:
        start, end = self._after_space(0), len(self._text)
        while self._text[end - 1] in " \t\r\n":  # which copies nothing, as stripping would
            end -= 1
        return Extent(start, end, scalar=self._text[start] not in "{[")

    def _nearest(self, pointer: str) -> Extent:
        found = self._root()
        for token in split(pointer):
            child = self._children(found).get(token)
            if child is None:
                return found
            found = child
        return found

    def _children(self, extent: Extent) -> dict[str, Extent]:
        if extent.start not in self._inside:
            opening = self._text[extent.start : extent.start + 1]
            self._inside[extent.start] = self._members(extent.start)[0] if opening in ("{", "[") else {}
        return self._inside[extent.start]

    def _members(self, start: int, *, deeper: bool = False) -> tuple[dict[str, Extent], int]:
        """What is in the collection that starts at an offset, and where that ends; `deeper` notes what is in those, too."""
        text = self._text
        is_mapping = text[start] == "{"
        found: dict[str, Extent] = {}
        at = self._after_space(start + 1)
        while text[at] not in "}]":
            token, key_start, key_end = str(len(found)), -1, -1
            if is_mapping:
                token, key_start, key_end, at = self._key(at)
            if deeper and text[at] in "{[":
                self._inside[at], end = self._members(at)
            else:
                end = _SKIP(text, at)[1]
            found.setdefault(token, Extent(at, end, key_start, key_end, scalar=text[at] not in "{["))
            at = self._after_space(end)
            if text[at] == ",":
                at = self._after_space(at + 1)
        return found, at + 1

    def _key(self, at: int) -> tuple[str, int, int, int]:
        """A key, where it starts and ends, and where its value starts."""
        key: tuple[Any, int] = _SKIP(self._text, at)
        colon = self._after_space(key[1])
        return str(key[0]), at, key[1], self._after_space(colon + 1)

    def _after_space(self, at: int) -> int:
        """The offset of the next token; raises `ValueError` where there is none."""
        found = _SPACE.match(self._text, at)
        end = at if found is None else found.end()
        if end >= len(self._text):
            raise ValueError("the text ends")
        return end
