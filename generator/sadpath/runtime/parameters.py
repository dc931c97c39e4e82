"""Parameters in every style of OpenAPI (3.1, section 4.8.12; 3.2, section 4.12), as the client writes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from typing import Any, Final
from urllib.parse import quote

from pydantic import ValidationError

from .brackets import deep_pairs
from .contract import OperationContract, Parameter
from .conversion import decode, encode
from .forms import RESERVED, encode_form, plain_text
from .frozen import dataclass
from .media import is_json
from .shapes import shape_of
from .trees import is_array, is_object
from .validation import Mode, concealed
from .wire import text_of, write_json

_RESERVED_IN_PATH: Final = ":@!$&'()*+,;="
_IN_COOKIE_NAMES: Final = "!#$&'*+^`|"
_DELIMITERS: Final[Mapping[str, tuple[str, str]]] = {"spaceDelimited": (" ", "%20"), "pipeDelimited": ("|", "%7C")}
"""The character that delimits, and how it stands in a query."""


@dataclass(slots=True)
class WireParameters:
    """The parameters of one request as they go to the wire; `plain` holds them by location and wire name before they became text."""

    path: dict[str, str] = field(default_factory=dict[str, str])
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Names and values, already percent-encoded."""
    querystring: str = ""
    """The whole query, where one parameter is all of it."""
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    cookies: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    plain: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])


def write_parameters(operation: OperationContract, arguments: Mapping[str, Any]) -> WireParameters:
    """The wire form of the arguments; one that is not there is not sent, nor is an empty array or object.

    Members that are null are left out, as RFC 6570, section 2.3, has it. Raises pydantic's ValidationError for a value
    that the contract does not allow, and ValueError, which names the argument, for one that a server could not tell
    from another.
    """
    wire = WireParameters()
    claimed = claimed_names(operation)
    spread: dict[str, str] = {}
    for parameter in operation.parameters:
        value = arguments.get(parameter.argument)
        if value is None:
            if parameter.required:
                raise ValueError(f"{parameter.argument} is required")
            continue
        tree = _tree(operation, parameter, value)
        try:
            written = _write(wire, parameter, tree, claimed)
        except UnicodeEncodeError:
            raise ValueError(f"{parameter.argument} holds characters that have no UTF-8 form") from None
        except (TypeError, ValueError) as error:
            raise ValueError(f"{parameter.argument} {error}") from None
        if written:
            _check_spread(parameter, spread)
            wire.plain.setdefault(parameter.location, {})[parameter.name] = tree
        elif parameter.required:
            raise ValueError(f"{parameter.argument} is required, and is empty: there would be nothing to send")
    return wire


def _check_spread(parameter: Parameter, spread: dict[str, str]) -> None:
    """Refuse a second object of any members where a first one is spread already: nobody could tell whose they are."""
    if not is_spread(parameter) or not shape_of(parameter.type).is_open:
        return
    first = spread.setdefault(parameter.location, parameter.argument)
    if first != parameter.argument:
        raise ValueError(f"{parameter.argument} cannot be sent with {first}: nobody could tell their members apart")


def is_spread(parameter: Parameter) -> bool:
    """Whether the members of an object stand beside other parameters, under their own names."""
    return (
        parameter.location in ("query", "cookie")
        and parameter.explode
        and parameter.style != "deepObject"
        and parameter.media_type is None
        and shape_of(parameter.type).kind == "object"
    )


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose the names in the query and in the cookies are: (location, name) of parameters and of keys, and the members of objects that are spread."""

    parameters: frozenset[tuple[str, str]] = frozenset()
    keys: frozenset[tuple[str, str]] = frozenset()
    members: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict[tuple[str, str], frozenset[str]])

    def keys_in(self, location: str) -> frozenset[str]:
        """The names of API keys."""
        return frozenset(name for place, name in self.keys if place == location)

    def others(self, parameter: Parameter) -> frozenset[str]:
        """The names that no member of an object may have, which is spread over the location."""
        own = (parameter.location, parameter.name)
        taken = (self.parameters - {own}) | self.keys
        return frozenset(name for place, name in taken if place == parameter.location)

    def taken(self, parameter: Parameter) -> frozenset[str]:
        """As `others`, and the members of other objects that are spread."""
        found = self.others(parameter)
        for (place, name), members in self.members.items():
            if place == parameter.location and name != parameter.name:
                found |= members
        return found


def claimed_names(operation: OperationContract) -> Claims:
    """The names of a query, and of cookies, that are no members of an object that is spread over them."""
    schemes = (scheme for alternative in operation.security for scheme in alternative)
    return Claims(
        frozenset((one.location, one.name) for one in operation.parameters),
        frozenset((one.location, one.parameter) for one in schemes if one.location and one.parameter is not None),
        {
            (one.location, one.name): frozenset(shape_of(one.type).members or ())
            for one in operation.parameters
            if is_spread(one)
        },
    )


def _tree(operation: OperationContract, parameter: Parameter, value: Any) -> Any:
    """The plain tree of an argument; what is wrong with it is said under its name."""
    try:
        return encode(parameter.type, decode(parameter.type, value, Mode.BUILD))
    except ValidationError as error:
        problem = concealed(error, title=operation.id, at=(parameter.argument,))
    raise problem


def _write(wire: WireParameters, parameter: Parameter, tree: Any, claims: Claims) -> bool:
    """Whether there was anything to write."""
    if parameter.location == "path":
        wire.path[parameter.name] = _path_text(parameter, tree)
        return True
    if parameter.location == "header":
        text = _header_text(parameter, tree)
        if text is not None:
            wire.headers.append((parameter.name, text))
        return text is not None
    if parameter.location == "querystring":
        wire.querystring = _querystring(parameter, tree, claims.keys_in("query"))
        return bool(wire.querystring)
    claimed = claims.taken(parameter)
    is_cookie = parameter.location == "cookie"
    pairs = (_cookie_pairs if is_cookie else _query_pairs)(parameter, tree, claimed)
    (wire.cookies if is_cookie else wire.query).extend(pairs)
    return bool(pairs)


def _members(tree: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in tree.items() if value is not None]


def _content(parameter: Parameter, tree: Any) -> str:
    """The text of a parameter that is described by a media type."""
    if is_json(parameter.media_type):
        return write_json(tree).decode("utf-8")
    if is_array(tree) or is_object(tree):
        raise ValueError(f"is no text, and {parameter.media_type} is what is sent")
    return text_of(tree)


def _encoder(allowed: str, *, also: str = "") -> Callable[[Any], str]:
    """Percent-encodes all but unreserved and `allowed` characters; `also` are unreserved ones that would delimit."""

    def encoded(value: Any) -> str:
        text = quote(plain_text(value), safe=allowed)
        return text.replace(also, f"%{ord(also):02X}") if also else text

    return encoded


def _without(characters: str, delimiters: str) -> str:
    return "".join(character for character in characters if character not in delimiters)


_ENCODED: Final = _encoder("")


def _path_text(parameter: Parameter, tree: Any) -> str:
    if parameter.media_type is not None:
        text = quote(_content(parameter, tree), safe="")
    elif parameter.style == "matrix":
        text = _matrix(parameter, tree)
    else:
        text = _simple_path(parameter, tree)
    if text in ("", ".", ".."):
        # Any of them would lead to another path.
        raise ValueError("cannot stand in a path: it is empty, or nothing but dots")
    return text


def _simple_path(parameter: Parameter, tree: Any) -> str:
    label = parameter.style == "label"
    joint = "." if label and parameter.explode else ","
    allowed = _RESERVED_IN_PATH if parameter.allow_reserved else ""
    if is_array(tree) or is_object(tree):
        allowed = _without(allowed, ",=")
    one = _encoder(allowed, also="." if joint == "." else "")
    if is_array(tree):
        text = joint.join(one(item) for item in tree)
    elif is_object(tree):
        equals = "=" if parameter.explode else ","
        text = joint.join(f"{one(name)}{equals}{one(value)}" for name, value in _members(tree))
    else:
        text = _encoder(allowed)(tree)
    if label and not text:
        raise ValueError("cannot stand in a path: it is empty")
    return f".{text}" if label else text


def _matrix(parameter: Parameter, tree: Any) -> str:
    allowed = _without(_RESERVED_IN_PATH if parameter.allow_reserved else "", ";")
    one = _encoder(_without(allowed, ",") if is_array(tree) or is_object(tree) else allowed)
    name = _ENCODED(parameter.name)

    def pair(key: str, text: str) -> str:
        return f";{key}={text}" if text else f";{key}"

    if is_array(tree):
        if parameter.explode:
            return "".join(pair(name, one(item)) for item in tree)
        if tree == [""]:
            raise ValueError("holds one empty text, which could not be told from no item")
        return pair(name, ",".join(one(item) for item in tree)) if tree else ""
    if is_object(tree):
        members = [(_ENCODED(key), one(value)) for key, value in _members(tree)]
        if parameter.explode:
            return "".join(pair(key, value) for key, value in members)
        return pair(name, ",".join(part for member in members for part in member)) if members else ""
    return pair(name, one(tree))


def _query_pairs(parameter: Parameter, tree: Any, claimed: Collection[str]) -> list[tuple[str, str]]:
    name = _ENCODED(parameter.name)
    if parameter.media_type is not None:
        return [(name, quote(_content(parameter, tree), safe=""))]
    allowed = RESERVED if parameter.allow_reserved else ""
    if not is_array(tree) and not is_object(tree):
        return [(name, _encoder(allowed)(tree))]
    empty = [(name, "")] if parameter.allow_empty else []
    if parameter.style == "deepObject":
        return list(deep_pairs(name, tree, shape_of(parameter.type), _encoder(allowed))) or empty
    if parameter.explode:
        return _exploded(parameter, tree, _encoder(allowed), claimed) or empty
    return _joined(parameter, tree, _without(allowed, ",")) or empty


def _exploded(
    parameter: Parameter, tree: Any, one: Callable[[Any], str], claimed: Collection[str]
) -> list[tuple[str, str]]:
    if is_array(tree):
        if tree == [""] and parameter.allow_empty:
            raise ValueError("holds one empty text, which could not be told from no item")
        return [(_ENCODED(parameter.name), one(item)) for item in tree]
    return [(_ENCODED(name), one(value)) for name, value in _unclaimed(parameter, tree, claimed)]


def _unclaimed(parameter: Parameter, tree: Mapping[str, Any], claimed: Collection[str]) -> list[tuple[str, Any]]:
    """The members of an object that is spread."""
    place = "the cookies" if parameter.location == "cookie" else "the query"
    members = _members(tree)
    for name, _ in members:
        if name in claimed:
            raise ValueError(f"has the member {name!r}, which is the name of another parameter of {place}")
    return members


def _joined(parameter: Parameter, tree: Any, allowed: str) -> list[tuple[str, str]]:
    """One pair whose value holds all items, or all names and values."""
    plain, delimiter = _DELIMITERS.get(parameter.style, ("", ","))
    parts = [part for member in _members(tree) for part in member] if is_object(tree) else list(tree)
    if not parts:
        return []
    if parts == [""]:
        raise ValueError("holds one empty text, which could not be told from no item")
    if plain and any(plain in plain_text(part) for part in parts):
        raise ValueError(f"holds {plain!r} inside an item, which is what delimits items")
    one = _encoder(allowed)
    return [(_ENCODED(parameter.name), delimiter.join(one(part) for part in parts))]


def _querystring(parameter: Parameter, tree: Any, keys: Collection[str]) -> str:
    if parameter.media_type is None or is_object(tree) and not is_json(parameter.media_type):
        clash = next((name for name in tree if name in keys), None) if is_object(tree) else None
        if clash is not None:
            raise ValueError(f"has the member {clash!r}, which is the name of an API key in the query")
        return encode_form(tree).decode("ascii")
    if keys:
        raise ValueError("is the whole query, in which there is no room for the API key")
    return quote(_content(parameter, tree), safe="")


def _cookie_pairs(parameter: Parameter, tree: Any, claimed: Collection[str]) -> list[tuple[str, str]]:
    plain = parameter.style == "cookie" and parameter.media_type is None
    one, name_of = (_cookie_text, _cookie_name) if plain else (_ENCODED, _encoder(_IN_COOKIE_NAMES))
    name = name_of(parameter.name)
    if parameter.media_type is not None:
        return [(name, quote(_content(parameter, tree), safe=""))]
    if is_array(tree):
        items = [one(item) for item in tree]
        if parameter.explode:
            return [(name, item) for item in items]
        if items == [""]:
            raise ValueError("holds one empty text, which could not be told from no item")
        return [(name, ",".join(items))] if items else []
    if is_object(tree):
        given = _unclaimed(parameter, tree, claimed) if parameter.explode else _members(tree)
        members = [(name_of(key), one(value)) for key, value in given]
        if parameter.explode:
            return members
        return [(name, ",".join(part for member in members for part in member))] if members else []
    return [(name, one(tree))]


def _cookie_name(name: str) -> str:
    if "=" in name:
        raise ValueError(f"has the member {name!r}, which is no name of a cookie")
    return _cookie_text(name)


def _cookie_text(value: Any) -> str:
    """A text that a cookie holds as it is (RFC 6265, section 4.1.1)."""
    text = plain_text(value)
    if any(not "!" <= character <= "~" or character in '",;\\' for character in text):
        raise ValueError("holds a character that a cookie has no form for")
    return text


def _header_text(parameter: Parameter, tree: Any) -> str | None:
    """Style `simple`, in which nothing is encoded: what would be read otherwise is refused."""
    if parameter.media_type is not None:
        text = _content(parameter, tree)
        return _field_text(_ascii(text) if is_json(parameter.media_type) else text)
    if is_array(tree):
        items = [_field_text(plain_text(item), ",") for item in tree]
        if "" in items:
            raise ValueError("holds an empty text, and lists in header fields have no empty items")
        return ",".join(items) if items else None
    if is_object(tree):
        joint = "=" if parameter.explode else ","
        members = [
            (_field_text(name, f",{joint}"), _field_text(plain_text(value), ",")) for name, value in _members(tree)
        ]
        return ",".join(f"{name}{joint}{value}" for name, value in members) if members else None
    return _field_text(plain_text(tree))


def _field_text(text: str, delimiters: str = "") -> str:
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("holds a control character, which header fields do not carry")
    if text != text.strip(" "):
        raise ValueError("holds a text that starts or ends with a space, which header fields lose")
    for delimiter in delimiters:
        if delimiter in text:
            raise ValueError(f"holds {delimiter!r} inside an item, which is what delimits items")
    return text


def _ascii(text: str) -> str:
    """JSON whose characters beyond ASCII, which stand in its strings alone, are escaped."""
    units = ((character, character.encode("utf-16-be", "surrogatepass")) for character in text)
    return "".join(
        (character if character < "\x7f" else "".join(f"\\u{unit[at : at + 2].hex()}" for at in range(0, len(unit), 2)))
        for character, unit in units
    )
