"""Spells types for people, with links to the models page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from sadpath.ir.types import (
    NO_LIMITS,
    AnyOf,
    Anything,
    Checked,
    Constant,
    Limits,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    TupleOf,
    TypeRef,
)
from sadpath.reference.markdown import Markdown, cell_code, inline

_SCALARS = {
    "decimal-string": "decimal (string)",
    "decimal-number": "decimal (number)",
    "base64": "bytes (base64)",
    "base64url": "bytes (base64url)",
    "base16": "bytes (base16)",
    "binary": "bytes",
}
_NOT_OF_ANCHORS: Final = re.compile(r"[^\w -]")


def anchor(name: str) -> str:
    """The fragment that code hosts give a heading: lower case, words joined by dashes."""
    return _NOT_OF_ANCHORS.sub("", name.lower()).replace(" ", "-")


class Types:
    """Spells the types of one API; `names` are the classes, in the order of the models page, by the name of the declaration.

    What JSON Schema demands beyond the type stands behind it, in the words of JSON Schema.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self._anchors: dict[str, str] = {}
        used: dict[str, int] = {}
        for name, title in names.items():
            found = anchor(title)
            # Code hosts number the headings that would have the same fragment.
            self._anchors[name] = f"{found}-{used[found]}" if found in used else found
            used[found] = used.get(found, 0) + 1

    def spell(self, found: TypeRef, models: str) -> Markdown:
        """The type in words; `models` is the path of the models page from the page that it stands on."""
        match found:
            case Scalar(kind, limits):
                return _limited(inline(_SCALARS.get(kind, kind)), limits)
            case ListOf(item, limits):
                return _limited(Markdown(f"list of {self.spell(item, models)}"), limits)
            case TupleOf(items, limits):
                parts = ", ".join(self.spell(item, models) for item in items)
                return _limited(Markdown(f"list of exactly {parts}"), limits)
            case MapOf(value, limits):
                return _limited(Markdown(f"map of {self.spell(value, models)}"), limits)
            case Named(name):
                return Markdown(f"[{inline(self.names[name])}]({models}#{self._anchors[name]})")
            case Nullable(inner):
                return Markdown(f"{self.spell(inner, models)} or null")
            case Constant(value):
                return cell_code(str(value).lower() if isinstance(value, bool) or value is None else str(value))
            case Checked(inner, limits):
                return _limited(self.spell(inner, models), limits)
            case AnyOf(members):
                return Markdown(" or ".join(self.spell(member, models) for member in members))
            case Anything():
                return Markdown("anything")


def _limited(plain: Markdown, limits: Limits) -> Markdown:
    if limits is NO_LIMITS or limits == NO_LIMITS:
        return plain
    texts = [
        _demand(_keyword(item.name), getattr(limits, item.name))
        for item in fields(limits)
        if item.name != "conforms"
        and getattr(limits, item.name) is not None
        and getattr(limits, item.name) is not False
    ]
    texts = [text for text in texts if len(text) <= _LONGEST]
    if limits.conforms is not None and len(limits.conforms) <= _LONGEST:
        texts.append(limits.conforms)
    return Markdown(f"{plain} ({', '.join(cell_code(text) for text in texts)})") if texts else plain


def _demand(keyword: str, value: object) -> str:
    return f"{keyword}: {'true' if value is True else value}"


def _keyword(name: str) -> str:
    """`min_length` as JSON Schema spells it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


_LONGEST: Final = 120
"""Characters of a demand; a longer one is no help on a page."""
