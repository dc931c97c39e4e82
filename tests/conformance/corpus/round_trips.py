"""Sends random instances of every schema through the generated models and back: what comes out is what went in."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from conformance.corpus.accounting import Named, spelling_of
from conformance.corpus.dialect import Dialect, Direction, Unusable
from conformance.corpus.directions import directions_of
from conformance.corpus.importing import said
from conformance.corpus.making import Extent, Maker, Wish
from conformance.corpus.package import Package, spellings
from conformance.corpus.plain import Lost, Plain, escaped
from conformance.corpus.texts import Unmade

_SAMPLES: Final = 20
_MARKS: Final = (("readOnly", True), ("writeOnly", True))
WAYS: Final[tuple[Direction, ...]] = ("response", "request")
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
    """Three instances of every face of every component; one that fails where a diagnostic speaks of the schema is none that was
    tried.
    """
    trips = _Trips(plain, package, named, time.process_time() + limit)
    ways = directions_of(plain)
    for name, schema in plain.schemas().items():
        spelt = spelling_of(name, schema)
        try:
            faces = faces_of(trips.makers["response"].dialect, name, spelt, ways)
        except Lost as error:
            trips.score.untried[f"lost: {error}"[:80]] += 1
            continue
        for way, called in faces:
            if called != spelt and _models(package, spelt) and not _models(package, called):
                trips.score.note(f"{name} ({way})", f"no class {called}")
            else:
                trips.go(name, way, _models(package, called))
    return trips.score.tree()


class _Trips:
    """The round trips of one document, until its time is over."""

    def __init__(self, plain: Plain, package: Package, named: Named, until: float) -> None:
        self.plain, self.package, self.named, self.until = plain, package, named, until
        self.score = Score()
        self.makers = {way: Maker(Dialect(plain, plain.version, way), f"7 {way}") for way in WAYS}

    def go(self, name: str, way: Direction, annotations: list[Any]) -> None:
        """Three instances of one face of a component; where names differ by their spelling alone, it is one of several classes."""
        if not annotations:
            self.score.untried["no model of that name"] += 1
        for extent in _EXTENTS if annotations else ():
            if time.process_time() > self.until:
                self.score.untried["no time left"] += 1
                continue
            try:
                problem = self.tried(name, way, annotations, extent)
            except (Unmade, Unusable, Lost) as error:
                self.score.untried[f"{type(error).__name__.lower()}: {error}"[:80]] += 1
                continue
            if problem is not None and self.named.about(_reference(name)[1:]):
                self.score.untried["named by a diagnostic"] += 1
            else:
                self.score.note(f"{name} ({extent}, {way})", problem)

    def tried(self, name: str, way: Direction, annotations: list[Any], extent: Extent) -> str | None:
        """What is wrong with an instance of a schema on its way; raises what keeps it from being made."""
        maker, schema = self.makers[way], {"$ref": _reference(name)}
        if maker.dialect.mentions(maker.dialect.turned(schema, self.plain.path), ("format", "binary")):
            raise Unmade("bytes, which JSON has not")
        tree = maker.instance(schema, self.plain.path, Wish(extent), schema["$ref"])
        problems = [returned(self.package, annotation, tree) for annotation in annotations]
        if tree is None and None not in problems:
            # What is named is what is not null: that stands beside the name, wherever it is used.
            raise Unmade("null, which is of no class")
        return None if None in problems else problems[0]


def _reference(name: str) -> str:
    return f"#/components/schemas/{escaped(name)}"


def faces_of(
    dialect: Dialect, name: str, spelt: str, ways: dict[Direction, frozenset[str]]
) -> list[tuple[Direction, str]]:
    """Which ways the instances of a component go, and the name of the class for each: that of what is sent has its own
    only where the same is answered as well, and something in it goes one way alone.
    """
    target = dialect.turned(dialect.plain.schemas()[name], dialect.plain.path)
    # What goes one way itself has one face; it is what holds it that has two.
    is_plain = isinstance(target, dict) and "$ref" not in target
    parts = [part for word, part in target.items() if not word.startswith("x-")] if is_plain else [target]
    if not any(dialect.mentions(parts, mark) for mark in _MARKS):
        return [("response", spelt)]
    pointer = _reference(name)[1:]
    is_sent, is_answered = pointer in ways["request"], pointer in ways["response"]
    sent: list[tuple[Direction, str]] = [("request", f"{spelt}Input" if is_answered else spelt)] if is_sent else []
    return [*sent, ("response", spelt)] if is_answered or not is_sent else sent


def _models(package: Package, name: str) -> list[Any]:
    return next((package.models[one] for one in spellings(name) if one in package.models), [])


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
