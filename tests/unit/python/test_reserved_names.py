"""Names that groups give way to: those of the clients themselves."""

from __future__ import annotations

from sadpath.ir.service import Group
from sadpath.python.names import (
    _group_names,
)  # pyright: ignore[reportPrivateUsage] - the rule itself, without a document
from sadpath.runtime.client import AsyncApiClient, SyncClient


def test_no_group_hides_what_a_client_has() -> None:
    own = {name for kind in (SyncClient, AsyncApiClient) for name in dir(kind) if not name.startswith("_")}
    assert {"send", "items", "pages", "resolve"} <= own
    found = _group_names(tuple(Group(name, None, ()) for name in sorted(own)))
    assert not own & {str(one.attribute) for one in found.values()}
