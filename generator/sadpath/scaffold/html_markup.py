"""Makes the markup of a page whole before it is read: complete tags and text, in one pass however broken the page is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TAG: Final = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9:-]*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>|<(/?)([A-Za-z][A-Za-z0-9:-]*+)([^<>]*+)>"""
)
"""A tag with its attributes; one whose quotes are not closed ends at the next `>`."""
_SPAN: Final = re.compile(r"(?<![\w-])(colspan|rowspan)\s*+=\s*+[\"']?(\d+)", re.I | re.A)
_UNREAD: Final = {"script": re.compile("</script", re.I), "style": re.compile("</style", re.I)}
"""Tags whose content is no markup, and what ends it."""
_ENDS: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))


def whole_markup(text: str) -> str:
    """The page with its lines as they were, without comments and attributes but spans; a `<` that opens no tag is text."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    last = {end: text.rfind(end) for _, end in _ENDS}
    done = 0
    while (start := text.find("<", done)) >= 0:
        yield text[done:start]
        done = _skipped(text, start, last)
        if done > start:
            yield _breaks(text[start:done])
            continue
        tag = _TAG.match(text, start)
        if tag is None:
            yield "&lt;"
            done = start + 1
            continue
        written, name, is_open = _written(tag)
        yield written
        done = tag.end()
        if is_open and name in _UNREAD:
            end = _UNREAD[name].search(text, done)
            stop = end.start() if end is not None else len(text)
            yield _breaks(text[done:stop])
            done = stop
    yield text[done:]


def _skipped(text: str, start: int, last: dict[str, int]) -> int:
    """Where a comment or a declaration that begins at `start` ends; `start` itself where nothing of that kind does."""
    for begin, end in _ENDS:
        if text.startswith(begin, start):
            after = start + len(begin)
            return text.find(end, after) + len(end) if last[end] >= after else start
    return start


def _written(tag: re.Match[str]) -> tuple[str, str, bool]:
    """A tag in its plainest form, its name, and whether it opens an element."""
    slash, name, rest = tag.group(1, 2, 3) if tag[2] is not None else tag.group(4, 5, 6)
    closed = "/" if rest.endswith("/") and not slash else ""
    spans = "".join(f' {span[1].lower()}="{span[2][:9]}"' for span in _SPAN.finditer(rest)) if not slash else ""
    name = name.lower()
    return f"<{slash}{name}{spans}{closed}>{_breaks(rest)}", name, not slash and not closed


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")
