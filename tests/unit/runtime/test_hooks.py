"""Hooks: what they are told can be counted, a log holds what it should, and a broken hook breaks no call."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import pytest

from sadpath.runtime.hooks import AttemptEvent, CallEvent, Hooks, LogHooks, Several, told
from sadpath.runtime.phases import Outcome, Phase

KEY = "8d7c0f0e-5a4e-4a5e-9d57-4f8a3c1d2e3f"
COMMON: dict[str, Any] = {"api": "shop", "operation": "createPayment", "idempotency_key": KEY}
UNKNOWN: dict[str, Any] = {"error": "answer_lost", "category": None, "outcome": Outcome.UNKNOWN, "status": None}
GOOD: dict[str, Any] = {"error": None, "category": None, "outcome": None, "status": 200}
WELL = AttemptEvent(**COMMON, **GOOD, attempt=1, phase=None, duration=0.25, wait=None)
BROKEN = AttemptEvent(
    **COMMON,
    status=500,
    error="internal",
    category="internal",
    outcome=Outcome.UNKNOWN,
    attempt=2,
    phase=None,
    duration=0.1234,
    wait=1.5,
)
LOST = AttemptEvent(**COMMON, **UNKNOWN, attempt=3, phase=Phase.SENT, duration=30.0, wait=None, purpose="resolve")
DONE = CallEvent(**COMMON, **GOOD, attempts=1, duration=0.25)
REFUSED = CallEvent(
    **COMMON,
    status=402,
    error="declined",
    category="declined",
    outcome=Outcome.REJECTED,
    attempts=1,
    duration=0.5,
    support_reference="ref-1",
)
OPEN = CallEvent(**COMMON, **UNKNOWN, attempts=3, duration=31.0, purpose="resolve")


class Broken(Hooks):
    def attempt(self, event: AttemptEvent) -> None:
        raise RuntimeError("no room left")

    def call(self, event: CallEvent) -> None:
        raise KeyError(event.operation)


class Heard(Hooks):
    def __init__(self) -> None:
        self.events: list[AttemptEvent | CallEvent] = []

    def attempt(self, event: AttemptEvent) -> None:
        self.events.append(event)

    def call(self, event: CallEvent) -> None:
        self.events.append(event)


def lines(caplog: pytest.LogCaptureFixture, *events: AttemptEvent | CallEvent) -> list[tuple[int, str]]:
    logger = logging.getLogger("test.hooks")
    with caplog.at_level(logging.DEBUG, "test.hooks"):
        for event in events:
            told(LogHooks(logger), event)
    return [(record.levelno, record.getMessage()) for record in caplog.records]


def test_labels_of_an_attempt() -> None:
    assert BROKEN.labels == {
        "api": "shop",
        "operation": "createPayment",
        "purpose": "call",
        "status": "5xx",
        "error": "internal",
        "category": "internal",
        "outcome": "unknown",
        "phase": "none",
        "repeated": "yes",
    }
    assert LOST.labels["status"] == "none" and LOST.labels["phase"] == "sent" and LOST.labels["repeated"] == "no"
    assert WELL.labels["status"] == "2xx" and {WELL.labels[name] for name in ("error", "category", "outcome")} == {
        "none"
    }


def test_labels_of_a_call() -> None:
    assert REFUSED.labels == {
        "api": "shop",
        "operation": "createPayment",
        "purpose": "call",
        "status": "4xx",
        "error": "declined",
        "category": "declined",
        "outcome": "rejected",
        "repeated": "no",
    }
    assert OPEN.labels["repeated"] == "yes"


@pytest.mark.parametrize(
    ("status", "label"), [(99, "other"), (100, "1xx"), (599, "5xx"), (600, "other"), (-1, "other")]
)
def test_a_status_that_is_none_makes_no_label_of_its_own(status: int, label: str) -> None:
    assert dataclasses.replace(DONE, status=status).labels["status"] == label


def test_labels_hold_nothing_of_a_single_call() -> None:
    for event in (WELL, BROKEN, LOST, DONE, REFUSED, OPEN):
        assert not {KEY, "ref-1"} & set(event.labels.values())


def test_events_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        DONE.attempts = 2  # type: ignore[misc]


def test_a_log_says_what_happened_on_the_level_that_it_deserves(caplog: pytest.LogCaptureFixture) -> None:
    repeated = dataclasses.replace(DONE, attempts=2)
    assert lines(caplog, WELL, BROKEN, LOST, DONE, repeated, REFUSED, OPEN) == [
        (logging.DEBUG, f"shop createPayment: attempt 1: 200, key {KEY}, took 0.250 s"),
        (
            logging.INFO,
            f"shop createPayment: attempt 2: 500 internal, outcome unknown, key {KEY}, took 0.123 s, next in 1.500 s",
        ),
        (
            logging.INFO,
            "shop createPayment: attempt 3 (resolve): no answer answer_lost, outcome unknown, phase sent, "
            f"key {KEY}, took 30.000 s",
        ),
        (logging.DEBUG, f"shop createPayment: 1 attempt: 200, key {KEY}, took 0.250 s"),
        (logging.INFO, f"shop createPayment: 2 attempts: 200, key {KEY}, took 0.250 s"),
        (
            logging.WARNING,
            f"shop createPayment: 1 attempt: 402 declined, outcome rejected, key {KEY}, support reference ref-1, "
            "took 0.500 s",
        ),
        (
            logging.ERROR,
            f"shop createPayment: 3 attempts (resolve): no answer answer_lost, outcome unknown, key {KEY}, took 31.000 s",
        ),
    ]


def test_a_log_line_stays_one_line_without_card_numbers(caplog: pytest.LogCaptureFixture) -> None:
    hostile = dataclasses.replace(REFUSED, support_reference="a\nERROR\x1b[31m\u202e 4111 1111 1111 1111" + "x" * 999)
    [(_, line)] = lines(caplog, hostile)
    assert line.isprintable() and "4111" not in line.replace("************1111", "") and len(line) < 400
    assert "support reference a ERROR[31m" in line and line.endswith("took 0.500 s")


def test_what_is_not_logged_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "test.hooks"):
        hooks = LogHooks(logging.getLogger("test.hooks"))
        for event in (WELL, BROKEN, REFUSED, OPEN):
            told(hooks, event)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_without_a_logger_that_of_the_package_is_used() -> None:
    assert LogHooks().logger.name == "sadpath.runtime"


def test_hooks_do_nothing_on_their_own(caplog: pytest.LogCaptureFixture) -> None:
    told(Hooks(), BROKEN)
    told(Hooks(), OPEN)
    assert not caplog.records


@pytest.mark.parametrize("event", [BROKEN, OPEN])
def test_a_broken_hook_is_logged_and_keeps_nothing_from_the_others(
    event: AttemptEvent | CallEvent, caplog: pytest.LogCaptureFixture
) -> None:
    first, last = Heard(), Heard()
    told(Several(first, Broken(), last), event)
    assert first.events == last.events == [event]
    [record] = caplog.records
    assert (record.name, record.levelno) == ("sadpath.runtime", logging.WARNING)
    assert record.getMessage() == "Broken failed, the call goes on" and record.exc_info is not None


def test_a_logger_that_fails_as_well_breaks_nothing() -> None:
    def refuse(record: logging.LogRecord) -> bool:
        raise RuntimeError("no filter")

    logger = logging.getLogger("sadpath.runtime")
    logger.addFilter(refuse)
    try:
        told(Broken(), BROKEN)
        told(LogHooks(), OPEN)
    finally:
        logger.removeFilter(refuse)


def test_what_is_no_failure_of_the_hook_is_not_held_back() -> None:
    class Impatient(Hooks):
        def call(self, event: CallEvent) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        told(Several(Impatient()), DONE)
