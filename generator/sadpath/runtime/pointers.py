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
    """Write a member, making what is missing on the way; returns the tree (the value itself for the empty pointer).

    Where nothing stands yet, "0" makes an array: that is what a pointer to the first of several means.
    """
    return _put(tree, tokens_of(pointer), value)


def _put(tree: Any, tokens: tuple[str, ...], value: Any) -> Any:
    if not tokens:
        return value
    first, rest = tokens[0], tokens[1:]
    if is_array(tree) and first.isascii() and first.isdigit() and len(first) < 10 and int(first) <= len(tree):
        items = tree
        items[int(first) : int(first) + 1] = [_put(_step(items, first), rest, value)]
        return items
    if first == "0" and not is_object(tree):
        return [_put(MISSING, rest, value)]
    root: dict[str, Any] = tree if is_object(tree) else {}
    root[first] = _put(root.get(first, MISSING), rest, value)
    return root


def _step(tree: Any, token: str) -> Any:
    if is_object(tree):
        return tree.get(token, MISSING)
    if is_array(tree) and token.isascii() and token.isdigit():
        items = tree
        return items[int(token)] if len(token) < 10 and int(token) < len(items) else MISSING
    return MISSING
