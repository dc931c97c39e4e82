"""Bodies of `application/x-www-form-urlencoded`: members become pairs, and pairs become members again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote_plus, unquote_plus

from pydantic import ValidationError

from .brackets import deep_pairs, is_inside, read_deep
from .contract import Encoding
from .conversion import decode
from .media import is_json
from .shapes import TEXT, Shape, from_text, shape_of, single_or_many
from .trees import is_array, is_mapping, is_object
from .validation import Mode
from .wire import parse_form, parse_json, text_of, write_json

_PLAIN: Final = Encoding()
_ANY: Final = Shape("any")
RESERVED: Final = ":/?[]@!$'()*,;"
"""What `allowReserved` leaves alone in a form and in a query; `&`, `=`, `+` and `#` would change what they say."""
_DELIMITERS: Final[Mapping[str, str]] = {"spaceDelimited": "+", "pipeDelimited": "%7C"}
_SPLIT_AT: Final[Mapping[str, str]] = {"spaceDelimited": " ", "pipeDelimited": "|"}


def encode_form(tree: Any, encoding: Mapping[str, Encoding] | None = None, annotation: Any = None) -> bytes:
    """The pairs of an object. Where the encoding says nothing else, an array repeats its name and an object inside is JSON.

    A member that is null is left out. Raises ValueError, naming the member, for what a server could not tell from
    another value; the `annotation` of the body says which names are taken.
    """
    if not is_mapping(tree):
        raise TypeError("a form body is an object")
    known = encoding or {}
    body = TEXT if annotation is None else shape_of(annotation)
    _check_spread(tree, known, body)
    pairs = [pair for name, value in tree.items() for pair in _pairs(name, value, known.get(name, _PLAIN), body)]
    return "&".join(f"{name}={value}" for name, value in pairs).encode("ascii")


def _is_spread(encoding: Encoding) -> bool:
    """Whether the members of an object become members of the body."""
    return _is_styled(encoding) and _explodes(encoding) and encoding.style != "deepObject"


def _check_spread(tree: Mapping[str, Any], encoding: Mapping[str, Encoding], body: Shape) -> None:
    """Refuse objects whose members, spread over the body, would have the name of another member or would be nobody's."""
    spread = {
        name: value for name, value in tree.items() if is_object(value) and _is_spread(encoding.get(name, _PLAIN))
    }
    for name, value in spread.items():
        taken = ({*tree, *(body.members or ()), *_members_of_others(name, spread, encoding, body)}) - {name}
        clash = next((member for member in value if member in taken), None)
        if clash is not None:
            raise ValueError(f"{name} has the member {clash!r}, which is the name of another member of the body")
        strange = body.kind == "object" and body.of(name).is_open and _open_map(encoding, body) != name
        if strange and any(member is not None for member in value.values()):
            raise ValueError(f"{name} is spread over the body, which may hold further members that are not its own")


def _members_of_others(name: str, spread: Mapping[str, Any], encoding: Mapping[str, Encoding], body: Shape) -> set[str]:
    given = {member for other, value in spread.items() if other != name for member in value}
    return given | _spread_members(name, encoding, body)


def _spread_members(name: str, encoding: Mapping[str, Encoding], body: Shape) -> set[str]:
    """The declared members of all other objects that are spread over the body."""
    others = (body.of(other) for other, one in encoding.items() if other != name and _is_spread(one))
    return {member for shape in others if shape.kind == "object" for member in shape.members or ()}


def _open_map(encoding: Mapping[str, Encoding], body: Shape) -> str | None:
    """The one object that takes whatever names the body does not know; None where there are several takers."""
    maps = [name for name, one in encoding.items() if _is_spread(one) and body.of(name).is_open]
    return maps[0] if len(maps) == 1 and body.members is not None and body.further is None else None


def _is_styled(encoding: Encoding) -> bool:
    """Whether the encoding gives a style, in which case its media type means nothing."""
    return encoding.style is not None or encoding.explode is not None


def _is_written_as_json(encoding: Encoding) -> bool:
    return is_json(encoding.content_type) and not _is_styled(encoding)


def _explodes(encoding: Encoding) -> bool:
    return encoding.style in (None, "form") if encoding.explode is None else encoding.explode


def _escaped(value: Any, encoding: Encoding, *, delimiter: str = "") -> str:
    text = write_json(value).decode("utf-8") if isinstance(value, dict | list) else text_of(value)
    return quote_plus(text, safe=RESERVED.replace(delimiter, "") if encoding.allow_reserved else "")


def _pairs(name: str, value: Any, encoding: Encoding, body: Shape) -> Iterator[tuple[str, str]]:
    key = quote_plus(name)
    if value is None:
        return
    if encoding.style == "deepObject":
        try:
            yield from deep_pairs(key, value, body.of(name), lambda part: _escaped(plain_text(part), encoding))
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
    elif _is_styled(encoding) and is_object(value):
        yield from _object_pairs(key, value, encoding)
    elif _is_styled(encoding) and is_array(value) and not _explodes(encoding):
        if value:
            yield key, _delimited(name, [_item(name, item) for item in value], encoding)
    elif _is_written_as_json(encoding):
        yield key, quote_plus(write_json(value).decode("utf-8"))
    else:
        for item in value if is_array(value) else [value]:
            yield key, _escaped(_not_null(name, item), encoding)


def _not_null(name: str, item: Any) -> Any:
    if item is None:
        raise ValueError(f"{name} holds null in a list, which a form has no text for")
    return item


def plain_text(value: Any) -> str:
    """The text of an item, or of a member, that stands among others in one value. Raises ValueError for what has parts."""
    if value is None or is_array(value) or is_object(value):
        found = "null" if value is None else "an array" if is_array(value) else "an object"
        raise ValueError(f"holds {found} where its style has room for plain values only")
    return text_of(value)


def _item(name: str, value: Any) -> str:
    try:
        return plain_text(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def _delimited(name: str, parts: list[str], encoding: Encoding) -> str:
    if parts == [""]:
        raise ValueError(f"{name} holds one empty text, which could not be told from no item")
    delimiter = _SPLIT_AT.get(encoding.style or "")
    if delimiter is not None and any(delimiter in part for part in parts):
        # These delimiters are escaped themselves, so that nobody could tell them from one inside a part.
        raise ValueError(f"{name}: an item of a list in the style {encoding.style} cannot hold {delimiter!r}")
    return _DELIMITERS.get(encoding.style or "", ",").join(_escaped(part, encoding, delimiter=",") for part in parts)


def _object_pairs(key: str, value: Mapping[str, Any], encoding: Encoding) -> Iterator[tuple[str, str]]:
    given = {name: member for name, member in value.items() if member is not None}
    if _explodes(encoding):
        for name, member in given.items():
            yield quote_plus(name), _escaped(member, encoding)
    elif given:
        parts = [part for name, member in given.items() for part in (name, _item(name, member))]
        yield key, _delimited(unquote_plus(key), parts, encoding)


def decode_form(annotation: Any, data: bytes, encoding: Mapping[str, Encoding] | None = None) -> dict[str, Any]:
    """The plain tree of a form body, its texts turned into what the annotation has there. Raises ValueError."""
    shape = shape_of(annotation)
    pairs = parse_form(data)
    tree: dict[str, Any] = {}
    styles = dict(encoding or {})
    taker = _open_map(styles, shape)
    for name, style in styles.items():
        found: Any = None
        if _is_spread(style) and shape.of(name).kind == "object":
            declared = (set(shape.members or ()) | _spread_members(name, styles, shape)) - {name}
            found, pairs = _spread(shape.of(name), declared, pairs, takes_rest=name == taker)
        elif _is_styled(style):
            found, pairs = _styled(name, shape.of(name), style, pairs, data)
        if found is not None:
            tree[name] = found
    for name, text in pairs:
        _put(tree, name, text, _member(shape, name), styles.get(name, _PLAIN))
    counts = Counter(name for name, _ in pairs)
    for name, text in pairs:
        if counts[name] == 1 and is_array(tree[name]) and not _is_written_as_json(styles.get(name, _PLAIN)):
            tree[name] = _alone(shape.annotation_of(name), text, tree[name])
    return tree


def _alone(annotation: Any, text: str, items: list[Any]) -> Any:
    """What stands alone is no list where it may be something else, too, unless nothing else fits."""
    either = single_or_many(annotation)
    if either is not None:
        with suppress(ValidationError):
            value = from_text(text, either[0])
            decode(annotation, value, Mode.REQUEST)
            return value
    return items


def _member(shape: Shape, name: str) -> Shape:
    """A member that the schema does not know may be anything."""
    is_unknown = shape.members is not None and name not in shape.members and shape.further is None
    return _ANY if is_unknown else shape.of(name)


def _put(tree: dict[str, Any], name: str, text: str, member: Shape, encoding: Encoding) -> None:
    as_json = _is_written_as_json(encoding)
    if member.kind == "array" and not as_json:
        tree.setdefault(name, []).append(_value(text, member.of()))
    elif name in tree and member.kind == "any" and not as_json:
        # Whatever it is, an array repeats its name.
        tree[name] = [*(tree[name] if is_array(tree[name]) else [tree[name]]), text]
    elif name in tree:
        raise ValueError("a member is given more than once")
    else:
        tree[name] = parse_json(text, unique=True) if as_json else _value(text, member)


def _value(text: str, shape: Shape) -> Any:
    """What has parts is JSON; text that is none is left as it is, for where text is allowed, too."""
    if shape.kind in ("object", "array"):
        with suppress(ValueError):
            return parse_json(text, unique=True)
        return text
    return from_text(text, shape)


_Pairs = list[tuple[str, str]]


def _spread(
    shape: Shape, declared: Collection[str], pairs: _Pairs, *, takes_rest: bool
) -> tuple[dict[str, Any] | None, _Pairs]:
    """The members of an object that stand in the body itself, and the pairs that are left."""
    own = shape.members or {}
    found: dict[str, Any] = {}
    rest: _Pairs = []
    for key, text in pairs:
        if key in declared or (key not in own and not takes_rest):
            rest.append((key, text))
        elif key in found:
            raise ValueError("a member is given more than once")
        else:
            found[key] = _value(text, shape.of(key))
    return found or None, rest


def _styled(name: str, shape: Shape, encoding: Encoding, pairs: _Pairs, data: bytes) -> tuple[Any, _Pairs]:
    """The value of a member that has a style, and the pairs that are left."""
    if shape.kind in ("object", "array") and encoding.style == "deepObject":
        inside = [pair for pair in pairs if is_inside(pair[0], name)]
        return read_deep(name, shape, inside), [pair for pair in pairs if not is_inside(pair[0], name)]
    if shape.kind not in ("array", "object") or _explodes(encoding):
        return None, pairs
    rest = [pair for pair in pairs if pair[0] != name]
    if len(rest) == len(pairs):
        return None, pairs
    if len(pairs) - len(rest) > 1:
        raise ValueError("a member is given more than once")
    parts = _parts(name, encoding, data)
    if shape.kind == "array":
        return [_value(part, shape.of()) for part in parts], rest
    if len(set(parts[::2])) * 2 != len(parts):
        raise ValueError("a member is given more than once, or has no value")
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
