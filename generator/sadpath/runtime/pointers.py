"""JSON Pointers (RFC 6901): reading and writing members of plain trees."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final

from .trees import is_array, is_object


class Missing(Enum):
    """The type of `MISSING`, so that a type checker can tell it from every value."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING
"""There is no such member; JSON's null is `None`."""


def tokens_of(pointer: str) -> tuple[str, ...]:
    """The reference tokens; raises ValueError where the text is no pointer."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer starts with a slash: {pointer!r}")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def pointer_of(tokens: Iterable[str | int]) -> str:
    """The pointer that leads through the tokens."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def get(tree: Any, pointer: str) -> Any:
    """The member at the pointer, or `MISSING`."""
    for token in tokens_of(pointer):
        tree = _step(tree, token)
        if tree is MISSING:
            return MISSING
    return tree


def put(tree: Any, pointer: str, value: Any) -> Any:
    """Write a member, making the objects on the way; returns the tree (the value itself for the empty pointer)."""
    tokens = tokens_of(pointer)
    if not tokens:
        return value
    root: dict[str, Any] = tree if is_object(tree) else {}
    here = root
    for token in tokens[:-1]:
        member = here.get(token)
        if not is_object(member):
            member = here[token] = {}
        here = member
    here[tokens[-1]] = value
    return root


def _step(tree: Any, token: str) -> Any:
    if is_object(tree):
        return tree.get(token, MISSING)
    if is_array(tree) and token.isascii() and token.isdigit():
        items = tree
        return items[int(token)] if len(token) < 10 and int(token) < len(items) else MISSING
    return MISSING
