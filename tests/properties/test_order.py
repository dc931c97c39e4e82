"""The order of a document changes nothing: the same names, the same files, the same bytes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from golden.supported import FEATURES
from golden.test_generated import shuffled

from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report
from sadpath.pipeline import build
from sadpath.runtime.wire import write_json
from sadpath.source.loader import load

SLUGS = sorted(path.parent.name for path in FEATURES.glob("*/openapi.yaml"))


def made(folder: Path, tree: Any) -> dict[str, str]:
    """What is generated from the tree, the document aside, which keeps its order."""
    (folder / "openapi.json").write_bytes(write_json(tree))
    report = Report()
    settings = settings_from_options(
        folder / "openapi.json", None, "shop", folder / "out", ("client", "server", "docs"), report
    )
    assert settings is not None
    with mock.patch("sadpath.render.python.format_python", str), mock.patch("sadpath.reading.second_findings"):
        trees = build(settings.apis[0], report)
    assert trees is not None, report.diagnostics
    return {path: text for one in trees for path, text in one.files.items() if not path.endswith("/openapi.yaml")}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_order_of_a_document_changes_nothing(slug: str, tmp_path: Path) -> None:
    folder = tmp_path / slug
    shutil.copytree(FEATURES / slug, folder)
    source = load(folder / "openapi.yaml", Report())
    assert source is not None
    first = made(folder, source.tree)
    for seed in (1, 2):
        assert made(folder, shuffled(source.tree, random.Random(seed))) == first
