"""Where the parts of a patched tree come from: other files for what was put in, other pointers for what has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sadpath.source.pointer import join, split

if TYPE_CHECKING:
    from sadpath.source.text import Source

Origin = tuple["Source", str]


class Origins:
    """By pointer into the patched tree: the source and the pointer that all below comes from, unless something nearer is noted."""

    def __init__(self, source: Source) -> None:
        self._natural = source
        self._noted: dict[str, Origin] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that parts of the tree come from, beside its own."""
        found = dict.fromkeys(source for source, _ in self._noted.values())
        return tuple(source for source in found if source != self._natural)

    def copy(self) -> Origins:
        found = Origins(self._natural)
        found._noted.update(self._noted)
        return found

    def of(self, pointer: str) -> Origin:
        """Where the value at a pointer comes from."""
        rest = ""
        at = pointer
        while at:
            if at in self._noted:
                source, origin = self._noted[at]
                return source, origin + rest
            at, _, token = at.rpartition("/")
            rest = f"/{token}{rest}"
        return self._natural, pointer

    def note(self, pointer: str, origin: Origin) -> None:
        """The value at `pointer` is now that of another place."""
        self._forget(pointer)
        self._noted[pointer] = origin

    def remove_member(self, pointer: str) -> None:
        """There is no value at `pointer` any more, and nothing takes its place."""
        self._forget(pointer)

    def remove_item(self, pointer: str, length: int) -> None:
        """The item at `pointer`, of a list that had `length` items, is gone; those after it move up."""
        parent, _, token = pointer.rpartition("/")
        index = int(token)
        moved = {position: self.of(join(parent, position)) for position in range(index + 1, length)}
        inner = {
            at: origin
            for at, origin in self._noted.items()
            if at.startswith(f"{parent}/") and int(split(at[len(parent) :])[0]) > index
        }
        for position in range(index, length):
            self._forget(join(parent, position))
        for position, origin in moved.items():
            self._noted[join(parent, position - 1)] = origin
        for at, origin in inner.items():
            old, *rest = split(at[len(parent) :])
            if rest:
                self._noted[join(parent, int(old) - 1, *rest)] = origin

    def _forget(self, pointer: str) -> None:
        below = f"{pointer}/"
        for at in [at for at in self._noted if at == pointer or at.startswith(below)]:
            del self._noted[at]
