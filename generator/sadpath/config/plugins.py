"""Targets of others: what installed packages offer under the entry point `sadpath.targets`."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Final

GROUP: Final = "sadpath.targets"


def plugins() -> dict[str, EntryPoint]:
    """The entry points by the names of their targets; nothing is imported."""
    return {one.name: one for one in entry_points(group=GROUP)}


def plugin_names() -> tuple[str, ...]:
    return tuple(sorted(plugins()))
