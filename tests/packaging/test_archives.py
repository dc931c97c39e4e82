"""What is in the wheel and in the source archive, and what is not."""

from __future__ import annotations

import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from sadpath import __version__

from .installation import Archives

pytestmark = pytest.mark.xdist_group("packaging")


def _files(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_the_program_and_the_templates_alone(archives: Archives, checkout: Path) -> None:
    with zipfile.ZipFile(archives.wheel) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    program = {f"sadpath/{name}" for name in _files(checkout / "generator" / "sadpath")}
    templates = {f"sadpath/_templates/{name}" for name in _files(checkout / "templates")}
    assert "sadpath/py.typed" in held
    assert held == program | templates


def test_wheel_says_what_it_is(archives: Archives) -> None:
    with zipfile.ZipFile(archives.wheel) as wheel:
        texts = {name.split("/", 1)[1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    metadata = Parser().parsestr(texts["METADATA"])
    assert archives.wheel.name == f"sadpath-{__version__}-py3-none-any.whl"
    assert (metadata["Name"], metadata["Version"]) == ("sadpath", __version__)
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("Apache-2.0", ">=3.11")
    assert "Apache License" in texts["licenses/LICENSE"]
    assert "sadpath = sadpath.__main__:main" in texts["entry_points.txt"]


def test_sdist_holds_what_a_build_needs(archives: Archives, checkout: Path) -> None:
    with tarfile.open(archives.sdist) as sdist:
        held = {name.split("/", 1)[1] for name in sdist.getnames()}
    program = {f"generator/{name}" for name in _files(checkout / "generator")}
    templates = {f"templates/{name}" for name in _files(checkout / "templates")}
    # Hatchling adds .gitignore, as its patterns decide what is packed.
    others = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "PKG-INFO", ".gitignore"}
    assert held == program | templates | others
