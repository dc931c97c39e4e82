"""JSON text to a plain tree: the same tree as YAML's, numbers exact, duplicate keys and NaN refused."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any, Final

from sadpath.diagnostics import Related, Report, Rule, quote
from sadpath.diagnostics import rules_text as rules
from sadpath.source.json_extents import json_extents
from sadpath.source.place import Place, Spot
from sadpath.source.scalars import NumberOutOfRange, decimal, integer
from sadpath.source.text import Source
from sadpath.source.tree import DEEPEST, is_mapping, walk

_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUMBER: Final = re.compile(r"-?[0-9][0-9.eE+-]*")


_COLLECTIONS: Final = frozenset((dict, list))


class _Constant(ValueError):
    """NaN or Infinity, which JSON does not have."""


class _Watch:
    """Notes that some mapping had a key twice; where, only the slower scan can tell."""

    def __init__(self) -> None:
        self.duplicates = False

    def mapping(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.duplicates = True
            made = dict[str, Any]()
            for key, value in pairs:
                made.setdefault(key, value)
        return made


def read_json(source: Source, report: Report) -> tuple[Any] | None:
    """The tree of `source.text` in a tuple; None, with findings in `report`, where it can't be read."""
    watch = _Watch()
    try:
        tree = json.loads(
            source.text,
            object_pairs_hook=watch.mapping,
            parse_float=decimal,
            parse_int=integer,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        position, message = _syntax(error, source.text)
        where = Spot(source, position, min(position + 1, len(source.text)))
        report.add(rules.JSON_SYNTAX, f"this is not valid JSON: {_lowered(message)}", where)
        return None
    except NumberOutOfRange as error:
        _report_token(rules.NUMBER_RANGE, str(error), source, report)
        return None
    except _Constant as error:
        _report_token(rules.JSON_SYNTAX, str(error), source, report)
        return None
    except RecursionError:
        _report_depth(source, report)
        return None
    return _checked(tree, watch, source, report)


def _checked(tree: Any, watch: _Watch, source: Source, report: Report) -> tuple[Any] | None:
    if _depth(tree) > DEEPEST:
        _report_depth(source, report)
        return None
    if watch.duplicates:
        _report_duplicates(source, report)
    if _SURROGATE_ESCAPE.search(source.text):
        _report_surrogates(Source(source.path, source.text, tree, source.syntax), report)
    return (tree,)


def _constant(text: str) -> Any:
    raise _Constant(text)


def _syntax(error: json.JSONDecodeError, text: str) -> tuple[int, str]:
    """Where and what a syntax error is, the same for every version of Python: since 3.13 trailing commas have a message of their own."""
    if not error.msg.startswith("Illegal trailing comma"):
        return error.pos, error.msg
    closing = next((place for place in range(error.pos + 1, len(text)) if not text[place].isspace()), error.pos)
    expected = "Expecting value" if text[closing] == "]" else "Expecting property name enclosed in double quotes"
    return closing, expected


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _depth(tree: Any) -> int:
    level: list[Any] = [tree] if isinstance(tree, (dict, list)) else []
    depth = 0
    while level and depth <= DEEPEST:
        depth += 1
        below = chain.from_iterable(one.values() if is_mapping(one) else one for one in level)
        level = [child for child in below if type(child) in _COLLECTIONS]
    return depth


def _report_depth(source: Source, report: Report) -> None:
    scanned = json_extents(source.text)
    where = Spot(source, scanned.deepest_at, scanned.deepest_at + 1)
    report.add(rules.NESTING, f"the document nests {scanned.deepest} levels deep; {DEEPEST} are allowed", where)


def _report_duplicates(source: Source, report: Report) -> None:
    for found in json_extents(source.text).duplicates:
        related = Related(Spot(source, *found.first), "first written here")
        message = f"the key {quote(found.key)} stands here twice"
        report.add(rules.DUPLICATE_KEY, message, Spot(source, *found.second), related=(related,))


def _report_token(rule: Rule, token: str, source: Source, report: Report) -> None:
    """Report a number; it may also occur inside a string, so only tokens of the scan count."""
    start = _token_start(source.text, token)
    said = "is out of range" if _NUMBER.match(token) else "does not exist in JSON"
    report.add(rule, f"the number {quote(token)} {said}", Spot(source, start, start + len(token)))


def _token_start(text: str, token: str) -> int:
    pending = [json_extents(text).root]
    while pending:
        extent = pending.pop()
        if extent.scalar and text[extent.start : extent.end] == token:
            return extent.start
        pending.extend(reversed(extent.children.values()))
    return 0


def _report_surrogates(source: Source, report: Report) -> None:
    for pointer, value in walk(source.tree):
        texts = list(value) if is_mapping(value) else [value] if isinstance(value, str) else []
        if any(_SURROGATE.search(text) for text in texts):
            report.add(rules.SURROGATE, "half of a surrogate pair stands for no character", Place(source, pointer))
