"""`sadpath docs serve`: the site on the loopback interface; it is built again when a file that it is made of changes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, TypeAlias

from sadpath.cli.console import ExitCode, say, show_report
from sadpath.cli.docs import ServeOptions, build, show_failure, summary, without_notes
from sadpath.cli.result import failure_code
from sadpath.config import Settings
from sadpath.config.read import OWN_FILE, PROJECT_FILE, read_settings
from sadpath.diagnostics import Report
from sadpath.diagnostics.rules_usage import USAGE
from sadpath.output import OwnedTree, write
from sadpath.output.manifest import SITE
from sadpath.site.builder import has_module

HOST: Final = "127.0.0.1"

State: TypeAlias = Mapping[str, tuple[int, int]]

_LOOK: Final = 1000
"""Milliseconds between two looks at the files themselves."""


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site, never from a cache, and without a line on the terminal for each."""

    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".md": "text/markdown; charset=utf-8",
        ".yaml": "application/yaml",
    }

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Refuse: a published site does not list folders, and a link that works here alone would not be noticed."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def run_serve(options: ServeOptions) -> ExitCode:
    """Serve until the user interrupts; the first build has to succeed, later ones may fail, and are told of."""
    report = Report()
    if not has_module("watchfiles", "notices changes", report) or not has_module("zensical", "builds the site", report):
        show_report(report)
        return failure_code(report.diagnostics)
    with tempfile.TemporaryDirectory(prefix="sadpath-site-") as scratch:
        stage, root = Path(scratch, "stage"), Path(scratch, "site")
        root.mkdir()
        before = read_settings(Path.cwd(), Report())
        known: State = {} if before is None else state(inputs(before))
        settings = _rebuild(stage, root, report)
        if settings is None:
            show_failure(report, "nothing is served")
            return failure_code(report.diagnostics) or ExitCode.FINDINGS
        return _serve(options.port, settings, stage, root, known)


def _serve(port: int, settings: Settings, stage: Path, root: Path, known: State) -> ExitCode:
    try:
        server = ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(root)))
    except OSError as error:
        report = Report()
        report.add(USAGE, f"the port {port} can't be used: {error.strerror or error}", help="Name another one: --port.")
        show_report(report)
        return failure_code(report.diagnostics)
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        say(f"http://{HOST}:{server.server_port}/ (Ctrl+C ends it)")
        try:
            _watch(settings, stage, root, known)
        except KeyboardInterrupt:
            say("ended")
        finally:
            server.shutdown()
    return ExitCode.FINE


def _watch(settings: Settings, stage: Path, root: Path, known: State) -> None:
    """Build again after each change, until the user interrupts; `known` is what the first build has read."""
    from watchfiles import watch

    paths = inputs(settings)
    # It looks now and then even where nothing is reported: a change during a build, or before the watch began, counts too.
    for _ in watch(*paths, raise_interrupt=True, watch_filter=None, yield_on_timeout=True, rust_timeout=_LOOK):
        found = state(paths)
        if found == known:
            continue
        known = found
        report = Report()
        if _rebuild(stage, root, report) is None:
            show_failure(report, "the site is as it was")
        else:
            show_report(without_notes(report))


def state(paths: Sequence[Path]) -> State:
    """When each file was changed, and how long it is."""
    files = [
        file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if file.is_file()
    ]
    found = {str(file): file.stat() for file in files}
    return {name: (one.st_mtime_ns, one.st_size) for name, one in found.items()}


def inputs(settings: Settings) -> Sequence[Path]:
    """What the site is made of: the configuration, the folders of documents and catalogs, and guides."""
    found = [settings.root / name for name in (OWN_FILE, PROJECT_FILE)]
    for api in settings.apis:
        found += [path.parent for path in (api.openapi, api.errors, api.texts) if path is not None]
    if settings.docs.guides is not None:
        found.append(settings.docs.guides)
    return sorted({path.resolve() for path in found if path.exists()})


def _rebuild(stage: Path, root: Path, report: Report) -> Settings | None:
    """The settings that the site was built by; None, with findings, where it stays as it was."""
    settings = read_settings(Path.cwd(), report)
    site = None if settings is None else build(settings, stage, "site", report)
    if site is None or write(root, [OwnedTree(SITE, site.files)], report) is None:
        return None
    say(summary(site))
    return settings
