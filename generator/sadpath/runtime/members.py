"""What a model knows of its members by their annotations: wire names, what null means, what is secret or constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self, get_args

from pydantic.fields import FieldInfo

from .assertions import Broken, breaches
from .constraints import CONSTANT, NULLABLE, STATED, is_secret
from .frozen import dataclass
from .pointers import MISSING, get, pointer_of
from .validation import Violation


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one model, by their Python names."""

    wire_names: Mapping[str, str]
    not_null: frozenset[str]
    """None is no value of these, and stands for a member that is not set."""
    null_leaves_out: frozenset[str]
    """None in the constructor leaves these out."""
    nullable: frozenset[str]
    secret: frozenset[str]
    """Python names of what is not shown, and wire names that no answer should hold."""
    secret_further: bool
    """Whether no member without a name in the contract is shown."""
    read_only: frozenset[str]
    """Wire names that a server passes over in a request."""
    constants: Mapping[str, Any]
    """Required members of one value alone, with that value."""
    stated: Mapping[str, Any]
    """What an object that is built has without being given it: `constants`, and those that could be left out."""
    closed: bool
    """Whether further members are forbidden."""
    conforms: Any
    """The fragment of JSON Schema that the object must fit on the wire; None where there is none."""

    @classmethod
    def of(
        cls,
        fields: Mapping[str, FieldInfo],
        *,
        closed: bool = False,
        conforms: Any = None,
        additional: Any = None,
        one_way: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> Self:
        """The members that pydantic has found in a class; `one_way` are the wire names that only answers, and only requests have."""
        wire_names = {
            name: (name if field.serialization_alias is None else field.serialization_alias)
            for name, field in fields.items()
        }
        constants = {name: field.default for name, field in fields.items() if CONSTANT in field.metadata}
        one_way_names = {*one_way[0], *one_way[1]}
        return cls(
            wire_names=wire_names,
            not_null=frozenset(
                name
                for name, field in fields.items()
                if type(None) in get_args(field.annotation) and NULLABLE not in field.metadata
            ),
            null_leaves_out=frozenset(
                name for name, field in fields.items() if not field.is_required() and NULLABLE not in field.metadata
            ),
            nullable=frozenset(name for name, field in fields.items() if NULLABLE in field.metadata),
            secret=frozenset(name for name, field in fields.items() if is_secret(field.annotation, field.metadata))
            | frozenset(one_way[1]),
            secret_further=is_secret(additional, getattr(additional, "__metadata__", ())),
            read_only=frozenset(one_way[0]),
            constants=constants,
            stated=constants
            | {
                name: field.default
                for name, field in fields.items()
                if STATED in field.metadata and wire_names[name] not in one_way_names
            },
            closed=closed,
            conforms=conforms,
        )

    def in_python(self, broken: Sequence[Broken]) -> list[Broken]:
        """The same with the Python names of members, for who builds the object; the rest keeps its wire name."""
        names = {alias: name for name, alias in self.wire_names.items()}
        return [((names.get(str(place[0]), place[0]), *place[1:]) if place else (), text) for place, text in broken]

    def shown(self, name: str | None, value: Any) -> Any:
        """The value of a member (Python name, or the wire name of a further one) as text forms show it."""
        hides = name in self.secret or (self.secret_further and name not in self.wire_names)
        return "***" if hides and value is not None else value

    def receivable(self, data: dict[str, Any]) -> dict[str, Any]:
        """A request without what only answers have; a server ignores that (OpenAPI, `readOnly`)."""
        if self.read_only.isdisjoint(data):
            return data
        return {name: value for name, value in data.items() if name not in self.read_only}

    def missing_constants(self, data: Mapping[str, Any]) -> list[Violation]:
        """The constants that an object from the wire should hold, as it need not say what is always the same."""
        aliases = [self.wire_names[name] for name in self.constants]
        return [Violation(pointer_of((alias,)), "is missing") for alias in aliases if alias not in data]

    def breaches(self, data: Mapping[str, Any]) -> list[Broken]:
        """What an object from the wire breaks as a whole."""
        named = set(self.wire_names.values())
        unknown: list[Broken] = [((name,), "is not allowed here") for name in data if self.closed and name not in named]
        return unknown if self.conforms is None else unknown + breaches(self.conforms, data)

    def noted(self, data: Mapping[str, Any]) -> list[Violation]:
        """`breaches` as violations, with what stands at their places."""
        found = [(pointer_of(place), message) for place, message in self.breaches(data)]
        values = [get(data, pointer) if pointer else None for pointer, _ in found]
        return [
            Violation(pointer, message, None if value is MISSING else value)
            for (pointer, message), value in zip(found, values, strict=True)
        ]
