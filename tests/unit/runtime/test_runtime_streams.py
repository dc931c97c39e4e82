"""Bytes cut into items: whatever the chunks, the items are the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime import records
from sadpath.runtime.records import (
    ChunkDecoder,
    Decoder,
    EventDecoder,
    LineDecoder,
    SequenceDecoder,
    ServerSentEvent,
    TooLong,
    write_record,
)
from sadpath.runtime.wire import parse_json


def decoded(make: Callable[[], Decoder], *chunks: bytes) -> list[Any]:
    decoder = make()
    found = [record for chunk in chunks for record in decoder.feed(chunk)]
    return [*found, *decoder.end()]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def events(data: bytes) -> list[ServerSentEvent]:
    return decoded(EventDecoder, data)


STREAM = (
    "\ufeffdata: one\r\ndata:two\r\n\r\n: a comment\revent: added\rid: 1\rdata: ☃\r\r"
    "retry: 250\n\ndata\n\nid: a\0b\ndata: x\n\ndata: never ended"
).encode()
EVENTS = [
    ServerSentEvent("one\ntwo"),
    ServerSentEvent("☃", "added", "1"),
    ServerSentEvent(""),
    ServerSentEvent("x"),
]


def test_server_sent_events_as_the_standard_reads_them() -> None:
    assert events(STREAM) == EVENTS
    decoder = EventDecoder()
    list(decoder.feed(STREAM))
    assert (decoder.last_event_id, decoder.retry) == ("1", 250)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("data: a\n\n", [ServerSentEvent("a")]),
        ("data:  a\n\n", [ServerSentEvent(" a")]),
        ("data\ndata\n\n", [ServerSentEvent("\n")]),
        ("event: x\n\n", []),
        ("event: x\n\ndata: a\n\n", [ServerSentEvent("a")]),
        ("data: a\n", []),
        ("retry: soon\ndata: a\n\n", [ServerSentEvent("a")]),
        ("unknown: x\ndata: a\n\n", [ServerSentEvent("a")]),
        ("DATA: x\ndata: a\n\n", [ServerSentEvent("a")]),
        ("data: a\u2028b\x0b\x85\n\n", [ServerSentEvent("a\u2028b\x0b\x85")]),
        ("id: 1\ndata: a\n\nid\ndata: b\n\n", [ServerSentEvent("a", id="1"), ServerSentEvent("b", id="")]),
    ],
)
def test_single_rules_of_the_standard(data: str, expected: list[ServerSentEvent]) -> None:
    assert events(data.encode()) == expected


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    assert events(b"data: \xff\n\n") == [ServerSentEvent("\ufffd")]


@given(st.lists(st.integers(0, 400), max_size=12))
def test_any_chunks_give_the_same_events(places: list[int]) -> None:
    assert decoded(EventDecoder, *cut(STREAM, places)) == EVENTS


SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
TREES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text("ab\n\r☃", max_size=2), SCALARS, max_size=3)


@pytest.mark.parametrize(
    ("form", "make"), [("lines", LineDecoder), ("sequence", SequenceDecoder), ("events", EventDecoder)]
)
@given(trees=st.lists(TREES, max_size=5), places=st.lists(st.integers(0, 10_000), max_size=8))
def test_what_is_written_is_read_again_in_any_chunks(
    form: str, make: Callable[[], Decoder], trees: list[Any], places: list[int]
) -> None:
    data = b"".join(write_record(form, tree) for tree in trees)
    found = decoded(make, *cut(data, places))
    assert [parse_json(one.data if isinstance(one, ServerSentEvent) else one) for one in found] == trees


@given(data=st.binary(max_size=300), places=st.lists(st.integers(0, 300), max_size=6))
@pytest.mark.parametrize("make", [LineDecoder, SequenceDecoder, EventDecoder])
def test_any_bytes_in_any_chunks_give_the_same_records(
    make: Callable[[], Decoder], data: bytes, places: list[int]
) -> None:
    assert decoded(make, *cut(data, places)) == decoded(make, data)


@given(data=st.binary(max_size=300), places=st.lists(st.integers(0, 300), max_size=6))
def test_chunks_of_bytes_are_not_changed(data: bytes, places: list[int]) -> None:
    assert b"".join(decoded(ChunkDecoder, *cut(data, places))) == data


def test_lines_may_be_empty_and_the_last_may_lack_its_end() -> None:
    assert decoded(LineDecoder, b"\n1\r\n\r\n 2 \n", b"3") == [b"1", b"2", b"3"]
    assert decoded(SequenceDecoder, b"\x1e1\n\x1e\x1e2\n\x1e3") == [b"1", b"2", b"3"]


@pytest.mark.parametrize("make", [LineDecoder, SequenceDecoder, EventDecoder])
def test_an_item_without_an_end_is_given_up(make: Callable[[], Decoder], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 1000)
    assert len(decoded(make, *[b"data: 1\n\n\x1e\n"] * 500)) >= 500
    with pytest.raises(TooLong, match="longer than 1000 bytes"):
        decoded(make, *[b"data: 1 "] * 500)


def test_whole_events_are_written_with_their_members() -> None:
    tree = {"event": "added", "id": "7", "retry": 5, "data": "a\r\nb\rc"}
    assert write_record("event_objects", tree) == b"event: added\nid: 7\nretry: 5\ndata: a\ndata: b\ndata: c\n\n"
    assert write_record("event_trees", {"data": {"n": Decimal("1.50")}}) == b'data: {"n":1.50}\n\n'
    assert events(write_record("event_objects", tree)) == [ServerSentEvent("a\nb\nc", "added", "7", 5)]


@pytest.mark.parametrize(
    "tree", [{"event": "a\nb", "data": ""}, {"id": "a\rb", "data": ""}, {"id": "a\0b", "data": ""}]
)
def test_members_of_an_event_do_not_break_out_of_their_line(tree: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="of an event is one line"):
        write_record("event_objects", tree)


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="made of bytes"):
        write_record("bytes", "text")
    with pytest.raises(TypeError, match="an event is an object"):
        write_record("event_objects", "text")
