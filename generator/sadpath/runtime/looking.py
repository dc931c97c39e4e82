"""Asks another operation what became of a request, as the catalog's lookup says, and judges what it answers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, cast

from pydantic import ValidationError

from .answers import Answer, Reading, RequestView
from .budget import RetryBudget
from .calls import Call
from .contract import Body, Lookup, OperationContract, Predicate
from .conversation import Ended, Event, Step, converse
from .conversion import decode
from .errors import ApiError
from .exchange import Exchange
from .frozen import dataclass
from .model import Model, member_at
from .pointers import MISSING, get
from .trees import is_array, is_object
from .validation import Mode

Verdict = Literal["executed", "not_executed", "open"]

_PAGES: Final = 20
"""So many pages of a list are searched in one go: newest first, as lists of payments are."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an answer says; `found` is the object, or the item of a list, that it says it of."""

    verdict: Verdict
    found: Any = None


_OPEN: Final = Finding("open")


class NothingToAsk(Exception):
    """The request does not hold what it could be found by."""


def look_up(
    exchange: Exchange[Any], lookup: Lookup, left: Callable[[], float | None]
) -> Generator[Step, Event, tuple[Finding, ApiError | None]]:
    """Ask, page after page where it is a list; the failure where the question itself failed. Raises NothingToAsk."""
    contract = _contract(lookup)
    view = exchange.outgoing.view
    arguments = _arguments(contract, lookup, view)
    if arguments is None or not _is_findable(lookup, view):
        raise NothingToAsk("the request holds nothing to look it up by")
    seen: set[str] = set()
    for place in range(_PAGES):
        rest = left()
        if place and rest is not None and rest <= 0:
            break
        call: Call[Any, Any] = Call(contract, arguments, options=exchange.options.within(left()))
        # What finds out takes nothing from the budget of what is repeated unasked.
        asked = Exchange(replace(exchange.settings, budget=RetryBudget()), call)
        ended: Ended[Any] = yield from converse(asked, asked.judged, purpose="lookup")
        if ended.failure is not None or ended.answer is None:
            return _OPEN, ended.failure
        finding = _judged(lookup, contract, ended, view)
        cursor = _cursor(contract, ended.value)
        if finding.verdict != "open" or cursor is None or str(cursor) in seen:
            return finding, None
        seen.add(str(cursor))
        arguments = {**arguments, cast("Any", contract.paging).argument: cursor}
    return _OPEN, None


def _is_findable(lookup: Lookup, view: RequestView) -> bool:
    """Whether the request has what the items of a list are compared with: where both have nothing, that is nothing in common."""
    reading = Reading(Answer(0), view)
    compared = [predicate.value for predicate in lookup.match if predicate.test == "same_as"]
    return all(
        reading.select(selector) not in (MISSING, None, "") for selector in compared if selector.request is not None
    )


def _contract(lookup: Lookup) -> OperationContract:
    found: OperationContract = getattr(importlib.import_module(lookup.module, lookup.package), lookup.name)
    return found


def _arguments(contract: OperationContract, lookup: Lookup, view: RequestView) -> dict[str, Any] | None:
    """What the question takes, from what was sent; None where something that it needs is not there."""
    reading = Reading(Answer(0), view)
    names = {parameter.name for parameter in contract.parameters}
    members = {name: reading.select(selector) for name, selector in lookup.bind.items() if name not in names}
    if any(value is MISSING or value is None for value in members.values()):
        return None
    arguments: dict[str, Any] = {}
    for parameter in contract.parameters:
        selector = lookup.bind.get(parameter.name)
        raw = MISSING if selector is None else reading.select(selector)
        if raw is not MISSING and raw is not None:
            try:
                arguments[parameter.argument] = decode(parameter.type, raw, Mode.LENIENT)
            except ValidationError:
                return None
        elif parameter.required or selector is not None:
            return None
    if contract.body is None or not (members or contract.body.required):
        return arguments
    body = _body_arguments(contract.body, members)
    return {**arguments, **body} if body is not None else None


def _body_arguments(body: Body, members: Mapping[str, Any]) -> dict[str, Any] | None:
    """The body with these members, by their names on the wire, as arguments; None where it would be none."""
    try:
        value = decode(body.type, dict(members), Mode.REQUEST)
    except ValidationError:
        return None
    if body.arguments is None or not isinstance(value, Model):
        return {"body": value}
    return {name: getattr(value, name) for name in body.arguments if value.is_set(name)}


def _judged(lookup: Lookup, contract: OperationContract, ended: Ended[Any], view: RequestView) -> Finding:
    tree = Reading(ended.answer or Answer(0), view).tree
    listed = _listed(contract, tree)
    if listed is None or not lookup.match:
        return Finding(_verdict(lookup, tree, view), ended.value)
    for place, item in enumerate(listed):
        if _all_hold(lookup.match, item, view):
            return Finding(_verdict(lookup, item, view), _item(contract, ended.value, place, item))
    return _OPEN


def _listed(contract: OperationContract, tree: Any) -> list[Any] | None:
    """The items of an answer that is a list, or a page with one."""
    if is_array(tree):
        return tree
    if contract.paging is not None:
        found = get(tree, contract.paging.items)
        return found if is_array(found) else []
    arrays = [member for member in tree.values() if is_array(member)] if is_object(tree) else []
    return arrays[0] if len(arrays) == 1 else None


def _item(contract: OperationContract, value: Any, place: int, tree: Any) -> Any:
    """The item as its class where the page has it at the same place, else as it came."""
    items = (
        value if is_array(value) else member_at(value, contract.paging.items) if contract.paging is not None else None
    )
    return items[place] if is_array(items) and place < len(items) else tree


def _verdict(lookup: Lookup, tree: Any, view: RequestView) -> Verdict:
    if tree is MISSING:
        return "open"
    if lookup.executed is None or _all_hold(lookup.executed, tree, view):
        return "executed"
    if lookup.not_executed is not None and _all_hold(lookup.not_executed, tree, view):
        return "not_executed"
    return "open"


def _all_hold(predicates: tuple[Predicate, ...], tree: Any, view: RequestView) -> bool:
    reading = Reading.of_tree(tree, view)
    return all(reading.holds(predicate) for predicate in predicates)


def _cursor(contract: OperationContract, page: Any) -> Any:
    paging = contract.paging
    found: Any = member_at(page, paging.next) if paging is not None else None
    return None if found is MISSING or found == "" else found
