"""Errors of a derived catalog: one for each status that is documented, and one for each code that the document names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Final

from sadpath.catalog.bodies import Body
from sadpath.catalog.derive_formats import FormatOf, Formats
from sadpath.catalog.known_codes import ItemCodes, KnownCode, code_in, codes_of, item_code_in, item_codes_of
from sadpath.catalog.model import CatalogError, Example, HttpMessage, Text
from sadpath.catalog.status_phrases import STATUS_PHRASES
from sadpath.naming.scope import bounded
from sadpath.naming.words import snake
from sadpath.openapi.model import Document, MediaType, Response
from sadpath.openapi.model import Example as DocumentExample
from sadpath.runtime import contract as wire
from sadpath.runtime.frozen import dataclass
from sadpath.runtime.statuses import UNSETTLED, all_pass, category_of
from sadpath.runtime.wire import write_json
from sadpath.source.place import Place


@dataclass(frozen=True, slots=True)
class Use:
    """A response of an operation."""

    operation: str
    response: Response


@dataclass(slots=True)
class _Coded:
    """A code, wherever the document names it."""

    value: str | int
    format: str
    place: Place
    statuses: set[str] = field(default_factory=set[str])
    shown: set[str] = field(default_factory=set[str])
    """The statuses that something ties it to: a body that has no other code, or an example."""
    operations: set[str] = field(default_factory=set[str])
    titles: dict[str, None] = field(default_factory=dict[str, None])
    descriptions: dict[str, None] = field(default_factory=dict[str, None])
    examples: dict[str, Example] = field(default_factory=dict[str, Example])
    at: str | None = None
    """The pointer of the code, where it is that of the first fault that a body lists."""
    beside: set[str | int] = field(default_factory=set[str | int])
    """The codes that the whole body then has."""


def derive_errors(
    by_status: Mapping[str, Sequence[Use]], operations: int, document: Document, formats: Formats
) -> tuple[CatalogError, ...]:
    """Every error: those known by their status alone, by status, and then those known by a code, by code."""
    found: list[CatalogError] = []
    coded: dict[str, _Coded] = {}
    for status in sorted(by_status):
        uses = sorted(by_status[status], key=lambda use: use.operation)
        own = formats.of(status, [use.response for use in uses])
        used = _limited({use.operation for use in uses}, operations)
        examples: dict[str, Example] = {}
        described = _described(own, document)
        for use in uses:
            _collect(status, use, described, coded, examples)
        found.append(_by_status(status, uses, used, own[0].name if own else None, tuple(examples.values())))
    by_id = {error.contract.id: error for error in found}
    ids = set(by_id)
    for key in sorted(coded):
        error = _by_code(coded[key], _free_id(coded[key].value, ids), operations)
        found.append(replace(error, parent=_parent(error.contract.match, by_id)))
    return tuple(found)


def _parent(match: wire.Match, by_id: Mapping[str, CatalogError]) -> str | None:
    """The error of the one status that a code comes with, where both read the same members."""
    parent = by_id[status_id(match.statuses[0])].contract
    return parent.id if len(match.statuses) == 1 and parent.match.format == match.format else None


def _limited(found: set[str], operations: int) -> tuple[str, ...]:
    """The operations of an error; empty where it is every one."""
    return () if len(found) == operations else tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Described:
    """A body that a format describes, by its rank among the others, and the codes that its schema lists."""

    rank: int
    form: FormatOf
    body: Body
    content: MediaType
    listed: tuple[KnownCode, ...]
    items: tuple[ItemCodes, ...]


def _described(own: Sequence[FormatOf], document: Document) -> dict[Place, list[_Described]]:
    """The bodies of one status by the place of their content, each once, however many operations share it."""
    found: defaultdict[Place, list[_Described]] = defaultdict(list)
    pairs = ((form, body, content) for form in own for body, content in form.bodies)
    for rank, (form, body, content) in enumerate(pairs):
        known = found[content.place]
        if all(form is not one.form or body != one.body for one in known):
            known.append(_Described(rank, form, body, content, codes_of(body), item_codes_of(body, document)))
    return found


def _collect(
    status: str,
    use: Use,
    described: Mapping[Place, list[_Described]],
    coded: dict[str, _Coded],
    examples: dict[str, Example],
) -> None:
    """Enter what one response says of codes, in its schemas and in its examples."""
    places = dict.fromkeys(content.place for content in use.response.content)
    found = [one for place in places for one in described.get(place, ())]
    for one in sorted(found, key=lambda one: one.rank):
        for known in one.listed:
            if not _repeats(known.value, status):
                entry = _enter(coded, known, one, status, use)
                entry.shown.update((status,) if len(one.listed) == 1 else ())
        for items in one.items:
            for known in items.known:
                _enter(coded, known, one, status, use, items.pointer).shown.add(status)
        for example in one.content.examples:
            _collect_example(example, status, use, one, coded, examples)


def _collect_example(
    example: DocumentExample,
    status: str,
    use: Use,
    found: _Described,
    coded: dict[str, _Coded],
    examples: dict[str, Example],
) -> None:
    if example.value is None:
        return
    shown = _shown(example, status, use, found.content)
    code = code_in(found.body, example.value[0])
    entries = (
        [_enter_example(coded, KnownCode(code, example.summary or None), found, status, use)]
        if (code is not None and not _repeats(code, status))
        else []
    )
    for items in found.items:
        inner = item_code_in(items.pointer, example.value[0])
        if inner is not None:
            entries.append(_enter_example(coded, KnownCode(inner), found, status, use, items.pointer))
    if entries and shown is not None:
        entries[-1].examples.setdefault(shown.id, shown)
    elif shown is not None and code is None and found.body is found.form.bodies[0][0]:
        examples.setdefault(shown.id, shown)


def _enter_example(
    coded: dict[str, _Coded], known: KnownCode, found: _Described, status: str, use: Use, at: str | None = None
) -> _Coded:
    entry = _enter(coded, known, found, status, use, at)
    entry.shown.add(status)
    return entry


def _repeats(code: str | int, status: str) -> bool:
    """Whether a code says the status once more and nothing else."""
    return str(code) == status or (status.isdigit() and isinstance(code, int) and 400 <= code <= 599)


def _enter(
    coded: dict[str, _Coded], known: KnownCode, found: _Described, status: str, use: Use, at: str | None = None
) -> _Coded:
    form = found.form.name
    plain = f"{type(known.value).__name__}:{known.value}" + (f" at {at}" if at is not None else "")
    rival = coded.get(plain)
    key = f"{plain}:{form}" if rival is not None and rival.format != form else plain
    entry = coded.setdefault(key, _Coded(known.value, form, found.body.shape.schema.place, at=at))
    entry.statuses.add(status)
    entry.operations.add(use.operation)
    if at is not None:
        entry.beside.update(one.value for one in found.listed if not _repeats(one.value, status))
    if known.title:
        entry.titles[known.title] = None
    if known.description:
        entry.descriptions[known.description] = None
    return entry


def _shown(example: DocumentExample, status: str, use: Use, content: MediaType) -> Example | None:
    """An example of the document as an answer would carry it; None where it names no one status."""
    if not status.isdigit() or example.value is None:
        return None
    body = write_json(example.value[0]).decode("utf-8", "surrogatepass")
    message = HttpMessage(int(status), (("Content-Type", content.media_type),), body)
    title = Text((("", example.summary),)) if example.summary else Text()
    id = f"{use.operation}-{status}-{example.name}"
    return Example(content.place, id, use.operation, title, message, composed=True)


def _free_id(code: str | int, ids: set[str]) -> str:
    wanted = bounded(snake(_spoken(str(code))) or snake(str(code)) or "code")
    if wanted[0].isdigit():
        wanted = f"code_{wanted}"
    if wanted in ids:
        wanted = f"{wanted}_code"
    name, number = wanted, 2
    while name in ids:
        name, number = f"{wanted}_{number}", number + 1
    ids.add(name)
    return name


def _spoken(code: str) -> str:
    """What a code is called: of a URI, as RFC 9457 has them, its last part."""
    return re.split(r"[/#:]", code.rstrip("/#:"))[-1] if _URI.match(code) else code


_URI: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|urn:|/)")


def status_id(status: str) -> str:
    """The id of the error that is known by its status alone."""
    return snake(_phrase(status)) if status != "default" else "other_failure"


def _phrase(status: str) -> str:
    if status == "default":
        return "any other failure"
    if status.endswith("XX"):
        return {"4": "client error", "5": "server error"}[status[0]]
    return STATUS_PHRASES.get(status, f"status {status}")


def _by_status(
    status: str, uses: Sequence[Use], operations: tuple[str, ...], form: str | None, examples: tuple[Example, ...]
) -> CatalogError:
    descriptions = {use.response.description for use in uses if use.response.description}
    title = _phrase(status)
    contract = _contract(status_id(status), (status,), wire.Match((status,), format=form, operations=operations), title)
    described = next(iter(descriptions)) if len(descriptions) == 1 else ""
    return _error(uses[0].response.place, contract, f"{title[:1].upper()}{title[1:]}", described, examples)


def _by_code(found: _Coded, id: str, operations: int) -> CatalogError:
    # A schema that several statuses share lists the codes of all of them: what ties a code to a status says more.
    statuses = tuple(sorted(found.shown or found.statuses))
    match = wire.Match(
        statuses,
        codes=(found.value,) if found.at is None else tuple(sorted(found.beside, key=str)),
        format=found.format,
        when=(_first_fault(found.at, found.value),) if found.at is not None else (),
        operations=_limited(found.operations, operations),
    )
    title = next(iter(found.titles)) if len(found.titles) == 1 else str(found.value)
    described = next(iter(found.descriptions)) if len(found.descriptions) == 1 else ""
    contract = _contract(id, statuses, match, title)
    return _error(found.place, contract, title, described, tuple(found.examples.values()))


def _first_fault(pointer: str, code: str | int) -> wire.Predicate:
    kind: wire.ValueType = "integer" if isinstance(code, int) else "string"
    return wire.Predicate(wire.Selector(body=pointer, type=kind), "equals", code)


def _contract(id: str, statuses: tuple[str, ...], match: wire.Match, title: str) -> wire.ErrorContract:
    opens = {_is_open(status) for status in statuses}
    categories = {category_of(status) for status in statuses}
    varies = any(status in _MIXED for status in statuses)
    settled = opens == {False} and not varies
    fixed = (settled and not all_pass(statuses)) or statuses == ("4XX",)
    by_status = bool(match.codes or match.when) or varies
    return wire.ErrorContract(
        id=id,
        match=match,
        category=next(iter(categories)) if len(categories) == 1 else "unknown",
        fault="server" if all(status.startswith("5") for status in statuses) else "client",
        outcome=wire.Outcome.REJECTED if settled else None,
        advice=wire.Advice("fix" if fixed else "repeat"),
        title=title,
        outcome_by_status=by_status,
        advice_by_status=by_status,
    )


_MIXED: Final = ("default", "4XX")
"""What stands for statuses that leave open what happened, and for others that do not."""


def _is_open(status: str) -> bool:
    """Whether a status leaves open what happened; 408 and 409 too: the request timed out, or met itself being processed."""
    return status.startswith("5") or (status.isdigit() and int(status) in UNSETTLED)


def _error(
    place: Place, contract: wire.ErrorContract, title: str, description: str, examples: tuple[Example, ...]
) -> CatalogError:
    return CatalogError(
        place=place,
        contract=contract,
        class_name=None,
        title=Text((("", title),)),
        description=Text((("", description),) if description else ()),
        causes=(),
        remedies=(),
        payer=Text(),
        payer_never=False,
        source=(),
        certainty="documented",
        advice_certainty="assumed",
        since=None,
        deprecated=Text(),
        replaced_by=None,
        examples=examples,
    )
