"""Every `$ref` of a document and of the files it reaches: dangling ones, and circles that define nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from sadpath.diagnostics import Related, Report, quote
from sadpath.diagnostics.rules_openapi import CIRCULAR_REFERENCE
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.pointer import escape
from sadpath.source.references import Sources
from sadpath.source.text import Source
from sadpath.source.tree import is_list, is_mapping, members

_MAPS_OF_NAMES: Final = frozenset(
    "paths webhooks schemas responses parameters requestBodies headers securitySchemes links callbacks pathItems "
    "mediaTypes content encoding properties patternProperties $defs definitions dependentSchemas additionalOperations".split()
)
"""Fields whose members have names of the author's choice, so that none of these names is a keyword."""

_INSTANCES: Final = frozenset({"example", "default", "enum", "const", "value", "dataValue", "mapping", "scopes"})
"""Fields that hold data of the API, in which `$ref` means nothing."""

_IN_PLACE: Final = ("allOf",)
"""What all apply to the very value that the schema around them applies to; a union that lists itself is only idle."""

_COLLECTIONS: Final = frozenset((dict, list))
_EDGES: Final = frozenset({"$ref", "$dynamicRef", *_IN_PLACE})


@dataclass(frozen=True, slots=True)
class _Edge:
    """One step that defines nothing; `at` is where it is written."""

    target: Place
    at: Place


_Step: TypeAlias = tuple[Any, Source, str, bool]
"""A value that is being walked, where it stands, and whether it is a map of names, whose keys are no keywords."""


def check_references(sources: Sources, report: Report) -> None:
    """Report what `sources` can't resolve, and each circle once."""
    edges: dict[Place, list[_Edge]] = {}
    pending: list[_Step] = [(sources.root.tree, sources.root, "", False)]
    walked: set[int] = set()
    while pending:
        value, source, at, names = pending.pop()
        if id(value) in walked:
            continue
        walked.add(id(value))
        pending += _below(value, source, at, names)
        if not names and is_mapping(value) and not _EDGES.isdisjoint(value):
            place = Place(source, at)
            found = _edges(value, place, sources)
            if found:
                edges[place] = found
                pending.extend(_elsewhere(found, sources))
    for circle in _circles(edges):
        _report_circle(circle, report)


def refers_plainly(root: Source) -> bool:
    """Whether there is nothing to report about the references of a document, all of which are pointers into it as a whole."""
    report = Report()
    sources = Sources(root, report)
    check_references(sources, report)
    return sources.is_plain and not sources.resources(root).is_identified and not tuple(report)


def _below(value: Any, source: Source, at: str, names: bool) -> list[_Step]:
    """The collections in a value that are walked."""
    if is_list(value):
        return [(child, source, f"{at}/{index}", False) for index, child in enumerate(value) if _is_walked(child)]
    entries = value.items() if is_mapping(value) else ()
    inner = [entry for entry in entries if type(entry[1]) in _COLLECTIONS and _is_walked(entry[1])]
    if not inner:
        return []
    if names:
        return [(child, source, f"{at}/{escape(token)}", False) for token, child in inner]
    found: list[_Step] = []
    for token, child in inner:
        if token == "examples":
            found += _examples(child, source, f"{at}/examples")
        elif token not in _INSTANCES and not token.startswith("x-"):
            is_of_names = token in _MAPS_OF_NAMES and is_mapping(child)
            found.append((child, source, f"{at}/{escape(token)}", is_of_names))
    return found


def _is_walked(value: Any) -> bool:
    """Whether a value refers to anything, or has something in it that may; most have not, and there are many."""
    if is_mapping(value):
        return not (_EDGES.isdisjoint(value) and _COLLECTIONS.isdisjoint(map(type, value.values())))
    return is_list(value) and not _COLLECTIONS.isdisjoint(map(type, value))


def _examples(value: Any, source: Source, pointer: str) -> Iterator[_Step]:
    """Example Objects by name may be references; what they hold is data."""
    if is_mapping(value):
        for name, one in value.items():
            if is_mapping(one) and isinstance(one.get("$ref"), str):
                yield one, source, f"{pointer}/{escape(name)}", False


def _edges(value: dict[str, Any], place: Place, sources: Sources) -> list[_Edge]:
    found: list[_Edge] = []
    for keyword in ("$ref", "$dynamicRef"):
        reference = value.get(keyword)
        if isinstance(reference, str):
            at = place.child(keyword)
            target = sources.resolve(at, reference)
            if target is not None:
                found.append(_Edge(target, at))
    for keyword in _IN_PLACE:
        for token, _ in members(value.get(keyword)):
            part = place.child(keyword, token)
            found.append(_Edge(part, part))
    return found


def _elsewhere(edges: list[_Edge], sources: Sources) -> Iterator[_Step]:
    """Targets in other files: of those only what is reached is walked."""
    for edge in edges:
        if edge.target.source != sources.root:
            yield edge.target.value, edge.target.source, edge.target.pointer, False


def _circles(edges: dict[Place, list[_Edge]]) -> Iterator[list[_Edge]]:
    """The circles that a depth-first walk closes, as lists of edges; without recursion, as chains may be long."""
    # Most lead to what leads nowhere.
    edges = {
        place: onward for place, found in edges.items() if (onward := [one for one in found if one.target in edges])
    }
    done: set[Place] = set()
    for start in edges:
        path: list[_Edge] = [_Edge(start, start)]
        branches: list[Iterator[_Edge]] = [iter(edges[start])]
        open_places = {start: 0}
        while branches and start not in done:
            edge = next(branches[-1], None)
            if edge is None:
                branches.pop()
                finished = path.pop().target
                open_places.pop(finished, None)
                done.add(finished)
            elif edge.target in open_places:
                yield [*path[open_places[edge.target] + 1 :], edge]
            elif edge.target in edges and edge.target not in done:
                open_places[edge.target] = len(path)
                path.append(edge)
                branches.append(iter(edges[edge.target]))


def _report_circle(circle: list[_Edge], report: Report) -> None:
    """Report a circle at its first reference in document order, whichever edge closed it."""
    references = [edge for edge in circle if edge.at.pointer.endswith("/$ref")] or circle
    first = min(references, key=lambda edge: (edge.at.path, edge.at.focus().line, edge.at.pointer))
    turned = references.index(first)
    others = [*references[turned + 1 :], *references[:turned]]
    subject = quote(f"#{first.target.pointer}")
    message = f"{subject} stands for itself" if not others else f"{subject} leads back to itself"
    report.add(CIRCULAR_REFERENCE, message, first.at, related=[Related(one.at, "by way of this") for one in others])
