"""Renders the targets that are asked for, ours and those of installed packages, through one door."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from sadpath.config import ApiSettings
from sadpath.config.plugins import plugins
from sadpath.ir.service import Service
from sadpath.openapi.model import Document
from sadpath.python.names import Names
from sadpath.reference.catalog_document import catalog_document
from sadpath.reference.merged import merged_document
from sadpath.render.markdown import Documented, names_on_pages, render_reference
from sadpath.render.python import render_models, render_package
from sadpath.sharing import aside
from sadpath.source.reads import note_unhashed

_MANY: Final = 300
"""Types of an API, from which on a process of its own for them saves more than it costs."""


@dataclass(frozen=True)
class TargetApi:
    """What a target makes its files from: the API as it will be generated, its Python names, its document, its settings."""

    service: Service
    names: Names
    document: Document
    settings: ApiSettings

    @cached_property
    def merged(self) -> str:
        """The document with the failures of the catalog in its responses, as YAML."""
        return merged_document(self.service, self.document)

    def wants(self, target: str) -> bool:
        return target in self.settings.targets


Target: TypeAlias = Callable[[TargetApi], Mapping[str, str]]
"""Makes files, by POSIX path below the output directory. It is found under the entry point `sadpath.targets`."""


class TargetProblem(Exception):
    """A target of an installed package failed, or made something else than files."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f'the target "{target}" {reason}')


def render_targets(api: TargetApi, *, shared: bool = False) -> dict[str, dict[str, str]]:
    """The files of one API by kind, each by path below the output folder; client and server are one kind.

    With `shared`, a child process makes about half of those of a large API. Raises `TargetProblem` where a target of somebody else fails, and `TemplateProblem` where a template of the user's does.
    """
    wanted = {kind: target for kind, (targets, target) in _OURS.items() if any(api.wants(one) for one in targets)}
    models = partial(_models, api)
    if "python" in wanted and shared and len(api.service.types) > _MANY:
        with aside(models) as made:
            kinds = {kind: dict(target(api)) for kind, target in wanted.items()}
            kinds["python"] |= made()
    else:
        kinds = {kind: dict(target(api)) for kind, target in wanted.items()}
        if "python" in wanted:
            kinds["python"] |= models()
    ours = {one for targets, _ in _OURS.values() for one in targets}
    for name in sorted(api.settings.targets - ours):
        kinds[name] = _foreign(name, api)
    return kinds


def _foreign(name: str, api: TargetApi) -> dict[str, str]:
    note_unhashed()
    found = plugins().get(name)
    if found is None:
        raise TargetProblem(name, "is of no installed package")
    try:
        target: Target = found.load()
        files: dict[Any, Any] = dict(target(api))
    except Exception as error:
        if os.environ.get("SADPATH_TRACEBACK"):
            raise
        raise TargetProblem(name, f"failed with {type(error).__name__}: {error}") from error
    if not all(isinstance(part, str) for file in files.items() for part in file):
        raise TargetProblem(name, "made something else than texts by path")
    return files


def _models(api: TargetApi) -> dict[str, str]:
    return _in_python_folder(api, render_models(api.service, api.names, api.settings))


def _in_python_folder(api: TargetApi, modules: Mapping[str, str]) -> dict[str, str]:
    return {str(PurePosixPath(api.settings.layout.python, path)): text for path, text in modules.items()}


def _python(api: TargetApi) -> dict[str, str]:
    client, server = api.wants("client"), api.wants("server")
    settings = api.settings
    modules = render_package(api.service, api.names, settings, client=client, server=server)
    if server and api.service.groups:
        folder = PurePosixPath(*settings.package.split("."))
        modules |= {
            str(folder / "openapi.yaml"): api.merged,
            str(folder / "error-catalog.json"): catalog_document(api.service),
        }
    return _in_python_folder(api, modules)


def _docs(api: TargetApi) -> dict[str, str]:
    pages = render_reference(documented(api))
    return {str(PurePosixPath(api.settings.layout.docs, path)): text for path, text in pages.items()}


def _openapi(api: TargetApi) -> dict[str, str]:
    return {api.settings.layout.openapi: api.merged}


_OURS: Final[Mapping[str, tuple[tuple[str, ...], Target]]] = {
    "python": (("client", "server"), _python),
    "docs": (("docs",), _docs),
    "openapi": (("openapi",), _openapi),
}
"""Our targets by kind: whoever wants one of them gets the files of its kind."""


def documented(api: TargetApi) -> Documented:
    """An API as its own pages and the page that compares several know it."""
    settings = api.settings
    common = settings.runtime.rpartition(".")[0] or settings.package
    mentioned = names_on_pages(api.service, api.names, settings.package, common)
    return Documented(api.service, mentioned, PurePosixPath(settings.layout.docs).name, settings.templates)
