"""A catalog while it is drafted: what is known so far of each entry, and the questions that stay open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sadpath.catalog.model import CatalogFormat
from sadpath.naming.scope import bounded
from sadpath.naming.words import pascal, snake, words
from sadpath.runtime.contract import IdempotencyScheme
from sadpath.scaffold.rows import FamilyRow

_CYRILLIC: Final = re.compile("[а-яё]", re.I)
_LETTER: Final = re.compile(r"[^\W\d_]")
_URI: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|urn:|/)")
_LONGEST_TITLE: Final = 60
_MOST_WORDS_OF_AN_ID: Final = 6


@dataclass(slots=True)
class Entry:
    """One error. `when` is the pointer of the first fault's code with that code, where the body lists faults."""

    id: str
    statuses: tuple[str, ...]
    codes: tuple[str | int, ...] = ()
    when: tuple[tuple[str, str | int], ...] = ()
    format: str | None = None
    operations: tuple[str, ...] = ()
    parent: str | None = None
    class_name: str | None = None
    title: dict[str, str] = field(default_factory=dict[str, str])
    description: dict[str, str] = field(default_factory=dict[str, str])
    sources: list[str] = field(default_factory=list[str])
    outcome: str | None = None
    questions: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])
    """Every text that a table has for it, those too that became neither title nor description."""

    @property
    def told_by(self) -> tuple[str | int, ...]:
        """The codes that are this entry's own; none where its status alone tells it."""
        return tuple(value for _, value in self.when) or self.codes


@dataclass(slots=True)
class DraftOperation:
    """An operation that a second execution may matter for."""

    id: str
    request: str
    effect: str
    idempotency: str | None
    questions: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Draft:
    """A whole catalog. `locales` are those that were asked for, or the one of its words."""

    api: str
    title: str
    locales: tuple[str, ...]
    sources: list[str]
    formats: dict[str, CatalogFormat] = field(default_factory=dict[str, CatalogFormat])
    idempotency: Mapping[str, IdempotencyScheme] = field(default_factory=dict[str, IdempotencyScheme])
    operations: list[DraftOperation] = field(default_factory=list[DraftOperation])
    families: list[FamilyRow] = field(default_factory=list[FamilyRow])
    entries: list[Entry] = field(default_factory=list[Entry])
    framework: Mapping[str, str] = field(default_factory=dict[str, str])
    key_questions: list[str] = field(default_factory=list[str])
    operation_count: int = 0
    guesses: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    """The errors whose status was concluded, by the status and by what it was concluded from."""

    def locale_of(self, text: str) -> str:
        """The locale that a text is written in, of those that the catalog has."""
        found = language_of(text)
        return found if found in self.locales else self.locales[0]


def language_of(text: str) -> str:
    """`ru` or `en`: by the letters of a text."""
    letters = len(_LETTER.findall(text))
    return "ru" if letters and 3 * len(_CYRILLIC.findall(text)) > letters else "en"


def title_of(code: str | int | None, text: str) -> str:
    """A few words for an error: its text where that is short, else its code, read out."""
    short = text.strip().rstrip(".;")
    if 0 < len(short) <= _LONGEST_TITLE and not re.search(r"[.;!?]\s|`", short):
        return short[:1].upper() + short[1:]
    if code is None or str(code).lstrip("-").isdigit():
        head = re.split(r"[.;:,(]\s?|\s[-–—]\s", text.strip(), maxsplit=1)[0]
        return head if 0 < len(head) <= _LONGEST_TITLE else f"Code {code}" if code is not None else "Failure"
    spoken = str(code)
    if _URI.match(spoken):
        spoken = re.split(r"[/#:]", spoken.rstrip("/#:"))[-1]
    found = " ".join(word.lower() for word in words(spoken)) or spoken
    return found[:1].upper() + found[1:]


def id_of(code: str | int | None, title: str) -> str:
    """The id of an error: its code in words, or those of its title where the code is a number."""
    number = code is None or str(code).lstrip("-").isdigit()
    spoken = " ".join(words(title)[:_MOST_WORDS_OF_AN_ID]) if number else str(code)
    if not number and _URI.match(spoken):
        spoken = re.split(r"[/#:]", spoken.rstrip("/#:"))[-1]
    found = bounded(snake(spoken.lower() if spoken.isupper() else spoken)).strip("_")
    if not found or not found[0].isalpha():
        found = f"code_{found or snake(str(code))}".rstrip("_")
    return found


class Names:
    """Ids and class names, each given once."""

    def __init__(self, taken: Mapping[str, str]) -> None:
        self._ids = set(taken)
        self._classes = set(taken.values())

    def id(self, wanted: str) -> str:
        """`wanted`, or with a number where another one is called so or has such a class."""
        found, number = wanted, 2
        while found in self._ids or class_of(found) in self._classes:
            found, number = f"{wanted}_{number}", number + 1
        self._ids.add(found)
        self._classes.add(class_of(found))
        return found


def class_of(id: str) -> str:
    """The class name that an id stands for."""
    return pascal(id.replace("_", " "))
