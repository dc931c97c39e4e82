"""Renders the Markdown reference of one API, in every locale."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sadpath.ir.service import Service
from sadpath.ir.texts import normalized, said
from sadpath.python.channel_views import reread_names
from sadpath.python.names import Names
from sadpath.python.webhook_views import parser_names
from sadpath.reference.comparison import Compared, comparison_view
from sadpath.reference.error_pages import error_page
from sadpath.reference.labels import labels, switch
from sadpath.reference.markdown import Markdown, code
from sadpath.reference.page_views import PageNames
from sadpath.reference.pages import PageMaker, error_path
from sadpath.reference.webhook_pages import webhooks_page
from sadpath.render.templates import Templates, templates
from sadpath.runtime.frozen import dataclass


def render_reference(api: Documented, *, models: bool = True) -> dict[str, str]:
    """All pages by path; a folder a locale where there are several, and an index that leads to them.

    Without `models`, that of the models is missing.
    """
    service, page_names = api.service, api.names
    several = len(service.locales) > 1
    files = _in_all_locales(api, partial(_pages, models=models))
    if several:
        title = PageMaker(service, page_names, service.default_locale).index().page.title
        links = "\n".join(f"- [{labels(locale).language}]({locale}/README.md)" for locale in service.locales)
        files["README.md"] = f"{_HEADER}\n\n# {title}\n\n{links}\n"
    return files


def render_models_page(api: Documented) -> dict[str, str]:
    """The page of the models, which takes about as long as all others, by path; one a locale."""
    return _in_all_locales(api, _models_page)


def _in_all_locales(api: Documented, make: Callable[[Templates, PageMaker], dict[str, str]]) -> dict[str, str]:
    found, service = templates(api.templates), api.service
    files: dict[str, str] = {}
    for locale in service.locales:
        prefix = f"{locale}/" if len(service.locales) > 1 else ""
        pages = make(found, PageMaker(_in(service, locale), api.names, locale))
        files |= {f"{prefix}{path}": text for path, text in pages.items()}
    return files


def names_on_pages(service: Service, names: Names, package: str, common: str) -> PageNames:
    """The names that pages mention; `common` is the package that exports the conditions of every API."""
    calls = {
        operation.id: code(f"client.{names.groups[group.name].attribute}.{names.operations[operation.id].method}(...)")
        for group in service.groups
        for operation in group.operations
    }
    arguments = {
        (id, *place): str(name) for id, found in names.operations.items() for place, name in found.arguments.items()
    }
    return PageNames(package, common, names.failures, names.families, names.types, names.fields, arguments, calls)


@dataclass(frozen=True, slots=True)
class Documented:
    """An API whose pages are in `folder`, below the folder of all pages."""

    service: Service
    names: PageNames
    folder: str
    templates: Path | None = None


def render_comparison(apis: Sequence[Documented]) -> dict[str, str]:
    """The page that compares several APIs, a file a language, by path below the folder of all pages."""
    found = templates(apis[0].templates)
    locales = sorted({locale for api in apis for locale in api.service.locales})
    paths = {locale: f"comparison.{locale}.md" if len(locales) > 1 else "comparison.md" for locale in locales}
    files: dict[str, str] = {}
    for locale, path in paths.items():
        view = comparison_view([_compared(api, locale) for api in apis], locale, switch(paths, locale))
        files[path] = _tidy(found.render_markdown("docs/comparison.md.jinja", view))
    return files


def render_site_pages(api: Documented, locale: str) -> dict[str, str]:
    """The pages of an API in a language, or in its own where it has not got that one, without navigation of their own."""
    service, spoken = api.service, _spoken(api.service, locale)
    found, maker = templates(api.templates), PageMaker(_in(service, spoken), api.names, spoken, site=True)
    return _pages(found, maker)


def site_paths(api: Documented) -> tuple[str, ...]:
    """The paths of these pages, which are the same in every language."""
    maker = PageMaker(api.service, api.names, api.service.default_locale, site=True)
    paths = [maker.resource_path(group) for group in api.service.groups]
    paths += [error_path(failure.entry.contract.id) for failure in api.service.failures]
    paths += ["webhooks.md"] if api.service.notifications else []
    paths += ["errors/unlisted.md"] if maker.is_called else []
    return ("README.md", "models.md", *paths)


def render_site_comparison(apis: Sequence[Documented], folders: Sequence[str], locale: str) -> str:
    """The page that compares several APIs, whose pages are in `folders` beside it, without navigation of its own."""
    compared = [
        Compared(PageMaker(api.service, api.names, _spoken(api.service, locale), site=True), folder)
        for api, folder in zip(apis, folders, strict=True)
    ]
    view = replace(comparison_view(compared, locale, Markdown("")), alone=False)
    return _tidy(templates(apis[0].templates).render_markdown("docs/comparison.md.jinja", view))


def render_home(view: object) -> str:
    """The first page of a site, from a `sadpath.site.home.HomeView`."""
    return _tidy(templates().render_markdown("docs/home.md.jinja", view))


def _spoken(service: Service, locale: str) -> str:
    return locale if locale in service.locales else service.default_locale


def _compared(api: Documented, locale: str) -> Compared:
    """The API in a language, or in its own where it has not got that one."""
    service = api.service
    spoken = _spoken(service, locale)
    folder = f"{api.folder}/{spoken}" if len(service.locales) > 1 else api.folder
    return Compared(PageMaker(service, api.names, spoken), folder)


def _in(service: Service, locale: str) -> Service:
    """The service in one language, as far as it is known."""
    texts = service.texts.get(locale)
    return said(service, lambda text: texts.get(normalized(text), text)) if texts else service


def render_error_pages(api: Documented, ids: Collection[str], locale: str | None) -> list[str]:
    """The pages of some errors as text to be read alone, in one language: without header and without links to other pages."""
    service = api.service
    spoken = locale if locale is not None and locale in service.locales else service.default_locale
    maker = PageMaker(_in(service, spoken), api.names, spoken)
    found = templates(api.templates)
    pages = [
        _tidy(found.render_markdown("docs/error.md.jinja", error_page(maker, failure)))
        for failure in maker.service.failures
        if failure.entry.contract.id in ids
    ]
    return [_alone(page) for page in pages]


def _alone(page: str) -> str:
    text = page[page.index("\n# ") + 1 :]
    return _LINK.sub(r"\1", text)


_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_HEADER = "<!-- Generated by sadpath. Do not edit. -->"


def _pages(found: Templates, maker: PageMaker, *, models: bool = True) -> dict[str, str]:
    views: list[tuple[str, str, object]] = [("README.md", "index", maker.index())]
    if models:
        views.append(("models.md", "models", maker.models()))
    for group in maker.service.groups:
        resource = maker.resource(group)
        views.append((resource.page.path, "resource", resource))
    if maker.service.notifications:
        page = webhooks_page(maker, parser_names(maker.service), reread_names(maker.service))
        views.append((page.page.path, "webhooks", page))
    if maker.is_called:
        unlisted = maker.unlisted()
        views.append((unlisted.page.path, "unlisted", unlisted))
    for failure in maker.service.failures:
        error = error_page(maker, failure)
        views.append((error.page.path, "error", error))
    return {path: _tidy(found.render_markdown(f"docs/{name}.md.jinja", view)) for path, name, view in views}


def _models_page(found: Templates, maker: PageMaker) -> dict[str, str]:
    return {"models.md": _tidy(found.render_markdown("docs/models.md.jinja", maker.models()))}


def _tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines outside of code, one line break at the end."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if line.startswith("```"):
            mark = line[: len(line) - len(line.lstrip("`"))]
            if not fence or (line.strip() == mark and len(mark) >= len(fence)):
                fence = "" if fence else mark
        if fence:
            lines.append(line)
        elif (tidy := line.rstrip()) or (lines and lines[-1].strip()):
            lines.append(tidy)
    return "\n".join(lines).rstrip("\n") + "\n"
