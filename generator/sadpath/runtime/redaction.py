"""Keeps card numbers and credentials out of everything that may be printed, logged or stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, quote_plus

from .trees import is_mapping, is_sequence

REPLACEMENT: Final = "[redacted]"

SECRET_HEADERS: Final[frozenset[str]] = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "set-cookie2",
        "proxy-authentication-info",
        "authentication-info",
    }
)
"""Field names, in lower case, that never stay on an exception."""

_SEPARATOR: Final = r"[\s\-\u2010-\u2015]{0,3}"
_DIGITS: Final = re.compile(rf"\d(?:{_SEPARATOR}\d){{12,}}")
_GROUP: Final = re.compile(r"\d+")
_UUID: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_SHORTEST_CARD: Final = 13
_LONGEST_CARD: Final = 19
_LEFT_VISIBLE: Final = 4
_SHORTEST_SECRET: Final = 4


def luhn_valid(digits: str) -> bool:
    """Whether the digits pass the check of ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mask_cards(text: str) -> str:
    """The text with every number that may be a card number masked but for its last four digits."""
    if sum(map(str.isdecimal, text)) < _SHORTEST_CARD:
        return text
    parts: list[str] = []
    start = 0
    for found in _UUID.finditer(text):
        parts += [_DIGITS.sub(_mask_run, text[start : found.start()]), found.group()]
        start = found.end()
    parts.append(_DIGITS.sub(_mask_run, text[start:]))
    return "".join(parts)


def _mask_run(found: re.Match[str]) -> str:
    text = found.group()
    groups = [(group.start(), group.end()) for group in _GROUP.finditer(text)]
    hidden: set[int] = set()
    for first in range(len(groups)):
        for places in _windows(groups[first : first + _LONGEST_CARD]):
            if luhn_valid("".join(text[place] for place in places)):
                hidden.update(places[:-_LEFT_VISIBLE])
    return "".join("*" if place in hidden else character for place, character in enumerate(text))


def _windows(groups: list[tuple[int, int]]) -> Iterator[list[int]]:
    """The places of the digits of the first group, of the first two, and so on, where they are as many as a card has."""
    places: list[int] = []
    for start, end in groups:
        places = [*places, *range(start, end)]
        if len(places) > _LONGEST_CARD:
            return
        if len(places) >= _SHORTEST_CARD:
            yield places


def mask_bytes(data: bytes) -> bytes:
    """`mask_cards` for bytes of any encoding that keeps ASCII digits."""
    return mask_cards(data.decode("latin-1")).encode("latin-1")


def mask_tree(value: Any) -> Any:
    """`mask_cards` for every text and number inside lists, tuples and mappings; a number that is masked becomes text."""
    if isinstance(value, str):
        return mask_cards(value) if type(value) is str else value
    if isinstance(value, bytes):
        return mask_bytes(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        text = str(value)
        masked = mask_cards(text)
        return value if masked == text else masked
    if is_mapping(value):
        mapping = value
        return {mask_tree(key): mask_tree(member) for key, member in mapping.items()}
    if is_sequence(value):
        items = [mask_tree(item) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    return value


def mask_value(value: Any) -> Any:
    """`mask_tree` for a value of a documented type: a number stays the number that it is, since its type promises one."""
    return value if isinstance(value, int | Decimal) else mask_tree(value)


def printable(text: str, limit: int = 500) -> str:
    """One line without control, format and private characters, of bounded length, with card numbers masked."""
    line = " ".join(text[: limit * 4].split())
    line = mask_cards("".join(character for character in line if character.isprintable()))
    return line if len(line) <= limit else f"{line[: limit - 3]}..."


class Scrubber:
    """Removes the given secrets from text, bytes and trees, in the forms in which they travel."""

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                forms |= {secret, quote(secret, safe=""), quote_plus(secret), _escaped(secret)}
        self._secrets = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def __repr__(self) -> str:
        return f"Scrubber({len(self._secrets)} secrets)"

    def text(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, REPLACEMENT)
        return text

    def data(self, data: bytes) -> bytes:
        """The bytes without the secrets, where they are written in UTF-8."""
        for secret in self._secrets:
            data = data.replace(secret.encode("utf-8", "surrogatepass"), REPLACEMENT.encode())
        return data

    def tree(self, value: Any) -> Any:
        """The tree without the secrets."""
        if not self._secrets:
            return value
        if isinstance(value, str):
            return self.text(value) if type(value) is str else value
        if is_mapping(value):
            return {self.tree(key): self.tree(member) for key, member in value.items()}
        if is_sequence(value):
            items = [self.tree(item) for item in value]
            return tuple(items) if isinstance(value, tuple) else items
        return value


def _escaped(secret: str) -> str:
    return secret.replace("\\", "\\\\").replace('"', '\\"')
