"""Whether a default is plainly a value of its schema: most are, and need no validator to say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sadpath.openapi.check_patterns import is_checkable
from sadpath.runtime.patterns import matches
from sadpath.source.tree import is_list, is_mapping

_SILENT: Final = frozenset(
    "$comment default deprecated description discriminator example examples externalDocs nullable readOnly title writeOnly "
    "xml".split()
)
"""Keywords that no value offends."""
_SILENT_FORMATS: Final = frozenset(("float", "double", "password"))
_BITS: Final = {"int32": 31, "int64": 63}


def obviously_fits(value: Any, schema: Any) -> bool:
    """Whether it is beyond doubt; False may mean either."""
    if not is_mapping(schema):
        return schema is True
    if value is None and schema.get("nullable") is True:
        return True
    for keyword, wanted in schema.items():
        if keyword in _SILENT or keyword.startswith("x-"):
            continue
        test = _TESTS.get(keyword)
        if test is None or not test(value, wanted):
            return False
    return True


def _has_type(value: Any, wanted: Any) -> bool:
    names = wanted if is_list(wanted) else [wanted]
    return any(isinstance(name, str) and _is_of(value, name) for name in names)


def _is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool) or value is None:
        return name == ("null" if value is None else "boolean")
    if isinstance(value, str):
        return name == "string"
    if isinstance(value, int):
        return name in ("integer", "number")
    if isinstance(value, float):
        return name == "number"
    return name == ("object" if is_mapping(value) else "array")


def _is_listed(value: Any, wanted: Any) -> bool:
    return is_list(wanted) and any(type(one) is type(value) and one == value for one in wanted)


def _has_format(value: Any, wanted: Any) -> bool:
    if wanted in _SILENT_FORMATS:
        return True
    if isinstance(value, int) and wanted in _BITS:
        return bool(abs(value) < 2 ** _BITS[wanted])
    return not isinstance(value, str)


def _has_items(value: Any, wanted: Any) -> bool:
    return is_list(value) and all(obviously_fits(item, wanted) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _compares(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: _is_number(value) and _is_number(wanted) and holds(value, wanted)


def _counts(holds: Callable[[int, int], bool]) -> Callable[[Any, Any], bool]:
    return (
        lambda value, wanted: (isinstance(value, str) or is_list(value))
        and isinstance(wanted, int)
        and holds(len(value), wanted)
    )


_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "type": _has_type,
    "enum": _is_listed,
    "const": lambda value, wanted: _is_listed(value, [wanted]),
    "format": _has_format,
    "items": _has_items,
    "pattern": lambda value, wanted: isinstance(value, str)
    and isinstance(wanted, str)
    and is_checkable(wanted)
    and matches(wanted, value),
    "minimum": _compares(lambda value, wanted: value >= wanted),
    "maximum": _compares(lambda value, wanted: value <= wanted),
    "exclusiveMinimum": _compares(lambda value, wanted: value > wanted),
    "exclusiveMaximum": _compares(lambda value, wanted: value < wanted),
    "multipleOf": lambda value, wanted: type(value) is int
    and type(wanted) is int
    and wanted > 0
    and value % wanted == 0,
    "minLength": _counts(lambda length, wanted: length >= wanted),
    "maxLength": _counts(lambda length, wanted: length <= wanted),
    "minItems": _counts(lambda length, wanted: length >= wanted),
    "maxItems": _counts(lambda length, wanted: length <= wanted),
}
