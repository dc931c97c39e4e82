"""Lays out calls in calls, and heads of functions, by their brackets alone: most statements that are too long are nothing else.

To read every word of a statement takes several times as long. Where anything but brackets has a say, nothing is known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from sadpath.render.parts import LINE_LENGTH, indent

_STRANGE: Final = re.compile(
    r" (?:[-+*/%@<>&^](?!>)|if|else|for|in|is|not|and|or|lambda|await|yield) |[ (\[=][bfru]+[\"']"
)
"""Operators and texts of kinds of their own; or a text that looks as if it had some."""
_MARK: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[()\[\]{}]|,""")
_ARGUMENT: Final = r'(?:[A-Za-z_]\w*|"[\w.]*")'
_PLAIN_CALL: Final = re.compile(rf"(\w+ = [A-Za-z_]\w*\()({_ARGUMENT}(?:, {_ARGUMENT})+)\)", re.ASCII)
"""A name for what a call of plain arguments returns, as modules have for each type that they refer to."""
_CALL: Final = re.compile(r"(?:\w+ = |return )[^\W\d][\w.]*\(")
_DEFINITION: Final = re.compile(r"def \w+\(")
_RESULT: Final = re.compile(r"\)(?: -> [^\W\d].*)?:")
_BEFORE_LITERALS: Final = " ([{,=:|>"
_BEFORE_BRACKET: Final = re.compile(r'(?:\w+=|"[^"\\]*": )?[\w.]*')


class _NotPlain(Exception):
    """Something else than brackets has a say."""


@dataclass(slots=True)
class _Brackets:
    """A pair of brackets by its places; `is_literal`: nothing is called. `magic`: a trailing comma keeps what is inside exploded."""

    opening: int
    is_literal: bool
    closing: int = -1
    commas: list[int] = field(default_factory=list[int])
    inner: list[_Brackets] = field(default_factory=list["_Brackets"])
    magic: bool = False


def call_lines(source: str, depth: int) -> list[str] | None:
    """The lines of a call whose result has a name or is returned; None where they are not known here."""
    plain = _PLAIN_CALL.fullmatch(source)
    if plain is not None and 4 * depth + len(plain[1]) <= LINE_LENGTH < 4 * depth + len(source):
        return _plain_lines(plain[1], plain[2], depth)
    if not source.isascii() or not _CALL.match(source) or _STRANGE.search(source):
        return None
    try:
        return _Calls(source).call(depth)
    except _NotPlain:
        return None


def _plain_lines(head: str, arguments: str, depth: int) -> list[str]:
    margin, inner = indent(depth), indent(depth + 1)
    if len(inner) + len(arguments) <= LINE_LENGTH:
        return [f"{margin}{head}", f"{inner}{arguments}", f"{margin})"]
    return [f"{margin}{head}", *[f"{inner}{argument}," for argument in arguments.split(", ")], f"{margin})"]


def definition_lines(source: str, depth: int) -> list[str] | None:
    """The lines of the head of a function; None where they are not known here."""
    if not source.isascii() or not _DEFINITION.match(source) or _STRANGE.search(source):
        return None
    try:
        return _Calls(source).definition(depth)
    except _NotPlain:
        return None


def _outermost(source: str) -> list[_Brackets]:
    """The brackets of a statement that stand in no others."""
    around = _Brackets(-1, is_literal=False)
    pending = [around]
    for found in _MARK.finditer(source):
        mark, at = found[0], found.start()
        if mark == ",":
            pending[-1].commas.append(at)
        elif mark in "([{":
            pending.append(_Brackets(at, is_literal=source[at - 1] in _BEFORE_LITERALS))
        elif mark in ")]}":
            done = pending.pop()
            if not pending:
                raise _NotPlain
            done.closing = at
            done.magic = any(one.magic for one in done.inner) or _is_kept_exploded(done, mark)
            pending[-1].inner.append(done)
    if len(pending) > 1:
        raise _NotPlain
    return around.inner


def _is_kept_exploded(done: _Brackets, mark: str) -> bool:
    """Whether a trailing comma says nothing else: a tuple of one needs it, and so does a subscript of one."""
    if not done.commas or done.commas[-1] != done.closing - 1:
        return False
    return len(done.commas) > 1 or mark != (")" if done.is_literal else "]")


class _Calls:
    def __init__(self, source: str) -> None:
        self._source = source
        self._outermost = _outermost(source)
        self._found: list[str] = []

    def call(self, depth: int) -> list[str]:
        self._element(0, len(self._source), self._outermost, depth, "", is_statement=True)
        return self._found

    def definition(self, depth: int) -> list[str]:
        source, parameters = self._source, self._outermost[0]
        if 4 * depth + len(source) <= LINE_LENGTH:
            raise _NotPlain
        tail = indent(depth) + source[parameters.closing :]
        if any(one.magic for one in self._outermost) or len(tail) > LINE_LENGTH or not _RESULT.fullmatch(tail.lstrip()):
            raise _NotPlain
        if not parameters.commas and any(one.commas for one in parameters.inner):
            raise _NotPlain
        self._add(source[: parameters.opening + 1], depth)
        self._body(parameters, depth + 1, "" if parameters.commas else ",")
        return [*self._found, tail]

    def _add(self, text: str, depth: int) -> None:
        line = indent(depth) + text
        if len(line) > LINE_LENGTH:
            raise _NotPlain
        self._found.append(line)

    def _element(
        self, first: int, end: int, inner: list[_Brackets], depth: int, comma: str, *, is_statement: bool = False
    ) -> None:
        """What stands between two commas: in one line, or with all that is in its brackets in lines of their own."""
        source = self._source
        if 4 * depth + end - first + len(comma) <= LINE_LENGTH and not any(one.magic for one in inner):
            self._found.append(f"{indent(depth)}{source[first:end]}{comma}")
            return
        if len(inner) != 1 or inner[0].closing != end - 1:
            raise _NotPlain
        brackets = inner[0]
        if not is_statement and not _BEFORE_BRACKET.fullmatch(source, first, brackets.opening):
            raise _NotPlain
        self._add(source[first : brackets.opening + 1], depth)
        self._body(brackets, depth + 1, "")
        self._add(source[brackets.closing] + comma, depth)

    def _body(self, brackets: _Brackets, depth: int, comma: str) -> None:
        """What is in brackets: a literal with several elements has a line for each, other elements only where they do not fit in one."""
        first, end, commas, inner = brackets.opening + 1, brackets.closing, brackets.commas, brackets.inner
        if first == end:
            raise _NotPlain
        is_trailing = bool(commas) and commas[-1] == end - 1
        if not commas or (is_trailing and len(commas) == 1):
            self._element(first, end - is_trailing, inner, depth, "," if is_trailing else comma)
            return
        fits = 4 * depth + end - first <= LINE_LENGTH
        if fits and not (brackets.is_literal or is_trailing or any(one.magic for one in inner)):
            self._found.append(indent(depth) + self._source[first:end])
            return
        passed = 0
        for at in commas if is_trailing else [*commas, end]:
            begun = passed
            while passed < len(inner) and inner[passed].opening < at:
                passed += 1
            self._element(first, at, inner[begun:passed], depth, ",")
            first = at + 2
