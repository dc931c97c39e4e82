"""Reads plain text, as it is copied from a page, to tables and lists: cells that were glued, and cells one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sadpath.scaffold.blocks import MOST_CELLS, Cell, Listing, Part, Table, TooLarge, clean, squared

_BULLET: Final = re.compile(r"\s*(?:[•◦▪‣·*+–—-])\s+(\S.*)")
_STATUS: Final = re.compile(r"[1-5]\d\d")
_GLUED: Final = re.compile(r"([1-5]\d\d)\s*([a-z][a-z0-9_.-]{2,80}?)((?:[A-ZА-ЯЁ][^\s]*\s).*)")
"""`404not_foundThere is no such thing`."""
_SPACED: Final = re.compile(r"(-?\d{3,9}|\d{1,8}[xX]{1,4}|[A-Za-z]+(?:[_.-][A-Za-z0-9]+)+)[ \t]+(\S.*)")
"""`1001 Invalid request`."""
_WORD: Final = re.compile(r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*|[A-Z][A-Z0-9_]+")
_HEADER: Final = re.compile(
    r"(?:(?:HTTP|response|status|error|codes?|message|description|meaning|field|value|of|the|reason|код(?:а|ы|ов|ом)?|ответа"
    r"|ошиб(?:ка|ки|ке|ку|кой|ок)|описание|значение|сообщение|статус(?:а|ы|ов|ом)?|состояния|причина)[\s|/,:;-]*){2,10}",
    re.I,
)


def parts_of_text(text: str) -> tuple[Part, ...]:
    """The lists and tables of a text in their order; raises TooLarge."""
    lines = [clean(line) for line in text.splitlines()]
    if len(lines) > MOST_CELLS:
        raise TooLarge(MOST_CELLS)
    return tuple(_parts(lines))


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    number = 0
    said: list[str] = []
    while number < len(lines):
        line = lines[number]
        readers = (_bullets, _glued_rows, _spaced_rows, _stacked_rows)
        found = next((found for reader in readers if (found := reader(lines, number, said)) is not None), None)
        if found is None:
            said = [line, *said[:1]] if line and not _HEADER.fullmatch(line) else said
            number += 1
        else:
            part, number = found
            yield part
            said = []


_Found = tuple[Part, int]


def _bullets(lines: Sequence[str], start: int, said: Sequence[str]) -> _Found | None:
    items: list[Cell] = []
    end = start
    while end < len(lines) and (match := _BULLET.fullmatch(lines[end])):
        items.append(Cell(match[1], False, end + 1))
        end += 1
    return (Listing(tuple(items), tuple(said), start + 1), end) if items else None


def _glued_rows(lines: Sequence[str], start: int, said: Sequence[str]) -> _Found | None:
    rows: list[tuple[Cell, ...]] = []
    end = start
    while end < len(lines) and (match := _GLUED.fullmatch(lines[end])):
        rows.append(tuple(Cell(text, False, end + 1) for text in match.groups()))
        end += 1
    headers = ("HTTP status", "code", "description")
    return (_table(headers, rows, said, start), end) if rows else None


def _spaced_rows(lines: Sequence[str], start: int, said: Sequence[str]) -> _Found | None:
    """Rows of a code and a text, under a line of headers."""
    if start == 0 or not _HEADER.fullmatch(lines[start - 1]):
        return None
    rows: list[tuple[Cell, ...]] = []
    end = start
    while end < len(lines) and (match := _SPACED.fullmatch(lines[end])):
        rows.append(tuple(Cell(text, False, end + 1) for text in match.groups()))
        end += 1
    return (_table(("code", "description"), rows, said, start), end) if rows else None


def _stacked_rows(lines: Sequence[str], start: int, said: Sequence[str]) -> _Found | None:
    """Rows whose cells are one a line: a status, a code where there is one, and what it means; under a line of headers."""
    if start == 0 or not _HEADER.fullmatch(lines[start - 1]) or not _STATUS.fullmatch(lines[start]):
        return None
    rows: list[tuple[Cell, ...]] = []
    end = start
    while end < len(lines) and _STATUS.fullmatch(lines[end]):
        status, end = Cell(lines[end], False, end + 1), end + 1
        code = Cell("")
        if end < len(lines) and _WORD.fullmatch(lines[end]):
            code, end = Cell(lines[end], False, end + 1), end + 1
        text, end = (Cell(lines[end], False, end + 1), end + 1) if end < len(lines) else (Cell(""), end)
        rows.append((status, code, text))
        # A link under the text belongs to it.
        end += 1 if end + 1 < len(lines) and lines[end] and _STATUS.fullmatch(lines[end + 1]) else 0
    return _table(("HTTP status", "code", "description"), rows, said, start), end


def _table(headers: Sequence[str], rows: Sequence[tuple[Cell, ...]], said: Sequence[str], line: int) -> Table:
    head = tuple(Cell(text, True, line + 1) for text in headers)
    return Table(squared([head, *rows]), tuple(said), line + 1)
