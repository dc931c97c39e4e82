"""What an answer links to: runtime expressions evaluated against one exchange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from .answers import Answer, Reading, RequestView
from .contract import Link
from .expressions import EMBEDDED, EXPRESSION
from .frozen import dataclass
from .pointers import MISSING, get
from .trees import is_array, is_object
from .wire import text_of


@dataclass(frozen=True, slots=True)
class Linked:
    """An operation that can be asked for next: `arguments` by the names of its parameters on the wire, as far as they could be
    evaluated, and `body` where the link says one. `missing` lists the parameters that the answer gives no value for.
    """

    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    body: Any = field(default=None, repr=False)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Exchanged:
    """What runtime expressions look at; holds what was sent: never print it."""

    url: str
    method: str
    request: RequestView
    answer: Answer


def follow_links(links: Iterable[Link], exchanged: Exchanged) -> dict[str, Linked]:
    """The links of an answer by name."""
    reading = Reading(exchanged.answer, exchanged.request)
    return {link.name: _followed(link, exchanged, reading) for link in links}


def _followed(link: Link, exchanged: Exchanged, reading: Reading) -> Linked:
    values = {name: _evaluated(value, exchanged, reading) for name, value in link.parameters.items()}
    body = _evaluated(link.body[0], exchanged, reading) if link.body is not None else None
    return Linked(
        link.operation,
        {name: value for name, value in values.items() if value is not MISSING},
        None if body is MISSING else body,
        tuple(name for name, value in values.items() if value is MISSING),
    )


def _evaluated(value: Any, exchanged: Exchanged, reading: Reading) -> Any:
    """A constant as it stands, an expression as what it names, a text with expressions in braces with them filled in."""
    if is_object(value):
        members = {name: _evaluated(member, exchanged, reading) for name, member in value.items()}
        return {name: member for name, member in members.items() if member is not MISSING}
    if is_array(value):
        return [item for item in (_evaluated(one, exchanged, reading) for one in value) if item is not MISSING]
    if not isinstance(value, str):
        return value
    if value.startswith("$"):
        return _named(value, exchanged, reading)
    parts = {text: _named(text, exchanged, reading) for text in EMBEDDED.findall(value)}
    if any(part is MISSING or is_object(part) or is_array(part) for part in parts.values()):
        return MISSING
    return EMBEDDED.sub(lambda found: text_of(parts[found[1]]), value)


def _named(expression: str, exchanged: Exchanged, reading: Reading) -> Any:
    found = EXPRESSION.fullmatch(expression)
    if found is None:
        return MISSING
    if found["plain"] is not None:
        plain = {"url": exchanged.url, "method": exchanged.method, "statusCode": exchanged.answer.status}
        return plain[found["plain"]]
    is_request = found["side"] == "request"
    if found["part"] is None:
        tree = exchanged.request.body if is_request else reading.tree
        return MISSING if tree is MISSING else get(tree, found["pointer"] or "")
    if found["part"] == "header":
        lines = (
            _request_header(exchanged.request, found["name"])
            if is_request
            else exchanged.answer.headers.get(found["name"])
        )
        return MISSING if lines is None else lines
    part: Mapping[str, Any] = getattr(exchanged.request, found["part"]) if is_request else {}
    return part.get(found["name"], MISSING)


def _request_header(request: RequestView, name: str) -> Any:
    return next((value for key, value in request.header.items() if key.lower() == name.lower()), None)
