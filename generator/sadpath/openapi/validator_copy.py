"""The copy of a document that openapi-spec-validator gets: one tree, every reference inside it, no Decimal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote as percent_encoded

from sadpath.source.place import Place
from sadpath.source.pointer import escape, join
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, lookup, step

OTHER_FILES: Final = "x-sadpath-files"
"""The extension of the copy under which the other files stand, as a list; references to them are rewritten."""


_MAPS_WITH_EXTENSIONS: Final = ("/paths", "/responses", "/callbacks")
"""Ends of pointers to maps in which openapi-spec-validator takes an extension for one of the members."""


_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""Types of values that are the same in the copy."""


class ValidatorCopy:
    """The copy, and the way from a path in it back to a place in the document.

    `tree` gives what is copied of a file.
    """

    def __init__(self, sources: Sources, tree: Callable[[Source], Any] = lambda source: source.tree) -> None:
        self._sources = sources
        self._files = sources.all
        self.tree: dict[str, Any] = {}
        for source in reversed(self._files):
            copied = self._copy(tree(source), source, "")
            if source == sources.root:
                self.tree |= copied
            else:
                self.tree.setdefault(OTHER_FILES, []).insert(0, copied)

    def _copy(self, value: Any, source: Source, at: str) -> Any:
        if isinstance(value, str):
            return value
        if is_mapping(value):
            copied = {
                key: inner if type(inner) in _AS_THEY_ARE else self._copy(inner, source, f"{at}/{escape(key)}")
                for key, inner in value.items()
            }
            if at.endswith(_MAPS_WITH_EXTENSIONS):
                copied = {key: inner for key, inner in copied.items() if not key.startswith("x-")}
            reference = value.get("$ref")
            if isinstance(reference, str):
                target = self._sources.known(Place(source, f"{at}/$ref"), reference)
                copied["$ref"] = reference if target is None else self._fragment(target)
            return copied
        if is_list(value):
            return [
                inner if type(inner) in _AS_THEY_ARE else self._copy(inner, source, f"{at}/{index}")
                for index, inner in enumerate(value)
            ]
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value

    def _fragment(self, target: Place) -> str:
        pointer = target.pointer
        if target.source != self._sources.root:
            pointer = join("", OTHER_FILES, self._files.index(target.source) - 1) + pointer
        return _fragment_of(pointer)

    def place(self, path: list[str | int]) -> Place:
        """The place that `path` in the copy leads to, through references; the last one that exists."""
        root = Place(self._sources.root)
        tokens = [str(token) for token in path]
        if tokens[:1] == [OTHER_FILES] and len(tokens) > 1:
            root, tokens = Place(self._files[int(tokens[1]) + 1]), tokens[2:]
        for token in tokens:
            # What stands beside a reference is not what the reference leads to, though it may be called the same.
            root = root if step(root.value, token) is not None else self._through(root)
            if step(root.value, token) is None:
                break
            root = root.child(token)
        return root

    def _through(self, place: Place) -> Place:
        """Follow the references at a place, as navigating in the copy does."""
        seen: set[Place] = set()
        while place not in seen:
            seen.add(place)
            value = lookup(place.source.tree, place.pointer)
            reference = value[0].get("$ref") if value is not None and is_mapping(value[0]) else None
            target = self._sources.known(place.child("$ref"), reference) if isinstance(reference, str) else None
            if target is None:
                break
            place = target
        return place


@lru_cache(1024)
def _fragment_of(pointer: str) -> str:
    return "#" + percent_encoded(pointer, safe="/~!$&'()*+,;=:@?")
