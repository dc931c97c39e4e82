"""Bodies that are read while they are sent: whoever reads one file at the same time as another call is refused."""

from __future__ import annotations

import asyncio
import io

import pytest

from sadpath.runtime.uploads import Payload, payload_of


def payload() -> Payload:
    made = payload_of([b"head", io.BytesIO(b"abc"), b"tail"])
    assert isinstance(made, Payload)
    return made


def test_two_who_read_one_file_at_once_are_refused() -> None:
    content = payload()
    first = content.chunks()
    assert next(first) == b"head"
    with pytest.raises(RuntimeError, match="another call"):
        next(content.chunks())
    assert b"".join(first) == b"abctail"
    assert b"".join(content.chunks()) == b"headabctail"


def test_two_tasks_that_read_one_file_at_once_are_refused() -> None:
    async def run() -> bytes:
        content = payload()
        first = content.achunks()
        assert await anext(first) == b"head"
        with pytest.raises(RuntimeError, match="another call"):
            await anext(content.achunks())
        return b"".join([chunk async for chunk in first])

    assert asyncio.run(run()) == b"abctail"


def test_who_stops_reading_lets_others_read() -> None:
    content = payload()
    first = content.chunks()
    assert next(first) == b"head"
    # A generator that nobody holds is closed.
    del first
    assert b"".join(content.chunks()) == b"headabctail"


def test_what_can_be_read_but_once_is_not_looked_at() -> None:
    content = payload_of([iter([b"abc"])])
    assert isinstance(content, Payload) and content.rewound() is None
    assert b"".join(content.chunks()) == b"abc"
