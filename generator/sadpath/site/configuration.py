"""The configuration that a site builder reads for one language: Zensical's, and MkDocs' for the same Markdown."""

from __future__ import annotations

import json
from typing import Any, Final

from sadpath.site.model import LocaleSite, Publication, Section, SitePage
from sadpath.site.words import words
from sadpath.source.tree import is_list, is_mapping

THEME_LANGUAGES: Final = frozenset(
    "af ar az be bg bn ca cs cy da de el en eo es et eu fa fi fr gl he hi hr hu hy id is it ja ka kn ko lb lt lv mk mn ms my"
    " nb nl nn pl pt ro ru sa sh si sk sl sq sr sv ta te th tl tr uk ur uz vi zh".split()
)
_FEATURES: Final = (
    "content.code.copy",
    "navigation.footer",
    "navigation.indexes",
    "navigation.path",
    "navigation.prune",
    "navigation.tabs",
    "navigation.sections",
    "navigation.top",
    "search.highlight",
    "toc.follow",
)
_EXTENSIONS: Final = ("tables", "pymdownx.escapeall", "pymdownx.superfences")
_SLUGIFY: Final = {"case": "lower"}


def navigation_tree(entries: tuple[Section | SitePage, ...]) -> list[dict[str, Any]]:
    """The navigation as both builders have it: a label to a path, or to a list of the same."""
    return [{one.label: one.path if isinstance(one, SitePage) else navigation_tree(one.entries)} for one in entries]


def zensical_toml(publication: Publication, site: LocaleSite) -> str:
    """`zensical.toml`, with `docs` and `theme` beside it; the site goes to `site`."""
    found = words(site.locale)
    language = site.locale.split("-", 1)[0]
    project: list[tuple[str, object]] = [
        ("site_name", publication.title),
        ("site_description", publication.description),
        *([("site_url", f"{publication.url}/{site.locale}/")] if publication.url else []),
        *([("repo_url", publication.repository)] if publication.repository else []),
        ("docs_dir", "docs"),
        ("site_dir", "site"),
        ("use_directory_urls", False),
        ("extra_css", ["assets/sadpath.css"]),
        ("nav", navigation_tree(site.navigation)),
    ]
    theme: list[tuple[str, object]] = [
        ("language", language if language in THEME_LANGUAGES else "en"),
        ("custom_dir", "theme"),
        ("font", False),
        ("features", list(_FEATURES)),
    ]
    lines = ["[project]", *_toml(project), "", "[project.theme]", *_toml(theme)]
    for media, scheme, icon, name in (
        ("(prefers-color-scheme)", "", "lucide/sun-moon", found["to_light"]),
        ("(prefers-color-scheme: light)", "default", "lucide/sun", found["to_dark"]),
        ("(prefers-color-scheme: dark)", "slate", "lucide/moon", found["to_system"]),
    ):
        palette = [("media", media), *([("scheme", scheme)] if scheme else [])]
        lines += ["", "[[project.theme.palette]]", *_toml([*palette, ("toggle.icon", icon), ("toggle.name", name)])]
    lines += ["", "[project.extra]", *_toml([("alternate", True), ("sadpath", _labels(publication, site.locale))])]
    lines += ["", "[project.plugins.offline]"]
    lines += ["", "[project.markdown_extensions.toc]", "permalink = true"]
    lines += [f"slugify = {_value({'object': 'pymdownx.slugs.slugify', 'kwds': _SLUGIFY})}"]
    for name in (*_EXTENSIONS, "pymdownx.highlight"):
        lines += ["", f"[project.markdown_extensions.{name}]"]
    return "\n".join(lines) + "\n"


def _labels(publication: Publication, locale: str) -> dict[str, str]:
    """What our part of the theme says."""
    names = ("catalog_json", "openapi_yaml", "page_markdown", "problem_type", "not_found")
    return {name: words(locale)[name] for name in names} | {"url": publication.url, "locale": locale}


def mkdocs_yml(publication: Publication, site: LocaleSite) -> str:
    """`mkdocs.yml` for the same folder `docs`: JSON is YAML, but for the function that makes anchors."""
    tree: list[tuple[str, object]] = [
        ("site_name", publication.title),
        *([("site_url", f"{publication.url}/{site.locale}/")] if publication.url else []),
        ("docs_dir", "docs"),
        ("site_dir", "site"),
        ("use_directory_urls", False),
        ("nav", navigation_tree(site.navigation)),
        ("validation", {"links": {"anchors": "warn"}}),
    ]
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in tree]
    lines += ["markdown_extensions:", *(f"  - {name}" for name in _EXTENSIONS), "  - toc:", "      permalink: true"]
    lines += [f"      slugify: !!python/object/apply:pymdownx.slugs.slugify {{kwds: {json.dumps(_SLUGIFY)}}}"]
    return "\n".join(lines) + "\n"


def _toml(pairs: list[tuple[str, object]]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in pairs]


def _value(value: object) -> str:
    """A value of TOML 1.0; JSON has the same texts but for one character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_mapping(value):
        return "{" + ", ".join(f"{_value(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if is_list(value):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
