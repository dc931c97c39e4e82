"""What every test may ask for: where the checkout is; and how property tests run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("sadpath", deadline=None, print_blob=True)
settings.register_profile("proof", settings.get_profile("sadpath"), max_examples=2000)
settings.load_profile("proof" if os.environ.get("SADPATH_PROOF") == "1" else "sadpath")


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What runs remember is no business of the tests' user, nor of other tests."""
    os.environ["SADPATH_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]
