"""The schema resources of one source: parts that have a URI of their own (`$id`), and the anchors in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from sadpath.source.pointer import join
from sadpath.source.tree import is_list, is_mapping, members

NOWHERE: Final = "https://document.invalid/"
"""The base of relative URIs of a document that has no URI of its own (RFC 2606, section 2: a name that never exists)."""

_RELATIVE: Final = re.compile(r"(?:https?|file):", re.IGNORECASE)
_DATA: Final = frozenset({"example", "examples", "default", "enum", "const", "value", "dataValue", "mapping", "scopes"})


@dataclass(slots=True)
class Resources:
    """`by_uri` leads from an absolute URI to the pointer of its resource; `anchors` from resource and name to a pointer."""

    base: str
    by_uri: dict[str, str] = field(default_factory=dict[str, str])
    bases: dict[str, str] = field(default_factory=dict[str, str])
    anchors: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    dynamic: dict[str, int] = field(default_factory=dict[str, int])
    """How often each name of a `$dynamicAnchor` is there."""

    is_identified: bool = False
    """Whether anything in the document has a URI of its own; nothing can be named by one where nothing has."""

    def resource_at(self, pointer: str) -> str:
        """The pointer of the resource that a place belongs to; `""` for the document itself."""
        while pointer and pointer not in self.bases:
            pointer = pointer.rpartition("/")[0]
        return pointer

    def uri_of(self, pointer: str) -> str:
        """The base URI that holds at a place."""
        return self.bases.get(self.resource_at(pointer), self.base)


@dataclass(slots=True)
class _Step:
    value: Any
    pointer: str
    resource: str
    base: str


def resources_of(tree: Any, base: str) -> Resources:
    """Every resource of a tree; `$self` of the document (OpenAPI 3.2) is its own URI."""
    stated = tree.get("$self") if is_mapping(tree) else None
    found = Resources(absolute(base, stated) if isinstance(stated, str) else base)
    found.is_identified = isinstance(stated, str)
    found.by_uri[found.base] = ""
    pending = [_Step(tree, "", "", found.base)]
    while pending:
        step = pending.pop()
        if is_mapping(step.value):
            _enter(step, found)
        for token, child in members(step.value):
            if (is_mapping(child) or is_list(child)) and token not in _DATA and not token.startswith("x-"):
                pending.append(_Step(child, join(step.pointer, token), step.resource, step.base))
    return found


def _enter(step: _Step, found: Resources) -> None:
    """Note what a mapping says of itself: a URI, which holds for what is in it, and anchors."""
    value: Mapping[str, Any] = step.value
    identifier = value.get("$id")
    if isinstance(identifier, str) and identifier and not identifier.startswith("#"):
        step.base, step.resource = absolute(step.base, identifier), step.pointer
        found.by_uri.setdefault(step.base, step.pointer)
        found.bases[step.pointer] = step.base
        found.is_identified = True
    for keyword in ("$anchor", "$dynamicAnchor"):
        name = value.get(keyword)
        if isinstance(name, str):
            found.anchors.setdefault(step.resource, {}).setdefault(name, step.pointer)
            if keyword == "$dynamicAnchor":
                found.dynamic[name] = found.dynamic.get(name, 0) + 1


def absolute(base: str, reference: str) -> str:
    """The URI of a reference without its fragment; one that has a scheme which knows no hierarchy stands for itself."""
    if not reference.partition("#")[0]:
        return base
    joined = urljoin(base, reference) if _RELATIVE.match(base) else reference
    return urldefrag(joined)[0]
