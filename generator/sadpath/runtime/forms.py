"""Bodies of `application/x-www-form-urlencoded`: members become pairs, and pairs become members again."""

from __future__ import annotations

from typing import Any

from .shapes import from_text, shape_of
from .trees import is_array, is_mapping
from .wire import parse_form, parse_json, text_of, write_form, write_json


def encode_form(tree: Any) -> bytes:
    """The pairs of an object: an array repeats its name, an object inside is JSON, null is left out."""
    if not is_mapping(tree):
        raise TypeError("a form body is an object")
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        for item in value if is_array(value) else [value]:
            if item is not None:
                pairs.append((name, write_json(item).decode() if isinstance(item, dict | list) else text_of(item)))
    return write_form(pairs)


def decode_form(annotation: Any, data: bytes) -> dict[str, Any]:
    """The plain tree of a form body, its texts turned into what the annotation has there. Raises ValueError."""
    shape = shape_of(annotation)
    tree: dict[str, Any] = {}
    for name, text in parse_form(data):
        member = shape.of(name)
        if member.kind == "array":
            tree.setdefault(name, []).append(from_text(text, member.of()))
        elif name in tree:
            raise ValueError("a member is given more than once")
        else:
            tree[name] = parse_json(text, unique=True) if member.kind == "object" else from_text(text, member)
    return tree
