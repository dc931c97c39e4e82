"""The house from above: what stands at the top of the checkout, and which way its packages import each other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ALLOWED = re.compile(
    r"generator|specs|templates|generated|tests|\..+"
    r"|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|Makefile|pyproject\.toml|constraints.*\.txt|action\.yml"
)


def strangers(names: set[str]) -> set[str]:
    """Names at the top that the layout does not have."""
    return {name for name in names if not ALLOWED.fullmatch(name)}


def test_nothing_else_stands_at_the_top(checkout: Path) -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout
    names = {path.split("/", 1)[0] for path in listed.split("\0") if path}
    assert {"generator", "specs", "templates", "tests"} <= names
    assert not strangers(names)


def test_a_stranger_is_noticed() -> None:
    names = {"generator", "src", "docs", "constraints.txt", "constraints-windows.txt", "uv.lock", ".ci", "LICENSE.old"}
    assert strangers(names) == {"src", "docs", "uv.lock", "LICENSE.old"}


def _lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "generator"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )


def test_imports_go_one_way(checkout: Path) -> None:
    done = _lint_imports(checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_the_wrong_way_breaks_the_contracts(checkout: Path, tmp_path: Path) -> None:
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    shutil.copytree(checkout / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    low = tmp_path / "generator" / "sadpath" / "naming" / "words.py"
    low.write_text(low.read_text(encoding="utf-8") + "\nimport sadpath.pipeline\n", encoding="utf-8")
    (tmp_path / "generator" / "sadpath" / "elsewhere.py").write_text('"""A module in no layer."""\n', encoding="utf-8")
    done = _lint_imports(tmp_path)
    assert done.returncode == 1
    assert "sadpath.naming.words -> sadpath.pipeline" in done.stdout
    assert "elsewhere" in done.stdout


@pytest.mark.xdist_group("named")
def test_tests_that_share_something_stay_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist sends tests to a worker by the group in their name; without it each worker makes everything once more."""
    is_grouped = bool(request.config.getoption("loadgroup", default=False))
    assert request.node.nodeid.endswith("@named") is is_grouped
