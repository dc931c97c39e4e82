"""A derived catalog to a draft: the same errors, formats and keys, with texts for people and without what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sadpath.catalog.model import Catalog, CatalogError
from sadpath.naming.words import pascal
from sadpath.runtime.contract import ErrorContract
from sadpath.scaffold.blocks import clean
from sadpath.scaffold.draft import Draft, Entry, Names, title_of


def draft_of(catalog: Catalog, draft: Draft) -> None:
    """Enter what the document says of failures; `draft` has its locales and names its sources already."""
    draft.formats.update(catalog.formats)
    draft.idempotency = catalog.idempotency
    names = Names({})
    ids = {error.contract.id: names.id(error.contract.id) for error in catalog.errors}
    draft.framework = {failure: ids[id] for failure, id in catalog.framework.items()}
    places = {error.contract.id: error for error in catalog.errors}
    for error in catalog.errors:
        draft.entries.append(_entry(error, ids, draft, places))


def _entry(error: CatalogError, ids: Mapping[str, str], draft: Draft, others: Mapping[str, CatalogError]) -> Entry:
    match = error.contract.match
    told = _told_by(error.contract)
    stated = error.title.get("", "")
    described = _paragraph(error.description.get("", ""))
    title = title_of(told, "" if stated == str(told) else clean(stated).replace("\n", " "))
    parent = error.parent if error.parent is not None and error.parent in others else None
    entry = Entry(
        id=ids[error.contract.id],
        statuses=match.statuses,
        codes=match.codes,
        when=tuple((one.select.body or "", one.value) for one in match.when),
        format=match.format,
        operations=match.operations,
        parent=ids[parent] if parent is not None else None,
        sources=draft.sources[:1],
    )
    entry.title[draft.locale_of(title)] = title
    if described and described.rstrip(".") != title:
        entry.description[draft.locale_of(described)] = described
    return entry


def _told_by(contract: ErrorContract) -> str | int | None:
    values: tuple[str | int, ...] = tuple(one.value for one in contract.match.when) or contract.match.codes
    return values[0] if values else None


def _paragraph(text: str) -> str:
    """A description without its line breaks."""
    return " ".join(clean(text).split())


def named_format(draft: Draft, name: str) -> str:
    """A name of a format that is free."""
    found, number = name, 2
    while found in draft.formats:
        found, number = f"{name}-{number}", number + 1
    return found


def with_bare_format(draft: Draft) -> str | None:
    """Give the errors whose body nobody describes a format of their own, where there are others; its name."""
    bare = [entry for entry in draft.entries if entry.format is None and not entry.codes]
    if not draft.formats or not bare:
        return None
    name = named_format(draft, "no-body")
    known = next(iter(draft.formats.values()))
    empty = replace(
        known.contract, name=name, code=None, message=None, media_types=(), attributes={}, items=None, order=()
    )
    draft.formats[name] = replace(known, contract=empty, attribute_texts={})
    for entry in bare:
        entry.format = name
    return name


def name_of(api: str) -> str | None:
    """The prefix of class names, where the slug alone gives none that is a name."""
    found = pascal(api)
    return None if found[:1].isalpha() and found.isascii() else f"Api{found}"
