"""Media types and character sets of message bodies (RFC 9110, section 8.3)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

FORM: Final = "application/x-www-form-urlencoded"
_PARAMETER: Final = re.compile(r';\s*([^\s;=]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)')

_NO_CHARACTER_SETS: Final[frozenset[str]] = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
"""Codecs of Python that make text of bytes and that no message is written in."""

_PROBE: Final = b"\0\0\0\0"
"""Text in every character set, whatever the size of its units."""


def media_type_of(field: str | None) -> str | None:
    """`type/subtype` in lower case, without parameters; None where the field says nothing."""
    essence = (field or "").split(";", 1)[0].split(",", 1)[0].strip().lower()
    return essence or None


def charset_of(field: str | None) -> str | None:
    """The name of a character set that the field states and that bytes can be read in; None where there is no such."""
    stated = stated_charset(field)
    if stated is None:
        return None
    try:
        name = codecs.lookup(stated).name
        # Codecs such as hex and zlib are found by name too, and make no text.
        _PROBE.decode(name)
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _NO_CHARACTER_SETS else name


def stated_charset(field: str | None) -> str | None:
    """The character set that the field states, whether there is one of that name or not."""
    return parameter_of(field, "charset")


def parameter_of(field: str | None, name: str) -> str | None:
    """The value of one parameter of a media type; its name in lower case."""
    return next((value.strip('"') for key, value in _PARAMETER.findall(field or "") if key.lower() == name), None)


def media_type_matches(actual: str | None, wanted: Iterable[str]) -> bool:
    """Whether a field is one of the wanted types; parameters play no part, `*` and `+suffix` wildcards do."""
    essence = media_type_of(actual)
    return essence is not None and any(_covers(media_type_of(pattern) or "", essence) for pattern in wanted)


def is_json(media_type: str | None) -> bool:
    """Whether bodies of this type hold JSON."""
    essence = media_type_of(media_type)
    return essence is not None and (essence in ("application/json", "text/json") or essence.endswith("+json"))


_BYTES: Final = frozenset({"application/octet-stream", "application/pdf", "application/zip", "application/gzip"})
_BYTE_KINDS: Final = ("image/", "audio/", "video/", "font/")


def is_bytes(media_type: str | None) -> bool:
    """Whether bodies of this type are bytes that mean something to other programs alone."""
    essence = media_type_of(media_type) or ""
    return (essence in _BYTES or essence.startswith(_BYTE_KINDS)) and not essence.endswith("xml")


def is_form(media_type: str | None) -> bool:
    """Whether bodies of this type are pairs of names and values."""
    return media_type_of(media_type) == FORM


def is_multipart(media_type: str | None) -> bool:
    """Whether bodies of this type are the parts of a form."""
    return media_type_of(media_type) == "multipart/form-data"


def is_range(media_type: str) -> bool:
    """Whether this is no media type, but a pattern of several."""
    return "*" in (media_type_of(media_type) or "*")


_SEQUENCES: Final[Mapping[str, Literal["lines", "sequence", "events"]]] = {
    "application/jsonl": "lines",
    "application/x-jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/jsonlines": "lines",
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/json-lines": "lines",
    "application/json-seq": "sequence",
    "text/event-stream": "events",
}


def sequence_of(media_type: str | None) -> Literal["lines", "sequence", "events"] | None:
    """How bodies of this type are cut into items; None where they are no sequence of items."""
    essence = media_type_of(media_type) or ""
    return "sequence" if essence.endswith("+json-seq") else _SEQUENCES.get(essence)


def accepts(field: str | None, offered: Iterable[str]) -> bool:
    """Whether an `Accept` field allows one of the offered types (RFC 9110, section 12.5.1)."""
    offers = [essence for essence in map(media_type_of, offered) if essence is not None]
    return not offers or any(quality_of(field, offer) > 0 for offer in offers)


def quality_of(field: str | None, offer: str) -> float:
    """How much an `Accept` field wants a type, from 0, not at all, to 1; 1 for every type where the field says nothing."""
    if field is None or not field.strip():
        return 1.0
    essence = media_type_of(offer) or ""
    return _quality(essence, [part for part in field.split(",") if part.strip()])


def _quality(offer: str, ranges: list[str]) -> float:
    best = (-1, 0.0)
    for text in ranges:
        pattern = media_type_of(text) or ""
        if _covers(pattern, offer) or (is_range(offer) and _covers(offer, pattern)):
            best = max(best, (_specificity(pattern), _weight(text)))
    return best[1]


def _specificity(pattern: str) -> int:
    return 2 - pattern.count("*")


def _weight(text: str) -> float:
    for name, value in _PARAMETER.findall(text):
        if name.lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _covers(pattern: str, essence: str) -> bool:
    if pattern in (essence, "*/*", "*"):
        return True
    kind, _, subtype = pattern.partition("/")
    actual_kind, _, actual_subtype = essence.partition("/")
    if kind != actual_kind:
        return False
    return subtype == "*" or (subtype.startswith("*+") and actual_subtype.endswith(subtype[1:]))
