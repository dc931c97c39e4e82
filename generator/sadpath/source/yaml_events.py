"""The events of PyYAML's C parser with offsets; trees are composed by us, as its composer overflows the stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

STANDARD_TAG: Final = "tag:yaml.org,2002:"


def events(text: str) -> Iterator[yaml.Event]:
    """The events of `text`, lazily; raises `yaml.YAMLError` where the text stops being YAML."""
    loader = _LOADER(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def extent_of(event: yaml.Event) -> tuple[int, int]:
    """The offsets where an event starts and ends."""
    start, end = event.start_mark, event.end_mark
    return (0 if start is None else start.index), (0 if end is None else end.index)


def is_plain(event: yaml.ScalarEvent) -> bool:
    """Whether a scalar is neither quoted nor a block nor tagged, so that its text decides its type."""
    return event.tag is None and bool(event.implicit[0])
