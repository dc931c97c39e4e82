"""The tree of a document as it was read: with text for what stands there as a number, and without nulls that mean nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sadpath.diagnostics import Diagnostic
from sadpath.diagnostics.rules_openapi import NULL_FIELD, UNQUOTED_TEXT
from sadpath.openapi.node import AS_ABSENT, AS_EMPTY_LIST, PROSE
from sadpath.source.pointer import split
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, lookup

_ABSENT: Final = object()


class _Inside(dict[str, Any]):
    """What was read in the place of members or items, by their tokens, and the like of those that have such inside."""


def as_read(source: Source, findings: Iterable[Diagnostic]) -> Any:
    """The tree of `source`, itself where all was read as it stands; parts are shared with it otherwise.

    Items of lists keep their places.
    """
    root = _Inside()
    for one in findings:
        place = one.place
        if (
            one.rule in (NULL_FIELD, UNQUOTED_TEXT)
            and place is not None
            and place.path == source.path
            and place.pointer
        ):
            *above, last = split(place.pointer)
            inside = root
            for token in above:
                inside = inside.setdefault(token, _Inside())
            inside[last] = _reading(one, place.pointer, lookup(source.tree, place.pointer))
    return _replaced(source.tree, root) if root else source.tree


def _reading(finding: Diagnostic, pointer: str, found: tuple[Any] | None) -> Any:
    """What a finding says that a value was read as."""
    if finding.rule is NULL_FIELD:
        if finding.message.endswith(AS_EMPTY_LIST):
            return list[Any]()
        return _ABSENT if finding.message.endswith(AS_ABSENT) else {}
    value = None if found is None else found[0]
    if value is None:
        return "" if pointer.endswith(PROSE) else "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _replaced(value: Any, inside: _Inside) -> Any:
    if is_mapping(value):
        members = ((key, _one(inner, inside.get(key, inner))) for key, inner in value.items())
        return {key: inner for key, inner in members if inner is not _ABSENT}
    if is_list(value):
        return [_one(item, inside.get(str(index), item)) for index, item in enumerate(value)]
    return value


def _one(value: Any, reading: Any) -> Any:
    return _replaced(value, reading) if isinstance(reading, _Inside) else reading
