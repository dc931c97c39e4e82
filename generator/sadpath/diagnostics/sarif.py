"""Findings as a SARIF 2.1.0 log, which code hosts and editors read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote as percent_encoded

from sadpath.diagnostics.location import Location
from sadpath.diagnostics.model import Diagnostic, Rule, Severity

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(diagnostics: Sequence[Diagnostic], version: str) -> str:
    """One run of sadpath in `version`; paths are relative to the directory that it ran in."""
    rules = list({one.rule.code: one.rule for one in diagnostics}.values())
    indexes = {rule.code: index for index, rule in enumerate(rules)}
    driver = {"name": "sadpath", "version": version, "rules": [_rule(rule) for rule in rules]}
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, indexes, seen) for one in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(diagnostic: Diagnostic, indexes: dict[str, int], seen: Counter[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule.code,
        "ruleIndex": indexes[diagnostic.rule.code],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": f"{diagnostic.message}\n{diagnostic.remedy}"},
    }
    if diagnostic.place is not None:
        result["locations"] = [_location(diagnostic.place)]
    if diagnostic.related:
        result["relatedLocations"] = [
            {**_location(one.place), "message": {"text": one.message}} for one in diagnostic.related
        ]
    identity = _identity(diagnostic)
    seen[identity] += 1
    result["partialFingerprints"] = {"sadpathFinding/v1": f"{identity}:{seen[identity]}"}
    return result


def _location(place: Location) -> dict[str, Any]:
    span = place.focus()
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    artifact = {"uri": percent_encoded(span.path, safe="/:")}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if place.pointer is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": f"#{place.pointer}"}]
    return location


def _identity(diagnostic: Diagnostic) -> str:
    """What stays when lines move: the rule, the file and where in its tree the finding is."""
    place = diagnostic.place
    parts = (diagnostic.rule.code, "" if place is None else place.path, "" if place is None else place.pointer or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]
