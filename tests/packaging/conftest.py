"""What the packaging tests install: the archives that are built from the checkout, each in an environment of its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from .installation import Archives, Installation, install, run


@pytest.fixture(scope="session")
def archives(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """The source archive built from the checkout, and the wheel built from that archive, so that both must be complete."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(checkout)], folder)
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return Archives(sdist, wheel)


@pytest.fixture(scope="session")
def from_wheel(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel, installed."""
    return install(archives.wheel, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def editable(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The checkout, installed as `pip install -e` does."""
    folder = tmp_path_factory.mktemp("editable")
    build = "import sys, hatchling.build; hatchling.build.build_editable(sys.argv[1])"
    run([sys.executable, "-c", build, str(folder)], checkout)
    (wheel,) = folder.glob("*.whl")
    return install(wheel, folder)


@pytest.fixture
def workspace(checkout: Path, tmp_path: Path) -> Path:
    """A folder outside the checkout, with its contracts and its configuration, and nothing generated yet."""
    shutil.copytree(checkout / "specs", tmp_path / "specs")
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    return tmp_path
