"""The style deepObject in queries and in forms: `filter[price][from]=1`, `rows[0][name]=x`, `words[]=y`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from .shapes import Shape, from_text
from .trees import is_array, is_object

_MAX_DEPTH: Final = 20


def deep_pairs(
    name: str, value: Any, shape: Shape, one: Callable[[Any], str], depth: int = 0
) -> Iterator[tuple[str, str]]:
    """The encoded pairs of a value; `name` is encoded already, and `one` encodes what has no parts.

    Items that have parts are numbered where it is known that they are items. Raises ValueError for what has no form.
    """
    if depth > _MAX_DEPTH:
        raise ValueError("is nested too deeply for the style deepObject")
    if is_object(value):
        for key, member in value.items():
            if not key or set("[]") & set(key):
                raise ValueError(f"has the member {key!r}, a name that is empty or holds brackets")
            if member is not None:
                yield from deep_pairs(f"{name}%5B{quote(key, safe='')}%5D", member, shape.of(key), one, depth + 1)
    elif is_array(value):
        for position, item in enumerate(value):
            has_parts = shape.kind == "array" and (is_object(item) or is_array(item))
            if has_parts and not item:
                raise ValueError("holds an item without parts, which has no form in the style deepObject")
            place = f"{name}%5B{position if has_parts else ''}%5D"
            yield from deep_pairs(place, item, shape.of(), one, depth + 1) if has_parts else [(place, one(item))]
    else:
        yield name, one(value)


def is_inside(key: str, name: str) -> bool:
    """Whether the name of a pair leads into the value with this name."""
    return key.startswith(f"{name}[") and key.endswith("]")


def read_deep(name: str, shape: Shape, pairs: Iterable[tuple[str, str]]) -> Any:
    """The value that decoded pairs spell, of which those with other names are passed over; None without any. Raises ValueError."""
    found: dict[str, Any] = {}
    for key, text in pairs:
        if key == name:
            _put(found, [""], text, shape)
        elif is_inside(key, name):
            _put(found, ["", *_tokens(key[len(name) + 1 : -1])], text, shape)
    tree = found.get("")
    if shape.kind == "array" and tree is not None and not is_array(tree):
        raise ValueError("is no array")
    return tree


def _tokens(brackets: str) -> list[str]:
    """The names in `a][b`, the inside of the brackets."""
    tokens = brackets.split("][", _MAX_DEPTH)
    if len(tokens) > _MAX_DEPTH:
        raise ValueError("is nested too deeply")
    return tokens


def _put(here: dict[str, Any], tokens: list[str], value: str, shape: Shape) -> None:
    """Put a value where its brackets lead; `[]`, and a number where an array is expected, stand for the next item.

    Of an item with parts of its own, the number says which one it is.
    """
    token, *rest = tokens
    after = rest[0] if rest else ""
    is_numbered = shape.kind == "array" and after.isdecimal()
    if (len(rest) == 1 and (after == "" or is_numbered)) or (not rest and shape.kind == "array"):
        _items(here, token).append(from_text(value, shape.of()))
    elif not rest:
        if token in here:
            raise ValueError("has a member that is given more than once")
        here[token] = from_text(value, shape)
    elif is_numbered:
        items, position = _items(here, token), int(after)
        if position > len(items):
            raise ValueError("has items that are not numbered one after the other")
        if position == len(items):
            items.append([] if shape.of().kind == "array" else {})
        _put({"": items[position]}, ["", *rest[1:]], value, shape.of())
    else:
        member = here.setdefault(token, {})
        if not is_object(member):
            raise ValueError("is no object")
        _put(member, rest, value, shape.of(after))


def _items(here: dict[str, Any], token: str) -> list[Any]:
    items = here.setdefault(token, [])
    if not is_array(items):
        raise ValueError("is no array")
    return items
