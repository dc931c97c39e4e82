"""The committed output is what the program makes of the committed contracts, on every machine and in every order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from sadpath.config.read import read_settings
from sadpath.diagnostics import Report
from sadpath.pipeline import build_all

MANIFEST = ".sadpath-manifest.json"


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file by its POSIX path; caches of the interpreter aside, and what other tests here compare."""
    aside = {"diagnostics", "features"}
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and "__pycache__" not in parts and parts[0] not in aside and parts[:2] != ("docs", "guides"):
            found["/".join(parts)] = path.read_bytes()
    return found


def test_generated_is_byte_for_byte_what_the_pipeline_makes(checkout: Path) -> None:
    report = Report()
    settings = read_settings(checkout, report)
    assert settings is not None
    with mock.patch("sadpath.render.format.format_with_black", side_effect=AssertionError):  # which none of it needs
        built = build_all(settings.apis, report)
    assert built.complete, report.diagnostics
    made = {
        path: file if isinstance(file, bytes) else file.encode()
        for one in (*built.trees, *built.comparisons)
        for path, file in one.tree.files.items()
    }
    assert report.diagnostics == ()
    committed = files_below(checkout / "generated")
    committed.pop(MANIFEST)
    assert sorted(made) == sorted(committed)
    assert [path for path in made if made[path] != committed[path]] == []


def run(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sadpath", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_says_that_everything_is_up_to_date(checkout: Path) -> None:
    found = run(["generate", "--check"], checkout, PYTHONPATH=str(checkout / "generator"))
    assert (found.returncode, found.stdout) == (0, "")
    assert "up to date" in found.stderr


ENVIRONMENTS = {
    "hash-seed-1": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    "hash-seed-2": {
        "PYTHONHASHSEED": "2",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Tokyo",
        "PYTHONUTF8": "0",
    },
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=list(ENVIRONMENTS))
def test_neither_hash_seed_nor_locale_nor_clock_changes_a_byte(
    environment: dict[str, str], checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "specs").symlink_to(checkout / "specs")
    configuration = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(configuration, encoding="utf-8")
    found = run(["generate"], tmp_path, PYTHONPATH=str(checkout / "generator"), **environment)
    assert found.returncode == 0, found.stderr
    assert files_below(tmp_path / "generated") == files_below(checkout / "generated")


def shuffled(tree: Any, chance: random.Random, *at: str) -> Any:
    """The same document with its maps of named things in another order; lists and members of schemas keep theirs."""
    if not isinstance(tree, dict):
        return tree
    order = list(tree)
    named = (
        not at
        or at in (("paths",), ("components",))
        or (at[0] == "components" and len(at) == 2)
        or (at[0] == "paths" and len(at) == 2)
    )
    if named:
        chance.shuffle(order)
    return {name: shuffled(tree[name], chance, *at, name) if len(at) < 3 else tree[name] for name in order}


@pytest.mark.parametrize("api", ["makecommerce", "paysera", "yookassa", "yoomoney-wallet"])
def test_the_order_of_the_document_changes_nothing(api: str, checkout: Path, tmp_path: Path) -> None:
    original = checkout / "specs" / api / "openapi.yaml"
    tree = yaml.safe_load(original.read_text(encoding="utf-8"))
    made: list[dict[str, bytes]] = []
    ordered = ("shop/openapi.yaml", ".sadpath-manifest.json")
    for index, document in enumerate((tree, shuffled(tree, random.Random(7)))):
        folder = tmp_path / str(index)
        folder.mkdir()
        path = folder / "openapi.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
        arguments = ["generate", "--openapi", "openapi.yaml", "--errors", str(checkout / "specs" / api / "errors.yaml")]
        targets = ["--target", "client", "--target", "server", "--target", "docs"]
        found = run(
            [*arguments, "--package", "shop", "--output", "out", *targets],
            folder,
            PYTHONPATH=str(checkout / "generator"),
        )
        assert found.returncode == 0, found.stderr
        found_files = files_below(folder / "out")
        # The document that a server answers with keeps the order of its source, and the manifest has its digest.
        made.append({name: content for name, content in found_files.items() if name not in ordered})
    assert list(tree["components"]["schemas"]) != list(shuffled(tree, random.Random(7))["components"]["schemas"])
    assert made[0] == made[1]
