"""Runs that ended well, by what they read and wrote: the same command with nothing changed says the same again, at once.

Imports next to nothing, so that looking costs less than a run would. A record is a file in the user's cache folder, or in
the folder that SADPATH_CACHE_DIR names; whoever can write there can make a command say what it likes, and nothing more.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sadpath.source.listing import listing_digest

_COMMANDS: Final = ("generate", "check", "lint")
_NEVER: Final = ("--no-cache", "--help", "--write-baseline")
"""Options of what is always done."""
_ENVIRONMENT: Final = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")
_MANIFEST: Final = ".sadpath-manifest.json"
_STAGE: Final = ".sadpath-stage"
_MOST_RECORDS: Final = 200


def record_of(arguments: Sequence[str]) -> str | None:
    """The path of the record of a command in this directory; None for a command that is not remembered."""
    if not arguments or arguments[0] not in _COMMANDS or any(one.startswith(_NEVER) for one in arguments):
        return None
    folder = _folder()
    if folder is None:
        return None
    try:
        streams = [[stream.isatty(), stream.encoding] for stream in (sys.stdout, sys.stderr)]
        variables = [os.environ.get(name) for name in _ENVIRONMENT]
        identity = json.dumps([os.getcwd(), list(arguments), streams, variables])
        return os.path.join(folder, f"{_digest(identity.encode('utf-8', 'surrogateescape'))}.json")
    except (OSError, ValueError, AttributeError):  # a stream that is closed or None, a directory that is gone
        return None


def replay(record: str) -> tuple[str, str] | None:
    """What the command would print to stdout and stderr, exit code 0; None where it has to run."""
    try:
        with open(record, encoding="utf-8") as file:
            found = json.load(file)
        if found["program"] != program() or not unchanged(found["files"]):
            return None
        if not all(_is_as_written(root, manifest) for root, manifest in found["roots"].items()):
            return None
        return str(found["data"]), str(found["talk"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(record: str, files: Mapping[str, str | None], roots: Iterable[str], data: str, talk: str) -> None:
    """Keep what a run that ended with exit code 0 has read, and says if nothing changes. That it can't be kept is no failure."""
    try:
        manifests = {root: _content_digest(os.path.join(root, _MANIFEST)) for root in roots}
        found = {"program": program(), "files": dict(files), "roots": manifests, "data": data, "talk": talk}
        folder = os.path.dirname(record)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        staged = f"{record}.{os.getpid()}"
        with open(staged, "w", encoding="utf-8") as file:
            json.dump(found, file)
        os.replace(staged, record)
        _forget_oldest(folder)
    except (OSError, UnicodeError):
        return


def program() -> str:
    """What made the output: this program file by file, the packages beside it, and the interpreter."""
    package = os.path.dirname(os.path.abspath(__file__))
    templates = os.path.join(os.path.dirname(os.path.dirname(package)), "templates")
    parts = [sys.version, *_stamps(package), *_stamps(templates)]
    for folder in sys.path:
        try:
            parts += sorted(name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return _digest("\0".join(parts).encode("utf-8", "surrogateescape"))


def _stamps(folder: str) -> list[str]:
    """Every file below a folder with its size and time; nothing where there is no such folder."""
    found: list[str] = []
    pending = [folder]
    while pending:
        at = pending.pop()
        try:
            entries = list(os.scandir(at))
        except OSError:
            continue
        folders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        pending += [entry.path for entry in folders if entry.name != "__pycache__"]
        files = [(entry.path, entry.stat()) for entry in entries if entry not in folders]
        found += [f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in files]
    return sorted(found)


def unchanged(files: Mapping[str, str | None]) -> bool:
    """Whether each file, or folder where the path ends with a separator, has what the digest says."""
    return all(
        (listing_digest(path) if path.endswith(os.sep) else _content_digest(path)) == digest
        for path, digest in files.items()
    )


def _is_as_written(root: str, manifest: str | None) -> bool:
    """Whether an output directory has what its manifest says, and the manifest is the one that was remembered."""
    path = os.path.join(root, _MANIFEST)
    if manifest is None or os.path.lexists(os.path.join(root, _STAGE)) or _content_digest(path) != manifest:
        return False
    with open(path, encoding="utf-8") as file:
        entries: dict[str, Any] = json.load(file)["files"]
    return all(_content_digest(os.path.join(root, name)) == entry["sha256"] for name, entry in entries.items())


def _content_digest(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return _digest(file.read())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _folder() -> str | None:
    chosen = os.environ.get("SADPATH_CACHE_DIR")
    if chosen:
        return os.path.join(chosen, "runs")
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = os.path.expanduser("~/Library/Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "sadpath", "runs") if home and os.path.isabs(home) else None


def _forget_oldest(folder: str) -> None:
    records = sorted((entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder))
    for _, path in records[:-_MOST_RECORDS]:
        os.unlink(path)
