"""The second opinion: openapi-spec-validator run on a copy of the document, its errors brought back to our places."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any, Final

from sadpath.diagnostics import Report, Rule, Severity
from sadpath.diagnostics import rules_openapi as rules
from sadpath.openapi.validator_copy import ValidatorCopy
from sadpath.openapi.validator_wording import Complaint, complaints
from sadpath.runtime.patterns import matches
from sadpath.source.place import Place
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping

_MOST_REFERENCES: Final = 10_000
"""How many references the library may follow for defaults; a few of them that fan out lead to any number."""

_OURS: Final = frozenset({"DuplicateOperationIDError", "UnresolvableParameterError", "ParameterDuplicateError"})
"""Errors of the validator that `parse_document` reports too, and better."""

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
    """Add what openapi-spec-validator finds beyond our own checks; run it after `parse_document`.

    It never raises. Where references dangle only the document's structure is checked, as the validator stops at the
    first of those; so it is where a pattern explodes, as the validator would match it. It takes seconds for a document of megabytes.
    """
    validator_class = _validator_class(source)
    if validator_class is None:
        return
    copy = ValidatorCopy(sources, _unquoted_texts(report))
    known = _known_places(report)
    hindered = any(one.rule.code in _OBSTACLES for one in report.diagnostics)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _run(report, known, partial(_structural, validator_class, copy))
        if not hindered:
            _run(report, known, partial(_semantic, validator_class, copy))


def _validator_class(source: Source) -> Any:
    version = source.tree.get("openapi") if is_mapping(source.tree) else None
    if not isinstance(version, (str, Decimal)):
        return None
    # Its other backend, which it would choose by what happens to be installed, words and places its findings differently.
    os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"
    import openapi_spec_validator as library

    classes = {
        "3.0": library.OpenAPIV30SpecValidator,
        "3.1": library.OpenAPIV31SpecValidator,
        "3.2": library.OpenAPIV32SpecValidator,
    }
    return classes.get(str(version)[:3])


def _known_places(report: Report) -> set[tuple[str, str]]:
    """Where something was found already: a second message about the same value would only confuse."""
    places = (one.place for one in report.diagnostics if one.severity is not Severity.INFO)
    return {(place.path, place.pointer) for place in places if place is not None and place.pointer is not None}


def _unquoted_texts(report: Report) -> set[tuple[str, str]]:
    """The numbers and truth values that were read as text; the validator gets them so."""
    found = (one.place for one in report.diagnostics if one.rule is rules.UNQUOTED_TEXT)
    return {(place.path, place.pointer) for place in found if place is not None and place.pointer is not None}


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


def _structural(validator_class: Any, copy: ValidatorCopy) -> Iterator[tuple[Place, Complaint]]:
    """The document against the schema of its version of the specification; no reference is followed."""
    for error in validator_class.schema_validator.iter_errors(copy.tree):
        for complaint in complaints(error):
            yield copy.place([*error.absolute_path, *complaint.path]), complaint


def _semantic(validator_class: Any, copy: ValidatorCopy) -> Iterator[tuple[Place, Complaint]]:
    """What the library checks beyond that; its errors are located by watching which part it looks at."""
    from jsonschema_path.paths import SchemaPath

    keywords = {name: _watched(one) for name, one in validator_class.keyword_validators.items()}
    watched: Any = type("Watched", (validator_class,), {"keyword_validators": keywords})
    root = SchemaPath.from_dict(copy.tree, base_uri="", handlers={})
    for error in watched(root).root_validator(root):
        if type(error).__name__ in _OURS:
            continue
        base = getattr(error, "sadpath_path", [])
        for complaint in complaints(error):
            yield copy.place([*base, *error.absolute_path, *complaint.path]), complaint


def _watched(validator: Any) -> Any:
    """A subclass of a keyword validator that notes on each error which part of the document it is about."""
    is_default = "ValueValidator" in validator.__name__

    def call(self: Any, *args: Any, **options: Any) -> Iterator[Any]:
        parts = next((tuple(one.parts) for one in args if hasattr(one, "parts")), ())
        for error in validator.__call__(self, *args, **options):
            if not hasattr(error, "sadpath_path"):
                error.sadpath_path = (*parts, "default") if is_default else parts
                error.sadpath_value = is_default
            yield error

    members: dict[str, Any] = {"__call__": call}
    if is_default:
        members["value_validator_cls"] = _bounded(validator.value_validator_cls)
    if hasattr(validator, "_collect_properties"):
        members["_collect_properties"] = _collected_once(validator._collect_properties)
    return type(validator.__name__, (validator,), members)


def _collected_once(collect: Callable[[Any, Any], set[str]]) -> Callable[[Any, Any], set[str]]:
    """The library's walk through a schema, which goes into what a reference names once for each reference."""
    known: dict[int, set[str]] = {}

    def collected(self: Any, schema: Any) -> set[str]:
        key = id(schema.read_value())
        if key not in known:
            known[key] = set()
            known[key] = collect(self, schema)
        return known[key]

    return collected


def _bounded(validator_class: Any) -> Any:
    """A validator of values that matches patterns as the runtime does, and gives up where references fan out."""
    from jsonschema import ValidationError

    # Its types say nothing of it.
    extend: Any = import_module("jsonschema.validators").extend
    follow = validator_class.VALIDATORS["$ref"]
    left = [_MOST_REFERENCES]

    def reference(validator: Any, target: Any, value: Any, schema: Any) -> Iterator[Any]:
        left[0] -= 1
        yield from (follow(validator, target, value, schema) or ()) if left[0] > 0 else ()

    def pattern(validator: Any, wanted: str, value: Any, schema: Any) -> Iterator[Any]:
        if isinstance(value, str) and not matches(wanted, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    return extend(validator_class, {"$ref": reference, "pattern": pattern})
