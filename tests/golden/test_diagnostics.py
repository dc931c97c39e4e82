"""Every kind of bad input and what is said about it, byte for byte, as a reader sees it on a terminal without colour.

Each folder of `specs/broken` is one kind. It is copied to an empty place and `sadpath` is run in it with the arguments
in its `command.txt`; without one, with those of `_arguments` below. What the run says, after a line with its exit code,
is `generated/diagnostics/<folder>.txt`. After a change of words, write these files anew and read the difference:

    PYTHONPATH=generator python tests/golden/test_diagnostics.py --write
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from sadpath.cli.run import run
from sadpath.diagnostics.registry import all_rules

CHECKOUT = Path(__file__).resolve().parents[2]
BROKEN = CHECKOUT / "specs" / "broken"
GOLDEN = CHECKOUT / "generated" / "diagnostics"
FOLDERS = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir())

SHOWN_ELSEWHERE = {
    "SP000": "a fault of the program, which no input is known to reach: tests/unit/cli/test_generate.py makes one",
    "SP008": "contradicting options, shown with their command lines in tests/golden/help/usage.txt",
    "SP014": "a package that is not installed, of which the tests have all: tests/unit/cli/test_watch.py plays it",
    "SP222": "a fault of openapi-spec-validator, which no document is known to reach: tests/unit/openapi/test_validate.py",
    "SP701": "a package that is not installed: tests/site/test_building.py hides it",
    "SP702": "a failure of Zensical, which no input is known to cause: tests/site/test_building.py plays it",
    "SP508": "output that is out of date, a finding for other programs alone: tests/unit/cli/test_generate.py",
    "SP505": "another run at the same time: tests/unit/output/test_write.py plays it",
    "SP809": "an installed package whose target fails: tests/plugin/test_plugin.py installs one",
}
"""The rules that no document, configuration or output directory can show, and where they are seen instead."""


def _arguments(folder: Path) -> list[str]:
    command = folder / "command.txt"
    if command.is_file():
        return command.read_text(encoding="utf-8").split()
    document = "openapi.json" if (folder / "openapi.json").exists() else "openapi.yaml"
    errors = ["--errors", "errors.yaml"] if (folder / "errors.yaml").exists() else []
    return ["generate", "--openapi", document, *errors, "--package", "broken", "--output", "output"]


def said_about(slug: str, scratch: Path) -> str:
    """The exit code and everything that a run in a copy of the folder says; `scratch` is an empty directory."""
    folder = scratch / slug
    shutil.copytree(BROKEN / slug, folder)
    said, data = io.StringIO(), io.StringIO()
    environment = {"NO_COLOR": "1", "COLUMNS": "100"}
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stderr(said),
        contextlib.redirect_stdout(data),
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["sadpath", *_arguments(folder)]),
    ):
        code = run()
        command = sys.argv[1]
    # What `lint` finds is what it is asked for, so it goes to stdout; every other command has no data to give here.
    assert data.getvalue() == "" or command == "lint"
    return f"exit {code}\n{data.getvalue()}{said.getvalue()}"


def entries(folder: Path) -> dict[str, bytes | None]:
    """All files below a folder by their paths, and its folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("slug", FOLDERS)
def test_what_is_said_is_what_is_written_down(slug: str, tmp_path: Path) -> None:
    said = said_about(slug, tmp_path)
    assert said == (GOLDEN / f"{slug}.txt").read_bytes().decode()
    assert "Traceback" not in said and "SP000" not in said
    assert all(character == "\n" or character.isprintable() for character in said)
    before, after = entries(BROKEN / slug), entries(tmp_path / slug)
    if _arguments(BROKEN / slug)[0] not in ("generate", "scaffold"):
        assert after == before, "nothing may be written"
    elif said.startswith("exit 0\n"):
        assert after.keys() & {"output", "generated"}
    else:
        assert after == before, "nothing may be written"
        assert re.search(r"^error\[SP\d{3}\]", said, re.M) and said.endswith("; nothing was written\n")


@pytest.mark.parametrize("slug", FOLDERS)
def test_every_finding_says_where_it_is_and_how_to_mend_it(slug: str) -> None:
    text = (GOLDEN / f"{slug}.txt").read_text(encoding="utf-8")
    findings = re.split(r"^(?=(?:error|warning|info)\[SP)", text, flags=re.M)[1:]
    assert findings
    for finding in findings:
        assert re.search(r"^ *= help: \S", finding, re.M), finding
        code = re.search(r"\[(SP\d+)", finding)
        assert code is not None
        # The command line, missing files and output directories have no line to point to.
        assert code[1].startswith(("SP0", "SP5", "SP703", "SP708")) or re.search(
            r"^ *--> [^:]+:\d+:\d+$", finding, re.M
        ), finding


def test_nothing_is_written_down_that_is_not_run() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{slug}.txt" for slug in FOLDERS}


def test_every_rule_is_shown() -> None:
    shown = {code for path in GOLDEN.iterdir() for code in re.findall(r"\[(SP\d+)\]", path.read_text(encoding="utf-8"))}
    assert shown & SHOWN_ELSEWHERE.keys() == set()
    assert sorted(shown | SHOWN_ELSEWHERE.keys()) == list(all_rules())


def _write() -> Iterator[str]:
    """Write all files anew; yields the names of those that changed."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    kept = {f"{slug}.txt" for slug in FOLDERS}
    for path in GOLDEN.iterdir():
        if path.name not in kept:
            path.unlink()
            yield path.name
    for slug in FOLDERS:
        with tempfile.TemporaryDirectory() as scratch:
            text = said_about(slug, Path(scratch)).encode()
        path = GOLDEN / f"{slug}.txt"
        if not path.is_file() or path.read_bytes() != text:
            path.write_bytes(text)
            yield path.name


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {sys.argv[0]} --write")
    for changed in _write():
        print(changed)
