"""`sadpath docs source`: the same Markdown builds with MkDocs, which finds nothing wrong with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .workspaces import sadpath

pytestmark = pytest.mark.xdist_group("site")


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_mkdocs_builds_what_is_emitted(workspace: Path, tmp_path: Path, locale: str) -> None:
    said = sadpath(workspace, "docs", "source", "--output", str(tmp_path / "source"))
    assert said.code == 0, said.text
    folder = tmp_path / "source" / locale
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    page = (folder / "site/apis/till/errors/busy.html").read_text(encoding="utf-8")
    assert {"en": "The till is busy", "ru": "Касса занята"}[locale] in page


def test_nothing_is_written_over_what_is_not_ours(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    said = sadpath(workspace, "docs", "source", "--output", str(tmp_path))
    assert said.code == 2 and "SP703" in said.text
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
