"""The site of the small workspace, which the tests here share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .workspaces import make_workspace, sadpath


@pytest.fixture(scope="session")
def workspace(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with its site in `site`."""
    folder = make_workspace(tmp_path_factory.mktemp("till"), checkout)
    said = sadpath(folder, "docs", "build", "--strict")
    assert said.code == 0, said.text
    return folder


@pytest.fixture(scope="session")
def site(workspace: Path) -> Path:
    """The folder of the site."""
    return workspace / "site"
