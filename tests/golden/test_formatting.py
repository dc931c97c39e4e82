"""What is generated is as Black would write it, and Black is not needed for it."""

from __future__ import annotations

import os
import zlib
from dataclasses import replace
from pathlib import Path
from unittest import mock

from sadpath.config.read import read_settings
from sadpath.diagnostics import Report
from sadpath.pipeline import build_all
from sadpath.render.format import format_with_black

ONE_OF = 1 if os.environ.get("SADPATH_PROOF") == "1" else 16
"""Black reads a few thousand lines a second, so that `make test` has it look at a part of the modules, always the same."""


def modules(checkout: Path) -> list[Path]:
    """Those that templates made: not the copies of the runtime."""
    folders = (checkout / "generated" / "python", checkout / "generated" / "features" / "python")
    found = [path for folder in folders for path in sorted(folder.rglob("*.py")) if "_runtime" not in path.parts]
    assert len(found) > 900
    return found


def test_black_would_write_it_like_this(checkout: Path) -> None:
    chosen = [
        path for path in modules(checkout) if zlib.crc32(path.relative_to(checkout).as_posix().encode()) % ONE_OF == 0
    ]
    assert len(chosen) > 40
    different = [str(path) for path in chosen if format_with_black(text := path.read_text(encoding="utf-8")) != text]
    assert different == []


def test_no_module_of_a_feature_needs_black(checkout: Path) -> None:
    report = Report()
    settings = read_settings(checkout / "specs" / "features", report)
    assert settings is not None
    apis = [replace(api, targets=frozenset({"client", "server"})) for api in settings.apis]
    with (
        mock.patch("sadpath.render.format.format_with_black", side_effect=AssertionError) as black,
        mock.patch("sadpath.reading.second_findings"),
    ):
        built = build_all(apis, report)
    assert built.complete and not black.called
