"""What every test may ask for: where the checkout is; and how property tests run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("sadpath", deadline=None, print_blob=True)
settings.load_profile("sadpath")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]
