"""Spells types as annotations, asking for imports as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from sadpath.ir.types import (
    NO_LIMITS,
    AnyOf,
    Anything,
    Constant,
    Limits,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    TypeRef,
)
from sadpath.naming.scope import Code
from sadpath.python.imports import Imports
from sadpath.python.literals import literal

_BUILTIN: Final[dict[ScalarKind, str]] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "binary": "bytes",
}
_IMPORTED: Final[dict[ScalarKind, tuple[str, str]]] = {
    "date": ("datetime", "date"),
    "date-time": ("datetime", "datetime"),
    "time": ("datetime", "time"),
    "uuid": ("uuid", "UUID"),
}
_RUNTIME: Final[dict[ScalarKind, str]] = {
    "decimal-string": "DecimalString",
    "decimal-number": "DecimalNumber",
    "base64": "Base64Bytes",
    "integer": "Integer",
    "boolean": "Boolean",
}
_CHECKS: Final = {"minimum": "ge", "maximum": "le", "exclusive_minimum": "gt", "exclusive_maximum": "lt"}


class Annotator:
    """Annotations for one module.

    `named` imports a declared type and spells it; `runtime` is where the runtime is, relatively; without `limits`,
    what JSON Schema demands beyond the type is left out.
    """

    def __init__(self, imports: Imports, runtime: Code, named: Callable[[str], Code], *, limits: bool = True) -> None:
        self._imports = imports
        self._runtime = runtime
        self._named = named
        self._limits = limits

    def plain(self) -> Annotator:
        """The same without limits, for signatures: what is checked elsewhere need not be read there."""
        return Annotator(self._imports, self._runtime, self._named, limits=False)

    def of(self, found: TypeRef) -> Code:
        """The annotation of a type."""
        match found:
            case Scalar(kind, limits):
                return self._limited(self._scalar(kind), limits)
            case ListOf(item, limits):
                return self._limited(Code(f"{self._imports.builtin('list')}[{self.of(item)}]"), limits)
            case MapOf(value, limits):
                key = self._imports.builtin("str")
                return self._limited(Code(f"{self._imports.builtin('dict')}[{key}, {self.of(value)}]"), limits)
            case Named(name):
                return self._named(name)
            case Nullable(inner):
                return Code(f"{self.of(inner)} | None")
            case Constant(value):
                return self._constant(value)
            case AnyOf(members):
                return Code(" | ".join(dict.fromkeys(self.of(member) for member in members)))
            case Anything():
                return self._imports.use("typing", "Any")

    def _scalar(self, kind: ScalarKind) -> Code:
        if kind == "null":
            return Code("None")
        if kind in _IMPORTED:
            return self._imports.use(*_IMPORTED[kind])
        if kind in _BUILTIN:
            return self._imports.builtin(_BUILTIN[kind])
        return self._imports.use(f"{self._runtime}.scalars", _RUNTIME[kind])

    def _constant(self, value: Any) -> Code:
        if isinstance(value, (str, bool, int)):
            return Code(f"{self._imports.use('typing', 'Literal')}[{literal(value)}]")
        return Code("None") if value is None else self._imports.use("typing", "Any")

    def _limited(self, plain: Code, limits: Limits) -> Code:
        if limits == NO_LIMITS or not self._limits:
            return plain
        check = self._imports.use(f"{self._runtime}.model", "Check")
        given = [
            f"{_CHECKS.get(item.name, item.name)}={literal(getattr(limits, item.name))}"
            for item in fields(limits)
            if getattr(limits, item.name) is not None and getattr(limits, item.name) is not False
        ]
        if any("Decimal(" in text for text in given):
            self._imports.use("decimal", "Decimal")
        return Code(f"{self._imports.use('typing', 'Annotated')}[{plain}, {check}({', '.join(given)})]")
