"""Adds what tables say to a draft: words for errors that the document has, and errors that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sadpath.catalog.derive_errors import status_id
from sadpath.catalog.model import CatalogFormat
from sadpath.catalog.status_phrases import STATUS_PHRASES
from sadpath.naming.words import pascal, words
from sadpath.runtime import contract as wire
from sadpath.scaffold.draft import Draft, Entry, Names, class_of, id_of, language_of, title_of
from sadpath.scaffold.from_catalog import named_format
from sadpath.scaffold.rows import CodeRow, FamilyRow
from sadpath.source.place import Place

_FINE: Final = re.compile(r"ok|okay|success(?:ful|fully)?|succeeded|created|accepted|completed|no_content", re.I)


def merge_rows(draft: Draft, rows: Iterable[CodeRow], place: Place) -> None:
    """Enter the rows in their order; a row of a success is none of a failure. `place` stands for a format that is assumed."""
    wanted = [row for row in rows if not _is_fine(row)]
    numbers = all(_NUMBER.fullmatch(row.code) for row in wanted if row.code is not None)
    index = _Index(draft)
    for row in wanted:
        found = index.matching(row)
        if found is None:
            found = _new(draft, row, index.names)
            draft.entries.append(found)
            index.add(found)
        else:
            _add_status(found, row)
        _add_text(draft, found, row)
    _with_formats(draft, place, numbers=numbers)


_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,11})")


class _Index:
    """The entries of a draft by what tells them."""

    def __init__(self, draft: Draft) -> None:
        classes = {entry.id: class_of(entry.id) for entry in draft.entries}
        self.names = Names(classes | {f"family {one.first}": family_name(one) for one in draft.families})
        self._by_code: dict[str, list[Entry]] = {}
        self._by_status: dict[str, Entry] = {}
        for entry in draft.entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        for code in entry.told_by:
            self._by_code.setdefault(str(code), []).append(entry)
        for status in entry.statuses if not entry.told_by else ():
            self._by_status.setdefault(status, entry)

    def matching(self, row: CodeRow) -> Entry | None:
        """The entry that a row is about; of several with its code, the one with its status."""
        if row.code is None:
            return self._by_status.get(row.status or "")
        found = self._by_code.get(row.code, [])
        return next((one for one in found if row.status in one.statuses), found[0] if found else None)


def merge_families(draft: Draft, families: Iterable[FamilyRow]) -> None:
    """Enter ranges of codes that do not overlap with those there are."""
    for family in families:
        if all(family.last < one.first or one.last < family.first for one in draft.families):
            draft.families.append(family)


def family_name(family: FamilyRow) -> str:
    """The class name of a range: what its words speak of, else its first code."""
    found = [word for word in words(family.text) if word.lower() not in _FILL][:3]
    name = pascal(" ".join(found))
    return f"{name}Error" if name[:1].isalpha() else f"Codes{family.first}"


_FILL: Final = frozenset("error errors related to the a an of for with and or in oshibki s".split())


def _is_fine(row: CodeRow) -> bool:
    below = row.status is not None and row.status[0] in "123"
    return below and (row.code is None or bool(_FINE.fullmatch(row.code)) or row.code == "0")


def _new(draft: Draft, row: CodeRow, names: Names) -> Entry:
    code: str | int | None = row.code
    if row.code is not None and _NUMBER.fullmatch(row.code):
        code = int(row.code)
    status = row.status
    if code is None and status is not None:
        title = STATUS_PHRASES.get(status, title_of(None, row.text))
        wanted = status_id(status) if status.endswith("XX") or status in STATUS_PHRASES else f"status_{status}"
    else:
        title = title_of(code, row.text)
        wanted = id_of(code, title)
    entry = Entry(names.id(wanted), (status,) if status is not None else (), () if code is None else (code,))
    entry.title[draft.locale_of(title)] = title
    return entry


def _add_status(entry: Entry, row: CodeRow) -> None:
    """What a table says comes first: it is what a server sends; the document's statuses are accepted, too."""
    if row.status is None or row.code is None:
        return
    if row.status not in entry.statuses and entry.statuses and not set(entry.sources) <= {row.file}:
        listed = ", ".join(entry.statuses)
        entry.questions.append(f"the document says {listed}, and {row.file} says {row.status}: which?")
        entry.statuses = (*entry.statuses, row.status)
    elif set(entry.sources) <= {row.file}:
        entry.statuses = (*entry.statuses, *({row.status} - set(entry.statuses)))
    else:
        entry.statuses = (row.status, *(one for one in entry.statuses if one != row.status))


def _add_text(draft: Draft, entry: Entry, row: CodeRow) -> None:
    if row.file not in entry.sources:
        entry.sources.append(row.file)
    if row.guess and row.status is not None:
        draft.guesses.setdefault((row.status, row.guess), []).append(entry.id)
    if not row.text:
        return
    entry.said.append(row.text)
    locale = draft.locale_of(row.text)
    known = entry.description.get(locale)
    title = title_of(None, row.text)
    own = title_of(row.code, row.text)
    if locale not in entry.title and (language_of(own) == locale or len(draft.locales) == 1):
        entry.title[locale] = own
    if row.text.lower().rstrip(".") == entry.title.get(locale, "").lower().rstrip("."):
        return
    if known is None or known == title:
        entry.description[locale] = row.text
    elif row.text not in known and known.rstrip(".") not in row.text:
        entry.questions.append(f"{row.file} says: {row.text[:300]}")


def _with_formats(draft: Draft, place: Place, *, numbers: bool) -> None:
    """Give every error that is told by a code a format that has one, and tie it to that of its status."""
    coded = [name for name, found in draft.formats.items() if found.contract.code is not None]
    by_status: dict[str, Entry] = {}
    for entry in draft.entries:
        if not entry.told_by and len(entry.statuses) == 1:
            by_status.setdefault(entry.statuses[0], entry)
    for entry in draft.entries:
        if entry.format is not None or not entry.codes:
            continue
        alike = by_status.get(entry.statuses[0]) if entry.statuses else None
        own = alike.format if alike is not None else None
        if own in coded or coded:
            entry.format = own if own in coded else coded[0]
        else:
            coded = [_assumed(draft, place, numbers=numbers)]
            entry.format = coded[0]
        if alike is not None and alike.format in (None, entry.format) and len(entry.statuses) == 1:
            alike.format = entry.format
            entry.parent = alike.id


def _assumed(draft: Draft, place: Place, *, numbers: bool) -> str:
    """A format for codes whose place in an answer nobody told."""
    name = named_format(draft, ASSUMED_FORMAT)
    code = wire.Selector(body="/code", type="integer" if numbers else "string")
    contract = wire.Format(name, ("application/json",), code=code, message=wire.Selector(body="/message"))
    draft.formats[name] = CatalogFormat(place, contract, {})
    return name


ASSUMED_FORMAT: Final = "assumed"
