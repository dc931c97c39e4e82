"""Asks, at each place of a draft, what neither the document nor a table says; the answer that is assumed is the careful one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sadpath.catalog.model import Catalog
from sadpath.naming.words import words
from sadpath.openapi.model import Document, Operation, Response
from sadpath.scaffold.blocks import one_line
from sadpath.scaffold.draft import Draft, DraftOperation, Entry
from sadpath.scaffold.money_words import money_in, money_of_read, spoken_of
from sadpath.scaffold.outcome_words import is_of_before, is_refused, is_unsure

_EFFECTS: Final = {"PUT": "idempotent", "DELETE": "idempotent"}
_READS: Final = frozenset("GET HEAD OPTIONS TRACE QUERY".split())
_ASKING: Final = frozenset(
    "search list find query get read lookup validate calculate estimate preview check quote".split()
)
_PAYER: Final = frozenset(
    "declined decline insufficient funds expired cvv cvc stolen lost fraud restricted balance refused limit blocked".split()
)
_OPEN_STATUSES: Final = frozenset({"408", "409", "425", "4XX", "default"})
_NAMED: Final = re.compile(r"`([A-Za-z][\w.-]{2,60})`")
_SPEAKS_OF_CODES: Final = re.compile(r"\b(error|errors|reason|failure|status)?\s?codes?\b|код\w* ошиб", re.I)
_KEY_HEADER: Final = re.compile(r"request.?id|idempot|dedup|client.?token|nonce", re.I)


def ask(draft: Draft, document: Document | None, ids: Mapping[int, str], catalog: Catalog | None) -> None:
    """Put every open question where its answer belongs, and the careful answer beside it."""
    if document is not None and catalog is not None:
        _ask_operations(draft, document, ids, catalog)
        _ask_headers(draft, document)
        _ask_responses(draft, document, ids)
    once = {one.id for one in draft.operations if one.effect == "once"}
    for entry in draft.entries:
        # Where only tables are read, nobody said that its operation is harmless.
        harms = bool(once & set(entry.operations) if entry.operations else once) or not draft.operation_count
        _ask_entry(entry, may_harm=harms)


def _ask_operations(draft: Draft, document: Document, ids: Mapping[int, str], catalog: Catalog) -> None:
    draft.operation_count = len(document.operations)
    for index, operation in enumerate(document.operations):
        facts = catalog.operations.get(ids[index])
        key = facts.idempotency if facts is not None else None
        if operation.method in _READS and key is None and money_of_read(operation) is None:
            continue
        effect = _careful_effect(operation, ids[index])
        found = DraftOperation(ids[index], f"{operation.method} {operation.path}", effect, key)
        found.questions += _questions_of(operation, ids[index], effect, key)
        draft.operations.append(found)


def _careful_effect(operation: Operation, id: str) -> str:
    """What the method promises (RFC 9110, section 9.2), unless money may move: then it is not believed."""
    if operation.method in _READS:
        return "once" if money_of_read(operation) is not None else "read"
    promised = _EFFECTS.get(operation.method, "once")
    return "once" if promised == "idempotent" and money_in(operation, id) is not None else promised


def _questions_of(operation: Operation, id: str, effect: str, key: str | None) -> Iterable[str]:
    spoken = spoken_of(operation, id)
    first = next((word.lower() for word in words(id)), "")
    money = money_in(operation, id)
    if effect == "once" and operation.method in _READS:
        yield f"it may move money ({money_of_read(operation)}): does a {operation.method} only read? Then `effect: read`"
    elif effect == "once" and operation.method in _EFFECTS:
        yield f"it may move money ({money}): is a second {operation.method} harmless? Then `effect: idempotent`"
    elif effect == "once" and (first in _ASKING or spoken & {"search", "query", "validate", "calculate"}):
        yield "does it only look something up? Then `effect: read`"
    elif effect == "once" and money:
        yield f"does a second execution move money again ({money})? If not: `effect: idempotent`"
    elif effect == "once":
        yield "does a second execution do harm? If not: `effect: idempotent`, or `read`"
    if effect == "once" and key is None and money:
        yield "how is it found out what became of a request whose answer was lost? See `lookup`"


def _ask_headers(draft: Draft, document: Document) -> None:
    known = {scheme.header.lower() for scheme in draft.idempotency.values()}
    found: dict[str, list[str]] = {}
    for operation in document.operations:
        for parameter in operation.parameters:
            named = _KEY_HEADER.search(parameter.name) or "idempot" in (parameter.description or "").lower()
            if parameter.location == "header" and named and parameter.name.lower() not in known:
                found.setdefault(parameter.name, []).append(f"{operation.method} {operation.path}")
    for name, requests in sorted(found.items()):
        more = f" and {len(requests) - 1} more" if len(requests) > 1 else ""
        draft.key_questions.append(
            f"is the header {name} of {requests[0]}{more} an idempotency key? Then name it here, and in these operations"
        )


def _ask_responses(draft: Draft, document: Document, ids: Mapping[int, str]) -> None:
    """Questions that a response raises: codes in its words, challenges, times to wait."""
    known = {str(code) for entry in draft.entries for code in entry.told_by}
    by_status = {entry.statuses[0]: entry for entry in draft.entries if not entry.told_by and entry.statuses}
    for index, operation in enumerate(document.operations):
        for response in operation.responses:
            entry = by_status.get(response.status)
            if entry is not None:
                _ask_response(entry, response, ids[index], known)


def _ask_response(entry: Entry, response: Response, operation: str, known: set[str]) -> None:
    headers = {header.name.lower(): header.name for header in response.headers}
    asked: list[str] = []
    if "www-authenticate" in headers:
        asked.append("does the challenge in WWW-Authenticate carry a code? Then `code: {auth: error}` in a format")
    if "retry-after" in headers:
        asked.append("may it be repeated after the time in Retry-After? Then a policy with `retry_after`")
    text = one_line(response.description or "")
    named = [code for code in dict.fromkeys(_NAMED.findall(text)) if code not in known]
    if named and _SPEAKS_OF_CODES.search(text):
        listed = ", ".join(named[:12]) + (", ..." if len(named) > 12 else "")
        asked.append(f"the words of {operation} about it name {listed}: codes of failures?")
    entry.questions += [question for question in asked if question not in entry.questions]


def _ask_entry(entry: Entry, *, may_harm: bool) -> None:
    told = (*map(str, entry.told_by), *entry.title.values(), *entry.description.values(), *entry.said)
    spoken = {word.lower() for text in told for word in words(text)}
    opens = [status for status in entry.statuses if status.startswith("5") or status in _OPEN_STATUSES]
    if not entry.statuses:
        entry.outcome = "by_effect"
        entry.questions.append("with which status does it come, and was anything executed? Then name both")
    elif opens:
        _ask_open(entry, opens)
    elif entry.told_by and (doubt := _doubt(told, entry.statuses, may_harm=may_harm)) is not None:
        entry.outcome = "by_effect"
        entry.questions.append(doubt)
    elif "429" in entry.statuses:
        if not any("Retry-After" in question for question in entry.questions):
            entry.questions.append("after what time may it be repeated? Then `next: repeat` and a policy")
    elif (entry.told_by and spoken & _PAYER) or "402" in entry.statuses:
        entry.questions.append(
            "whose fault is it (`fault: payer`, `issuer`), which condition (`category: declined`, ...), who may be told?"
        )


def _doubt(told: Iterable[str], statuses: Iterable[str], *, may_harm: bool) -> str | None:
    """The question that the words about a code leave; None where they say plainly that it was refused."""
    told = tuple(told)
    if is_unsure(told):
        return "can the operation have been executed all the same? If not: `outcome: rejected`"
    if is_of_before(told):
        return "was an earlier request executed? Then it is no reason to try anew; else `outcome: rejected`"
    if may_harm and not is_refused(told, statuses):
        return "was it refused before anything happened? Then `outcome: rejected`"
    return None


def _ask_open(entry: Entry, opens: list[str]) -> None:
    if not all(status.startswith("5") for status in entry.statuses):
        entry.outcome = "by_effect"
    if opens == ["409"]:
        entry.questions.append(
            "is the first request still in progress, or is it refused for good? Then `outcome: rejected`"
        )
    elif set(opens) & {"default", "4XX"}:
        entry.questions.append("which statuses are meant, and was anything executed?")
    elif opens == ["501"]:
        entry.questions.append("is it really never executed? Then `outcome: rejected`")
    else:
        entry.questions.append(
            "was the operation executed? Unknown is assumed, unless it only reads; may it be repeated?"
        )
