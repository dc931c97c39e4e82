"""Spells types for people, with links to the models page."""

from __future__ import annotations

from sadpath.ir.types import (
    AnyOf,
    Anything,
    Checked,
    Constant,
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


def anchor(name: str) -> str:
    """The fragment that code hosts give a heading: lower case, words joined by dashes."""
    kept = "".join(char for char in name.lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")


def spell(found: TypeRef, models: str) -> Markdown:
    """The type in words; `models` is the path of the models page from the page that it stands on."""
    match found:
        case Scalar(kind):
            return inline(_SCALARS.get(kind, kind))
        case ListOf(item):
            return Markdown(f"list of {spell(item, models)}")
        case TupleOf(items):
            return Markdown(f"list of exactly {', '.join(spell(item, models) for item in items)}")
        case MapOf(value):
            return Markdown(f"map of {spell(value, models)}")
        case Named(name):
            return Markdown(f"[{inline(name)}]({models}#{anchor(name)})")
        case Nullable(inner):
            return Markdown(f"{spell(inner, models)} or null")
        case Constant(value):
            return cell_code(str(value).lower() if isinstance(value, bool) or value is None else str(value))
        case Checked(inner):
            return spell(inner, models)
        case AnyOf(members):
            return Markdown(" or ".join(spell(member, models) for member in members))
        case Anything():
            return Markdown("anything")
