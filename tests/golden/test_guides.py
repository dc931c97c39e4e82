"""The guides say what the generated clients do, and what others do before our servers: their tables are made anew and compared.

After a change, write them anew (`make generate` does it too):

    PYTHONPATH=generator:generated/python:generated/features/python:tests python tests/golden/test_guides.py --write
"""

from __future__ import annotations

import sys

from golden import guides, other_clients


def test_what_happens_when_is_what_happens() -> None:
    assert guides.page() == guides.PAGE.read_text(encoding="utf-8")


def test_other_clients_do_what_their_guide_says() -> None:
    assert other_clients.page() == other_clients.PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    for guide in (guides, other_clients):
        guide.PAGE.parent.mkdir(parents=True, exist_ok=True)
        guide.PAGE.write_text(guide.page(), encoding="utf-8")
