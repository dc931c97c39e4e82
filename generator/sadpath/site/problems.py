"""Problem types (RFC 9457): a stable address for each error, what stands there for programs and for people, and their registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sadpath.ir.service import Failure
from sadpath.naming.scope import bounded
from sadpath.reference.catalog_document import error_document, written
from sadpath.reference.pages import error_path
from sadpath.render.html import render_html
from sadpath.site.model import Publication, PublishedApi
from sadpath.site.words import words


def problem_path(api: str, id: str) -> str:
    """The address of a problem type from the top of the site; what follows it is no part of the type."""
    return f"problems/{api}/{bounded(id)}"


def problem_type(publication: Publication, api: PublishedApi, id: str) -> str:
    """The URI of a problem type: absolute where the site knows its URL, else relative to the top of the site."""
    path = problem_path(api.name, id)
    return f"{publication.url}/{path}" if publication.url else path


def problem_files(publication: Publication) -> Iterator[tuple[str, str]]:
    """For each error the document and the page at its address, and `problems.json`, which lists them all."""
    registered: list[dict[str, Any]] = []
    for api in publication.apis:
        for failure in api.service.failures:
            document = _document(publication, api, failure)
            registered.append(_registered(publication, api, failure, document))
            path = problem_path(api.name, failure.entry.contract.id)
            yield f"{path}.json", written(document)
            yield f"{path}/index.html", _page(publication, api, failure)
    yield "problems.json", written({"title": publication.title, "problems": registered})


def _document(publication: Publication, api: PublishedApi, failure: Failure) -> dict[str, Any]:
    """What the catalog says of the error, with the type and the pages about it."""
    id = failure.entry.contract.id
    found = error_document(failure, api.service)
    pages = {locale: _address(publication, f"{locale}/{_page_path(api, id)}") for locale in publication.locales}
    return {"type": problem_type(publication, api, id), "api": api.name, **found, "pages": pages}


def _registered(
    publication: Publication, api: PublishedApi, failure: Failure, document: Mapping[str, Any]
) -> dict[str, Any]:
    """An entry as section 4.2 of RFC 9457 has it: type URI, title, recommended status, reference; and the codes of the API."""
    id = failure.entry.contract.id
    statuses = [int(one) for one in document.get("statuses", ()) if str(one).isdigit()]
    return {
        "type": document["type"],
        "title": document.get("title", {}),
        **({"status": statuses[0]} if statuses else {}),
        "reference": _address(publication, f"{problem_path(api.name, id)}.json"),
        "api": api.name,
        "id": id,
        "codes": document.get("codes", []),
    }


def _page_path(api: PublishedApi, id: str) -> str:
    return f"{api.folder}/{error_path(id)}".removesuffix(".md") + ".html"


def _address(publication: Publication, path: str) -> str:
    return f"{publication.url}/{path}" if publication.url else path


def _page(publication: Publication, api: PublishedApi, failure: Failure) -> str:
    """A page that sends readers on to the error's page in their language."""
    id = failure.entry.contract.id
    target = _page_path(api, id)
    default = api.service.default_locale
    title = failure.entry.title.get(default, default) or str(api.documented.names.failures[id])
    return render_html(
        "redirect.html",
        title=f"{title} · {api.title(default)}",
        lang=default,
        top="../../../",
        links=[(locale, words(locale)["language"], f"../../../{locale}/{target}") for locale in publication.locales],
        alternate=f"../{bounded(id)}.json",
    )
