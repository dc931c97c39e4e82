"""Where the keys and values of a TOML document stand: what its lines show, which is where configuration is written."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from sadpath.source.extent import Extent

_TABLE: Final = re.compile(r"\s*(\[{1,2})([^\[\]\n]+)\]{1,2}")
_KEY_VALUE: Final = re.compile(
    r"""\s*((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=\s*(.*)"""
)
_PART: Final = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")
_COMMENT: Final = re.compile(r"""\s+#[^"']*$""")


def toml_extents(text: str) -> Extent:
    """The extents of tables and of keys that start a line; what is in an inline table is found at its outermost key."""
    root = Extent(0, len(text), scalar=False)
    table = root
    offset = 0
    until: str | None = None
    for line in text.splitlines(keepends=True):
        opened = until
        until = _still_open(line, until)
        header = _TABLE.match(line) if opened is None else None
        member = _KEY_VALUE.match(line) if opened is None and header is None else None
        if header is not None:
            table = _descend(root, header[2], offset + header.start(2), offset + header.end(2))
            if header[1] == "[[":
                table = table.children.setdefault(str(len(table.children)), _like(table))
        elif member is not None:
            value = _COMMENT.sub("", member[2]).rstrip()
            leaf = _descend(table, member[1], offset + member.start(1), offset + member.end(1))
            leaf.start, leaf.end = offset + member.start(2), offset + member.start(2) + len(value)
            leaf.scalar = not value.startswith("{")
        offset += len(line)
    return root


def _still_open(line: str, until: str | None) -> str | None:
    """The quotes that end a multi-line string which is open after `line`."""
    for match in re.finditer(r'"""|\'\'\'', line):
        if until is None:
            until = match.group()
        elif until == match.group():
            until = None
    return until


def _like(extent: Extent) -> Extent:
    return Extent(extent.start, extent.end, extent.key_start, extent.key_end, scalar=False)


def _descend(extent: Extent, dotted: str, start: int, end: int) -> Extent:
    for part in _PART.finditer(dotted):
        name = tomllib.loads(f"key = {part.group()}")["key"] if part.group()[0] in "\"'" else part.group()
        known = extent.children.get(name)
        extent = known or extent.children.setdefault(name, Extent(start, end, start, end, scalar=False))
    return extent
