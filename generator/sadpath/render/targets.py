"""Renders the targets that are asked for, ours and those of installed packages, through one door."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from sadpath.config import ApiSettings
from sadpath.config.plugins import plugins
from sadpath.ir.service import Service
from sadpath.openapi.model import Document
from sadpath.python.names import Names, name_package
from sadpath.reference.catalog_document import catalog_document
from sadpath.reference.written import Written
from sadpath.render.markdown import Documented, names_on_pages, render_models_page, render_reference
from sadpath.render.python import render_models, render_package, render_resources
from sadpath.render.templates import TemplateProblem
from sadpath.sharing import aside, shared_out
from sadpath.source.reads import note_unhashed

_MANY: Final = 100
"""Types of an API, from which on a process of its own for them saves more than it costs."""


@dataclass(frozen=True)
class TargetApi:
    """What a target makes its files from: the API as it will be generated, its Python names, its document, its settings.

    `components` are texts of the merged document, where they were made while the document was read.
    """

    service: Service
    document: Document
    settings: ApiSettings
    components: Mapping[str, Written] = field(default_factory=dict[str, Written])

    @cached_property
    def names(self) -> Names:
        return name_package(self.service)

    @cached_property
    def merged(self) -> str:
        """The document with the failures of the catalog in its responses, as YAML."""
        return self.merged_file.decode()

    @cached_property
    def merged_file(self) -> bytes:
        """The same as it is written."""
        # A process that leaves this to a child never needs what takes long to import.
        from sadpath.reference.merged import merged_document

        return merged_document(self.service, self.document, self.components)

    def wants(self, target: str) -> bool:
        return target in self.settings.targets


Target: TypeAlias = Callable[[TargetApi], Mapping[str, str]]
"""Makes files, by POSIX path below the output directory. It is found under the entry point `sadpath.targets`."""


class TargetProblem(Exception):
    """A target of an installed package failed, or made something else than files."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f'the target "{target}" {reason}')


Files: TypeAlias = dict[str, str | bytes]
"""What is to be written, by POSIX path below the output directory: texts, or what they are in UTF-8."""


def render_targets(api: TargetApi, *, shared: bool = False) -> dict[str, Files]:
    """The files of one API by kind; client and server are one kind.

    With `shared`, child processes make about half of those of a large API.
    Raises `TargetProblem` where a target of somebody else fails, and `TemplateProblem` where a template of the user's does.
    """
    kinds = _shared(api) if shared and len(api.service.types) > _MANY else _alone(api)
    ours = {one for part in _OURS for one in part.targets}
    for name in sorted(api.settings.targets - ours):
        kinds[name] = _foreign(name, api)
    return kinds


def _alone(api: TargetApi) -> dict[str, Files]:
    return _together(_made(part, api) for part in _wanted(_OURS, api))


def _shared(api: TargetApi) -> dict[str, Files]:
    wanted = _wanted(_OURS_SHARED, api)
    try:
        with aside(partial(_encoded, [part for part in wanted if not part.names], api)) as nameless:
            _ = api.names  # Every child is to know them.
            named = shared_out([partial(_encoded, [part], api) for part in wanted if part.names])
            return _together([*named, nameless()])
    except TemplateProblem:
        # Where several templates fail, the first is named: who came first here is chance.
        return _alone(api)


def _wanted(parts: Iterable[_Part], api: TargetApi) -> list[_Part]:
    return [part for part in parts if any(api.wants(one) for one in part.targets)]


def _together(made: Iterable[dict[str, Files]]) -> dict[str, Files]:
    kinds: dict[str, Files] = {}
    for one in made:
        for kind, files in one.items():
            kinds.setdefault(kind, {}).update(files)
    return kinds


def _made(part: _Part, api: TargetApi) -> dict[str, Files]:
    return {part.kind: dict(part.make(api))}


def _encoded(parts: Sequence[_Part], api: TargetApi) -> dict[str, Files]:
    """The files of some parts as they are written: what a child makes is sent, and bytes are sent as they are."""
    encoded: dict[int, bytes] = {}  # The same text may be several files, and is to be sent once.

    def content(file: str | bytes) -> bytes:
        if isinstance(file, bytes):
            return file
        if id(file) not in encoded:
            encoded[id(file)] = file.encode()
        return encoded[id(file)]

    made = _together([_made(part, api) for part in parts])
    return {kind: {path: content(file) for path, file in files.items()} for kind, files in made.items()}


def _foreign(name: str, api: TargetApi) -> Files:
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


_ALL: Final = slice(None)


def _models(api: TargetApi, share: slice = _ALL) -> Files:
    return _in_python_folder(api, render_models(api.service, api.names, api.settings, share))


def _resources(api: TargetApi, share: slice = _ALL) -> Files:
    return _in_python_folder(api, render_resources(api.service, api.names, api.settings, share))


def _in_folder(folder: str | PurePosixPath, files: Mapping[str, str | bytes]) -> Files:
    """Files by their paths below a folder to files by their paths below the output folder."""
    before = str(PurePosixPath(folder))
    return {f"{before}/{path}" if before != "." else path: text for path, text in files.items()}


def _in_python_folder(api: TargetApi, modules: Mapping[str, str | bytes]) -> Files:
    return _in_folder(api.settings.layout.python, modules)


def _package(api: TargetApi) -> Files:
    client, server = api.wants("client"), api.wants("server")
    return _in_python_folder(api, render_package(api.service, api.names, api.settings, client=client, server=server))


def _documents(api: TargetApi) -> Files:
    """What a server tells about itself."""
    if not api.service.groups:
        return {}
    folder = PurePosixPath(*api.settings.package.split("."))
    documents: Files = {
        str(folder / "openapi.yaml"): api.merged_file,
        str(folder / "error-catalog.json"): catalog_document(api.service),
    }
    return _in_python_folder(api, documents)


def _models_page(api: TargetApi) -> Files:
    return _in_folder(api.settings.layout.docs, render_models_page(documented(api)))


def _other_pages(api: TargetApi) -> Files:
    return _in_folder(api.settings.layout.docs, render_reference(documented(api), models=False))


def _docs(api: TargetApi) -> Files:
    return _in_folder(api.settings.layout.docs, render_reference(documented(api)))


def _openapi(api: TargetApi) -> Files:
    return {api.settings.layout.openapi: api.merged_file}


@dataclass(frozen=True)
class _Part:
    """Some of the files of a kind, made where one of our targets is wanted; `names`: from the Python names, too."""

    kind: str
    targets: tuple[str, ...]
    make: Callable[[TargetApi], Files]
    names: bool = True


_PACKAGE: Final = _Part("python", ("client", "server"), _package)
_DOCUMENTS: Final = _Part("python", ("server",), _documents, names=False)
_OPENAPI: Final = _Part("openapi", ("openapi",), _openapi, names=False)
_OURS: Final = (
    _PACKAGE,
    _Part("python", ("client", "server"), _resources),
    _Part("python", ("client", "server"), _models),
    _DOCUMENTS,
    _Part("docs", ("docs",), _docs),
    _OPENAPI,
)
_OURS_SHARED: Final = (
    _PACKAGE,
    *(_Part("python", ("client", "server"), partial(_models, share=slice(first, None, 3))) for first in range(3)),
    *(_Part("python", ("client", "server"), partial(_resources, share=slice(first, None, 3))) for first in range(3)),
    _DOCUMENTS,
    _Part("docs", ("docs",), _models_page),
    _Part("docs", ("docs",), _other_pages),
    _OPENAPI,
)
"""The same in smaller parts, what takes longest first: whoever is free takes the next one."""


def documented(api: TargetApi) -> Documented:
    """An API as its own pages and the page that compares several know it."""
    settings = api.settings
    common = settings.runtime.rpartition(".")[0] or settings.package
    mentioned = names_on_pages(api.service, api.names, settings.package, common)
    return Documented(api.service, mentioned, PurePosixPath(settings.layout.docs).name, settings.templates)
