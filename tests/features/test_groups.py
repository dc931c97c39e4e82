"""Groups of operations whose names are those of what a client is made of."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from behaviour.recording import conversation

from features import groups

ATTRIBUTES = "hooks environment str_ int_ float_ bool_ list mapping resource async_resource call file cached_property_ httpx2_ self".split()


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_group_is_reached_and_called(attribute: str) -> None:
    with conversation(groups) as talk:
        group = getattr(talk.client, attribute)
        assert group is getattr(talk.client, attribute)
        methods = [name for name in dir(group) if name.startswith("list_") or name == "list"]
        talk.server.answer = ["a", "b"]
        assert getattr(group, methods[0])() == ["a", "b"]


def test_a_module_of_operations_is_imported_when_its_group_is_first_asked_for() -> None:
    program = (
        "import sys, features.groups as g\n"
        "client = g.Client(base_url='http://127.0.0.1:1')\n"
        "loaded = lambda: sorted(n for n in sys.modules if n.startswith('features.groups.resources.'))\n"
        "before = loaded(); client.hooks; after = loaded()\n"
        "print(before, after)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[] ['features.groups.resources.hooks']"
