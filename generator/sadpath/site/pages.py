"""The pages of a site in one language, with what the theme may know of each: those of the APIs, the comparison, guides, home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from sadpath.ir.service import Failure
from sadpath.reference.constants import constants
from sadpath.reference.pages import PageMaker, error_path
from sadpath.render.markdown import render_home, render_site_comparison, render_site_pages
from sadpath.site.guides import chosen_guides, guide_page
from sadpath.site.home import home_view
from sadpath.site.model import LocaleSite, Publication, PublishedApi, Section, SitePage
from sadpath.site.problems import problem_path
from sadpath.site.words import words

COMPARISON = "comparison.md"
HOME = "index.md"


def locale_site(publication: Publication, locale: str) -> LocaleSite:
    """All pages in a language; an API or a guide that is not in it stands there in its own."""
    found = words(locale)
    home = SitePage(
        HOME, publication.title, found["home"], render_home(home_view(publication, locale)), _kind("home", hide=["toc"])
    )
    pages: list[SitePage] = [home]
    navigation: list[Section | SitePage] = [home]
    for api in publication.apis:
        own = tuple(_api_pages(publication, api, locale))
        pages += own
        navigation.append(_api_section(api, own, locale))
    if len(publication.compared) > 1:
        documented = [api.documented for api in publication.compared]
        text = render_site_comparison(documented, [api.folder for api in publication.compared], locale)
        comparison = SitePage(COMPARISON, heading(text), found["comparison"], text, _kind("comparison"))
        pages.append(comparison)
        navigation.append(comparison)
    guides = tuple(guide_page(publication, guide, locale) for guide in chosen_guides(publication.guides, locale))
    if guides:
        pages += guides
        navigation.append(Section(found["guides"], guides))
    return LocaleSite(locale, tuple(pages), tuple(navigation))


def _kind(kind: str, **more: object) -> dict[str, Any]:
    return {"kind": kind, **more}


def heading(text: str) -> str:
    """The first heading of a page as plain text."""
    found = re.search(r"^# (.+)$", text, re.M)
    return plain(found[1]) if found else ""


def plain(markdown: str) -> str:
    """One line of Markdown that our converters made, as the text that a reader sees."""
    pieces = re.split(r"(`[^`]+`)", markdown)
    return "".join(piece.strip("`") if piece[:1] == "`" else re.sub(r"\\(.)", r"\1", piece) for piece in pieces)


def _api_pages(publication: Publication, api: PublishedApi, locale: str) -> Iterator[SitePage]:
    failures = {error_path(one.entry.contract.id): one for one in api.service.failures}
    for path, text in render_site_pages(api.documented, locale).items():
        title = heading(text)
        failure = failures.get(path)
        label, meta = title, _kind("resource")
        if failure is not None:
            label = _label(api, failure)
            meta = _error_meta(publication, api, failure)
        elif path == "errors/unlisted.md":
            label, meta = words(locale)["unlisted"], _kind("unlisted")
        elif path == "README.md":
            label, meta = words(locale)["overview"], _kind("api", api=api.name)
        elif "/" not in path:
            meta = _kind(path.removesuffix(".md"))
        whole = f"{title} · {api.title(locale)}" if path != "README.md" else title
        yield SitePage(f"{api.folder}/{path}", whole, label, text, meta)


def _label(api: PublishedApi, failure: Failure) -> str:
    """What an error is called in the navigation: its class, or its code where nobody catches it."""
    codes = failure.entry.contract.match.codes
    if codes and not api.is_called:
        return ", ".join(map(str, codes))
    return str(api.documented.names.failures[failure.entry.contract.id])


def _error_meta(publication: Publication, api: PublishedApi, failure: Failure) -> dict[str, Any]:
    contract = failure.entry.contract
    outcome = contract.outcome.value if contract.outcome is not None else "unknown"
    return _kind("error", outcome=outcome, problem=problem_path(api.name, contract.id), api=api.name)


def _api_section(api: PublishedApi, pages: tuple[SitePage, ...], locale: str) -> Section:
    """Overview, resources, errors by category, models and webhooks of an API."""
    found = words(locale)
    by_path = {page.path.removeprefix(f"{api.folder}/"): page for page in pages}
    resources = tuple(by_path[PageMaker.resource_path(_maker(api, locale), group)] for group in api.service.groups)
    entries: list[Section | SitePage] = [by_path["README.md"]]
    if resources:
        entries.append(Section(found["resources"], resources))
    unlisted = [by_path[name] for name in ("errors/unlisted.md",) if name in by_path]
    entries.append(Section(found["errors"], (*_categories(api, by_path, found), *unlisted)))
    entries += [by_path[name] for name in ("webhooks.md", "models.md") if name in by_path]
    return Section(api.title(locale), tuple(entries))


def _maker(api: PublishedApi, locale: str) -> PageMaker:
    return PageMaker(api.service, api.documented.names, locale, site=True)


def _categories(api: PublishedApi, pages: Mapping[str, SitePage], found: Mapping[str, str]) -> Iterator[Section]:
    """The errors by category; outcomes that look like success are a section of their own."""
    groups: dict[str, list[SitePage]] = {}
    telling = _telling(api)
    for failure in api.service.failures:
        contract = failure.entry.contract
        label = found["outcomes"] if contract.raised == "opt_in" else found[f"category.{contract.category}"]
        if not api.is_called:
            label = plain(str(constants(failure).get(telling, found["errors"]))).capitalize()
        groups.setdefault(label, []).append(pages[error_path(contract.id)])
    last = found["outcomes"]
    for label in sorted(groups, key=lambda one: (one == last, one)):
        yield Section(label, tuple(sorted(groups[label], key=lambda page: page.label.casefold())))


def _telling(api: PublishedApi) -> str:
    """The constant that parts errors without answers into the fewest groups."""
    values: dict[str, set[str]] = {}
    for failure in api.service.failures:
        for name, value in constants(failure).items():
            values.setdefault(name, set()).add(str(value))
    return min(values, key=lambda name: len(values[name]), default="")


def up(path: str) -> str:
    """What leads from a page to the folder of its language."""
    return "../" * (len(PurePosixPath(path).parts) - 1)
