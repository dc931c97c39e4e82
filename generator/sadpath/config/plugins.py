"""Targets of others: what installed packages offer under the entry point `sadpath.targets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "sadpath.targets"


def plugins() -> dict[str, EntryPoint]:
    """The entry points by the names of their targets; nothing is imported."""
    from importlib.metadata import entry_points  # takes its time, and most configurations name our targets alone

    return {one.name: one for one in entry_points(group=GROUP)}


def plugin_names() -> tuple[str, ...]:
    return tuple(sorted(plugins()))
