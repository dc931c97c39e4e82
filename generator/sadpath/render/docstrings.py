"""Lays out docstrings, the first text of a module, a class or a function; other texts stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_CONTINUED: Final = re.compile(r"\\\s*\Z")


def laid_out_docstring(lines: Sequence[str], depth: int) -> list[str]:
    """A docstring indented as its block is, without blanks at the ends of lines.

    In several lines, the last has the closing quotes alone. Text that all but the first line has further to the right is moved
    to the left. A quote at the end gets a blank before the closing quotes.
    """
    if len(lines) == 1:
        line = lines[0]
        body = line[4 * depth + 3 : -3]
        return [f'{line[:-3]} """'] if body.endswith('"') else [line]
    if any(_CONTINUED.search(line) for line in lines[:-1]):
        return list(lines)
    margin = 4 * depth
    inner = [len(line) - len(line.lstrip()) for line in lines[1:-1] if line.strip()]
    excess = min(inner, default=margin) - margin
    first, *others = lines
    head = f"{first[:margin + 3]}{first[margin + 3:].strip()}"
    if excess:
        others = [f"{' ' * margin}{line[margin + excess:]}" for line in others]
    return [head, *(line.rstrip() for line in others[:-1]), f'{" " * margin}"""']
