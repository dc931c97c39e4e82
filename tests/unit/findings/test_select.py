"""Notes in documents, the baseline and weights: what of a run's findings is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath import generate
from sadpath.diagnostics import Diagnostic, Report, Severity
from sadpath.diagnostics.policy import Policy
from sadpath.diagnostics.rules_catalog import CATALOG_MISSING_LOCALE, CATALOG_RESPONSE_MISSING
from sadpath.diagnostics.rules_openapi import MISSING_FIELD
from sadpath.findings.baseline import Baseline, read_baseline, render_baseline
from sadpath.findings.select import Selected, select
from sadpath.source.loader import parse_text
from sadpath.source.place import Place
from sadpath.source.text import Source


def document(text: str, path: str = "openapi.yaml") -> Source:
    report = Report()
    source = parse_text(path, text, report)
    assert source is not None and not report.diagnostics
    return source


def warning(source: Source, pointer: str) -> Diagnostic:
    return Diagnostic(CATALOG_RESPONSE_MISSING, f"about {pointer}", Place(source, pointer))


def shown(selected: Selected) -> list[tuple[str, str | None]]:
    return [(one.rule.code, one.place.pointer if one.place else None) for one in selected.shown]


NOTED = """\
a:
  x-sadpath-ignore: SP312
  b: {c: 1}
ab: {c: 1}
d:
  - x-sadpath-ignore: [SP309, SP312]
    c: 1
  - c: 1
"""


def test_a_note_holds_for_its_object_and_all_below() -> None:
    source = document(NOTED)
    pointers = ["/a", "/a/b/c", "/ab/c", "/d/0/c", "/d/1/c", "/d", ""]
    found = select([warning(source, pointer) for pointer in pointers], Policy(), [source])
    assert shown(found) == [("SP312", ""), ("SP312", "/ab/c"), ("SP312", "/d"), ("SP312", "/d/1/c")]
    assert found.hidden == 3


def test_a_note_holds_for_its_rule_and_its_file_alone() -> None:
    source, other = document(NOTED), document(NOTED.replace("x-sadpath-ignore", "x-other"), "other.yaml")
    locale = Diagnostic(CATALOG_MISSING_LOCALE, "no text", Place(source, "/a/b"))
    found = select([locale, warning(other, "/a/b")], Policy(), [source, other])
    assert sorted(shown(found)) == [("SP309", "/a/b"), ("SP312", "/a/b")]


def test_no_note_hides_an_error() -> None:
    source = document("x-sadpath-ignore: [SP203]\n")
    error = Diagnostic(MISSING_FIELD, "the field is missing", Place(source))
    assert shown(select([error], Policy(), [source])) == [("SP203", ""), ("SP009", "/x-sadpath-ignore/0")]


def test_notes_that_mean_nothing_are_told_and_unused_ones_where_every_rule_has_looked() -> None:
    source = document("x-sadpath-ignore: [SP312, SP3122]\n")
    assert shown(select([], Policy(), [source])) == [("SP009", "/x-sadpath-ignore/1")]
    assert shown(select([], Policy(), [source], is_complete=True)) == [
        ("SP010", "/x-sadpath-ignore/0"),
        ("SP009", "/x-sadpath-ignore/1"),
    ]


def test_a_property_of_that_name_is_no_note() -> None:
    source = document("properties:\n  x-sadpath-ignore: {type: string}\n")
    assert shown(select([], Policy(), [source], is_complete=True)) == []


def test_weights() -> None:
    source = document("a: 1\n")
    both = [warning(source, "/a"), Diagnostic(MISSING_FIELD, "missing", Place(source))]
    assert shown(select(both, Policy(frozenset({"SP312", "SP203"})), [source])) == [("SP203", "")]
    raised = Policy(severity={"SP312": Severity.ERROR, "SP203": Severity.INFO})
    found = select(both, raised, [source]).shown
    assert [one.severity for one in found] == [Severity.ERROR, Severity.ERROR]
    lowered = select(both[:1], Policy(severity={"SP312": Severity.INFO}), [source]).shown
    assert [one.severity for one in lowered] == [Severity.INFO]


@pytest.mark.parametrize(
    ("fail_on", "severity", "fails"),
    [
        ("error", Severity.ERROR, True),
        ("error", Severity.WARNING, False),
        ("warning", Severity.WARNING, True),
        ("warning", Severity.INFO, False),
        ("info", Severity.INFO, True),
    ],
)
def test_what_a_run_fails_on(fail_on: str, severity: Severity, fails: bool) -> None:
    source = document("a: 1\n")
    policy = Policy(severity={"SP312": severity}, fail_on=fail_on)  # type: ignore[arg-type]
    assert policy.fails(policy.weighed([warning(source, "/a")])) is fails
    assert not policy.fails([])


def read(text: str, folder: Path) -> Baseline | None:
    (folder / "known.json").write_text(text)
    return read_baseline(folder / "known.json", folder, Report(), required=True)


def test_a_baseline_hides_what_it_lists_and_nothing_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old = document("a: 1\nb: 2\n")
    known = [warning(old, "/a"), warning(old, "/b")]
    text = render_baseline(known, tmp_path)
    # Lines have moved, one finding is gone, one is new, and one that was known is there twice.
    new = document("c: 0\n\na: 1\n")
    twice = Diagnostic(CATALOG_RESPONSE_MISSING, "something else about it", Place(new, "/a"))
    found = select(
        [warning(new, "/a"), twice, warning(new, "/c")], Policy(), [new], read(text, tmp_path), is_complete=True
    )
    assert shown(found) == [("SP012", ""), ("SP312", "/c"), ("SP312", "/a")]
    assert found.hidden == 1


def test_a_finding_that_gathers_more_than_before_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = document("a: 1\n")
    before = Diagnostic(CATALOG_RESPONSE_MISSING, "1 of 1 errors have no example: a", Place(source, "/a"))
    after = Diagnostic(CATALOG_RESPONSE_MISSING, "2 of 2 errors have no example: a, b", Place(source, "/a"))
    text = render_baseline([before], tmp_path)
    assert shown(select([before], Policy(), [source], read(text, tmp_path))) == []
    assert shown(select([after], Policy(), [source], read(text, tmp_path))) == [("SP312", "/a")]


def test_a_baseline_is_the_same_from_every_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path)
    here = render_baseline([warning(document("a: 1\n", "specs/openapi.yaml"), "/a")], tmp_path)
    monkeypatch.chdir(tmp_path / "specs")
    assert render_baseline([warning(document("a: 1\n", "openapi.yaml"), "/a")], tmp_path) == here
    assert json.loads(here)["findings"] == [
        {"code": "SP312", "path": "specs/openapi.yaml", "pointer": "/a", "message": "about /a"}
    ]


def test_errors_are_never_in_a_baseline(tmp_path: Path) -> None:
    source = document("a: 1\n")
    error = Diagnostic(MISSING_FIELD, "missing", Place(source))
    assert json.loads(render_baseline([error], tmp_path))["findings"] == []
    text = json.dumps(
        {"version": 1, "findings": [{"code": "SP203", "path": "openapi.yaml", "pointer": "", "message": "missing"}]}
    )
    assert shown(select([error], Policy(), [source], read(text, tmp_path))) == [("SP203", "")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_content_of_a_baseline_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("baseline")
    found = read(json.dumps({"version": 1, "findings": value}), folder)
    assert found is None or isinstance(value, list)


DOCUMENT = """\
openapi: 3.1.0
info: {title: Library, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      responses:
        "200": {description: All books.}
        "404": {description: No such book.}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: What is missing, version: "1"}
actions:
  - target: $.paths['/books'].get.responses
    update:
      "410": {description: Given away., x-sadpath-ignore: [SP312, SP309]}
"""
CATALOG = """\
errorcatalog: "1"
info: {api: library, locales: [en]}
errors:
  book_missing:
    match: {status: 404}
    title: No such book
"""


def test_a_note_of_an_overlay_counts_where_it_is_put_in(tmp_path: Path) -> None:
    files = {"openapi.yaml": DOCUMENT, "mend.yaml": OVERLAY, "errors.yaml": CATALOG}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def warnings(*overlays: Path) -> list[str]:
        catalog = tmp_path / "errors.yaml"
        found = generate(tmp_path / "openapi.yaml", catalog, package="library", overlays=overlays, lint=True)
        return [one.message for one in found.diagnostics if one.severity is Severity.WARNING]

    assert warnings() == []
    assert warnings(tmp_path / "mend.yaml") == ["there is no finding of SP309 here"]
    (tmp_path / "mend.yaml").write_text(OVERLAY.replace("x-sadpath-ignore", "x-other"), encoding="utf-8")
    assert [message.split(",")[0] for message in warnings(tmp_path / "mend.yaml")] == ['"listBooks" declares 410']
