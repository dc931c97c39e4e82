"""The codes that a document knows: in the schemas of failures, in the faults that these list, and in examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sadpath.catalog.bodies import MESSAGES, Body, Shape, effective, shapes_of
from sadpath.openapi.model import Document, Schema
from sadpath.runtime.frozen import dataclass
from sadpath.source import pointer as pointers
from sadpath.source.tree import is_list, is_mapping, lookup

_ITEM_CODES: Final = ("code", "issue", "error_code", "errorCode", "error")
"""What the members of a fault that tell it from others are called: `type` and `reason` are coarser in lists of faults."""
_WORD: Final = re.compile(r"[\w.:/-]{1,200}")
_DESCRIPTIONS: Final = ("x-enum-descriptions", "x-enumDescriptions")


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code that the document names, and its words about it."""

    value: str | int
    title: str | None = None
    description: str | None = None


def codes_of(body: Body) -> tuple[KnownCode, ...]:
    """The codes that the schema of a body lists: a constant, an enumeration, or the examples of a text."""
    if body.code is None:
        return ()
    schema = body.code.schema
    values: tuple[Any, ...] = schema.const or schema.enum or ()
    listed = [value for value in values if _is_code(value)]
    if len(listed) == 1 and (schema.const is not None or len(values) == 1):
        return (KnownCode(listed[0], body.shape.title, body.shape.description),)
    described: Any = next((schema.extensions[name] for name in _DESCRIPTIONS if name in schema.extensions), ())
    if listed:
        return tuple(KnownCode(value, None, _described(described, index, value)) for index, value in enumerate(listed))
    shown = schema.examples if body.code.type == "string" else ()
    return tuple(KnownCode(value) for value in shown if isinstance(value, str) and _is_code(value))


def code_in(body: Body, value: Any) -> str | int | None:
    """The code in an example of a body."""
    found = lookup(value, body.code.pointer) if body.code is not None else None
    return found[0] if found is not None and _is_code(found[0]) else None


def _is_code(value: Any) -> bool:
    """Whether a value tells a failure from others; what stands in for a value does not."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and value.strip() not in ("", "string", "about:blank"))


def _described(texts: Any, index: int, value: object) -> str | None:
    found: Any = None
    if is_mapping(texts):
        found = texts.get(str(value))
    elif is_list(texts) and index < len(texts):
        found = texts[index]
    return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class ItemCodes:
    """The codes of the faults that a body lists, and the pointer of the first fault's code, which tells the whole failure."""

    pointer: str
    known: tuple[KnownCode, ...]


def item_codes_of(body: Body, document: Document) -> tuple[ItemCodes, ...]:
    """What the schemas of a body's faults say of codes: the members that may hold them, and their values."""
    if body.items is None:
        return ()
    listed = body.items[0]
    found: dict[str, dict[str | int, KnownCode]] = {}
    schemas = (one.items for one in _alike(listed.schema, document) if one.items is not None)
    for shape in (shape for schema in schemas for shape in shapes_of(schema, document)):
        name = next((name for name in _ITEM_CODES if name in shape.properties), None)
        if name is not None:
            known = found.setdefault(pointers.join(listed.pointer, 0, name), {})
            known.update({code.value: code for code in _codes_of_item(shape, name, document)} | known)
    return tuple(ItemCodes(pointer, tuple(codes.values())) for pointer, codes in found.items())


def item_code_in(pointer: str, value: Any) -> str | int | None:
    """The code of the first fault in an example, at a pointer that `item_codes_of` gives; a sentence is none."""
    found = lookup(value, pointer)
    if found is None or not _is_code(found[0]) or (isinstance(found[0], str) and not _WORD.fullmatch(found[0])):
        return None
    code: str | int = found[0]
    return code


def _alike(schema: Schema, document: Document, depth: int = 8) -> Iterator[Schema]:
    """A list, and what else is said of it."""
    yield schema
    for part in schema.also if depth else ():
        yield from _alike(effective(part, document), document, depth - 1)


def _codes_of_item(shape: Shape, name: str, document: Document) -> Iterator[KnownCode]:
    schema = effective(shape.properties[name], document)
    values = [value for value in (schema.const or schema.enum or ()) if _is_code(value)]
    alone = len(values) == 1
    said = _constant_message(shape, document) if alone else None
    for value in values:
        yield KnownCode(value, shape.title if alone else None, said or (shape.description if alone else None))


def _constant_message(shape: Shape, document: Document) -> str | None:
    """What a fault always says, where its schema has it."""
    for name in MESSAGES:
        schema = effective(shape.properties[name], document) if name in shape.properties else None
        values: tuple[Any, ...] = (schema.const or schema.enum or ()) if schema is not None else ()
        if len(values) == 1 and isinstance(values[0], str):
            return values[0]
    return None
