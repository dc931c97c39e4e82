"""Sends random instances of every schema through the generated models and back: what comes out is what went in."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from conformance.corpus.accounting import Named, spelling_of
from conformance.corpus.dialect import Dialect, Direction, Unusable
from conformance.corpus.importing import said
from conformance.corpus.making import Extent, Maker, Wish
from conformance.corpus.package import Package, spellings
from conformance.corpus.plain import Lost, Plain, escaped
from conformance.corpus.texts import Unmade

_SAMPLES: Final = 20
_MARKS: Final = (("readOnly", True), ("writeOnly", True))
_EXTENTS: Final[tuple[Extent, ...]] = ("all", "least", "some")


@dataclass
class Score:
    """How many were tried, how many were right, the first that were not, and why others were not tried."""

    tried: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list[str])
    untried: Counter[str] = field(default_factory=Counter[str])

    def note(self, what: str, problem: str | None) -> None:
        """One more; `problem` None where it was right."""
        self.tried += 1
        self.right += problem is None
        if problem is not None and len(self.wrong) < _SAMPLES:
            self.wrong.append(f"{what}: {problem}"[:500])

    def tree(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "tried": self.tried,
            "right": self.right,
            "wrong": self.wrong,
            "untried": dict(sorted(self.untried.items())),
        }


def same(left: Any, right: Any) -> bool:
    """Whether two trees are the same JSON: a number is what it is worth, true is not 1, members have no order."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal):
        return Decimal(str(left)) == Decimal(str(right))
    return type(left) is type(right) and bool(left == right)


def difference(left: Any, right: Any, at: str = "") -> str | None:
    """Where two trees differ first; None where they are the same."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        return next((one for name in left if (one := difference(left[name], right[name], f"{at}/{name}"))), None)
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return next((one for index, pair in pairs if (one := difference(*pair, f"{at}/{index}"))), None)
    return None if same(left, right) else f"at {at or 'the root'}: {left!r:.90} became {right!r:.90}"


def round_trips(plain: Plain, package: Package, named: Named, limit: float) -> dict[str, Any]:
    """Three instances of every component; one that fails where a diagnostic speaks of the schema is none that was tried."""
    score, until = Score(), time.monotonic() + limit
    makers = {way: Maker(Dialect(plain, plain.version, way), f"7 {way}") for way in ("request", "response")}
    for name, schema in plain.schemas().items():
        spelt = spellings(spelling_of(name, schema))
        annotations = next((package.models[one] for one in spelt if one in package.models), [])
        if not annotations:
            score.untried["no model of that name"] += 1
            continue
        for extent in _EXTENTS:
            if time.monotonic() > until:
                score.untried["no time left"] += 1
                continue
            whole = {"$ref": f"#/components/schemas/{escaped(name)}"}
            try:
                problem = _tried(makers, package, (whole, annotations), extent, plain.path)
            except (Unmade, Unusable, Lost) as error:
                score.untried[f"{type(error).__name__.lower()}: {error}"[:80]] += 1
                continue
            if problem is not None and named.about(whole["$ref"][1:]):
                score.untried["named by a diagnostic"] += 1
            else:
                score.note(f"{name} ({extent})", problem)
    return score.tree()


def _tried(
    makers: dict[Any, Maker], package: Package, what: tuple[dict[str, str], list[Any]], extent: Extent, file: Path
) -> str | None:
    """What is wrong with an instance of a schema on its way; raises what keeps it from being made."""
    schema, annotations = what
    if _mentions(makers["response"].dialect, schema, file, ("format", "binary")):
        raise Unmade("bytes, which JSON has not")
    ways: tuple[Direction, ...] = ("response", "request")
    problems: list[str | None] = []
    # A schema that is sent alone has but the face of requests.
    for way in ways if any(_mentions(makers["response"].dialect, schema, file, mark) for mark in _MARKS) else ways[:1]:
        tree = makers[way].instance(schema, file, Wish(extent), schema["$ref"])
        if tree is None and all(isinstance(one, type) for one in annotations):
            raise Unmade("null, which is of no class")
        problems += [returned(package, annotation, tree) for annotation in annotations]
        if None in problems:
            break
    # Where names differ by their spelling alone, it is one of them.
    return None if None in problems else problems[0]


def returned(package: Package, annotation: Any, tree: Any) -> str | None:
    """What is wrong with the way of an instance into Python and back; None where nothing is."""
    conversion, wire = package.module("_runtime.conversion"), package.module("_runtime.wire")
    salvage = package.module("_runtime.salvage")
    try:
        value = conversion.decode(annotation, wire.parse_json(json.dumps(tree).encode()))
        noted = list(salvage.violations_in(value, ""))
        if noted:
            return f"noted {noted[0].pointer}: {noted[0].message}"
        written = conversion.encode(annotation, value)
        came_back = json.loads(wire.write_json(written), parse_float=Decimal)
    except Exception as error:  # noqa: BLE001 whatever it raises, an instance was refused
        return said(error)
    return difference(json.loads(json.dumps(tree), parse_float=Decimal), came_back)


def _mentions(dialect: Dialect, schema: Any, file: Path, word: tuple[str, Any]) -> bool:
    """Whether a word of that value stands somewhere in a schema, or in what it refers to."""
    pending, seen = [dialect.turned(schema, file)], set[str]()
    while pending:
        tree = pending.pop()
        if isinstance(tree, list):
            pending += tree
        elif isinstance(tree, dict):
            if word[0] in tree and tree[word[0]] == word[1]:
                return True
            reference = tree.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                pending.append(dialect.find(reference))
            pending += tree.values()
    return False
