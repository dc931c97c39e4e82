"""The second opinion: openapi-spec-validator run on a copy of the document, its errors brought back to our places."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from sadpath.diagnostics import Diagnostic, Report, Rule, Severity
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.as_read import as_read
from sadpath.openapi.quick_verdict import is_valid_document
from sadpath.openapi.validator import doubtful_part, semantic_errors, structural_errors
from sadpath.openapi.validator_copy import ValidatorCopy
from sadpath.openapi.validator_wording import Complaint, complaints
from sadpath.source.place import Place
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping

_OBSTACLES: Final = frozenset(
    rule.code
    for rule in (
        rules.EXPLODING_PATTERN,
        rules.DANGLING_REFERENCE,
        rules.CIRCULAR_REFERENCE,
        rules.REFERENCE_OUTSIDE,
        rules.MALFORMED_REFERENCE,
    )
)


def check_document(source: Source, sources: Sources, report: Report) -> None:
    """Add what openapi-spec-validator finds beyond our own checks; run it after `parse_document`."""
    report.extend(second_findings(source, sources, tuple(report)))


def second_findings(source: Source, sources: Sources, first: Collection[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What openapi-spec-validator finds beyond our own checks, whose findings are `first`. It never raises.

    Where references dangle only the document's structure is checked, as the validator stops at the
    first of those; so it is where `patternProperties` has a pattern that explodes, as the validator would match it.
    """
    version = _version(source)
    if version is None:
        return ()
    report = Report()
    report.extend(first)
    copy = ValidatorCopy(sources, partial(as_read, findings=first))
    known = _known_places(report)
    hindered = any(one.rule.code in _OBSTACLES for one in report)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _run(report, known, partial(_structural, version, copy))
        if not hindered:
            _run(report, known, partial(_semantic, version, copy))
    return tuple(report)[len(first) :]


def _version(source: Source) -> str | None:
    """Of the versions of OpenAPI that the library knows, such as "3.1", that of a document."""
    stated = source.tree.get("openapi") if is_mapping(source.tree) else None
    version = str(stated)[:3] if isinstance(stated, (str, Decimal)) else ""
    return version if version in ("3.0", "3.1", "3.2") else None


def _known_places(report: Report) -> set[tuple[str, str]]:
    """Where something was found already: a second message about the same value would only confuse."""
    places = (one.place for one in report if one.severity is not Severity.INFO)
    return {(place.path, place.pointer) for place in places if place is not None and place.pointer is not None}


def _run(report: Report, known: set[tuple[str, str]], find: Callable[[], Iterator[tuple[Place, Complaint]]]) -> None:
    found: list[tuple[Place, Complaint]] = []
    try:
        found.extend(find())
    except Exception as error:  # the library raises whatever its own dependencies do
        if not report.failed:
            report.add(rules.VALIDATOR_FAILED, f"openapi-spec-validator failed with {type(error).__name__}")
    for place, complaint in found:
        if not _is_known(place, complaint, known):
            known.add((place.path, place.pointer))
            where = place.key() if complaint.names_field else place
            report.add(_rule(complaint), complaint.message, where, help=complaint.help)


def _rule(complaint: Complaint) -> Rule:
    if complaint.concerns_value:
        return rules.UNFIT_VALUE
    return rules.UNKNOWN_FIELD if complaint.names_field else rules.SPECIFICATION


def _is_known(place: Place, complaint: Complaint, known: set[tuple[str, str]]) -> bool:
    if (place.path, place.pointer) in known:
        return True
    parent = place.pointer.rpartition("/")[0]
    if complaint.names_field:  # which fields there are depends on these two
        return any((place.path, f"{parent}/{name}") in known for name in ("type", "in"))
    below = place.pointer + "/"
    echoes = (place.path, parent) in known or any(path == place.path and one.startswith(below) for path, one in known)
    return complaint.is_vague and echoes


def _structural(version: str, copy: ValidatorCopy) -> Iterator[tuple[Place, Complaint]]:
    """The document against the schema of its version of the specification; no reference is followed."""
    if is_valid_document(version)(copy.tree):
        return
    for error in structural_errors(version, doubtful_part(copy.tree, version)):
        for complaint in complaints(error):
            yield copy.place([*error.absolute_path, *complaint.path]), complaint


def _semantic(version: str, copy: ValidatorCopy) -> Iterator[tuple[Place, Complaint]]:
    """What the library checks beyond that, asked only about what may be wrong."""
    for error in semantic_errors(version, copy.tree):
        base = getattr(error, "sadpath_path", ())
        for complaint in complaints(error):
            yield copy.place([*base, *error.absolute_path, *complaint.path]), complaint
