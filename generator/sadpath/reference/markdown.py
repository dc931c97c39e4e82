"""The one converter from text of a document to Markdown: what it makes carries no live HTML, link or script of the document's."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


class Markdown(str):
    """Text that is Markdown; whatever else reaches a template of Markdown is refused there."""

    __slots__ = ()


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!~&])")
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
_PLAIN: Final = re.compile(r"[\n -~]*")
"""Texts all of whose characters are seen."""
_KEPT: Final = 16_384
"""How many texts are known in each form: documents say the same of a thing wherever it occurs."""


class _Shown(dict[int, int]):
    """What is shown for a character, by its number: itself, or the mark of what cannot be."""

    def __missing__(self, code: int) -> int:
        seen = code == ord("\n") or unicodedata.category(chr(code)) not in _INVISIBLE
        self[code] = code if seen else 0xFFFD
        return self[code]


_SHOWN: Final = _Shown()


def visible(text: str) -> str:
    """Text without controls, bidirectional marks and the like; line breaks stay."""
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return text.translate(_SHOWN)


@lru_cache(maxsize=_KEPT)
def inline(text: str) -> Markdown:
    """Text on one line, every character of which stands for itself."""
    return Markdown(_SPECIAL.sub(r"\\\1", " ".join(visible(text).split())))


@lru_cache(maxsize=_KEPT)
def line(text: str) -> Markdown:
    """Text on one line whose code spans stay code, also inside a table; everything else stands for itself."""
    parts = re.split(r"(`[^`]+`)", " ".join(visible(text).split()))
    return Markdown(
        "".join(part.replace("|", "\\|") if _is_span(part) else _SPECIAL.sub(r"\\\1", part) for part in parts)
    )


@lru_cache(maxsize=_KEPT)
def prose(text: str) -> Markdown:
    """Paragraphs and lists of a description; code spans stay code, everything else stands for itself."""
    blocks = [_block(block) for block in re.split(r"\n\s*\n", visible(text).strip())]
    return Markdown("\n\n".join(block for block in blocks if block))


def _block(block: str) -> str:
    lines = [line.strip() for line in block.split("\n")]
    if all(re.match(r"[-*] ", line) for line in lines):
        return "\n".join(f"- {_spans(line[2:])}" for line in lines)
    text = " ".join(lines)
    return re.sub(r"^([-+=]|\d+[.)])", r"\\\1", _spans(text))


def _spans(text: str) -> str:
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if _is_span(part) else _SPECIAL.sub(r"\\\1", part) for part in parts)


def _is_span(part: str) -> bool:
    return len(part) > 2 and part.startswith("`") and part.endswith("`")


@lru_cache(maxsize=_KEPT)
def code(text: str) -> Markdown:
    """A code span (CommonMark, section 6.1), fenced by more backticks than it holds."""
    flat = " ".join(visible(text).split()) or " "
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0) if "`" in flat else 0
    fence = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return Markdown(f"{fence}{pad}{flat}{pad}{fence}")


@lru_cache(maxsize=_KEPT)
def cell_code(text: str) -> Markdown:
    """A code span inside a table, where a bar would end the cell even between backticks."""
    return Markdown(code(text).replace("|", "\\|"))


def block(text: str, language: str = "") -> Markdown:
    """A fenced code block (CommonMark, section 4.5), fenced by more backticks than any line of it holds."""
    shown = visible(text).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`{3,}", shown)), default=2)
    fence = "`" * (longest + 1)
    return Markdown(f"{fence}{language}\n{shown}\n{fence}")
