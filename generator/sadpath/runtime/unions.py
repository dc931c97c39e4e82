"""Unions of models: told apart by the value of a member, or by what fits best; variants that nobody knows yet survive."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core import core_schema as cs

from .model import Model
from .redaction import mask_cards
from .references import Target
from .trees import is_mapping
from .validation import READING, Mode, mode_of, refuse


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
            elif (found := _try(target, value, mode)) is not None:
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
        if mode in READING:
            return UnknownVariant(tag if isinstance(tag, str) else None, data)
        raise refuse(f"the value of {self.discriminator!r} names no variant of this union")


class _UntaggedUnion(_Union):
    def read(self, value: Any, mode: Mode) -> Any:
        best: tuple[tuple[int, int, int], Any] | None = None
        for place, target in enumerate(self.targets):
            found = _try(target, value, mode)
            if found is None:
                continue
            score = (*_fitness(found), -place)
            if best is None or score > best[0]:
                best = (score, found)
        if best is not None:
            return best[1]
        if mode in READING:
            return UnknownVariant(None, value)
        raise refuse("the value fits no variant of this union")


def _try(target: Target, value: Any, mode: Mode) -> Any:
    try:
        return target.validate(value, mode)
    except (ValidationError, PydanticCustomError):
        return None


def _fitness(value: Any) -> tuple[int, int]:
    """No violation first, then the most declared members that are there."""
    if not isinstance(value, Model):
        return (0, 0)
    declared = sum(value.is_set(name) for name in type(value).model_fields)
    return (-len(value.violations), declared)


def tagged_union(package: str | None, discriminator: str, variants: Mapping[str, tuple[str, str]]) -> Any:
    """A union told apart by a member: its wire name, and for each value the module and the name of the variant."""
    targets = {tag: Target(package, module, name) for tag, (module, name) in variants.items()}
    return Annotated[Any, _TaggedUnion(discriminator, targets)]


def untagged_union(package: str | None, variants: Sequence[tuple[str, str]]) -> Any:
    """A union of which the best match is taken: no violation first, then the most declared members."""
    return Annotated[Any, _UntaggedUnion([Target(package, module, name) for module, name in variants])]
