"""Runs the site builder on the source of a site, a process for each language, and gathers what it made."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sadpath.diagnostics import Report, visible
from sadpath.diagnostics.rules_docs import SITE_BUILDER_FAILED, SITE_BUILDER_MISSING
from sadpath.site.links import check_site
from sadpath.site.model import LocaleSite, Publication
from sadpath.site.source import Files, builder_files, html_path, locale_sites, own_files

_BUILDER: Final = "zensical"
_COMMAND: Final = ("-m", _BUILDER, "build")
_COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
_SAID: Final = 20
_ENDLESS: Final = "Look for a page of your own with very many openings of comments, links or code that nothing closes."
_LIMIT: Final = 1800.0
"""Seconds that the builder has for all languages; a page can be such that it never ends."""


def has_module(name: str, purpose: str, report: Report) -> bool:
    """Whether a package of the extra `docs` is installed; reported where it is not."""
    if importlib.util.find_spec(name) is not None:
        return True
    report.add(SITE_BUILDER_MISSING, f"the package {name} is not installed, which {purpose}")
    return False


def build_site(publication: Publication, stage: Path, folder: str, report: Report) -> Files | None:
    """The whole site by path, built in `stage` (which may keep the builder's caches) and checked.

    None, with findings, where it can't be built or has errors; `folder` is where it will be, for display. Raises `OSError`.
    """
    if not has_module(_BUILDER, "builds the site", report):
        return None
    sites = locale_sites(publication)
    for site in sites:
        _synchronize(stage / site.locale, builder_files(publication, site))
    if not _run([stage / site.locale for site in sites], report):
        return None
    files = own_files(publication, sites)
    for site in sites:
        built = stage / site.locale / "site"
        # A web server has one page for what it does not find, and it is at the top.
        found = (path for path in sorted(built.rglob("*")) if path.is_file() and path != built / "404.html")
        files |= {f"{site.locale}/{path.relative_to(built).as_posix()}": path.read_bytes() for path in found}
    check_site(files, _origins(sites), publication.url, report, folder)
    return None if report.failed else files


def _origins(sites: tuple[LocaleSite, ...]) -> Mapping[str, tuple[str, str]]:
    return {
        f"{site.locale}/{html_path(page.path)}": page.origin
        for site in sites
        for page in site.pages
        if page.origin is not None
    }


def _synchronize(folder: Path, files: Files) -> None:
    """Make `folder` hold `files`, and leave what has not changed as it is, so that the builder's cache is of use."""
    for kind in ("docs", "theme"):
        for path in sorted((folder / kind).rglob("*"), reverse=True):
            if path.is_file() and path.relative_to(folder).as_posix() not in files:
                path.unlink()
    for name, file in files.items():
        content = file.encode() if isinstance(file, str) else file
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _run(folders: list[Path], report: Report) -> bool:
    """Whether the builder has made a site in every folder, all at the same time."""
    command = [sys.executable, *_COMMAND]
    settings = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    running = [
        subprocess.Popen(
            command,
            cwd=folder,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        for folder in folders
    ]
    end = time.monotonic() + _LIMIT
    try:
        for folder, process in zip(folders, running, strict=True):
            said = process.communicate(timeout=max(end - time.monotonic(), 0))[0]
            _judge(folder, process.returncode, said, report)
    except subprocess.TimeoutExpired:
        report.add(SITE_BUILDER_FAILED, f"{_BUILDER} had not ended after {_LIMIT:,g} seconds", help=_ENDLESS)
    finally:
        for process in running:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
    return not report.failed


def _judge(folder: Path, code: int, said: str, report: Report) -> None:
    """Report what the builder says where it has made no site in `folder`."""
    if code or not (folder / "site" / "index.html").is_file():
        lines = [visible(line) for line in _COLOR.sub("", said).splitlines() if line.strip()][-_SAID:]
        report.add(SITE_BUILDER_FAILED, f"{_BUILDER} ended with {code}: {' / '.join(lines)}")
