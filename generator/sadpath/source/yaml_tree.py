"""YAML text to a plain tree, refusing what tools read in different ways: the first pass over its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, Final

import yaml

from sadpath.diagnostics import Related, Report, Rule, quote
from sadpath.diagnostics import rules_text as rules
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Spot
from sadpath.source.scalars import NumberOutOfRange, decimal, integer, plain
from sadpath.source.text import Source
from sadpath.source.tree import DEEPEST, is_list, is_mapping
from sadpath.source.yaml_events import STANDARD_TAG, events, extent_of, is_plain
from sadpath.source.yaml_positions import Outline

MOST_ALIASED_NODES: Final = 1_000_000
"""Nodes that the aliases of one document may stand for."""


class Stop(Exception):
    """Reading ends here; the reason has been reported."""


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _nothing(text: str) -> None:
    if plain(text) is not None:
        raise ValueError(text)


_TAGS: Final[dict[str, Callable[[str], Any]]] = {
    "str": str,
    "int": lambda text: integer(text.replace("_", "")),
    "float": decimal,
    "bool": _flag,
    "null": _nothing,
    "timestamp": str,
    "binary": str,
}


@dataclass(slots=True)
class _Frame:
    """A collection that is open: what it holds so far, how many nodes and how many levels that is."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    key: str | None = None
    merging: bool = False
    merged: tuple[dict[str, Any], ...] = ()
    keys: dict[str, yaml.ScalarEvent] = field(default_factory=dict[str, yaml.ScalarEvent])
    nodes: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    nodes: int
    height: int


class TreeBuilder:
    """Builds one tree from events without recursion. `Stop` is raised where no tree can follow."""

    def __init__(self, source: Source, report: Report) -> None:
        self.root: tuple[Any] | None = None
        self._source = source
        self._report = report
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored] = {}
        self._aliased = 0

    @property
    def has_anchors(self) -> bool:
        """Whether a value may stand in several places."""
        return bool(self._anchors)

    def feed(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._add(rules.SEVERAL_DOCUMENTS, "a second document starts here", event)
            raise Stop

    def _add(self, rule: Rule, message: str, event: yaml.Event, related: tuple[Related, ...] = ()) -> None:
        self._report.add(rule, message, Spot(self._source, *extent_of(event)), related=related)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.key is None and not frame.merging and isinstance(frame.value, dict):
            self._key(frame, event)
            return
        value = self._value(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        if frame is None or frame.merging:
            self._place(value, event, nodes=1, height=0)
            return
        frame.nodes += 1
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is not None:
            frame.value.setdefault(frame.key, value)
            frame.key = None

    def _key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(event.value, 1, 0)
        if event.value == "<<" and is_plain(event):
            frame.merging = True
            return
        frame.key = event.value
        first = frame.keys.setdefault(event.value, event)
        if first is not event:
            related = Related(Spot(self._source, *extent_of(first)), "first written here")
            self._add(rules.DUPLICATE_KEY, f"the key {quote(event.value)} stands here twice", event, (related,))

    def _value(self, event: yaml.ScalarEvent) -> Any:
        try:
            if is_plain(event):
                return plain(event.value)
            tag = event.tag
            if tag is None or tag == "!":
                return event.value
            return _TAGS[tag.removeprefix(STANDARD_TAG)](event.value)
        except NumberOutOfRange:
            self._add(rules.NUMBER_RANGE, f"the number {quote(event.value)} is out of range", event)
            return 0
        except KeyError:
            self._add(rules.UNKNOWN_TAG, f"the value has the unknown tag {quote(event.tag)}", event)
        except ValueError:
            self._add(rules.UNKNOWN_TAG, f"the value does not fit its tag {quote(event.tag)}", event)
        return event.value

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._collection_as_key(event)
        standard = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
        if event.tag not in (None, "!", STANDARD_TAG + standard):
            self._add(rules.UNKNOWN_TAG, f"the value has the unknown tag {quote(event.tag)}", event)
        value: dict[str, Any] | list[Any] = {} if standard == "map" else []
        self._stack.append(_Frame(value, event.anchor))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._check_depth(len(self._stack), event)

    def _collection_as_key(self, event: yaml.Event) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None and not frame.merging:
            self._add(rules.KEY_NOT_TEXT, "a list or a mapping can't be a key", event)
            raise Stop

    def _check_depth(self, depth: int, event: yaml.Event) -> None:
        if depth > DEEPEST:
            self._add(rules.NESTING, f"here the document nests more than {DEEPEST} levels deep", event)
            raise Stop

    def _close(self, event: yaml.Event) -> None:
        frame = self._stack.pop()
        value = frame.value
        if frame.merged and isinstance(value, dict):
            value = {**{k: v for one in reversed(frame.merged) for k, v in one.items()}, **value}
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(value, frame.nodes, frame.height)
        self._place(value, event, nodes=frame.nodes, height=frame.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        target = self._anchors.get(event.anchor or "")
        if target is None:
            self._add(rules.BAD_ALIAS, f"the alias {quote(event.anchor)} names no value that is complete here", event)
            raise Stop
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None and not frame.merging:
            if not isinstance(target.value, str):
                self._collection_as_key(event)
            frame.key = str(target.value)
            return
        self._aliased += target.nodes
        if self._aliased > MOST_ALIASED_NODES:
            self._add(rules.ALIAS_EXPANSION, f"aliases expand to more than {MOST_ALIASED_NODES:,} nodes", event)
            raise Stop
        self._check_depth(len(self._stack) + target.height, event)
        self._place(target.value, event, nodes=target.nodes, height=target.height)

    def _place(self, value: Any, event: yaml.Event, *, nodes: int, height: int) -> None:
        if not self._stack:
            self.root = (value,)
            return
        frame = self._stack[-1]
        frame.nodes += nodes
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.merging:
            frame.merging = False
            self._merge(frame, value, event)
        elif frame.key is not None:
            frame.value.setdefault(frame.key, value)
            frame.key = None

    def _merge(self, frame: _Frame, value: Any, event: yaml.Event) -> None:
        for one in value if is_list(value) else [value]:
            if is_mapping(one):
                frame.merged = (*frame.merged, one)
            else:
                self._add(rules.BAD_MERGE, "only a mapping, or a list of mappings, can be merged", event)


def read_yaml(source: Source, report: Report) -> tuple[Any] | None:
    """The tree of `source.text` in a tuple; None, with findings in `report`, where it can't be read."""
    builder, outline = TreeBuilder(source, report), Outline()
    try:
        for event in events(source.text):
            builder.feed(event)
            outline.feed(event)
    except Stop:
        return None
    except yaml.MarkedYAMLError as error:
        _report_syntax(error, source, report)
        return None
    except yaml.YAMLError as error:
        report.add(rules.YAML_SYNTAX, f"this is not valid YAML: {quote(error)}", Spot(source, 0, 0))
        return None
    positions = None if builder.has_anchors else outline.positions(source.text)
    source.find = None if positions is None else positions.nearest
    if builder.root is None:
        report.add(rules.EMPTY_DOCUMENT, "the document is empty", Spot(source, 0, 0))
    return builder.root


def _report_syntax(error: yaml.MarkedYAMLError, source: Source, report: Report) -> None:
    mark = error.problem_mark or error.context_mark
    start = 0 if mark is None else min(mark.index, len(source.text))
    line_start = source.text.rfind("\n", 0, start) + 1
    indentation = source.text[line_start : start + 1]
    if "\t" in indentation and not indentation.strip():
        where = Spot(source, start, start + 1)
        report.add(rules.YAML_SYNTAX, "a tab can't indent", where, help="YAML indents with spaces: replace the tab.")
        return
    related: list[Related] = []
    if error.context and error.context_mark is not None and error.context_mark.index != start:
        where = Spot(source, error.context_mark.index, error.context_mark.index + 1)
        related.append(Related(where, error.context.removeprefix("while ") + " that starts here"))
    message = f"this is not valid YAML: {error.problem or error.context}"
    colon = error.problem == "mapping values are not allowed in this context"
    help_text = "A text that holds a colon followed by a space has to be quoted; otherwise check the indentation."
    where = Spot(source, start, start + 1)
    report.add(rules.YAML_SYNTAX, message, where, help=help_text if colon else None, related=related)
