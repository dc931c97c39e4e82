"""Answers that are taken item by item while they come: iterators, sync and async, over one pure reader of items."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from pydantic import ValidationError

from .contract import StreamForm, Success
from .conversion import decode
from .exchange import Exchange
from .headers import Headers
from .records import ChunkDecoder, Decoder, EventDecoder, LineDecoder, SequenceDecoder, ServerSentEvent, TooLong
from .request import TransportFailure
from .wire import JsonError, parse_json

if TYPE_CHECKING:
    from .errors import ApiError
    from .transport import AsyncOpened, SyncOpened

I = TypeVar("I")  # noqa: E741

_DECODERS: Final[dict[StreamForm, Callable[[], Decoder]]] = {
    "bytes": ChunkDecoder,
    "lines": LineDecoder,
    "sequence": SequenceDecoder,
    "events": EventDecoder,
    "event_texts": EventDecoder,
    "event_objects": EventDecoder,
    "event_trees": EventDecoder,
}


class _Items:
    """The items of one stream, from chunks of bytes; without any input or output."""

    def __init__(self, exchange: Exchange[Any], success: Success, status: int, headers: Headers) -> None:
        self.exchange = exchange
        self.form: StreamForm = success.stream or "bytes"
        self.type = success.type
        self.status = status
        self.headers = headers
        self.decoder = _DECODERS[self.form]()
        self.problem: ApiError | None = None
        """What ends the stream after the items that are still waiting."""
        self._waiting: deque[Any] = deque()

    def feed(self, chunk: bytes) -> None:
        try:
            self._waiting.extend(self.decoder.feed(chunk))
        except TooLong as error:
            self.problem = self._unreadable(b"", str(error))

    def end(self) -> None:
        self._waiting.extend(self.decoder.end())

    def broken(self, failure: TransportFailure) -> None:
        """What was complete before the stream broke off is still given."""
        self.problem = self.exchange.stream_lost(self.status, self.headers, failure)
        self.problem.__cause__ = failure.__cause__

    @property
    def has_next(self) -> bool:
        return bool(self._waiting)

    def next(self) -> Any:
        """The next item; raises the API's `Unreadable` for one that cannot be read, after which the others can be had."""
        record = self._waiting.popleft()
        if self.form == "bytes":
            return record
        data = record.data.encode("utf-8", "replace") if isinstance(record, ServerSentEvent) else record
        try:
            return decode(self.type, self._tree(record))
        except JsonError as error:
            raise self._unreadable(data, f"an item of the stream is {error}") from None
        except ValidationError as error:
            problem = self._unreadable(data, "an item of the stream is not what the contract describes")
            raise problem from error
        except ValueError:
            raise self._unreadable(data, "an item of the stream cannot be read") from None

    def _tree(self, record: Any) -> Any:
        if not isinstance(record, ServerSentEvent):
            return parse_json(record, charset="utf-8")
        if self.form == "events":
            return parse_json(record.data)
        if self.form == "event_texts":
            return record.data
        members = {"event": record.event, "id": record.id, "retry": record.retry}
        data = _tree_or_text(record.data) if self.form == "event_trees" else record.data
        return {"data": data, **{name: value for name, value in members.items() if value is not None}}

    def _unreadable(self, data: bytes, reason: str) -> ApiError:
        return self.exchange.unreadable_item(self.status, self.headers, data, reason)


def items_of(exchange: Exchange[Any], opened: SyncOpened | AsyncOpened) -> _Items:
    """The items of an answer that is a stream; raises TypeError for any other."""
    success = exchange.stream_of(opened.status, opened.headers)
    if success is None:
        raise TypeError("the answer is no stream")
    return _Items(exchange, success, opened.status, opened.headers)


def _tree_or_text(data: str) -> Any:
    """Events of one stream may differ: what is no JSON is text, for the contract to allow or not."""
    try:
        return parse_json(data)
    except JsonError:
        return data


class _Stream(Generic[I]):
    """What both kinds of stream share."""

    def __init__(self, items: _Items) -> None:
        self._items = items
        self._ended = False
        self.status = items.status
        self.headers = items.headers

    @property
    def last_event_id(self) -> str:
        """Of server-sent events: the id to ask on from with the header field `Last-Event-ID`; empty where there is none."""
        decoder = self._items.decoder
        return decoder.last_event_id if isinstance(decoder, EventDecoder) else ""

    @property
    def retry(self) -> int | None:
        """Of server-sent events: the milliseconds to wait before asking again, where the server said so."""
        decoder = self._items.decoder
        return decoder.retry if isinstance(decoder, EventDecoder) else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status})"


class Stream(_Stream[I]):
    """The items of an answer, as they come. Close it, or use it in a `with`, unless it is read to its end.

    Iterating raises the API's `Unreadable` for an item that cannot be read (iterating on gives the items after it) and its
    `AnswerLost` where the stream breaks off.
    """

    def __init__(self, exchange: Exchange[Any], opened: SyncOpened) -> None:
        super().__init__(items_of(exchange, opened))
        self._opened = opened

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> I:
        items = self._items
        while not items.has_next and not self._ended:
            self._take()
        if items.has_next:
            item: I = items.next()
            return item
        if items.problem is not None:
            problem, items.problem = items.problem, None
            raise problem
        raise StopIteration

    def _take(self) -> None:
        items = self._items
        try:
            chunk = self._opened.chunk()
            if chunk is None:
                items.end()
            else:
                items.feed(chunk)
        except TransportFailure as failure:
            items.broken(failure)
            chunk = None
        except BaseException as interruption:
            self.close()
            interruption.add_note(items.exchange.note)
            raise
        if chunk is None or items.problem is not None:
            self.close()

    def close(self) -> None:
        """Give up the rest, and the connection."""
        self._ended = True
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncStream(_Stream[I]):
    """As `Stream`, for `async for` and `async with`."""

    def __init__(self, exchange: Exchange[Any], opened: AsyncOpened) -> None:
        super().__init__(items_of(exchange, opened))
        self._opened = opened

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> I:
        items = self._items
        while not items.has_next and not self._ended:
            await self._take()
        if items.has_next:
            item: I = items.next()
            return item
        if items.problem is not None:
            problem, items.problem = items.problem, None
            raise problem
        raise StopAsyncIteration

    async def _take(self) -> None:
        items = self._items
        try:
            chunk = await self._opened.chunk()
            if chunk is None:
                items.end()
            else:
                items.feed(chunk)
        except TransportFailure as failure:
            items.broken(failure)
            chunk = None
        except BaseException as interruption:
            await self.close()
            interruption.add_note(items.exchange.note)
            raise
        if chunk is None or items.problem is not None:
            await self.close()

    async def close(self) -> None:
        """Give up the rest, and the connection."""
        self._ended = True
        await self._opened.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
