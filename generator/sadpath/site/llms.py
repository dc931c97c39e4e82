"""`llms.txt` (llmstxt.org): what a site holds, as one Markdown file with links to Markdown copies of its pages."""

from __future__ import annotations

from collections.abc import Iterator

from sadpath.reference.markdown import inline
from sadpath.site.model import LocaleSite, Publication, Section, SitePage
from sadpath.site.words import words


def llms_text(publication: Publication, site: LocaleSite, others: tuple[str, ...], top: str = "") -> str:
    """The file for one language; `others` are those that have one of their own, `top` leads to the top of the site."""
    start = f"{publication.url}/" if publication.url else top
    found = words(site.locale)
    lines = [f"# {inline(publication.title)}", ""]
    if publication.description:
        lines += [f"> {inline(publication.description)}", ""]
    lines += [f"- [problems.json]({start}problems.json): {found['problems']}"]
    for api in publication.apis:
        title = inline(api.title(site.locale))
        lines.append(f"- [{title}: catalog.json]({start}{api.folder}/catalog.json): {found['catalog_json']}")
        lines.append(f"- [{title}: openapi.yaml]({start}{api.folder}/openapi.yaml): {found['openapi_yaml']}")
    for entry in site.navigation:
        lines += ["", f"## {inline(entry.label)}", ""]
        lines += [_link(page, site, start) for page in _pages(entry)]
    if others:
        lines += ["", "## Optional", ""]
        lines += [f"- [{words(one)['language']}]({start}{one}/llms.txt): {words(one)['llms']}" for one in others]
    return "\n".join(lines) + "\n"


def _pages(entry: Section | SitePage) -> Iterator[SitePage]:
    if isinstance(entry, SitePage):
        yield entry
        return
    for one in entry.entries:
        yield from _pages(one)


def _link(page: SitePage, site: LocaleSite, start: str) -> str:
    title = page.title.rpartition(" · ")[0] or page.title
    return f"- [{inline(title)}]({start}{site.locale}/{page.path})"
