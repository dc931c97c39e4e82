"""Sends answers whose bodies are made while they are sent: items of an iterator, sync or async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from .replies import StreamedAnswer


async def streaming_response(streamed: StreamedAnswer, method: str) -> Response:
    """The response, its first item made already: what fails until then is answered as any failure is."""
    records = _records(streamed)
    first = await anext(records, None)
    if method == "HEAD":
        await cast("Any", records).aclose()
        return _with_head(Response(), streamed)
    return _with_head(StreamingResponse(_joined(first, records)), streamed)


def _with_head(response: Response, streamed: StreamedAnswer) -> Response:
    response.status_code = streamed.answer.status
    response.raw_headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in streamed.answer.headers.lines
    ]
    return response


async def _joined(first: bytes | None, records: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        if first is not None:
            yield first
        async for record in records:
            yield record
    finally:
        await cast("Any", records).aclose()


async def _records(streamed: StreamedAnswer) -> AsyncIterator[bytes]:
    items = streamed.items
    try:
        async for item in items if isinstance(items, AsyncIterator) else iterate_in_threadpool(items):
            yield streamed.record(item)
    finally:
        await _closed(items)


async def _closed(items: Iterator[Any] | AsyncIterator[Any]) -> None:
    """Whoever makes the items learns that nobody takes any more."""
    if hasattr(items, "aclose"):
        await cast("Any", items).aclose()
    elif hasattr(items, "close"):
        cast("Any", items).close()
