"""Whatever a network does: nothing is executed twice, no failure is reported of what was executed, and no time limit is missed."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import replace
from typing import Any, cast

import pytest
from properties.ledger import APPLICATIONS, play
from properties.ledger_clock import DAY
from properties.ledger_faults import KINDS

from payments._runtime import attempts, conversation
from payments._runtime.contract import IdempotencyScheme, Phase
from payments._runtime.request import HttpRequest, Outgoing, TransportFailure
from payments.yookassa.errors import REGISTRY

HISTORIES = 20_000 if os.environ.get("SADPATH_PROOF") == "1" else 250


@pytest.mark.parametrize("api", APPLICATIONS)
def test_no_history_ends_badly(api: str) -> None:
    figures = play(APPLICATIONS[api], HISTORIES)
    print(json.dumps({api: figures.tree()}, indent=2))
    assert figures.executed_twice == 0 and figures.told_wrong == 0
    assert figures.histories >= HISTORIES and figures.requests > figures.calls > figures.intents
    assert set(figures.faults) == set(KINDS)
    assert min(figures.unknown, figures.resolved, figures.succeeded, figures.failed, figures.crashes) > HISTORIES / 20


def _hide_the_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts.Attempts, "final", lambda self, failure: failure)


def _take_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Outgoing.signed

    def signed(self: Outgoing, authorization: Any) -> HttpRequest:
        request = made(self, authorization)
        lines = ((name, str(uuid.uuid4()) if name == "Idempotence-Key" else value) for name, value in request.headers)
        return replace(request, headers=tuple(lines))

    monkeypatch.setattr(Outgoing, "signed", signed)


def _forget_the_retention(monkeypatch: pytest.MonkeyPatch) -> None:
    schemes = cast("dict[str, IdempotencyScheme]", REGISTRY.api.idempotency)
    monkeypatch.setitem(schemes, "key", replace(schemes["key"], retention=400 * DAY))


def _believe_every_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "settles", lambda *_: True)


def _take_a_reset_for_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    made = TransportFailure.__init__

    def init(self: TransportFailure, phase: Phase, reason: str, **others: Any) -> None:
        made(self, Phase.NOT_CONNECTED, reason, **others)

    monkeypatch.setattr(TransportFailure, "__init__", init)


def _ignore_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_times", lambda attempts: (attempts.exchange.timeout, attempts.left))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_hide_the_doubt, "is told to have failed"),
        (_take_another_key, "executed twice"),
        (_forget_the_retention, "forgotten"),
        (_believe_every_refusal, "is told to have failed"),
        (_take_a_reset_for_no_connection, "is told to have failed"),
        (_ignore_the_deadline, "the deadline was missed"),
    ],
)
def test_a_client_that_breaks_a_promise_is_caught(damage: Any, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(monkeypatch)
    with pytest.raises(AssertionError, match=told):
        play(APPLICATIONS["yookassa"], 1000, shorten=False)
