"""Counts what a document holds, and finds each of it in what was generated, or in a diagnostic that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.corpus.package import Package
from conformance.corpus.plain import Plain, escaped

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
        self._pointers = {one["pointer"] for one in diagnostics if one["pointer"]}

    def at(self, pointer: str | None, least: int) -> bool:
        """Whether a diagnostic is about that place; of its parents, only those of so many tokens count."""
        tokens = (pointer or "").split("/")[1:]
        return any("/" + "/".join(tokens[:count]) in self._pointers for count in range(least, len(tokens) + 1))


def accounted(plain: Plain, package: Package, named: Named) -> dict[str, Any]:
    """The operations, schemas and error responses of a document, counted."""
    operations, errors, schemas = Tally(), Tally(), Tally()
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
    known_types = {normal(name) for name in package.model_names}
    for name, schema in plain.schemas().items():
        chosen = schema.get("x-sadpath-name", name) if isinstance(schema, dict) else name
        schemas.count(
            name, found=bool(spellings(chosen) & known_types), named=named.at(f"/components/schemas/{escaped(name)}", 3)
        )
    return {"operations": operations.tree(), "schemas": schemas.tree(), "errors": errors.tree()}


def normal(name: str) -> str:
    """A name without its spelling."""
    return re.sub(r"[\W_]+", "", name).lower()


def spellings(name: str) -> set[str]:
    """What a class for a schema may be called: what no identifier can begin with gets a word before it."""
    plain = normal(name)
    return {plain, f"model{plain}"}
