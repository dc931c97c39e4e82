"""`sadpath docs`: the site of a workspace, built into a folder, or served on this machine and built again when its inputs change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sadpath.cli.console import ExitCode, counted, findings, put, say, show_report
from sadpath.cli.progress import progress
from sadpath.cli.result import failure_code
from sadpath.config import Settings
from sadpath.config.read import read_settings
from sadpath.diagnostics import Report, Severity, quote, visible
from sadpath.diagnostics.rules_docs import SITE_FOLDER_FOREIGN
from sadpath.diagnostics.rules_output import OUTPUT_UNWRITABLE
from sadpath.output import OwnedTree, Written, write
from sadpath.output.manifest import SITE, SITE_SOURCE, read_manifest
from sadpath.output.tree import MANIFEST_NAME
from sadpath.runtime.frozen import dataclass
from sadpath.site.builder import build_site
from sadpath.site.model import Publication
from sadpath.site.publication import read_publication
from sadpath.site.source import Files, builder_files, locale_sites
from sadpath.source.loader import display_path

DEFAULT_OUTPUT: Final = "site"
DEFAULT_SOURCE: Final = "site-source"


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """The command line of `docs build` as it was given."""

    output: Path | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The command line of `docs serve` as it was given."""

    port: int


@dataclass(frozen=True, slots=True)
class Site:
    """A site that was built, with what it was built from."""

    settings: Settings
    publication: Publication
    files: Files


def run_build(options: BuildOptions) -> ExitCode:
    """Build the site, check it and write it; nothing is written where a finding is in the way."""
    report = Report()
    settings = read_settings(Path.cwd(), report)
    output = options.output or (Path.cwd() if settings is None else settings.root) / DEFAULT_OUTPUT
    _check_folder(output, SITE, report)
    site = None
    if settings is not None and not report.failed:
        with tempfile.TemporaryDirectory(prefix="sadpath-site-") as stage:
            site = build(settings, Path(stage), display_path(output), report)
    stopped = options.strict and report.count(Severity.WARNING) > 0
    if site is None or report.failed or stopped:
        show_failure(report)
        return failure_code(report.diagnostics) or ExitCode.FINDINGS
    return _deliver(output, OwnedTree(SITE, site.files), summary(site), report)


def run_workflow() -> ExitCode:
    """Print a workflow for GitHub Pages that builds the site and publishes it."""
    from sadpath.render.workflow import pages_workflow

    put(pages_workflow())
    return ExitCode.FINE


def run_source(output: Path | None) -> ExitCode:
    """Write what a site builder is given, a folder for each language, instead of building it."""
    report = Report()
    settings = read_settings(Path.cwd(), report)
    output = output or (Path.cwd() if settings is None else settings.root) / DEFAULT_SOURCE
    _check_folder(output, SITE_SOURCE, report)
    publication = None if settings is None or report.failed else read_publication(settings, report)
    if publication is None:
        show_failure(report)
        return failure_code(report.diagnostics)
    files = {
        f"{site.locale}/{path}": file
        for site in locale_sites(publication)
        for path, file in builder_files(publication, site).items()
    }
    return _deliver(output, OwnedTree(SITE_SOURCE, files), counted(len(files), "file"), report)


def _deliver(output: Path, tree: OwnedTree, what: str, report: Report) -> ExitCode:
    """Write what was made, and say so."""
    written = write(output, [tree], report)
    if written is None:
        show_failure(report)
    else:
        show_report(report)
        say(f"{what} in {visible(display_path(output))}; {changes(written)}")
    return failure_code(report.diagnostics)


def changes(written: Written) -> str:
    """What is different from what was there before."""
    counts = {"created": written.created, "updated": written.updated, "removed": written.removed}
    return ", ".join(f"{len(paths):,} {word}" for word, paths in counts.items() if paths) or "nothing new"


def build(settings: Settings, stage: Path, folder: str, report: Report) -> Site | None:
    """Read everything and build it in `stage`; None, with the reasons, where it can't be."""
    with progress(len(settings.apis) + 1) as begin:
        publication = read_publication(settings, report, begin)
        if publication is None:
            return None
        begin("the site")
        files = build_site(publication, stage, folder, report)
    return None if files is None else Site(settings, publication, files)


def summary(site: Site) -> str:
    """How much of what the site has: pages, APIs, languages, guides."""
    pages = sum(path.endswith(".html") for path in site.files)
    apis = site.publication.apis
    parts = [counted(len(apis), "API"), ", ".join(site.publication.locales)]
    guides = len({guide.path for guide in site.publication.guides})
    parts += [counted(guides, "guide")] if guides else []
    return f"{counted(pages, 'page')} ({'; '.join(parts)})"


def show_failure(report: Report, end: str = "nothing was written") -> None:
    """Print all findings but notes, and how it ended."""
    shown = without_notes(report)
    show_report(shown)
    say(f"{findings(shown.diagnostics)}; {end}")


def without_notes(report: Report) -> Report:
    """The errors and warnings."""
    shown = Report()
    shown.extend(one for one in report.diagnostics if one.severity is not Severity.INFO)
    return shown


def _check_folder(output: Path, owner: str, report: Report) -> None:
    """Refuse a folder that holds files which no earlier run for `owner` has written there."""
    name = visible(display_path(output))
    try:
        stranger = next(_entries(output), None) if output.is_dir() else None
    except OSError as error:
        report.add(OUTPUT_UNWRITABLE, f"{name} can't be read: {error.strerror or error}")
        return
    if stranger is None:
        return
    if not (output / MANIFEST_NAME).is_file():
        report.add(SITE_FOLDER_FOREIGN, f"{name} holds {visible(stranger)}, and no manifest of an earlier build")
        return
    # Another owner's files are stale to a site, and stale files are removed.
    for path, entry in (read_manifest(output, report) or {}).items():
        others = [one for one in entry.owners if one != owner]
        if others:
            message = f"{name} holds {visible(path)}, which belongs to {quote(others[0])}, not to a {owner}"
            report.add(SITE_FOLDER_FOREIGN, message)
            return


def _entries(folder: Path) -> Iterator[str]:
    return iter(sorted(path.name for path in folder.iterdir()))
