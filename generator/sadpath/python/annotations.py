"""Spells types as annotations, asking for imports as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from sadpath.ir.types import (
    NO_LIMITS,
    AnyOf,
    Anything,
    Checked,
    Constant,
    Limits,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
)
from sadpath.naming.scope import Code
from sadpath.python.imports import Imports
from sadpath.python.literals import literal
from sadpath.runtime.wire import parse_json, write_json

_BUILTIN: Final[dict[ScalarKind, str]] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
}
_IMPORTED: Final[dict[ScalarKind, tuple[str, str]]] = {
    "date": ("datetime", "date"),
    "date-time": ("datetime", "datetime"),
    "time": ("datetime", "time"),
    "duration": ("datetime", "timedelta"),
    "uuid": ("uuid", "UUID"),
}
_RUNTIME: Final[dict[ScalarKind, str]] = {
    "decimal-string": "DecimalString",
    "decimal-number": "DecimalNumber",
    "base64": "Base64Bytes",
    "base64url": "Base64UrlBytes",
    "base16": "Base16Bytes",
}
_SIZED: Final = {
    Limits(minimum=-(2**31), maximum=2**31 - 1): "Int32",
    Limits(minimum=-(2**63), maximum=2**63 - 1): "Int64",
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
        if isinstance(found, Scalar) and found.limits is NO_LIMITS:
            return self._scalar(found.kind)
        match found:
            case Scalar() | ListOf() | TupleOf() | MapOf() | Checked():
                return self._under_limits(found)
            case Named(name):
                return self._named(name)
            case Nullable(inner):
                return Code(f"{self.of(inner)} | None")
            case Constant(value):
                return self._constant(value)
            case AnyOf(members):
                return self._any_of(members)
            case Anything():
                return self._imports.use("typing", "Any")

    def as_value(self, found: TypeRef) -> Code:
        """The annotation of a type where it is handed over as a value: checkers know no `|` of what is `Annotated` there."""
        inner = found
        while isinstance(inner, Checked) and (inner.limits == NO_LIMITS or not self._limits):
            inner = inner.inner
        if isinstance(inner, Nullable):
            code = self.of(inner.inner)
            if code.lstrip("_").startswith("Annotated["):
                return Code(f"{self._imports.use('typing', 'Optional')}[{code}]")
        return self.of(found)

    def _under_limits(self, found: Scalar | ListOf | TupleOf | MapOf | Checked) -> Code:
        if isinstance(found, Scalar) and found.kind == "integer" and found.limits in _SIZED and self._limits:
            return self._imports.use(f"{self._runtime}.scalars", _SIZED[found.limits])
        match found:
            case Scalar(kind):
                plain = self._scalar(kind)
            case ListOf(item):
                plain = Code(f"{self._imports.builtin('list')}[{self.of(item)}]")
            case TupleOf(items):
                parts = ", ".join(self.of(item) for item in items) or "()"
                plain = Code(f"{self._imports.builtin('tuple')}[{parts}]")
            case MapOf(value):
                key = self._imports.builtin("str")
                plain = Code(f"{self._imports.builtin('dict')}[{key}, {self.of(value)}]")
            case Checked(inner):
                plain = self.of(inner)
        return self._limited(plain, found.limits)

    def _any_of(self, members: tuple[TypeRef, ...]) -> Code:
        union = Code(" | ".join(dict.fromkeys(self.of(member) for member in members)))
        if not self._limits or all(isinstance(member, Constant) for member in members):
            return union
        one_of = self._imports.use(f"{self._runtime}.unions", "ONE_OF")
        return Code(f"{self._imports.use('typing', 'Annotated')}[{union}, {one_of}]")

    def tree(self, value: Any, is_text: bool = False) -> Code:
        """The literal of a plain tree, or of the JSON text of one; numbers with a fraction are Decimals."""
        code = literal(parse_json(value) if is_text else value)
        if "Decimal(" in code:
            self._imports.use("decimal", "Decimal")
        return code

    def _scalar(self, kind: ScalarKind) -> Code:
        if kind == "null":
            return Code("None")
        if kind == "binary":
            return self._imports.use(f"{self._runtime}.uploads", "File")
        if kind in _IMPORTED:
            return self._imports.use(*_IMPORTED[kind])
        if kind in _BUILTIN:
            return self._imports.builtin(_BUILTIN[kind])
        return self._imports.use(f"{self._runtime}.scalars", _RUNTIME[kind])

    def _constant(self, value: Any) -> Code:
        if isinstance(value, (str, bool, int)):
            return Code(f"{self._imports.use('typing', 'Literal')}[{literal(value)}]")
        if value is None:
            return Code("None")
        fragment = write_json({"const": value}).decode()
        return self._limited(self._imports.use("typing", "Any"), Limits(conforms=fragment))

    def _limited(self, plain: Code, limits: Limits) -> Code:
        if limits is NO_LIMITS or limits == NO_LIMITS or not self._limits:
            return plain
        check = self._imports.use(f"{self._runtime}.model", "Check")
        given = [
            f"{_CHECKS.get(item.name, item.name)}={self.tree(getattr(limits, item.name), item.name == 'conforms')}"
            for item in fields(limits)
            if getattr(limits, item.name) is not None and getattr(limits, item.name) is not False
        ]
        return Code(f"{self._imports.use('typing', 'Annotated')}[{plain}, {check}({', '.join(given)})]")
