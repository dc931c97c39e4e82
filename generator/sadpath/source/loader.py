"""Files to sources: the only place that reads documents from the disk, and the checks that come before any syntax."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path
from typing import Any, Final

from sadpath.diagnostics import Report, did_you_mean, quote, visible
from sadpath.diagnostics import rules_text as rules
from sadpath.diagnostics.rules_usage import FILE_NOT_FOUND, FILE_UNREADABLE
from sadpath.source.json_tree import read_json
from sadpath.source.place import Spot
from sadpath.source.reads import note_file, note_source
from sadpath.source.text import Source, Syntax

LARGEST_FILE: Final = 256 * 1024 * 1024
"""Bytes: three times what the largest published documents have, whose references are all written out (78 MB)."""

_SHARE: Final = "Keep what several places of a document share in its `components`, and refer to it there."
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN: Final = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
"""Bytes that stand for a character each, one that is allowed."""
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def display_path(path: Path) -> str:
    """`path` as messages show it: POSIX, and relative to the working directory where it is below that."""
    absolute = os.path.abspath(path)
    try:
        relative = os.path.relpath(absolute)
    except ValueError:  # another drive
        relative = absolute
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return Path(absolute if outside else relative).as_posix()


def load(path: Path, report: Report) -> Source | None:
    """Read a YAML file; a JSON or TOML file where its name ends in `.json` or `.toml`.

    None means that the file can't be read or has no tree; each reason is in `report`. A source with findings (such as
    duplicate keys, of which the first counts) is still returned, so that later stages find what else is wrong.
    """
    shown = display_path(path)
    data = read_bytes(path, shown, report)
    return None if data is None else parse_bytes(shown, data, report)


def read_bytes(path: Path, shown: str, report: Report) -> bytes | None:
    """The content of a regular file of bounded size; None, with a finding, where there is none."""
    name = visible(shown)
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            report.add(FILE_UNREADABLE, f"{name} is a directory, not a file")
            return None
        if not stat.S_ISREG(status.st_mode):
            report.add(FILE_UNREADABLE, f"{name} is not a regular file")
            return None
        if status.st_size > LARGEST_FILE:
            limit = LARGEST_FILE // 1024**2
            report.add(FILE_UNREADABLE, f"{name} is larger than {limit} MB", help=_SHARE)
            return None
        data = Path(path).read_bytes()
        note_file(Path(path), data)
        return data
    except (FileNotFoundError, NotADirectoryError):
        note_file(Path(path), None)
        report.add(FILE_NOT_FOUND, f"{name} does not exist", help=nearby(Path(path)))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        report.add(FILE_UNREADABLE, f"{name} can't be read: {reason[:1].lower()}{reason[1:]}")
    return None


def nearby(path: Path) -> str | None:
    """A help text that names the file beside `path` that was probably meant; None where there is none."""
    try:
        names = sorted(one.name for one in path.parent.iterdir() if one.is_file() and one.suffix == path.suffix)
    except (OSError, ValueError):
        return None
    near = did_you_mean(path.stem, [Path(name).stem for name in names])
    return None if near is None else f"did you mean the file {quote(near + path.suffix)}?"


def parse_bytes(path: str, data: bytes, report: Report, syntax: Syntax | None = None) -> Source | None:
    """A source from the content of a file; `path` is for display and, without `syntax`, tells JSON and TOML from YAML."""
    text = decode(path, data, report)
    if text is None:
        return None
    # To leave out what almost all of a text is made of takes a fifth of the time that a search in it takes.
    odd = data.translate(None, _PLAIN).decode()
    return _parsed(path, text, report, syntax, is_odd=bool(_FORBIDDEN.search(odd)))


def decode(path: str, data: bytes, report: Report) -> str | None:
    """The text of a file in UTF-8, without its byte order mark; None, with a finding, where it is in another encoding."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            where = Spot(Source(path, ""), 0, 0)
            report.add(rules.ENCODING, f"the file is encoded as {name}", where)
            return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (3 if data.startswith(codecs.BOM_UTF8) else 0)
        _report_undecodable(path, data, start, report)
    return None


def _report_undecodable(path: str, data: bytes, start: int, report: Report) -> None:
    message = f"the byte 0x{data[start]:02X} is not UTF-8"
    if b"\0" in data[:4]:
        message = "the file is not text in UTF-8; it looks like UTF-16 or UTF-32"
    before = data[:start].decode("utf-8-sig", "replace")
    source = Source(path, before + data[start : start + 200].decode("utf-8", "replace"))
    report.add(rules.ENCODING, message, Spot(source, len(before), len(before) + 1))


def parse_text(path: str, text: str, report: Report, syntax: Syntax | None = None) -> Source | None:
    """A source from text; `path` is for display and, without `syntax`, tells JSON and TOML from YAML."""
    return _parsed(path, text, report, syntax, is_odd=True)


def _parsed(path: str, text: str, report: Report, syntax: Syntax | None, *, is_odd: bool) -> Source | None:
    """A source with its tree; its text `is_odd` where it may hold a character that is not allowed."""
    source = Source(path, text.removeprefix("\ufeff"), syntax=syntax)
    if not source.text or source.text.isspace():
        report.add(rules.EMPTY_DOCUMENT, "the document is empty", Spot(source, 0, 0))
        return None
    if is_odd and _report_forbidden(source, report):
        return None
    found = _read(source, report)
    if found is None:
        return None
    parsed = Source(source.path, source.text, found[0], source.syntax)
    parsed.find = source.find
    note_source(parsed)
    return parsed


def _read(source: Source, report: Report) -> tuple[Any] | None:
    # Most runs read one syntax, and PyYAML alone takes as long to import as a document of average size to read.
    if source.syntax == "json":
        return read_json(source, report)
    if source.syntax == "toml":
        from sadpath.source.toml_tree import read_toml

        return read_toml(source, report)
    from sadpath.source.yaml_tree import read_yaml

    return read_yaml(source, report)


def _report_forbidden(source: Source, report: Report) -> bool:
    """Report each kind of forbidden character once, where it first stands."""
    seen: set[str] = set()
    for match in _FORBIDDEN.finditer(source.text):
        character = match.group()
        if character in seen or len(seen) >= 10:
            continue
        seen.add(character)
        where = Spot(source, match.start(), match.end())
        report.add(rules.CONTROL_CHARACTER, f"the character U+{ord(character):04X} is not allowed here", where)
    return bool(seen)
