"""The hooks, run by pre-commit itself at commits of a project: what passes, what is stopped, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hooks.projects import DOCUMENT, Project, git

pytestmark = pytest.mark.xdist_group("hooks")

BROKEN = '{$ref: "#/components/responses/Gone"}'
ALL = ("sadpath-generate", "sadpath-lint", "sadpath-check")


def test_the_manifest_offers_the_commands(checkout: Path) -> None:
    hooks = yaml.safe_load((checkout / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: hook["entry"].removesuffix(" --fail-on-change") for hook in hooks}
    assert entries == {id: id.replace("-", " ") for id in ALL}
    assert all(hook["language"] == "python" and hook["pass_filenames"] is False for hook in hooks)
    assert all(hook["require_serial"] is True for hook in hooks)


def test_a_clean_commit_passes_all_hooks(generated: Project) -> None:
    generated.hook(*ALL)
    done = generated.commit()
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == 3
    assert git(generated.folder, "status", "--porcelain") == ""


def test_output_that_is_out_of_date_stops_a_commit_and_is_named(generated: Project) -> None:
    generated.hook("sadpath-check")
    generated.write("openapi.yaml", DOCUMENT.replace("listLoans", "findLoans"))
    done = generated.commit()
    assert done.returncode == 1
    assert "changed: src/python/library/" in done.stdout
    assert "`sadpath generate` brings the output up to date" in done.stdout
    assert "files were modified by this hook" not in done.stdout


def test_generating_changes_files_and_stops_the_commit_until_they_are_added(generated: Project) -> None:
    generated.write("openapi.yaml", DOCUMENT.replace("listLoans", "findLoans"))
    done = generated.commit()
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert "findLoans" in "".join(path.read_text(encoding="utf-8") for path in (generated.folder / "src").rglob("*.py"))
    assert generated.commit().returncode == 0
    assert git(generated.folder, "status", "--porcelain") == ""


def test_a_commit_that_lacks_new_files_is_stopped_too(project: Project) -> None:
    """Files that git does not know yet are no change to pre-commit."""
    project.hook("sadpath-generate")
    done = project.commit()
    assert done.returncode == 1 and "created" in done.stdout and "files were modified" not in done.stdout
    assert project.commit().returncode == 0


@pytest.mark.parametrize("hook", ALL)
def test_a_broken_document_is_shown_with_its_place(project: Project, hook: str) -> None:
    project.hook(hook)
    project.write("openapi.yaml", DOCUMENT.replace("{description: No such reader.}", BROKEN))
    done = project.commit()
    assert done.returncode == 1
    assert "--> openapi.yaml:" in done.stdout and "SP205" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_commit_of_other_files_runs_nothing(generated: Project) -> None:
    generated.write("notes.txt", "Nothing of a contract.\n")
    done = generated.commit()
    assert done.returncode == 0 and "(no files to check)Skipped" in done.stdout
