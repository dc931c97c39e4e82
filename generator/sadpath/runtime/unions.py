"""Unions of models: told apart by the value of a member, or by what fits best; variants that nobody knows yet survive."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, cast, get_args

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core import core_schema as cs

from .assertions import identity
from .model import Model
from .pointers import MISSING
from .redaction import mask_cards
from .references import Target, accepts, validator_of, writer_of
from .salvage import violations_in
from .trees import is_array, is_mapping, is_object
from .validation import READING, TOLERABLE, TOLERANT, Mode, mode_of, refuse
from .wire import plain


class UnknownVariant:
    """A value of a union whose variant the contract does not describe; written again as it came."""

    __slots__ = ("data", "tag")

    def __init__(self, tag: str | None, data: Any) -> None:
        self.tag = tag
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownVariant) and (self.tag, self.data) == (other.tag, other.data)

    def to_wire(self) -> Any:
        """The value as it came."""
        return copy.deepcopy(self.data)

    def __repr__(self) -> str:
        return mask_cards(f"UnknownVariant(tag={self.tag!r})")

    def __hash__(self) -> int:
        return hash(self.tag)


class _Union(ABC):
    """What both kinds of union share: a value that already is a variant passes."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = tuple(targets)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return cs.with_info_plain_validator_function(lambda value, info: self.validate(value, mode_of(info)))

    def validate(self, value: Any, mode: Mode) -> Any:
        if isinstance(value, UnknownVariant):
            return value
        if isinstance(value, Model):
            return self.variant(value, mode)
        return self.read(value, mode)

    def variant(self, value: Model, mode: Mode) -> Any:
        """The model itself where it is one of the variants; only modules that may define its class are loaded."""
        names = {kind.__name__ for kind in type(value).__mro__}
        plausible = [target for target in self.targets if target.name in names]
        for target in plausible or self.targets:
            loaded = target.load()
            if isinstance(loaded, type):
                if isinstance(value, loaded):
                    return target.validate(value, mode)
            elif (found := _try(target.validate, value, mode)) is not MISSING:
                return found
        raise refuse(f"{type(value).__name__} is no variant of this union")

    @abstractmethod
    def read(self, value: Any, mode: Mode) -> Any:
        """The variant that a value from the wire is."""


class _TaggedUnion(_Union):
    def __init__(self, discriminator: str, targets: Mapping[str, Target]) -> None:
        super().__init__(tuple(targets.values()))
        self.discriminator = discriminator
        self.by_tag = dict(targets)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = cast("dict[str, Any]", super().__get_pydantic_core_schema__(source, handler))
        schema["serialization"] = cs.plain_serializer_function_ser_schema(self.write, info_arg=True)
        return cast("CoreSchema", schema)

    def write(self, value: Any, info: Any) -> Any:
        """The value; on its way to the wire, with the discriminator where the variant leaves it to its default."""
        if mode_of(info) is not Mode.WRITE or not isinstance(value, Model):
            return value
        tree = value.to_wire()
        tags = [tag for tag, target in self.by_tag.items() if target.name == type(value).__name__]
        return tree if self.discriminator in tree or len(tags) != 1 else {self.discriminator: tags[0], **tree}

    def read(self, value: Any, mode: Mode) -> Any:
        if not is_mapping(value):
            raise refuse("an object is expected")
        data = value
        tag = data.get(self.discriminator)
        target = self.by_tag.get(tag) if isinstance(tag, str) else None
        if target is not None:
            return target.validate(data, mode)
        if isinstance(tag, str) and mode in READING:
            return UnknownVariant(tag, data)
        if mode in TOLERANT:
            # A new variant would have a tag: that there is none is noted.
            return UnknownVariant(None, data)
        raise refuse(f"the value of {self.discriminator!r} names no variant of this union", TOLERABLE)


class OneOf:
    """The mark of a union without a tag: the first of its types that fits best is taken."""

    __slots__ = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        options = _Options(tuple(option for option in get_args(source) if option is not type(None)) or (source,))
        write = cs.plain_serializer_function_ser_schema(options.write, info_arg=True)
        return cs.with_info_plain_validator_function(
            lambda value, info: options.validate(value, mode_of(info)), serialization=write
        )


ONE_OF: Final = OneOf()
"""Stands in `Annotated` beside a union whose members are told apart by trying."""


class _Options:
    """The members of an untagged union; what validates and writes each is made at its first use."""

    def __init__(self, annotations: Sequence[Any]) -> None:
        self.annotations = tuple(annotations)
        self._validators: tuple[Callable[[Any, Mode], Any], ...] | None = None

    def validate(self, value: Any, mode: Mode) -> Any:
        if self._validators is None:
            self._validators = tuple(validator_of(annotation) for annotation in self.annotations)
        found = [_try(accept, value, mode) for accept in self._validators]
        fitting = [index for index, one in enumerate(found) if one is not MISSING]
        if not fitting:
            raise refuse("the value fits none of the types that it may have")
        if len(fitting) > 1 and mode is not Mode.BUILD and isinstance(value, str | int | Decimal):
            # What is written again should be what came.
            exact = [index for index in fitting if self._is_written_so(found[index], value)]
            fitting = exact or fitting
        scores = {index: _fitness(found[index], value) for index in fitting} if len(fitting) > 1 else {}
        return found[max(fitting, key=lambda index: scores.get(index, ()))]

    def _is_written_so(self, found: Any, value: Any) -> bool:
        try:
            return bool(identity(self._written(found)) == identity(value))
        except (TypeError, ValueError):
            return False

    def write(self, value: Any, info: Any) -> Any:
        """The tree of the value as the first type writes it that it is a value of."""
        if mode_of(info) is not Mode.WRITE or value is None:
            return value
        return self._written(value)

    def _written(self, value: Any) -> Any:
        for annotation in self.annotations:
            if accepts(annotation, value, Mode.BUILD):
                return writer_of(annotation)(value)
        return plain(value)


def _try(accept: Callable[[Any, Mode], Any], value: Any, mode: Mode) -> Any:
    try:
        return accept(value, mode)
    except (ValidationError, PydanticCustomError):
        return MISSING


def _fitness(value: Any, came: Any) -> tuple[int, int]:
    """No violation first, then the most declared members that are there; what a list lost counts as violated."""
    lost = len(came) - len(value) if is_array(came) and is_array(value) else 0
    return (-sum(1 for _ in violations_in(value, "")) - lost, _declared(value))


def _declared(value: Any) -> int:
    """The members that are there and have a name in the contract, of a model or of those in a list or a map."""
    if isinstance(value, Model):
        return sum(value.is_set(name) for name in type(value).model_fields)
    inner = value if is_array(value) else value.values() if is_object(value) else ()
    return sum(_declared(item) for item in inner)


def tagged_union(package: str | None, discriminator: str, variants: Mapping[str, tuple[str, str]]) -> Any:
    """A union told apart by a member: its wire name, and for each value the module and the name of the variant."""
    targets = {tag: Target(package, module, name) for tag, (module, name) in variants.items()}
    return Annotated[Any, _TaggedUnion(discriminator, targets)]
