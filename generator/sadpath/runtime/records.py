"""Cuts bytes into the records of a sequence, however they come in chunks: JSON Lines, JSON text sequences, server-sent events."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final, Literal, Protocol

from .frozen import dataclass
from .trees import is_mapping
from .wire import text_of, write_json

SequenceForm = Literal["lines", "sequence", "events"]

MAX_RECORD_BYTES: Final = 32 * 1024 * 1024
"""A longer record is given up, and the stream with it."""

_SEPARATOR: Final = b"\x1e"
_BOM: Final = "\ufeff"
_LINE_END: Final = re.compile("[\\r\\n]")


class TooLong(ValueError):
    """A record that does not end."""

    def __init__(self) -> None:
        super().__init__(f"an item is longer than {MAX_RECORD_BYTES} bytes")


class Decoder(Protocol):
    """Takes bytes as they come, and gives the records that are complete."""

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The records that the chunk completes."""
        ...

    def end(self) -> Iterator[Any]:
        """The record that the end of the bytes completes."""
        ...


class ChunkDecoder:
    """Every chunk is a record: bytes as they come."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if chunk:
            yield chunk

    def end(self) -> Iterator[bytes]:
        yield from ()


class _Delimited:
    """Records that one byte ends; the last one may lack it."""

    delimiter = b"\n"

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *complete, rest = chunk.split(self.delimiter)
        for piece in complete:
            yield from self._record(piece)
        if rest:
            self._kept.append(rest)
            self._size += len(rest)
        if self._size > MAX_RECORD_BYTES:
            raise TooLong

    def end(self) -> Iterator[bytes]:
        yield from self._record(b"")

    def _record(self, last: bytes) -> Iterator[bytes]:
        record = b"".join([*self._kept, last]).strip(b" \t\r\n")
        self._kept, self._size = [], 0
        if record:
            yield record


class LineDecoder(_Delimited):
    """JSON Lines: a record for each line; empty lines are none."""


class SequenceDecoder(_Delimited):
    """JSON text sequences (RFC 7464): a record after each record separator."""

    delimiter = _SEPARATOR


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event as it came; `id` and `retry` (milliseconds) are None where the event does not have them."""

    data: str
    event: str | None = None
    id: str | None = None
    retry: int | None = None


class EventDecoder:
    """Server-sent events as the WHATWG's HTML standard reads them (section 9.2.6); comments are none."""

    def __init__(self) -> None:
        self.last_event_id = ""
        self.retry: int | None = None
        """Milliseconds to wait before asking again, as the server last said."""
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._line: list[str] = []
        self._size = 0
        self._started = False
        self._after_return = False
        self._fields: dict[str, Any] = {}
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        text = self._text.decode(chunk)
        if text and not self._started:
            self._started = True
            text = text.removeprefix(_BOM)
        start = 0
        for found in _LINE_END.finditer(text):
            place = found.start()
            # The line feed of a CRLF ends no line of its own, even where it comes in another chunk.
            follows = text[place - 1] == "\r" if place else self._after_return
            if text[place] == "\r" or not follows:
                self._line.append(text[start:place])
                yield from self._ended()
            start = place + 1
        self._line.append(text[start:])
        self._size += len(text) - start
        if text:
            self._after_return = text[-1] == "\r"
        if self._size > MAX_RECORD_BYTES:
            raise TooLong

    def end(self) -> Iterator[ServerSentEvent]:
        """None: an event that no empty line ends is discarded, as the standard says."""
        yield from ()

    def _ended(self) -> Iterator[ServerSentEvent]:
        line = "".join(self._line)
        self._line = []
        if line:
            self._size += len(line)
            self._take(line)
            return
        self._size = 0
        if "id" in self._fields:
            self.last_event_id = self._fields["id"]
        if self._data:
            yield ServerSentEvent("\n".join(self._data), **self._fields)
        self._fields, self._data = {}, []

    def _take(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event" and value:
            self._fields["event"] = value
        elif name == "id" and "\0" not in value:
            self._fields["id"] = value
        elif name == "retry" and value.isascii() and value.isdigit() and len(value) < 16:
            self._fields["retry"] = self.retry = int(value)


def write_record(form: str, tree: Any) -> bytes:
    """The bytes of one record; `form` is one of `StreamForm` or of `SequenceForm`. Raises ValueError and TypeError."""
    if form == "bytes":
        return _raw(tree)
    if form == "lines":
        return write_json(tree) + b"\n"
    if form == "sequence":
        return _SEPARATOR + write_json(tree) + b"\n"
    if form == "events":
        return _event({"data": write_json(tree).decode("utf-8")})
    if form == "event_texts":
        return _event({"data": tree})
    if not is_mapping(tree):
        raise TypeError("an event is an object")
    data = tree.get("data")
    is_json = form == "event_trees" and data is not None
    return _event({**tree, "data": write_json(data).decode("utf-8") if is_json else data})


def _raw(chunk: Any) -> bytes:
    if not isinstance(chunk, bytes):
        raise TypeError("a stream of bytes is made of bytes")
    return chunk


def _event(tree: dict[str, Any]) -> bytes:
    lines: list[str] = []
    for name in ("event", "id", "retry"):
        if tree.get(name) is not None:
            lines.append(f"{name}: {_one_line(name, text_of(tree[name]))}")
    if tree.get("data") is not None:
        text = text_of(tree["data"]).replace("\r\n", "\n").replace("\r", "\n")
        lines += [f"data: {line}" for line in text.split("\n")]
    return ("\n".join(lines) + "\n\n").encode("utf-8", "backslashreplace")


def _one_line(name: str, text: str) -> str:
    if any(character in text for character in "\r\n\0"):
        raise ValueError(f"the {name} of an event is one line")
    return text
