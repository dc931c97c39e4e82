"""Gives errors that are kinds of others what these have: the last step of reading a catalog, before its names are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sadpath.catalog.model import AttributeText, CatalogError


def with_attributes_of_parents(errors: Iterable[CatalogError]) -> tuple[CatalogError, ...]:
    """The errors in their order, each with the attributes of the one that it is a kind of, its own ones first of all.

    What the values of an attribute mean is told where it is defined alone. A parent that does not stand before its kinds
    gives nothing; that is a finding elsewhere.
    """
    found: dict[str, CatalogError] = {}
    for entry in errors:
        parent = found.get(entry.parent or "")
        found[entry.contract.id] = _inheriting(entry, parent) if parent is not None else entry
    return tuple(found.values())


def _inheriting(entry: CatalogError, parent: CatalogError) -> CatalogError:
    attributes = {**parent.contract.attributes, **entry.contract.attributes}
    contract = replace(entry.contract, attributes=attributes)
    return replace(entry, contract=contract, attribute_texts={**_told(parent.attribute_texts), **entry.attribute_texts})


def _told(texts: Mapping[str, AttributeText]) -> dict[str, AttributeText]:
    return {name: replace(text, values=()) for name, text in texts.items()}
