"""Templates of the user's against ours: which they replace, and whether ours have changed since they were taken."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from sadpath.diagnostics import Report, quote, suggestion, visible
from sadpath.diagnostics.rules_patch import TEMPLATE_BROKEN, TEMPLATE_OUTDATED, TEMPLATE_UNKNOWN
from sadpath.render.templates import TemplateProblem, templates_folder
from sadpath.source.loader import display_path, read_bytes
from sadpath.source.place import Spot
from sadpath.source.reads import note_file, note_listing
from sadpath.source.text import Source

_STAMP: Final = re.compile(r"\A\{#- sadpath template ([\w./-]+) ([0-9a-f]{16}) -#\}")
_FOLDERS: Final = ("python", "docs")


def template_names() -> list[str]:
    """The names of our templates that can be replaced."""
    folder = templates_folder()
    return sorted(path.relative_to(folder).as_posix() for name in _FOLDERS for path in (folder / name).glob("*.jinja"))


def template_text(name: str) -> str:
    """Our template, with the first line that a copy of it has to begin with."""
    text = (templates_folder() / name).read_text(encoding="utf-8")
    return f"{{#- sadpath template {name} {_digest(text)} -#}}\n{text}"


def check_overrides(folder: Path, report: Report) -> None:
    """Report what replaces nothing, and what was made from another version of ours."""
    names = template_names()
    for name in names:
        if not (folder / name).is_file():
            note_file(folder / name, None)
    if not folder.is_dir():
        read_bytes(folder, display_path(folder), report)
        return
    note_listing(folder)
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".jinja"):
        read_bytes(path, display_path(path), report)  # a template may include it
    for path in sorted(folder.rglob("*.jinja")):
        name = path.relative_to(folder).as_posix()
        data = read_bytes(path, display_path(path), report)
        if data is not None:
            _check(name, names, Source(display_path(path), data.decode("utf-8", "replace")), report)


def _check(name: str, names: list[str], source: Source, report: Report) -> None:
    first = Spot(source, 0, len(source.line(1)))
    if name not in names:
        message = f"{visible(source.path)} replaces no template of sadpath"
        report.add(TEMPLATE_UNKNOWN, message, first, help=suggestion(name, names))
        return
    ours = _digest((templates_folder() / name).read_text(encoding="utf-8"))
    stamp = _STAMP.match(source.text)
    if stamp is None:
        message = "the first line does not say from which version of our template this was made"
        line = template_text(name).partition("\n")[0]
        report.add(TEMPLATE_OUTDATED, message, first, help=f"If it is the present one, begin with: {line}")
    elif stamp[2] != ours:
        message = f"our template {quote(name)} has changed since this was made from it: its digest is {ours} now"
        report.add(TEMPLATE_OUTDATED, message, first)


def report_problem(problem: TemplateProblem, report: Report) -> None:
    """A template that can't be rendered, at its line."""
    source = Source(display_path(problem.path), problem.path.read_text(encoding="utf-8", errors="replace"))
    line = problem.line or 1
    start = sum(len(one) for one in source.text.splitlines(keepends=True)[: line - 1])
    report.add(TEMPLATE_BROKEN, problem.message, Spot(source, start, start + len(source.line(line))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
