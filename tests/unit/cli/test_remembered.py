"""A run with nothing changed says the same again at once; whatever has changed, it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sadpath.output.manifest import Entry, render_entries
from sadpath.output.tree import MANIFEST_NAME, STAGE_NAME, digest
from sadpath.remembered import record_of, remember, replay
from sadpath.source.listing import listing_digest

CHECKOUT = Path(__file__).parents[3]
DOCUMENT = """\
openapi: 3.1.0
info: {title: Library, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      responses:
        "200": {description: Books.}
        "404":
          description: None.
          content: {application/json: {schema: {$ref: "error.yaml"}}}
"""
REDIRECTIONS = () if sys.platform == "win32" else (">&-", "2>&-", ">/dev/full", "| true")
"""In the words of a Unix shell."""
CONFIG = '[apis.library]\nopenapi = "openapi.yaml"\npackage = "library"\n'


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "sadpath.toml").write_text(CONFIG)
    (folder / "openapi.yaml").write_text(DOCUMENT)
    (folder / "error.yaml").write_text("type: object\nproperties: {code: {type: string}}\n")
    return folder


def sadpath(project: Path, *arguments: str) -> tuple[int, str, bool]:
    """The exit code, what was said, and whether anything was really done."""
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT / "generator"), "NO_COLOR": "1"}
    command = [sys.executable, "-X", "importtime", "-m", "sadpath", *arguments]
    found = subprocess.run(
        command, cwd=project, env=variables, capture_output=True, text=True, check=False, timeout=120
    )
    imported = [line for line in found.stderr.splitlines() if line.startswith("import time:")]
    said = "".join(f"{line}\n" for line in found.stderr.splitlines() if not line.startswith("import time:"))
    worked = any(line.rpartition("|")[2].strip() in ("typer", "sadpath.pipeline") for line in imported)
    return found.returncode, said + found.stdout, worked


def test_the_second_run_says_the_same_and_does_nothing(project: Path) -> None:
    code, said, worked = sadpath(project, "lint")
    assert (code, worked) == (0, True)
    assert sadpath(project, "lint") == (0, said, False)
    assert sadpath(project, "lint", "--no-cache") == (0, said, True)


def test_after_a_run_that_wrote_the_next_one_says_that_nothing_changed(project: Path) -> None:
    code, said, _ = sadpath(project, "generate")
    assert code == 0 and "created" in said
    code, said, worked = sadpath(project, "generate")
    assert (code, worked) == (0, False) and "unchanged" in said and "created" not in said


@pytest.fixture(name="remembered")
def _remembered(tmp_path: Path) -> Path:
    """A folder in which a run has read `read.yaml`, looked for `nearer.toml`, and written `out`; its record is `record`."""
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "read.yaml").write_text("a: 1\n")
    (out / "client.py").write_text("x = 1\n")
    entries = {"client.py": Entry(("library",), digest(b"x = 1\n"))}
    (out / MANIFEST_NAME).write_text(render_entries(entries))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "old.jinja").write_text("")
    folder = f"{tmp_path / 'templates'}{os.sep}"
    files = {str(tmp_path / "read.yaml"): digest(b"a: 1\n"), str(tmp_path / "nearer.toml"): None}
    files[folder] = listing_digest(folder)
    remember(str(tmp_path / "records" / "record"), files, [str(out)], "data", "talk\n")
    return tmp_path


CHANGES: dict[str, Callable[[Path], object]] = {
    "what was read": lambda folder: (folder / "read.yaml").write_text("a: 2\n"),
    "what was read is gone": lambda folder: (folder / "read.yaml").unlink(),
    "what was looked for is there": lambda folder: (folder / "nearer.toml").write_text(""),
    "a generated file": lambda folder: (folder / "out" / "client.py").write_text("x = 2\n"),
    "a generated file is gone": lambda folder: (folder / "out" / "client.py").unlink(),
    "the manifest": lambda folder: (folder / "out" / MANIFEST_NAME).write_text(render_entries({})),
    "the manifest is gone": lambda folder: (folder / "out" / MANIFEST_NAME).unlink(),
    "a run was broken off": lambda folder: (folder / "out" / STAGE_NAME).mkdir(),
    "a folder has another file": lambda folder: (folder / "templates" / "new.jinja").write_text(""),
    "a folder lacks a file": lambda folder: (folder / "templates" / "old.jinja").unlink(),
    "a folder is gone": lambda folder: shutil.rmtree(folder / "templates"),
    "the record is empty": lambda folder: (folder / "records" / "record").write_text(""),
    "the record is a list": lambda folder: (folder / "records" / "record").write_text("[]"),
    "the record has other members": lambda folder: (folder / "records" / "record").write_text('{"program": 1}'),
}


def test_nothing_has_changed(remembered: Path) -> None:
    assert replay(str(remembered / "records" / "record")) == ("data", "talk\n")


@pytest.mark.parametrize("changed", CHANGES)
def test_whatever_has_changed_it_runs(remembered: Path, changed: str) -> None:
    CHANGES[changed](remembered)
    assert replay(str(remembered / "records" / "record")) is None


def test_another_program_runs(remembered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = remembered / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    assert replay(str(remembered / "records" / "record")) == ("data", "talk\n")
    (folder / "black-99.dist-info").mkdir()
    assert replay(str(remembered / "records" / "record")) is None


def test_every_other_command_line_and_directory_has_a_record_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = {record_of(arguments) for arguments in (["check"], ["lint"], ["lint", "a"], ["generate", "--check"])}
    monkeypatch.setenv("NO_COLOR", "yes")
    here.add(record_of(["check"]))
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    here.add(record_of(["check"]))
    assert len(here) == 6 and None not in here
    never = (["check", "--no-cache"], ["lint", "--help"], ["lint", "--write-baseline"])
    assert {record_of(one) for one in ([], ["watch"], *never)} == {None}
    monkeypatch.setattr(sys, "stderr", None)
    assert record_of(["check"]) is None


def test_only_some_records_are_kept(tmp_path: Path) -> None:
    for number in range(230):
        remember(str(tmp_path / "runs" / f"{number}.json"), {}, [], "", "")
    kept = {path.name for path in (tmp_path / "runs").iterdir()}
    assert len(kept) == 200 and "229.json" in kept


def test_a_baseline_is_written_each_time(project: Path) -> None:
    for _ in range(2):
        code, said, worked = sadpath(project, "lint", "--write-baseline")
        assert (code, worked) == (0, True) and "written to sadpath-baseline.json" in said
        (project / "sadpath-baseline.json").unlink()


@pytest.mark.parametrize("redirection", REDIRECTIONS)
def test_streams_that_are_closed_or_full_lead_to_no_traceback(project: Path, redirection: str) -> None:
    if redirection == ">/dev/full" and not Path("/dev/full").exists():
        redirection = ">&-"
    line = f'"{sys.executable}" -m sadpath lint {redirection}'
    variables = {**os.environ, "PYTHONPATH": str(CHECKOUT / "generator"), "NO_COLOR": "1"}
    for _ in range(2):  # the second time from memory
        found = subprocess.run(
            line, cwd=project, env=variables, capture_output=True, text=True, check=False, timeout=120, shell=True
        )
        assert "Traceback" not in found.stderr and "SP000" not in found.stderr


def test_failures_are_not_remembered(project: Path) -> None:
    first = sadpath(project, "generate", "--check")
    assert first[0] == 1 and sadpath(project, "generate", "--check") == first


def test_a_cache_that_cannot_be_written_is_no_failure(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SADPATH_CACHE_DIR", str(project / "openapi.yaml"))
    assert sadpath(project, "lint")[0] == 0
    assert sadpath(project, "lint")[2] is True
