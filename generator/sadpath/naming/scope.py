"""Allocates names: all names of a scope at once, so that the result does not depend on the order of the document."""

from __future__ import annotations

import hashlib
import keyword
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from operator import itemgetter
from typing import Final, TypeVar


class Code(str):
    """Text that is Python source; whatever else reaches a template of Python is refused there."""

    __slots__ = ()


class Identifier(Code):
    """A valid ASCII Python identifier that is free in the scope it was allocated in."""

    __slots__ = ()


Key = TypeVar("Key", bound=Hashable)


def _legal(name: str, prefix: str) -> str:
    if not name:
        return prefix
    if not name[0].isdigit():
        return name
    return f"{prefix}_{name}" if prefix.islower() else f"{prefix}{name}"


LONGEST: Final = 80
"""Characters of a name; many are names of files too."""


def bounded(name: str) -> str:
    """A name that is not too long; the mark at the end tells it from others that begin so."""
    if len(name) <= LONGEST:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: LONGEST - 7].rstrip('_')}{'_' if name.islower() or name.isupper() else 'X'}{mark}"


def allocate(
    wanted: Mapping[Key, str], style: Callable[[str], str], *, reserved: Collection[str] = (), prefix: str
) -> dict[Key, Identifier]:
    """Give every key an identifier of its own in the given style.

    `wanted` maps each key to its raw name. A name that is empty or starts with a digit gets the `prefix`; a keyword
    or reserved name gets a trailing underscore; of several that collide, the one that is spelt exactly so keeps the
    name, and the others are numbered in the order of their raw names. Names that differ in case alone count as
    colliding where they would name files.
    """
    named: dict[Key, str] = {}
    for key, raw in wanted.items():
        name = bounded(_legal(style(raw), prefix))
        named[key] = f"{name}_" if keyword.iskeyword(name) or name in reserved else name
    if len(set(named.values())) == len(named):
        return {key: Identifier(name) for key, name in sorted(named.items(), key=itemgetter(1))}
    return _numbered(named, wanted, reserved)


def _numbered(named: Mapping[Key, str], wanted: Mapping[Key, str], reserved: Collection[str]) -> dict[Key, Identifier]:
    """The names, a number behind those that several keys would have."""
    groups: defaultdict[str, list[Key]] = defaultdict(list)
    for key, name in named.items():
        groups[name].append(key)
    taken = {*groups, *reserved}
    result: dict[Key, Identifier] = {}
    for name in sorted(groups):
        if len(groups[name]) == 1:
            result[groups[name][0]] = Identifier(name)
            continue
        # A reserved word with an underscore after it is as good as the name that is spelt so.
        exact = (name, name.rstrip("_"))
        ordered = sorted(groups[name], key=lambda key: (wanted[key] not in exact, wanted[key], str(key)))
        result[ordered[0]] = Identifier(name)
        number = 2
        for key in ordered[1:]:
            while f"{name.rstrip('_')}_{number}" in taken:
                number += 1
            chosen = f"{name.rstrip('_')}_{number}"
            taken.add(chosen)
            result[key] = Identifier(chosen)
    return result
