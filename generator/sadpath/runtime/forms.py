"""Bodies of `application/x-www-form-urlencoded`: members become pairs, and pairs become members again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus, unquote_plus

from .contract import Encoding
from .media import is_json
from .shapes import Shape, from_text, shape_of
from .trees import is_array, is_mapping, is_object
from .wire import parse_form, parse_json, text_of, write_json

_PLAIN: Final = Encoding()
_RESERVED: Final = ":/?[]@!$'()*,;"
"""What `allowReserved` leaves alone; `&`, `=`, `+` and `#` would change what the form says."""
_DELIMITERS: Final[Mapping[str, str]] = {"spaceDelimited": "+", "pipeDelimited": "%7C"}
_SPLIT_AT: Final[Mapping[str, str]] = {"spaceDelimited": " ", "pipeDelimited": "|"}


def encode_form(tree: Any, encoding: Mapping[str, Encoding] | None = None) -> bytes:
    """The pairs of an object. Where the encoding says nothing else, an array repeats its name and an object inside is JSON.

    Null is left out.
    """
    if not is_mapping(tree):
        raise TypeError("a form body is an object")
    known = encoding or {}
    pairs = [pair for name, value in tree.items() for pair in _pairs(name, value, known.get(name, _PLAIN))]
    return "&".join(f"{name}={value}" for name, value in pairs).encode("ascii")


def _is_styled(encoding: Encoding) -> bool:
    """Whether the encoding gives a style, in which case its media type means nothing."""
    return encoding.style is not None or encoding.explode is not None


def _explodes(encoding: Encoding) -> bool:
    return encoding.style in (None, "form") if encoding.explode is None else encoding.explode


def _escaped(value: Any, encoding: Encoding) -> str:
    text = write_json(value).decode("utf-8") if isinstance(value, dict | list) else text_of(value)
    return quote_plus(text, safe=_RESERVED if encoding.allow_reserved else "")


def _pairs(name: str, value: Any, encoding: Encoding) -> Iterator[tuple[str, str]]:
    key = quote_plus(name)
    if value is None:
        return
    if _is_styled(encoding) and is_object(value):
        yield from _object_pairs(key, value, encoding)
    elif _is_styled(encoding) and is_array(value) and not _explodes(encoding):
        if value:
            yield key, _delimited(name, [text_of(item) for item in value], encoding)
    elif is_json(encoding.content_type) and not _is_styled(encoding):
        yield key, quote_plus(write_json(value).decode("utf-8"))
    else:
        for item in value if is_array(value) else [value]:
            if item is not None:
                yield key, _escaped(item, encoding)


def _delimited(name: str, parts: list[str], encoding: Encoding) -> str:
    delimiter = _SPLIT_AT.get(encoding.style or "")
    if delimiter is not None and any(delimiter in part for part in parts):
        # These delimiters are escaped themselves, so that nobody could tell them from one inside a part.
        raise ValueError(f"{name}: an item of a list in the style {encoding.style} cannot hold {delimiter!r}")
    return _DELIMITERS.get(encoding.style or "", ",").join(_escaped(part, encoding) for part in parts)


def _object_pairs(key: str, value: Mapping[str, Any], encoding: Encoding) -> Iterator[tuple[str, str]]:
    given = {name: member for name, member in value.items() if member is not None}
    if encoding.style == "deepObject":
        for name, member in given.items():
            yield from _deep_pairs(f"{key}%5B{quote_plus(name)}%5D", member, encoding)
    elif _explodes(encoding):
        for name, member in given.items():
            yield quote_plus(name), _escaped(member, encoding)
    elif given:
        parts = [part for name, member in given.items() for part in (name, text_of(member))]
        yield key, _delimited(unquote_plus(key), parts, encoding)


def _deep_pairs(key: str, value: Any, encoding: Encoding) -> Iterator[tuple[str, str]]:
    if is_object(value):
        for name, member in value.items():
            yield from _deep_pairs(f"{key}%5B{quote_plus(name)}%5D", member, encoding)
    elif value is not None:
        for item in value if is_array(value) else [value]:
            yield key, _escaped(item, encoding)


def decode_form(annotation: Any, data: bytes, encoding: Mapping[str, Encoding] | None = None) -> dict[str, Any]:
    """The plain tree of a form body, its texts turned into what the annotation has there. Raises ValueError."""
    shape = shape_of(annotation)
    pairs = parse_form(data)
    tree: dict[str, Any] = {}
    for name, style in (encoding or {}).items():
        found, pairs = _styled(name, shape.of(name), style, pairs, data) if _is_styled(style) else (None, pairs)
        if found is not None:
            tree[name] = found
    for name, text in pairs:
        _put(tree, name, text, shape.of(name), (encoding or {}).get(name, _PLAIN))
    return tree


def _put(tree: dict[str, Any], name: str, text: str, member: Shape, encoding: Encoding) -> None:
    as_json = is_json(encoding.content_type) and not _is_styled(encoding)
    if member.kind == "array" and not as_json:
        tree.setdefault(name, []).append(_value(text, member.of()))
    elif name in tree:
        raise ValueError("a member is given more than once")
    else:
        tree[name] = parse_json(text, unique=True) if as_json else _value(text, member)


def _value(text: str, shape: Shape) -> Any:
    return parse_json(text, unique=True) if shape.kind in ("object", "array") else from_text(text, shape)


_Pairs = list[tuple[str, str]]


def _styled(name: str, shape: Shape, encoding: Encoding, pairs: _Pairs, data: bytes) -> tuple[Any, _Pairs]:
    """The value of a member that has a style, and the pairs that are left."""
    if shape.kind == "object" and encoding.style == "deepObject":
        return _deep(name, shape, pairs)
    if shape.kind == "object" and _explodes(encoding):
        known = shape.members or {}
        found = {key: _value(text, shape.of(key)) for key, text in pairs if key in known}
        return found or None, [pair for pair in pairs if pair[0] not in known]
    if shape.kind not in ("array", "object") or _explodes(encoding):
        return None, pairs
    rest = [pair for pair in pairs if pair[0] != name]
    if len(rest) == len(pairs):
        return None, pairs
    parts = _parts(name, encoding, data)
    if shape.kind == "array":
        return [_value(part, shape.of()) for part in parts], rest
    return {key: _value(text, shape.of(key)) for key, text in zip(parts[::2], parts[1::2], strict=True)}, rest


def _parts(name: str, encoding: Encoding, data: bytes) -> list[str]:
    """The parts of a delimited value, split before they are decoded, so that a delimiter inside a part survives."""
    raw = next(
        text
        for key, _, text in (part.partition("=") for part in data.decode("ascii").split("&"))
        if unquote_plus(key) == name
    )
    written, delimiter = _DELIMITERS.get(encoding.style or "", ","), _SPLIT_AT.get(encoding.style or "", ",")
    for other in {delimiter, written, written.lower(), "%20" if delimiter == " " else written}:
        raw = raw.replace(other, "\0")
    return [unquote_plus(part, errors="strict") for part in raw.split("\0")] if raw else []


def _deep(name: str, shape: Shape, pairs: _Pairs) -> tuple[dict[str, Any] | None, _Pairs]:
    found: dict[str, Any] = {}
    rest: _Pairs = []
    for key, text in pairs:
        if not key.startswith(f"{name}[") or not key.endswith("]"):
            rest.append((key, text))
            continue
        tokens = key[len(name) + 1 : -1].split("][")
        here, inner = found, shape
        for token in tokens[:-1]:
            here, inner = here.setdefault(token, {}), inner.of(token)
            if not is_object(here):
                raise ValueError("a member is given more than once")
        _put(here, tokens[-1], text, inner.of(tokens[-1]), _PLAIN)
    return found or None, rest
