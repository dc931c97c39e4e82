"""What a text stands for where the wire has no types: the shape of an annotation, as far as parameters and forms need it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from .frozen import dataclass
from .model import Model
from .references import resolved
from .scalars import TextOnWire
from .uploads import FileRule
from .wire import NUMBER, text_of

Kind = Literal["text", "integer", "number", "boolean", "array", "object", "any", "file"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One annotation: what kind of JSON value it is, and what its items or members are.

    `further` is the annotation of members that have no name. `or_text`: a text of any form is allowed, too.
    """

    kind: Kind
    item: Any = None
    members: Mapping[str, Any] | None = None
    further: Any = None
    or_text: bool = False

    @property
    def is_open(self) -> bool:
        """Whether this is an object whose members have any names."""
        return self.kind == "object" and (self.members is None or self.further is not None)

    def of(self, name: str | None = None) -> Shape:
        """The shape of an item, or of a member by its wire name."""
        annotation = self.annotation_of(name)
        return TEXT if annotation is None else shape_of(annotation)

    def annotation_of(self, name: str | None = None) -> Any:
        """The annotation of an item, or of a member by its wire name; None where nothing is known."""
        if name is not None and self.members is not None:
            return self.members.get(name, self.further)
        return self.item


TEXT: Final = Shape("text")
_SINGLE: Final = ("text", "integer", "number", "boolean")
_IN_TEXT: Final = ("integer", "number", "boolean")
_SCALARS: Final[Mapping[Any, Kind]] = {bool: "boolean", int: "integer", Decimal: "number", float: "number"}


def shape_of(annotation: Any) -> Shape:
    """The shape; of a union the first kind that is no plain text counts, unless text of any form stands before a scalar."""
    # No more than classes are remembered: `int | str` equals `str | int`, and here the order counts.
    return _shape_of_class(annotation) if isinstance(annotation, type) else _shape(annotation)


def _shape(annotation: Any) -> Shape:
    annotation = resolved(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        arguments = get_args(annotation)
        if any(isinstance(extra, FileRule) for extra in arguments[1:]):
            return Shape("file")
        return TEXT if any(isinstance(extra, TextOnWire) for extra in arguments[1:]) else shape_of(arguments[0])
    if origin in (Union, types.UnionType):
        return _shape_of_union([option for option in get_args(annotation) if option is not type(None)])
    if origin in (list, tuple, set):
        return Shape("array", get_args(annotation)[0])
    if origin is dict:
        return Shape("object", get_args(annotation)[1])
    if origin is Literal:
        return shape_of(type(get_args(annotation)[0]))
    return _shape_of_class(annotation) if isinstance(annotation, type) else TEXT


def _shape_of_union(options: list[Any]) -> Shape:
    shapes = [shape_of(option) for option in options]
    place = next((place for place, shape in enumerate(shapes) if shape.kind != "text"), None)
    if place is None:
        return shapes[0] if shapes else TEXT
    if shapes[place].kind == "object":
        return _all_members([shape for shape in shapes if shape.kind == "object"])
    free = next((place for place, option in enumerate(options) if _is_free_text(option)), None)
    if free is None or shapes[place].kind not in _IN_TEXT:
        return shapes[place]
    return TEXT if free < place else replace(shapes[place], or_text=True)


def _all_members(shapes: list[Shape]) -> Shape:
    """One object with the members of several, of which the first says what form they have."""
    if all(shape.members is None for shape in shapes):
        return shapes[0]
    members: dict[str, Any] = {}
    further: Any = None
    for shape in shapes:
        for name, annotation in (shape.members or {}).items():
            members.setdefault(name, annotation)
        open_to = shape.further if shape.members is not None else shape.item or str
        further = open_to if further is None else further
    return Shape("object", members=members, further=further)


def single_or_many(annotation: Any) -> tuple[Shape, Shape] | None:
    """What one value is, and what a list of them, where either may be; None for any other type."""
    annotation = resolved(annotation)
    while get_origin(annotation) is Annotated:
        annotation = resolved(get_args(annotation)[0])
    if get_origin(annotation) not in (Union, types.UnionType):
        return None
    options = [option for option in get_args(annotation) if option is not type(None)]
    many = [shape for shape in map(shape_of, options) if shape.kind == "array"]
    scalars = [option for option in options if shape_of(option).kind in _SINGLE]
    if len(many) != 1 or not scalars or len(scalars) + 1 != len(options):
        return None
    return _shape_of_union(scalars), many[0]


def _is_free_text(annotation: Any) -> bool:
    """Whether any text will do, as none but a plain one does: no date, no enum."""
    annotation = resolved(annotation)
    if get_origin(annotation) is Annotated:
        return shape_of(annotation).kind == "text" and _is_free_text(get_args(annotation)[0])
    return annotation is str


@lru_cache(maxsize=1024)
def _shape_of_class(annotation: type[Any]) -> Shape:
    if annotation is Any:
        return Shape("any")
    if issubclass(annotation, Model):
        return Shape("object", members=members_of(annotation), further=getattr(annotation, "_additional", None))
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
    """The JSON value that a text stands for; text that is no such value is left as it is, for validation to refuse.

    Where text is allowed, too, `007` and `1e3` stay what they are: nothing but a number in its own form becomes one.
    """
    value = _from_text(text, shape)
    return text if shape.or_text and text_of(value) != text else value


def _from_text(text: str, shape: Shape) -> Any:
    if shape.kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if shape.kind in ("integer", "number") and len(text) < 400 and NUMBER.fullmatch(text):
        return int(text) if shape.kind == "integer" and text.lstrip("-").isdigit() else Decimal(text)
    return text
