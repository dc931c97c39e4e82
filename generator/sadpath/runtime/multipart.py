"""Bodies of `multipart/form-data` (RFC 7578): members become parts, and parts become members again."""

from __future__ import annotations

import hashlib
import itertools
import mimetypes
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from .contract import Encoding
from .frozen import dataclass
from .headers import Headers
from .media import charset_of, is_json, media_type_of, parameter_of, stated_charset
from .shapes import TEXT, Shape, from_text, shape_of
from .trees import is_array, is_mapping, is_object
from .uploads import ByteSource, Payload, Upload, is_file, payload_of
from .wire import parse_json, text_of, write_json

_BOUNDARY_BYTES: Final = 24
_PLAIN: Final = Encoding()
_OCTETS: Final = "application/octet-stream"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_FIELD_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_MAX_PARTS: Final = 1000
_DISPOSITION: Final = re.compile(r';\s*([A-Za-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
# What browsers write in the place of what would end a name (WHATWG HTML, multipart/form-data); and the same for other control
# characters, for a backslash, behind which some programs take a quote for a character of the name, and for a per cent sign
# that would be read as one of these.
_ESCAPES: Final = str.maketrans({code: f"%{code:02X}" for code in (*range(0x20), 0x22, 0x5C, 0x7F)})
_ESCAPED: Final = re.compile("%([01][0-9A-F]|22|25|5C|7F)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    head: bytes
    content: ByteSource


def encode_multipart(
    tree: Any,
    encoding: Mapping[str, Encoding] | None = None,
    boundary: Callable[[], str] | None = None,
    annotation: Any = None,
) -> tuple[bytes | Payload, str]:
    """The body and its media type with the boundary. An array becomes a part for each item, an object a part of JSON.

    So does a value that is no text where the `annotation` of the body allows anything. A member that is null is left out.
    Raises ValueError for what would break out of the head of a part, for null in an array and for text that the
    character set of a part has no form for, and TypeError for no object.
    """
    if not is_mapping(tree):
        raise TypeError("a multipart body is an object")
    known = encoding or {}
    body = TEXT if annotation is None else shape_of(annotation)
    parts = [
        part for name, value in tree.items() for part in _parts(name, value, known.get(name, _PLAIN), body.of(name))
    ]
    mark = _free_boundary(parts, boundary or _boundaries(parts))
    delimiter = f"--{mark}\r\n".encode("ascii")
    sources: list[ByteSource] = []
    for part in parts:
        sources += [delimiter + part.head, part.content, b"\r\n"]
    sources.append(f"--{mark}--\r\n".encode("ascii"))
    return payload_of(sources), f"multipart/form-data; boundary={mark}"


def _boundaries(parts: list[_Part]) -> Callable[[], str]:
    """Boundaries that follow from the parts, so that the same request has the same bytes in every process.

    Where a part is read while it is sent they are random: it could be made to hold one that follows from the others.
    """
    if not all(isinstance(part.content, bytes) for part in parts):
        return lambda: secrets.token_hex(_BOUNDARY_BYTES)
    made = hashlib.sha256()
    for part in parts:
        for data in (part.head, part.content):
            if isinstance(data, bytes):
                made.update(len(data).to_bytes(8, "big") + data)
    counter = itertools.count()
    return lambda: hashlib.sha256(made.digest() + str(next(counter)).encode("ascii")).hexdigest()[: 2 * _BOUNDARY_BYTES]


def _free_boundary(parts: list[_Part], make: Callable[[], str]) -> str:
    """A boundary that stands in none of the parts whose bytes are at hand; 192 random bits stand in no other."""
    while True:
        mark = make()
        seen = mark.encode("ascii")
        if not any(seen in part.head or (isinstance(part.content, bytes) and seen in part.content) for part in parts):
            return mark


def _parts(name: str, value: Any, encoding: Encoding, shape: Shape) -> Iterator[_Part]:
    if value is None:
        return
    if is_array(value) and not is_json(encoding.content_type) and (shape.kind != "any" or not is_tree(value)):
        for item in value:
            yield _part(name, item, encoding, shape.of())
    else:
        yield _part(name, value, encoding, shape)


def _part(name: str, value: Any, encoding: Encoding, shape: Shape) -> _Part:
    if is_file(value):
        return _file(name, Upload.of(value), encoding)
    stated = _single(encoding.content_type)
    is_untyped = shape.kind == "any" and stated is None and not isinstance(value, str)
    if is_json(stated) or isinstance(value, dict | list) or is_untyped:
        stated = stated or "application/json"
        text = write_json(value).decode("utf-8")
    elif value is None:
        raise ValueError(f"{name} holds null in a list, which a part has no text for")
    else:
        text = text_of(value)
    return _Part(_head(name, None, stated, {}), _in_charset(name, text, stated))


def _in_charset(name: str, text: str, content_type: str | None) -> bytes:
    """The text in the character set that the media type states."""
    charset = _charset(content_type) or "utf-8"
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        raise ValueError(f"{name} holds characters that {charset} has no form for") from None


def _charset(content_type: str | None) -> str | None:
    charset = charset_of(content_type)
    if charset is None and stated_charset(content_type) is not None:
        raise ValueError("the character set of a part is unknown")
    return charset


def _file(name: str, upload: Upload, encoding: Encoding) -> _Part:
    guessed = mimetypes.guess_type(upload.filename)[0] if upload.filename else None
    content_type = upload.content_type or _single(encoding.content_type) or guessed or _OCTETS
    given = {header.lower() for header in upload.headers}
    missing = [header for header in encoding.headers if header.lower() not in given]
    if missing:
        raise ValueError(f"the file {name!r} needs the header field {missing[0]}: give an Upload with `headers`")
    # Without a name, many servers take a part for a text.
    filename = upload.filename if upload.filename is not None else name
    return _Part(_head(name, filename, content_type, upload.headers), upload.content)


def _single(content_type: str | None) -> str | None:
    """The media type, where the encoding names one and no range or list of them."""
    return None if content_type is None or "*" in content_type or "," in content_type else content_type


def _head(name: str, filename: str | None, content_type: str | None, headers: Mapping[str, str]) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{_quoted(name)}"']
    if filename is not None:
        lines[0] += f'; filename="{_quoted(filename)}"'
    if content_type is not None:
        lines.append(f"Content-Type: {_field(name, 'Content-Type', content_type)}")
    for header, text in headers.items():
        if header.lower() in ("content-disposition", "content-type") or not _FIELD_NAME.fullmatch(header):
            raise ValueError(f"{header!r} is no further header field of the file {name!r}")
        lines.append(f"{header}: {_field(name, header, text)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def _quoted(text: str) -> str:
    """A name that cannot break out of its quotes."""
    escaped = _ESCAPED.sub(r"%25\1", text).translate(_ESCAPES)
    return escaped.encode("utf-8", "replace").decode("utf-8")


def _field(name: str, header: str, value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(f"{header} of the file {name!r} holds a control character")
    return value


@dataclass(frozen=True, slots=True)
class _Received:
    name: str
    filename: str | None
    headers: Headers
    content: bytes


def decode_multipart(
    annotation: Any, data: bytes, content_type: str | None, encoding: Mapping[str, Encoding] | None = None
) -> dict[str, Any]:
    """The plain tree of a multipart body; a part that is a file is an `Upload`. Raises ValueError."""
    boundary = parameter_of(content_type, "boundary")
    if not boundary or not boundary.isascii():
        raise ValueError("the body has no boundary")
    shape = shape_of(annotation)
    tree: dict[str, Any] = {}
    for headers, content in _split(data, boundary):
        parameters = dict(_disposition(headers))
        if "name" not in parameters:
            raise ValueError("a part has no name")
        part = _Received(parameters["name"], parameters.get("filename"), headers, content)
        _put(tree, part, shape.of(part.name), (encoding or {}).get(part.name, _PLAIN))
    return tree


def _split(data: bytes, boundary: str) -> Iterator[tuple[Headers, bytes]]:
    """The parts (RFC 2046, section 5.1); what stands before the first and after the last is no part."""
    delimiter = b"\r\n--" + boundary.encode("ascii")
    pieces = (b"\r\n" + data).split(delimiter)
    if len(pieces) > _MAX_PARTS:
        raise ValueError("the body has too many parts")
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        head, found, content = piece.lstrip(b" \t").partition(b"\r\n\r\n")
        if not found or not head.startswith(b"\r\n"):
            raise ValueError("a part has no head")
        yield _headers(head), content
    raise ValueError("the body has no end")


def _headers(head: bytes) -> Headers:
    lines: list[tuple[str, str]] = []
    for line in head.decode("utf-8").split("\r\n"):
        name, colon, value = line.partition(":")
        if line and not colon:
            raise ValueError("a part has a head that cannot be read")
        if line:
            lines.append((name.strip(), value.strip()))
    return Headers(lines)


def _disposition(headers: Headers) -> Iterator[tuple[str, str]]:
    field = headers.get("content-disposition", "")
    if media_type_of(field) != "form-data":
        return
    for name, quoted, bare in _DISPOSITION.findall(field):
        text = re.sub(r"\\([\"\\])", r"\1", quoted) or bare
        yield name.lower(), _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _put(tree: dict[str, Any], part: _Received, shape: Shape, encoding: Encoding) -> None:
    many = shape.kind == "array" and not is_json(encoding.content_type)
    value = _value(part, shape.of() if many else shape, encoding)
    if many:
        tree.setdefault(part.name, []).append(value)
    elif part.name in tree:
        raise ValueError("a member is given more than once")
    else:
        tree[part.name] = value


def _value(part: _Received, shape: Shape, encoding: Encoding) -> Any:
    stated = part.headers.get("content-type")
    if shape.kind == "file" or (shape.kind == "any" and part.filename is not None):
        own = ("content-disposition", "content-type")
        further = {name: value for name, value in part.headers.lines if name.lower() not in own}
        return Upload(part.content, part.filename, stated, further)
    charset = _charset(stated or _single(encoding.content_type))
    if is_json(stated) or shape.kind in ("object", "array"):
        return parse_json(part.content, charset=charset, unique=True)
    return from_text(part.content.decode(charset or "utf-8"), shape)


def is_tree(value: object) -> bool:
    """Whether a value holds no file, so that JSON can say it."""
    if is_object(value):
        return all(is_tree(member) for member in value.values())
    if is_array(value):
        return all(is_tree(item) for item in value)
    return not is_file(value)
