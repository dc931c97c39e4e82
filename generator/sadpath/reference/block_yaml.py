"""Trees to YAML in block style, as PyYAML writes it to the byte, in a small part of the time.

PyYAML builds a node and several events for each value and decides by each character. Here lines are put together at once.
Readers of YAML 1.2 have to find the same: texts that are numbers there are quoted, and so are line breaks of 1.1 alone.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from yaml.emitter import Emitter
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from sadpath.reference.invisible import INVISIBLE
from sadpath.reference.written import Written
from sadpath.source.tree import is_list, is_mapping

_WIDTH: Final = 100
"""Columns after which a text goes on in the next line, where it has a space."""
_LONGEST_KEY: Final = 122
"""Characters of a key that stands in one line with its value: PyYAML allows 127, five of which are its `!!str`."""

_SEEN: Final = " -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe"
"""What needs no escape, as members of a character class; line breaks come to it."""
_BREAK: Final = "\n\x85\u2028\u2029"
_NOT_PLAIN: Final = re.compile(
    rf"[^{_SEEN}]|:(?: |\Z)| #| \Z|\A(?:[-?:](?: |\Z)|---|\.\.\.|[ #,\[\]{{}}&*!|>'\"%@`])|\A\Z"
)
_NOT_SINGLE: Final = re.compile(f"[^{_SEEN}{_BREAK}]|[{_BREAK}] | [{_BREAK}]")
_LINE_BREAK: Final = re.compile(f"[{_BREAK}]")
_STRETCHES: Final = re.compile(f" +|[{_BREAK}]+|[^ {_BREAK}]+")
_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
"""What is a number in YAML 1.2, which PyYAML, that knows 1.1, writes without quotes in part."""
_FURTHER_BREAKS: Final = re.compile("[\x85\u2028\u2029]")
"""Line breaks of YAML 1.1, which some readers fold into a space."""
_ESCAPED: Final = re.compile('["\\\\\u2028\u2029]|[^ -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]')
_SPACE_OR_ESCAPED: Final = re.compile(f" |{_ESCAPED.pattern}")
_TEXT: Final = "tag:yaml.org,2002:str"


def block_yaml(tree: dict[str, Any], *, header: str = "", escaped: bool = False) -> bytes:
    """What `yaml.safe_dump` writes, in UTF-8: unsorted, 100 columns wide, with characters as they are and without anchors.

    Texts with invisible characters are in double quotes; `escaped`, these characters are escaped there. Numbers are exact.
    """
    writer = _Writer()
    if tree:
        writer.mapping(tree, 0, "")
    return _joined([header, *(writer.parts or ["{}"]), "\n"], escaped=escaped)


def block_lines(mapping: dict[str, Any], depth: int) -> Written:
    """The same, escaped, for a mapping with members that stands in so many others: the lines behind its key."""
    writer = _Writer()
    writer.mapping(mapping, 2 * depth, "\n" + "  " * depth)
    return Written(_joined(writer.parts, escaped=True))


def _joined(parts: list[str | Written], *, escaped: bool) -> bytes:
    """Parts in UTF-8. A single character beyond Latin makes a joined text four times as large: so long texts are not joined with others."""
    found: list[bytes] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, Written):
            found += ("".join(texts).encode(), part.lines)
            texts = []
        else:
            texts.append(part if part.isascii() or not escaped else INVISIBLE.sub(_escaped, part))
    return b"".join((*found, "".join(texts).encode()))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


class _Writer:
    """Gathers the `parts` of a text. A collection begins with `first`: a new line, or a space behind an indicator."""

    def __init__(self) -> None:
        self.parts: list[str | Written] = []
        self._quotes: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._resolver: Any = Resolver()

    def mapping(self, value: dict[str, Any], indent: int, first: str) -> None:
        parts, keys = self.parts, self._keys
        line = "\n" + " " * indent
        for key, item in value.items():
            shown = keys.get(key) or self._key(key)
            if not shown:
                parts.append(f"{first}? {self._text(key, indent + 2, indent + 2)}{line}:")
                self._item(item, indent, line)
            elif type(item) is str:
                parts.append(f"{first}{shown}{self._text(item, indent + len(shown), indent + 2)}")
            elif is_mapping(item) and item:
                parts.append(first + shown[:-1])
                self.mapping(item, indent + 2, line + "  ")
            elif is_list(item) and item:
                parts.append(first + shown[:-1])
                self._list(item, indent, line)
            elif isinstance(item, Written):
                parts += (first + shown[:-1], item)
            else:
                parts.append(first + shown + _other(item))
            first = line

    def _list(self, value: list[Any], indent: int, first: str) -> None:
        line = "\n" + " " * indent
        for item in value:
            self.parts.append(first + "-")
            self._item(item, indent, line)
            first = line

    def _item(self, item: Any, indent: int, line: str) -> None:
        """What stands behind an indicator of one character, in the same line."""
        if isinstance(item, str):
            self.parts.append(" " + self._text(item, indent + 2, indent + 2))
        elif is_mapping(item) and item:
            self.mapping(item, indent + 2, " ")
        elif is_list(item) and item:
            self._list(item, indent + 2, " ")
        else:
            self.parts.append(" " + _other(item))

    def _key(self, key: str) -> str:
        """A key with what comes behind it; nothing where it needs an indicator in front."""
        if not key or len(key) > _LONGEST_KEY or _LINE_BREAK.search(key):
            return ""
        shown = self._keys[key] = _in_one_line(key, self._quote(key)) + ": "
        return shown

    def _text(self, text: str, column: int, indent: int) -> str:
        """A text that begins at `column` and goes on in further lines at `indent`."""
        quote = self._quotes.get(text)
        if quote is None:
            quote = self._quotes[text] = self._quote(text)
        if quote == '"':
            return _double_quoted(text, column, indent)
        if column + len(text) <= _WIDTH and "\n" not in text and not _LINE_BREAK.search(text):
            return _in_one_line(text, quote)
        return _folded(text, quote, column, indent)

    def _quote(self, text: str) -> str:
        """What stands around a text: nothing where it can do without, single quotes before double ones."""
        if not text.isascii() and (INVISIBLE.search(text) or _FURTHER_BREAKS.search(text)):
            return '"'
        if _NUMBER.fullmatch(text):
            return "'"
        if not _NOT_PLAIN.search(text) and self._resolver.resolve(ScalarNode, text, (True, False)) == _TEXT:
            return ""
        return '"' if _NOT_SINGLE.search(text) else "'"


def _other(value: Any) -> str:
    """A scalar that is no text, or an empty collection."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return "{}" if is_mapping(value) else "[]"


def _in_one_line(text: str, quote: str) -> str:
    if not quote:
        return text
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), text) + '"'


def _folded(text: str, quote: str, column: int, indent: int) -> str:
    """A text without quotes or in single ones: a line ends at the first single space behind the width."""
    line = "\n" + " " * indent
    shown = text.replace("'", "''") if quote else text
    if "  " not in shown and not _LINE_BREAK.search(shown):
        return f"{quote}{_folded_words(shown, line, column + len(quote))}{quote}"
    parts = [quote]
    column += len(quote)
    for found in _STRETCHES.finditer(shown):
        stretch = found[0]
        if stretch[0] in _BREAK:
            parts.append("\n" * (stretch[0] == "\n") + stretch + line[1:])
            column = indent
        elif stretch == " " and column > _WIDTH and 0 < found.start() and found.end() < len(shown):
            parts.append(line)
            column = indent
        else:
            parts.append(stretch)
            column += len(stretch)
    parts.append(quote)
    return "".join(parts)


def _folded_words(text: str, line: str, column: int) -> str:
    """The same for a text whose only blanks are single spaces; `line` begins a new one."""
    parts: list[str] = []
    start, last = 0, len(text) - 1
    while 0 < (at := text.find(" ", max(start + max(_WIDTH + 1 - column, 0), 1))) < last:
        parts.append(text[start:at])
        start, column = at + 1, len(line) - 1
    return line.join((*parts, text[start:]))


def _double_quoted(text: str, column: int, indent: int) -> str:
    """A text in double quotes: a line ends before a space, or behind an escape, beyond the width."""
    line = "\\\n" + " " * indent
    parts = ['"']
    column += 1
    last = len(text) - 1
    start = 0
    for found in _SPACE_OR_ESCAPED.finditer(text):
        at = found.start()
        if found[0] == " ":
            ends = 0 < at < last and column + at - start > _WIDTH
            if ends:
                parts.append(text[start:at])
                start = at
        else:
            shown = text[start:at] + _escape(found[0])
            parts.append(shown)
            column += len(shown)
            start = at + 1
            goes_on = start < last and not _SPACE_OR_ESCAPED.match(text, start)
            ends = (0 < at < last and column - 1 > _WIDTH) or (goes_on and column > _WIDTH)
        if ends:
            escaped = text[start] == " "
            parts.append(line + "\\" * escaped)
            column = indent + escaped
    parts.append(text[start:] + '"')
    return "".join(parts)


def _escape(character: str) -> str:
    short = Emitter.ESCAPE_REPLACEMENTS.get(character)
    if short is not None:
        return "\\" + short
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
