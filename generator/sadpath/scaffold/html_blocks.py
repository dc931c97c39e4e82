"""Reads an HTML page, or Markdown made one, to the tables and lists in it; no page is so broken that it can't be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from sadpath.scaffold.blocks import MOST_CELLS, Cell, Listing, Part, Table, TooLarge, clean, one_line, squared
from sadpath.scaffold.html_markup import whole_markup

_SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg", "pre", "button", "nav"})
_BREAKS: Final = frozenset({"br", "p", "div", "li", "dt", "dd", "section", "article", "ul", "ol", "hr"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary"})
_SENTENCES: Final = frozenset({"p"})
_WIDEST: Final = 1000
_MOST_BRACKETS: Final = 5000
_DEEPEST: Final = 100
_LONGEST_CONTEXT: Final = 2000
"""Letters of a heading, a sentence or a row that are looked through for what they say of the codes below them."""


@dataclass(slots=True)
class _Cell:
    is_header: bool
    line: int
    columns: int
    rows: int
    text: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Table:
    number: int
    line: int
    order: int
    context: tuple[str, ...]
    rows: list[list[_Cell]] = field(default_factory=list[list[_Cell]])
    cell: _Cell | None = None
    caption: str = ""


@dataclass(slots=True)
class _List:
    line: int
    order: int
    inside: int | None
    context: tuple[str, ...]
    items: list[_Cell] = field(default_factory=list[_Cell])
    cell: _Cell | None = None


def parts_of_html(text: str) -> tuple[Part, ...]:
    """The tables and lists of a page in their order; raises TooLarge."""
    reader = _Reader()
    reader.feed(whole_markup(text))
    reader.close()
    return reader.finished()


def parts_of_markdown(text: str) -> tuple[Part, ...]:
    """The tables and lists of a Markdown document, those in HTML inside it too; raises TooLarge."""
    from markdown_it import MarkdownIt

    _check_brackets(text)
    return parts_of_html(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def _check_brackets(text: str) -> None:
    """Refuse a paragraph with more `[` than links are sought for: each is compared with all that follow."""
    brackets = 0
    for number, line in enumerate(text.splitlines(), 1):
        brackets = brackets + line.count("[") if line.strip() else 0
        if brackets > _MOST_BRACKETS:
            raise TooLarge(number)


class _Reader(HTMLParser):
    """Keeps a stack of open tables and lists; a cell's text is its own and that of the lists in it, not of tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Table | _List] = []
        self._done: list[tuple[int, Part]] = []
        self._silent: list[str] = []
        self._said: list[str] | None = None
        self._said_in = ""
        self._heading = ""
        self._sentence = ""
        self._cells = 0
        self._tables = 0
        self._opened = 0

    def finished(self) -> tuple[Part, ...]:
        while self._open:
            self._close()
        return tuple(part for _, part in sorted(self._done, key=lambda one: one[0]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent or tag in _SILENT:
            self._silent += [tag] if tag in _SILENT and len(self._silent) < _DEEPEST else []
            return
        line = self.getpos()[0]
        if tag == "table":
            self._tables += 1
            self._open.append(_Table(self._tables, line, self._next(), self._context()))
            self._count(1, line)
        elif tag in ("ul", "ol", "dl"):
            inside = next((one.number for one in reversed(self._open) if isinstance(one, _Table)), None)
            self._open.append(_List(line, self._next(), inside, self._context()))
            self._count(1, line)
        elif tag in ("tr", "td", "th"):
            self._start_cell(tag, dict(attrs), line)
        elif tag in ("li", "dt"):
            self._start_item(line)
        elif tag == "dd":
            self._write(" — ")
        elif tag == "code":
            self._write("`")
        elif tag in _HEADINGS or (tag in _SENTENCES and not self._open):
            self._said, self._said_in = [], tag
        if tag in _BREAKS and tag != "dd":
            self._write("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag == "code":
            self._write("`")
        elif tag == self._said_in and self._said is not None:
            self._say(one_line("".join(self._said)))
        elif tag == "table" and any(isinstance(one, _Table) for one in self._open):
            while isinstance(self._open[-1], _List):
                self._close()
            self._close()
        elif tag in ("ul", "ol", "dl") and self._open and isinstance(self._open[-1], _List):
            self._close()
        elif tag in ("td", "th", "tr") and self._open and isinstance(self._open[-1], _Table):
            self._open[-1].cell = None
        elif tag in ("p", "div"):
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._write(" ".join(data.split("\n")) if "\n" in data else data)

    def _write(self, text: str) -> None:
        if self._said is not None:
            self._said.append(text)
        for one in reversed(self._open):
            if one.cell is not None:
                one.cell.text.append(text)
            if isinstance(one, _Table):
                break

    def _next(self) -> int:
        self._opened += 1
        return self._opened

    def _context(self) -> tuple[str, ...]:
        table = next((one for one in reversed(self._open) if isinstance(one, _Table)), None)
        row = _beginning(table.rows[-1]) if table is not None and table.rows else ""
        return tuple(text for text in (one_line(row), self._sentence, self._heading) if text)

    def _say(self, text: str) -> None:
        text = text[:_LONGEST_CONTEXT]
        if self._said_in in _SENTENCES:
            self._sentence = text
        elif self._said_in == "caption" and self._open and isinstance(self._open[-1], _Table):
            self._open[-1].caption = text
        else:
            self._heading, self._sentence = text, ""
        self._said = None

    def _start_cell(self, tag: str, attributes: dict[str, str | None], line: int) -> None:
        while any(isinstance(one, _Table) for one in self._open) and isinstance(self._open[-1], _List):
            self._close()
        table = self._open[-1] if self._open else None
        if not isinstance(table, _Table):
            return
        if tag == "tr" or not table.rows:
            table.rows.append([])
            table.cell = None
        if tag != "tr":
            columns, rows = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
            self._count(columns * rows, line)
            table.cell = _Cell(tag == "th", line, columns, rows)
            table.rows[-1].append(table.cell)

    def _start_item(self, line: int) -> None:
        if self._open and isinstance(self._open[-1], _List):
            self._count(1, line)
            self._open[-1].cell = _Cell(False, line, 1, 1)
            self._open[-1].items.append(self._open[-1].cell)

    def _count(self, cells: int, line: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS or len(self._open) > _DEEPEST:
            raise TooLarge(line)

    def _close(self) -> None:
        one = self._open.pop()
        part: Part
        if isinstance(one, _Table):
            context = ((one.caption,) if one.caption else ()) + one.context
            part = Table(_grid(one.rows), context, one.line, one.number)
        else:
            items = tuple(Cell(clean("".join(cell.text)), False, cell.line) for cell in one.items)
            part = Listing(items, one.context, one.line, one.inside)
        self._done.append((one.order, part))


def _beginning(row: list[_Cell]) -> str:
    """The first words of a row, so that a row of many lists is not read again for each of them."""
    found: list[str] = []
    left = _LONGEST_CONTEXT // 4
    for cell in row[:50]:
        for text in cell.text:
            if left <= 0:
                return "".join(found)
            found.append(text[:left])
            left -= len(text)
        found.append(" ")
    return "".join(found)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _WIDEST) if text is not None and text.isascii() and text.isdigit() else 1


def _grid(rows: list[list[_Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Every cell in each place that it spans."""
    waiting: dict[int, tuple[int, Cell]] = {}
    grid: list[list[Cell]] = []
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    for row in rows:
        line: list[Cell] = []
        cells = list(row)
        while cells or waiting.get(len(line), (0,))[0]:
            left, above = waiting.get(len(line), (0, None))
            if left and above is not None:
                waiting[len(line)] = (left - 1, above)
                line.append(above)
                continue
            found = cells.pop(0)
            whole = found.columns >= width > 1
            cell = Cell(clean("".join(found.text)), found.is_header, found.line, whole)
            for _ in range(found.columns):
                waiting[len(line)] = (found.rows - 1, cell)
                line.append(cell)
        if line:
            grid.append(line)
    return squared(grid)
