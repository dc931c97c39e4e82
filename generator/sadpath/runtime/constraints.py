"""Constraints of JSON Schema on one value, and the marks of members: null is a value, one value alone, secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from dataclasses import field
from decimal import Decimal
from enum import Enum
from typing import Any, Final, cast, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, SchemaSerializer
from pydantic_core import core_schema as cs

from .assertions import breaches, divides, exact, identity
from .frozen import dataclass
from .patterns import matches
from .trees import is_object, is_sequence
from .validation import TOLERABLE, Mode, errors_at, is_tolerant, mode_of, refuse
from .wire import plain, text_of, write_json


@dataclass(frozen=True, slots=True)
class Nullable:
    """The type of `NULLABLE`."""


NULLABLE: Final = Nullable()
"""Stands in `Annotated` where null is a value of the member; without it, None means that the member is not set."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The type of `CONSTANT`."""


CONSTANT: Final = Constant()
"""Stands in `Annotated` where a required member has one value alone: its default, which is always written."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The type of `STATED`."""


STATED: Final = Stated()
"""Stands in `Annotated` where a member may be left out and has one value alone, its default: what is built here has it.

It may be all that tells a variant from others, and says no more than leaving it out does.
"""


@dataclass(frozen=True, slots=True)
class Secret:
    """The type of `SECRET`."""


SECRET: Final = Secret()
"""Stands in `Annotated` where the value of a member must not be shown: it has `'***'` in the text forms of its model."""


def is_secret(annotation: Any, metadata: Iterable[Any] = ()) -> bool:
    """Whether `SECRET` stands at an annotation or anywhere inside it."""
    if any(isinstance(mark, Secret) for mark in metadata):
        return True
    return any(is_secret(inner, getattr(inner, "__metadata__", ())) for inner in get_args(annotation))


@dataclass(frozen=True, slots=True)
class Check:
    """Constraints by the names of JSON Schema (Validation, section 6); broken ones are noted in answers and refused elsewhere.

    `conforms` is a fragment of JSON Schema that the value must fit on the wire, for what has no name here.
    """

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    ge: int | Decimal | None = None
    gt: int | Decimal | None = None
    le: int | Decimal | None = None
    lt: int | Decimal | None = None
    multiple_of: int | Decimal | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    conforms: Any = field(default=None, compare=False)
    _text: bytes | None = field(default=None, init=False, repr=False)
    """Stands for the fragment in comparisons: as trees, 1 and true are equal."""

    def __post_init__(self) -> None:
        if self.conforms is not None:
            object.__setattr__(self, "_text", write_json(self.conforms))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return cs.with_info_wrap_validator_function(_Checked(self, schema), schema)

    def broken(self, value: Any) -> str | None:
        """What the value breaks of all but `conforms`, in words that do not hold the value; None when nothing."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | Decimal | float):
            return self._number(exact(value))
        if is_sequence(value):
            return self._size(value, "items", self.min_items, self.max_items) or self._unique(value)
        if is_object(value):
            return self._size(value, "members", self.min_properties, self.max_properties)
        return self._string(value)

    def _string(self, value: Any) -> str | None:
        if self.min_length is None and self.max_length is None and self.pattern is None:
            return None
        text = text_of(value)
        broken = self._size(text, "characters", self.min_length, self.max_length)
        if broken is None and self.pattern is not None and not matches(self.pattern, text):
            broken = f"does not match {self.pattern!r}"
        return broken

    def _number(self, value: int | Decimal) -> str | None:
        if self.ge is not None and value < self.ge:
            return f"is less than {self.ge}"
        if self.gt is not None and value <= self.gt:
            return f"is not greater than {self.gt}"
        if self.le is not None and value > self.le:
            return f"is greater than {self.le}"
        if self.lt is not None and value >= self.lt:
            return f"is not less than {self.lt}"
        if self.multiple_of is not None and not divides(self.multiple_of, value):
            return f"is no multiple of {self.multiple_of}"
        return None

    def _unique(self, value: Any) -> str | None:
        if not self.unique_items:
            return None
        return "holds one item twice" if len({identity(plain(item)) for item in value}) != len(value) else None

    @staticmethod
    def _size(value: Sized, what: str, least: int | None, most: int | None) -> str | None:
        if least is not None and len(value) < least:
            return f"has fewer than {least} {what}"
        if most is not None and len(value) > most:
            return f"has more than {most} {what}"
        return None

    def is_about_the_wire(self, value: Any) -> bool:
        """Whether the form on the wire decides, and the Python value does not show it."""
        if self.conforms is not None:
            return True
        says = self.min_length is not None or self.max_length is not None or self.pattern is not None
        return says and not isinstance(value, str | list | dict)


class _Checked:
    """The validator of one annotation under constraints."""

    __slots__ = ("check", "schema", "writer")

    def __init__(self, check: Check, schema: CoreSchema) -> None:
        self.check = check
        self.schema = schema
        self.writer: SchemaSerializer | None = None

    def __call__(self, value: Any, inner: Callable[[Any], Any], info: Any) -> Any:
        found = inner(value)
        mode = mode_of(info)
        if is_tolerant(info):
            return found
        tree = self._tree(found) if mode is Mode.BUILD or not _is_plain(value) else value
        broken = self.check.broken(tree)
        if broken is not None:
            raise refuse(broken, TOLERABLE)
        if self.check.conforms is not None:
            breached = breaches(self.check.conforms, tree)
            if breached:
                raise errors_at("value", breached, TOLERABLE)
        return found

    def _tree(self, value: Any) -> Any:
        """The value as it is on the wire, where that decides."""
        if not self.check.is_about_the_wire(value):
            return value
        if self.writer is None:
            self.writer = SchemaSerializer(cast("CoreSchema", _detached(self.schema)))
        written = self.writer.to_python(value, by_alias=True, exclude_unset=True, context=Mode.WRITE, warnings=False)
        return plain(written)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | Decimal | list | dict | float) and not isinstance(value, Enum)


def _detached(schema: Any) -> Any:
    """A core schema without references to definitions elsewhere: what they stand for are models, which write themselves."""
    if is_object(schema):
        if schema.get("type") in ("definition-ref", "model"):
            return cs.any_schema()
        return {name: part if name == "metadata" else _detached(part) for name, part in schema.items() if name != "ref"}
    if is_sequence(schema):
        parts = [_detached(part) for part in schema]
        return tuple(parts) if isinstance(schema, tuple) else parts
    return schema
