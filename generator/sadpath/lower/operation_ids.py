"""Gives an id of its own to each operation that has none, before anything is named by it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from sadpath.naming.words import snake, spoken
from sadpath.openapi.model import Document, Operation

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def operation_id(operation: Operation) -> str:
    """The operationId, or what stands for it: the method and the words of the path."""
    return operation.operation_id or snake(f"{operation.method.lower()} {operation.path}")


def with_operation_ids(document: Document) -> Document:
    """The document; where operations without an id would be called the same, each has one that tells it apart.

    `/readers/{id}` beside `/readers/id` is read as `readers by id`, `/readers/~` beside `/readers` as `readers tilde`.
    """
    counts = Counter(operation_id(operation) for operation in document.operations)
    unclear = [one for one in document.operations if not one.operation_id and counts[operation_id(one)] > 1]
    if not unclear:
        return document
    taken = set(counts)
    chosen: dict[tuple[str, str], str] = {}
    stated = {operation.operation_id for operation in document.operations}
    for operation in sorted(unclear, key=_plainness):
        plain = operation_id(operation)
        if plain not in stated and plain not in chosen.values():
            found = plain
        else:
            found = _free(_read_out(operation), taken)
        taken.add(found)
        chosen[operation.path, operation.method] = found
    operations = tuple(
        replace(one, operation_id=chosen.get((one.path, one.method), one.operation_id)) for one in document.operations
    )
    return replace(document, operations=operations)


def _plainness(operation: Operation) -> tuple[int, int, str, str]:
    """The shorter path keeps the plain name."""
    return len(_PLACEHOLDER.findall(operation.path)), len(operation.path), operation.path, operation.method


def _read_out(operation: Operation) -> str:
    steps = _PLACEHOLDER.sub(r" by \1 ", operation.path).replace("/", " ")
    return snake(" ".join((operation.method.lower(), *spoken(steps))))


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
