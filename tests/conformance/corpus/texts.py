"""Makes texts that a pattern or a format allows."""

from __future__ import annotations

import base64
import random
import re
import string
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

_LETTERS: Final = string.ascii_letters + string.digits
_WIDE: Final = _LETTERS + " -_.,'\"<>&éЖ日💳"


class Unmade(Exception):
    """Nothing was found that the schema allows."""


def text(chance: random.Random, low: int, high: int | None, *, simple: bool) -> str:
    """Some text of a length."""
    most = max(low, min(high if high is not None else low + 12, low + 12))
    count = chance.randint(max(low, 1 if simple else 0) if most else 0, most)
    letters = _LETTERS if simple else _WIDE
    return "".join(chance.choice(letters) for _ in range(count))


def _moment(chance: random.Random) -> str:
    return f"{_date(chance)}T{_clock(chance)}"


def _date(chance: random.Random) -> str:
    return f"{chance.randint(1990, 2040)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _clock(chance: random.Random) -> str:
    return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}Z"


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(chance.randint(3, 8)))


def _bytes(chance: random.Random) -> str:
    return base64.b64encode(chance.randbytes(chance.randint(1, 9))).decode()


FORMATS: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "date": _date,
    "date-time": _moment,
    "time": _clock,
    "duration": lambda chance: f"P{chance.randint(1, 9)}D",
    "uuid": lambda chance: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    "email": lambda chance: f"{_word(chance)}@{_word(chance)}.example",
    "idn-email": lambda chance: f"{_word(chance)}@{_word(chance)}.example",
    "uri": lambda chance: f"https://{_word(chance)}.example/{_word(chance)}",
    "url": lambda chance: f"https://{_word(chance)}.example/{_word(chance)}",
    "iri": lambda chance: f"https://{_word(chance)}.example/{_word(chance)}",
    "uri-reference": lambda chance: f"/{_word(chance)}",
    "iri-reference": lambda chance: f"/{_word(chance)}",
    "uri-template": lambda chance: f"/{_word(chance)}/{{id}}",
    "hostname": lambda chance: f"{_word(chance)}.example",
    "idn-hostname": lambda chance: f"{_word(chance)}.example",
    "ipv4": lambda chance: ".".join(str(chance.randint(1, 254)) for _ in range(4)),
    "ipv6": lambda chance: f"2001:db8::{chance.randint(1, 0xFFFF):x}",
    "byte": _bytes,
    "base64": _bytes,
    "base64url": lambda chance: _bytes(chance).replace("+", "-").replace("/", "_"),
    "base16": lambda chance: chance.randbytes(4).hex().upper(),
    "decimal": lambda chance: f"{chance.randint(0, 999)}.{chance.randint(10, 99)}",
    "json-pointer": lambda chance: f"/{_word(chance)}",
    "relative-json-pointer": lambda chance: f"{chance.randint(0, 3)}/{_word(chance)}",
    "regex": lambda chance: f"^{_word(chance)}$",
}


def matching(pattern: str, chance: random.Random, most: int) -> str:
    """A text that a pattern finds something in; what may be repeated is repeated so often at most, beyond what it must be.

    Raises Unmade for what cannot be followed.
    """
    try:
        parsed = re._parser.parse(_python(pattern))  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise Unmade(f"pattern {pattern[:60]}") from error
    return _Sampler(chance, most).sequence(parsed)


def _python(pattern: str) -> str:
    """What ECMA-262 writes otherwise."""
    named = {r"\p{L}": "a-zA-Z", r"\p{Lu}": "A-Z", r"\p{Ll}": "a-z", r"\p{N}": "0-9", r"\p{Nd}": "0-9"}
    for name, letters in named.items():
        pattern = pattern.replace(name, letters)
    return pattern.replace(r"\/", "/").replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")


class _Sampler:
    """Walks a parsed pattern."""

    def __init__(self, chance: random.Random, most: int) -> None:
        self.chance, self.most = chance, most
        self.groups: dict[int, str] = {}

    def sequence(self, parts: Any) -> str:
        return "".join(self.part(str(kind), value) for kind, value in parts)

    def part(self, kind: str, value: Any) -> str:
        if kind == "LITERAL":
            return chr(value)
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = value
            count = self.chance.randint(low, max(low, min(high, low + self.most)))
            return "".join(self.sequence(inner) for _ in range(count))
        if kind == "BRANCH":
            return self.sequence(self.chance.choice(value[1]))
        if kind == "SUBPATTERN":
            made = self.sequence(value[3])
            self.groups[value[0]] = made
            return made
        if kind == "ATOMIC_GROUP":
            return self.sequence(value)
        if kind == "GROUPREF":
            return self.groups.get(value, "")
        if kind in ("AT", "ASSERT", "ASSERT_NOT"):
            return ""
        return self.letter(kind, value)

    def letter(self, kind: str, value: Any) -> str:
        if kind == "ANY":
            return self.chance.choice(_LETTERS)
        if kind == "NOT_LITERAL":
            return self.chance.choice([one for one in _LETTERS if ord(one) != value])
        if kind == "IN":
            return self.chance.choice(_members(value))
        raise Unmade(f"pattern with {kind}")


_CLASSES: Final = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": _LETTERS + "_",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": _LETTERS,
    "CATEGORY_NOT_DIGIT": string.ascii_letters,
    "CATEGORY_NOT_WORD": "-. ",
}


def _members(parts: Any) -> str:
    """The letters of a class in brackets."""
    found, negated = "", False
    for kind, value in parts:
        if str(kind) == "NEGATE":
            negated = True
        elif str(kind) == "LITERAL":
            found += chr(value)
        elif str(kind) == "RANGE":
            found += "".join(map(chr, range(value[0], min(value[1], value[0] + 200) + 1)))
        elif str(kind) == "CATEGORY":
            found += _CLASSES.get(str(value), "")
    if negated:
        found = "".join(one for one in _LETTERS + "-_ ./" if one not in found)
    allowed = "".join(one for one in found if one.isprintable())
    if not allowed:
        raise Unmade("class without letters")
    return allowed
