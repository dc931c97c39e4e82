"""Pages that are broken on purpose: they are read in the time that their length asks for, and what is whole in them is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sadpath.scaffold.blocks import TooLarge
from sadpath.scaffold.html_blocks import parts_of_html, parts_of_markdown
from sadpath.scaffold.html_markup import whole_markup
from sadpath.scaffold.plain_blocks import parts_of_text
from sadpath.scaffold.rows import read_parts

TABLE = "<table><tr><th>Status<th>Code<th>Meaning<tr><td>404<td>no_book<td>None.</table>"
SECONDS = 20
READ = """
import sys
from pathlib import Path
from sadpath.diagnostics import Report
from sadpath.scaffold.read import read_file
read_file(Path(sys.argv[1]), Report())
"""


@pytest.mark.parametrize(
    ("name", "piece", "times"),
    [
        ("a.html", "<!--\n", 60_000),
        ("a.html", "<!--", 60_000),
        ("a.html", "<a ", 60_000),
        ("a.html", '<a b="', 60_000),
        ("a.html", "<a b='\">", 60_000),
        ("a.html", "<ul>", 60_000),
        ("a.html", "<svg></b>", 30_000),
        ("a.html", "<script><!--", 60_000),
        ("a.md", "<!--\n", 60_000),
        ("a.md", "<!--", 60_000),
        ("a.md", "[", 200_000),
        ("a.txt", "ошибк", 200),
        ("a.txt", "код", 200),
        ("a.page", "\n", 200_000),
    ],
)
def test_a_page_takes_no_longer_than_its_length_asks_for(name: str, piece: str, times: int, tmp_path: Path) -> None:
    page = tmp_path / name
    page.write_text(piece * times + "!", encoding="utf-8")
    # A process of its own: a search that does not end can't be interrupted.
    subprocess.run([sys.executable, "-c", READ, str(page)], check=True, timeout=SECONDS)


def test_many_lists_in_one_cell_are_read() -> None:
    assert len(parts_of_html("<table><tr><td>" + "<ul></ul>x" * 5_000)) == 5_001


@pytest.mark.parametrize("before", ["<!-- a > b -->", "<!x", "<?x", "<![x", "<![CDATA[ <table> ]]>", "</", "a < b"])
def test_a_table_after_broken_markup_is_found(before: str) -> None:
    closed = before + ("" if before.endswith(">") or before in ("</", "a < b") else ">")
    found = read_parts(parts_of_html(f"{closed}\n{TABLE}"), "page")
    assert [(row.status, row.code, row.line) for row in found.rows] == [("404", "no_book", 2)]


@pytest.mark.parametrize("after", ["<!--", "<!-- <b", "<a b='", "<![", "<script> x"])
def test_a_table_before_broken_markup_is_found(after: str) -> None:
    assert len(read_parts(parts_of_html(TABLE + after), "page").rows) == 1


def test_spans_lines_and_scripts() -> None:
    assert whole_markup('<TD class=a\n COLSPAN = "2" data-rowspan=9>x<br/></TD >') == '<td colspan="2">\nx<br/></td>'
    assert whole_markup("<script>if (a<b) '<!--'\n</script><b>y") == "<script>\n</script><b>y"
    assert whole_markup("<a href=it's>z</a> 1 < 2") == "<a>z</a> 1 &lt; 2"


def test_depth_and_brackets_are_bounded() -> None:
    for text, read in (("<ul>" * 200, parts_of_html), ("[" * 6_000, parts_of_markdown)):
        with pytest.raises(TooLarge):
            read(text)


@pytest.mark.parametrize(
    "head", ["Код ошибки Описание", "Статус кода / Значение", "Error codes Message", "Коды ошибок Описание"]
)
def test_headers_of_plain_text_are_known(head: str) -> None:
    found = read_parts(parts_of_text(f"{head}\n1001 Torn page\n1002 Lost page\n"), "page")
    assert [row.code for row in found.rows] == ["1001", "1002"]
