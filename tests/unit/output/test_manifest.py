"""The manifest's text: what `json.dumps` would make of it, and what is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from sadpath.output.manifest import VERSION, Entry, parse_entries, render_entries

ENTRIES: list[Mapping[str, Entry]] = [
    {},
    {"a/b.py": Entry(("shop python",), "1f")},
    {"z": Entry((), ""), 'a "quoted"\u2028 name': Entry(("x", "ü\n"), "2e"), "é/\U0001f600": Entry(("y",), "3d")},
]


@pytest.mark.parametrize("entries", ENTRIES)
def test_a_manifest_is_sorted_and_indented_json_that_is_read_again(entries: Mapping[str, Entry]) -> None:
    files = {path: {"owners": list(one.owners), "sha256": one.sha256} for path, one in sorted(entries.items())}
    tree = {"version": VERSION, "files": files}
    assert render_entries(entries) == json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def test_what_was_written_is_read_again() -> None:
    assert parse_entries(render_entries(ENTRIES[1])) == ENTRIES[1]
