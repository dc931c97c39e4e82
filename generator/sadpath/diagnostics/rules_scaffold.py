"""The rules for drafting a catalog from tables of codes (SP60x)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

NO_TABLE: Final = Rule(
    "SP601",
    "no-table",
    Severity.ERROR,
    "A file that should list codes has neither a table nor a list.",
    "Codes are read from tables and from lists whose items begin with a code.",
    "Name the page that has the table: saved as HTML, in Markdown, or copied as text with its headers.",
)
NO_CODE_COLUMN: Final = Rule(
    "SP602",
    "no-code-column",
    Severity.ERROR,
    "No table or list of a file tells codes or statuses.",
    "A column is taken for codes or statuses by its header and by what stands in it.",
    "Give the column a header such as `Code` or `Status`, and one code in each row.",
)
OUTPUT_EXISTS: Final = Rule(
    "SP603",
    "scaffold-output-exists",
    Severity.ERROR,
    "The file that the draft would be written to exists.",
    "A catalog is edited by hand, and a draft would take that work away.",
    "Write to another file and compare the two, or give --force to replace it.",
)
ROW_WITHOUT_CODE: Final = Rule(
    "SP604",
    "row-without-code",
    Severity.WARNING,
    "A row of a table of codes tells neither a code nor a status.",
    "Nothing in an answer would show this failure, so the row was left out.",
    "Write the code or the status into the row, or enter the failure by hand.",
)
TABLE_TOO_LARGE: Final = Rule(
    "SP605",
    "table-too-large",
    Severity.ERROR,
    "The tables of a file have more cells than anybody would read.",
    "Cells that span thousands of rows and columns would fill the memory.",
    "Take the table of codes out of the page, into a file of its own.",
)
NO_FAILURES: Final = Rule(
    "SP606",
    "no-failures",
    Severity.WARNING,
    "The document declares no failures, and no table of codes was given.",
    "The draft has no errors, so everything that can go wrong is still to be written down.",
    "Give the vendor's table of codes with --from, or write the errors by hand.",
)
