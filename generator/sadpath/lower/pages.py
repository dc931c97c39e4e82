"""Lowers the note that says how the pages of a list follow each other (`x-sadpath-pagination`)."""

from __future__ import annotations

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_lowering import PAGINATION
from sadpath.ir.service import Body, Page, Success
from sadpath.ir.types import ListOf, Named, TypeRef
from sadpath.lower.schemas import TypeTable
from sadpath.naming.words import snake
from sadpath.openapi.model import Operation
from sadpath.runtime.contract import Paging
from sadpath.source import pointer as pointers
from sadpath.source.place import Place
from sadpath.source.tree import is_mapping

_KEYS = ("items", "next", "parameter")
_OTHER_ARGUMENTS = frozenset({"self", "options", "idempotency_key", "body", "extra", "content_type"})
"""Where a member of the body is called so, the body is one argument, and no member of it can be replaced."""


def lower_page(
    operation: Operation, body: Body | None, successes: tuple[Success, ...], types: TypeTable, report: Report
) -> Page | None:
    """The pages of an operation; None where it has no note, or where the note, as reported, does not fit the operation."""
    note = operation.extensions.get("x-sadpath-pagination")
    if note is None:
        return None
    place = operation.place.child("x-sadpath-pagination")
    if not is_mapping(note) or not all(isinstance(note.get(key), str) for key in _KEYS):
        report.add(PAGINATION, "the note is no mapping with the texts items, next and parameter", place)
        return None
    items, following, parameter = (str(note[key]) for key in _KEYS)
    answer = successes[0].type if successes else None
    listed = _type_at(answer, items, types)
    fits = _parameter_fits(operation, _members(body, types), parameter, place, report)
    if not isinstance(listed, ListOf):
        report.add(PAGINATION, f"there is no array at {quote(items)} in the answer", place.child("items"))
        fits = False
    if _type_at(answer, following, types) is None:
        report.add(PAGINATION, f"there is no member at {quote(following)} in the answer", place.child("next"))
        fits = False
    return Page(Paging(items, following, parameter), listed.item) if fits and isinstance(listed, ListOf) else None


def _members(body: Body | None, types: TypeTable) -> list[str]:
    """The members of the body that are arguments, by their names on the wire."""
    record = types.record(body.spread.name) if body is not None and body.spread is not None else None
    fields = record.fields if record is not None else ()
    if any(snake(field.name_hint or field.wire_name) in _OTHER_ARGUMENTS for field in fields):
        return []
    return [field.wire_name for field in fields]


def _parameter_fits(operation: Operation, members: list[str], parameter: str, place: Place, report: Report) -> bool:
    known = [item.name for item in operation.parameters if item.location == "query"] + members
    if parameter in known:
        return True
    what = "neither a query parameter nor a member of the body called" if members else "no query parameter"
    message = f"the operation has {what} {quote(parameter)}"
    report.add(PAGINATION, message, place.child("parameter"), help=suggestion(parameter, known))
    return False


def _type_at(found: TypeRef | None, pointer: str, types: TypeTable) -> TypeRef | None:
    for token in pointers.split(pointer):
        record = types.record(found.name) if isinstance(found, Named) else None
        field = next((item for item in record.fields if item.wire_name == token), None) if record else None
        found = field.type if field else None
    return found
