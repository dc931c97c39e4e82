"""The collector is as it was once a run is over."""

from __future__ import annotations

import gc

import pytest

from sadpath.garbage import rare_collections


def test_the_thresholds_return() -> None:
    former = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] > 100_000
        assert gc.isenabled()
    assert gc.get_threshold() == former


def test_they_return_after_a_failure() -> None:
    former = gc.get_threshold()
    with pytest.raises(KeyError), rare_collections():
        raise KeyError
    assert gc.get_threshold() == former
