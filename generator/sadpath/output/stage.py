"""The folder that a run stages its files in: a lock against a second run, and the journal of an interrupted one."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_output import OUTPUT_BUSY
from sadpath.output.manifest import Entries, Entry, parse_entries, render_journal
from sadpath.output.tree import STAGE_NAME, digest
from sadpath.source.tree import is_mapping

_JOURNAL: Final = "journal.json"
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Stage:
    """The staging folder of this run. `acquire` makes it appear with its journal inside, in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    @classmethod
    def acquire(cls, root: Path, entries: Entries, report: Report) -> Stage | None:
        """Take the lock on `root`; None, with a finding, where a live run holds it. Raises `OSError`."""
        own = root / f"{STAGE_NAME}-{os.getpid()}"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        (own / _JOURNAL).write_text(render_journal(entries, os.getpid()), encoding="utf-8", newline="\n")
        folder = root / STAGE_NAME
        for _ in range(2):
            try:
                os.rename(own, folder)
                return cls(folder)
            except OSError:
                if not folder.exists():
                    raise
            if _is_alive(_pid(folder)):
                break
            shutil.rmtree(folder)
        shutil.rmtree(own, ignore_errors=True)
        report.add(OUTPUT_BUSY, f"the process {_pid(folder)} is writing to the output directory")
        return None

    def put(self, content: bytes) -> str:
        """Write a file into the folder, to the path that is given; it is complete before it is moved to its place. Raises `OSError`."""
        self._count += 1
        path = os.path.join(self.folder, str(self._count))
        # A file object of its own for each of thousands takes longer than what it does.
        file = os.open(path, _NEW, 0o666)
        try:
            while content:
                content = content[os.write(file, content) :]
        finally:
            os.close(file)
        return path

    def release(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def abandoned_entries(root: Path) -> Entries:
    """What an interrupted run was about to write: files with these contents are ours, although no manifest says so."""
    folder = root / STAGE_NAME
    text = _journal(folder)
    entries = None if text is None or _is_alive(_pid(folder)) else parse_entries(text)
    return {path: entry for path, entry in (entries or {}).items() if _holds(root / path, entry)}


def _holds(file: Path, entry: Entry) -> bool:
    try:
        return file.is_file() and digest(file.read_bytes()) == entry.sha256
    except OSError:
        return False


def _journal(folder: Path) -> str | None:
    try:
        return (folder / _JOURNAL).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return None


def _pid(folder: Path) -> int | None:
    try:
        tree: Any = json.loads(_journal(folder) or "null")
    except ValueError:
        return None
    pid = tree.get("pid") if is_mapping(tree) else None
    return pid if isinstance(pid, int) and pid > 0 else None


def _is_alive(pid: int | None) -> bool:
    """Whether another process with this id exists; a journal with our own id is left from before we were born."""
    if pid is None or pid == os.getpid():
        return False
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _is_alive_on_windows(pid: int) -> bool:
    """`os.kill` would end the process there, so the kernel is asked for a handle."""
    if sys.platform != "win32":
        return False
    import ctypes

    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.windll.kernel32
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == still_active
