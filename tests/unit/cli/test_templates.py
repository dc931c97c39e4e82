"""Templates that replace ours: taken with `sadpath templates`, used, and told when ours have changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sadpath.cli.run import run
from sadpath.render.overrides import template_names, template_text

DOCUMENT = """\
openapi: 3.1.0
info: {title: Library, version: "1"}
paths: {/books: {get: {operationId: listBooks, responses: {"404": {description: None.}}}}}
"""
CONFIG = 'templates = "mine"\n[apis.library]\nopenapi = "openapi.yaml"\npackage = "library"\n'


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "sadpath.toml").write_text(CONFIG)
    return tmp_path


def sadpath(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sadpath", *arguments])
    return run()


def test_copies_of_all_templates_change_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "mine").mkdir()
    assert sadpath(monkeypatch, "generate") == 0
    before = {path: path.read_bytes() for path in (project / "generated").rglob("*") if path.is_file()}
    for name in template_names():
        assert sadpath(monkeypatch, "templates", "eject", name) == 0
    capsys.readouterr()
    assert sadpath(monkeypatch, "generate") == 0
    assert {path: path.read_bytes() for path in before} == before
    said = capsys.readouterr().err
    assert "unchanged" in said and "created" not in said and "SP80" not in said


def test_a_changed_copy_is_used(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sadpath(monkeypatch, "templates", "eject", "docs/index.md.jinja") == 0
    mine = project / "mine/docs/index.md.jinja"
    mine.write_text(mine.read_text() + "\nAsk the desk.\n")
    assert sadpath(monkeypatch, "generate") == 0
    page = (project / "generated/docs/library/README.md").read_text()
    assert page.endswith("\nAsk the desk.\n") and "# Library" in page


def test_a_file_that_is_there_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "mine/docs").mkdir(parents=True)
    (project / "mine/docs/index.md.jinja").write_text("mine")
    assert sadpath(monkeypatch, "templates", "eject", "docs/index.md.jinja") == 2
    assert "error[SP501]" in capsys.readouterr().err
    assert (project / "mine/docs/index.md.jinja").read_text() == "mine"


def test_ours_can_be_looked_at(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert sadpath(monkeypatch, "templates", "list") == 0
    assert capfd.readouterr().out.splitlines() == template_names()
    assert sadpath(monkeypatch, "templates", "show", "python/errors.py.jinja") == 0
    assert capfd.readouterr().out == template_text("python/errors.py.jinja")


def test_a_template_runs_in_a_sandbox(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "mine/docs").mkdir(parents=True)
    text = template_text("docs/index.md.jinja") + "{{ view.__class__.__mro__[1].__subclasses__() }}\n"
    (project / "mine/docs/index.md.jinja").write_text(text)
    assert sadpath(monkeypatch, "generate") == 1
    said = capsys.readouterr().err
    assert "error[SP808]" in said and "unsafe" in said and "Traceback" not in said
    assert not (project / "generated").exists()
