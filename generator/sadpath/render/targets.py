"""Renders the targets that are asked for, each below its place in the output folder."""

from __future__ import annotations

from pathlib import PurePosixPath

from sadpath.config import ApiSettings
from sadpath.ir.service import Service
from sadpath.openapi.model import Document
from sadpath.python.names import Names
from sadpath.reference.catalog_document import catalog_document
from sadpath.reference.merged import merged_document
from sadpath.render.markdown import Documented, names_on_pages, render_reference
from sadpath.render.python import render_package


def render_targets(
    service: Service, names: Names, document: Document, settings: ApiSettings
) -> dict[str, dict[str, str]]:
    """The files of one API by kind (python, docs, openapi), each by path below the output folder."""
    kinds: dict[str, dict[str, str]] = {}
    client, server = "client" in settings.targets, "server" in settings.targets
    layout = settings.layout
    merged = merged_document(service, document) if server or "openapi" in settings.targets else ""
    if client or server:
        modules = render_package(service, names, settings.package, settings.runtime, client=client, server=server)
        if server and service.groups:
            folder = PurePosixPath(*settings.package.split("."))
            modules |= {
                str(folder / "openapi.yaml"): merged,
                str(folder / "error-catalog.json"): catalog_document(service),
            }
        kinds["python"] = {str(PurePosixPath(layout.python, path)): text for path, text in modules.items()}
    if "docs" in settings.targets:
        pages = render_reference(documented(service, names, settings))
        kinds["docs"] = {str(PurePosixPath(layout.docs, path)): text for path, text in pages.items()}
    if "openapi" in settings.targets:
        kinds["openapi"] = {layout.openapi: merged}
    return kinds


def documented(service: Service, names: Names, settings: ApiSettings) -> Documented:
    """An API as its own pages and the page that compares several know it."""
    common = settings.runtime.rpartition(".")[0] or settings.package
    mentioned = names_on_pages(service, names, settings.package, common)
    return Documented(service, mentioned, PurePosixPath(settings.layout.docs).name)
