"""The base of generated models: built strictly, read leniently, written exactly as far as it is set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, PydanticSerializationError
from pydantic_core import core_schema as cs

from .assertions import Broken, breaches
from .constraints import CONSTANT, NULLABLE, SECRET, STATED, Check
from .conversion import encode
from .members import Members
from .pointers import MISSING, get, pointer_of, tokens_of
from .redaction import mask_cards
from .references import accepts, ref, validator_of
from .salvage import null_at, salvage_further, salvage_member, violations_in, why_missing
from .trees import is_mapping, is_object
from .validation import (
    ContractViolation,
    Mode,
    Violation,
    concealed,
    error_at,
    errors_at,
    mode_of,
    refuse,
    wire_schema,
)
from .wire import float_in, parse_json, plain, write_json

__all__ = ["CONSTANT", "NULLABLE", "SECRET", "STATED", "Check", "ContractViolation", "Model"]
__all__ += ["Violation", "member_at", "ref"]

_NOTED = "_violations"


class Model(BaseModel):
    """An object of the API.

    The constructor takes Python names and refuses what the contract refuses (`pydantic.ValidationError`); `from_wire` takes an
    answer and keeps what can be read of it; `to_wire` gives what is set, unknown members included.
    """

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=False,
        validate_assignment=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )

    _members: ClassVar[Members] = Members.of({})
    _additional: ClassVar[Any] = None
    """The annotation of members that have no name in the contract; None where it has none of these."""
    _closed: ClassVar[bool] = False
    """Whether members that have no name in the contract are forbidden."""
    _read_only: ClassVar[Any] = ()
    _write_only: ClassVar[Any] = ()
    """Wire names of members that go the other way alone: a server ignores them, and an answer's are not shown."""
    _conforms: ClassVar[Any] = None
    """The fragment of JSON Schema that the object must fit on the wire; None where types say all."""

    if not TYPE_CHECKING:

        def __init__(self, /, **data: Any) -> None:
            given = {
                name: value
                for name, value in data.items()
                if value is not None or name not in self._members.null_leaves_out
            }
            given = {**self._members.stated, **given}
            further = "forbid" if self._additional is None else "allow"
            validate, problem = self.__pydantic_validator__.validate_python, None
            try:
                validate(given, self_instance=self, extra=further, context=Mode.BUILD)
                self.__check_additional(Mode.BUILD)
                self.__forget_nulls()
                self.__check_conformity()
            except ValidationError as error:
                problem = concealed(error)
            if problem is not None:
                raise problem

        # Without this mark pydantic would call the constructor for what it reads from the wire too.
        __init__.__pydantic_base_init__ = True

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise ContractViolation(f"{type(self).__name__}.{name}: {self.__why_missing(name)}")
            return super().__getattr__(name)

        def __why_missing(self, name: str) -> str:
            return why_missing(self.__dict__.get(_NOTED, ()), self._members.wire_names[name])

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls._members = Members.of(
            cls.model_fields,
            closed=cls._closed,
            conforms=cls._conforms,
            additional=cls._additional,
            one_way=(cls._read_only, cls._write_only),
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        itself = cs.with_info_plain_validator_function(lambda value, info: cls.__wire_accept__(value, mode_of(info)))
        return itself if cls.__pydantic_complete__ else wire_schema(handler(source), itself)

    @classmethod
    def from_wire(cls, data: Any) -> Self:
        """Read an answer: what fails is left out and listed in `violations`. Raises ValidationError where it is no object."""
        if not is_object(data):
            raise error_at(cls.__name__, (), "an object is expected")
        return cls.__read(data)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """`from_wire` of a JSON text; raises JsonError where it is none."""
        return cls.from_wire(parse_json(data))

    def to_wire(self) -> dict[str, Any]:
        """The plain tree of the members that are set, under their wire names; numbers stay Decimal.

        Raises TypeError where an amount is a float, which only a way around the constructor can have made it.
        """
        serialize = self.__pydantic_serializer__.to_python
        try:
            tree = serialize(self, by_alias=True, exclude_unset=True, context=Mode.WRITE, warnings=False)
            further = self.model_extra if self._additional is not None and self.model_extra else {}
            return {**plain(tree), **{name: encode(self._additional, value) for name, value in further.items()}}
        except PydanticSerializationError as error:
            raise self.__unwritable(error) from None

    def __unwritable(self, error: PydanticSerializationError) -> TypeError:
        if isinstance(error.__cause__, _Unwritable):
            return error.__cause__
        members = {**vars(self), **(self.model_extra or {}), _NOTED: None}
        names = [name for name, value in members.items() if float_in(value)]
        return _Unwritable(f"{type(self).__name__}.{' or '.join(names)}: {error.__cause__ or error}")

    def to_json(self) -> bytes:
        """The compact JSON text of `to_wire`."""
        return write_json(self.to_wire())

    def is_set(self, name: str) -> bool:
        """Whether the member (Python name) was given or read; a default does not count."""
        return name in self.__pydantic_fields_set__

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What the answer holds against the contract, here and in every model inside, by JSON Pointer."""
        own: tuple[Violation, ...] = self.__dict__.get(_NOTED, ())
        nested = [
            violation
            for name, alias in self._members.wire_names.items()
            for violation in violations_in(self.__dict__.get(name), pointer_of((alias,)))
        ]
        return (*own, *nested, *violations_in(self.model_extra, ""))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, with members replaced all at once; raises what assigning them raises."""
        copy = super().model_copy(deep=deep)
        for name, value in (update or {}).items():
            if name in type(self).model_fields or self._additional is None:
                copy.__assign(name, value)
            else:
                object.__setattr__(copy, "__pydantic_extra__", {**(copy.model_extra or {}), name: value})
                copy.__pydantic_fields_set__.add(name)
                copy.__check_additional(Mode.BUILD, name)
        copy.__check_change(self.__broken())
        return copy

    def __setattr__(self, name: str, value: Any) -> None:
        before = (dict(vars(self)), set(self.__pydantic_fields_set__), self.__broken())
        self.__assign(name, value)
        try:
            self.__check_change(before[2])
        except ValidationError:
            object.__setattr__(self, "__dict__", before[0])
            object.__setattr__(self, "__pydantic_fields_set__", before[1])
            raise

    def __assign(self, name: str, value: Any) -> None:
        if name not in type(self).model_fields:
            raise AttributeError(f"{type(self).__name__} has no member {name}")
        # Pydantic would take the note for a member of the API; it does not hold for the new value.
        noted: tuple[Violation, ...] = vars(self).pop(_NOTED, ())
        kept, problem = noted, None
        try:
            super().__setattr__(name, value)
            pointer = pointer_of((self._members.wire_names[name],))
            kept = tuple(one for one in noted if not f"{one.pointer}/".startswith(f"{pointer}/"))
        except ValidationError as error:
            problem = concealed(error)
        finally:
            self.__note(kept)
        if problem is not None:
            raise problem
        self.__forget_nulls()

    def __check_change(self, known: list[Broken]) -> None:
        """Refuse what was not broken before, and forget the notes of what is mended."""
        after = self.__broken()
        if any(one not in known for one in after):
            self.__refuse([one for one in after if one not in known])
        mended = [(pointer_of(place), message) for place, message in known if (place, message) not in after]
        if mended:
            noted: tuple[Violation, ...] = vars(self).get(_NOTED, ())
            vars(self)[_NOTED] = tuple(one for one in noted if (one.pointer, one.message) not in mended)

    def __broken(self) -> list[Broken]:
        """What the members that are set break as a whole."""
        if self._conforms is None:
            return []
        try:
            return breaches(self._conforms, self.to_wire())
        except TypeError:
            # It cannot be written: that is refused when it is.
            return []

    def __check_conformity(self) -> None:
        broken = self.__broken()
        if broken:
            self.__refuse(broken)

    def __refuse(self, broken: Sequence[Broken]) -> NoReturn:
        raise errors_at(type(self).__name__, self._members.in_python(broken))

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            yield name, self._members.shown(name, value)

    def __repr__(self) -> str:
        return mask_cards(super().__repr__())

    def __str__(self) -> str:
        return mask_cards(super().__str__())

    def __wire_member__(self, wire_name: str) -> Any:
        """The Python value of a member by its wire name, or `MISSING`."""
        for name, alias in self._members.wire_names.items():
            if alias == wire_name:
                return self.__dict__.get(name, MISSING)
        return (self.model_extra or {}).get(wire_name, MISSING)

    @classmethod
    def __takes_null__(cls, name: str) -> bool:
        """Whether None is a value of the member (Python name), and not the lack of one."""
        return name in cls._members.nullable

    @classmethod
    def __wire_accept__(cls, value: Any, mode: Mode) -> Any:
        """The value as a model in a mode; raises ValidationError or PydanticCustomError."""
        if isinstance(value, cls):
            return value.__rebuilt() if mode is Mode.BUILD else value
        if mode is Mode.BUILD:
            if is_mapping(value):
                return cls(**value)
            raise refuse(f"a {cls.__name__} is expected")
        if not is_object(value):
            raise refuse("an object is expected")
        return cls.__request(value) if mode is Mode.REQUEST else cls.__read(value)

    def __rebuilt(self) -> Self:
        """The model itself where the constructor would make the same of its members, else what it makes of them.

        Members may have been put in past it, and an answer is read leniently. Raises ValidationError.
        """
        cls = type(self)
        for violation in self.violations:
            raise error_at(cls.__name__, tokens_of(violation.pointer), f"was read so: {violation.message}")
        for name, value in (self.model_extra or {}).items() if self._additional is not None else ():
            if not any(accepts(self._additional, value, mode) for mode in (Mode.BUILD, Mode.REQUEST)):
                raise error_at(cls.__name__, (name,), "is no further member of this object")
        self.__forget_nulls()
        names = [name for name in self._members.wire_names if name in self.__pydantic_fields_set__]
        given = {name: self.__dict__.get(name) for name in names}
        self.__check_conformity()
        built = cast("Self", self.__pydantic_validator__.validate_python(given, context=Mode.BUILD))
        if all(type(vars(built)[name]) is type(value) and vars(built)[name] == value for name, value in given.items()):
            return self
        object.__setattr__(built, "__pydantic_extra__", self.model_extra)
        built.__pydantic_fields_set__.update(self.__pydantic_fields_set__)
        return built

    @classmethod
    def __from_wire_names(cls, data: dict[str, Any], mode: Mode) -> Self:
        validate = cls.__pydantic_validator__.validate_python
        model = cast("Self", validate(data, by_alias=True, by_name=False, extra="allow", context=mode))
        # To pydantic a further member that is called like an attribute sets that attribute.
        aliases = cls._members.wire_names
        model.__pydantic_fields_set__.difference_update(
            name for name in model.model_extra or () if name in aliases and aliases[name] not in data
        )
        return model

    @classmethod
    def __request(cls, data: dict[str, Any]) -> Self:
        data = cls._members.receivable(data)
        model = cls.__from_wire_names(data, Mode.REQUEST)
        for name in model.__forget_nulls():
            raise error_at(cls.__name__, (cls._members.wire_names[name],), "null is not allowed")
        for violation in cls._members.missing_constants(data):
            raise error_at(cls.__name__, tokens_of(violation.pointer), violation.message)
        broken = cls._members.breaches(data)
        if broken:
            raise errors_at(cls.__name__, broken)
        model.__check_additional(Mode.REQUEST)
        return model

    def __check_additional(self, mode: Mode, only: str | None = None) -> None:
        """Members without a name in the contract have its type for them; wire names of others are refused."""
        if self._additional is None or not self.model_extra:
            return
        accept = validator_of(self._additional)
        named = set(self._members.wire_names.values())
        for name, value in self.model_extra.items():
            if only not in (None, name):
                continue
            if name in named:
                raise error_at(type(self).__name__, (name,), "a member of its own takes this value")
            try:
                self.model_extra[name] = accept(value, mode)
            except (ValidationError, PydanticCustomError) as error:
                message = f"is no further member of this object: {type(error).__name__}"
                raise error_at(type(self).__name__, (name,), message) from None

    @classmethod
    def __read(cls, data: dict[str, Any]) -> Self:
        try:
            model = cls.__from_wire_names(data, Mode.READ)
        except ValidationError:
            return cls.__salvage(data)
        noted = [null_at(cls._members.wire_names[name]) for name in model.__forget_nulls()]
        noted += [*cls._members.missing_constants(data), *cls._members.noted(data)]
        if cls._additional is not None and model.model_extra:
            salvage_further(cls._additional, model.model_extra, noted)
        model.__note(noted)
        return model

    @classmethod
    def __salvage(cls, data: dict[str, Any]) -> Self:
        model = cls.__new__(cls)
        members: dict[str, Any] = {}
        names = set(cls._members.wire_names.values())
        extra = {name: value for name, value in data.items() if name not in names}
        for slot, content in (
            ("__dict__", members),
            ("__pydantic_fields_set__", set[str]()),
            ("__pydantic_extra__", extra),
        ):
            object.__setattr__(model, slot, content)
        object.__setattr__(model, "__pydantic_private__", None)
        noted: list[Violation] = []
        for name, field in cls.model_fields.items():
            alias = cls._members.wire_names[name]
            raw = data.get(alias, MISSING)
            if raw is None and name in cls._members.not_null:
                noted.append(null_at(alias))
            elif raw is not MISSING and salvage_member(model, name, alias, raw, noted):
                continue
            elif raw is MISSING and (field.is_required() or name in cls._members.constants):
                noted.append(Violation(pointer_of((alias,)), "is missing"))
            if not field.is_required() and (raw is None or raw is MISSING):
                vars(model)[name] = field.get_default(call_default_factory=True)
        noted += cls._members.noted(data)
        if cls._additional is not None:
            salvage_further(cls._additional, extra, noted)
        model.__note(noted)
        return model

    def __note(self, violations: Sequence[Violation]) -> None:
        if violations:
            vars(self)[_NOTED] = tuple(violations)

    def __forget_nulls(self) -> list[str]:
        """Members that are None without being nullable count as not set."""
        members, is_set = self.__dict__, self.__pydantic_fields_set__
        forgotten = [name for name in self._members.not_null if name in is_set and members.get(name) is None]
        is_set.difference_update(forgotten)
        return forgotten


def member_at(value: Any, pointer: str) -> Any:
    """The Python value at a JSON Pointer of the wire form of a model, or `MISSING`."""
    for token in tokens_of(pointer):
        value = value.__wire_member__(token) if isinstance(value, Model) else get(value, pointer_of((token,)))
        if value is MISSING:
            return MISSING
    return value


class _Unwritable(TypeError):
    """Names its member already."""
