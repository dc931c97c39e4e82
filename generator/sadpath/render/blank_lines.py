"""How many empty lines stand before each statement of a module: two around functions and classes, one inside of classes."""

from __future__ import annotations

from typing import Final

from sadpath.render.leaves import UnknownCode

_UNREAD: Final = frozenset(("async", "with", "for", "while", "try:", "match", "case", "except", "finally:", "elif"))
SPECIAL: Final = _UNREAD | {"class", "def", "from", "import", "if", "else:"}
"""First words of statements that have a say in how many empty lines there are."""


class BlankLines:
    """Goes through the statements of a module in their order."""

    def __init__(self) -> None:
        self._definitions: list[int] = []
        self._word = ""
        self._depth = 0
        self._opens = False
        self._is_stub = False
        self._follows_module = False
        self._after = 0
        self.is_docstring = False
        """Whether the statement that was asked about last is a docstring."""
        self.steady = -1
        """With this margin, statements of no special kind follow each other without empty lines, as they are written."""

    def before(self, text: str, word: str, depth: int, written: int) -> int:
        """The empty lines before the statement `text`, which begins with `word`, where a template has written so many."""
        if word == "from" == self._word and depth == self._depth and not written:
            return 0
        if word in _UNREAD:
            raise UnknownCode(text)
        first, is_text = text[0], text.startswith('"""')
        self.is_docstring = is_text and (
            (self._opens and self._word in ("class", "def")) or (self._word in ("", "#") and not self._definitions)
        )
        found = max(self._after, self._before(word, text, depth, min(written, 1 if depth else 2)))
        if self._follows_module and word not in ("class", "def"):
            found = 1
        self._follows_module = self.is_docstring and not depth
        self._after = 1 if self.is_docstring and self._word == "class" else 0
        is_plain = first not in "@#" and word not in SPECIAL
        self._word, self._depth = '"""' if is_text else "@" if first == "@" else word, depth
        self.steady = 4 * depth if is_plain and not self.is_docstring else -1
        self.ended(text)
        return found

    def ended(self, text: str) -> None:
        """The statement, in several lines, ends with this one."""
        self._opens = text[-1] == ":" and self._word not in ('"""', "#")
        self._is_stub = self._word == "def" and text.endswith(": ...")

    def _before(self, word: str, text: str, depth: int, written: int) -> int:
        ended = -1
        while self._definitions and self._definitions[-1] >= depth:
            ended = self._definitions.pop()
        is_definition = word in ("class", "def")
        if is_definition:
            self._definitions.append(depth)
        if not self._word:
            return 0
        if self.is_docstring and self._word in ("class", "def"):
            return 0
        before = written
        if ended >= 0:
            is_dependent = ended and text[-1] == ":" and word not in ("if", "class", "def")
            before = 1 if depth or is_dependent else 2
        if is_definition or text[0] == "@":
            return self._before_definition(depth, before, written)
        if self._word in ("from", "import") and word not in ("from", "import"):
            if self._depth == 0 and depth == 0:
                return 1
            if depth == self._depth:
                return before or 1
        return before

    def _before_definition(self, depth: int, before: int, written: int) -> int:
        if self._word == "@":
            return 0
        if self._depth < depth and self._word in ("class", "def"):
            return 1 if written else 0
        if self._word == "#" and self._depth == depth and before == 0:
            raise UnknownCode("a comment above a definition")
        if self._is_stub and not written:
            return 0
        return 1 if depth else 2
