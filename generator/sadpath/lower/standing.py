"""Names inline schemas by where they stand, for the type table."""

from __future__ import annotations

import hashlib
import posixpath
from typing import Final

from sadpath.naming.words import words
from sadpath.openapi.model import Schema, SchemaKey
from sadpath.source import pointer as pointers

_LONGEST: Final = 60
"""Characters of a class name; module names are as long, and have to be file names."""
_DEFINITIONS: Final = ("$defs", "definitions", "schemas")
_TITLE: Final = 40
"""Characters of a title that is a name, and no sentence."""


def chosen_name(schema: Schema) -> str | None:
    """The name that the document chooses with `x-sadpath-name`."""
    chosen = schema.extensions.get("x-sadpath-name")
    return chosen if isinstance(chosen, str) and words(chosen) else None


def standing_name(schema: Schema) -> str | None:
    """The name of an inline schema under a component, from where it stands: the component, then the members that lead to it.

    A part of `oneOf` or `anyOf` goes by its title, where it has a short one, and else by its number.
    """
    key = schema.key
    if not key.pointer.startswith("/components/schemas/"):
        return None
    tokens = pointers.split(key.pointer)
    if len(tokens) < 4:
        return None
    found = [tokens[2]]
    rest = iter(tokens[3:])
    for token in rest:
        if token in ("properties", "patternProperties", "$defs", "dependentSchemas", "definitions"):
            found.append(next(rest, ""))
        elif token in ("oneOf", "anyOf"):
            found.append(f"option {int(next(rest, '0')) + 1}")
        elif token == "prefixItems":
            found.append(f"item {int(next(rest, '0')) + 1}")
        elif token == "allOf":
            next(rest, None)
        else:
            found.append({"items": "item", "additionalProperties": "value"}.get(token, token))
    if tokens[-2] in ("oneOf", "anyOf") and has_short_title(schema):
        found[-1] = schema.title or ""
    return " ".join(found)


def defined_name(key: SchemaKey) -> str | None:
    """The name that a reference leads to where it is no component: that of a definition, or of a file that is a schema."""
    tokens = pointers.split(key.pointer)
    if not tokens:
        return posixpath.basename(key.path).partition(".")[0]
    defined = len(tokens) == 1 or tokens[-2] in _DEFINITIONS
    return tokens[-1] if defined and words(tokens[-1]) else None


def has_short_title(schema: Schema) -> bool:
    """Whether the title of a schema can be a part of a name."""
    return schema.title is not None and len(schema.title) <= _TITLE and bool(words(schema.title))


def shortened(name: str) -> str:
    """A name that is no longer than a class name may be: its head, its tail, and a mark that tells it from others like it."""
    if len(name) <= _LONGEST:
        return name
    parts = name.split(" ")
    if sum(map(len, parts)) <= _LONGEST or len(parts) < 3:
        return name
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:4]
    head, tail = parts[0][: _LONGEST // 2], parts[-1][: _LONGEST // 4]
    return f"{head} {tail} {mark}"
