"""Every feature document makes what is committed for it, and has a test that runs it; the page of what is supported says so.

After a change of a document or of the program, write the page anew (`make generate` does it too):

    PYTHONPATH=generator:tests python tests/golden/test_features.py --write
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from golden.supported import PAGE, page
from golden.test_generated import MANIFEST, files_below

from sadpath.config.read import read_settings
from sadpath.diagnostics import Report
from sadpath.pipeline import build_all

CHECKOUT = Path(__file__).resolve().parents[2]
FEATURES = CHECKOUT / "specs" / "features"
GOLDEN = CHECKOUT / "generated" / "features"
SLUGS = sorted(path.parent.name for path in FEATURES.glob("*/openapi.*"))


def test_every_document_is_configured() -> None:
    settings = read_settings(FEATURES, Report())
    assert settings is not None
    assert sorted(api.name for api in settings.apis) == SLUGS
    assert all(api.openapi.parent == FEATURES / api.name for api in settings.apis)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_behaviour_test_runs_what_is_generated(slug: str) -> None:
    used = re.compile(rf"\bfeatures(?:\.| import (?:\w+, )*){slug.replace('-', '_')}\b")
    tests = (path.read_text(encoding="utf-8") for path in (CHECKOUT / "tests" / "features").glob("test_*.py"))
    assert any(used.search(text) for text in tests)


def test_the_output_is_byte_for_byte_what_is_committed() -> None:
    report = Report()
    settings = read_settings(FEATURES, report)
    assert settings is not None
    built = build_all(settings.apis, report)
    assert built.complete, report.diagnostics
    made = {
        path: file if isinstance(file, bytes) else file.encode()
        for one in (*built.trees, *built.comparisons)
        for path, file in one.tree.files.items()
    }
    committed = files_below(GOLDEN)
    for extra in (MANIFEST, PAGE.name):
        committed.pop(extra)
    assert sorted(made) == sorted(committed)
    assert [path for path in made if made[path] != committed[path]] == []


def test_the_page_says_what_the_documents_say() -> None:
    assert page() == PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    PAGE.write_text(page(), encoding="utf-8")
