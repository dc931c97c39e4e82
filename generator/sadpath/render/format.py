"""Formats Python source: what our templates made as Black would, without it, and anything else with Black, in process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sadpath.garbage import search_behind_formatter
from sadpath.render.layout import laid_out
from sadpath.render.parts import LINE_LENGTH

if TYPE_CHECKING:
    from black.mode import Mode


@cache
def _mode() -> Mode:
    from black.mode import Mode, TargetVersion

    return Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})


def format_python(source: str) -> str:
    """Black's form of a module that our templates made; Black itself is loaded only for code of kinds that they do not write."""
    found = laid_out(source)
    return format_with_black(source) if found is None else found


def format_with_black(source: str) -> str:
    """Black's form of any module. Raises `black.InvalidInput` where it is no Python."""
    import black

    search_behind_formatter()
    return black.format_str(source, mode=_mode())
