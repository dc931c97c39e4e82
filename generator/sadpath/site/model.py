"""What a site is made of: the APIs of a workspace, guides of its own, and the pages that become of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from sadpath.ir.service import Service
from sadpath.render.markdown import Documented
from sadpath.runtime.frozen import dataclass


@dataclass(frozen=True, slots=True)
class PublishedApi:
    """An API: its pages' makings, and the document with its failures merged in, as YAML."""

    documented: Documented
    openapi: str

    @property
    def service(self) -> Service:
        return self.documented.service

    @property
    def is_called(self) -> bool:
        """Whether it has operations; without any it describes a program, whose errors are no answers."""
        return bool(self.service.groups)

    @property
    def name(self) -> str:
        return self.documented.folder

    @property
    def folder(self) -> str:
        """Where its pages are in each language, and its machine-readable files at the top of the site."""
        return f"apis/{self.name}"

    def title(self, locale: str) -> str:
        found = self.service.catalog_title.get(locale, self.service.default_locale)
        return found or self.service.title


@dataclass(frozen=True, slots=True)
class Guide:
    """A page that people wrote. `path` is below the folder of guides; `locale` is None where it is in no particular language.

    `origin` is the path of its file for display, POSIX and relative to the root of the workspace; `whole` is what stands in it.
    """

    path: str
    locale: str | None
    title: str
    order: tuple[float, str]
    text: str
    origin: str
    whole: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that a site is made of; `url` and `repository` have no slash at their ends, and are "" where nobody names them."""

    title: str
    description: str
    url: str
    repository: str
    apis: tuple[PublishedApi, ...]
    guides: tuple[Guide, ...] = ()
    assets: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Files beside the guides that are no pages, by path below the folder of guides."""
    elsewhere: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where pages of the site are in the workspace: the path of a file there to that of the page, below the language."""

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages of the site: all that an API has, those of the first API first."""
        return tuple(dict.fromkeys(locale for api in self.apis for locale in api.service.locales))

    @property
    def compared(self) -> tuple[PublishedApi, ...]:
        """The APIs that stand side by side on the page that compares them."""
        return tuple(api for api in self.apis if api.is_called)


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page in one language: plain Markdown, and what the theme may know of it. `label` names it in the navigation."""

    path: str
    title: str
    label: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict[str, Any])
    origin: tuple[str, str] | None = None
    """The path and the text of the file that it was made from, where somebody wrote one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the navigation; its entries are paths of pages with their labels, or further sections."""

    label: str
    entries: tuple[Section | SitePage, ...]


@dataclass(frozen=True, slots=True)
class LocaleSite:
    """The pages in one language, and their order in the navigation."""

    locale: str
    pages: tuple[SitePage, ...]
    navigation: tuple[Section | SitePage, ...]
