"""Header fields of one message: case-insensitive, in order, several lines of one name kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .redaction import SECRET_HEADERS, Scrubber, mask_cards


class Headers(Mapping[str, str]):
    """An immutable view of header fields; `headers[name]` joins the lines of one name with a comma (RFC 9110, section 5.3)."""

    __slots__ = ("_lines",)

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self._lines = tuple((name, value) for name, value in lines)

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Headers:
        """Headers of one line a name."""
        return cls(fields.items())

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Every field line as it came."""
        return self._lines

    def get_all(self, name: str) -> tuple[str, ...]:
        """The values of every line of one name, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self._lines if key.lower() == wanted)

    def __getitem__(self, name: str) -> str:
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for name, _ in self._lines:
            if name.lower() not in seen:
                seen.add(name.lower())
                yield name

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._lines})

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_all(name))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Headers):
            return NotImplemented
        return _folded(self) == _folded(other)

    def __hash__(self) -> int:
        return hash(frozenset(_folded(self).items()))

    def __repr__(self) -> str:
        return f"Headers({mask_cards(str([line for line in self._lines if line[0].lower() not in SECRET_HEADERS]))})"

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[tuple[str, str], ...]]]:
        return Headers, (self.masked()._lines,)

    def __copy__(self) -> Headers:
        return self

    def __deepcopy__(self, memo: object) -> Headers:
        return self

    def masked(self) -> Headers:
        """The same headers without card numbers and credentials."""
        return Headers((name, mask_cards(value)) for name, value in self._lines if name.lower() not in SECRET_HEADERS)

    def safe(self, scrubber: Scrubber) -> Headers:
        """The headers that may stay on an exception: no credentials, no cookies."""
        kept = (line for line in self._lines if line[0].lower() not in SECRET_HEADERS)
        return Headers((name, scrubber.text(value)) for name, value in kept)


def _folded(headers: Headers) -> dict[str, tuple[str, ...]]:
    return {name.lower(): headers.get_all(name) for name in headers}
