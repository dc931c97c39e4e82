"""Reads what a site is made of: the APIs of a configuration that have pages, and the folder of guides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from sadpath.config import ApiSettings, Settings
from sadpath.diagnostics import Report, quote, visible
from sadpath.diagnostics.rules_docs import GUIDES_MISSING, SITE_WITHOUT_PAGES
from sadpath.diagnostics.rules_usage import FILE_UNREADABLE
from sadpath.pipeline import Begin, nobody_asks
from sadpath.reading import read_service
from sadpath.render.markdown import site_paths
from sadpath.render.targets import TargetApi, documented
from sadpath.site.guides import guide_target, read_guides
from sadpath.site.model import Guide, Publication, PublishedApi
from sadpath.site.pages import COMPARISON
from sadpath.site.words import words
from sadpath.source.loader import read_bytes

_DEFAULT_LOCALE: Final = "en"
_LINK: Final = "Put what it leads to into the folder itself."


def read_publication(settings: Settings, report: Report, begin: Begin = nobody_asks) -> Publication | None:
    """Everything that the site is made of; None, with every reason in the report, where a part of it can't be read.

    `begin` is told the name of each API before its turn.
    """
    chosen = tuple(api for api in settings.apis if "docs" in api.targets)
    if not chosen:
        report.add(SITE_WITHOUT_PAGES, "no API has the target docs")
        return None
    read: list[PublishedApi | None] = []
    for api in chosen:
        begin(api.name)
        read.append(_published(api, report))
    apis = tuple(one for one in read if one is not None)
    locales = tuple(dict.fromkeys(locale for api in apis for locale in api.service.locales))
    guides, assets = _guides(settings, locales, report)
    if report.failed or len(apis) != len(chosen):
        return None
    docs = settings.docs
    alone = apis[0].title(apis[0].service.default_locale)
    default = words(locales[0] if locales else _DEFAULT_LOCALE)["reference"]
    return Publication(
        title=docs.title or (alone if len(apis) == 1 else default),
        description=docs.description or "",
        url=docs.url or "",
        repository=docs.repository or "",
        apis=apis,
        guides=guides,
        assets=assets,
        elsewhere=dict(_elsewhere(settings, chosen, apis, guides)),
    )


def _published(settings: ApiSettings, report: Report) -> PublishedApi | None:
    own = Report()
    found = read_service(settings, own)
    report.extend(own.diagnostics)
    if found is None:
        return None
    service, document = found
    made = TargetApi(service, document, settings)
    return PublishedApi(documented(made), made.merged)


def _guides(settings: Settings, locales: tuple[str, ...], report: Report) -> tuple[tuple[Guide, ...], dict[str, bytes]]:
    folder = settings.docs.guides
    if folder is None:
        return (), {}
    origin = _inside(folder, settings.root)
    if not folder.is_dir():
        report.add(GUIDES_MISSING, f"there is no folder {quote(origin)}", settings.docs.guides_place)
        return (), {}
    return read_guides(dict(_guide_files(folder, origin, report)), locales, origin, report)


def _guide_files(folder: Path, origin: str, report: Report) -> Iterator[tuple[str, bytes]]:
    """The files by path, without hidden ones and those in hidden folders. What can't be read, or is elsewhere, is reported."""
    real = os.path.realpath(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        shown = f"{origin}/{name.as_posix()}"
        if any(part.startswith(".") for part in name.parts):
            continue
        # Whoever proposes a guide must not be able to publish a file of the machine that builds the site.
        if os.path.islink(path) and not Path(os.path.realpath(path)).is_relative_to(real):
            report.add(
                FILE_UNREADABLE, f"{visible(shown)} is a link that leads out of the folder of guides", help=_LINK
            )
        elif os.path.islink(path) and os.path.isdir(path):
            report.add(FILE_UNREADABLE, f"{visible(shown)} is a link to a folder, which is not followed", help=_LINK)
        elif not os.path.isdir(path):
            content = read_bytes(path, shown, report)
            if content is not None:
                yield name.as_posix(), content


def _inside(path: Path, root: Path) -> str:
    """A path as readers of the configuration know it."""
    return Path(os.path.relpath(path, root)).as_posix()


def _elsewhere(
    settings: Settings, chosen: tuple[ApiSettings, ...], apis: tuple[PublishedApi, ...], guides: tuple[Guide, ...]
) -> Iterator[tuple[str, str]]:
    """Pages by the files of the workspace that `sadpath generate` writes, or people wrote, with the same content."""
    for one, api in zip(chosen, apis, strict=True):
        docs = PurePosixPath(one.layout.docs)
        folder = PurePosixPath(_inside(one.layout.root, settings.root), docs)
        several = len(api.service.locales) > 1
        for locale in api.service.locales:
            below = folder / locale if several else folder
            for path in site_paths(api.documented):
                yield str(below / path), f"{api.folder}/{path}"
            if sum(one.is_called for one in apis) > 1:
                yield str(folder.parent / f"comparison.{locale}.md"), COMPARISON
        yield str(folder / "README.md"), f"{api.folder}/README.md"
        if sum(one.is_called for one in apis) > 1:
            yield str(folder.parent / "comparison.md"), COMPARISON
    for guide in guides:
        yield guide.origin, guide_target(guide)
