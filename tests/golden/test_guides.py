"""The guides say what the generated clients do: their tables are made anew and compared.

After a change, write them anew (`make generate` does it too):

    PYTHONPATH=generator:generated/python:generated/features/python:tests python tests/golden/test_guides.py --write
"""

from __future__ import annotations

import sys

from golden.guides import PAGE, page


def test_what_happens_when_is_what_happens() -> None:
    assert page() == PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
