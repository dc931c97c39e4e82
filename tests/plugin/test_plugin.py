"""A target of somebody else's, in a package of its own that is installed beside sadpath: found, run, owned, and blamed."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CONFIG = """\
[apis.till]
openapi = "openapi.yaml"
errors = "errors.yaml"
package = "till"
targets = ["openapi", "csv"]
"""

Sadpath = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(name="installed", scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package is installed to."""
    folder = tmp_path_factory.mktemp("site-packages")
    source = tmp_path_factory.mktemp("plugin") / "error_table"
    shutil.copytree(CHECKOUT / "tests" / "plugin" / "error_table", source)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, timeout=120)
    return folder


@pytest.fixture(name="sadpath")
def _sadpath(installed: Path, tmp_path: Path) -> Sadpath:
    """Runs sadpath in a project whose `targets` name the package's."""
    project = tmp_path / "project"
    shutil.copytree(CHECKOUT / "specs" / "features" / "outcomes", project)
    (project / "sadpath.toml").write_text(CONFIG)

    def run(*arguments: str, plugin: bool = True) -> subprocess.CompletedProcess[str]:
        path = [str(CHECKOUT / "generator"), *([str(installed)] if plugin else [])]
        variables = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "NO_COLOR": "1"}
        command = [sys.executable, "-m", "sadpath", *arguments]
        return subprocess.run(
            command, cwd=project, env=variables, capture_output=True, text=True, check=False, timeout=120
        )

    return run


def test_its_files_are_written_checked_and_removed(sadpath: Sadpath, tmp_path: Path) -> None:
    found = sadpath("generate")
    assert (found.returncode, found.stderr.splitlines()[-1]) == (0, "2 files in generated: 2 created"), found.stderr
    table = tmp_path / "project" / "generated" / "tables" / "till.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 5 and all(row["class"].startswith("till.errors.") and row["title"] for row in rows)
    assert sadpath("generate", "--check").returncode == 0
    table.write_text("edited")
    assert "changed: generated/tables/till.csv" in sadpath("generate", "--check").stderr
    assert sadpath("generate").returncode == 0
    config = tmp_path / "project" / "sadpath.toml"
    config.write_text(CONFIG.replace(', "csv"', ""))
    assert sadpath("generate").returncode == 0 and not table.exists()


def test_without_the_package_the_target_is_unknown(sadpath: Sadpath) -> None:
    found = sadpath("generate", plugin=False)
    assert found.returncode == 2 and '"csv" is no target' in found.stderr
    assert "where their package is installed" in found.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise KeyError('price')", "the target \"csv\" failed with KeyError: 'price'"),
        ("return {'tables/x.csv': 7}", 'the target "csv" made something else than texts by path'),
        ("return None", 'the target "csv" failed with TypeError'),
        ("return {'../x.csv': ''}", 'the path ".." has an empty part, or one of dots'),
        ("return {'openapi/till.yaml': ''}", 'would write different content to "openapi/till.yaml"'),
    ],
)
def test_a_target_that_fails_is_blamed_and_nothing_is_written(
    body: str, said: str, sadpath: Sadpath, installed: Path, tmp_path: Path
) -> None:
    module = installed / "error_table" / "__init__.py"
    whole = module.read_text(encoding="utf-8")
    try:
        module.write_text(f"def error_table(api):\n    {body}\n", encoding="utf-8")
        found = sadpath("generate")
    finally:
        module.write_text(whole, encoding="utf-8")
    assert found.returncode in (1, 2) and said in found.stderr and "Traceback" not in found.stderr, found.stderr
    assert not (tmp_path / "project" / "generated").exists()
