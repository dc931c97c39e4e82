"""The manifest of an output directory: which files are ours, whose they are, and what we wrote."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from sadpath.diagnostics import Report, visible
from sadpath.diagnostics.rules_output import MANIFEST
from sadpath.output.tree import MANIFEST_NAME, OwnedFile, path_problem
from sadpath.runtime.frozen import dataclass
from sadpath.source.loader import display_path
from sadpath.source.tree import is_list, is_mapping

VERSION: Final = 1
SITE: Final = "site"
SITE_SOURCE: Final = "site source"
_APART: Final = frozenset({SITE, SITE_SOURCE})
"""Owners with a command of their own: they are none of those that a configuration has, and never gone because it lacks them."""


_LINE: Final = "\n  "
_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Entry:
    """`sha256` is that of the bytes that we wrote, in hexadecimal digits."""

    owners: tuple[str, ...]
    sha256: str


Entries = Mapping[str, Entry]


def read_manifest(root: Path, report: Report) -> Entries | None:
    """The entries of the manifest, if there is one; None, with a finding, where it can't be understood."""
    try:
        text = (root / MANIFEST_NAME).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeError) as error:
        name = visible(display_path(root / MANIFEST_NAME))
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        report.add(MANIFEST, f"{name} can't be read: {reason}")
        return None
    found = parse_entries(text)
    if found is None:
        name = visible(display_path(root / MANIFEST_NAME))
        report.add(MANIFEST, f"{name} is not a manifest that this version of sadpath wrote")
    return found


def parse_entries(text: str) -> Entries | None:
    """The entries that `text` holds; None where it has another form. Unsafe paths make it one, too."""
    try:
        tree: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not is_mapping(tree) or tree.get("version") != VERSION or not is_mapping(tree.get("files")):
        return None
    entries: dict[str, Entry] = {}
    for path, value in tree["files"].items():
        owners = value.get("owners") if is_mapping(value) else None
        known = value.get("sha256") if is_mapping(value) else None
        if path_problem(path) or not is_list(owners) or not isinstance(known, str):
            return None
        entries[path] = Entry(tuple(str(owner) for owner in owners), known)
    return entries


def render_entries(entries: Entries) -> str:
    """The text of a manifest: sorted, without times, so that equal output has equal manifests."""
    # Indented as `json.dumps` does it, which takes long for thousands of files.
    files = ",".join(_indented(path, entries[path]) for path in sorted(entries))
    return f'{{\n  "version": {VERSION},\n  "files": {{{files}{_LINE if files else ""}}}\n}}\n'


def _indented(path: str, entry: Entry) -> str:
    owners = ",".join(f"{_LINE}      {_quoted(owner)}" for owner in entry.owners)
    listed = f"[{owners}{_LINE}    ]" if owners else "[]"
    return f'{_LINE}  {_quoted(path)}: {{{_LINE}    "owners": {listed},{_LINE}    "sha256": {_quoted(entry.sha256)}{_LINE}  }}'


def render_journal(entries: Entries, pid: int) -> str:
    """The same for nobody's eyes, with the process that is about to write."""
    return json.dumps({"pid": pid, **_tree(entries)})


def _tree(entries: Entries) -> dict[str, object]:
    files = {path: {"owners": list(entries[path].owners), "sha256": entries[path].sha256} for path in sorted(entries)}
    return {"version": VERSION, "files": files}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the manifest will say, and which files of the old one nobody owns any more."""

    entries: Entries
    stale: Entries


def plan(old: Entries, files: Mapping[str, OwnedFile], owners: Collection[str], *, owners_complete: bool) -> Plan:
    """The change from `old` to `files` of `owners`; with `owners_complete` there are no other owners but the site."""
    entries: dict[str, Entry] = {}
    stale: dict[str, Entry] = {}
    for path, entry in old.items():
        kept = _APART if owners_complete else entry.owners
        others = tuple(one for one in entry.owners if one in kept and one not in owners)
        if path not in files and others:
            entries[path] = Entry(others, entry.sha256)
        elif path not in files:
            stale[path] = entry
        else:
            entries[path] = Entry(others, entry.sha256)
    for path, file in files.items():
        others = entries[path].owners if path in entries else ()
        entries[path] = Entry(tuple(sorted({*others, *file.owners})), file.sha256)
    return Plan(entries, stale)
