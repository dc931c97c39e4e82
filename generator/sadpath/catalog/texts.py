"""Reads what the words of a document are in other languages, and says which of them are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sadpath.catalog.readers import MapOf, Node, Skip, Words
from sadpath.diagnostics import Related, Report, quote
from sadpath.diagnostics.rules_catalog import TEXT_MISSING, TEXT_TWICE, TEXT_UNUSED
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.text import Source
from sadpath.source.tree import is_list

_SHOWN = 5
_LONGEST = 60
_FORM = "each entry has the words of the document, and what they are in other languages"
ENTRY = MapOf(Words(), key=r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", key_what="a locale such as `en`")


@dataclass(frozen=True, slots=True)
class Texts:
    """For each text of the document, without regard to its line breaks, what it is in other locales."""

    place: Place
    entries: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Place]

    def of(self, locale: str) -> dict[str, str]:
        """The texts of one locale by those of the document."""
        return {text: found[locale] for text, found in self.entries.items() if locale in found}


def parse_texts(source: Source, language: str, report: Report) -> Texts:
    """The texts of a file; `language` is the locale that the document is written in. What is wrong is in the report."""
    root = Node(source.tree, Place(source, ""), report)
    entries: dict[str, Mapping[str, str]] = {}
    places: dict[str, Place] = {}
    if not is_list(source.tree):
        root.refuse("a list of texts")
        return Texts(root.place, {}, {})
    for index, value in enumerate(source.tree):
        place = root.place.child(index)
        try:
            entry = ENTRY.read(root.child(index, value))
        except Skip:
            continue
        text = " ".join(entry.get(language, "").split())
        if not text:
            message = f"the text itself, in {quote(language)}, is missing here"
            report.add(
                TEXT_UNUSED,
                message,
                place,
                help="each entry has the words of the document, and what they are in other languages",
            )
        elif text in entries:
            message = f"{quote(_short(text))} is here twice"
            report.add(TEXT_TWICE, message, place, related=[Related(places[text], "the other entry")])
        else:
            entries[text], places[text] = {name: one for name, one in entry.items() if name != language}, place
    return Texts(root.place, entries, places)


def check_texts(texts: Texts, wanted: Sequence[str], locales: Sequence[str], report: Report) -> None:
    """Report what has no translation, once for each of the `locales`, and entries that translate nothing."""
    known = set(wanted)
    for text, place in texts.places.items():
        if text not in known:
            report.add(TEXT_UNUSED, f"the document does not say {quote(_short(text))}", place)
    for locale in locales:
        there = texts.of(locale)
        missing = [text for text in wanted if text not in there]
        if missing:
            shown = ", ".join(quote(_short(text)) for text in missing[:_SHOWN])
            rest = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            message = f"{len(missing)} of {len(wanted)} texts are missing in {quote(locale)}: {shown}{rest}"
            report.add(TEXT_MISSING, message, texts.place)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
