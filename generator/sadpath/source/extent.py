"""Where every value of a tree stands in its text, as offsets: built on demand, for rendering positions."""

from __future__ import annotations

from dataclasses import dataclass, field

from sadpath.source.pointer import split


@dataclass(slots=True)
class Extent:
    """The stretch of a value and, inside a mapping, of its key.

    `children` go by key, or by index as text; `merged` are the values of YAML's `<<`, each a mapping or a list of
    mappings; `text` is that of a scalar of YAML, where an alias of it may serve as a key.
    """

    start: int
    end: int
    key_start: int = -1
    key_end: int = -1
    children: dict[str, Extent] = field(default_factory=dict[str, "Extent"])
    merged: list[Extent] = field(default_factory=list["Extent"])
    scalar: bool = True
    text: str = ""

    def child(self, token: str) -> Extent | None:
        """The extent of a member or item, one that was merged in included."""
        own = self.children.get(token)
        if own is not None:
            return own
        for source in self.merged:
            listed = source.children.values() if "0" in source.children else (source,)
            for mapping in listed:
                found = mapping.child(token)
                if found is not None:
                    return found
        return None


def nearest(root: Extent, pointer: str) -> Extent:
    """The extent of the value at `pointer`, or of its nearest ancestor that exists."""
    found = root
    for token in split(pointer):
        child = found.child(token)
        if child is None:
            return found
        found = child
    return found
