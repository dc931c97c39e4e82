"""A part of the merged document that was put into lines before the rest of it: what reading hands to rendering."""

from __future__ import annotations

from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a mapping in UTF-8, which stand for it as a value in a tree."""

    lines: bytes
