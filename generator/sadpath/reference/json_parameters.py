"""Parameters that are sent as JSON since their style has no form for them, in the merged document: they are described so there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from sadpath.ir.service import Service
from sadpath.openapi.model import Document, Parameter
from sadpath.source.pointer import split
from sadpath.source.tree import is_list, is_mapping, lookup

_STYLE: Final = ("style", "explode", "allowReserved", "allowEmptyValue")
"""What is said of a parameter with a schema alone."""
_SAMPLES: Final = ("example", "examples")


Sent: TypeAlias = tuple[str, Parameter, str]
"""Where the document describes a parameter that is sent as JSON, references followed, and its media type."""


def sent_as_json(service: Service, document: Document) -> list[Sent]:
    """The parameters that the document describes by a schema, and that are sent as JSON."""
    media_types = {
        (operation.path, operation.method, parameter.location, parameter.wire_name): parameter.media_type
        for group in service.groups
        for operation in group.operations
        for parameter in operation.parameters
        if parameter.media_type is not None
    }
    found: list[Sent] = []
    for operation in document.operations if media_types else ():
        for parameter in operation.parameters:
            media_type = media_types.get((operation.path, operation.method, parameter.location, parameter.name))
            if media_type is not None and parameter.schema is not None and parameter.place.path == document.place.path:
                found.append((_described_at(document, parameter), parameter, media_type))
    return found


def describe_as_sent(tree: dict[str, Any], sent: Iterable[Sent]) -> None:
    """Change a tree: `content` for each of these parameters.

    Only the outermost mapping of the tree has to be the caller's own; what is on the way to a parameter becomes so here.
    """
    for pointer, parameter, media_type in sent:
        _describe(_owned(tree, pointer), parameter, media_type)


def _described_at(document: Document, parameter: Parameter) -> str:
    pointer = parameter.place.pointer
    while (further := _followed(document.tree, pointer)) is not None:
        pointer = further
    return pointer


def _describe(found: Any, parameter: Parameter, media_type: str) -> None:
    if not is_mapping(found):
        return
    if "schema" in found:
        for word in _STYLE:
            found.pop(word, None)
        content = {word: found.pop(word) for word in ("schema", *_SAMPLES) if word in found}
        found["content"] = {media_type: content}
    elif "$ref" in found:
        # It stands in another file, which is not ours to change: what is said of it stands here then.
        reference = found.pop("$ref")
        schema = {"$ref": f"{reference}{'/' if '#' in reference else '#/'}schema"}
        found |= {"name": parameter.name, "in": parameter.location, "required": parameter.required}
        found |= {"description": parameter.description} if parameter.description else {}
        found["content"] = {media_type: {"schema": schema}}


def _followed(tree: Mapping[str, Any], pointer: str) -> str | None:
    """Where what stands at a pointer leads to within the document."""
    found = lookup(tree, pointer)
    reference: Any = found[0].get("$ref") if found is not None and is_mapping(found[0]) else None
    return unquote(reference[1:]) if isinstance(reference, str) and reference.startswith("#/") else None


def _owned(tree: dict[str, Any], pointer: str) -> Any:
    """What stands at a pointer, with copies in the place of all collections on the way to it; None where nothing does."""
    if lookup(tree, pointer) is None:
        return None
    value: Any = tree
    for token in split(pointer):
        at: Any = int(token) if is_list(value) else token
        value[at] = copy(value[at])
        value = value[at]
    return value
