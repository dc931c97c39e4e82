"""JSON Pointers (RFC 6901) as text: split, join, and the form that they take in the fragment of a URI."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

_BAD_ESCAPE: Final = re.compile(r"~(?![01])")
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def escape(token: str) -> str:
    """One reference token in its escaped form."""
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def unescape(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def join(pointer: str, *tokens: str | int) -> str:
    """`pointer` extended by unescaped tokens."""
    for token in tokens:
        pointer = f"{pointer}/{escape(str(token))}"
    return pointer


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of a pointer; `""`, the whole document, has none."""
    tokens = tuple(pointer.split("/")[1:])
    return tokens if "~" not in pointer else tuple(map(unescape, tokens))


def is_valid(pointer: str) -> bool:
    """Whether `pointer` is empty or starts with a slash, and every `~` in it is an escape."""
    return (not pointer or pointer.startswith("/")) and not _BAD_ESCAPE.search(pointer)


def from_fragment(fragment: str) -> str | None:
    """The pointer (or plain name) that a URI fragment stands for; None where its percent-encoding is broken."""
    if _BAD_PERCENT.search(fragment):
        return None
    try:
        return unquote_to_bytes(fragment).decode("utf-8")
    except UnicodeError:
        return None
