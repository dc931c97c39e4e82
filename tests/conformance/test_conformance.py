"""Others' software, which knows the documents alone, finds nothing to complain of in the generated servers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.judging import judged
from conformance.stubs import STUBS, Stub


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.api)
def test_nothing_is_found(stub: Stub, tmp_path: Path) -> None:
    with stub.serving() as url:
        verdict = judged(stub, url, tmp_path)
    assert verdict.code == 0, verdict.output
    # A run that tested nothing finds nothing, too.
    assert "No issues found" in verdict.output, verdict.output
