"""Pages in another language: every word of the document that they show, by a file of texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from sadpath.config.settings import ApiSettings, Layout
from sadpath.diagnostics import Report
from sadpath.ir.texts import document_texts
from sadpath.pipeline import build
from sadpath.reading import read_service

DOCUMENT = """
openapi: 3.1.0
info: {title: Museum, version: "1", description: "What can\\n be seen."}
servers: [{url: "https://museum.example", description: The house}]
tags: [{name: Halls, description: Rooms.}]
paths:
  /halls:
    get:
      operationId: listHalls
      tags: [Halls]
      summary: All halls
      description: Every one of them.
      parameters: [{name: floor, in: query, description: The floor., schema: {$ref: "#/components/schemas/Floor"}}]
      responses:
        "200": {description: OK, content: {application/json: {schema: {$ref: "#/components/schemas/Hall"}}}}
    post:
      operationId: buildHall
      tags: [Halls]
      summary: Hidden by the catalog
      responses: {"204": {description: Built}}
webhooks:
  closed:
    post:
      summary: A hall is closed
      description: For repairs.
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Hall"}}}}
      responses: {"200": {description: Noticed}}
components:
  schemas:
    Hall:
      type: object
      description: A hall.
      properties: {name: {type: string, description: Its name.}}
    Floor: {type: string, description: A floor., enum: [ground]}
"""
CATALOG = """
errorcatalog: "1"
info: {api: museum, locales: [en, de]}
operations:
  buildHall: {effect: once, title: {en: Build, de: Bauen}}
errors:
  closed:
    match: {status: 503}
    title: {en: Closed, de: Geschlossen}
"""
TEXTS = {
    "What can be seen.": "Was es gibt.",
    "The house": "Das Haus",
    "Halls": "Säle",
    "Rooms.": "Räume.",
    "All halls": "Alle Säle",
    "Every one of them.": "Jeder einzelne.",
    "The floor.": "Das Geschoss.",
    "A hall is closed": "Ein Saal ist zu",
    "For repairs.": "Wegen Reparatur.",
    "Noticed": "Bemerkt",
    "A hall.": "Ein Saal.",
    "Its name.": "Sein Name.",
    "A floor.": "Ein Geschoss.",
}


def settings(folder: Path, texts: dict[str, str]) -> ApiSettings:
    (folder / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "errors.yaml").write_text(CATALOG, encoding="utf-8")
    lines = [f'- {{en: "{text}", de: "{found}"}}\n' for text, found in texts.items()]
    (folder / "texts.yaml").write_text("".join(lines), encoding="utf-8")
    return ApiSettings(
        "museum",
        folder / "openapi.yaml",
        folder / "errors.yaml",
        "museum",
        "museum._runtime",
        frozenset({"docs"}),
        None,
        Layout(folder / "out", python="python", docs="docs", openapi="museum.yaml"),
        texts=folder / "texts.yaml",
    )


def pages(api: ApiSettings, report: Report) -> dict[str, str]:
    trees = build(api, report)
    assert trees is not None, report.diagnostics
    return {path: text for tree in trees for path, text in tree.files.items()}


def test_every_word_that_a_page_shows_is_translated(tmp_path: Path) -> None:
    report = Report()
    found = pages(settings(tmp_path, TEXTS), report)
    assert report.diagnostics == ()
    german = {path: text for path, text in found.items() if "/de/" in path}
    english = {path: text for path, text in found.items() if "/en/" in path}
    assert {path.replace("/de/", "/en/") for path in german} == set(english)
    for text, translation in TEXTS.items():
        assert any(translation in page for page in german.values()), text
        assert not any(text in page for page in german.values()), text
        assert any(text in page for page in english.values()), text
        assert not any(translation in page for page in english.values()), text
    assert not any("Hidden by the catalog" in page for page in found.values())
    assert any("](#alle-säle)" in page or "#alle-säle" in page for page in german.values())


def test_what_is_missing_is_said_and_shown_as_it_is(tmp_path: Path) -> None:
    report = Report()
    found = pages(settings(tmp_path, {"Rooms.": "Räume.", "Cellar.": "Keller."}), report)
    assert [(one.rule.code, one.message) for one in report.diagnostics] == [
        (
            "SP315",
            '12 of 13 texts are missing in "de": "What can be seen.", "A floor.", "A hall.", "Its name.", "Halls" and 7 more',
        ),
        ("SP316", 'the document does not say "Cellar."'),
    ]
    german = next(text for path, text in found.items() if path.endswith("de/resources/halls.md"))
    assert "Räume." in german and "All halls" in german


def test_the_texts_are_those_that_are_shown(tmp_path: Path) -> None:
    found = read_service(settings(tmp_path, TEXTS), Report())
    assert found is not None and set(document_texts(found[0])) == set(TEXTS)


@pytest.mark.parametrize("text", ["", "a: b", "- - a"])
def test_a_file_that_holds_no_texts_is_refused(text: str, tmp_path: Path) -> None:
    api = settings(tmp_path, TEXTS)
    (tmp_path / "texts.yaml").write_text(text, encoding="utf-8")
    report = Report()
    assert build(api, report) is None and report.failed
