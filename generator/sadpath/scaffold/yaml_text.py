"""Writes plain values as commented YAML for people to edit: the one place where text of a document becomes YAML."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sadpath.runtime.frozen import dataclass
from sadpath.source.tree import is_mapping

WIDTH: Final = 100
"""Columns: only a single word that is longer than a line goes beyond."""

_PLAIN: Final = re.compile(r"[A-Za-zА-Яа-яЁё_/][\w./-]*(?: [\w./(«»][\w./()«»,;'-]*)*")
_NOT_TEXT: Final = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|none|nan|inf)|~|[-+.\d][\d_.:eExXoOaAbBcCdDfF+-]*|0[xo][0-9a-fA-F]+"
)
"""What some reader of YAML takes for something else than a text."""
_SHOWN: Final = re.compile(
    "[\t\x20-\x7e\xa0-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\uffef]"
)
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_KEY: Final = 100


@dataclass(frozen=True, slots=True)
class Commented:
    """A value with lines of comment above it."""

    value: Any
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping that is never written on one line; `spaced` leaves a blank line before each of its members."""

    members: Mapping[str, Any]
    spaced: bool = False


def write_yaml(tree: Block, heading: Sequence[str] = ()) -> str:
    """The text of a tree of Block, dict, list, str, int, bool and Commented."""
    lines = [line for text in heading for line in comment(text, 0)]
    return "\n".join([*lines, *_members(tree.members, 0, spaced=tree.spaced)]).strip("\n") + "\n"


def comment(text: str, indent: int) -> Iterator[str]:
    """A comment of one or more lines; whatever could end it is a space."""
    clean = " ".join("".join(character if _SHOWN.match(character) else " " for character in text).split())
    prefix = " " * indent + "# "
    wrapped = textwrap.wrap(clean, WIDTH - len(prefix), break_long_words=True, break_on_hyphens=False)
    yield from (prefix + line for line in wrapped or [""])


def scalar(value: str | int | bool) -> str:
    """A scalar on one line, in quotes where it would not be read back as the same text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value) and not value.endswith(":"):
        return value
    return f'"{_escaped(value)}"'


def _escaped(text: str) -> str:
    return "".join(_SHORT.get(character) or _shown(character) for character in text)


def _shown(character: str) -> str:
    if _SHOWN.match(character):
        return character
    number = ord(character)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def _members(members: Mapping[str, Any], indent: int, *, spaced: bool = False) -> Iterator[str]:
    for name, value in members.items():
        inner, comments = (value.value, value.comments) if isinstance(value, Commented) else (value, ())
        if spaced:
            yield ""
        for text in comments:
            yield from comment(text, indent)
        key = scalar(name)
        lead = " " * indent + (key if len(key) <= _LONGEST_KEY else f"? {key}\n" + " " * indent)
        yield from _member(lead + ":", inner, indent)


def _member(lead: str, value: Any, indent: int) -> Iterator[str]:
    room = WIDTH - len(lead.rpartition("\n")[2]) - 1
    flow = scalar(value) if isinstance(value, str) else _flow(value)
    if flow is not None and (len(flow) <= room or isinstance(value, int) or not value):
        yield f"{lead} {flow}"
    elif isinstance(value, Block):
        yield lead
        yield from _members(value.members, indent + 2, spaced=value.spaced)
    elif is_mapping(value):
        yield lead
        yield from _members(value, indent + 2)
    elif isinstance(value, str):
        yield from _long_text(lead, value, indent + 2)
    else:
        yield lead
        yield from _items(value, indent + 2)


def _items(values: Sequence[Any], indent: int) -> Iterator[str]:
    lead = " " * indent + "-"
    for value in values:
        flow = scalar(value) if isinstance(value, str) else _flow(value)
        if flow is not None and (len(flow) <= WIDTH - indent - 2 or not value):
            yield f"{lead} {flow}"
        elif is_mapping(value):
            first, *others = "\n".join(_members(value, indent + 2)).split("\n")
            yield f"{lead} {first.lstrip()}"
            yield from others
        elif isinstance(value, str):
            yield from _long_text(lead, value, indent + 2)
        elif isinstance(value, int):
            yield f"{lead} {flow}"
        else:
            yield lead
            yield from _items(value, indent + 2)


def _flow(value: Any) -> str | None:
    """A value on one line; None where it has comments, or parts that want lines of their own."""
    if isinstance(value, Commented):
        return None
    if isinstance(value, Block):
        return None if value.members else "{}"
    if is_mapping(value):
        parts = [(scalar(name), _flow(inner)) for name, inner in value.items()]
        if any(inner is None or len(key) > _LONGEST_KEY for key, inner in parts):
            return None
        return "{" + ", ".join(f"{key}: {inner}" for key, inner in parts) + "}"
    if isinstance(value, (str, int)):
        text = scalar(value)
        # Inside brackets these would end the text.
        return (
            f'"{_escaped(str(value))}"'
            if isinstance(value, str) and set(text) & set(",[]{}") and text[0] != '"'
            else text
        )
    found = [_flow(item) for item in value]
    return None if None in found else "[" + ", ".join(filter(None, found)) + "]"


def _long_text(lead: str, text: str, indent: int) -> Iterator[str]:
    """A text over several lines: folded where nothing in it would be lost, else in quotes."""
    words = text.split(" ")
    fits = all(word and len(word) <= WIDTH - indent for word in words)
    if fits and all(_SHOWN.match(character) and character != "\t" for character in text):
        yield f"{lead} >-"
        for line in textwrap.wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False):
            yield " " * indent + line
        return
    # A backslash at the end of a line takes the break and the spaces after it away.
    pieces = list(_pieces(_escaped(text), WIDTH - max(indent, len(lead) + 1) - 2))
    yield f'{lead} "{pieces[0]}' + ("\\" if len(pieces) > 1 else '"')
    for number, piece in enumerate(pieces[1:], 2):
        # A space at the beginning of a line would be taken away, too.
        start = "\\" if piece.startswith(" ") else ""
        yield " " * indent + start + piece + ("\\" if number < len(pieces) else '"')


def _pieces(escaped: str, size: int) -> Iterator[str]:
    """The text of a quoted scalar, cut where no escape is cut."""
    units = re.findall(r"\\U[0-9A-F]{8}|\\u[0-9A-F]{4}|\\.|.", escaped)
    piece = ""
    for unit in units:
        if len(piece) + len(unit) > size:
            yield piece
            piece = ""
        piece += unit
    yield piece
