"""`sadpath scaffold`: a document and tables of codes are read, and the draft of a catalog is printed or written."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sadpath.catalog.derive import derive_catalog
from sadpath.cli.console import ExitCode, counted
from sadpath.cli.result import Findings, Result, failure_code, unweighed
from sadpath.config import ALLOWANCES
from sadpath.config.options import settings_from_options
from sadpath.diagnostics import Report, quote, visible
from sadpath.diagnostics.rules_output import OUTPUT_UNWRITABLE
from sadpath.diagnostics.rules_scaffold import NO_FAILURES, OUTPUT_EXISTS
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.naming.words import words
from sadpath.openapi.model import Document
from sadpath.output.single import replace_file
from sadpath.reading import operation_ids, read_document
from sadpath.runtime.frozen import dataclass
from sadpath.scaffold.draft import Draft, language_of
from sadpath.scaffold.from_catalog import draft_of
from sadpath.scaffold.layout import text_of
from sadpath.scaffold.merge import merge_families, merge_rows
from sadpath.scaffold.questions import ask
from sadpath.scaffold.read import TableFile, read_file
from sadpath.source.loader import display_path
from sadpath.source.place import Place, Spot
from sadpath.source.text import Source

_LOCALE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


@dataclass(frozen=True, slots=True)
class Options:
    """The command line of `scaffold` as it was given."""

    openapi: Path | None = None
    tables: tuple[Path, ...] = ()
    output: Path | None = None
    force: bool = False
    api: str | None = None
    locales: str | None = None
    allow: tuple[str, ...] = ()


def run_scaffold(options: Options) -> Result:
    """Draft, and write where a file is named."""
    report = Report()
    _check(options, report)
    text, counts = _drafted(options, report) if not report.failed else (None, "")
    written = text is not None and _written(text, options, report)
    found = Findings(unweighed(report), "full")
    if not written:
        return found.failure(failure_code(report.diagnostics), "nothing was written")
    to = visible(display_path(options.output)) if options.output is not None else "the draft"
    return found.result(ExitCode.FINE, f"{to}: {counts}", data=text or "" if options.output is None else "")


def _check(options: Options, report: Report) -> None:
    """Report a command line that can't be followed, before anything is read."""
    help_text = "See `sadpath scaffold --help`."
    if options.openapi is None and not options.tables:
        report.add(USAGE, "there is nothing to read: name an OpenAPI document, or tables with --from", help=help_text)
    if options.api is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", options.api):
        report.add(
            USAGE, f"--api: {quote(options.api)} is no slug of lower-case letters, digits, `_`, `-`", help=help_text
        )
    wrong = [one for one in _locales(options) if not re.fullmatch(_LOCALE, one)]
    if wrong or (options.locales is not None and not _locales(options)):
        report.add(USAGE, f"--locales: {quote(wrong[0] if wrong else '')} is no locale such as `en`", help=help_text)
    if options.force and options.output is None:
        report.add(USAGE, "--force is about the file of --output, which is missing", help=help_text)
    if options.output is not None:
        _check_output(options.output, options, report)


def _check_output(output: Path, options: Options, report: Report) -> None:
    """Report an output that would take away what is read, or what somebody wrote."""
    read = next((one for one in (options.openapi, *options.tables) if one is not None and _is_same(one, output)), None)
    if read is not None:
        message = f"--output: {quote(display_path(output))} is a file that is read"
        report.add(USAGE, message, help="Name another file for the draft.")
    elif os.path.isfile(output) and not options.force:
        shown = display_path(output)
        first = _beginning(output)
        report.add(OUTPUT_EXISTS, f"{quote(shown)} exists", Spot(Source(shown, first), 0, min(1, len(first))))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):  # One of them is not there.
        return False


def _beginning(path: Path) -> str:
    """What a file begins with, to be shown; nothing where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(2000).decode("utf-8", "replace").replace("\r", "")
    except OSError:
        return ""


def _locales(options: Options) -> tuple[str, ...]:
    found = [one.strip() for one in (options.locales or "").split(",")]
    return tuple(dict.fromkeys(one for one in found if one))


def _drafted(options: Options, report: Report) -> tuple[str | None, str]:
    """The text of the draft and its counts in words; None where something could not be read."""
    document = _document(options, report)
    tables = [read_file(path, report) for path in options.tables]
    found = [table for table in tables if table is not None]
    if report.failed or len(found) < len(tables):
        return None, ""
    title = document.info.title if document is not None else (options.api or options.tables[0].stem)
    api = options.api or _slug(title) or _slug((options.openapi or options.tables[0]).stem) or "api"
    names = [path.name for path in (options.openapi, *options.tables) if path is not None]
    draft = Draft(api, " ".join(title.split()) or api, _languages(options, document is not None, found), names)
    ids = operation_ids(document) if document is not None else {}
    catalog = derive_catalog(document, api, ids) if document is not None else None
    if catalog is not None:
        draft_of(catalog, draft)
    for table in found:
        merge_families(draft, table.read.families)
    for table in found:
        merge_rows(draft, table.read.rows, Place(table.source))
    if not draft.entries and document is not None:
        report.add(NO_FAILURES, "no operation declares a failure", document.place)
    ask(draft, document, ids, catalog)
    text, questions = text_of(draft)
    return text, f"{counted(len(draft.entries), 'error')}, {counted(questions, 'open question')}"


def _document(options: Options, report: Report) -> Document | None:
    if options.openapi is None:
        return None
    settings = settings_from_options(options.openapi, None, "draft", Path(), (), report)
    if settings is None:
        return None
    # A draft matches no text against the document's patterns.
    wanted: tuple[str, ...] = (*options.allow, "exploding-patterns")
    allowed = frozenset(one for one in ALLOWANCES if one in wanted)
    return read_document(replace(settings.apis[0], allow=allowed), report)


def _slug(text: str) -> str:
    return "-".join(word.lower() for word in words(text)[:6])[:60].strip("-")


def _languages(options: Options, has_document: bool, tables: Sequence[TableFile]) -> tuple[str, ...]:
    """The locales that were asked for, else the language of the tables, else English."""
    if options.locales is not None:
        return _locales(options)
    if has_document or not tables:
        return ("en",)
    return (language_of(" ".join(row.text for table in tables for row in table.read.rows)),)


def _written(text: str, options: Options, report: Report) -> bool:
    """Whether the text is where it should be; it is printed with all the rest."""
    if options.output is None:
        return True
    try:
        replace_file(options.output, text.encode("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{quote(display_path(options.output))} can't be written: {reason[:1].lower()}{reason[1:]}"
        report.add(OUTPUT_UNWRITABLE, message, help="Name a file in a directory that exists and is yours to write.")
        return False
    return True
