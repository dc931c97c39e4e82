"""Lowers the note that says how the pages of a list follow each other (`x-sadpath-pagination`)."""

from __future__ import annotations

from sadpath.diagnostics import Report, quote, suggestion
from sadpath.diagnostics.rules_lowering import PAGINATION
from sadpath.ir.service import Page, Success
from sadpath.ir.types import ListOf, Named, TypeRef
from sadpath.lower.schemas import TypeTable
from sadpath.openapi.model import Operation
from sadpath.runtime.contract import Paging
from sadpath.source import pointer as pointers
from sadpath.source.place import Place
from sadpath.source.tree import is_mapping

_KEYS = ("items", "next", "parameter")


def lower_page(operation: Operation, successes: tuple[Success, ...], types: TypeTable, report: Report) -> Page | None:
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
    fits = _parameter_fits(operation, parameter, place, report)
    if not isinstance(listed, ListOf):
        report.add(PAGINATION, f"there is no array at {quote(items)} in the answer", place.child("items"))
        fits = False
    if _type_at(answer, following, types) is None:
        report.add(PAGINATION, f"there is no member at {quote(following)} in the answer", place.child("next"))
        fits = False
    return Page(Paging(items, following, parameter), listed.item) if fits and isinstance(listed, ListOf) else None


def _parameter_fits(operation: Operation, parameter: str, place: Place, report: Report) -> bool:
    known = [item.name for item in operation.parameters if item.location == "query"]
    if parameter in known:
        return True
    message = f"the operation has no query parameter {quote(parameter)}"
    report.add(PAGINATION, message, place.child("parameter"), help=suggestion(parameter, known))
    return False


def _type_at(found: TypeRef | None, pointer: str, types: TypeTable) -> TypeRef | None:
    for token in pointers.split(pointer):
        record = types.record(found.name) if isinstance(found, Named) else None
        field = next((item for item in record.fields if item.wire_name == token), None) if record else None
        found = field.type if field else None
    return found
