"""Guesses what the columns of a table hold, from their headers in English and Russian and from what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from sadpath.runtime.frozen import dataclass
from sadpath.scaffold.blocks import Cell, Table

STATUS: Final = re.compile(r"(?:HTTP(?:/[\d.]+)?[ -]*)?`?([1-5]\d\d|[45]xx)`?(?![\d.])(?:\b.{0,60})?", re.I | re.S)
"""A cell that says a status: `404`, `404 Not Found`, `HTTP 404`, `4xx`."""
CODE: Final = re.compile(
    r"[A-Za-z_](?:[\w.:#-]{0,198}\w)?|-?\d{1,12}|0x[0-9A-Fa-f]{1,16}|[A-Za-z0-9]+(?:[_.:-][A-Za-z0-9]+)+"
    r"|(?:https?://|/)[\w.:/#-]{1,198}[\w/#]"
)
"""A cell that is a code: an identifier, a number or a URI, and no sentence."""
FAMILY: Final = re.compile(r"(\d{1,9})([xX]{1,6})")

_STATUS_WORDS: Final = re.compile(r"http|status|статус|код(?:ы)? (?:ответа|состояни)|response code", re.I)
_CODE_WORDS: Final = re.compile(
    r"\bcodes?\b|\berrors?\b|\bproblems?\b|\breason\b|\bissue\b|\bvalue\b|\bидентификатор|код|ошибк|значени|\berror.?(?:code|name|id|type)",
    re.I,
)
_TEXT_WORDS: Final = re.compile(
    r"descri|meaning|message|explan|reason|note|comment|detail|text|cause|когда|опис|oпис|значени|поясн|коммент|причин|примеч"
    r"|сообщ|текст",
    re.I,
)
_MEMBER_WORDS: Final = re.compile(
    r"param|field|property|attribute|member|header|(?<!error )(?<!problem )type\b|required|параметр|поле|свойств|атрибут|заголов|^тип\b|обязат",
    re.I,
)
_ERRORS: Final = re.compile(r"error|fault|fail|reject|declin|refus|\bcodes?\b|reason|ошиб|отказ|\bкод", re.I)
_MOST: Final = 0.6


@dataclass(frozen=True, slots=True)
class Columns:
    """The numbers of the columns; `body` is the number of the first row under the headers."""

    status: int | None
    code: int | None
    texts: tuple[int, ...]
    body: int


def plain(text: str) -> str:
    """A cell without the marks of code."""
    return text.replace("`", "").strip()


def is_blank(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return plain(text).lower() in ("", "-", "–", "—", "n/a", "none", "нет")


def speaks_of_failures(texts: Iterable[str]) -> bool:
    """Whether the words around a table or a list are about failures or codes."""
    return any(_ERRORS.search(text) for text in texts)


def is_status(text: str) -> bool:
    return STATUS.fullmatch(plain(text)) is not None


def is_code(text: str) -> bool:
    return CODE.fullmatch(plain(text)) is not None


def is_telling(text: str) -> bool:
    """Whether a word is a code and no ordinary word: by its form, or because it is set as code."""
    found = plain(text)
    marked = text.strip().startswith("`") and text.strip().endswith("`")
    formed = bool(re.search(r"[_.\d-]|[a-z][A-Z]", found)) or (found.isupper() and len(found) > 2)
    return is_code(text) and (marked or formed)


def columns_of(table: Table) -> Columns | None:
    """What the columns hold; None where the table is not one of codes."""
    body = _body(table)
    headers = [plain(cell.text) for cell in table.rows[0]] if body else [""] * len(table.rows[0])
    columns = [_column(table, body, number) for number in range(len(headers))]
    status = _status(headers, columns)
    code = _code(headers, columns, status, table)
    if status is None and code is None:
        return None
    if status is None and code is not None and _is_of_members(headers, code):
        return None
    rest = [number for number in range(len(headers)) if number not in (status, code)]
    return Columns(status, code, _texts(headers, columns, rest), body)


def _body(table: Table) -> int:
    """How many rows of headers there are: those marked so, else the first one where it holds words and the next does not."""
    marked = 0
    for row in table.rows:
        if not all(cell.is_header or not cell.text for cell in row) or row[0].whole:
            break
        marked += 1
    if 0 < marked < len(table.rows):
        return marked
    first = table.rows[0]
    known = [cell for cell in first if _said_of(cell) and not is_status(cell.text) and not is_telling(cell.text)]
    return 1 if len(known) >= min(2, len(first)) and len(table.rows) > 1 else 0


def _said_of(cell: Cell) -> bool:
    words = (_STATUS_WORDS, _CODE_WORDS, _TEXT_WORDS, _MEMBER_WORDS)
    return len(cell.text) < 60 and any(word.search(cell.text) for word in words)


def _column(table: Table, body: int, number: int) -> list[str]:
    cells = (row[number] for row in table.rows[body:])
    return [cell.text for cell in cells if not is_blank(cell.text) and not cell.whole]


def _share(cells: Sequence[str], fits: Sequence[bool]) -> float:
    return sum(fits) / len(cells) if cells else 0.0


def _status(headers: Sequence[str], columns: Sequence[Sequence[str]]) -> int | None:
    found = [
        (not _STATUS_WORDS.search(headers[number]), number)
        for number, cells in enumerate(columns)
        if _share(cells, [is_status(cell) for cell in cells]) >= _MOST
    ]
    return min(found)[1] if found else None


def _code(headers: Sequence[str], columns: Sequence[Sequence[str]], status: int | None, table: Table) -> int | None:
    spoken_of_errors = speaks_of_failures((*table.context, *headers))
    found: list[tuple[float, int]] = []
    for number, cells in enumerate(columns):
        if number == status or _MEMBER_WORDS.search(headers[number]):
            continue
        share = _share(cells, [_is_code_cell(cell) for cell in cells])
        telling = _share(cells, [is_telling(cell) for cell in cells])
        named = bool(_CODE_WORDS.search(headers[number]))
        if not named and _TEXT_WORDS.search(headers[number]):
            continue
        # What tells failures apart is not the same in most rows.
        if status is None and 2 * len(set(cells)) < len(cells):
            continue
        if share >= _MOST and (named or (telling >= _MOST and (spoken_of_errors or status is not None))):
            found.append((-2.0 * named - telling - 0.5 * bool(re.search("code|код", headers[number], re.I)), number))
    return min(found)[1] if found else None


def _is_code_cell(text: str) -> bool:
    return all(is_code(part) or FAMILY.fullmatch(plain(part)) for part in codes_in(text)) if text else False


def codes_in(text: str) -> list[str]:
    """The codes that a cell lists, one a line or between commas."""
    return [part for part in re.split(r"\n|,|;|\s\|\s|\s+/\s+|(?<=`)\s+(?=`)|\bor\b|\bили\b", text) if plain(part)]


def _is_of_members(headers: Sequence[str], code: int) -> bool:
    """Whether a table describes the members of a body: it has their types, or its first column names them."""
    others = [text for number, text in enumerate(headers) if number != code]
    return any(re.search(r"^(type|тип|required|обязат)", text, re.I) for text in others) or bool(
        _MEMBER_WORDS.search(headers[0])
    )


def _texts(headers: Sequence[str], columns: Sequence[Sequence[str]], rest: Sequence[int]) -> tuple[int, ...]:
    """The columns of words: those called so, else the one with the longest cells."""
    filled = [number for number in rest if columns[number]]
    named = [number for number in filled if _TEXT_WORDS.search(headers[number])]
    if named:
        return tuple(named[:2])
    lengths = {number: sum(map(len, columns[number])) / len(columns[number]) for number in filled}
    return (max(lengths, key=lambda number: lengths[number]),) if lengths else ()
