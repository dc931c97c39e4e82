"""Folders that `sadpath docs` writes: only its own are written again, and `sadpath generate` leaves them alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .workspaces import make_workspace, sadpath

pytestmark = pytest.mark.xdist_group("site")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", ["build", "source"])
def test_what_generate_wrote_is_not_removed(checkout: Path, tmp_path: Path, command: str) -> None:
    folder = make_workspace(tmp_path / "till", checkout)
    assert sadpath(folder, "generate").code == 0
    before = _files(folder / "generated")
    said = sadpath(folder, "docs", command, "--output", "generated")
    assert said.code == 2 and "error[SP703]: generated holds " in said.text and ', which belongs to "' in said.text
    assert before and _files(folder / "generated") == before


def test_a_site_is_not_written_over_its_source_nor_the_source_over_a_site(workspace: Path, tmp_path: Path) -> None:
    assert sadpath(workspace, "docs", "source", "--output", str(tmp_path / "source")).code == 0
    shutil.copytree(workspace / "site", tmp_path / "site")
    for command, name, owner in (("build", "source", "site source"), ("source", "site", "site")):
        before = _files(tmp_path / name)
        said = sadpath(workspace, "docs", command, "--output", str(tmp_path / name))
        assert said.code == 2 and f'which belongs to "{owner}", not to a ' in said.text
        assert _files(tmp_path / name) == before


def test_a_manifest_that_cannot_be_understood_stops_it(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / ".sadpath-manifest.json").write_text("{}", encoding="utf-8")
    said = sadpath(workspace, "docs", "source", "--output", str(tmp_path))
    assert said.code == 2 and "error[SP506]" in said.text
    assert [path.name for path in tmp_path.iterdir()] == [".sadpath-manifest.json"]


def test_generate_does_not_take_a_site_for_what_is_stale(workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(workspace, tmp_path / "till")
    before = _files(tmp_path / "till" / "site")
    text = (tmp_path / "till" / "sadpath.toml").read_text(encoding="utf-8")
    (tmp_path / "till" / "sadpath.toml").write_text(f'output = "site"\n{text}', encoding="utf-8")
    said = sadpath(tmp_path / "till", "generate")
    assert said.code == 0, said.text
    after = _files(tmp_path / "till" / "site")
    manifest = ".sadpath-manifest.json"
    assert after.keys() > before.keys() and len(before) > 30
    assert {path for path in before if after[path] != before[path]} == {manifest}
    assert b'"site"' in after[manifest]
