"""Evaluates fragments of JSON Schema (2020-12) on plain trees: what a contract demands and no type of Python says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Final

from .frozen import dataclass
from .patterns import matches
from .trees import is_array, is_object

Broken = tuple[tuple[str | int, ...], str]
"""Where (the tokens that lead there) and what, in words that do not hold the value."""

_NAMED_REASONS: Final = 5
_NONE: Final[Mapping[str, Any]] = {}


def breaches(fragment: Any, value: Any) -> list[Broken]:
    """What a plain tree breaks of a fragment; empty where nothing.

    Numbers are int, Decimal or float. A fragment has no references. `format` and the `content...` keywords demand
    nothing, patterns only as far as `patterns` checks them, and what is no keyword is passed over.
    """
    return _evaluate(fragment, value, ()).broken


@dataclass(slots=True)
class _Result:
    """What was found, and which members and items some keyword has looked at (for the `unevaluated` ones)."""

    broken: list[Broken] = field(default_factory=list[Broken])
    members: set[str] = field(default_factory=set[str])
    items: set[int] = field(default_factory=set[int])

    def adopt(self, other: _Result) -> None:
        """Take in what a schema that applies to the same value has looked at."""
        self.members |= other.members
        self.items |= other.items


@dataclass(frozen=True, slots=True)
class _At:
    """One schema on one value."""

    schema: Mapping[str, Any]
    value: Any
    place: tuple[str | int, ...]
    result: _Result

    def refuse(self, message: str, *inside: str | int) -> None:
        self.result.broken.append(((*self.place, *inside), message))

    def same(self, schema: Any) -> _Result:
        """Another schema on the same value."""
        return _evaluate(schema, self.value, self.place)

    def inside(self, schema: Any, token: str | int) -> list[Broken]:
        """Another schema on a member or an item."""
        return _evaluate(schema, self.value[token], (*self.place, token)).broken


def _evaluate(schema: Any, value: Any, place: tuple[str | int, ...]) -> _Result:
    result = _Result()
    if schema is False:
        result.broken.append((place, "is not allowed here"))
    if not is_object(schema):
        return result
    at = _At(schema, value, place, result)
    kinds = _kinds(value)
    for keyword, (kind, check) in _KEYWORDS.items():
        if keyword in schema and (kind is None or kind in kinds):
            check(at, schema[keyword])
    return result


def _kinds(value: Any) -> tuple[str, ...]:
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, str):
        return ("string",)
    if is_array(value):
        return ("array",)
    if is_object(value):
        return ("object",)
    if isinstance(value, int):
        return ("integer", "number")
    if isinstance(value, Decimal | float):
        number = Decimal(exact(value))
        whole = number.is_finite() and number == number.to_integral_value()
        return ("integer", "number") if whole else ("number",)
    return ()


def exact(value: int | Decimal | float) -> Decimal | int:
    """The number that was written: of a float the shortest that reads back as the same float."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def identity(value: Any) -> Any:
    """What is equal for values that are the same to JSON Schema: 1 and 1.0 are, 1 and true are not. Can be hashed."""
    if is_object(value):
        return ("object", frozenset((name, identity(member)) for name, member in value.items()))
    if is_array(value):
        return ("array", tuple(identity(item) for item in value))
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return ("number", exact(value))
    return (type(value).__name__, value)


def divides(divisor: int | Decimal | float, value: int | Decimal | float) -> bool:
    """Whether a number is a multiple; by modular arithmetic, as numbers may have exponents of any size."""
    digits, exponent = _split(exact(value))
    by, shift = _split(exact(divisor))
    if not by or not digits:
        return True
    power = exponent - shift
    if power >= 0:
        return digits * pow(10, power, by) % by == 0
    # A number of n digits is no multiple of a power of ten with more of them, and has more than n bits.
    return -power <= digits.bit_length() and digits % (by * 10**-power) == 0


def _split(value: int | Decimal) -> tuple[int, int]:
    """The digits and the exponent."""
    if isinstance(value, int):
        return (abs(value), 0)
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("a number that is not finite has no multiples")
    # Not by way of text: Python refuses to make an integer of more than some thousand characters.
    return (int(Decimal((0, digits, 0))), exponent)


def _type(at: _At, wanted: Any) -> None:
    names: list[str] = [wanted] if isinstance(wanted, str) else wanted
    if not set(names) & set(_kinds(at.value)):
        at.refuse(f"is no {' or '.join(names)}")


def _const(at: _At, wanted: Any) -> None:
    if identity(at.value) != identity(wanted):
        at.refuse("is not the one value that is allowed")


def _enum(at: _At, listed: Any) -> None:
    if identity(at.value) not in {identity(one) for one in listed}:
        at.refuse("is none of the values that are allowed")


def _bound(fits: Callable[[Any, Any], bool], words: str) -> Callable[[_At, Any], None]:
    def check(at: _At, bound: Any) -> None:
        if not fits(exact(at.value), bound):
            at.refuse(f"is {words} {bound}")

    return check


def _multiple(at: _At, divisor: Any) -> None:
    if not divides(divisor, at.value):
        at.refuse(f"is no multiple of {divisor}")


def _least(what: str) -> Callable[[_At, Any], None]:
    def check(at: _At, least: Any) -> None:
        if len(at.value) < least:
            at.refuse(f"has fewer than {least} {what}")

    return check


def _most(what: str) -> Callable[[_At, Any], None]:
    def check(at: _At, most: Any) -> None:
        if len(at.value) > most:
            at.refuse(f"has more than {most} {what}")

    return check


def _pattern(at: _At, pattern: Any) -> None:
    if not matches(pattern, at.value):
        at.refuse(f"does not match {pattern!r}")


def _all_of(at: _At, schemas: Any) -> None:
    for schema in schemas:
        found = at.same(schema)
        at.result.broken += found.broken
        at.result.adopt(found)


def _any_of(at: _At, schemas: Any) -> None:
    tried = [at.same(schema) for schema in schemas]
    fitting = [found for found in tried if not found.broken]
    for found in fitting:
        at.result.adopt(found)
    if not fitting:
        at.refuse(f"fits none of the alternatives{_reasons(tried, len(at.place))}")


def _one_of(at: _At, schemas: Any) -> None:
    tried = [at.same(schema) for schema in schemas]
    fitting = [found for found in tried if not found.broken]
    for found in fitting:
        at.result.adopt(found)
    if not fitting:
        at.refuse(f"fits none of the alternatives{_reasons(tried, len(at.place))}")
    elif len(fitting) > 1:
        at.refuse(f"fits {len(fitting)} alternatives at once, of which only one is allowed")


def _reasons(tried: Iterable[_Result], depth: int) -> str:
    """Why not, for the first few: the first thing that each alternative misses."""
    found = [" ".join(map(str, (*place[depth:], message))) for result in tried for place, message in result.broken[:1]]
    return f" ({'; '.join(dict.fromkeys(found[:_NAMED_REASONS]))})" if found else ""


def _not(at: _At, schema: Any) -> None:
    if not at.same(schema).broken:
        at.refuse("is of a form that is excluded" if schema not in ({}, True) else "is not allowed here")


def _if(at: _At, schema: Any) -> None:
    condition = at.same(schema)
    if not condition.broken:
        at.result.adopt(condition)
    then = at.same(at.schema.get("else" if condition.broken else "then", True))
    at.result.broken += then.broken
    at.result.adopt(then)


def _required(at: _At, names: Any) -> None:
    for name in names:
        if name not in at.value:
            at.refuse("is missing", name)


def _dependent_required(at: _At, table: Any) -> None:
    for given, names in table.items():
        for name in names if given in at.value else ():
            if name not in at.value:
                at.refuse(f"is missing, and is needed beside {given!r}", name)


def _dependent_schemas(at: _At, table: Any) -> None:
    _all_of(at, [schema for given, schema in table.items() if given in at.value])


def _properties(at: _At, table: Any) -> None:
    for name, schema in table.items():
        if name in at.value:
            at.result.broken += at.inside(schema, name)
            at.result.members.add(name)


def _pattern_properties(at: _At, table: Any) -> None:
    for pattern, schema in table.items():
        for name in at.value:
            if matches(pattern, name):
                at.result.broken += at.inside(schema, name)
                at.result.members.add(name)


def _additional(at: _At, schema: Any) -> None:
    named: Mapping[str, Any] = at.schema.get("properties", _NONE)
    patterns: Mapping[str, Any] = at.schema.get("patternProperties", _NONE)
    for name in at.value:
        if name not in named and not any(matches(pattern, name) for pattern in patterns):
            at.result.broken += at.inside(schema, name)
            at.result.members.add(name)


def _unevaluated_members(at: _At, schema: Any) -> None:
    for name in at.value:
        if name not in at.result.members:
            at.result.broken += at.inside(schema, name)
            at.result.members.add(name)


def _names(at: _At, schema: Any) -> None:
    for name in at.value:
        for _, message in _evaluate(schema, name, ()).broken[:1]:
            at.refuse(f"has a name that is not allowed: it {message}", name)


def _prefix(at: _At, schemas: Any) -> None:
    for index, schema in zip(range(len(at.value)), schemas, strict=False):
        at.result.broken += at.inside(schema, index)
        at.result.items.add(index)


def _items(at: _At, schema: Any) -> None:
    for index in range(len(at.schema.get("prefixItems", ())), len(at.value)):
        at.result.broken += at.inside(schema, index)
        at.result.items.add(index)


def _contains(at: _At, schema: Any) -> None:
    fitting = {index for index in range(len(at.value)) if not at.inside(schema, index)}
    at.result.items |= fitting
    least, most = at.schema.get("minContains", 1), at.schema.get("maxContains")
    if len(fitting) < least:
        at.refuse(f"holds fewer than {least} of the items that it must hold")
    if most is not None and len(fitting) > most:
        at.refuse(f"holds more than {most} of the items that it may hold")


def _unevaluated_items(at: _At, schema: Any) -> None:
    for index in range(len(at.value)):
        if index not in at.result.items:
            at.result.broken += at.inside(schema, index)
            at.result.items.add(index)


def _unique(at: _At, wanted: Any) -> None:
    if wanted and len({identity(item) for item in at.value}) != len(at.value):
        at.refuse("holds one item twice")


_KEYWORDS: Final[Mapping[str, tuple[str | None, Callable[[_At, Any], None]]]] = {
    "type": (None, _type),
    "const": (None, _const),
    "enum": (None, _enum),
    "minimum": ("number", _bound(lambda value, bound: value >= bound, "less than")),
    "exclusiveMinimum": ("number", _bound(lambda value, bound: value > bound, "not greater than")),
    "maximum": ("number", _bound(lambda value, bound: value <= bound, "greater than")),
    "exclusiveMaximum": ("number", _bound(lambda value, bound: value < bound, "not less than")),
    "multipleOf": ("number", _multiple),
    "minLength": ("string", _least("characters")),
    "maxLength": ("string", _most("characters")),
    "pattern": ("string", _pattern),
    "required": ("object", _required),
    "dependentRequired": ("object", _dependent_required),
    "minProperties": ("object", _least("members")),
    "maxProperties": ("object", _most("members")),
    "propertyNames": ("object", _names),
    "properties": ("object", _properties),
    "patternProperties": ("object", _pattern_properties),
    "additionalProperties": ("object", _additional),
    "minItems": ("array", _least("items")),
    "maxItems": ("array", _most("items")),
    "uniqueItems": ("array", _unique),
    "prefixItems": ("array", _prefix),
    "items": ("array", _items),
    "contains": ("array", _contains),
    "allOf": (None, _all_of),
    "anyOf": (None, _any_of),
    "oneOf": (None, _one_of),
    "not": (None, _not),
    "if": (None, _if),
    "dependentSchemas": ("object", _dependent_schemas),
    # These two come last: they speak of what all the others have not looked at.
    "unevaluatedProperties": ("object", _unevaluated_members),
    "unevaluatedItems": ("array", _unevaluated_items),
}
"""By keyword: the kind of value that it speaks of, None for every one, and its check."""

KEYWORDS: Final = frozenset(_KEYWORDS) | {"then", "else", "minContains", "maxContains"}
"""What a fragment may hold."""
