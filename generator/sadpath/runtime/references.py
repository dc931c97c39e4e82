"""References between models that load their target at first use, so that importing one model imports no other."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import ConfigDict, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core import core_schema as cs

from .validation import Mode, mode_of, wire_schema
from .wire import plain

_CACHED_ADAPTERS = 2048


class Target:
    """A class or an alias of another module, by name."""

    __slots__ = ("_loaded", "_write", "module", "name", "package", "validator")

    def __init__(self, package: str | None, module: str, name: str) -> None:
        self.package = package
        self.module = module
        self.name = name
        self._loaded: Any = None
        self.validator: Callable[[Any, Mode], Any] | None = None
        self._write: Callable[[Any], Any] | None = None

    def load(self) -> Any:
        """The class or alias; imports its module the first time."""
        if self._loaded is None:
            self._loaded = getattr(importlib.import_module(self.module, self.package), self.name)
        return self._loaded

    def validate(self, value: Any, mode: Mode) -> Any:
        """The value as the target has it; raises pydantic's ValidationError or PydanticCustomError."""
        return (self.validator or self.load_validator())(value, mode)

    def load_validator(self) -> Callable[[Any, Mode], Any]:
        """What validates values of the target; made once."""
        self.validator = validator_of(self.load())
        return self.validator

    def write(self, value: Any) -> Any:
        """The value as the target writes it."""
        if self._write is None:
            self._write = writer_of(self.load())
        return self._write(value)


class Reference:
    """Pydantic's view of a target: anything, validated by the target when there is something to validate."""

    __slots__ = ("target",)

    def __init__(self, target: Target) -> None:
        self.target = target

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cs.with_info_plain_validator_function(
            self._accept,
            serialization=cs.plain_serializer_function_ser_schema(self._serialize, info_arg=True),
        )

    def _accept(self, value: Any, info: Any) -> Any:
        # Not by way of the target's method: documents may nest deeply, and Python counts each call.
        accept = self.target.validator or self.target.load_validator()
        return accept(value, mode_of(info))

    def _serialize(self, value: Any, info: Any) -> Any:
        return self.target.write(value) if mode_of(info) is Mode.WRITE and value is not None else value


def ref(package: str | None, module: str, name: str) -> Any:
    """A type that stands for `name` of `module` (relative to `package`) and loads it at first use."""
    return Annotated[Any, Reference(Target(package, module, name))]


def resolved(annotation: Any) -> Any:
    """The annotation itself, or what it refers to where it is a reference."""
    while get_origin(annotation) is Annotated:
        reference = next((extra for extra in get_args(annotation)[1:] if isinstance(extra, Reference)), None)
        if reference is None:
            return annotation
        annotation = reference.target.load()
    return annotation


class _AsOnWire:
    """Marks an annotation whose scalars follow JSON's rules."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = wire_schema(handler(source))
        return cs.with_info_wrap_validator_function(lambda value, inner, info: inner(value), schema)


def adapter_of(annotation: Any) -> TypeAdapter[Any]:
    """An adapter under the same rules as a member of a model."""
    config = ConfigDict(strict=True, hide_input_in_errors=True)
    marked: Any = Annotated[annotation, _AsOnWire()]
    adapter: TypeAdapter[Any] = TypeAdapter(marked, config=config)
    return adapter


class _ById:
    """An annotation as a key, by what it is: `int | str` equals `str | int`, and yet reads another value first."""

    __slots__ = ("annotation",)

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.annotation is self.annotation

    def __hash__(self) -> int:
        return id(self.annotation)


def validator_of(annotation: Any) -> Callable[[Any, Mode], Any]:
    """What validates a value of the annotation in a mode; made once for each annotation in use."""
    return _validator_of(_ById(annotation))


@lru_cache(maxsize=_CACHED_ADAPTERS)
def _validator_of(key: _ById) -> Callable[[Any, Mode], Any]:
    annotation = resolved(key.annotation)
    accept: Callable[[Any, Mode], Any] | None = getattr(annotation, "__wire_accept__", None)
    if accept is not None:
        return accept
    adapter = adapter_of(annotation)

    def validate(value: Any, mode: Mode) -> Any:
        return adapter.validate_python(value, context=mode)

    return validate


def accepts(annotation: Any, value: Any, mode: Mode) -> bool:
    """Whether a value of the annotation may be this one."""
    try:
        validator_of(annotation)(value, mode)
    except (ValidationError, PydanticCustomError):
        return False
    return True


def writer_of(annotation: Any) -> Callable[[Any], Any]:
    """What makes a tree of a value of the annotation, on its way to the wire; made once for each annotation in use."""
    return _writer_of(_ById(annotation))


@lru_cache(maxsize=_CACHED_ADAPTERS)
def _writer_of(key: _ById) -> Callable[[Any], Any]:
    annotation = resolved(key.annotation)
    if hasattr(annotation, "__wire_accept__"):
        return plain
    adapter = adapter_of(annotation)

    def write(value: Any) -> Any:
        return plain(adapter.dump_python(value, by_alias=True, exclude_unset=True, context=Mode.WRITE, warnings=False))

    return write
