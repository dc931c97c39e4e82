"""Guides: Markdown that people wrote, its head, its place in the navigation, and its links made those of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_docs import GUIDE_HEAD
from sadpath.runtime.frozen import dataclass
from sadpath.site.model import Guide, Publication, SitePage
from sadpath.source.place import Spot
from sadpath.source.text import Source

FOLDER: Final = "guides"

_HEAD: Final = re.compile(r"\A---\n(.*?)^---\n", re.S | re.M)
_LINK: Final = re.compile(r"(?<!\\)(\]\()([^()\s]+)((?:\s+\"[^\"]*\")?\))")
_FENCE: Final = re.compile(r"(`{3,}|~{3,})(.*)")
_COMMENT: Final = re.compile(r"^<!--", re.M)


@dataclass(frozen=True, slots=True)
class _Head:
    title: str | None = None
    order: float | None = None


def read_guides(
    files: Mapping[str, bytes], locales: Sequence[str], origin: str, report: Report
) -> tuple[tuple[Guide, ...], dict[str, bytes]]:
    """Guides and the files beside them, from the content of a folder by path; `origin` is the folder's path for display.

    `name.<locale>.md` is the guide `name.md` in a language. A guide stands where `order:` of its head says, else where a number at
    the beginning of its name does, else after these, by name.
    """
    guides: list[Guide] = []
    assets: dict[str, bytes] = {}
    for path, content in sorted(files.items()):
        if not path.endswith(".md"):
            assets[path] = content
            continue
        text = content.decode("utf-8", "replace").replace("\r\n", "\n")
        guides.append(_guide(path, text, locales, f"{origin}/{path}", report))
    return tuple(guides), assets


def _guide(path: str, text: str, locales: Sequence[str], origin: str, report: Report) -> Guide:
    head, body = _split(text, Source(origin, text), report)
    stem = path.removesuffix(".md")
    base, dot, last = stem.rpartition(".")
    locale = last if dot and last in locales else None
    common = f"{base}.md" if locale else path
    number = re.match(r"\d+", posixpath.basename(common))
    order = head.order if head.order is not None else float(number[0]) if number else float("inf")
    prose = "".join(piece for piece, is_code in _pieces(body) if not is_code)
    found = re.search(r"^# +([^ \n].*)$", prose, re.M)
    title = head.title or (_plain(found[1]) if found else posixpath.basename(stem))
    return Guide(common, locale, title, (order, common), body, origin, text)


def _plain(heading: str) -> str:
    text = heading.rstrip()
    bare = text.rstrip("#")
    linked = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", bare.rstrip() if bare.endswith(" ") else text)
    return re.sub(r"\\([^\w\s])", r"\1", linked.replace("`", "").replace("*", ""))


def _split(text: str, source: Source, report: Report) -> tuple[_Head, str]:
    found = _HEAD.match(text)
    if found is None:
        return _Head(), text
    values: dict[str, str] = {}
    start = found.start(1)
    for line in found[1].splitlines(keepends=True):
        key, colon, value = line.partition(":")
        place = Spot(source, start, start + len(line.rstrip("\n")))
        start += len(line)
        if not colon or key.strip() not in ("title", "order"):
            report.add(GUIDE_HEAD, f"the head of a guide has no {quote(line.strip())}", place)
        elif key.strip() == "order" and not re.fullmatch(r"\d+", value.strip()):
            report.add(GUIDE_HEAD, f"{quote(value.strip())} is no whole number", place)
        else:
            values[key.strip()] = value.strip().strip("\"'")
    order = values.get("order")
    return _Head(values.get("title"), float(order) if order else None), text[found.end() :].lstrip("\n")


def chosen_guides(guides: Sequence[Guide], locale: str) -> tuple[Guide, ...]:
    """Each guide once, in the language where there is one in it, in order."""
    chosen: dict[str, Guide] = {}
    for guide in guides:
        known = chosen.get(guide.path)
        if known is None or guide.locale == locale or (guide.locale is None and known.locale != locale):
            chosen[guide.path] = guide
    return tuple(sorted(chosen.values(), key=lambda guide: guide.order))


def guide_target(guide: Guide) -> str:
    """The page of a guide, from the top of a language."""
    return f"{FOLDER}/{guide.path}"


def guide_page(publication: Publication, guide: Guide, locale: str) -> SitePage:
    """The page; its links to files of the workspace lead to the pages made of them, or to the repository."""
    text = _uncommented(guide.text) if guide.text.startswith("<!--") else guide.text
    pieces = [piece if is_code else _relinked(piece, publication, guide) for piece, is_code in _pieces(text)]
    path = guide_target(guide)
    return SitePage(path, guide.title, guide.title, "".join(pieces), {"kind": "guide"}, (guide.origin, guide.whole))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a block of code between fences; one that is not closed goes on to the end."""
    lines: list[str] = []
    mark = ""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        fence = _FENCE.match(line)
        if mark and fence and fence[1].startswith(mark) and not fence[2].strip("`~ \t\r"):
            yield "".join([*lines, line]), True
            lines, mark = [], ""
        elif not mark and fence and not (fence[1][0] == "`" and "`" in fence[2]):
            yield "".join(lines), False
            lines, mark = [line], fence[1]
        else:
            lines.append(line)
    yield "".join(lines), bool(mark)


def _uncommented(text: str) -> str:
    """Without the comments that begin a line, and the empty lines after each."""
    pieces: list[str] = []
    end = 0
    for found in _COMMENT.finditer(text):
        if found.start() < end:
            continue
        closed = text.find("-->", found.end())
        if closed < 0:
            break
        pieces.append(text[end : found.start()])
        end = closed + len("-->")
        while text.startswith("\n", end):
            end += 1
    return "".join([*pieces, text[end:]])


def _relinked(text: str, publication: Publication, guide: Guide) -> str:
    return _LINK.sub(lambda found: f"{found[1]}{_target(found[2], publication, guide)}{found[3]}", text)


def _target(link: str, publication: Publication, guide: Guide) -> str:
    path, mark, fragment = link.partition("#")
    if not path or re.match(r"[a-zA-Z][\w+.-]*:|/", path):
        return link
    found = posixpath.normpath(posixpath.join(posixpath.dirname(guide.origin), path))
    page = publication.elsewhere.get(found)
    if page is not None:
        here = posixpath.dirname(guide_target(guide))
        return f"{posixpath.relpath(page, here)}{mark}{fragment}"
    folder = guide.origin[: -len(guide.path)].rstrip("/") if guide.locale is None else posixpath.dirname(guide.origin)
    if not publication.repository or found.startswith((f"{folder}/", "../")):
        return link
    return f"{publication.repository}/blob/HEAD/{found}{mark}{fragment}"
