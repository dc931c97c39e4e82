"""Lays out one statement of generated Python by its kind: where parentheses may be written around a part of it, and how it is split."""

from __future__ import annotations

from collections.abc import Sequence

from sadpath.render.calls import call_lines, definition_lines
from sadpath.render.leaves import UnknownCode, read_leaves, words_of
from sadpath.render.parts import indent
from sadpath.render.splits import Splitter


def statement_lines(source: str, depth: int) -> list[str]:
    """The lines of a statement. Raises `UnknownCode` for one that templates of ours do not write."""
    if source.startswith("from "):
        return _import_lines(source, depth)
    lines = definition_lines(source, depth) if source.startswith("def ") else call_lines(source, depth)
    if lines is not None:
        return lines
    splitter = _statement(source)
    found = splitter.line(depth)
    settled = splitter.settled()
    return found if settled == source else _statement(settled).line(depth)


def element_lines(source: str, depth: int, *, is_parameter: bool) -> list[str]:
    """The lines of one of the elements between brackets, or of a parameter, with the comma behind it."""
    splitter = _element(source, is_parameter)
    found = splitter.line(depth, inside=True)
    settled = splitter.settled()
    return found if settled == source else _element(settled, is_parameter).line(depth, inside=True)


def _import_lines(source: str, depth: int) -> list[str]:
    """The lines of an import that is too long for one: each name has its own."""
    if "(" in source or ";" in source or "#" in source:
        raise UnknownCode(source)
    module, _, names = source.partition(" import ")
    margin = indent(depth)
    return [f"{margin}{module} import (", *(f"{margin}    {name}," for name in names.split(", ")), f"{margin})"]


def _statement(source: str) -> Splitter:
    words = words_of(source)
    first = words[0]
    if first == "def":
        return Splitter(read_leaves(source, words, _definition(words)), is_definition=True)
    if first == "return":
        return Splitter(read_leaves(source, words, _around(words, 1, len(words) - 1)))
    if first in ("import", "raise") or (words[-1] == ":" and first != "class"):
        raise UnknownCode(source)
    return Splitter(read_leaves(source, words, [] if first in ("class", "@") else _assignment(words)))


def _element(source: str, is_parameter: bool) -> Splitter:
    words = words_of(source)
    if words[-1] != ",":
        raise UnknownCode(source)
    return Splitter(read_leaves(source, words, _annotations(words, 0, len(words)) if is_parameter else []))


def _definition(words: Sequence[str]) -> list[tuple[int, int]]:
    """The annotations of parameters that are unions, and what is returned."""
    arrow = words.index(" ->") if " ->" in words else len(words) - 1
    wrapped = _annotations(words, words.index("(") + 1, arrow - 1)
    if arrow < len(words) - 1:
        if words[arrow + 1][1:2] in ("'", '"', "("):
            raise UnknownCode("".join(words))
        wrapped.append((arrow + 1, len(words) - 2))
    return wrapped


def _annotations(words: Sequence[str], first: int, end: int) -> list[tuple[int, int]]:
    """From the first to the last word of each annotation that is a union, of the parameters between two words."""
    wrapped: list[tuple[int, int]] = []
    depth, begin, is_union = 0, -1, False
    for index in range(first, end + 1):
        word = words[index].lstrip() if index < end else ","
        if word in "([{":
            depth += 1
        elif word in ")]}":
            depth -= 1
        elif depth:
            continue
        elif word == ":":
            begin, is_union = index + 1, False
        elif word == "|":
            is_union = True
        elif word in "=,":
            if begin >= 0 and is_union:
                wrapped.append((begin, index - 1))
            begin = -1
    return wrapped


def _assignment(words: Sequence[str]) -> list[tuple[int, int]]:
    """The annotation and the value; nothing where the statement is an expression."""
    marks: dict[str, int] = {}
    depth = 0
    for index, word in enumerate(words):
        mark = word.lstrip()
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif not depth and mark in (":", "="):
            if mark in marks or (mark == ":" and "=" in marks):
                raise UnknownCode("".join(words))
            marks[mark] = index
    equal = marks.get("=", len(words))
    wrapped = _around(words, marks[":"] + 1, equal - 1) if ":" in marks else []
    return wrapped + _around(words, equal + 1, len(words) - 1) if "=" in marks else wrapped


def _around(words: Sequence[str], first: int, last: int) -> list[tuple[int, int]]:
    """The words from the first to the last, but for a tuple, which has parentheses already."""
    if words[first].lstrip() != "(":
        return [(first, last)]
    depth, commas, index = 1, 0, first
    while depth and index < last:
        index += 1
        mark = words[index].lstrip()
        depth += (mark in "([{") - (mark in ")]}")
        commas += mark == "," and depth == 1
    if index < last or not (commas or last == first + 1):
        raise UnknownCode("".join(words))
    return []
