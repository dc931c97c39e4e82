"""Errors of a derived catalog: one for each status that is documented, and one for each code that the document names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sadpath.catalog.bodies import Body, KnownCode, code_in, codes_of
from sadpath.catalog.derive_formats import FormatOf, Formats
from sadpath.catalog.error_grammar import category_of
from sadpath.catalog.model import CatalogError, Example, HttpMessage, Text
from sadpath.catalog.status_phrases import STATUS_PHRASES
from sadpath.naming.scope import bounded
from sadpath.naming.words import snake
from sadpath.openapi.model import Document, MediaType, Response
from sadpath.openapi.model import Example as DocumentExample
from sadpath.runtime import contract as wire
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
        described = _described(own)
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


_Described = tuple[int, FormatOf, Body, MediaType]
"""A body that a format describes, by its rank among the others."""


def _described(own: Sequence[FormatOf]) -> dict[Place, list[_Described]]:
    """The bodies of one status by the place of their content, each once, however many operations share it."""
    found: defaultdict[Place, list[_Described]] = defaultdict(list)
    pairs = ((form, body, content) for form in own for body, content in form.bodies)
    for rank, (form, body, content) in enumerate(pairs):
        known = found[content.place]
        if all(form is not other or body != same for _, other, same, _ in known):
            known.append((rank, form, body, content))
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
    for _, form, body, content in sorted(found, key=lambda one: one[0]):
        listed = codes_of(body)
        for known in listed:
            if not _repeats(known.value, status):
                entry = _enter(coded, known, form.name, body, status, use)
                entry.shown.update((status,) if len(listed) == 1 else ())
        for example in content.examples:
            _collect_example(example, status, use, (form, body, content), coded, examples)


def _collect_example(
    example: DocumentExample,
    status: str,
    use: Use,
    found: tuple[FormatOf, Body, MediaType],
    coded: dict[str, _Coded],
    examples: dict[str, Example],
) -> None:
    form, body, content = found
    if example.value is None:
        return
    code = code_in(body, example.value[0])
    known = code is not None and not _repeats(code, status)
    shown = _shown(example, status, use, content)
    if code is not None and known:
        title = example.summary or None
        entry = _enter(coded, KnownCode(code, title), form.name, body, status, use)
        entry.shown.add(status)
        if shown is not None:
            entry.examples.setdefault(shown.id, shown)
    elif shown is not None and code is None and body is form.bodies[0][0]:
        examples.setdefault(shown.id, shown)


def _repeats(code: str | int, status: str) -> bool:
    """Whether a code says the status once more and nothing else."""
    return str(code) == status or (status.isdigit() and isinstance(code, int) and 400 <= code <= 599)


def _enter(coded: dict[str, _Coded], known: KnownCode, form: str, body: Body, status: str, use: Use) -> _Coded:
    key = f"{type(known.value).__name__}:{known.value}:{form}" if _has_rival(coded, known, form) else _key(known)
    entry = coded.setdefault(key, _Coded(known.value, form, body.shape.schema.place))
    entry.statuses.add(status)
    entry.operations.add(use.operation)
    if known.title:
        entry.titles[known.title] = None
    if known.description:
        entry.descriptions[known.description] = None
    return entry


def _key(known: KnownCode) -> str:
    return f"{type(known.value).__name__}:{known.value}"


def _has_rival(coded: Mapping[str, _Coded], known: KnownCode, form: str) -> bool:
    rival = coded.get(_key(known))
    return rival is not None and rival.format != form


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
        statuses, codes=(found.value,), format=found.format, operations=_limited(found.operations, operations)
    )
    title = next(iter(found.titles)) if len(found.titles) == 1 else str(found.value)
    described = next(iter(found.descriptions)) if len(found.descriptions) == 1 else ""
    contract = _contract(id, statuses, match, title)
    return _error(found.place, contract, title, described, tuple(found.examples.values()))


def _contract(id: str, statuses: tuple[str, ...], match: wire.Match, title: str) -> wire.ErrorContract:
    opens = {_is_open(status) for status in statuses}
    categories = {category_of((status,)) for status in statuses}
    varies = any(status in _MIXED for status in statuses)
    settled = opens == {False} and not varies
    return wire.ErrorContract(
        id=id,
        match=match,
        category=next(iter(categories)) if len(categories) == 1 else "unknown",
        fault="server" if all(status.startswith("5") for status in statuses) else "client",
        outcome=wire.Outcome.REJECTED if settled else None,
        advice=wire.Advice("fix" if settled or statuses == ("4XX",) else "repeat"),
        title=title,
        outcome_by_status=bool(match.codes) or varies,
    )


_MIXED: Final = ("default", "4XX")
"""What stands for statuses that leave open what happened, and for others that do not."""


def _is_open(status: str) -> bool:
    """Whether a status leaves open what happened; 408 and 409 too: the request timed out, or met itself being processed."""
    return status.startswith("5") or status in ("408", "409")


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
