"""The names that the configuration gives: written into the document as `x-sadpath-name`, as if its authors had done so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_patch import RENAME_SUBJECT
from sadpath.openapi.overlay import Patch
from sadpath.source import pointer as pointers
from sadpath.source.place import Place
from sadpath.source.pointer import join
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping, lookup, members

KEY: Final = "x-sadpath-name"

_NAMED: Final = re.compile(r"/(components|paths|webhooks)/[^/]+/")
"""Operations, parameters, schemas and their members are below these; nothing else has a name in what is generated."""

Rename: TypeAlias = tuple[str, str, Place]
"""What is renamed (an operationId or a JSON Pointer), its name, and where the configuration says so."""


def renamed(source: Source, renames: Iterable[Rename], report: Report) -> Source:
    """The document with the names; what can't be named is reported and left as it is."""
    patch = Patch(source, report)
    operations = _operations(source.tree)
    for subject, name, place in renames:
        pointer = _pointer(subject, operations)
        found = None if pointer is None else lookup(patch.tree, pointer)
        if pointer is None or found is None or not is_mapping(found[0]) or not _NAMED.match(pointer):
            what = "nothing that gets a name" if found is not None else "nothing"
            message = f"the document has {what} at {quote(subject)}"
            if pointer is None:
                message = f"the document has no operation {quote(subject)}"
            report.add(RENAME_SUBJECT, message, place.key(), help=suggestion(subject, operations))
            continue
        patch.put(pointer, found[0], KEY, name, place)
    return patch.patched


def _pointer(subject: str, operations: dict[str, str]) -> str | None:
    if subject.startswith("#"):
        return pointers.from_fragment(subject[1:])
    return subject if subject.startswith("/") else operations.get(subject)


def _operations(tree: Any) -> dict[str, str]:
    """The JSON Pointers of operations by their operationIds."""
    found: dict[str, str] = {}
    paths = tree.get("paths") if is_mapping(tree) else None
    for path, item in members(paths):
        for method, operation in members(item):
            id = operation.get("operationId") if is_mapping(operation) else None
            if isinstance(id, str):
                found.setdefault(id, join("/paths", path, method))
    return found
