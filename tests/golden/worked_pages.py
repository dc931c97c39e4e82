"""Writes the pages whose commands are run: what a command prints in a guide is what it printed here, in a folder of its own.

A page is plain Markdown in `templates/guides`. In it:

- A fenced block with `title="name"` is written to the file of that name; with `append`, at its end.
- A block `console` has command lines, each after `$ `; what they print is filled in. Its info string may say `exit=1`, the exit
  code that is expected of its last command, and `tail=3`, how many lines of the output are shown.
- Nothing else is run. A page whose head says `start: tutorial` begins in the folder that the tutorial ends with.
"""

from __future__ import annotations

import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = CHECKOUT / "templates" / "guides"
PAGES: Final = CHECKOUT / "generated" / "docs" / "guides"

_BLOCK: Final = re.compile(r"^(`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^\1$", re.M | re.S)
_START: Final = re.compile(r"^start: (\w+)\n", re.M)
_PROGRAMS: Final = {
    "sadpath": (sys.executable, "-m", "sadpath"),
    "python": (sys.executable,),
    # What a reader gets from the network is here already.
    "pip": (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"),
    "cat": ("cat",),
    "diff": ("diff",),
    "head": ("head",),
    "ls": ("ls",),
}
"""Everything that a page may run."""

Run = Callable[[str], tuple[int, str]]


class PageError(Exception):
    """A page can't be made: a command is not known, or ends otherwise than the page says."""


def names() -> list[str]:
    """The pages, the tutorial first."""
    return sorted((path.stem for path in SOURCES.glob("*.md")), key=lambda name: (name != "tutorial", name))


def page(name: str) -> str:
    """The text of a page, its commands run."""
    if name == "tutorial":
        return _tutorial()[0]
    with tempfile.TemporaryDirectory() as folder:
        return made((SOURCES / f"{name}.md").read_text(encoding="utf-8"), Path(folder))


def made(source: str, folder: Path) -> str:
    """The page of a source whose files and commands live in `folder`."""
    start = _START.search(source)
    if start is not None:
        assert start[1] == "tutorial"
        _unpack(_tutorial()[1], folder)
    packages = folder.parent / f"{folder.name}-packages"
    try:
        run = functools.partial(_run, folder, packages)
        return _BLOCK.sub(lambda block: _block(block, folder, run), _START.sub("", source))
    finally:
        shutil.rmtree(packages, ignore_errors=True)


@functools.cache
def _tutorial() -> tuple[str, dict[str, bytes]]:
    """Its text, and the files that there are when somebody has followed it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = made((SOURCES / "tutorial.md").read_text(encoding="utf-8"), folder)
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        return text, files


def _unpack(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _block(block: re.Match[str], folder: Path, run: Run) -> str:
    language, *words = shlex.split(block["info"]) or [""]
    options = dict(word.partition("=")[::2] for word in words)
    if language == "console":
        said = _session(block["body"], int(options.get("exit", 0)), int(options.get("tail", 0)), run)
        return f"{block[1]}console\n{said}{block[1]}"
    if "title" in options:
        path = folder / options["title"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if "append" in options else "w", encoding="utf-8") as file:
            file.write(block["body"])
    return block[0].replace(" append\n", "\n", 1)


def _session(body: str, exit_code: int, tail: int, run: Run) -> str:
    """The command lines with what each printed."""
    lines = body.splitlines()
    shown: list[str] = []
    for line in lines:
        if not line.startswith("$ "):
            raise PageError(f"what a command prints is filled in, never written by hand: {line}")
        code, said = run(line[2:])
        if code != (exit_code if line is lines[-1] else 0):
            raise PageError(f"{line}\nended with {code}:\n{said}")
        printed = [one.rstrip() for one in said.splitlines()]
        if tail and len(printed) > tail:
            printed = ["...", *printed[-tail:]]
        shown += [line, *printed]
    return "".join(f"{line}\n" for line in shown)


def _run(folder: Path, packages: Path, line: str) -> tuple[int, str]:
    """The exit code of a command line, and what it printed on both channels, as it came."""
    words = shlex.split(line)
    given = dict(word.split("=", 1) for word in words if re.match(r"[A-Z]+=", word))
    command = words[len(given) :]
    if command[0] not in _PROGRAMS:
        raise PageError(f"a page can't run {command[0]}")
    extra = ["--no-deps", "--no-build-isolation", "--target", str(packages)] if command[0] == "pip" else []
    path = [str(CHECKOUT / "generator"), str(packages), *([given["PYTHONPATH"]] if "PYTHONPATH" in given else [])]
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TERMINAL_WIDTH")}
    settings = {"NO_COLOR": "1", "COLUMNS": "88", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "LC_ALL": "C"}
    done = subprocess.run(
        [*_PROGRAMS[command[0]], *command[1:], *extra],
        cwd=folder,
        env={**kept, **settings, **given, "PYTHONPATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout
