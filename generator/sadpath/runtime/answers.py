"""One HTTP answer and what the selectors of a catalog find in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any, Final, cast

from .challenges import Challenge, parse_challenges
from .contract import Predicate, Selector
from .frozen import dataclass
from .headers import Headers
from .media import charset_of, is_form, stated_charset
from .patterns import compiled
from .pointers import MISSING, get
from .values import read_value
from .wire import JsonError, parse_form, parse_json, plain

_MATCHED_LENGTH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, header fields and body of one response; `complete` is False where the body ended early or was too long."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class RequestView:
    """What was sent, as far as a selector may look at it; all plain trees by wire name."""

    body: Any = MISSING
    path: Mapping[str, Any] = field(default_factory=dict[str, Any])
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    header: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Reading:
    """An answer under inspection: its body is parsed at most once, and never raises."""

    def __init__(self, answer: Answer, request: RequestView | None = None) -> None:
        self.answer = answer
        self.request = request or RequestView()
        self.problem: str | None = None
        """Why the body is no tree; None where it is one, or where there is none."""
        self._tree: Any = None
        self._parsed = False
        self._challenges: dict[str, tuple[Challenge, ...]] = {}

    @classmethod
    def of_tree(cls, tree: Any, request: RequestView) -> Reading:
        """An answer whose body is a tree, such as one item of a list."""
        reading = cls(Answer(0), request)
        reading._tree, reading._parsed = tree, True
        return reading

    @property
    def violations(self) -> tuple[str, ...]:
        """What is wrong with the body, whatever it stands for."""
        if self.tree is MISSING and self.problem is None:
            return ()
        field = self.answer.headers.get("content-type")
        odd = stated_charset(field) is not None and charset_of(field) is None
        noted = ("the stated character set is none, and was ignored",) if odd else ()
        return noted if self.problem is None else (*noted, self.problem)

    @property
    def tree(self) -> Any:
        """The body as a plain tree, or `MISSING`; the stated media type does not matter, only what the body is."""
        if not self._parsed:
            self._tree = self._parse()
            self._parsed = True
        return self._tree

    def _parse(self) -> Any:
        body, stated = self.answer.body, self.answer.headers.get("content-type")
        if not body.strip():
            return MISSING
        try:
            if is_form(stated):
                return dict(parse_form(body))
            return parse_json(body, charset=charset_of(stated))
        except JsonError as error:
            self.problem = "the body is cut short" if not self.answer.complete else str(error)
        except ValueError:
            self.problem = "the body is no form"
        return MISSING

    def select(self, selector: Selector) -> Any:
        """The raw value that a selector names, or `MISSING`."""
        if selector.const is not None:
            return selector.const[0]
        if selector.auth is not None:
            return self._auth(selector.auth, selector.scheme or "Bearer", selector.header or "WWW-Authenticate")
        if selector.request is not None:
            return self._requested(selector)
        if selector.header is not None:
            lines = self.answer.headers.get_all(selector.header)
            return (", ".join(lines) if selector.type == "csv" else lines[0]) if lines else MISSING
        if selector.body is not None:
            return get(self.tree, selector.body) if self.tree is not MISSING else MISSING
        return MISSING

    def _auth(self, name: str, scheme: str, header: str) -> Any:
        if header not in self._challenges:
            self._challenges[header] = parse_challenges(self.answer.headers.get_all(header))
        for challenge in self._challenges[header]:
            value = challenge.get(name) if challenge.scheme.lower() == scheme.lower() else None
            if value is not None:
                return value
        return MISSING

    def _requested(self, selector: Selector) -> Any:
        at = selector.at or ""
        if selector.request == "body":
            return get(self.request.body, at) if self.request.body is not MISSING else MISSING
        part = cast("Mapping[str, Any]", getattr(self.request, selector.request or "query"))
        name = at.removeprefix("/")
        found = part.get(name, MISSING)
        if found is MISSING and selector.request == "header":
            found = next((value for key, value in part.items() if key.lower() == name.lower()), MISSING)
        return found

    def holds(self, predicate: Predicate) -> bool:
        """Whether a condition is true of this exchange."""
        return self._test(predicate) is not predicate.negate

    def _test(self, predicate: Predicate) -> bool:
        raw = self.select(predicate.select)
        if predicate.test == "exists":
            return (raw is not MISSING and raw is not None) is bool(predicate.value)
        if raw is MISSING:
            return False
        if predicate.test == "matches":
            pattern = _compiled(str(predicate.value))
            return isinstance(raw, str) and pattern.search(raw[:_MATCHED_LENGTH]) is not None
        if predicate.test == "same_as":
            other = self.select(predicate.value)
            # Nothing is the same as nothing: two that both lack a value have not that in common.
            return other is not MISSING and other not in (None, "") and _equal(raw, other, predicate.select)
        wanted = tuple(predicate.value) if predicate.test == "in" else (predicate.value,)
        return any(_equal(raw, value, predicate.select) for value in wanted)


def _equal(raw: Any, wanted: Any, selector: Selector) -> bool:
    if isinstance(raw, bool) == isinstance(wanted, bool) and raw == plain(wanted):
        return True
    if selector.type == "json" or raw is None or wanted is None:
        return False
    try:
        return bool(read_value(raw, selector.type, selector.unit) == read_value(wanted, selector.type, selector.unit))
    except (ValueError, TypeError):
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return compiled(pattern)
