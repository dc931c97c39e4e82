"""Tables and lists of codes, in HTML, Markdown and plain text, to rows: what is written in many ways is read as one thing."""

from __future__ import annotations

import pytest

from sadpath.scaffold.blocks import Part, TooLarge
from sadpath.scaffold.html_blocks import parts_of_html, parts_of_markdown
from sadpath.scaffold.plain_blocks import parts_of_text
from sadpath.scaffold.rows import FamilyRow, Read, read_parts

Row = tuple[str | None, str | None, str]


def read(parts: tuple[Part, ...]) -> Read:
    return read_parts(parts, "page")


def rows(parts: tuple[Part, ...]) -> list[Row]:
    return [(row.status, row.code, row.text) for row in read(parts).rows]


BOTH: list[Row] = [("404", "no_such_book", "There is no such book."), ("409", "lent", "Somebody has it.")]


@pytest.mark.parametrize(
    "text",
    [
        "| HTTP status | Code | Meaning |\n|---|---|---|\n"
        "| 404 | `no_such_book` | There is no such book. |\n| 409 | `lent` | Somebody has it. |\n",
        "| Код ошибки | Описание | Статус |\n|---|---|:-:|\n"
        "| no_such_book | There is no such book. | 404 Not Found |\n| lent | Somebody has it. | HTTP 409 |\n",
        "Error|Reason|Response code\n-|-|-\n`no_such_book`|There is no such book.|404\n`lent`|Somebody has it.|409\n",
        "### Errors\n\n* `no_such_book` (404): There is no such book.\n* `lent` (status code 409): Somebody has it.\n",
        "- `no_such_book` — There is no such book. (HTTP 404);\n- `lent` — Somebody has it. (HTTP 409).\n",
        "## 404\n\n|code|description|\n|-|-|\n|no_such_book|There is no such book.|\n\n"
        "## 409\n\n|code|description|\n|-|-|\n|lent|Somebody has it.|\n",
    ],
)
def test_markdown(text: str) -> None:
    found = [(status, code, words.replace(" .", ".")) for status, code, words in rows(parts_of_markdown(text))]
    assert [(one[0], one[1], one[2].rstrip(". ")) for one in found] == [
        (one[0], one[1], one[2].rstrip(".")) for one in BOTH
    ]


HEAD = "<tr><th>Status</th><th>Code</th><th>Meaning</th></tr>"


@pytest.mark.parametrize(
    "body",
    [
        # Neither rows nor cells are closed, and there is markup in them.
        f"{HEAD}<tr><td>404<td><code>no_such_book</code><td>There is <b>no</b>&nbsp;such<br>book."
        "<tr><td>409<td>lent<td>Somebody has it.",
        f"<thead>{HEAD}</thead><tbody><tr><td>404</td><td>no_such_book</td><td>There is no such book.</td></tr>"
        "<tr><td>409</td><td><pre>x</pre>lent<script>y</script></td><td><p>Somebody has it.</p></td></tr></tbody>",
        # A heading over the rows of one status.
        "<tr><th>Code</th><th>Meaning</th></tr><tr><td colspan=2>404 Not Found</td></tr>"
        "<tr><td>no_such_book</td><td>There is no such book.</td></tr><tr><td colspan=2>409</td></tr>"
        "<tr><td>lent</td><td>Somebody has it.</td></tr>",
    ],
)
def test_html_in_many_ways(body: str) -> None:
    assert rows(parts_of_html(f"<p>Our errors</p><table>{body}</table>")) == BOTH


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    body = (
        f"{HEAD}<tr><td rowspan=2>400</td><td>bad_name</td><td rowspan=3>Wrong.</td></tr><tr><td>bad_date</td></tr>"
        "<tr><td>422</td><td>too_many, too_old</td></tr>"
    )
    assert rows(parts_of_html(f"<table>{body}</table>")) == [
        ("400", "bad_name", "Wrong."),
        ("400", "bad_date", "Wrong."),
        ("422", "too_many", "Wrong."),
        ("422", "too_old", "Wrong."),
    ]


def test_a_list_in_a_cell_of_a_table_of_members_is_read() -> None:
    text = (
        "<table><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>"
        "<tr><td>error</td><td>string</td><td>One of: <ul><li><code>no_such_book</code> - There is no such book. (404)"
        "<li><code>lent</code> - Somebody has it. (409)</ul></td></tr>"
        "<tr><td>id</td><td>string</td><td>For our support.</td></tr></table>"
    )
    assert [(status, code) for status, code, _ in rows(parts_of_html(text))] == [
        ("404", "no_such_book"),
        ("409", "lent"),
    ]


def test_a_list_of_causes_in_a_table_of_codes_is_part_of_its_cell() -> None:
    text = f"<table>{HEAD}<tr><td>400</td><td>bad</td><td>Causes: <ul><li>no_name: missing</ul></td></tr></table>"
    assert rows(parts_of_html(text)) == [("400", "bad", "Causes: no_name: missing")]


def test_a_definition_list_and_several_tables_with_others_between() -> None:
    text = (
        "<h2>Errors</h2><dl><dt><code>no_such_book</code></dt><dd>There is no such book.</dd></dl>"
        "<table><tr><th>Day</th><th>Opens</th></tr><tr><td>Monday</td><td>at nine</td></tr></table>"
        f"<table>{HEAD}<tr><td>409</td><td>lent</td><td>Somebody has it.</td></tr></table>"
        "<ul><li>Home</li><li>Help: ask us</li></ul>"
    )
    assert rows(parts_of_html(text)) == [(None, *BOTH[0][1:]), BOTH[1]]


def test_types_of_problems_are_codes_and_paths_of_packages_are_none() -> None:
    text = "|Error type|Text|\n|-|-|\n|https://kiosk.example/errors/torn|Torn|\n|/errors/lost|Lost|\n"
    assert [code for _, code, _ in rows(parts_of_markdown(text))] == [
        "https://kiosk.example/errors/torn",
        "/errors/lost",
    ]
    assert (
        rows(
            parts_of_markdown(
                "|Source code|How|\n|-|-|\n|forge.example/a/b-c|get it|\n|forge.example/a/d-e|get it, too|\n"
            )
        )
        == []
    )


def test_a_status_without_a_code_and_a_code_without_a_status() -> None:
    text = "|Status|Code|Text|\n|-|-|-|\n|405||No.|\n|5xx|-|Broken.|\n\n|Error code|Text|\n|-|-|\n|E_17|Odd.|\n"
    assert rows(parts_of_markdown(text)) == [("405", None, "No."), ("5XX", None, "Broken."), (None, "E_17", "Odd.")]


def test_an_empty_status_is_that_of_the_row_above_and_said_to_be() -> None:
    found = read(parts_of_markdown("|Status|Code|Text|\n|-|-|-|\n|400|bad_a|A.|\n||bad_b|B.|\n")).rows
    assert [(row.status, row.code, row.guess) for row in found] == [
        ("400", "bad_a", ""),
        ("400", "bad_b", "the status is that of the row above"),
    ]


def test_numbers_that_are_codes_beside_statuses_and_ranges_of_them() -> None:
    text = "All of these come with status 400.\n\n|Code|Message|\n|-|-|\n|100|Bad|\n|10x|About books|\n|101|Torn|\n"
    found = read(parts_of_markdown(text.replace("100", "1000").replace("10x", "100x").replace("101", "1001")))
    assert [(row.status, row.code, row.text) for row in found.rows] == [("400", "1000", "Bad"), ("400", "1001", "Torn")]
    assert found.families == [FamilyRow(1000, 1009, "About books")]
    assert all("the words above the table" in row.guess for row in found.rows)


@pytest.mark.parametrize(
    "text",
    [
        "Codes of failures:\nHTTP response codeValue of the error fieldDescription\n"
        "404no_such_bookThere is no such book.\n409lentSomebody has it.\nAn example follows.\n",
        "Код ответа HTTPКод ошибкиОписание\n404\nno_such_book\nThere is no such book.\n409\nlent\nSomebody has it.\n\nEnd\n",
        "The codes are:\n  • no_such_book (status code 404) - There is no such book.\n"
        "  • lent (status code 409) - Somebody has it.\n",
        "  • no_such_book — There is no such book. (HTTP 404);\n  • lent — Somebody has it. (HTTP 409).\n",
    ],
)
def test_plain_text_as_it_is_copied(text: str) -> None:
    assert [(one[0], one[1], one[2].rstrip(". ")) for one in rows(parts_of_text(text))] == [
        (one[0], one[1], one[2].rstrip(".")) for one in BOTH
    ]


def test_lists_and_lines_of_numbers_in_plain_text() -> None:
    text = (
        "  • 404 – Does not exist\n  • 500 – all else\n\nThe others come with a 400 status.\n\nCode Message\n"
        "1001 Torn\n101x Errors related to shelves\n1011 Shelf is full\n"
    )
    found = read(parts_of_text(text))
    assert [(row.status, row.code, row.text) for row in found.rows] == [
        ("404", None, "Does not exist"),
        ("500", None, "all else"),
        ("400", "1001", "Torn"),
        ("400", "1011", "Shelf is full"),
    ]
    assert found.families == [FamilyRow(1010, 1019, "Errors related to shelves")]


@pytest.mark.parametrize(
    "text",
    [
        "| Field | Type | Description |\n|-|-|-|\n| error_code | string | A code. |\n| error_text | string | A text. |\n",
        "| Country | Code |\n|-|-|\n| United Kingdom | see the other page |\n",
        "- First, read this.\n- Then do that: it helps.\n",
        "1. Install it\n2. Run it\n",
        "You give these:\n\n- `client_id`: Who you are.\n- `state`: Whatever you like.\n",
        "| Method | Right |\n|-|-|\n| GET | READ_A |\n| GET | READ_B |\n| GET | READ_C |\n",
        "| Version | Date |\n|-|-|\n| 1.0.0 | 2024-01-01 |\n| 1.1.0 | 2024-02-01 |\n",
    ],
)
def test_what_is_no_table_of_codes(text: str) -> None:
    assert rows(parts_of_markdown(text)) == []


@pytest.mark.parametrize(
    "text", ["<table>" * 200 + "<tr><td>1", "<ul><li>" * 150, "<table><tr><td colspan=1000 rowspan=1000>"]
)
def test_a_page_that_would_fill_the_memory_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        parts_of_html(text)


@pytest.mark.parametrize(
    "text", ["", "<", "<table", "<table><tr>", "</table></td></li>", "<td>1", "<li>x", "<table><td rowspan=x>1"]
)
def test_a_broken_page_is_read_as_far_as_it_goes(text: str) -> None:
    assert rows(parts_of_html(text)) == []


def test_what_can_not_be_seen_is_not_read() -> None:
    text = f"<table>{HEAD}<tr><td>4\u200b04</td><td>no\u202e_such_book</td><td>There\x07 is\u2028no such\u00a0book.</td></tr></table>"
    assert rows(parts_of_html(text)) == BOTH[:1]
