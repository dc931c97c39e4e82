"""Patterns of JSON Schema (ECMA-262) as Python's: what both understand is matched, the rest is not checked."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Final

_LONGEST: Final = (10_000, 10_000, 5_000, 400, 200, 100)
"""Texts with more characters are not matched, as a pattern that tries again and again would take too long.

By the power of the length that the time may grow with: each repeat without a bound adds one, and so does a search that
may start anywhere. `^\\S+@\\S+\\.\\S+$` has three: up to 400 characters, which take no more than a third of a second.
"""
_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(?:,(?P<most>\d*))?\}|[()|*+]", re.DOTALL)

_SAME_IN_PYTHON: Final = {"d": "0-9", "w": "A-Za-z0-9_"}
_TOKEN: Final = re.compile(r"\\.|\(\?<(?![=!])|\[\^?\]?|\]|\$|[^\\(\[\]$]+|.", re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; True too where that is not checked."""
    if len(text) > longest(pattern):
        return True
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(text) is not None


@lru_cache(maxsize=1024)
def longest(pattern: str) -> int:
    """How many characters a text may have for the pattern to be checked."""
    depth = repeats = 0
    anchored = pattern.startswith("^")
    for found in _PART.finditer(pattern):
        token, most = found.group(), found["most"]
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "|" and depth == 0:
            # Only the first of the alternatives starts where the text does.
            anchored = False
        repeats += token in ("*", "+") or most == "" or (most is not None and len(most) > 2)
    return _LONGEST[min(repeats + (not anchored), len(_LONGEST) - 1)]


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern of Python; raises what `re.compile` raises, and does not warn of what it may mean one day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    python = translated(pattern)
    try:
        return None if python is None else compiled(python)
    except (re.error, OverflowError, RecursionError):
        return None


def translated(pattern: str) -> str | None:
    """The pattern with what means something else in Python replaced; None where it has no like there."""
    parts: list[str] = []
    in_class = False
    for found in _TOKEN.finditer(pattern):
        token = found.group()
        if token.startswith("\\"):
            parts.append(_escape(token[1:], in_class))
        elif token.startswith("[") and not in_class:
            if token.endswith("]"):
                # `[]` matches nothing and `[^]` everything; Python takes the bracket for a member of the class.
                return None
            in_class = True
            parts.append(token)
        elif token.startswith("[") and in_class:
            in_class = not token.endswith("]")
            parts.append("\\" + token)
        elif token == "]" and in_class:
            in_class = False
            parts.append(token)
        elif token == "$" and not in_class:
            # Python's own also matches before a newline at the end.
            parts.append(r"\Z")
        elif token == "(?<":
            parts.append(token if in_class else "(?P<")
        else:
            parts.append(token)
    return "".join(parts)


def _escape(letter: str, in_class: bool) -> str:
    members = _SAME_IN_PYTHON.get(letter.lower())
    if members is None:
        return letter if letter in "/-" and not in_class else f"\\{letter}"
    if letter.islower():
        return members if in_class else f"[{members}]"
    return f"\\{letter}" if in_class else f"[^{members}]"
