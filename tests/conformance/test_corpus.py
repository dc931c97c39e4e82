"""What is examined of a folder of documents: every column of the report on documents of ours, and whatever is wrong is found."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.corpus.__main__ import main
from conformance.corpus.documents import Document, found_in, sample
from conformance.corpus.generating import OUTPUT, PACKAGE, outcome_of
from conformance.corpus.importing import imported
from conformance.corpus.measuring import Run, measured
from conformance.corpus.probing import probed
from conformance.corpus.report import share
from conformance.corpus.type_checking import Checked, types_checked

CHECKOUT = Path(__file__).resolve().parents[2]
OURS = {
    "derived-errors.yaml": "specs/features/derived-errors/openapi.yaml",
    "parameters.yaml": "specs/features/parameters/openapi.yaml",
    "read-and-write.yaml": "specs/features/read-and-write/openapi.yaml",
    "unions.yaml": "specs/features/unions/openapi.yaml",
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


def test_everything_is_counted(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["derived-errors.yaml"]["errors"] == [7, 7]
    assert all(rows[name]["instances"][1] > 5 for name in OURS if name != "parameters.yaml")
    assert "error" in rows["refused.yaml"]["severities"]
    assert rows["refused.yaml"]["outcome"] == "refused"
    assert rows["refused.yaml"]["first_error"].startswith("SP")


def test_the_report_can_be_read(work: Path) -> None:
    text = (work / "report.md").read_text(encoding="utf-8")
    assert "| generated | 4 of 5 (80 %) |" in text
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

    def damage(name: str, module: str, old: str, new: str) -> Path:
        folder = tmp_path / "damaged"
        shutil.copytree(work / "work" / "documents" / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / OUTPUT / PACKAGE / module
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return damage


def probe(folder: Path, name: str) -> dict[str, Any]:
    return probed(folder, CHECKOUT / OURS[name], 60)


def test_an_operation_that_is_not_served_is_missed(damaged: Callable[..., Path]) -> None:
    route = '    ServerRoute(ADD_CARD, "cards", "add", AddCard),\n'
    folder = damaged("derived-errors.yaml", "server.py", route, "")
    found = probe(folder, "derived-errors.yaml")
    assert found["accounting"]["operations"]["missing"] == ["POST /cards"]
    assert found["calls"]["untried"] == {"no such route": 1}


def test_an_error_that_the_catalog_has_not_is_missed(damaged: Callable[..., Path]) -> None:
    folder = damaged("derived-errors.yaml", "error-catalog.json", '"5XX"', '"599"')
    assert probe(folder, "derived-errors.yaml")["accounting"]["errors"]["missing"] == ["POST /cards 5XX"]


def test_a_schema_without_a_model_is_missed(damaged: Callable[..., Path]) -> None:
    folder = damaged("derived-errors.yaml", "models/__init__.py", '    "Lost",\n', "")
    found = probe(folder, "derived-errors.yaml")
    assert found["accounting"]["schemas"]["missing"] == ["Lost"]
    assert found["instances"]["untried"] == {"no model of that name": 1}


def test_a_member_that_a_model_has_not_is_missed(damaged: Callable[..., Path]) -> None:
    folder = damaged("derived-errors.yaml", "models/lost.py", "    code: ", "    coda: ")
    assert probe(folder, "derived-errors.yaml")["accounting"]["members"]["missing"] == ["Lost.code"]


def test_an_argument_that_gets_lost_is_noticed(damaged: Callable[..., Path]) -> None:
    folder = damaged("derived-errors.yaml", "resources/cards.py", 'path="/cards/{id}"', 'path="/cards/{id}x"')
    assert probe(folder, "derived-errors.yaml")["accounting"]["operations"]["missing"]
    shutil.rmtree(folder)
    folder = damaged("parameters.yaml", "resources/headers.py", '"x_count": x_count', '"x_count": None')
    assert "x_count=None and not" in probe(folder, "parameters.yaml")["calls"]["wrong"][0]


def test_a_module_that_cannot_be_imported_or_compiled_is_noticed(damaged: Callable[..., Path]) -> None:
    folder = damaged("derived-errors.yaml", "models/lost.py", "class Lost", "raise OSError('no')\nclass Lost")
    found = imported(folder / OUTPUT, PACKAGE, 60)
    assert found["failed"] == {"p.models.lost": "OSError: no"} and not found["ok"]
    shutil.rmtree(folder)
    folder = damaged("derived-errors.yaml", "models/lost.py", "class Lost", "class Lost Lost")
    found = imported(folder / OUTPUT, PACKAGE, 60)
    assert not found["compiled"] and not found["ok"]


def test_an_error_of_types_is_found_in_the_right_package(damaged: Callable[..., Path], work: Path) -> None:
    spoilt = damaged("derived-errors.yaml", "models/lost.py", "class Lost", 'wrong: int = "text"\n\n\nclass Lost')
    good = work / "work" / "documents" / "parameters.yaml"
    batch = [Checked(one.name, one / OUTPUT / PACKAGE, 100) for one in (spoilt, good)]
    found = types_checked(batch, work / "types", 300)
    assert (found["damaged"]["errors"], found["parameters.yaml"]["errors"]) == (1, 0)
    assert found["damaged"]["samples"][0].startswith("models/lost.py:")


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
