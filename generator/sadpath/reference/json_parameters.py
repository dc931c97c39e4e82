"""Parameters that are sent as JSON since their style has no form for them, in the merged document: they are described so there."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from sadpath.ir.service import Service
from sadpath.openapi.model import Document, Parameter
from sadpath.source.tree import is_mapping, lookup

_STYLE: Final = ("style", "explode", "allowReserved", "allowEmptyValue")
"""What is said of a parameter with a schema alone."""
_SAMPLES: Final = ("example", "examples")


def describe_as_sent(tree: dict[str, Any], service: Service, document: Document) -> None:
    """Change a copy of the document in place: `content` for each parameter that is described by a schema, and sent as JSON."""
    sent = {
        (operation.path, operation.method, parameter.location, parameter.wire_name): parameter.media_type
        for group in service.groups
        for operation in group.operations
        for parameter in operation.parameters
        if parameter.media_type is not None
    }
    for operation in document.operations if sent else ():
        for parameter in operation.parameters:
            media_type = sent.get((operation.path, operation.method, parameter.location, parameter.name))
            if media_type is not None and parameter.schema is not None and parameter.place.source.tree is document.tree:
                _describe(tree, parameter, media_type)


def _describe(tree: dict[str, Any], parameter: Parameter, media_type: str) -> None:
    found: Any = None
    pointer: str | None = parameter.place.pointer
    while pointer is not None:
        found, pointer = _followed(tree, pointer)
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


def _followed(tree: dict[str, Any], pointer: str) -> tuple[Any, str | None]:
    """What stands at a pointer, and where it leads to within the document."""
    found = lookup(tree, pointer)
    value = None if found is None else found[0]
    reference: Any = value.get("$ref") if is_mapping(value) else None
    is_local = isinstance(reference, str) and reference.startswith("#/")
    return value, unquote(reference[1:]) if is_local else None
