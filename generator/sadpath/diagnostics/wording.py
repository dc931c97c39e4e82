"""Words of messages: text of a document made harmless and short, and the candidate that somebody probably meant."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that move the cursor, change the direction of text, or can't be shown."""

LONGEST_QUOTE: Final = 80


def visible(text: str) -> str:
    """`text` on one line with every control, format, bidi and unassigned character written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    return short or f"\\u{{{ord(character):X}}}"


def shortened(text: str, limit: int = LONGEST_QUOTE) -> str:
    """`text`, cut in its middle where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - head - 1):]}"


def quote(value: object) -> str:
    """A value of a document for a message: in double quotes, harmless, and never longer than a line."""
    return f'"{visible(shortened(str(value)))}"'


def listed(words: Iterable[str], *, conjunction: str = "or", limit: int = 8) -> str:
    """Words as an English list, each quoted: `"a", "b" or "c"`; what is beyond `limit` is counted."""
    quoted = [quote(word) for word in words]
    if len(quoted) > limit:
        quoted = [*quoted[: limit - 1], f"{len(quoted) - limit + 1} more"]
        conjunction = "and"
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {conjunction} {quoted[-1]}"


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to `word`, or None where none is near; letter case counts for little."""
    known = [candidate for candidate in candidates if candidate != word]
    if not word or len(word) > 200:
        return None
    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    exact = folded.get(word.casefold())
    if exact is not None:
        return exact
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def suggestion(word: str, candidates: Iterable[str]) -> str | None:
    """A ready help text, `did you mean "..."?`, or None."""
    near = did_you_mean(word, candidates)
    return None if near is None else f"did you mean {quote(near)}?"
