"""An exception to the HTTP answer that it is: the writing half of the contract."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from .answers import Answer
from .challenges import Challenge, format_challenge
from .contract import Attribute, ErrorContract, Format, OperationContract, Outcome, Predicate, Selector, Unit
from .errors import RESERVED_ATTRIBUTES, ApiError, FieldError, Registry, contract_of
from .headers import Headers
from .media import is_json
from .pointers import MISSING, get, put, tokens_of
from .trees import is_object
from .values import Place, read_value, write_value
from .wire import plain, write_json

_PROBLEM: Final = "application/problem+json"
_NAMING: Final = frozenset({"field", "field_owner"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


class NotDescribed(Exception):
    """The failure is no entry of the catalog: the contract does not say how it looks on the wire."""


def encode_failure(registry: Registry, error: ApiError, operation: OperationContract | None = None) -> Answer:
    """The answer that a client decodes to the same class with the same attributes.

    A required attribute that a server makes (`generate`) is made here where it is not set. Raises NotDescribed.
    """
    form = _format_of(registry, error)
    contract = error.contract
    if contract is None and (form is None or error.code is None):
        raise NotDescribed(type(error).__name__)
    status = _told_status(form, error) or status_of(error, _documented(registry, operation))
    writer = _Writer()
    if form is not None:
        _write_format(writer, form, error, contract)
    if contract is not None:
        _write_attributes(writer, contract.attributes, error, "omit")
        _write_conditions(writer, contract)
    if form is not None:
        _write_problem(writer, form, status, contract)
    for name, value in _constant_headers(contract).items():
        writer.header(name, value)
    return writer.answer(status, form)


def _constant_headers(contract: ErrorContract | None) -> Mapping[str, str]:
    return contract.headers if contract is not None else {}


def _documented(registry: Registry, operation: OperationContract | None) -> frozenset[str]:
    """The statuses that the contract names for an operation, aside from what it says of codes."""
    if operation is None:
        return frozenset()
    matches = (contract_of(cls).match for cls in registry.applicable(operation.id))
    return frozenset(status for match in matches if not match.codes for status in match.statuses)


def status_of(error: ApiError, documented: Collection[str] = ()) -> int:
    """The status that a failure is answered with: its own, the contract's, or what the catalog leaves to the server.

    Of several that the contract names, one that is `documented` for the operation comes first.
    """
    if error.status is not None:
        return error.status
    contract = error.contract
    if contract is None:
        return 400
    stated = [text for text in contract.match.statuses if text.isdigit()]
    if stated:
        return int(next((text for text in stated if text in documented), stated[0]))
    if contract.stub_status is not None:
        return contract.stub_status
    ranges = [int(text[0]) * 100 for text in contract.match.statuses if text[:1].isdigit()]
    if ranges:
        return ranges[0]
    # Only 4xx says that nothing was done: what is settled must not look like a server that broke down.
    open_end = contract.outcome in (None, Outcome.UNKNOWN)
    return 500 if open_end and contract.fault in ("server", "network") else 400


def _tells_status(form: Format | None) -> bool:
    """Whether a body repeats the HTTP status (RFC 9457, section 3.1.2)."""
    told = form.attributes.get("status") if form is not None else None
    return told is not None and told.select.body == "/status" and told.select.type == "integer"


def _told_status(form: Format | None, error: ApiError) -> int | None:
    """The status that a handler has the body tell, where the failure has none of its own."""
    told = error.attributes.get("status") if error.status is None and _tells_status(form) else None
    return told if isinstance(told, int) and 400 <= told <= 599 else None


def _write_problem(writer: _Writer, form: Format, status: int, contract: ErrorContract | None) -> None:
    """The members that a problem has by its kind, where the handler left them out (RFC 9457, section 3.1)."""
    if _tells_status(form) and writer.lacks("/status"):
        writer.member("/status", status)
    title = form.attributes.get("title")
    described = contract is not None and title is not None and title.select.body == "/title"
    if contract is not None and described and _PROBLEM in form.media_types and writer.lacks("/title"):
        writer.member("/title", contract.title)


def _format_of(registry: Registry, error: ApiError) -> Format | None:
    formats = registry.api.formats
    if error.contract is not None:
        return formats.get(error.contract.match.format or "")
    for family, cls in registry.families.items():
        if isinstance(error, cls):
            members = [
                member
                for member in registry.errors
                if issubclass(member, registry.families[family]) and member.contract
            ]
            named = [member.contract.match.format for member in members if member.contract is not None]
            integer = [form for form in formats.values() if form.code is not None and form.code.type == "integer"]
            return formats.get(named[0] or "") if named else next(iter(integer), None)
    return None


class _Writer:
    """Collects the parts of an answer."""

    def __init__(self) -> None:
        self.tree: Any = MISSING
        self.lines: list[tuple[str, str]] = []
        self.challenges: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def put(self, selector: Selector, value: Any, raw: Any = MISSING) -> None:
        """Write a Python value where the selector reads it; `raw` is what already has the wire's form."""
        if selector.request is not None or selector.const is not None:
            return
        place: Place = "body" if selector.body is not None else "text"
        written = raw if raw is not MISSING else write_value(value, selector.type, selector.unit, place)
        if selector.auth is not None:
            key = (selector.header or "WWW-Authenticate", selector.scheme or "Bearer")
            self.challenges.setdefault(key, []).append((selector.auth, written))
        elif selector.header is not None:
            self.header(selector.header, str(written))
        elif selector.body is not None:
            self.member(selector.body, written)

    def member(self, pointer: str, value: Any) -> None:
        self.tree = put({} if self.tree is MISSING else self.tree, pointer, plain(value))

    def lacks(self, pointer: str) -> bool:
        present = get(self.tree, pointer) if self.tree is not MISSING else MISSING
        return present is MISSING or present is None

    def header(self, name: str, value: str) -> None:
        self.lines.append((name, header_text(value)))

    def answer(self, status: int, form: Format | None) -> Answer:
        lines = list(self.lines)
        for (header, scheme), parameters in self.challenges.items():
            lines.append((header, format_challenge(Challenge(scheme, tuple(parameters)))))
        if self.tree is MISSING:
            return Answer(status, Headers(lines))
        order = form.order if form is not None else ()
        media_type = next(
            (kind for kind in (form.media_types if form is not None else ()) if is_json(kind)), "application/json"
        )
        body = write_json(_ordered(self.tree, order))
        return Answer(status, Headers([("Content-Type", media_type), *lines]), body)


def header_text(value: str) -> str:
    """A field value that cannot break out of its line; what ISO 8859-1 does not have becomes `?`."""
    return _CONTROL.sub(" ", value).strip().encode("latin-1", "replace").decode("latin-1")


def _write_format(writer: _Writer, form: Format, error: ApiError, contract: ErrorContract | None) -> None:
    for pointer, value in form.constants.items():
        writer.member(pointer, value)
    code = error.code
    if code is None and contract is not None:
        code = next(iter(contract.match.codes), contract.stub_code)
    if form.code is not None and code is not None:
        # The code goes out as it came; a code of our own has the type of the catalog.
        writer.put(form.code, code, raw=code if form.code.body is not None else str(code))
    if form.message is not None and error.message is not None:
        writer.put(form.message, error.message)
    elif form.message is not None and form.message.body is not None and form.null == "write":
        writer.member(form.message.body, None)
    _write_attributes(writer, form.attributes, error, form.null)
    if form.items is not None and error.items:
        writer.member(form.items.at, [_item(form.items.fields, item) for item in error.items])


def _write_attributes(writer: _Writer, described: Mapping[str, Attribute], error: ApiError, null: str) -> None:
    wire: Mapping[str, Any] = error.circumstances.wire
    for name, attribute in described.items():
        value = error.attributes.get(name) if name in RESERVED_ATTRIBUTES else getattr(error, name, None)
        if value is None and attribute.required and attribute.generate == "uuid4":
            value = str(uuid.uuid4())
            error.set_attribute(name, value)
        if value is not None:
            writer.put(attribute.select, value, raw=_unchanged(attribute, value, wire.get(name, MISSING)))
        elif null == "write" and attribute.select.body is not None:
            writer.member(attribute.select.body, None)


def _unchanged(attribute: Attribute, value: Any, raw: Any) -> Any:
    """What stood on the wire, where it still says the same: a server that passes a failure on changes no form of a number."""
    try:
        same = raw is not MISSING and read_value(raw, attribute.select.type, attribute.select.unit) == value
    except (ValueError, TypeError):
        same = False
    return raw if same else MISSING


def _write_conditions(writer: _Writer, contract: ErrorContract) -> None:
    """What the entry is told by has to be in the answer, and where that is a body, there has to be one."""
    for predicate in contract.match.when:
        pointer = predicate.select.body
        if pointer is None or predicate.test not in ("equals", "in", "matches"):
            continue
        if writer.tree is MISSING:
            writer.tree = {}
        wanted = _told_by(predicate)
        if wanted is not MISSING and get(writer.tree, pointer) is MISSING:
            writer.member(pointer, wanted)


def _told_by(predicate: Predicate) -> Any:
    """A value that makes the condition true, where one is known; a text that must not match is the empty one if it may be."""
    if predicate.test == "matches":
        is_empty = predicate.negate and not re.search(str(predicate.value), "")
        return "" if is_empty else MISSING
    if predicate.negate:
        return MISSING
    return predicate.value if predicate.test == "equals" else next(iter(predicate.value), None)


def _item(fields: Mapping[str, Attribute], item: FieldError) -> Any:
    if item.raw is not None:
        return item.raw
    values = {name: value for name, value in item.values.items() if value is not None}
    if item.field is not None and not any(fields[name].role in _NAMING for name in values if name in fields):
        values |= naming_members(fields, item.field)
    tree: Any = {}
    for name, attribute in fields.items():
        if name in values and attribute.select.body is not None:
            tree = put(tree, attribute.select.body, plain(_body_value(values[name], attribute)))
    return tree


def naming_members(fields: Mapping[str, Attribute], field: str) -> dict[str, str]:
    """The members of an item that name a field: each that can, or one beside the field's owner where the two are parted."""
    named = [name for name, attribute in fields.items() if attribute.role == "field"]
    owner = next((name for name, attribute in fields.items() if attribute.role == "field_owner"), None)
    of, dot, rest = field.partition(".")
    return {owner: of, named[0]: rest} if owner is not None and named and dot else dict.fromkeys(named, field)


def _body_value(value: Any, attribute: Attribute) -> Any:
    unit: Unit = attribute.select.unit
    return write_value(value, attribute.select.type, unit, "body")


def _ordered(tree: Any, order: tuple[str, ...]) -> Any:
    return _sorted_members(tree, {tokens_of(pointer): place for place, pointer in enumerate(order)}, ())


def _sorted_members(tree: Any, order: Mapping[tuple[str, ...], int], at: tuple[str, ...]) -> Any:
    if not is_object(tree):
        return tree
    members = tree
    ranked = sorted(members, key=lambda name: _rank(order, (*at, name)))
    return {name: _sorted_members(members[name], order, (*at, name)) for name in ranked}


def _rank(order: Mapping[tuple[str, ...], int], tokens: tuple[str, ...]) -> int:
    """The place of a member, or of the first of its own members that has one."""
    inside = [place for listed, place in order.items() if listed[: len(tokens)] == tokens]
    return min(inside, default=len(order))
