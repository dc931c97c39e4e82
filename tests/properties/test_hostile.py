"""Whatever stands in the texts of a document and a catalog, what is made of it is data to Python, Markdown and the disk."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from properties.hostile import Position, as_json, check_files, hostile_texts, positions, replaced, victim

from sadpath.cli.result import conclude
from sadpath.cli.scaffold import Options, run_scaffold
from sadpath.config import ApiSettings
from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Diagnostic, Report, Severity
from sadpath.diagnostics.render import render_full
from sadpath.pipeline import build
from sadpath.reading import read_service

DOCUMENT, CATALOG = victim()
IN_DOCUMENT, IN_CATALOG = list(positions(DOCUMENT)), list(positions(CATALOG))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path


def api_in(folder: Path, *, with_catalog: bool) -> ApiSettings:
    errors = folder / "errors.json" if with_catalog else None
    found = settings_from_options(folder / "openapi.json", errors, "victim", folder / "out", (), Report())
    assert found is not None
    return found.apis[0]


def generate(
    folder: Path, document: object, catalog: object | None, *, formatted: bool = False
) -> dict[str, str] | None:
    """The files of a run, which are checked; None where there is an error, which is checked too."""
    (folder / "openapi.json").write_text(as_json(document), encoding="ascii")
    if catalog is not None:
        (folder / "errors.json").write_text(as_json(catalog), encoding="ascii")
    report = Report()
    api = api_in(folder, with_catalog=catalog is not None)
    if formatted:
        trees = build(api, report)
    else:
        # What the validator says is tested with documents of its own, which takes long, as Black does for what only it can format.
        with mock.patch("sadpath.render.format.format_with_black", str), mock.patch("sadpath.reading.second_findings"):
            trees = build(api, report)
    said = render_full(report.diagnostics)
    assert all(character.isprintable() or character == "\n" for character in said)
    assert "SP000" not in said and (trees is None) is report.failed
    if trees is None:
        return None
    files = {path: text for tree in trees for path, text in tree.files.items()}
    check_files(files)
    return files


def test_the_victim_itself_is_well(folder: Path) -> None:
    files = generate(folder, DOCUMENT, CATALOG, formatted=True)
    assert files is not None and "victim/webhooks.py" in files
    assert len(IN_DOCUMENT) > 350 and len(IN_CATALOG) > 120


def changes(found: list[Position]) -> st.SearchStrategy[dict[Position, str]]:
    """Some of the positions, each with a hostile text."""
    return st.dictionaries(st.sampled_from(found), hostile_texts(), min_size=1, max_size=12)


VALUES = [one for one in IN_DOCUMENT if not one[1]]
EXAMPLES = settings.default.max_examples // 4 if settings.default is not None else 25
HARMLESS = [
    one
    for one in VALUES
    if one[0][-1]
    in (
        "title",
        "summary",
        "description",
        "pattern",
        "default",
        "const",
        "name",
        "operationId",
        "text",
        "examples",
        "x-sadpath-name",
    )
    or (len(one[0]) > 1 and one[0][-2] in ("enum", "tags", "required", "examples", "scopes", "x-enum-descriptions"))
]
"""Positions of which the document can hold anything and stay a document."""

CASES = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@CASES
@given(change=changes(HARMLESS))
def test_words_of_a_document(folder: Path, change: dict[Position, str]) -> None:
    generate(folder, replaced(DOCUMENT, change), CATALOG)


@CASES
@given(change=changes(IN_DOCUMENT))
def test_any_text_of_a_document(folder: Path, change: dict[Position, str]) -> None:
    generate(folder, replaced(DOCUMENT, change), None)


@CASES
@given(change=changes(IN_CATALOG))
def test_any_text_of_a_catalog(folder: Path, change: dict[Position, str]) -> None:
    generate(folder, DOCUMENT, replaced(CATALOG, change))


@CASES
@given(text=hostile_texts())
def test_one_text_everywhere(folder: Path, text: str) -> None:
    generate(folder, replaced(DOCUMENT, dict.fromkeys(HARMLESS, text)), None)


FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "subprocess",
    "socket",
    "shutil",
    "ctypes",
    "urllib",
)
_watched: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    writes = event == "open" and any(letter in str(arguments[1] or "") for letter in "wax+")
    if writes or event.startswith(FORBIDDEN):
        _watched.append(f"{event} {arguments!r}")


sys.addaudithook(_watch)


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What is done to the machine from here on, by the interpreter's own word."""
    global _watching
    _watched.clear()
    yield _watched
    _watching = False


@settings(parent=CASES, max_examples=10)
@given(change=changes(HARMLESS))
def test_importing_what_is_made_does_nothing(folder: Path, watched: list[str], change: dict[Position, str]) -> None:
    global _watching
    files = generate(folder, replaced(DOCUMENT, change), None)
    if files is None:
        return
    modules = sorted(path for path in files if path.endswith(".py"))
    for path in files:
        target = folder / "out" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")
    names = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in modules]
    with (
        mock.patch.object(sys, "path", [str(folder / "out"), *sys.path]),
        mock.patch.object(sys, "dont_write_bytecode", True),
    ):
        try:
            _watching = True
            for name in names:
                __import__(name)
        finally:
            _watching = False
            for name in [one for one in sys.modules if one == "victim" or one.startswith("victim.")]:
                del sys.modules[name]
    assert watched == []
    for path in modules:
        (folder / "out" / path).unlink()


@CASES
@given(change=changes(IN_DOCUMENT))
def test_a_draft_from_any_text_of_a_document(folder: Path, change: dict[Position, str]) -> None:
    check_draft(folder, replaced(DOCUMENT, change))


@CASES
@given(text=hostile_texts())
def test_a_draft_from_one_text_everywhere(folder: Path, text: str) -> None:
    check_draft(folder, replaced(DOCUMENT, dict.fromkeys(HARMLESS, text)), text)


def scaffold(options: Options) -> int:
    """The command, to its exit code."""
    return conclude(run_scaffold(options))


def check_draft(folder: Path, document: object, text: str = "") -> None:
    """What is drafted from a document, and from a page with a hostile code and text, is a catalog for that document."""
    (folder / "openapi.json").write_text(as_json(document), encoding="ascii")
    row = "".join(f"<td>{html.escape(one)}</td>" for one in ("404", f"code_{text}", text))
    table = f"<table><tr><th>Status</th><th>Code</th><th>Text</th></tr><tr>{row}</tr></table>"
    (folder / "page.html").write_text(table, encoding="utf-8", errors="replace")
    drafted = folder / "errors.yaml"
    options = Options(folder / "openapi.json", (folder / "page.html",), drafted, force=True, locales="en,ru")
    with mock.patch("sadpath.reading.second_findings"):
        code = scaffold(options)
        report = Report()
        api = replace(api_in(folder, with_catalog=False), errors=drafted)
        if code == 0:
            read_service(api, report)
    assert code in (0, 1)
    assert not [one.message for one in report.diagnostics if one.rule.code.startswith(("SP1", "SP3")) and is_error(one)]


def is_error(one: Diagnostic) -> bool:
    return one.severity is Severity.ERROR
