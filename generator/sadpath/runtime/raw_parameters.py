"""Parameters of a request as a server got them, turned into what the contract says that they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import field
from typing import Any, Final
from urllib.parse import unquote

from pydantic import ValidationError

from .brackets import read_deep
from .contract import Parameter
from .conversion import decode
from .forms import decode_form
from .frozen import dataclass
from .headers import Headers
from .media import is_json
from .parameters import Claims
from .shapes import Shape, from_text, shape_of, single_or_many
from .validation import Mode
from .wire import parse_json

_DELIMITERS: Final[Mapping[str, re.Pattern[str]]] = {
    "spaceDelimited": re.compile(r"\+|%20| "),
    "pipeDelimited": re.compile(r"%7[Cc]|\|"),
}
_TEXTS: Final = Shape("array")
_COMMA: Final = re.compile(",")
_BLANKS: Final = " \t"
"""Optional whitespace of header fields (RFC 9110, section 5.6.3); Python strips more."""


@dataclass(frozen=True, slots=True)
class RawParameters:
    """The parameters of one request: path values and cookies still percent-encoded, query pairs decoded.

    `claimed` says which names belong to parameters of their own or to credentials.
    """

    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    raw_query: tuple[tuple[str, str], ...]
    headers: Headers
    cookies: tuple[tuple[str, str], ...]
    query_string: str = ""
    claimed: Claims = field(default_factory=Claims)


def read_parameter(parameter: Parameter, raw: RawParameters) -> Any:
    """The Python value, or None where it is not there. Raises ValueError and pydantic's ValidationError."""
    plain = parameter.media_type is None and parameter.style != "deepObject"
    either = single_or_many(parameter.type) if plain else None
    shape = shape_of(parameter.type) if either is None else _TEXTS
    tree = _READERS[parameter.location](parameter, shape, raw)
    if tree is None:
        if parameter.required:
            raise ValueError("is missing")
        return None
    if either is None:
        return decode(parameter.type, tree, Mode.REQUEST)
    single, many = either
    if len(tree) == 1:
        # A value that stands alone is no list, unless nothing else fits.
        with suppress(ValidationError):
            return decode(parameter.type, from_text(tree[0], single), Mode.REQUEST)
    return decode(parameter.type, [from_text(text, many.of()) for text in tree], Mode.REQUEST)


def _unquoted(text: str) -> str:
    """Percent-decoded; raises UnicodeDecodeError for what is no UTF-8."""
    return unquote(text, errors="strict")


def _content(parameter: Parameter, text: str) -> Any:
    return parse_json(text, unique=True) if is_json(parameter.media_type) else text


def _read_path(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = raw.path.get(parameter.name)
    if text is None:
        return None
    if parameter.media_type is not None:
        return _content(parameter, _unquoted(text))
    if parameter.style == "matrix":
        return _read_matrix(parameter, shape, text)
    if parameter.style == "label":
        if not text.startswith("."):
            raise ValueError("does not start with a dot")
        return _read_parts(parameter, shape, text[1:], "." if parameter.explode else ",")
    return _read_parts(parameter, shape, text, ",")


def _read_parts(parameter: Parameter, shape: Shape, text: str, delimiter: str) -> Any:
    if shape.kind == "array":
        return [from_text(_unquoted(part), shape.of()) for part in text.split(delimiter)] if text else []
    if shape.kind == "object":
        parts = text.split(delimiter) if text else []
        return _members(shape, parts, _unquoted, explode=parameter.explode)
    return from_text(_unquoted(text), shape)


def _members(shape: Shape, parts: list[str], decoded: Callable[[str], str], *, explode: bool) -> dict[str, Any]:
    """The members of an object: `name=value` in each part, or names and values by turns."""
    if explode:
        pairs = [(name, value) for name, _, value in (part.partition("=") for part in parts)]
    elif len(parts) % 2:
        raise ValueError("has a member without a value")
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    found: dict[str, Any] = {}
    for name, value in ((decoded(name), decoded(value)) for name, value in pairs):
        _put(found, name, from_text(value, shape.of(name)))
    return found


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    if name in found:
        raise ValueError("has a member that is given more than once")
    found[name] = value


def _read_matrix(parameter: Parameter, shape: Shape, text: str) -> Any:
    if not text.startswith(";"):
        raise ValueError("does not start with a semicolon")
    parts = text[1:].split(";")
    if shape.kind == "object" and parameter.explode:
        return _members(shape, parts, _unquoted, explode=True)
    pairs = [(_unquoted(name), value) for name, _, value in (part.partition("=") for part in parts)]
    values = [value for name, value in pairs if name == parameter.name]
    if not values:
        return None
    if shape.kind == "array" and parameter.explode:
        return [from_text(_unquoted(value), shape.of()) for value in values]
    return _read_parts(parameter, shape, values[0], ",")


def _read_query(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    if shape.kind == "object" and parameter.media_type is None:
        return _read_query_object(parameter, shape, raw)
    if parameter.style == "deepObject" and shape.kind == "array":
        return read_deep(parameter.name, shape, raw.query)
    values = [value for name, value in raw.query if name == parameter.name]
    if not values:
        return None
    if shape.kind != "array" or parameter.media_type is not None:
        if len(values) > 1:
            raise ValueError("is given more than once")
        return _content(parameter, values[0]) if parameter.media_type is not None else _scalar(parameter, shape, values)
    if values == [""] and parameter.allow_empty:
        return []
    if parameter.explode:
        return [from_text(value, shape.of()) for value in values]
    return [from_text(part, shape.of()) for part in _split(parameter, raw)]


def _scalar(parameter: Parameter, shape: Shape, values: list[str]) -> Any:
    """One value; one that is empty and may be is no value (OpenAPI, `allowEmptyValue`), unless it is a text."""
    if not values[0] and parameter.allow_empty and shape.kind not in ("text", "any"):
        return None
    return from_text(values[0], shape)


def _split(parameter: Parameter, raw: RawParameters) -> list[str]:
    """The parts of a delimited value; split before decoding, so that a delimiter inside a part survives."""
    text = next((value for name, value in raw.raw_query if unquote(name.replace("+", " ")) == parameter.name), "")
    parts = _DELIMITERS.get(parameter.style, _COMMA).split(text) if text else []
    return [_unquoted(part.replace("+", " ")) for part in parts]


def _read_query_object(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    if parameter.style == "deepObject":
        return read_deep(parameter.name, shape, raw.query)
    if parameter.explode:
        return _read_spread(parameter, shape, raw.query, raw.claimed)
    parts = _split(parameter, raw)
    return _members(shape, parts, str, explode=False) if parts else None


def _read_spread(
    parameter: Parameter, shape: Shape, pairs: Iterable[tuple[str, str]], claimed: Claims
) -> dict[str, Any] | None:
    """An object whose members are pairs of their own; one without known members has all that nobody else claims."""
    known = shape.members or {}
    others, taken = claimed.others(parameter), claimed.taken(parameter)
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in (others if name in known else taken) and (name in known or shape.is_open):
            _put(found, name, from_text(value, shape.of(name)))
    return found or None


def _read_querystring(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = _without_keys(raw)
    if not text:
        return None
    if parameter.media_type is None or (shape.kind == "object" and not is_json(parameter.media_type)):
        return decode_form(parameter.type, text.encode("utf-8"))
    return _content(parameter, _unquoted(text))


def _without_keys(raw: RawParameters) -> str:
    """The query without its API keys, which are no data."""
    keys = raw.claimed.keys_in("query")
    if not keys:
        return raw.query_string
    parts = raw.query_string.split("&")
    return "&".join(part for part in parts if unquote(part.partition("=")[0].replace("+", " ")) not in keys)


def _read_header(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = raw.headers.get(parameter.name)
    if text is None:
        return None
    text = _as_utf8(text.strip(_BLANKS))
    if parameter.media_type is not None:
        return _content(parameter, text)
    parts = [part.strip(_BLANKS) for part in text.split(",")] if text else []
    if shape.kind == "array":
        # RFC 9110, section 5.6.1.2: empty items of a list are passed over.
        return [from_text(part, shape.of()) for part in parts if part]
    if shape.kind == "object":
        return _members(shape, parts, str, explode=parameter.explode)
    return from_text(text, shape)


def _as_utf8(text: str) -> str:
    """Fields are read as ISO 8859-1, which every byte fits; what they hold beyond ASCII is nearly always UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _read_cookie(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    decoded = str if parameter.style == "cookie" and parameter.media_type is None else _unquoted
    pairs = [(decoded(name), value) for name, value in raw.cookies]
    if shape.kind == "object" and parameter.explode and parameter.media_type is None:
        return _read_spread(parameter, shape, [(name, decoded(value)) for name, value in pairs], raw.claimed)
    values = [value for name, value in pairs if name == parameter.name]
    if not values:
        return None
    if parameter.media_type is not None:
        return _content(parameter, decoded(values[0]))
    if shape.kind == "array" and parameter.explode:
        return [from_text(decoded(value), shape.of()) for value in values]
    parts = values[0].split(",") if values[0] else []
    if shape.kind == "array":
        return [from_text(decoded(part), shape.of()) for part in parts]
    if shape.kind == "object":
        return _members(shape, parts, decoded, explode=False)
    return from_text(decoded(values[0]), shape)


_READERS: Final = {
    "path": _read_path,
    "query": _read_query,
    "querystring": _read_querystring,
    "header": _read_header,
    "cookie": _read_cookie,
}
