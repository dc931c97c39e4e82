"""What is examined of a folder of documents: every column of the report on documents of ours, and whatever is wrong is found."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.corpus import running
from conformance.corpus.__main__ import main
from conformance.corpus.documents import Document, found_in, sample
from conformance.corpus.generating import OUTPUT, PACKAGE, outcome_of
from conformance.corpus.importing import imported
from conformance.corpus.measuring import Run, measured
from conformance.corpus.probing import probed
from conformance.corpus.report import share
from conformance.corpus.store import Keys
from conformance.corpus.type_checking import Checked, types_checked

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = {
    "derived-errors.yaml": "specs/features/derived-errors/openapi.yaml",
    "path-items.yaml": "specs/features/path-items/openapi.yaml",
    "read-and-write.yaml": "specs/features/read-and-write/openapi.yaml",
}
REFUSED = "specs/broken/openapi-duplicate-operation-id/openapi.yaml"

pytestmark = pytest.mark.xdist_group("corpus")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Documents of ours, one that is refused, a file that is no document, and all that is found of them."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "documents").mkdir()
    for name, path in OURS.items():
        shutil.copy(CHECKOUT / path, folder / "documents" / name)
    shutil.copy(CHECKOUT / REFUSED, folder / "documents" / "refused.yaml")
    (folder / "documents" / "other.json").write_text('{"swagger": "2.0"}', encoding="utf-8")
    arguments = ["--work", str(folder / "work"), "--output", str(folder / "report.json"), "--workers", "1"]
    assert main([str(folder / "documents"), *arguments]) == 0
    yield folder


@pytest.fixture(scope="module")
def rows(work: Path) -> dict[str, dict[str, Any]]:
    report = json.loads((work / "report.json").read_text(encoding="utf-8"))
    assert report["others"] == 1
    return {row["name"]: row for row in report["documents"]}


@pytest.mark.parametrize("name", OURS)
def test_a_document_of_ours_is_right_in_every_column(name: str, rows: dict[str, dict[str, Any]]) -> None:
    row = rows[name]
    assert (row["outcome"], row["imports"], row["type_errors"]) == ("generated", True, 0)
    assert row["seconds"] > 0 and row["mebibytes"] > 10 and row["files"] > 20 and row["lines"] > 500
    for column in ("operations", "schemas", "members", "errors", "instances", "calls"):
        right, count = row[column]
        assert right == count, (column, row)
    assert row["operations"][1] > 0 and row["calls"][1] == row["operations"][1] and not row["untried_calls"]
    assert row["failed"] == {}


def test_everything_is_counted(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["derived-errors.yaml"]["errors"] == [7, 7]
    # Four of ten schemas have two faces; three instances of each.
    assert {name: rows[name]["instances"][1] for name in OURS} == {
        "derived-errors.yaml": 9,
        "path-items.yaml": 3,
        "read-and-write.yaml": 24,
    }
    assert "error" in rows["refused.yaml"]["severities"]
    assert rows["refused.yaml"]["outcome"] == "refused"
    assert rows["refused.yaml"]["first_error"].startswith("SP")


def test_the_report_can_be_read(work: Path) -> None:
    text = (work / "report.md").read_text(encoding="utf-8")
    assert "| generated | 3 of 4 (75 %) |" in text
    assert "- `refused.yaml`, refused: SP" in text
    assert all(f"| `{name}` | 3." in text for name in OURS)


def test_what_is_known_is_not_asked_again(work: Path) -> None:
    kept = {path: path.stat().st_mtime_ns for path in (work / "work").rglob("record.json")}
    assert main([str(work / "documents"), "--work", str(work / "work"), "--output", str(work / "again.json")]) == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert (work / "again.json").read_bytes() == (work / "report.json").read_bytes()


@pytest.fixture
def damaged(work: Path, tmp_path: Path) -> Callable[..., Path]:
    """The folder of a document, with a text of one of its generated modules replaced."""

    def damage(name: str, *texts: tuple[str, str, str]) -> Path:
        folder = tmp_path / "damaged"
        # What is compiled is not compiled again.
        shutil.copytree(work / "work" / "documents" / name, folder)
        for module, old, new in texts:
            path = folder / OUTPUT / PACKAGE / module
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return damage


def probe(folder: Path, name: str) -> dict[str, Any]:
    return probed(folder, CHECKOUT / OURS[name], 60)


def test_what_was_not_generated_is_missed(damaged: Callable[..., Path]) -> None:
    folder = damaged(
        "derived-errors.yaml",
        ("server.py", '    ServerRoute(ADD_CARD, "cards", "add", AddCard),\n', ""),
        ("resources/cards.py", 'path="/cards/{id}"', 'path="/cards/{id}x"'),
        ("error-catalog.json", '"5XX"', '"599"'),
        ("models/__init__.py", '    "Lost",\n', ""),
        ("models/no_money.py", "    missing: ", "    mussing: "),
    )
    found = probe(folder, "derived-errors.yaml")
    accounting = {name: found["accounting"][name]["missing"] for name in ("operations", "errors", "schemas", "members")}
    assert accounting == {
        "operations": ["POST /cards", "GET /cards/{id}"],
        "errors": [f"POST /cards {status}" for status in ("400", "402", "409", "4XX", "5XX")]
        + ["GET /cards/{id} default"],
        "schemas": ["Lost"],
        "members": ["NoMoney.missing"],
    }
    assert found["calls"]["untried"] == {"no such route": 2}
    assert found["instances"]["untried"]["no model of that name"] == 1


def test_parameters_and_what_is_sent_are_taken_from_the_document(damaged: Callable[..., Path]) -> None:
    folder = damaged(
        "path-items.yaml",
        ("resources/words.py", '        Parameter(argument="date", name="date", location="query", type=date),\n', ""),
        ("resources/x.py", 'name="id"', 'name="di"'),
        ("resources/things.py", '"id": id', '"id": id + "x"'),
    )
    calls = probe(folder, "path-items.yaml")["calls"]
    wrong = dict(one.split(": ", 1) for one in calls["wrong"])
    assert wrong["GET /words"] == "no argument for the parameter date (query)"
    assert "no argument for the parameter id (path)" in wrong.values()
    assert wrong["GET /shared/{id}"].startswith("the handler got id=")
    assert calls["tried"] - calls["right"] == len(wrong)


def test_both_faces_of_a_schema_are_tried(damaged: Callable[..., Path]) -> None:
    folder = damaged(
        "read-and-write.yaml",
        ("models/account_input.py", "    pin: Annotated[str, SECRET]", "    pin: Annotated[int, SECRET]"),
        ("models/holder.py", "    verified: ", "    verifies: "),
        ("models/__init__.py", '    "HolderInput",\n', ""),
    )
    wrong = probe(folder, "read-and-write.yaml")["instances"]["wrong"]
    told = [one.partition(":")[0] for one in wrong]
    assert [one for one in told if one.startswith("Account ")] == [
        *(f"Account ({extent}, request)" for extent in ("all", "least", "some")),
        *(f"Account ({extent}, response)" for extent in ("all", "least", "some")),
    ]
    assert "Holder (request): no class HolderInput" in wrong
    assert not any(one.startswith(("Tag", "Change")) for one in told)


def test_a_module_that_cannot_be_imported_or_compiled_is_noticed(damaged: Callable[..., Path]) -> None:
    folder = damaged(
        "derived-errors.yaml",
        ("models/lost.py", "class Lost", "raise OSError('no')\nclass Lost"),
        ("models/no_money.py", "class NoMoney", "class NoMoney NoMoney"),
    )
    found = imported(folder / OUTPUT, PACKAGE, 60)
    assert found["failed"]["p.models.lost"] == "OSError: no"
    assert found["failed"]["p.models.no_money"].startswith("SyntaxError")
    assert not found["compiled"] and not found["ok"]


def small(folder: Path, text: str) -> Checked:
    """A package of one module, with a runtime."""
    for name, content in {"_runtime/__init__.py": "N = 1\n", "__init__.py": "", "models/lost.py": text}.items():
        path = folder / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return Checked(folder.name, folder / PACKAGE, 100)


def test_an_error_of_types_is_found_in_the_right_package(tmp_path: Path) -> None:
    head = "from .._runtime import N\n\nfound: int = N\n"
    batch = [small(tmp_path / "damaged", f'{head}wrong: int = "text"\n'), small(tmp_path / "good", head)]
    found = types_checked(batch, tmp_path / "types", 300)
    assert (found["damaged"]["errors"], found["good"]["errors"]) == (1, 0)
    assert found["damaged"]["samples"][0].startswith("models/lost.py:4:")


def test_what_was_not_found_out_is_told_and_asked_again(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(work / "work", tmp_path / "work")
    (tmp_path / "documents").mkdir()
    shutil.copy(work / "documents" / "path-items.yaml", tmp_path / "documents")
    monkeypatch.setattr(running, "generated", lambda *_: known("generated"))
    monkeypatch.setattr(running, "imported", lambda *_: known("imported"))

    def known(name: str) -> dict[str, Any]:
        path = work / "work" / "documents" / "path-items.yaml" / "record.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[name]["found"]
        return found

    def examine(probe: dict[str, Any], types: dict[str, Any]) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setattr(running, "probed", lambda *_: probe)
        monkeypatch.setattr(running, "types_checked", lambda batch, *_: {one.name: types for one in batch})
        output = tmp_path / "report.json"
        code = main([str(tmp_path / "documents"), "--work", str(tmp_path / "work"), "--output", str(output)])
        report = json.loads(output.read_text(encoding="utf-8"))
        assert report["summary"]["failed"] == int(code == 1)
        return code, report["documents"][0]["failed"], output.with_suffix(".md").read_text(encoding="utf-8")

    good = known("probed"), known("types")
    for part, bad, step in (
        (1, {"errors": None, "failed": "no answer in time"}, "types"),
        (0, {**good[0], "failed": "Killed"}, "probed"),
        (0, {**good[0], "calls": {"failed": "KeyError: 1"}}, "probed calls"),
    ):
        said = bad.get("failed", "KeyError: 1")
        monkeypatch.setattr(Keys, "now", classmethod(lambda cls, step=step: cls(step, step)))
        code, failed, text = examine(*(bad if index == part else one for index, one in enumerate(good)))
        assert (code, failed) == (1, {step: said})
        assert (
            f"- `path-items.yaml`, {step}: {said}" in text
            and f"- `path-items.yaml`, {step}: {said}" in capsys.readouterr().out
        )
        # It was not kept for good.
        assert examine(*good)[:2] == (0, {})


def test_a_process_that_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    assert imported(tmp_path, PACKAGE, 60)["failed"] == "no answer in time"
    (tmp_path / "diagnostics.json").write_text("[]", encoding="utf-8")
    assert set(probed(tmp_path, CHECKOUT / OURS["path-items.yaml"], 60)) >= {"accounting", "instances", "calls"}


def run(code: int | None, errors: str = "") -> Run:
    return Run(code, 1.0, 1.0, 50.0, "", errors)


def test_how_a_run_ended_is_told_apart() -> None:
    trace = "Traceback (most recent call last):\n  ...\nKeyError: 1"
    ends = [run(0), run(1), run(2), run(None), run(-11), run(1, trace), run(0, trace)]
    said = ["generated", "refused", "unusable", "time over", "crashed", "crashed", "crashed"]
    assert [outcome_of(one) for one in ends] == said


def test_a_command_is_measured_and_ended(tmp_path: Path) -> None:
    script = "import sys, time; bytes(30_000_000); print('out'); print('err', file=sys.stderr); time.sleep(float(sys.argv[1]))"
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = measured([sys.executable, str(tmp_path / "script.py"), "0"], 60)
    assert (done.code, done.output, done.errors) == (0, "out\n", "err\n")
    assert done.mebibytes > 20 and done.seconds > 0
    assert measured([sys.executable, str(tmp_path / "script.py"), "60"], 0.5).code is None


def test_documents_are_told_from_other_files(tmp_path: Path) -> None:
    texts = {
        "a.yaml": "# a comment\nopenapi: 3.1.0\ninfo: {}\n",
        "b.json": '{"info": {}, "openapi":"3.0.3","paths":{}}',
        "c.yml": 'openapi: "3.2"\n',
        "d.yaml": "swagger: '2.0'\n",
        "e.yaml": "about: the format openapi is 3.1\n",
        "f.txt": "openapi: 3.1.0\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    documents, others = found_in(tmp_path)
    assert [(one.name, one.version) for one in documents] == [
        ("a.yaml", "3.1.0"),
        ("b.json", "3.0.3"),
        ("c.yml", "3.2"),
    ]
    assert others == ["d.yaml", "e.yaml"]


def test_a_sample_is_spread_over_the_sizes() -> None:
    documents = [Document(Path(f"{size}"), f"{size}", "3.1.0", size) for size in range(100)]
    assert [one.size for one in sample(documents, 4)] == [0, 33, 66, 99]
    assert len(sample(documents, None)) == len(sample(documents, 500)) == 100


def test_what_is_not_all_is_never_all() -> None:
    assert share(9999, 10000) == "9,999 of 10,000 (99.9 %)"
    assert share(5, 5) == "5 of 5 (100 %)"
    assert share(0, 0) == "0 of 0"
