"""What a handler returns to the answer that it is: which documented success, its body, its header fields, its items."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final, Generic, TypeGuard, TypeVar

from pydantic import ValidationError

from .answers import Answer
from .contract import Header, OperationContract, StreamForm, Success
from .conversion import decode, encode
from .frozen import dataclass
from .headers import Headers
from .media import charset_of, is_json, is_range, media_type_matches, quality_of
from .records import write_record
from .references import resolved
from .resolution import Fit, status_fit
from .successes import is_text
from .trees import is_array, is_object
from .uploads import Reader, Upload, is_reader
from .validation import Mode, concealed
from .wire import text_of, write_json

T = TypeVar("T")

_CHUNK: Final = 64 * 1024
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_OWN: Final = frozenset({"content-length", "content-type", "transfer-encoding", "connection"})
_NO_BODY: Final = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A value with what an answer says beside it, checked against the contract.

    `status` is one of the documented successes, the first one where it is None. `headers` are Python values for the fields that the
    contract describes, and text for others. `media_type` chooses where a success has several.
    """

    value: T = field(repr=False)
    status: int | None = None
    headers: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    media_type: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class StreamedAnswer:
    """An answer whose body is made while it is sent: status, header fields, and the items with how each is written."""

    answer: Answer
    items: Iterator[Any] | AsyncIterator[Any]
    form: StreamForm
    type: Any

    def record(self, item: Any) -> bytes:
        """The bytes of one item; raises pydantic's ValidationError for one that the contract does not allow."""
        if self.form == "bytes":
            return write_record("bytes", item)
        return write_record(self.form, encode(self.type, decode(self.type, item, Mode.BUILD)))


def is_reply(value: object) -> TypeGuard[Reply[Any]]:
    """Whether a handler said more than a value."""
    return isinstance(value, Reply)


def answer_of(contract: OperationContract, value: Any, accept: str | None = None) -> Answer | StreamedAnswer:
    """The answer that a handler's value is. Raises ValueError, TypeError and pydantic's ValidationError for what the contract does not allow."""
    reply = value if is_reply(value) else Reply(value)
    fitting = _fitting(contract, reply)
    status = reply.status or _status_of(fitting[0])
    lines = _lines(fitting[0], reply)
    problem: Exception | None = None
    for success in _ordered(fitting, reply.value, accept):
        try:
            return _written(success, reply, status, lines)
        except (ValidationError, TypeError) as error:
            problem = problem or error
    raise problem or ValueError("there is nothing to answer with")


def _fitting(contract: OperationContract, reply: Reply[Any]) -> list[Success]:
    """The documented successes of the status; of these, those of the media type."""
    known = list(contract.success) or [Success("204")]
    if reply.status is None:
        found = [one for one in known if one.status == known[0].status]
    else:
        fits = [(status_fit([one.status], reply.status), one) for one in known]
        best = min(fit for fit, _ in fits)
        found = [one for fit, one in fits if fit is best and fit is not Fit.OTHER]
        if not found or not 200 <= reply.status < 400:
            raise ValueError(f"status {reply.status} is no documented success of {contract.id}")
    if reply.media_type is None:
        return found
    chosen = [one for one in found if one.media_type and media_type_matches(reply.media_type, [one.media_type])]
    if not chosen or is_range(reply.media_type):
        raise ValueError(f"{reply.media_type} is no documented media type of {contract.id}")
    return chosen


def _status_of(success: Success) -> int:
    text = success.status
    return int(text) if text.isdigit() else int(text[0]) * 100 if text[:1].isdigit() else 200


def _ordered(successes: list[Success], value: Any, accept: str | None) -> list[Success]:
    """Streams first for an iterator, and last for anything else; then what is wanted most.

    What nobody asked for comes last of all: it is better than no answer (RFC 9110, section 12.5.1).
    """
    is_iterator = isinstance(value, Iterator | AsyncIterator | AsyncIterable)

    def rank(success: Success) -> tuple[bool, bool, float]:
        quality = 1.0 if success.media_type is None else quality_of(accept, success.media_type)
        return quality == 0, (success.stream is not None) is not is_iterator, -quality

    return sorted(successes, key=rank)


def _written(success: Success, reply: Reply[Any], status: int, lines: list[tuple[str, str]]) -> Answer | StreamedAnswer:
    if success.type is None or status in _NO_BODY:
        return Answer(status, Headers(lines))
    stated = reply.media_type or _stated(success)
    head = Answer(status, Headers([("Content-Type", stated), *lines]))
    value = reply.value
    if success.stream is not None:
        return StreamedAnswer(head, _iterated(value), success.stream, success.type)
    kind = resolved(success.type)
    if kind is bytes and not isinstance(value, bytes | str):
        return StreamedAnswer(head, _chunks(value), "bytes", bytes)
    return Answer(status, head.headers, _body(success, kind, value, stated))


def _stated(success: Success) -> str:
    media_type = success.media_type or "application/json"
    if not is_range(media_type):
        return media_type
    return "application/octet-stream" if resolved(success.type) is bytes else "application/json"


def _body(success: Success, kind: Any, value: Any, stated: str) -> bytes:
    if kind is bytes:
        return value if isinstance(value, bytes) else str(value).encode("utf-8")
    if is_text(stated) and kind is str:
        if not isinstance(value, str | bytes):
            raise TypeError(f"an answer of {stated} is a str")
        return value if isinstance(value, bytes) else value.encode(charset_of(stated) or "utf-8")
    tree = encode(success.type, decode(success.type, value, Mode.BUILD))
    return write_json(tree) if not is_text(stated) or is_json(stated) else text_of(tree).encode("utf-8")


def _iterated(value: object) -> Iterator[Any] | AsyncIterator[Any]:
    if _is_async(value):
        return aiter(value)
    if _is_iterable(value):
        return iter(value)
    raise TypeError("a handler of a stream returns an iterator of its items")


def _is_async(value: object) -> TypeGuard[AsyncIterable[Any]]:
    return isinstance(value, AsyncIterable)


def _is_iterable(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _chunks(value: Any) -> Iterator[Any] | AsyncIterator[Any]:
    content = value.content if isinstance(value, Upload) else value
    if isinstance(content, bytes):
        return iter([content])
    return _read(content) if is_reader(content) else _iterated(content)


def _read(file: Reader) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _lines(success: Success, reply: Reply[Any]) -> list[tuple[str, str]]:
    """The header fields of a reply: documented ones checked and written as the contract says."""
    known = {header.name.lower(): header for header in success.headers}
    given = {name.lower() for name in reply.headers}
    missing = [header.name for header in success.headers if header.required and header.name.lower() not in given]
    if missing and reply.headers:
        raise ValueError(f"the header field {missing[0]} is missing")
    lines: list[tuple[str, str]] = []
    for name, value in reply.headers.items():
        if name.lower() in _OWN or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header field that a handler sets")
        header = known.get(name.lower())
        text = _field_text(header, value) if header is not None else text_of(value)
        if any(character < " " or character == "\x7f" for character in text):
            raise ValueError(f"the header field {name} holds a control character")
        lines.append((name, text))
    return lines


def _field_text(header: Header, value: Any) -> str:
    try:
        tree = encode(header.type, decode(header.type, value, Mode.BUILD))
    except ValidationError as error:
        problem = concealed(error, title="headers", at=(header.name,))
    else:
        return _simple(header, tree)
    raise problem


def _simple(header: Header, tree: Any) -> str:
    if header.media_type is not None:
        return write_json(tree).decode("utf-8") if is_json(header.media_type) else text_of(tree)
    if is_array(tree):
        return ",".join(_item(header, item, ",") for item in tree)
    if is_object(tree):
        joint = "=" if header.explode else ","
        members = [(_item(header, name, f",{joint}"), value) for name, value in tree.items() if value is not None]
        return ",".join(f"{name}{joint}{_item(header, value, ',', empty=True)}" for name, value in members)
    return text_of(tree)


def _item(header: Header, value: Any, delimiters: str, *, empty: bool = False) -> str:
    """The text of a part of a list; what a reader would take for something else is refused."""
    text = "" if value is None else text_of(value)
    if text != text.strip(" \t") or not (text or empty):
        raise ValueError(f"the header field {header.name} has an item that is empty, or starts or ends with a space")
    if any(delimiter in text for delimiter in delimiters):
        raise ValueError(f"the header field {header.name} has an item that holds what delimits items")
    return text
