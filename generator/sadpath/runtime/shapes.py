"""What a text stands for where the wire has no types: the shape of an annotation, as far as parameters and forms need it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from .model import Model
from .references import resolved
from .scalars import TextOnWire
from .uploads import FileRule
from .validation import NUMBER

Kind = Literal["text", "integer", "number", "boolean", "array", "object", "any", "file"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One annotation: what kind of JSON value it is, and what its items or members are."""

    kind: Kind
    item: Any = None
    members: Mapping[str, Any] | None = None

    def of(self, name: str | None = None) -> Shape:
        """The shape of an item, or of a member by its wire name."""
        if name is not None and self.members is not None:
            return shape_of(self.members[name]) if name in self.members else TEXT
        return shape_of(self.item) if self.item is not None else TEXT


TEXT: Final = Shape("text")
_SCALARS: Final[Mapping[Any, Kind]] = {bool: "boolean", int: "integer", Decimal: "number", float: "number"}


def shape_of(annotation: Any) -> Shape:
    """The shape; of a union the first kind that is no plain text counts."""
    try:
        return _cached(annotation)
    except TypeError:
        return _shape(annotation)


@lru_cache(maxsize=1024)
def _cached(annotation: Any) -> Shape:
    return _shape(annotation)


def _shape(annotation: Any) -> Shape:
    annotation = resolved(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        arguments = get_args(annotation)
        if any(isinstance(extra, FileRule) for extra in arguments[1:]):
            return Shape("file")
        return TEXT if any(isinstance(extra, TextOnWire) for extra in arguments[1:]) else shape_of(arguments[0])
    if origin in (Union, types.UnionType):
        shapes = [shape_of(option) for option in get_args(annotation) if option is not type(None)]
        return next((shape for shape in shapes if shape.kind != "text"), shapes[0] if shapes else TEXT)
    if origin in (list, tuple, set):
        return Shape("array", get_args(annotation)[0])
    if origin is dict:
        return Shape("object", get_args(annotation)[1])
    if origin is Literal:
        return shape_of(type(get_args(annotation)[0]))
    return _shape_of_class(annotation)


def _shape_of_class(annotation: Any) -> Shape:
    if annotation is Any:
        return Shape("any")
    if not isinstance(annotation, type):
        return TEXT
    if issubclass(annotation, Model):
        return Shape("object", members=members_of(annotation))
    if annotation in (list, dict):
        return Shape("array" if annotation is list else "object")
    kinds: list[Kind] = [kind for base, kind in _SCALARS.items() if issubclass(annotation, base)]
    return Shape(kinds[0]) if kinds else TEXT


def members_of(model: type[Model]) -> dict[str, Any]:
    """The annotation of each member by wire name, with its extras."""
    return {
        (name if field.serialization_alias is None else field.serialization_alias): (
            Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        )
        for name, field in model.model_fields.items()
    }


def from_text(text: str, shape: Shape) -> Any:
    """The JSON value that a text stands for; text that is no such value is left as it is, for validation to refuse."""
    if shape.kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if shape.kind in ("integer", "number") and len(text) < 400 and NUMBER.fullmatch(text):
        return int(text) if shape.kind == "integer" and text.lstrip("-").isdigit() else Decimal(text)
    return text
