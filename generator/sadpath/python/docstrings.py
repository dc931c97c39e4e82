"""The one converter from text of a document to docstrings and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sadpath.naming.scope import Code

_WIDTH = 96
_GAP: Final = re.compile(r"\n\s*\n")
_KEPT_LINE: Final = re.compile(r"^(?:[ ]{2,}|\s*[-*|>#`\d])", re.MULTILINE)
"""In lists, tables, headings and indented code, lines are kept."""
_QUOTE_AT_END: Final = re.compile(r'(?<!\\)(?:\\\\)*"$')
_REMEMBERED: Final = 10_000
"""Docstrings that are remembered: the same is said of members of many models."""


def _escaped(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _safe(text: str) -> str:
    """Text that can stand between triple quotes: no backslash acts, no quotes end it, nothing is invisible."""
    text = text.replace("\t", "    ").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return text if text.isprintable() else "".join(_escaped(character) for character in text)


def paragraphs(text: str, *, indent: int) -> list[str]:
    """Lines of at most the house's width: prose is wrapped, lists and indented blocks keep their lines."""
    width = _WIDTH - indent
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    lines: list[str] = []
    for block in _GAP.split(text) if "\n" in text else (text,):
        if lines:
            lines.append("")
        if _KEPT_LINE.search(block):
            lines.extend(line.rstrip() for line in block.split("\n"))
        else:
            lines.extend(_wrapped(block.split(), width))
    return lines


def _wrapped(words: list[str], width: int) -> list[str]:
    """As many words in each line as fit; `textwrap` does the same in many times the time, which is felt with large documents."""
    text = " ".join(words)
    lines: list[str] = []
    begin, size = 0, len(text)
    while size - begin > width:
        end = text.rfind(" ", begin, begin + width + 1)
        if end < 0:
            end = text.find(" ", begin + width)
        if end < 0:
            break
        lines.append(text[begin:end])
        begin = end + 1
    return [*lines, text[begin:]]


@lru_cache(_REMEMBERED)
def docstring(*parts: str | None, indent: int = 4) -> Code:
    """A docstring literal of the parts, each a paragraph or more; parts without text are left out."""
    text = "\n\n".join([stripped for part in parts if part and (stripped := part.strip())])
    lines = [_safe(line) for line in paragraphs(text, indent=indent)] or [""]
    if lines[-1].endswith('"') and _QUOTE_AT_END.search(lines[-1]):
        lines[-1] = lines[-1][:-1] + '\\"'
    if lines[0].startswith('"'):
        lines[0] = "\\" + lines[0]
    if len(lines) == 1:
        return Code(f'"""{lines[0]}"""')
    margin = " " * indent
    body = "\n".join([lines[0], *[f"{margin}{line}" if line else "" for line in lines[1:]]])
    return Code(f'"""{body}\n{margin}"""')


def bullets(title: str, items: Iterable[str]) -> str | None:
    """A titled list as one paragraph of a docstring; None where it is empty."""
    lines = [f"- {' '.join(item.split())}" for item in items if item.strip()]
    return "\n".join([f"{title}:", *lines]) if lines else None
