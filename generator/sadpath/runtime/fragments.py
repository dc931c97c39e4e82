"""Reads the identifiers out of an answer whose body cannot be decoded, so that what was made can still be found."""

from __future__ import annotations

import json
import re
from typing import Final

from .headers import Headers
from .pointers import pointer_of
from .redaction import mask_cards

PREFIX: Final = 64 * 1024
"""So many bytes of a body are looked at."""
MOST: Final = 16
"""So many identifiers are kept."""
LONGEST: Final = 200
"""Characters: what is longer is left out, since half an identifier names something else."""

_DEPTH: Final = 2
_CANDIDATES: Final = 4 * MOST
_PLACES: Final = ("Location", "Content-Location")
"""RFC 9110, sections 10.2.2 and 8.7."""

# Possessive throughout: every byte is looked at once, whatever the text is.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NUMBER: Final = re.compile(rb"-?+[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+(?=[ \t\r\n,}])")
_WHOLE: Final = re.compile(rb"0|-?[1-9][0-9]*+")
_LITERAL: Final = re.compile(rb"(?:true|false|null)(?=[ \t\r\n,}]|\Z)")
_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_BRACKETS: Final = re.compile(rb'[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_CLOSING: Final = {b"{": b"}", b"[": b"]"}

_PATH: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*+:)?+(?://[^/?#]*+)?+([^?#]*+)", re.DOTALL)
"""RFC 3986, appendix B."""

_WORD: Final = re.compile(r"[A-Z]++(?![a-z])|[A-Z]?[a-z]++|[A-Z]|[0-9]++")
_NOUNS: Final = frozenset({"id", "uid", "uuid", "guid", "identifier", "reference", "ref", "rrn"})
_KEYS: Final = frozenset({"idempotency", "idempotence"})
_CREDENTIALS: Final = frozenset({"token", "secret", "session", "password", "auth", "cookie", "csrf", "nonce"})


def identifiers_of(headers: Headers, body: bytes) -> dict[str, str]:
    """What names the object that an answer is about: by JSON Pointer what stands in the body, by field name what a header says.

    Of a body that begins as a JSON object, these are the texts and whole numbers of the object and of the objects in it,
    as far as the text holds together, whose names end in one of the words id, uid, uuid, guid, identifier, reference,
    ref and rrn (`id`, `payment_id`, `paymentId`), and idempotency keys. Names that speak of credentials are left out, and
    so is a plain `key`, which may be one. Of a header it is the last segment of the path. A value is whole or absent:
    nothing is cut, and what is not printable or may hold a card number is left out. Never raises.
    """
    found = {place: value for place in _PLACES if (value := _last_segment(headers.get_all(place))) is not None}
    reader = _Reader(body[:PREFIX])
    reader.read()
    for path, value in reader.found.items():
        if path not in reader.doubtful:
            found[pointer_of(path)] = value
    clean = {name: value for name, value in found.items() if _is_clean(name) and _is_clean(value)}
    return dict(list(clean.items())[:MOST])


def is_identifier(name: str) -> bool:
    """Whether a member of this name is likely to name an object, and not to open a door."""
    words = [word.lower() for word in _WORD.findall(name[: LONGEST + 1])]
    if not words or _CREDENTIALS.intersection(words):
        return False
    return words[-1] in _NOUNS or (words[-1] == "key" and not _KEYS.isdisjoint(words[:-1]))


def _is_clean(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable() and mask_cards(text) == text


def _last_segment(lines: tuple[str, ...]) -> str | None:
    if len(lines) != 1:
        return None
    found = _PATH.match(lines[0][:PREFIX].strip())
    segments = [segment for segment in found.group(1).split("/") if segment] if found is not None else []
    return segments[-1] if segments else None


class _Reader:
    """Walks through an object and the objects in it until the text breaks off or is no JSON any more."""

    def __init__(self, data: bytes) -> None:
        self.data = data.removeprefix(b"\xef\xbb\xbf")
        self.at = 0
        self.found: dict[tuple[str, ...], str] = {}
        self.doubtful: set[tuple[str, ...]] = set()
        """What the text says twice; and what stands in an object that is there twice."""
        self._names: set[tuple[str, ...]] = set()

    def read(self) -> None:
        if self._mark(b"{"):
            self._members(())

    def _members(self, path: tuple[str, ...]) -> bool:
        """Whether the object ended as one does; its opening bracket has been read."""
        if self._mark(b"}"):
            return True
        while True:
            name = self._token(_STRING)
            if name is None or not self._mark(b":"):
                return False
            text = _text(name)
            if not self._value((*path, text) if text is not None else None):
                return False
            if not self._mark(b","):
                return self._mark(b"}")

    def _value(self, path: tuple[str, ...] | None) -> bool:
        """Whether to go on; the path is None where its last name cannot be read."""
        self._name(path)
        if self._peek() == b"{" and path is not None and len(path) < _DEPTH:
            self._mark(b"{")
            return self._members(path)
        if self._peek() in _CLOSING:
            return self._skip()
        token = self._token(_STRING) or self._token(_NUMBER)
        if token is None:
            return self._token(_LITERAL) is not None
        # Where something else follows, the text ended elsewhere than it should: a quotation mark stands too much.
        if self._peek() not in (b",", b"}", b""):
            return False
        if path is not None and is_identifier(path[-1]):
            value = _text(token) if token.startswith(b'"') else _whole(token)
            if value is not None and len(self.found) < _CANDIDATES:
                self.found.setdefault(path, value)
        return True

    def _name(self, path: tuple[str, ...] | None) -> None:
        if path is None:
            return
        if path in self._names:
            self.doubtful.add(path)
            self.doubtful.update(other for other in self.found if other[: len(path)] == path)
        elif path[:-1] in self.doubtful:
            self.doubtful.add(path)
        self._names.add(path)

    def _skip(self) -> bool:
        """Whether what the brackets hold is complete."""
        closing: list[bytes] = []
        while (token := self._token(_BRACKETS)) is not None:
            if token in _CLOSING:
                closing.append(_CLOSING[token])
            elif token in (b"}", b"]"):
                if closing.pop() != token:
                    return False
                if not closing:
                    return True
        return False

    def _peek(self) -> bytes:
        self._space()
        return self.data[self.at : self.at + 1]

    def _mark(self, mark: bytes) -> bool:
        found = self._peek() == mark
        self.at += found
        return found

    def _token(self, pattern: re.Pattern[bytes]) -> bytes | None:
        self._space()
        found = pattern.match(self.data, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found.group()

    def _space(self) -> None:
        found = _SPACE.match(self.data, self.at)
        self.at = found.end() if found is not None else self.at


def _text(token: bytes) -> str | None:
    try:
        text = json.loads(token.decode("utf-8"))
    except ValueError:
        return None
    return text if isinstance(text, str) else None


def _whole(token: bytes) -> str | None:
    return token.decode("ascii") if _WHOLE.fullmatch(token) else None
