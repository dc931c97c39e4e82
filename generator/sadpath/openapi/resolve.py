"""Reference Objects of a document followed to what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sadpath.diagnostics import Related, quote
from sadpath.diagnostics.rules_openapi import DYNAMIC_REFERENCE, MALFORMED_REFERENCE
from sadpath.openapi.node import Node
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place
from sadpath.source.references import Sources
from sadpath.source.tree import is_mapping


@dataclass(frozen=True, slots=True)
class Followed:
    """What a chain of references ends at; `description` is that of a Reference Object, which replaces the target's."""

    node: Node
    description: str | None = None

    def text(self, name: str = "description") -> str | None:
        """The description that counts."""
        return self.description if self.description is not None else self.node.text(name)


class Resolver:
    """Follows references through `sources`, which reports those that dangle; `check_references` reports circles."""

    def __init__(self, sources: Sources, version: tuple[int, int]) -> None:
        self.sources = sources
        self.version = version

    def reference(self, node: Node) -> str | None:
        """The text of `$ref`, or None where the node is no reference."""
        if not is_mapping(node.value) or "$ref" not in node.value:
            return None
        reference: Any = node.value["$ref"]
        if isinstance(reference, str):
            return reference
        node.report.add(MALFORMED_REFERENCE, "a reference must be a string", node.place.child("$ref"))
        return None

    def target(self, node: Node, reference: str) -> Place | None:
        return self.sources.resolve(node.place.child("$ref"), reference)

    def schema_targets(self, node: Node) -> Iterator[Place]:
        """What a schema refers to: by `$ref`, and from 3.1 on by `$dynamicRef`, which is followed to the anchor that it names.

        That a schema around it may give the anchor another meaning is reported, and left alone.
        """
        reference = self.reference(node)
        place = None if reference is None else self.target(node, reference)
        if place is not None:
            yield place
        dynamic = node.value.get("$dynamicRef") if self.version >= (3, 1) else None
        if isinstance(dynamic, str):
            at = node.place.child("$dynamicRef")
            place = self.sources.resolve(at, dynamic)
            if place is not None:
                if self.sources.has_rivals(place.source, dynamic.partition("#")[2]):
                    message = f"the reference {quote(dynamic)} is followed to this one of several anchors"
                    node.report.add(DYNAMIC_REFERENCE, message, at, related=[Related(place, "this anchor")])
                yield place

    def follow(self, node: Node) -> Followed | None:
        """What `node` stands for, itself where it is no reference; None where that is nothing."""
        description: str | None = None
        seen: set[Place] = set()
        while (reference := self.reference(node)) is not None:
            if description is None and self.version >= (3, 1):
                description = node.text("description")
            place = self.target(node, reference)
            if place is None or place in seen:
                return None
            seen.add(place)
            node = Node(place.value, place, node.report).as_object()
        return Followed(node, description)
