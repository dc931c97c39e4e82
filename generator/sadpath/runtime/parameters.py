"""Parameters in every style of OpenAPI (3.1, section 4.8.12): written by the client, read by the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote

from pydantic import ValidationError

from .contract import OperationContract, Parameter
from .conversion import decode, encode
from .headers import Headers
from .media import is_json
from .shapes import Shape, from_text, shape_of
from .trees import is_array, is_object
from .validation import Mode, concealed
from .wire import parse_json, text_of, write_json

_RESERVED: Final = ":/?#[]@!$&'()*+,;="
# `&`, `=`, `+` and `#` would change what the query says.
_RESERVED_IN_QUERY: Final = ":/?[]@!$'()*,;"
_DELIMITERS: Final[Mapping[str, str]] = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


@dataclass(slots=True)
class WireParameters:
    """The parameters of one request as they go to the wire; `plain` holds them by location and wire name before they became text."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Names and values, already percent-encoded."""
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    cookies: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    plain: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])


def write_parameters(operation: OperationContract, arguments: Mapping[str, Any]) -> WireParameters:
    """The wire form of the arguments; one that is not there is not sent. Raises ValueError and pydantic's ValidationError."""
    wire = WireParameters()
    for parameter in operation.parameters:
        value = arguments.get(parameter.argument)
        if value is None:
            if parameter.required:
                raise ValueError(f"{parameter.argument} is required")
            continue
        tree = _tree(operation, parameter, value)
        wire.plain.setdefault(parameter.location, {})[parameter.name] = tree
        _write(wire, parameter, tree)
    return wire


def _tree(operation: OperationContract, parameter: Parameter, value: Any) -> Any:
    """The plain tree of an argument; what is wrong with it is said under its name."""
    try:
        return encode(parameter.type, decode(parameter.type, value, Mode.BUILD))
    except ValidationError as error:
        problem = concealed(error, title=operation.id, at=(parameter.argument,))
    raise problem


def _write(wire: WireParameters, parameter: Parameter, tree: Any) -> None:
    if parameter.location == "path":
        wire.path[parameter.name] = _path_text(parameter, tree)
    elif parameter.location == "query":
        wire.query += _query_pairs(parameter, tree)
    elif parameter.location == "header":
        wire.headers.append((parameter.name, _header_value(_simple(parameter, tree, encoded=False))))
    else:
        wire.cookies += [(name, _header_value(value)) for name, value in _query_pairs(parameter, tree)]


def _header_value(text: str) -> str:
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("a header field holds no control characters")
    return text


def _encoded(value: Any, parameter: Parameter | None = None) -> str:
    allowed = _RESERVED_IN_QUERY if parameter is not None and parameter.allow_reserved else ""
    return quote(text_of(value), safe=allowed)


def _json_text(tree: Any) -> str:
    return write_json(tree).decode("utf-8")


def _simple(parameter: Parameter, tree: Any, *, encoded: bool) -> str:
    """Style `simple`: also what headers have."""

    def one(value: Any) -> str:
        return _encoded(value) if encoded else text_of(value)

    if parameter.media_type is not None:
        return one(_json_text(tree) if is_json(parameter.media_type) else tree)
    if is_array(tree):
        return ",".join(one(item) for item in tree)
    if is_object(tree):
        joint = "=" if parameter.explode else ","
        return ",".join(f"{one(name)}{joint}{one(value)}" for name, value in tree.items())
    return one(tree)


def _path_text(parameter: Parameter, tree: Any) -> str:
    if parameter.style == "label":
        text = "." + (
            _simple(parameter, tree, encoded=True).replace(",", ".")
            if parameter.explode
            else _simple(parameter, tree, encoded=True)
        )
    elif parameter.style == "matrix":
        text = _matrix(parameter, tree)
    else:
        text = _simple(parameter, tree, encoded=True)
    if text in ("", ".", ".."):
        # Any of them would lead to another path.
        raise ValueError(f"{parameter.argument} cannot stand in a path")
    return text


def _matrix(parameter: Parameter, tree: Any) -> str:
    name = _encoded(parameter.name)
    if is_array(tree) and parameter.explode:
        return "".join(f";{name}={_encoded(item)}" for item in tree)
    if is_object(tree) and parameter.explode:
        return "".join(f";{_encoded(key)}={_encoded(value)}" for key, value in tree.items())
    return f";{name}={_simple(parameter, tree, encoded=True)}"


def _query_pairs(parameter: Parameter, tree: Any) -> list[tuple[str, str]]:
    name = _encoded(parameter.name)
    if parameter.media_type is not None:
        return [(name, _encoded(_json_text(tree) if is_json(parameter.media_type) else tree))]
    if is_array(tree):
        items = [_encoded(item, parameter) for item in tree]
        if parameter.explode and parameter.style == "form":
            return [(name, item) for item in items]
        return [(name, _DELIMITERS.get(parameter.style, ",").join(items))] if items else []
    if is_object(tree):
        return _object_pairs(parameter, tree)
    return [(name, _encoded(tree, parameter))]


def _object_pairs(parameter: Parameter, tree: dict[str, Any]) -> list[tuple[str, str]]:
    name = _encoded(parameter.name)
    if parameter.style == "deepObject":
        return list(_deep_pairs(name, tree, parameter))
    pairs = [(_encoded(key), _encoded(value, parameter)) for key, value in tree.items()]
    if parameter.explode:
        return pairs
    joint = _DELIMITERS.get(parameter.style, ",")
    return [(name, joint.join(part for pair in pairs for part in pair))] if pairs else []


def _deep_pairs(name: str, value: Any, parameter: Parameter) -> Iterable[tuple[str, str]]:
    if is_object(value):
        for key, member in value.items():
            yield from _deep_pairs(f"{name}%5B{_encoded(key)}%5D", member, parameter)
    elif is_array(value):
        for item in value:
            yield from _deep_pairs(name, item, parameter)
    elif value is not None:
        yield name, _encoded(value, parameter)


@dataclass(frozen=True, slots=True)
class RawParameters:
    """The parameters of one request as a server got them: path values still percent-encoded, query pairs decoded."""

    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    raw_query: tuple[tuple[str, str], ...]
    headers: Headers
    cookies: Mapping[str, str]


def read_parameter(parameter: Parameter, raw: RawParameters) -> Any:
    """The Python value, or None where it is not there. Raises ValueError and pydantic's ValidationError."""
    shape = shape_of(parameter.type)
    tree = _READERS[parameter.location](parameter, shape, raw)
    if tree is None:
        if parameter.required:
            raise ValueError("is missing")
        return None
    return decode(parameter.type, tree, Mode.REQUEST)


def _read_path(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = raw.path.get(parameter.name)
    if text is None:
        return None
    if parameter.style == "label":
        text = text.removeprefix(".")
        text = text.replace(".", ",") if parameter.explode else text
    elif parameter.style == "matrix":
        return _read_matrix(parameter, shape, text)
    return _read_simple(parameter, shape, text, decode_text=unquote)


def _read_matrix(parameter: Parameter, shape: Shape, text: str) -> Any:
    pairs = [tuple(part.partition("=")[::2]) for part in text.split(";") if part]
    if shape.kind == "array" and parameter.explode:
        return [from_text(unquote(value), shape.of()) for _, value in pairs]
    if shape.kind == "object" and parameter.explode:
        return {unquote(key): from_text(unquote(value), shape.of(unquote(key))) for key, value in pairs}
    return _read_simple(parameter, shape, pairs[0][1] if pairs else "", decode_text=unquote)


def _read_simple(parameter: Parameter, shape: Shape, text: str, *, decode_text: Any = str) -> Any:
    if parameter.media_type is not None:
        return parse_json(decode_text(text), unique=True) if is_json(parameter.media_type) else decode_text(text)
    if shape.kind == "array":
        return [from_text(decode_text(part.strip()), shape.of()) for part in text.split(",")] if text else []
    if shape.kind == "object":
        return _read_members(parameter, shape, [decode_text(part.strip()) for part in text.split(",")])
    return from_text(decode_text(text), shape)


def _read_members(parameter: Parameter, shape: Shape, parts: list[str]) -> dict[str, Any]:
    if parameter.explode:
        pairs = [tuple(part.partition("=")[::2]) for part in parts]
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=False))
    return {name: from_text(value, shape.of(name)) for name, value in pairs}


def _read_query(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    values = [value for name, value in raw.query if name == parameter.name]
    if parameter.media_type is not None:
        return (
            None if not values else parse_json(values[0], unique=True) if is_json(parameter.media_type) else values[0]
        )
    if shape.kind == "object":
        return _read_query_object(parameter, shape, raw)
    if not values:
        return None
    if shape.kind != "array":
        if len(values) > 1:
            raise ValueError("is given more than once")
        return from_text(values[0], shape)
    if parameter.explode and parameter.style == "form":
        return [from_text(value, shape.of()) for value in values]
    return [from_text(part, shape.of()) for part in _split(parameter, raw)]


def _split(parameter: Parameter, raw: RawParameters) -> list[str]:
    """The parts of a delimited value; split before decoding, so that a delimiter inside a part survives."""
    text = next((value for name, value in raw.raw_query if unquote(name.replace("+", " ")) == parameter.name), "")
    delimiter = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",")
    text = text.replace("+", "%20").replace(_DELIMITERS.get(parameter.style, ","), delimiter)
    return [unquote(part, errors="strict") for part in text.split(delimiter)] if text else []


def _read_query_object(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    if parameter.style == "deepObject":
        return _read_deep(parameter.name, shape, raw.query)
    if parameter.explode:
        known = shape.members
        found = {
            name: from_text(value, shape.of(name)) for name, value in raw.query if known is not None and name in known
        }
        return found or None
    parts = _split(parameter, raw)
    return _read_members(parameter, shape, parts) if parts else None


def _read_deep(name: str, shape: Shape, query: Iterable[tuple[str, str]]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for key, value in query:
        if not key.startswith(f"{name}[") or not key.endswith("]"):
            continue
        tokens = key[len(name) + 1 : -1].split("][")
        here, here_shape = found, shape
        for token in tokens[:-1]:
            member = here.setdefault(token, {})
            if not is_object(member):
                raise ValueError("is no object")
            here, here_shape = member, here_shape.of(token)
        _put_deep(here, tokens[-1], value, here_shape.of(tokens[-1]))
    return found or None


def _put_deep(here: dict[str, Any], token: str, value: str, shape: Shape) -> None:
    if shape.kind == "array":
        here.setdefault(token, []).append(from_text(value, shape.of()))
    else:
        here[token] = from_text(value, shape)


def _read_header(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = raw.headers.get(parameter.name)
    return None if text is None else _read_simple(parameter, shape, text.strip())


def _read_cookie(parameter: Parameter, shape: Shape, raw: RawParameters) -> Any:
    text = raw.cookies.get(parameter.name)
    return None if text is None else _read_simple(parameter, shape, unquote(text))


_READERS: Final = {"path": _read_path, "query": _read_query, "header": _read_header, "cookie": _read_cookie}
