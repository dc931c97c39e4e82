"""Lints lists of values that the document closes although the API is known to add to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sadpath.diagnostics import Report, quote
from sadpath.diagnostics.rules_lints import CLOSED_ENUMERATION
from sadpath.lints.subject import Subject
from sadpath.lower.faces import inside, schemas_of
from sadpath.naming.words import words
from sadpath.openapi.model import Document, Schema, SchemaKey

_GROWING: Final = frozenset(
    "status state code currency country language locale brand scheme network method reason category event".split()
)
"""The last words of members whose values follow the world, not the document."""
_ANNOUNCED: Final = re.compile(
    r"\b(may|can|could|might|will) be (extended|added|expanded|supplemented)"
    r"|\b(new|more|further|other|additional) (values?|types?|codes?|statuses)\b.{0,40}\b(may|can|could|might|will)\b"
    r"|\b(not|non-?) ?(an? )?exhaustive|subject to change|\bextensible\b",
    re.I | re.S,
)


def lint_enumerations(subject: Subject, report: Report) -> None:
    """Report closed lists in what the API sends, by the name of their member or by their own words."""
    for name, schema in _answered(subject.document):
        if schema.enum is None or schema.extensions.get("x-sadpath-open") is not False:
            continue
        growing = next(iter(words(name)[-1:]), "").lower() in _GROWING
        announced = _ANNOUNCED.search(schema.description or "")
        place = schema.place.child("x-sadpath-open")
        if announced is not None:
            message = f"the list of {quote(name)} is closed, and its description says {quote(announced.group())}"
            report.add(CLOSED_ENUMERATION, message, place)
        elif growing:
            message = f"the list of {quote(name)} is closed, and an API adds to such lists without asking"
            report.add(CLOSED_ENUMERATION, message, place)


def _answered(document: Document) -> Iterator[tuple[str, Schema]]:
    """Every schema that a response or a webhook holds, with the name of the member that it describes."""
    pending: list[tuple[str, Schema]] = []
    for operation in document.operations:
        pending += [("", schema) for schema in schemas_of(operation.responses)]
    for webhook in document.webhooks:
        pending += [("", schema) for schema in schemas_of(webhook.request_body)]
    seen: set[SchemaKey] = set()
    while pending:
        name, schema = pending.pop()
        for part in inside(schema):
            yield from ((member, found) for member, found in part.properties.items())
            if part is schema:
                yield name, part
            if part.ref is not None and part.ref not in seen:
                seen.add(part.ref)
                own = part.ref.pointer.rpartition("/")[2]
                pending.append((own, document.definitions[part.ref]))
