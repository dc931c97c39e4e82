"""Plain trees: what a value is, for the type checkers too, and the walk over all values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from sadpath.source.pointer import join, split

DEEPEST: Final = 500
"""Levels that a document may nest, aliases expanded."""
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value of a tree is a mapping; its keys are always strings."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def members(value: object) -> Iterator[tuple[str, Any]]:
    """The members of a mapping or the items of a list with the tokens that name them; nothing of a scalar."""
    if is_mapping(value):
        yield from value.items()
    elif is_list(value):
        yield from ((str(index), item) for index, item in enumerate(value))


def walk(tree: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value below `tree`, itself first, with its JSON Pointer, in document order."""
    pending: list[tuple[str, Any]] = [(pointer, tree)]
    while pending:
        at, value = pending.pop()
        yield at, value
        pending.extend([(join(at, token), child) for token, child in members(value)][::-1])


def kind(value: object) -> str:
    """The JSON type of a value in words, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int):
        return "an integer"
    if is_mapping(value):
        return "a mapping"
    return "a list" if is_list(value) else "a number"


def step(value: object, token: str) -> tuple[Any] | None:
    """The member or item of `value` that `token` names, in a tuple; None where there is none."""
    if is_mapping(value):
        return (value[token],) if token in value else None
    if is_list(value) and _INDEX.fullmatch(token) and int(token) < len(value):
        return (value[int(token)],)
    return None


def lookup(tree: object, pointer: str) -> tuple[Any] | None:
    """The value at `pointer`, in a tuple so that null is told from nothing."""
    value = tree
    for token in split(pointer):
        if is_mapping(value) and token in value:
            value = value[token]
            continue
        found = step(value, token)
        if found is None:
            return None
        value = found[0]
    return (value,)
