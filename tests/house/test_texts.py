"""The house, line by line: what may not stand in any file, and what the program may not know."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAM = ("generator/", "templates/")
OURS = ("generator/", "templates/", "tests/", "specs/", ".ci/", "Makefile", "pyproject.toml", "constraints")


class Ban(NamedTuple):
    """A pattern that no line may match; `under` are the beginnings of the paths where that holds, all where empty."""

    name: str
    pattern: re.Pattern[str]
    under: tuple[str, ...]
    sample: str


# The samples are put together, so that this file does not hold what it looks for.
BANS = (
    Ban(
        "a vendor's name: contracts are data, and the program knows none of them",
        re.compile(r"yoo[\W_]?(kassa|money)|ю[\W_]?(kassa|касса|money|мани)|pay[\W_]?sera|make[\W_]?commerce", re.I),
        PROGRAM,
        "class Yoo" + "KassaError",
    ),
    Ban(
        "a path of one machine",
        re.compile(r"(?<![\w.~-])/(home|root|Users|work|mnt)/\w|\b[A-Za-z]:\\+Users\\", re.I),
        (),
        'ROOT = "/' + 'home/somebody"',
    ),
    Ban(
        "the address of a package registry",
        re.compile(r"pypi\.(org|python)|pythonhosted\.|registry\.(npmjs|yarnpkg)|https?://\S+/simple/", re.I),
        (),
        "--index-url https://example.org" + "/simple/",
    ),
    Ban(
        "unfinished work",
        re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b"),
        OURS,
        "# TO" + "DO: later",
    ),
    Ban(
        "a test that does not run",
        re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|unittest\.skip"),
        ("tests/",),
        "@pytest.mark." + "skip",
    ),
    Ban(
        "an unexplained silence",
        re.compile(r"type: *ignore(?!\[)|# noqa *$|pyright: *ignore *($|#)"),
        ("generator/", "tests/"),
        "x = y  # type: " + "ignore",
    ),
)


def findings(ban: Ban, path: str, text: str) -> list[str]:
    """The lines of a file that a ban forbids."""
    if ban.under and not path.startswith(ban.under):
        return []
    lines = enumerate(text.splitlines(), start=1)
    return [f"{path}:{number}: {line.strip()}" for number, line in lines if ban.pattern.search(line)]


def files_of(checkout: Path) -> list[str]:
    """Everything that is, or would be, committed; POSIX paths."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    listed = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout
    return sorted(name for name in listed.split("\0") if name and (checkout / name).is_file())


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name.split(":")[0])
def test_no_file_holds(ban: Ban, checkout: Path) -> None:
    names = files_of(checkout)
    texts = ((name, (checkout / name).read_text(encoding="utf-8", errors="replace")) for name in names)
    found = [finding for name, text in texts for finding in findings(ban, name, text)]
    assert names
    assert not found, f"{ban.name}\n" + "\n".join(found)


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name.split(":")[0])
def test_a_ban_finds_its_sample(ban: Ban) -> None:
    path = f"{(ban.under or ('generator/',))[0]}sample.py"
    assert findings(ban, path, f"first\n{ban.sample}\nlast\n") == [f"{path}:2: {ban.sample}"]


@pytest.mark.parametrize("ban", [ban for ban in BANS if ban.under], ids=lambda ban: ban.name.split(":")[0])
def test_a_ban_holds_only_where_it_should(ban: Ban) -> None:
    assert not findings(ban, "generated/python/sample.py", ban.sample)
