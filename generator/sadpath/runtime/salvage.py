"""Reads of one member what can be read of it, and collects the violations that the models inside a value have noted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from .pointers import MISSING, get, pointer_of
from .references import validator_of
from .trees import is_array, is_object, is_sequence
from .validation import Mode, SalvagedList, Violation, details_of, pointer_in


class _Noting(Protocol):
    """A model, as far as it is needed here."""

    @property
    def violations(self) -> tuple[Violation, ...]: ...


def null_at(alias: str) -> Violation:
    """The violation of a member that is null where null is no value of it."""
    return Violation(pointer_of((alias,)), "null is not allowed")


def why_missing(noted: Sequence[Violation], alias: str) -> str:
    """Why a member (wire name) is not there: what was noted of it, or that it did not come."""
    pointer = pointer_of((alias,))
    found = (one for one in noted if f"{one.pointer}/".startswith(f"{pointer}/"))
    return next(map(str, found), "the member is not there")


def salvage_member(model: BaseModel, name: str, alias: str, raw: Any, noted: list[Violation]) -> bool:
    """Set a member of a model to what can be read of it, and note what cannot; whether it is set."""
    assign = model.__pydantic_validator__.validate_assignment
    try:
        assign(model, name, raw, context=Mode.READ)
        return True
    except ValidationError as error:
        for detail in details_of(error):
            location = (alias, *detail["loc"][1:])
            value = get({alias: raw}, pointer_in(location))
            noted.append(Violation(pointer_in(location), detail["msg"], None if value is MISSING else value))
    try:
        assign(model, name, raw, context=Mode.SALVAGE)
    except ValidationError:
        return False
    return True


def salvage_further(annotation: Any, further: dict[str, Any], noted: list[Violation]) -> None:
    """Put what can be read of members without a name in the contract in their place; the rest stays as it came, and is noted."""
    accept = validator_of(annotation)
    for name, raw in further.items():
        try:
            further[name] = accept(raw, Mode.READ)
            continue
        except ValidationError as error:
            found = [((name, *detail["loc"]), detail["msg"]) for detail in details_of(error)]
        except PydanticCustomError as error:
            found = [((name,), error.message())]
        known = {one.pointer for one in noted}
        for location, message in found:
            if pointer_in(location) in known:
                # What the object must fit as a whole says it already.
                continue
            value = get({name: raw}, pointer_in(location))
            noted.append(Violation(pointer_in(location), message, None if value is MISSING else value))
        with contextlib.suppress(ValidationError, PydanticCustomError):
            further[name] = accept(raw, Mode.SALVAGE)


def violations_in(value: Any, pointer: str) -> Iterator[Violation]:
    """What the models in a value have noted, below a pointer."""
    if isinstance(value, BaseModel) and hasattr(type(value), "violations"):
        for found in cast("_Noting", value).violations:
            yield Violation(pointer + found.pointer, found.message, found.value)
    elif is_sequence(value):
        places = value.places if is_array(value) and isinstance(value, SalvagedList) else ()
        for place, item in enumerate(value):
            yield from violations_in(item, f"{pointer}/{places[place] if place < len(places) else place}")
    elif is_object(value):
        for name, item in value.items():
            yield from violations_in(item, pointer + pointer_of((name,)))
