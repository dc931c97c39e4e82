"""Reads a file with tables of codes, whatever it is written in, and reports what in it can't be used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_scaffold import NO_CODE_COLUMN, NO_TABLE, ROW_WITHOUT_CODE, TABLE_TOO_LARGE
from sadpath.diagnostics.rules_text import EMPTY_DOCUMENT
from sadpath.runtime.frozen import dataclass
from sadpath.scaffold.blocks import Part, TooLarge
from sadpath.scaffold.html_blocks import parts_of_html, parts_of_markdown
from sadpath.scaffold.plain_blocks import parts_of_text
from sadpath.scaffold.rows import Read, read_parts
from sadpath.source.loader import decode, display_path, read_bytes
from sadpath.source.place import Spot
from sadpath.source.text import Source

_HTML: Final = re.compile(r"<(?:table|ul|ol|dl|html|body)[\s>]", re.I)
_MARKDOWN: Final = re.compile(r"^ {0,3}\|?[ \t]*+:?-{2,}+:?[ \t]*+\|[ \t|:-]*+$|^#{1,6} |^ {0,3}[-*] `", re.M)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that was read; `source` has its text and no tree."""

    source: Source
    read: Read


def read_file(path: Path, report: Report) -> TableFile | None:
    """What the tables and lists of a file say of codes; None, with the reason in the report, where that is nothing."""
    shown = display_path(path)
    data = read_bytes(path, shown, report)
    text = decode(shown, data, report) if data is not None else None
    if text is None:
        return None
    source = Source(shown, text, {})
    if not text.strip():
        report.add(EMPTY_DOCUMENT, "the file is empty", Spot(source, 0, 0))
        return None
    try:
        parts = _parts(path, text)
    except TooLarge as large:
        report.add(TABLE_TOO_LARGE, "there are too many cells here", _line(source, large.line))
        return None
    found = read_parts(parts, path.name)
    if not found.rows:
        _report_nothing(parts, found, source, report)
        return None
    for line, words in found.unreadable:
        report.add(ROW_WITHOUT_CODE, f"the row {quote(words)} has no code and no status", _place(source, line, words))
    return TableFile(source, found)


def _parts(path: Path, text: str) -> tuple[Part, ...]:
    """By the end of the file's name, else by what stands in it."""
    suffix = path.suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or (suffix not in (".md", ".markdown", ".txt") and _HTML.search(text)):
        return parts_of_html(text)
    if suffix in (".md", ".markdown") or (suffix != ".txt" and _MARKDOWN.search(text)):
        return parts_of_markdown(text)
    return parts_of_text(text)


def _report_nothing(parts: tuple[Part, ...], found: Read, source: Source, report: Report) -> None:
    if not parts:
        report.add(NO_TABLE, "there is neither a table nor a list of codes here", _line(source, 1))
        return
    headers = (
        [quote(cell.text) for cell in found.tables[0].rows[0]][:6] if found.tables and found.tables[0].rows else []
    )
    what = f"the columns are {', '.join(headers)}" if headers else "no list has items that begin with codes"
    report.add(NO_CODE_COLUMN, f"there is no column of codes or statuses: {what}", _line(source, 1))


def _line(source: Source, number: int) -> Spot:
    """The beginning of a line, as far as there is such a line."""
    starts = [0, *(match.end() for match in re.finditer("\n", source.text))]
    start = starts[min(max(number, 1), len(starts)) - 1]
    return Spot(source, start, min(start + 1, len(source.text)))


def _place(source: Source, line: int, words: str) -> Spot:
    """Where a row stands: its first words are looked for, since Markdown is read as a page made of it."""
    first = words.split(" | ")[0]
    start = source.text.find(first) if first else -1
    return Spot(source, start, start + len(first)) if start >= 0 else _line(source, line)
