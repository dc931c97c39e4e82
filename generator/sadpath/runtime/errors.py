"""The base of every generated exception, the field-level errors it carries, and the registry of one API's failures."""

from __future__ import annotations

import copy
import dataclasses
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Final, Self, TypeVar

from .categories import under_status
from .contract import Advice, ApiContract, ErrorContract, FamilyContract, Outcome, Phase
from .frozen import dataclass
from .headers import Headers
from .outcomes import Failure, OutcomeUnknown
from .payer import PayerMessage, payer_message
from .redaction import mask_bytes, mask_cards, mask_tree, mask_value, printable
from .tokens import ResumeToken
from .trees import is_sequence

BODY_LIMIT: Final = 64 * 1024
"""So many bytes of a failure's body stay on its exception."""

_NOTES: Final = 20
_NOTE_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True, eq=True)
class FieldError:
    """What is wrong with one field of the request.

    `field` names the field where the API says which; `values` holds the documented members; `raw` is the item as it came.
    """

    field: str | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    raw: Any = None

    def __hash__(self) -> int:
        return hash((self.field, frozenset(self.values)))

    def __repr__(self) -> str:
        return mask_cards(f"FieldError(field={self.field!r}, values={dict(self.values)!r})")

    def masked(self) -> FieldError:
        """The same without card numbers."""
        values = {name: mask_value(value) for name, value in self.values.items()}
        return FieldError(mask_tree(self.field), values, mask_tree(self.raw))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything that is known about one failure."""

    status: int | None = None
    code: str | int | None = None
    message: str | None = None
    headers: Headers = dataclasses.field(default_factory=Headers)
    body: bytes = b""
    attributes: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    items: tuple[FieldError, ...] = ()
    idempotency_key: str | None = None
    operation: str | None = None
    outcome: Outcome = Outcome.REJECTED
    advice: Advice = dataclasses.field(default_factory=lambda: Advice("stop"))
    violations: tuple[str, ...] = ()
    retry_after: float | None = None
    support_reference: str | None = None
    attempts: int = 1
    blamed_field: str | None = None
    phase: Phase | None = None
    identifiers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    resume_token: ResumeToken | None = None
    wire: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    """The attributes as they stood on the wire."""

    def masked(self) -> Circumstances:
        """The same without card numbers.

        The idempotency key and the support reference stay as they are, since they are of no use otherwise, and no
        contract has a card number in either. Numbers of documented attributes keep their types.
        """
        return replace(
            self,
            code=mask_tree(self.code),
            message=mask_tree(self.message),
            headers=self.headers.masked(),
            body=mask_bytes(self.body),
            attributes={name: self.__masked(value) for name, value in self.attributes.items()},
            items=tuple(item.masked() for item in self.items),
            violations=mask_tree(self.violations),
            blamed_field=mask_tree(self.blamed_field),
            identifiers=mask_tree(self.identifiers),
            wire={name: self.__masked_raw(name, raw) for name, raw in self.wire.items()},
        )

    def __masked(self, value: Any) -> Any:
        return value if value is not None and value == self.support_reference else mask_value(value)

    def __masked_raw(self, name: str, raw: Any) -> Any:
        """What stood for a text, or could not be read, is masked even where it was a number."""
        typed = isinstance(self.attributes.get(name), int | Decimal | timedelta)
        return self.__masked(raw) if typed or isinstance(raw, str) else mask_tree(raw)


_ORIGINS: Final[weakref.WeakKeyDictionary[Failure, Any]] = weakref.WeakKeyDictionary()
_ORIGINS_LOCK: Final = threading.Lock()


class ApiError(Failure):
    """A failure of an API.

    A client makes it from an answer; a handler of a server makes it from a message and the attributes of its class.
    """

    contract: ClassVar[ErrorContract | None] = None
    """The catalog's entry; None where the contract does not describe the failure."""

    _described: ClassVar[type[ApiError] | None] = None
    """The class of the package, where this one was made of it, to be caught by the status, too."""

    items: tuple[FieldError, ...]
    """What is wrong with single fields."""

    def __init__(
        self,
        message: str | None = None,
        *,
        attributes: Mapping[str, Any] | None = None,
        items: Sequence[FieldError] = (),
        code: str | int | None = None,
        status: int | None = None,
    ) -> None:
        contract = self.contract
        outcome = contract.outcome if contract is not None else Outcome.REJECTED
        if outcome is None or isinstance(self, OutcomeUnknown):
            # What follows from the effect is open as long as nobody knows which operation it was.
            outcome = Outcome.UNKNOWN
        if code is None and contract is not None and len(contract.match.codes) == 1:
            code = contract.match.codes[0]
        self.__assume(
            Circumstances(
                status=status,
                code=code,
                message=message,
                attributes=dict(attributes or {}),
                items=tuple(items),
                outcome=outcome,
                advice=contract.advice if contract is not None else Advice("stop"),
                retry_after=_seconds((attributes or {}).get("retry_after")),
            )
        )

    @classmethod
    def of(cls, circumstances: Circumstances) -> Self:
        """The exception of what is known, without the constructor of the class."""
        error = cls.__new__(cls)
        error.__assume(circumstances)
        return error

    def __assume(self, known: Circumstances) -> None:
        Exception.__init__(self, printable(known.message or ""))
        for name in _PLAIN_MEMBERS:
            setattr(self, name, getattr(known, name))
        self._attributes: dict[str, Any] = {}
        self._wire = dict(known.wire)
        for name, value in known.attributes.items():
            self.set_attribute(name, value)

    def set_attribute(self, name: str, value: Any) -> None:
        """Set an attribute; one whose name means something else on every failure is found in `attributes` alone."""
        self._attributes[name] = value
        if name not in RESERVED_ATTRIBUTES:
            setattr(self, name, value)

    @property
    def resume_token(
        self,
    ) -> ResumeToken | None:
        """Where something is left to find out: what another process needs for it. Store its text beside the order."""
        origin = self.origin
        return self._token if origin is None else origin.token(self.outcome, self.support_reference)

    @resume_token.setter
    def resume_token(self, token: ResumeToken | None) -> None:
        self._token = token

    def set_origin(self, origin: Any) -> None:
        """Keep what `resolve` starts from; it stays in this process, and beside the exception: who stores one stores no request."""
        with _ORIGINS_LOCK:
            _ORIGINS[self] = origin

    @property
    def origin(self) -> Any:
        """What `resolve` starts from; None where the exception comes from another process, or from no client."""
        with _ORIGINS_LOCK:
            return _ORIGINS.get(self)

    def by_field(self) -> dict[str, tuple[FieldError, ...]]:
        """What is wrong, by the field of the request; what no field is named for is under the empty text."""
        found: dict[str, tuple[FieldError, ...]] = {}
        for item in self.__field_errors():
            name = item.field or ""
            found[name] = (*found.get(name, ()), item)
        return found

    def __field_errors(self) -> Iterable[FieldError]:
        yield from self.items
        if self.blamed_field is not None:
            yield FieldError(self.blamed_field, {"message": self.message}, None)

    def payer_message(self, locale: str | None = None) -> PayerMessage | None:
        """What the payer may be shown, in the locale where the catalog has it, else in its own; None where it has no text."""
        if self.contract is None:
            return None
        return payer_message(self.contract, locale, next(iter(self.contract.payer_texts), ""))

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of this failure by their names in the catalog."""
        members = self.__dict__
        return {
            name: value if name in RESERVED_ATTRIBUTES else members.get(name)
            for name, value in self._attributes.items()
        }

    @property
    def circumstances(self) -> Circumstances:
        """Everything that is known, as one value."""
        members = {name: getattr(self, name) for name in _PLAIN_MEMBERS}
        return Circumstances(**members, attributes=self.attributes, wire=self._wire)

    def __str__(self) -> str:
        tag = " ".join(str(part) for part in (self.status, self.code) if part is not None)
        text = self.message or (self.contract.title if self.contract is not None else next(iter(self.violations), ""))
        facts = [f"outcome {self.outcome.value}"]
        if self.operation:
            facts.insert(0, f"operation {self.operation}")
        if self.support_reference:
            facts.append(f"support reference {printable(self.support_reference, 100)}")
        return (
            f"{f'[{printable(tag, 100)}] ' if tag else ''}{printable(text or type(self).__name__)} ({', '.join(facts)})"
        )

    def __repr__(self) -> str:
        shown = {"status": self.status, "code": self.code, "message": self.message, "operation": self.operation}
        parts = [
            f"{name}={printable(value)!r}" if isinstance(value, str) else f"{name}={value!r}"
            for name, value in shown.items()
        ]
        return mask_cards(f"{type(self).__name__}({', '.join(parts)}, outcome={self.outcome.value!r})")

    def __reduce__(
        self,
    ) -> tuple[Callable[..., ApiError], tuple[type[ApiError], Circumstances, tuple[str, ...], bool]]:
        notes = tuple(mask_cards(note[: 2 * _NOTE_LENGTH])[:_NOTE_LENGTH] for note in _notes_of(self)[:_NOTES])
        return _rebuild, (
            self._described or type(self),
            self.circumstances.masked(),
            notes,
            self._described is not None,
        )

    def __copy__(self) -> Self:
        copied = _noted(type(self).of(self.circumstances), _notes_of(self))
        copied.set_origin(self.origin)
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        known = self.circumstances
        attributes, items = copy.deepcopy((dict(known.attributes), known.items), memo)
        known = replace(known, attributes=attributes, items=items, wire=copy.deepcopy(dict(known.wire), memo))
        copied = _noted(type(self).of(known), _notes_of(self))
        copied.set_origin(self.origin)
        return copied


def _seconds(value: Any) -> float | None:
    return value.total_seconds() if isinstance(value, timedelta) else None


def _rebuild(
    cls: type[ApiError], circumstances: Circumstances, notes: tuple[str, ...] = (), by_status: bool = False
) -> ApiError:
    return _noted((under_status(cls, circumstances.status) if by_status else cls).of(circumstances), notes)


def _notes_of(error: Exception) -> list[str]:
    """The notes of PEP 678; anybody may have put anything in their place."""
    notes = getattr(error, "__notes__", ())
    return [note for note in notes if isinstance(note, str)] if is_sequence(notes) else []


_E = TypeVar("_E", bound=Exception)


def _noted(error: _E, notes: Iterable[str]) -> _E:
    for note in notes:
        error.add_note(note)
    return error


_PLAIN_MEMBERS: Final = tuple(name for name in Circumstances.__slots__ if name not in ("attributes", "wire"))

RESERVED_ATTRIBUTES: Final[frozenset[str]] = frozenset(
    {*dir(ApiError), *_PLAIN_MEMBERS, "attributes", "wire", "_attributes", "_wire"}
)
"""Names that mean something else on every failure: an attribute of such a name is found in `attributes` alone."""


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The classes of what is no entry of the catalog."""

    unrecognized: type[ApiError]
    unrecognized_unknown: type[ApiError]
    not_sent: type[ApiError]
    answer_lost: type[ApiError]
    answer_lost_unknown: type[ApiError]
    unreadable: type[ApiError]
    unresolved: type[ApiError]
    unresolved_unknown: type[ApiError]
    key_refused: type[ApiError]


@dataclass(frozen=True)
class Registry:
    """All failures of one API: what a client decodes with, and what a server encodes with."""

    api: ApiContract
    root: type[ApiError]
    errors: tuple[type[ApiError], ...]
    families: Mapping[FamilyContract, type[ApiError]]
    unknown_outcomes: Mapping[type[ApiError], type[ApiError]]
    fallbacks: Fallbacks

    @cached_property
    def by_id(self) -> Mapping[str, type[ApiError]]:
        """The class of each entry of the catalog."""
        return {contract_of(cls).id: cls for cls in self.errors}

    def applicable(self, operation: str | None) -> tuple[type[ApiError], ...]:
        """The classes that an operation can answer with, in the catalog's order; all of them for None."""
        found = self._by_operation.get(operation)
        if found is None:
            found = tuple(cls for cls in self.errors if operation is None or _applies(contract_of(cls), operation))
            self._by_operation[operation] = found
        return found

    @cached_property
    def _by_operation(self) -> dict[str | None, tuple[type[ApiError], ...]]:
        return {}


def contract_of(cls: type[ApiError]) -> ErrorContract:
    """The catalog's entry of a class that has one; raises TypeError for others."""
    if cls.contract is None:
        raise TypeError(f"{cls.__name__} is no entry of the catalog")
    return cls.contract


def _applies(contract: ErrorContract, operation: str) -> bool:
    return not contract.match.operations or operation in contract.match.operations


def unknown_variant(registry: Registry, cls: type[ApiError]) -> type[ApiError]:
    """The class to raise for `cls` when the outcome is unknown."""
    return cls if issubclass(cls, OutcomeUnknown) else registry.unknown_outcomes.get(cls, cls)


def is_opt_in(failure: ApiError) -> bool:
    """Whether the contract raises it on demand alone, and it is a success otherwise."""
    return failure.contract is not None and failure.contract.raised == "opt_in"
