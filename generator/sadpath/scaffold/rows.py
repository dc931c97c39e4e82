"""Reads the rows of tables, and the items of lists, to what they say of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

from sadpath.runtime.frozen import dataclass
from sadpath.scaffold.blocks import Cell, Listing, Part, Table, one_line
from sadpath.scaffold.columns import (
    CODE,
    FAMILY,
    STATUS,
    Columns,
    codes_in,
    columns_of,
    is_blank,
    is_code,
    is_telling,
    plain,
    speaks_of_failures,
)

_SEPARATOR: Final = r"\s*(?:\s[-–—]{1,2}\s|[–—]|:\s|\s=\s)\s*"
_IN_BRACKETS: Final = re.compile(
    r"\s*[(\[](?:(?:HTTP|status|статус|код|code|response|ответа?)[\s:]*)*(?:code\s*)?([1-5]\d\d)(?:\s[^)\]]{0,40})?[)\]]",
    re.I,
)
_ITEM: Final = re.compile(
    rf"(?P<code>`[^`\n]+`|{CODE.pattern}|[45]xx)(?P<more>{_IN_BRACKETS.pattern})?(?:{_SEPARATOR}(?P<text>.*))?",
    re.S | re.I,
)
_ANY_STATUS: Final = re.compile(r"(?<![\w.])([45]\d\d)(?!\w|[.,]\d)")


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code, or one status, as a table tells it; `guess` says what was concluded and not read."""

    status: str | None
    code: str | None
    text: str = ""
    file: str = ""
    line: int = 1
    guess: str = ""


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A range of codes with words of its own, such as 101x."""

    first: int
    last: int
    text: str


@dataclass(slots=True)
class Read:
    """What a file holds: its rows, its ranges, and what in it could not be used."""

    rows: list[CodeRow] = field(default_factory=list[CodeRow])
    families: list[FamilyRow] = field(default_factory=list[FamilyRow])
    tables: list[Table] = field(default_factory=list[Table])
    """The tables that are not of codes."""
    unreadable: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """The lines with rows of such a table that tell neither a code nor a status, and their words."""


def read_parts(parts: Iterable[Part], file: str) -> Read:
    """Everything that the tables and lists of one file say of codes."""
    found = Read()
    used: set[int] = set()
    for part in parts:
        if isinstance(part, Listing):
            if part.inside is None or part.inside not in used:
                found.rows += _items(part, file)
            continue
        columns = columns_of(part) if part.rows and part.rows[0] else None
        if columns is None:
            found.tables.append(part)
            continue
        used.add(part.number)
        _read_table(part, columns, file, found)
    return found


@dataclass(slots=True)
class _Above:
    """What the rows above, or the words above the table, say of the status."""

    status: str | None = None
    said_by: str = ""


def _read_table(table: Table, columns: Columns, file: str, found: Read) -> None:
    above = _context_of(table.context)
    for row in table.rows[columns.body :]:
        filled = [cell.text for cell in row if cell.text]
        if row[0].whole:
            above = _heading(row[0], above)
        elif filled and not all(cell.is_header for cell in row):
            rows = list(_row(row, columns, above, file, found))
            found.rows += rows
            if columns.status is not None and rows and row[columns.status].text:
                above = _Above(rows[-1].status, "the row above")


def _heading(cell: Cell, above: _Above) -> _Above:
    """A row that is one cell heads the rows under it."""
    status = _only_status(cell.text)
    return _Above(status, f"the heading {one_line(cell.text)[:60]!r}") if status is not None else above


def _row(row: tuple[Cell, ...], columns: Columns, above: _Above, file: str, found: Read) -> Iterator[CodeRow]:
    line = next((cell.line for cell in row if cell.text), 1)
    stated = _statuses(row[columns.status].text) if columns.status is not None else []
    text = " ".join(dict.fromkeys(one_line(row[number].text) for number in columns.texts if row[number].text))
    codes = codes_in(row[columns.code].text) if columns.code is not None else []
    codes = [code for code in codes if not is_blank(code)]
    named = [plain(code) for code in codes if is_code(code)]
    family = next((match for code in codes if (match := FAMILY.fullmatch(plain(code)))), None)
    if family is not None and columns.status is None:
        zeros = len(family[2])
        found.families.append(FamilyRow(int(family[1] + "0" * zeros), int(family[1] + "9" * zeros), text))
        return
    status, guess = (stated[0], "") if stated else (above.status, "")
    if not stated and named and above.status is not None:
        guess = f"the status is that of {above.said_by}"
    if not stated and not named:
        found.unreadable.append((line, " | ".join(one_line(cell.text) for cell in row if cell.text)))
        return
    codes_or_none: list[str | None] = [*named] or [None]
    statuses: list[str | None] = [*stated] or [status]
    for code in codes_or_none:
        for each in statuses:
            yield CodeRow(each, code, text, file, line, guess)


def _statuses(text: str) -> list[str]:
    """The statuses that a cell says: one with its phrase, or several."""
    found = plain(text)
    parts = [part.strip() for part in re.split(r"[,;/\n]|\bor\b|\band\b|\bили\b|\bи\b", found) if part.strip()]
    several = [match[1].upper() for part in parts if (match := STATUS.fullmatch(part))]
    one = STATUS.fullmatch(found)
    if len(parts) > 1 and len(several) == len(parts):
        return list(dict.fromkeys(several))
    return [one[1].upper()] if one else several[:1]


def _only_status(text: str) -> str | None:
    """The status of a failure that a text names, where it names one only."""
    found = set(_ANY_STATUS.findall(text))
    return found.pop() if len(found) == 1 else None


def _context_of(context: Iterable[str]) -> _Above:
    for text in context:
        status = _only_status(text)
        if status is not None:
            return _Above(status, f"the words above the table ({text[:70].rstrip()})")
    return _Above()


def _items(listing: Listing, file: str) -> Iterator[CodeRow]:
    """The items of a list, where all of them tell a code or a status and say what it means."""
    matches = [_ITEM.fullmatch(item.text) for item in listing.items]
    read = [
        _item(match, item, file) if match is not None else None
        for match, item in zip(matches, listing.items, strict=True)
    ]
    rows = [row for row in read if row is not None]
    telling = [
        row
        for row, match in zip(read, matches, strict=True)
        if row is not None and match is not None and (row.status is not None or is_telling(match["code"]))
    ]
    said = any(row.status is not None for row in rows) or speaks_of_failures(listing.context)
    if rows and said and len(rows) == len(read) and 2 * len(telling) >= len(rows):
        above = _context_of(listing.context)
        for row in rows:
            guess = f"the status is that of {above.said_by}" if row.status is None and above.status else ""
            yield CodeRow(row.status or above.status, row.code, row.text, file, row.line, guess)


def _item(match: re.Match[str], item: Cell, file: str) -> CodeRow | None:
    code = plain(match["code"])
    text = one_line(match["text"] or "")
    status = _IN_BRACKETS.fullmatch(match["more"] or "")
    if re.fullmatch(r"[1-5]\d\d|[45]xx", code, re.I) and not match["more"]:
        return CodeRow(code.upper(), None, _ended(text), file, item.line) if text else None
    inside = _IN_BRACKETS.search(text)
    said = status[1] if status is not None else inside[1] if inside is not None else None
    if not CODE.fullmatch(code) or (not text and said is None):
        return None
    rest = text[: inside.start()] + text[inside.end() :] if inside is not None and status is None else text
    return CodeRow(said, code, _ended(rest), file, item.line)


def _ended(text: str) -> str:
    """A text without what parts the items of a list."""
    return text.strip().rstrip(";,").strip()
