"""Counts what a document holds, and finds each of it in what was generated, or in a diagnostic that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.corpus.package import Package, spellings
from conformance.corpus.plain import Lost, Plain, escaped

_SAMPLES: Final = 20


@dataclass
class Tally:
    """How many there are, how many are accounted for, and the first ones that are not."""

    all: int = 0
    found: int = 0
    named: int = 0
    """Those that only a diagnostic speaks of."""
    missing: list[str] = field(default_factory=list[str])

    def count(self, what: str, *, found: bool, named: bool) -> None:
        """One more."""
        self.all += 1
        self.found += found
        self.named += not found and named
        if not found and not named and len(self.missing) < _SAMPLES:
            self.missing.append(what)

    def tree(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {"all": self.all, "found": self.found, "named": self.named, "missing": self.missing}


class Named:
    """The places that diagnostics speak of: at a place, or above it, but never the document as a whole."""

    def __init__(self, diagnostics: Iterable[dict[str, Any]]) -> None:
        self._pointers = {one["pointer"] for one in diagnostics if one["pointer"] and one["severity"] != "info"}
        self._shapes = {_shape(one) for one in self._pointers}

    def at(self, pointer: str | None, least: int) -> bool:
        """Whether a diagnostic is about that place; of its parents, only those of so many tokens count."""
        tokens = (pointer or "").split("/")[1:]
        return any("/" + "/".join(tokens[:count]) in self._pointers for count in range(least, len(tokens) + 1))

    def about(self, pointer: str) -> bool:
        """Whether a diagnostic is about that place, or about something in it; or about the path of an operation.

        Of paths that differ in the names of their placeholders alone, one is named.
        """
        inside = any(one == pointer or one.startswith(f"{pointer}/") for one in self._pointers)
        return inside or _shape(pointer.rpartition("/")[0]) in self._shapes


def _shape(pointer: str) -> str:
    return re.sub(r"\{[^{}/]*\}", "{}", pointer)


def accounted(plain: Plain, package: Package, named: Named) -> dict[str, Any]:
    """The operations, error responses, schemas and their members, counted."""
    operations, errors = Tally(), Tally()
    for operation in plain.operations():
        what = f"{operation.method} {operation.path}"
        route = package.routes.get((operation.method, operation.path))
        is_called = route is not None and package.has_method(route)
        operations.count(what, found=is_called, named=named.at(operation.pointer, 2))
        succeeds = {one.status for one in route.contract.success} if route else set[str]()
        known = package.error_statuses(route.contract.id) if route else set[str]()
        for status, _, _, pointer in plain.responses(operation):
            if status[0] not in "45d":
                continue
            is_known = status.upper() in known or status in known or status in succeeds
            place = f"{operation.pointer}/responses/{escaped(status)}"
            is_named = named.at(place, 2) or named.at(pointer, 3)
            errors.count(f"{what} {status}", found=is_known, named=is_named)
    schemas, members = _schemas(plain, package, named)
    return {
        "operations": operations.tree(),
        "schemas": schemas.tree(),
        "members": members.tree(),
        "errors": errors.tree(),
    }


def _schemas(plain: Plain, package: Package, named: Named) -> tuple[Tally, Tally]:
    """The named schemas, and the members that they list themselves; a member goes the one way or the other."""
    schemas, members = Tally(), Tally()
    models = package.models
    for name, schema in plain.schemas().items():
        place = f"/components/schemas/{escaped(name)}"
        found = [one for spelt in spellings(spelling_of(name, schema)) for one in models.get(spelt, ())]
        schemas.count(name, found=bool(found), named=named.at(place, 3))
        faces = [*found, *(one for spelt in spellings(f"{name}Input") for one in models.get(spelt, ()))]
        known = {wire for face in faces for wire in package.members_of(face) or ()}
        if not any(package.members_of(face) is not None for face in found):
            continue
        for member, part in _listed(schema):
            if not _goes_one_way(part, plain):
                is_named = named.at(f"{place}/properties/{escaped(member)}", 3)
                members.count(f"{name}.{member}", found=member in known, named=is_named)
    return schemas, members


def _listed(schema: Any) -> Iterator[tuple[str, Any]]:
    """The members that a schema names where it stands."""
    for part in [schema, *(schema.get("allOf") or ())] if isinstance(schema, dict) else ():
        if isinstance(part, dict) and isinstance(part.get("properties"), dict):
            yield from part["properties"].items()


def _goes_one_way(schema: Any, plain: Plain) -> bool:
    try:
        target, _, _ = plain.follow(schema, plain.path)
    except Lost:
        return True
    words = ("readOnly", "writeOnly")
    return any(isinstance(one, dict) and one.get(word) is True for one in (schema, target) for word in words)


def spelling_of(name: str, schema: Any) -> str:
    """The name that a schema was given, its own otherwise."""
    chosen = schema.get("x-sadpath-name", name) if isinstance(schema, dict) else name
    return str(chosen)
