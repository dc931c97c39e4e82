"""Constraints of JSON Schema on one value, and the marks of members: null is a value, one value alone, secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from .trees import is_array, is_object
from .validation import TOLERABLE, is_tolerant, refuse
from .wire import plain, text_of


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
    """Constraints by the names of JSON Schema (Validation, section 6); broken ones are noted in answers and refused elsewhere."""

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

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cs.with_info_after_validator_function(self._validate, handler(source))

    def _validate(self, value: Any, info: Any) -> Any:
        if not is_tolerant(info):
            broken = self.broken(value)
            if broken is not None:
                raise refuse(broken, TOLERABLE)
        return value

    def broken(self, value: Any) -> str | None:
        """What the value breaks, in words that do not hold the value; None when nothing."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | Decimal | float):
            return self._number(value)
        if is_array(value):
            return self._size(value, "items", self.min_items, self.max_items) or self._unique(value)
        if is_object(value):
            return self._size(value, "members", self.min_properties, self.max_properties)
        return self._text(value)

    def _text(self, value: Any) -> str | None:
        if self.min_length is None and self.max_length is None and self.pattern is None:
            return None
        text = text_of(value)
        broken = self._size(text, "characters", self.min_length, self.max_length)
        if broken is None and self.pattern is not None:
            pattern = _compiled(self.pattern)
            broken = f"does not match {self.pattern!r}" if pattern is not None and not pattern.search(text) else None
        return broken

    def _number(self, value: int | Decimal | float) -> str | None:
        exact = Decimal(str(value))
        if self.ge is not None and exact < self.ge:
            return f"is less than {self.ge}"
        if self.gt is not None and exact <= self.gt:
            return f"is not greater than {self.gt}"
        if self.le is not None and exact > self.le:
            return f"is greater than {self.le}"
        if self.lt is not None and exact >= self.lt:
            return f"is not less than {self.lt}"
        if self.multiple_of is not None and not _divides(Decimal(self.multiple_of), exact):
            return f"is no multiple of {self.multiple_of}"
        return None

    def _unique(self, value: Any) -> str | None:
        if not self.unique_items:
            return None
        texts = [repr(plain(item)) for item in value]
        return "holds one item twice" if len(set(texts)) != len(texts) else None

    @staticmethod
    def _size(value: Sized, what: str, least: int | None, most: int | None) -> str | None:
        if least is not None and len(value) < least:
            return f"has fewer than {least} {what}"
        if most is not None and len(value) > most:
            return f"has more than {most} {what}"
        return None


def _divides(divisor: Decimal, value: Decimal) -> bool:
    # Scaled integers, because Decimal's own remainder is limited by the context's precision.
    if not divisor:
        return True
    a, b = value.as_integer_ratio(), divisor.as_integer_ratio()
    return (a[0] * b[1]) % (a[1] * b[0]) == 0


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for a pattern of ECMA-262 that Python does not understand: it is not checked."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
