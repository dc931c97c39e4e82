"""What is to be written: trees of files with owners, merged into one, with paths that are safe on every system."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sadpath.diagnostics import Report, listed, quote
from sadpath.diagnostics.rules_output import OUTPUT_CONFLICT, OUTPUT_PATH
from sadpath.runtime.frozen import dataclass

Tree: TypeAlias = Mapping[str, str | bytes]
"""POSIX path inside the output directory to text, or to bytes of another kind; line ends of text are LF."""

MANIFEST_NAME: Final = ".sadpath-manifest.json"
STAGE_NAME: Final = ".sadpath-stage"

_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class OwnedTree:
    """Files of one kind of one API, by its owner. Several owners may hold the same path with equal content."""

    owner: str
    files: Tree


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """One file of the merged trees."""

    content: bytes
    owners: tuple[str, ...]
    sha256: str
    """Of the content, in hexadecimal digits."""


def merge(trees: Sequence[OwnedTree], report: Report) -> dict[str, OwnedFile] | None:
    """All files by path, sorted; None, with findings, where owners contradict each other or a path is unsafe."""
    found = Report()
    contents: dict[str, bytes] = {}
    owners: dict[str, list[str]] = {}
    for tree in trees:
        for path, file in tree.files.items():
            holders = owners.setdefault(path, [])
            content = file.encode() if isinstance(file, str) else file
            if contents.setdefault(path, content) != content:
                names = listed([*holders, tree.owner], conjunction="and")
                found.add(OUTPUT_CONFLICT, f"{names} would write different content to {quote(path)}")
            holders.append(tree.owner)
    _check_paths(contents, found)
    report.extend(found.diagnostics)
    if found.failed:
        return None
    return {
        path: OwnedFile(contents[path], tuple(sorted(set(owners[path]))), digest(contents[path]))
        for path in sorted(contents)
    }


def digest(content: bytes) -> str:
    """The SHA-256 of what a file holds, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _check_paths(paths: Iterable[str], report: Report) -> None:
    spellings: dict[str, str] = {}
    files, folders = set(paths), set[str]()
    for path in sorted(files):
        problem = path_problem(path)
        if problem is not None:
            unsafe = _unsafe_part(path)
            report.add(OUTPUT_PATH, f"the path {quote(unsafe)} {path_problem(unsafe)}")
            continue
        for prefix in (path, *_unseen_folders(path, folders)):
            other = spellings.setdefault(prefix.casefold(), prefix)
            if other != prefix:
                report.add(OUTPUT_PATH, f"the paths {quote(other)} and {quote(prefix)} differ in letter case only")
            if prefix != path and prefix in files:
                report.add(OUTPUT_PATH, f"{quote(prefix)} would be a file and a directory")


def _unseen_folders(path: str, seen: set[str]) -> Iterator[str]:
    """The folders that a path leads through, from the innermost on, but for those in `seen`, which it puts there."""
    while (path := path.rpartition("/")[0]) and path not in seen:
        seen.add(path)
        yield path


def _unsafe_part(path: str) -> str:
    """The shortest beginning of an unsafe path that is unsafe itself: a folder is named once, not for each file in it."""
    ends = [*(index for index, character in enumerate(path) if character == "/" and index), len(path)]
    return next(path[:end] for end in ends if path_problem(path[:end]) is not None)


def path_problem(path: str) -> str | None:
    """Why `path` is not safe to write below a directory on every system; None where it is."""
    if path.startswith("/") or _FORBIDDEN.search(path):
        return "is absolute or holds a character that not every system allows"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "has an empty part, or one of dots"
        if part != part.rstrip(". ") or part.partition(".")[0].casefold() in _DEVICES or len(part) > _LONGEST_NAME:
            return f"has the part {quote(part)}, which not every system allows"
    if path.casefold().startswith((MANIFEST_NAME, STAGE_NAME)):
        return "is reserved"
    return None
