"""Formats Python source with Black, in process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from black.mode import Mode

_LINE_LENGTH = 110


@cache
def _mode() -> Mode:
    from black.mode import Mode, TargetVersion

    return Mode(line_length=_LINE_LENGTH, target_versions={TargetVersion.PY311})


def format_python(source: str) -> str:
    """Black's form of a module. Raises `black.InvalidInput` where it is no Python."""
    import black

    return black.format_str(source, mode=_mode())
