"""What tests of the till ask for: its client, once blocking and once awaited."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from behaviour.tills import Till, till_of


@pytest.fixture(params=[False, True], ids=["blocking", "awaited"])
def till(request: pytest.FixtureRequest) -> Iterator[Till]:
    """A client with a script."""
    with till_of(request.param) as opened:
        yield opened
