"""The modes in which values are validated, what a violation of the contract is, and the rules JSON adds to pydantic's."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final, LiteralString, cast
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core import core_schema as cs

from .durations import Duration
from .frozen import dataclass
from .pointers import pointer_of
from .trees import is_array, is_object, is_sequence
from .wire import NUMBER


class Mode(Enum):
    """What is being done with a value; travels through pydantic as the validation context."""

    BUILD = "build"
    """A program makes a value: Python names, Python types, no conversion, every constraint."""
    REQUEST = "request"
    """A server reads a request: wire names, JSON types, every constraint; unknown members are kept."""
    READ = "read"
    """A client reads an answer: as REQUEST, and what fails is salvaged member by member."""
    LENIENT = "lenient"
    """The second try of READ: a value that breaks a constraint is kept."""
    SALVAGE = "salvage"
    """READ's try for a member of a model that is left: as LENIENT, and what fails inside an array or a map is left out of it."""
    WRITE = "write"
    """A value goes to the wire."""


READING: Final = frozenset({Mode.READ, Mode.LENIENT, Mode.SALVAGE})
"""The modes of a client that reads an answer."""

TOLERANT: Final = frozenset({Mode.LENIENT, Mode.SALVAGE})
"""The modes in which a value that breaks a constraint is kept."""

_MOST_ERRORS: Final = 20

TOLERABLE: Final = "contract_constraint"
"""The error type of a value that breaks the contract and is usable all the same."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in an answer that the contract does not allow: where (JSON Pointer), what, and the value as it came."""

    pointer: str
    message: str
    value: Any = None

    def __repr__(self) -> str:
        return f"Violation(pointer={self.pointer!r}, message={self.message!r})"

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class ContractViolation(AttributeError):
    """A member was touched that the answer does not hold, or holds in a form that cannot be read."""


class SalvagedList(list[Any]):
    """What could be read of an array; `places` says where in the array as it came each item stood."""

    __slots__ = ("places",)

    places: tuple[int, ...]


def mode_of(info: Any) -> Mode:
    """The mode of a validation or serialization under way; BUILD where nothing was said."""
    return info.context if isinstance(info.context, Mode) else Mode.BUILD


def refuse(message: str, kind: LiteralString = "contract_type") -> PydanticCustomError:
    """The error to raise in a validator; the message never holds the value."""
    return PydanticCustomError(kind, "{reason}", {"reason": message})


def details_of(error: ValidationError) -> list[ErrorDetails]:
    """The errors without the values, which may be secret."""
    return error.errors(include_url=False, include_input=False, include_context=False)


def error_at(title: str, location: tuple[str, ...], message: str) -> ValidationError:
    """The error of one member."""
    return errors_at(title, [(location, message)])


def errors_at(
    title: str, found: Sequence[tuple[tuple[int | str, ...], str]], kind: LiteralString = "contract_type"
) -> ValidationError:
    """The errors of several places, as many of them as somebody would read."""
    details = [InitErrorDetails(type=refuse(text, kind), loc=place, input=None) for place, text in found[:_MOST_ERRORS]]
    return ValidationError.from_exception_data(title, details, hide_input=True)


def concealed(error: ValidationError, *, title: str | None = None, at: tuple[str, ...] = ()) -> ValidationError:
    """The same errors without the values, under a title and below a place of their own where they are given. To be raised outside the `except` that caught the other: a context shows too."""
    lines: list[InitErrorDetails] = []
    for detail in details_of(error):
        kind: Any = detail["type"]
        lines.append(InitErrorDetails(type=refuse(detail["msg"], kind), loc=(*at, *detail["loc"]), input=None))
    return ValidationError.from_exception_data(title or error.title, lines, hide_input=True)


def pointer_in(location: tuple[int | str, ...]) -> str:
    """The JSON Pointer of pydantic's location."""
    return pointer_of(location)


def is_tolerant(info: Any) -> bool:
    """Whether a value that breaks a constraint is kept."""
    return mode_of(info) in TOLERANT


def tolerable(error: ValidationError) -> bool:
    """Whether the value can be kept although it breaks the contract."""
    return all(detail["type"] == TOLERABLE for detail in details_of(error))


def wire_schema(schema: CoreSchema, itself: CoreSchema | None = None) -> CoreSchema:
    """A core schema whose scalars are read as JSON has them: a number is no text, a time is text, a float is no money.

    `itself` stands where the schema refers to itself.
    """
    tree = cast("dict[str, Any]", schema)
    return cast("CoreSchema", _Rewriter(tree.get("ref"), cast("dict[str, Any] | None", itself))(tree))


@dataclass(frozen=True, slots=True)
class _Rewriter:
    own_name: str | None
    itself: dict[str, Any] | None

    def __call__(self, schema: dict[str, Any]) -> dict[str, Any]:
        if self.itself is not None and schema["type"] == "definition-ref" and schema["schema_ref"] == self.own_name:
            return self.itself
        rule = _RULES.get(schema["type"])
        if rule is not None:
            return rule(schema)
        salvage = _SALVAGES.get(schema["type"])
        tree = self._inside(schema)
        if schema["type"] == "tuple":
            return _before(_tuple, lax=False)(tree)
        return tree if salvage is None else _wrapped(salvage, tree)

    def _inside(self, schema: dict[str, Any]) -> dict[str, Any]:
        for key in ("schema", "items_schema", "keys_schema", "values_schema"):
            inner = schema.get(key)
            if is_object(inner):
                schema[key] = self(inner)
            elif is_array(inner):
                schema[key] = [self(item) for item in inner]
        fields = schema.get("fields")
        if is_object(fields):
            for field in fields.values():
                field["schema"] = self(field["schema"])
        choices = schema.get("choices")
        if is_array(choices):
            schema["choices"] = [self._choice(choice) for choice in choices]
        return schema

    def _choice(self, choice: Any) -> Any:
        return (self(choice[0]), choice[1]) if is_sequence(choice) else self(choice)


def _before(check: Callable[[Any, Any], Any], *, lax: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def rewrite(schema: dict[str, Any]) -> dict[str, Any]:
        if lax:
            schema["strict"] = False
        wrapped = cs.with_info_before_validator_function(check, cast("CoreSchema", schema))
        return cast("dict[str, Any]", wrapped)

    return rewrite


def _integer(value: Any, info: Any) -> Any:
    return whole(value) if isinstance(value, Decimal) and mode_of(info) is not Mode.BUILD else value


def whole(value: Decimal) -> int | Decimal:
    """The integer that a number is, as 5.0 is one to JSON Schema; the number itself where it is none."""
    if value.is_finite() and abs(value) < Decimal("1E+100") and value == value.to_integral_value():
        return int(value)
    return value


def _float(value: Any, info: Any) -> Any:
    return float(value) if isinstance(value, Decimal) and mode_of(info) is not Mode.BUILD else value


_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TIME: Final = re.compile(r"\d\d:\d\d:\d\d")
_DATETIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def _datetime(value: Any, info: Any) -> Any:
    if mode_of(info) is Mode.BUILD:
        if not isinstance(value, datetime):
            raise refuse("a datetime is expected")
        if value.tzinfo is None:
            raise refuse("a datetime with a time zone is expected")
        return value
    if not isinstance(value, str) or not _DATETIME.match(value):
        raise refuse("a date and time (RFC 3339) is expected")
    return value


def _zone(value: datetime, info: Any) -> datetime:
    if value.tzinfo is None and mode_of(info) in (Mode.REQUEST, Mode.READ):
        raise refuse("a date and time without a time zone", TOLERABLE)
    return value


def _datetime_schema(schema: dict[str, Any]) -> dict[str, Any]:
    inner = _before(_datetime, lax=True)(schema)
    return cast("dict[str, Any]", cs.with_info_after_validator_function(_zone, cast("CoreSchema", inner)))


def _date(value: Any, info: Any) -> Any:
    if mode_of(info) is Mode.BUILD:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise refuse("a date is expected")
    elif not isinstance(value, str) or not _DATE.fullmatch(value):
        raise refuse("a full-date (RFC 3339) is expected")
    return value


def _uuid(value: Any, info: Any) -> Any:
    if not isinstance(value, UUID if mode_of(info) is Mode.BUILD else str):
        raise refuse("a UUID is expected")
    return value


def _time(value: Any, info: Any) -> Any:
    if mode_of(info) is Mode.BUILD:
        if not isinstance(value, time):
            raise refuse("a time is expected")
    elif not isinstance(value, str) or not _TIME.match(value):
        raise refuse("a full-time (RFC 3339) is expected")
    return value


def _duration(value: Any, info: Any) -> timedelta:
    if mode_of(info) is Mode.BUILD:
        if not isinstance(value, timedelta):
            raise refuse("a timedelta is expected")
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return Duration(value)
    raise refuse("a duration (ISO 8601) is expected")


def _timedelta(schema: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", cs.with_info_plain_validator_function(_duration))


def _literal(schema: dict[str, Any]) -> dict[str, Any]:
    expected: list[Any] = schema["expected"]

    def check(value: Any, info: Any) -> Any:
        if isinstance(value, Enum) or not isinstance(value, int | Decimal):
            return value
        # To Python 1, 1.0 and True are equal; to JSON Schema the last one is another value.
        for one in expected:
            if value == one and isinstance(value, bool) is isinstance(one, bool):
                return one if mode_of(info) is not Mode.BUILD else value
        raise refuse("is not the value that is allowed")

    return _before(check, lax=False)(schema)


def _tuple(value: Any, info: Any) -> Any:
    if mode_of(info) is Mode.BUILD:
        return value
    if not is_array(value):
        raise refuse("an array is expected")
    return tuple(value)


def _write_float(value: Any, info: Any) -> Any:
    # A member that is a float by contract is written in the shortest form that reads back as the same float.
    return Decimal(repr(value)) if mode_of(info) is Mode.WRITE and isinstance(value, float) else value


def _finite_float(schema: dict[str, Any]) -> dict[str, Any]:
    write = cs.plain_serializer_function_ser_schema(_write_float, info_arg=True)
    return _before(_float, lax=False)({**schema, "allow_inf_nan": False, "serialization": write})


def _failed(error: ValidationError) -> set[int | str]:
    """The indexes or keys of what failed inside; empty where it is not a matter of single items."""
    locations = [detail["loc"] for detail in details_of(error)]
    return {location[0] for location in locations} if all(locations) else set()


def _salvage_array(value: Any, inner: Callable[[Any], Any], info: Any) -> Any:
    try:
        return inner(value)
    except ValidationError as error:
        failed = _failed(error)
        if mode_of(info) is not Mode.SALVAGE or not failed or not is_array(value):
            raise
    places = tuple(place for place in range(len(value)) if place not in failed)
    salvaged = SalvagedList(inner([value[place] for place in places]))
    salvaged.places = places
    return salvaged


def _salvage_map(value: Any, inner: Callable[[Any], Any], info: Any) -> Any:
    try:
        return inner(value)
    except ValidationError as error:
        failed = _failed(error)
        if mode_of(info) is not Mode.SALVAGE or not failed or not is_object(value):
            raise
    return inner({name: member for name, member in value.items() if name not in failed})


def _wrapped(salvage: Callable[[Any, Callable[[Any], Any], Any], Any], schema: dict[str, Any]) -> dict[str, Any]:
    wrapped = cs.with_info_wrap_validator_function(salvage, cast("CoreSchema", schema))
    return cast("dict[str, Any]", wrapped)


def _decimal(schema: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", cs.with_info_plain_validator_function(read_number))


def read_number(value: Any, info: Any) -> Decimal:
    """A Decimal that is a number on the wire."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and NUMBER.fullmatch(value) and mode_of(info) in READING:
        return tolerated(Decimal(value), info, "a number is expected, not text")
    raise refuse("a Decimal is expected" if mode_of(info) is Mode.BUILD else "a number is expected")


def tolerated(value: Decimal, info: Any, message: str) -> Decimal:
    """The value on READ's second try; on the first, an error that is noted."""
    if is_tolerant(info):
        return value
    raise refuse(message, TOLERABLE)


_RULES: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "int": _before(_integer, lax=False),
    "float": _finite_float,
    "decimal": _decimal,
    "datetime": _datetime_schema,
    "date": _before(_date, lax=True),
    "uuid": _before(_uuid, lax=True),
    "time": _before(_time, lax=True),
    "timedelta": _timedelta,
    "literal": _literal,
}
_SALVAGES: Final[Mapping[str, Callable[[Any, Callable[[Any], Any], Any], Any]]] = {
    "list": _salvage_array,
    "dict": _salvage_map,
}
