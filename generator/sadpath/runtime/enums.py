"""Enumerations as contracts have them: open ones keep values that the contract does not list yet."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from .validation import Mode, mode_of, refuse, whole

_Member = TypeVar("_Member", bound=Enum)


class _WireEnum(Enum):
    """What the enumerations share: a member is read from its wire value and compares as that value."""

    @property
    def is_known(self) -> bool:
        """Whether the contract lists the value."""
        return self.value in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}.{self.name}: {self.value!r}>"
            if self.is_known
            else f"<{type(self).__name__}: {self.value!r}>"
        )

    def __copy__(self: _Member) -> _Member:
        return self

    def __deepcopy__(self: _Member, memo: object) -> _Member:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cs.with_info_plain_validator_function(lambda value, info: cls._from_wire(value, mode_of(info)))

    @classmethod
    def _from_wire(cls, value: Any, mode: Mode) -> Any:
        raw = value.value if isinstance(value, cls) else value
        if mode is not Mode.BUILD and isinstance(raw, Decimal):
            raw = whole(raw)
        if isinstance(value, Enum) and not isinstance(value, cls):
            raise refuse(f"a {cls.__name__} is expected")
        kind = cls._wire_type()
        if not isinstance(raw, kind) or isinstance(raw, bool):
            raise refuse(f"{'text' if kind is str else 'an integer'} is expected")
        try:
            return cls(raw)
        except ValueError:
            raise refuse(f"no value of {cls.__name__}") from None

    @classmethod
    def _wire_type(cls) -> type[str] | type[int]:
        return int if issubclass(cls, int) else str


class ClosedEnum(str, _WireEnum):
    """Text values that never grow; anything else is a violation of the contract."""

    __str__ = _WireEnum.__str__
    __hash__ = str.__hash__


class ClosedIntEnum(int, _WireEnum):
    """Integer values that never grow; anything else is a violation of the contract."""

    __str__ = _WireEnum.__str__
    __repr__ = _WireEnum.__repr__
    __hash__ = int.__hash__


class OpenEnum(str, _WireEnum):
    """Text values that may grow: a value that is not listed is kept, equal by value, and `is_known` is False."""

    __str__ = _WireEnum.__str__
    __hash__ = str.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = str.__str__(value)
        member._value_ = str.__str__(value)
        return member


class OpenIntEnum(int, _WireEnum):
    """Integer values that may grow: a value that is not listed is kept, equal by value, and `is_known` is False."""

    __str__ = _WireEnum.__str__
    __repr__ = _WireEnum.__repr__
    __hash__ = int.__hash__

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member
