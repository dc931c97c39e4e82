"""Checks a built site: every link leads to a page and a heading that are there, and no page loads a file from another host."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final
from urllib.parse import unquote, urlsplit

from sadpath.diagnostics import Report, Rule, quote
from sadpath.diagnostics.rules_docs import BROKEN_LINK, FOREIGN_REQUEST
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Spot
from sadpath.source.text import Source

_LOADED: Final = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "input": "src",
    "object": "data",
    "script": "src",
    "source": "src",
    "track": "src",
    "video": "src",
}
_LINK_LOADS: Final = frozenset(
    {"dns-prefetch", "icon", "manifest", "modulepreload", "preconnect", "prefetch", "preload", "stylesheet"}
)
_STYLE_URL: Final = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s;]+)""", re.I)


_TAG: Final = re.compile(r"""<!--|<([a-z][a-z0-9-]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.I)
_ENDS: Final = {
    "": re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.I),
    "style": re.compile(r"</style\s*>", re.I),
}
"""What ends a comment, and what no tag is looked for in."""
_ATTRIBUTE: Final = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_TELLING: Final = re.compile(r"\b(?:id|name|href|src|srcset|data|style)\s*=", re.I)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a page refers to, and where in its text that stands; `loads` where a browser fetches it unasked."""

    target: str
    start: int
    loads: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """The anchors and references of one page."""

    anchors: set[str]
    references: list[Reference]


def _read(text: str) -> _Page:
    page = _Page(set(), [])
    unclosed: set[str] = set()
    end = 0
    while (found := _TAG.search(text, end)) is not None:
        tag, end = (found[1] or "").lower(), found.end()
        if tag and _TELLING.search(found[2]):
            _tag(tag, found[2], found.start(2), page)
        # Looked for once where there is none: a page may have very many beginnings.
        close = _ENDS[tag].search(text, end) if tag in _ENDS and tag not in unclosed else None
        if close is None:
            unclosed.add(tag)
            continue
        if tag == "style":
            page.references.extend(_style(text[end : close.start()], end))
        end = close.end()
    return page


def _tag(tag: str, text: str, start: int, page: _Page) -> None:
    found = {one[1].lower(): one for one in _ATTRIBUTE.finditer(text)}
    values = {name: unescape(next(filter(None, one.groups()[1:]), "")) for name, one in found.items()}
    page.anchors.update(values[name] for name in ("id", "name") if name in values)
    loading = _LOADED.get(tag, "")
    rel = set(values.get("rel", "").lower().split())
    for name, value in values.items():
        place = start + found[name].start()
        if name == "href" and tag in ("a", "area"):
            page.references.append(Reference(value.strip(), place, loads=False))
        elif name == "href" and tag == "link":
            page.references.append(Reference(value.strip(), place, loads=not _LINK_LOADS.isdisjoint(rel)))
        elif name == loading:
            page.references.append(Reference(value.strip(), place, loads=True))
        elif name == "srcset":
            page.references.extend(
                Reference(one.split()[0], place, loads=True) for one in value.split(",") if one.strip()
            )
        elif name == "style":
            page.references.extend(_style(value, place))


def _style(text: str, start: int) -> Iterator[Reference]:
    for found in _STYLE_URL.finditer(text):
        yield Reference(found[1], start + found.start(), loads=True)


def check_site(
    files: Mapping[str, str | bytes], origins: Mapping[str, tuple[str, str]], url: str, report: Report, folder: str
) -> int:
    """Report every broken link and every foreign request; the number of links that were checked.

    `origins` are the path and text of what somebody wrote, by the path of the page made of it; `folder` is where the site will be,
    for display; `url` its address, so that links to it are its own.
    """
    texts = {path: _text(file) for path, file in files.items() if path.endswith((".html", ".css"))}
    pages = {path: _read(text) for path, text in texts.items() if path.endswith(".html")}
    count = 0
    for path, text in texts.items():
        page = pages.get(path)
        for one in page.references if page is not None else _style(text, 0):
            count += 1
            problem = _problem(one, path, files, pages, url)
            if problem is not None:
                place, written = _place(one, path, text, origins, folder)
                report.add(problem.rule, f"{problem.message} {quote(written)}", place)
    return count


def _text(file: str | bytes) -> str:
    return file if isinstance(file, str) else file.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Problem:
    rule: Rule
    message: str


def _problem(
    one: Reference, path: str, files: Mapping[str, str | bytes], pages: Mapping[str, _Page], url: str
) -> _Problem | None:
    """What is wrong with a reference, up to its target; None where nothing is."""
    target, here = one.target, path
    if url and (target == url or target.startswith((f"{url}/", f"{url}#"))):
        target, here = target.removeprefix(url).lstrip("/"), ""
    parts = urlsplit(target)
    if parts.scheme in ("http", "https") or (parts.netloc and not parts.scheme):
        return _Problem(FOREIGN_REQUEST, "a file is loaded from another host:") if one.loads else None
    if parts.scheme:
        return None
    found = _resolved(unquote(parts.path), here, files, urlsplit(url).path)
    if found is None:
        return _Problem(BROKEN_LINK, "there is nothing at")
    fragment = unquote(parts.fragment)
    page = pages.get(found)
    if fragment and page is not None and fragment not in page.anchors and not fragment.startswith("__"):
        return _Problem(BROKEN_LINK, "the page is there, and has no heading for")
    return None


def _resolved(path: str, here: str, files: Mapping[str, str | bytes], prefix: str) -> str | None:
    """The file of the site that a path leads to."""
    if path.startswith("/"):
        if not path.startswith(f"{prefix}/"):
            return None
        path, here = path.removeprefix(prefix).lstrip("/"), ""
    elif not path and here:
        return here
    found = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
    candidates = (found, "index.html" if found == "." else f"{found}/index.html")
    return next((one for one in candidates if one in files), None)


def _place(
    one: Reference, path: str, text: str, origins: Mapping[str, tuple[str, str]], folder: str
) -> tuple[Spot, str]:
    """Where somebody wrote the link, and how; else the line of the page that has it."""
    origin = origins.get(path)
    if origin is not None:
        parts = urlsplit(unquote(one.target))
        stem = posixpath.basename(parts.path).removesuffix(".html").removesuffix(".md")
        mark = f"#{parts.fragment}" if parts.fragment else ""
        for wanted in (f"({unquote(one.target)}", f"({stem}.md{mark}", f"{stem}.md{mark}", f"{stem}{mark}"):
            start = origin[1].find(wanted)
            if start >= 0 and wanted:
                start, wanted = start + wanted.startswith("("), wanted.removeprefix("(")
                return Spot(Source(*origin), start, start + len(wanted)), wanted
    end = text.find("\n", one.start)
    start = text.find(one.target, one.start, end if end >= 0 else None)
    start = start if start >= 0 else one.start
    return Spot(Source(f"{folder}/{path}", text), start, start + max(len(one.target), 1)), one.target
