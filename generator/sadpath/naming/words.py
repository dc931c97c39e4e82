"""Splits any text into ASCII words, and joins words in the styles that identifiers use."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)

_KEPT: Final = 10_000
"""Texts whose words are remembered: the members of many models are called the same."""

_WORD: Final = re.compile(
    # P2P, B2C, H2O: one word, where it stands by itself.
    r"(?<![A-Za-z0-9])[A-Za-z][0-9][A-Za-z](?![A-Za-z0-9])"
    r"|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z][0-9]+[a-z]*|[A-Z]+[0-9]*|[0-9]+[a-z]*"
)
_SNAKE: Final = re.compile(r"[a-z][a-z0-9_]*")
_PASCAL: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_CYRILLIC: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya".replace("-", "").split(" "),
        strict=True,
    )
)
_SYMBOLS: Final = {
    "+": "plus",
    "-": "minus",
    "*": "star",
    "%": "percent",
    "$": "dollar",
    "@": "at",
    "<": "less",
    ">": "greater",
} | {
    "=": "equals",
    "!": "not",
    "&": "and",
    "|": "or",
    "#": "hash",
    "/": "slash",
    ".": "dot",
    "^": "caret",
    "~": "tilde",
    "?": "question",
}


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    letters: list[str] = []
    for character in unicodedata.normalize("NFKD", text):
        lower = character.lower()
        if character.isascii():
            letters.append(character)
        elif lower in _CYRILLIC:
            plain = _CYRILLIC[lower]
            letters.append(plain.capitalize() if character != lower else plain)
        elif character.isalnum():
            letters.append(f" u{ord(character):x} ")
        elif not unicodedata.combining(character):
            letters.append(f" {unicodedata.name(character, '')} " if _is_picture(character) else " ")
    return "".join(letters)


def _is_picture(character: str) -> bool:
    """Whether the character is a symbol that people would call by its name (an emoji, a currency sign)."""
    return unicodedata.category(character) in ("So", "Sc", "Sm")


@lru_cache(_KEPT)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, in ASCII: at punctuation and at changes of case (`createdAt.gte`)."""
    return tuple(_WORD.findall(_ascii(text)))


def spoken(text: str) -> tuple[str, ...]:
    """The words of a text whose punctuation is read out (`5+` is `5 plus`), for values that differ in nothing else."""
    return words("".join(f" {_SYMBOLS[character]} " if character in _SYMBOLS else character for character in text))


def spelt_apart(wanted: Mapping[Key, str], style: Callable[[str], str]) -> dict[Key, str]:
    """The wanted names; where several are one name in a style, or none, punctuation is read out (`a.b` is `a dot b`)."""
    groups: defaultdict[str, list[Key]] = defaultdict(list)
    for key, raw in wanted.items():
        groups[style(raw)].append(key)
    unclear = {key for name, keys in groups.items() if len(keys) > 1 or not name for key in keys}
    return {
        key: " ".join(spoken(raw)) if key in unclear and spoken(raw) != words(raw) else raw
        for key, raw in wanted.items()
    }


@lru_cache(_KEPT)
def snake(text: str) -> str:
    """`CreatedAt.gte` as `created_at_gte`; digits stay with the letters before them (`sha1`)."""
    if _SNAKE.fullmatch(text):
        return text
    return "_".join(words(text)).lower()


def upper_snake(text: str) -> str:
    """`createdAt` as `CREATED_AT`."""
    return snake(text).upper()


@lru_cache(_KEPT)
def pascal(text: str) -> str:
    """`payment_method.id` as `PaymentMethodId`; what already is such a name stays as it is (`HTTPError`)."""
    if _PASCAL.fullmatch(text):
        return text
    return "".join(map(str.capitalize, words(text)))
