"""Where single values of a YAML document stand: its first levels are noted while it is read, the rest is parsed again where asked about."""

from __future__ import annotations

from typing import Final

import yaml

from sadpath.runtime.frozen import dataclass
from sadpath.source.extent import Extent, nearest
from sadpath.source.pointer import split
from sadpath.source.yaml_events import events, extent_of, is_plain
from sadpath.source.yaml_extents import ExtentBuilder, yaml_extents

_LEVELS: Final = 2
"""Collections inside collections that are noted: down to the paths, and to the components of each kind."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The text of a collection that was not looked into: up to what follows it, indented as it stands in its line."""

    start: int
    stop: int
    column: int


class Outline:
    """Takes the events of a document that has no anchors, one by one."""

    def __init__(self) -> None:
        self._builder = ExtentBuilder()
        self._unseen: dict[int, _Stretch] = {}
        self._depth = 0
        self._pending: tuple[Extent, int] | None = None
        self._in_flow = False
        self._last: yaml.Event | None = None
        self._is_sufficient = True

    def feed(self, event: yaml.Event) -> None:
        depth = self._depth
        if isinstance(event, yaml.ScalarEvent):
            if depth > _LEVELS:
                self._last = event
                return
            # What is merged in may stand anywhere.
            self._is_sufficient = self._is_sufficient and not (event.value == "<<" and is_plain(event))
            self._builder.feed(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
            self._depth = depth + 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._depth = depth - 1
            self._close(event)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if self._depth < _LEVELS:
            self._in_flow = bool(event.flow_style)
            self._builder.feed(event)
        elif self._depth == _LEVELS:
            # A part of a flow collection may be written as it could not be by itself.
            self._is_sufficient = self._is_sufficient and not self._in_flow
            extent = Extent(*extent_of(event), scalar=False)
            self._builder.place(extent, None)
            self._pending = extent, 0 if event.start_mark is None else event.start_mark.column
            self._last = None

    def _close(self, event: yaml.Event) -> None:
        start, end = extent_of(event)
        if self._depth > _LEVELS:
            self._last = event if end > start else self._last
        elif self._depth < _LEVELS:
            self._builder.feed(event)
        elif self._pending is not None:
            extent, column = self._pending
            self._unseen[extent.start] = _Stretch(extent.start, max(start, end), column)
            last = extent.end if self._last is None else max(extent.end, extent_of(self._last)[1])
            extent.end = end if end > start else last

    def positions(self, text: str) -> YamlPositions | None:
        """What finds the values of the document; None where that needs all of its events."""
        return YamlPositions(text, self._builder.root, self._unseen) if self._is_sufficient else None


class YamlPositions:
    """The extents of one text, of which each part is parsed again when somebody asks for what is in it."""

    def __init__(self, text: str, root: Extent, unseen: dict[int, _Stretch]) -> None:
        self._text = text
        self._root = root
        self._unseen = unseen
        self._all: Extent | None = None

    def nearest(self, pointer: str) -> Extent:
        """The extent of the value at a pointer, or of its nearest ancestor that exists."""
        if self._all is None:
            try:
                return self._nearest(pointer)
            except yaml.YAMLError:  # a part that says something else by itself
                self._all = yaml_extents(self._text)
        return nearest(self._all, pointer)

    def _nearest(self, pointer: str) -> Extent:
        found = self._root
        for token in split(pointer):
            stretch = None if found.scalar else self._unseen.get(found.start)
            if stretch is not None:
                self._look_into(found, stretch)
            child = found.child(token)
            if child is None:
                return found
            found = child
        return found

    def _look_into(self, extent: Extent, stretch: _Stretch) -> None:
        """Add what is in a collection; raises `yaml.YAMLError` where its text is none by itself."""
        builder = ExtentBuilder(stretch.start - stretch.column)
        for event in events(" " * stretch.column + self._text[stretch.start : stretch.stop]):
            builder.feed(event)
        inner = builder.root
        if (inner.start, inner.end, inner.scalar) != (extent.start, extent.end, False):
            raise yaml.YAMLError("this is more, or less, than it was")
        extent.children, extent.merged = inner.children, inner.merged
        del self._unseen[stretch.start]
