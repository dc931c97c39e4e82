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
_COMPONENTS: Final = "/components/schemas/"
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas", "definitions"})
_OPEN: Final = tuple(f"/{keyword}" for keyword in (*_MAPS, "oneOf", "anyOf", "allOf", "prefixItems"))
"""Ends of pointers behind which a name or a number is yet to come, whatever it looks like."""
_CALLED: Final = {"items": "item", "additionalProperties": "value"}
_TITLE: Final = 40
"""Characters of a title that is a name, and no sentence."""


def chosen_name(schema: Schema) -> str | None:
    """The name that the document chooses with `x-sadpath-name`."""
    chosen = schema.extensions.get("x-sadpath-name") if schema.extensions else None
    return chosen if isinstance(chosen, str) and words(chosen) else None


class Standing:
    """Names of inline schemas under components; what the members of one object have in common is worked out once."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def name(self, schema: Schema) -> str | None:
        """The name from where a schema stands: the component, then the members that lead to it; None under no component.

        A part of `oneOf` or `anyOf` goes by its title, where it has a short one, and else by its number.
        """
        pointer = schema.key.pointer
        if not pointer.startswith(_COMPONENTS):
            return None
        owner, _, member = pointer.rpartition("/properties/")
        before = self._owners.get(owner)
        if before is None and owner.startswith(_COMPONENTS) and not owner.endswith(_OPEN):
            before = self._owners[owner] = " ".join(_steps(pointers.split(owner)))
        if before is not None and "/" not in member:
            return f"{before} {pointers.unescape(member)}"
        tokens = pointers.split(pointer)
        if len(tokens) < 4:
            return None
        found = _steps(tokens)
        if tokens[-2] in ("oneOf", "anyOf") and has_short_title(schema):
            found[-1] = schema.title or ""
        return " ".join(found)


def _steps(tokens: tuple[str, ...]) -> list[str]:
    """What a component and the members that lead from it to a schema are called."""
    found = [tokens[2]]
    rest = iter(tokens[3:])
    for token in rest:
        if token in _MAPS:
            found.append(next(rest, ""))
        elif token in ("oneOf", "anyOf"):
            found.append(f"option {int(next(rest, '0')) + 1}")
        elif token == "prefixItems":
            found.append(f"item {int(next(rest, '0')) + 1}")
        elif token == "allOf":
            next(rest, None)
        else:
            found.append(_CALLED.get(token, token))
    return found


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
    spaces = name.count(" ")
    if len(name) - spaces <= _LONGEST or spaces < 2:
        return name
    parts = name.split(" ")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:4]
    head, tail = parts[0][: _LONGEST // 2], parts[-1][: _LONGEST // 4]
    return f"{head} {tail} {mark}"
