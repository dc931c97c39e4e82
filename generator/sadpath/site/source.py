"""The source of a site as one tree: what a site builder is given for each language, and the files that need no builder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from sadpath.reference.catalog_document import catalog_document
from sadpath.render.html import render_html, theme_files
from sadpath.site.configuration import mkdocs_yml, zensical_toml
from sadpath.site.guides import FOLDER
from sadpath.site.llms import llms_text
from sadpath.site.model import LocaleSite, Publication, SitePage
from sadpath.site.pages import locale_site, up
from sadpath.site.problems import problem_files
from sadpath.site.words import words

Files = dict[str, str | bytes]

_ROW: Final = re.compile(r"^\|.*$", re.M)
_SPAN: Final = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")


def builder_files(publication: Publication, site: LocaleSite) -> Files:
    """One language's folder for a site builder: `docs`, `theme`, and the configurations of Zensical and of MkDocs."""
    files: Files = {
        "zensical.toml": zensical_toml(publication, site),
        "mkdocs.yml": mkdocs_yml(publication, site),
        **{f"docs/{page.path}": _head(publication, page, site.locale) + _piped(page.text) for page in site.pages},
        **{f"docs/{FOLDER}/{path}": content for path, content in publication.assets.items()},
    }
    for path, content in theme_files().items():
        files[f"docs/{path}" if path.startswith("assets/") else f"theme/{path}"] = content
    return files


def _piped(text: str) -> str:
    """The text with the bars of code spans in tables as Python-Markdown reads them: as they are, where others want an escape."""
    return _ROW.sub(lambda row: _SPAN.sub(lambda span: span[0].replace("\\|", "|"), row[0]), text)


def _head(publication: Publication, page: SitePage, locale: str) -> str:
    """The front matter, which is where the theme learns about the page; JSON is YAML."""
    meta: Mapping[str, Any] = {
        "title": page.title,
        **page.meta,
        "markdown": page.path.rpartition("/")[2],
        "top": f"{up(page.path)}../",
        "alternates": [
            {"lang": one, "name": words(one)["language"], "link": f"{up(page.path)}../{one}/{html_path(page.path)}"}
            for one in publication.locales
        ],
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in meta.items()]
    return "\n".join(["---", *lines, "---", "", ""])


def html_path(path: str) -> str:
    """What a builder makes of a page, without URLs that look like folders."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{'index' if name in ('README.md', 'index.md') else name.removesuffix('.md')}.html"


def own_files(publication: Publication, sites: tuple[LocaleSite, ...]) -> Files:
    """What is in the site as it is: Markdown copies, `llms.txt`, catalogs, documents, problem types, and the way in."""
    locales = publication.locales
    files: Files = {".nojekyll": "", **dict(problem_files(publication))}
    for site in sites:
        files |= {f"{site.locale}/{page.path}": page.text for page in site.pages}
        others = tuple(one for one in locales if one != site.locale)
        files[f"{site.locale}/llms.txt"] = llms_text(publication, site, others, "../")
    files["llms.txt"] = llms_text(publication, sites[0], locales[1:])
    for api in publication.apis:
        files[f"{api.folder}/catalog.json"] = catalog_document(api.service)
        files[f"{api.folder}/openapi.yaml"] = api.openapi
    for name, title in (("index.html", publication.title), ("404.html", words(locales[0])["not_found"])):
        start = f"{publication.url}/" if name == "404.html" and publication.url else ""
        links = [(one, words(one)["language"], f"{start}{one}/index.html") for one in locales]
        template = "redirect.html" if name == "index.html" else "missing.html"
        files[name] = render_html(template, title=title, lang=locales[0], top="", links=links, alternate="")
    return files


def locale_sites(publication: Publication) -> tuple[LocaleSite, ...]:
    """The pages in every language."""
    return tuple(locale_site(publication, locale) for locale in publication.locales)
