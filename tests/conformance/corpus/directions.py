"""Finds which schemas of a document are sent, and which are answered with: what goes both ways may have a face for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from conformance.corpus.dialect import Direction
from conformance.corpus.plain import Lost, Plain, escaped

_REQUESTED: Final = frozenset({"parameters", "requestBody"})
_DATA: Final = frozenset({"example", "examples", "default", "enum", "const"})
_COMPONENTS: Final = "/components/schemas/"


def directions_of(plain: Plain) -> dict[Direction, frozenset[str]]:
    """The pointers of what operations and webhooks refer to, directly or through others, by the way that it goes."""
    sent: list[tuple[Any, Path]] = []
    answered: list[tuple[Any, Path]] = [(plain.tree.get("webhooks"), plain.path)]
    for operation in plain.operations():
        sent += [(parameter, operation.file) for _, parameter in operation.parameters]
        for name, value in operation.tree.items():
            if name != "parameters":
                (sent if name in _REQUESTED else answered).append((value, operation.file))
    return {"request": _reached(plain, sent), "response": _reached(plain, answered)}


def _reached(plain: Plain, pending: list[tuple[Any, Path]]) -> frozenset[str]:
    heirs = _heirs(plain)
    seen: set[tuple[Path, str]] = set()
    while pending:
        tree, file = pending.pop()
        for reference in _references(tree):
            try:
                target, path, pointer = plain.target(reference, file)
            except Lost:
                continue
            if (path, pointer) in seen:
                continue
            seen.add((path, pointer))
            pending.append((target, path))
            if path == plain.path and isinstance(target, dict) and isinstance(target.get("discriminator"), dict):
                pending += [({"$ref": heir}, plain.path) for heir in heirs.get(pointer, ())]
    return frozenset(pointer for path, pointer in seen if path == plain.path)


def _references(tree: Any) -> Iterator[str]:
    """The references that stand in a tree, those of its discriminators as well."""
    pending = [tree]
    while pending:
        found = pending.pop()
        if isinstance(found, list):
            pending += found
        elif isinstance(found, dict):
            if isinstance(found.get("$ref"), str):
                yield found["$ref"]
            told_by = found.get("discriminator")
            if isinstance(told_by, dict) and isinstance(told_by.get("mapping"), dict):
                for target in told_by["mapping"].values():
                    yield target if any(sign in str(target) for sign in "/.#") else f"#{_COMPONENTS}{target}"
            pending += [value for name, value in found.items() if name not in _DATA and not name.startswith("x-")]


def _heirs(plain: Plain) -> dict[str, list[str]]:
    """The components that include another one, by its pointer."""
    found: dict[str, list[str]] = {}
    for name, schema in plain.schemas().items():
        for part in (schema.get("allOf") or ()) if isinstance(schema, dict) else ():
            reference = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(reference, str) and reference.startswith("#"):
                found.setdefault(reference[1:], []).append(f"#{_COMPONENTS}{escaped(name)}")
    return found
