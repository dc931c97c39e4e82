"""Where the values of a YAML document stand: a second pass over its events, made on first demand."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from sadpath.source.extent import Extent
from sadpath.source.yaml_events import events, extent_of, is_plain


@dataclass(slots=True)
class _Key:
    text: str
    start: int
    end: int
    merges: bool


@dataclass(slots=True)
class _Frame:
    """A collection that is open; `key` waits for its value."""

    extent: Extent
    is_mapping: bool
    key: _Key | None = None

    @property
    def wants_key(self) -> bool:
        return self.is_mapping and self.key is None


class ExtentBuilder:
    """Makes extents of events; `shift` is added to offsets, where a part of a text was parsed."""

    def __init__(self, shift: int = 0) -> None:
        self.root = Extent(0, 0)
        self._shift = shift
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Extent] = {}

    def feed(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            extent = Extent(*self._extent_of(event), scalar=False)
            self.place(extent, event.anchor)
            self._stack.append(_Frame(extent, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _extent_of(self, event: yaml.Event) -> tuple[int, int]:
        start, end = extent_of(event)
        return start + self._shift, end + self._shift

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = self._extent_of(event)
        if self._stack and self._stack[-1].wants_key:
            self._stack[-1].key = _Key(event.value, start, end, event.value == "<<" and is_plain(event))
            return
        self.place(Extent(start, end, text=event.value), event.anchor)

    def _close(self, event: yaml.Event) -> None:
        extent = self._stack.pop().extent
        start, end = self._extent_of(event)
        is_flow = end > start
        extent.end = end if is_flow else max([extent.end, *(child.end for child in extent.children.values())])

    def _alias(self, event: yaml.AliasEvent) -> None:
        start, end = self._extent_of(event)
        target = self._anchors.get(event.anchor or "", Extent(start, end))
        if self._stack and self._stack[-1].wants_key:
            self._stack[-1].key = _Key(target.text, start, end, merges=False)
            return
        self.place(Extent(start, end, children=target.children, merged=target.merged, scalar=target.scalar), None)

    def place(self, extent: Extent, anchor: str | None) -> None:
        """Put an extent where the events are; what follows is not in it."""
        if anchor is not None:
            self._anchors[anchor] = extent
        if not self._stack:
            self.root = extent
            return
        parent = self._stack[-1]
        key, parent.key = parent.key, None
        if key is None:
            parent.extent.children[str(len(parent.extent.children))] = extent
            return
        extent.key_start, extent.key_end = key.start, key.end
        if key.merges:
            parent.extent.merged.append(extent)
        else:
            parent.extent.children.setdefault(key.text, extent)


def yaml_extents(text: str) -> Extent:
    """The extents of the first document; of a text that stops being YAML, those of its part before."""
    builder = ExtentBuilder()
    try:
        for event in events(text):
            builder.feed(event)
            if isinstance(event, yaml.DocumentEndEvent):
                break
    except yaml.YAMLError:
        pass
    return builder.root
