"""Pages of what is no API: a catalog of a program's failures, beside a document without operations."""

from __future__ import annotations

from pathlib import Path

from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.pipeline import build_all

DOCUMENT = """
openapi: 3.1.0
info: {title: Printer, version: "2", description: What the printer says.}
components: {schemas: {Ink: {type: string}}}
"""
CATALOG = """
errorcatalog: "1"
info: {api: printer, locales: [en]}
formats: {line: {media_types: [application/json], code: {body: /code}, attributes: {tray: {body: /tray}}}}
errors:
  paper_jam:
    match: {code: P1}
    attributes: {light: {const: red}, jam_kind: {const: "a|b"}}
    title: Paper jam in `tray 1`
    description: The paper is stuck.
    remedies: [Pull it out.]
    outputs:
      - {id: jam, text: "P1: <b>jam</b>\\n```\\n| ^^^"}
      - {id: again, title: Again, text: "P1: again"}
  no_ink:
    match: {code: P2}
    attributes: {light: {const: yellow}}
    title: No ink
    remedies: [Buy some.]
"""


def pages(folder: Path) -> dict[str, str]:
    (folder / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "errors.yaml").write_text(CATALOG, encoding="utf-8")
    report = Report()
    paths = (folder / "openapi.yaml", folder / "errors.yaml")
    settings = settings_from_options(*paths, "printer", folder / "out", ("docs",), report)
    assert settings is not None
    built = build_all(settings.apis, report)
    assert built.complete, report.diagnostics
    return {path.rpartition("docs/printer/")[2]: text for one in built.trees for path, text in one.tree.files.items()}


def test_the_index_lists_codes_and_what_tells_them_apart(tmp_path: Path) -> None:
    found = pages(tmp_path)
    assert sorted(found) == ["README.md", "errors/no_ink.md", "errors/paper_jam.md", "models.md"]
    index = found["README.md"]
    assert "| Code | Light | Jam kind | What it means |" in index
    assert "| [`P1`](errors/paper_jam.md) | red | a\\|b | Paper jam in `tray 1` |" in index
    assert "| [`P2`](errors/no_ink.md) | yellow |  | No ink |" in index
    assert "HTTP" not in index and "## Operations" not in index and "unlisted" not in index


def test_a_page_says_nothing_of_answers_and_classes(tmp_path: Path) -> None:
    page = pages(tmp_path)["errors/paper_jam.md"]
    headings = [line for line in page.split("\n") if line.startswith("#")]
    assert headings == [
        "# `P1`: Paper jam in `tray 1`",
        "## What it means",
        "## What to do",
        "## What is printed",
        "### Again",
    ]
    assert "| Light | red |" in page and "- Pull it out." in page
    for word in ("HTTP", "PaperJam", "money", "assumed", "except", "tray |"):
        assert word not in page


def test_what_is_printed_cannot_break_out_of_its_block(tmp_path: Path) -> None:
    page = pages(tmp_path)["errors/paper_jam.md"]
    assert "````text\nP1: <b>jam</b>\n```\n| ^^^\n````" in page
