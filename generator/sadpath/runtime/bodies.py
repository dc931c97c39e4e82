"""Request bodies: the arguments of a call to bytes, and the bytes of a request to the value that a handler gets."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any, cast

from .contract import Body, Content
from .conversion import decode, encode
from .forms import decode_form, encode_form
from .frozen import dataclass
from .media import (
    charset_of,
    is_form,
    is_json,
    is_multipart,
    is_range,
    media_type_matches,
    parameter_of,
    sequence_of,
    stated_charset,
)
from .model import Model
from .multipart import decode_multipart, encode_multipart, is_tree
from .pointers import MISSING
from .records import LineDecoder, SequenceDecoder, write_record
from .references import resolved
from .shapes import from_text, shape_of
from .uploads import ByteSource, Payload, Upload, is_file, payload_of
from .validation import Mode
from .wire import JsonError, parse_json, text_of, write_json


@dataclass(frozen=True, slots=True, repr=False)
class WrittenBody:
    """A body as it goes to the wire; `tree` is what selectors look at, `MISSING` where it is none, `content` None where there is no body."""

    tree: Any = MISSING
    content: bytes | Payload | None = None
    media_type: str | None = None


def write_body(body: Body | None, arguments: Mapping[str, Any]) -> WrittenBody:
    """The body of a request. Raises ValueError, TypeError, and ValidationError for what is no such body."""
    if body is None:
        return WrittenBody()
    value = _value(body, arguments)
    if value is MISSING:
        return WrittenBody()
    # Where there is nothing to choose, a member of the body may be called so.
    chosen = arguments.get("content_type") if body.others or is_range(body.media_type) else None
    content = _chosen(body, chosen)
    stated = chosen or content.media_type
    if is_range(stated):
        # No body has the type `image/*`.
        raise ValueError(f"content_type is required: one of {stated}")
    return _written(content, value, stated)


def _chosen(body: Body, content_type: str | None) -> Content:
    if content_type is None:
        return body.contents[0]
    exact = [content for content in body.contents if content.media_type.lower() == content_type.lower()]
    fitting = exact or [one for one in body.contents if media_type_matches(content_type, [one.media_type])]
    if not fitting or is_range(content_type):
        offered = ", ".join(content.media_type for content in body.contents)
        raise ValueError(f"content_type is none of those that the operation takes: {offered}")
    return fitting[0]


def _written(content: Content, value: Any, stated: str) -> WrittenBody:
    if is_form(stated):
        tree = _tree(content, value)
        return WrittenBody(tree, encode_form(tree, content.encoding, content.type), stated)
    if is_multipart(stated):
        tree = _tree(content, value)
        written, media_type = encode_multipart(tree, content.encoding, annotation=content.type)
        return WrittenBody(tree if is_tree(tree) else MISSING, written, media_type)
    form = sequence_of(stated)
    if form is not None:
        tree = _tree(content, value)
        return WrittenBody(tree, b"".join(write_record(form, item) for item in tree), stated)
    kind = resolved(content.type)
    if kind is not bytes and (is_json(stated) or is_range(content.media_type)):
        tree = _tree(content, value)
        return WrittenBody(tree, write_json(tree), stated if is_json(stated) else "application/json")
    if kind is bytes:
        return WrittenBody(MISSING, _bytes(value, stated), stated)
    return WrittenBody(MISSING, _text(content, value, stated), stated)


def _tree(content: Content, value: Any) -> Any:
    return encode(content.type, decode(content.type, value, Mode.BUILD))


def _text(content: Content, value: Any, stated: str) -> bytes:
    if resolved(content.type) is str and not isinstance(value, bytes | str):
        raise TypeError(f"a body of {stated} is bytes or str")
    text = value if isinstance(value, bytes) else text_of(_tree(content, value))
    return text if isinstance(text, bytes) else text.encode(charset_of(stated) or "utf-8")


def _bytes(value: Any, stated: str) -> bytes | Payload:
    if isinstance(value, str):
        return value.encode(charset_of(stated) or "utf-8")
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, Upload):
        value = value.content
    if not is_file(value) and not isinstance(value, Iterable | AsyncIterable):
        raise TypeError(f"a body of {stated} is bytes or str, an open file, or an iterator of bytes")
    return payload_of([cast("ByteSource", value)])


def _value(body: Body, arguments: Mapping[str, Any]) -> Any:
    if body.arguments is None:
        value = arguments.get("body", MISSING)
        absent = value is MISSING or (value is None and not body.nullable)
        if absent and body.required:
            raise ValueError("body is required")
        return MISSING if absent else value
    given = {name: arguments[name] for name in body.arguments if name in arguments}
    further: Mapping[str, Any] = arguments.get(body.extra or "") or {}
    kind = resolved(body.type)
    is_set = [value is not None or _takes_null(kind, name) for name, value in given.items()]
    if not body.required and not further and not any(is_set):
        return MISSING
    doubled = sorted(set(further) & set(given))
    if doubled:
        raise ValueError(f"{doubled[0]} is an argument of its own")
    return {**given, **further}


def _takes_null(kind: Any, name: str) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model) and kind.__takes_null__(name)


def content_of(body: Body, content_type: str | None) -> Content | None:
    """The content that a request has by its `Content-Type`, the preferred one where it says nothing; None where it has another."""
    if content_type is None:
        return body.contents[0]
    exact = [one for one in body.contents if _says(content_type, one)]
    fitting = exact or [one for one in body.contents if media_type_matches(content_type, [one.media_type])]
    if stated_charset(content_type) is not None and charset_of(content_type) is None:
        # To guess what the bytes say would be to guess what to pay.
        return None
    return fitting[0] if fitting else None


def _says(content_type: str, content: Content) -> bool:
    """Whether both have the same type and the same `version` or `profile`."""
    same = media_type_matches(content_type, [content.media_type]) and not is_range(content.media_type)
    names = ("version", "profile", "v")
    return same and all(parameter_of(content_type, name) == parameter_of(content.media_type, name) for name in names)


def read_body(content: Content, data: bytes, content_type: str | None) -> Any:
    """The value of a request's body. Raises ValueError and ValidationError."""
    stated = content_type or content.media_type
    kind = resolved(content.type)
    if is_form(stated):
        return decode(content.type, decode_form(content.type, data, content.encoding), Mode.REQUEST)
    if is_multipart(stated):
        tree = decode_multipart(content.type, data, content_type, content.encoding)
        return decode(content.type, tree, Mode.REQUEST)
    form = sequence_of(stated)
    if form is not None:
        cutter = SequenceDecoder() if form == "sequence" else LineDecoder()
        records = [*cutter.feed(data), *cutter.end()]
        return decode(content.type, [parse_json(record, unique=True) for record in records], Mode.REQUEST)
    if kind is bytes:
        return data
    charset = charset_of(content_type)
    if is_json(stated) or is_range(content.media_type):
        return decode(content.type, parse_json(data, charset=charset, unique=True), Mode.REQUEST)
    text = data.decode(charset or "utf-8")
    return text if kind is str else decode(content.type, from_text(text, shape_of(content.type)), Mode.REQUEST)


def reason_of(error: ValueError) -> str:
    """What to say of a body that is not of its media type, without its content."""
    return str(error) if isinstance(error, JsonError) else "the body cannot be read"
