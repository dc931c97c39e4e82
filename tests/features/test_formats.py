"""Texts of a format that Python has a type for are that type, and are written as the format has it."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from behaviour.reading import noted, received
from pydantic import ValidationError

from features._runtime.durations import Duration
from features.formats.models import Formats


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("day", date(2024, 2, 29), "2024-02-29"),
        ("at", datetime(2024, 2, 29, 12, tzinfo=timezone.utc), "2024-02-29T12:00:00Z"),
        ("clock", time(23, 59, 1, tzinfo=timezone.utc), "23:59:01Z"),
        ("clock", time(1, 2, 3, 500000, tzinfo=timezone(timedelta(hours=3))), "01:02:03.500000+03:00"),
        ("wait", timedelta(minutes=1, seconds=30), "PT90S"),
        ("id", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("data", b"\xfb\xff\x01", "+/8B"),
        ("encoded", b"a", "YQ=="),
        ("linked", b"\xfb\xff\x01a", "-_8BYQ=="),
        ("hex", b"\xfb\x01", "FB01"),
        ("amount", Decimal("10.00"), "10.00"),
        ("mail", "no mail", "no mail"),
        ("link", "x", "x"),
        ("host", "x", "x"),
        ("address", "x", "x"),
        ("unknown", "x", "x"),
        ("document", '{"a": 1}', '{"a": 1}'),
    ],
)
def test_a_value_goes_both_ways(name: str, value: Any, text: str) -> None:
    assert Formats(**{name: value}).to_wire() == {name: text}
    for model in (Formats.from_wire({name: text}), received(Formats, {name: text})):
        assert getattr(model, name) == value and model.to_wire() == {name: text} and not model.violations


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day", "2023-02-29"),
        ("day", "20240229"),
        ("at", "yesterday"),
        ("clock", "25:00:00Z"),
        ("clock", "noon"),
        ("wait", "1 day"),
        ("wait", "P"),
        ("wait", "PT"),
        ("wait", "P999999999999Y"),
        ("id", "1"),
        ("data", "*"),
        ("hex", "F"),
        ("amount", "1,00"),
        ("amount", "NaN"),
    ],
)
def test_text_of_another_form_is_refused_by_a_server_and_noted_in_an_answer(name: str, text: str) -> None:
    with pytest.raises(ValidationError, match=name):
        received(Formats, {name: text})
    answer = Formats.from_wire({name: text})
    assert [place for place, _ in noted(answer)] == [f"/{name}"] and answer.violations[0].value == text


@pytest.mark.parametrize("name", ["day", "at", "clock", "wait", "id", "data", "linked", "hex"])
def test_the_constructor_takes_the_type_and_no_text(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Formats(**{name: "2024-02-29"})


@pytest.mark.parametrize("text", ["-_8B", "+/8B", "YQ", "YQ=="])
def test_base64_is_read_in_both_alphabets_with_and_without_padding(text: str) -> None:
    assert Formats.from_wire({"data": text}).data == Formats.from_wire({"linked": text}).linked


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("P1Y2M3DT4H5M6.5S", 365 * 86400 + 2 * 30 * 86400 + 3 * 86400 + 4 * 3600 + 5 * 60 + 6.5),
        ("P2W", 14 * 86400),
        ("-PT1M", -60),
        ("PT0S", 0),
        ("P0.5D", 43200),
    ],
)
def test_a_duration_counts_and_keeps_its_text(text: str, seconds: float) -> None:
    wait = Formats.from_wire({"wait": text}).wait
    assert isinstance(wait, Duration) and wait.total_seconds() == seconds and wait.text == text
    assert Formats(wait=wait).to_wire() == {"wait": text}
    for other in (copy.deepcopy(wait), pickle.loads(pickle.dumps(wait))):
        assert other == wait and other.text == text


def test_a_password_is_sent_and_not_shown() -> None:
    built = Formats(secret="hunter2")
    assert built.to_wire() == {"secret": "hunter2"}
    assert "hunter2" not in repr(built) and "hunter2" not in str(built)
