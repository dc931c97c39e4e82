"""What the command line says of itself, and of a command line that it can't follow: byte for byte, 80 columns wide.

Each text is a file in `tests/golden/help`. After a change of words, write these files anew and read the difference:

    PYTHONPATH=generator python tests/golden/test_help.py --write
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sadpath import __version__

CHECKOUT = Path(__file__).resolve().parents[2]
GOLDEN = CHECKOUT / "tests" / "golden" / "help"

DATA = {
    "sadpath.txt": ["--help"],
    "generate.txt": ["generate", "--help"],
    "check.txt": ["check", "--help"],
    "lint.txt": ["lint", "--help"],
    "watch.txt": ["watch", "--help"],
    "explain.txt": ["explain", "--help"],
    "rules.txt": ["rules", "--help"],
    "templates.txt": ["templates", "--help"],
    "templates-show.txt": ["templates", "show", "--help"],
    "templates-eject.txt": ["templates", "eject", "--help"],
    "scaffold.txt": ["scaffold", "--help"],
    "config.txt": ["config", "--help"],
    "catalog.txt": ["catalog", "--help"],
    "docs.txt": ["docs", "--help"],
    "docs-build.txt": ["docs", "build", "--help"],
    "docs-serve.txt": ["docs", "serve", "--help"],
    "docs-source.txt": ["docs", "source", "--help"],
    "config-schema.json": ["config", "schema"],
    "catalog-schema.json": ["catalog", "schema"],
}
"""What is printed to stdout, with exit code 0."""

WRONG = (
    [],
    ["generat"],
    ["--verbose"],
    ["generate", "--opneapi", "openapi.yaml"],
    ["generate", "--openapi"],
    ["generate", "--openapi", "openapi.yaml", "--package", "library", "--output", "output", "--target", "cleint"],
    ["generate", "--allow", "network-reference"],
    ["generate", "--check", "--diff"],
    ["generate", "--package", "library"],
    ["generate", "--openapi", "openapi.yaml", "--package", "lending-library", "--output", "output"],
    ["generate", "--openapi", "openapi.yaml", "--package", "library.import", "--output", "output"],
    ["generate", "desk", "--openapi", "openapi.yaml", "--package", "library", "--output", "output"],
    ["generate", "--output-format", "xml"],
    ["generate", "--diff", "--output-format", "json"],
    ["check", "--openapi", "openapi.yaml"],
    ["lint", "--ignore", "SP301", "--openapi", "openapi.yaml"],
    ["lint", "--write-baseline", "--openapi", "openapi.yaml"],
    ["lint", "--errors", "errors.yaml"],
    ["watch", "--package", "library"],
    ["templates", "show", "docs/eror.md.jinja"],
    ["explain"],
    ["scaffold"],
    ["scaffold", "openapi.yaml", "--force"],
    ["scaffold", "openapi.yaml", "--locales", "english"],
    ["config"],
    ["catalog", "schmea"],
    ["catalog", "schema", "errors.yaml"],
)
"""Command lines that end with exit code 2, whatever there is on the disk."""


def sadpath(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own, without colour and of a fixed width."""
    settings = {"PYTHONPATH": str(CHECKOUT / "generator"), "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "80"}
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TERMINAL_WIDTH")}
    command = [sys.executable, "-m", "sadpath", *arguments]
    return subprocess.run(command, cwd=folder, env={**kept, **settings}, capture_output=True, check=False, timeout=60)


def printed(name: str, folder: Path) -> bytes:
    """What a good command prints."""
    found = sadpath(DATA[name], folder)
    assert (found.returncode, found.stderr) == (0, b"")
    return found.stdout.replace(b"\r\n", b"\n")


def refused(folder: Path) -> bytes:
    """All wrong command lines, each with what is said of it."""
    parts: list[bytes] = []
    for arguments in WRONG:
        found = sadpath(arguments, folder)
        assert (found.returncode, b"Traceback" in found.stderr) == (2, False), arguments
        said = (found.stderr + found.stdout).replace(b"\r\n", b"\n")
        parts.append(b"$ " + " ".join(["sadpath", *arguments]).encode() + b"\n" + said)
    return b"\n".join(parts)


@pytest.mark.parametrize("name", DATA)
def test_help_and_schemas(name: str, tmp_path: Path) -> None:
    assert printed(name, tmp_path) == (GOLDEN / name).read_bytes()


def test_a_wrong_command_line_is_explained(tmp_path: Path) -> None:
    assert refused(tmp_path).decode() == (GOLDEN / "usage.txt").read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_version(tmp_path: Path) -> None:
    found = sadpath(["--version"], tmp_path)
    assert (found.returncode, found.stdout.split(), found.stderr) == (0, [b"sadpath", __version__.encode()], b"")


def test_nothing_is_written_down_that_is_not_run() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {*DATA, "usage.txt"}


def _write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in DATA:
            (GOLDEN / name).write_bytes(printed(name, Path(folder)))
        (GOLDEN / "usage.txt").write_bytes(refused(Path(folder)))


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    _write()
