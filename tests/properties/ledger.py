"""Histories of an application that pays over a bad network: whatever fails, nothing is executed twice, and nobody is told a lie.

`python -m properties.ledger 20000` plays so many histories of each API and prints the figures.
"""

from __future__ import annotations

import json
import sys
import unittest.mock
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import httpx2
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from properties.ledger_applications import Application, KeyedApplication, Method, WalletApplication
from properties.ledger_clock import DAY, Clock, written_time
from properties.ledger_faults import PLANS, Crash, Fault, Wire
from properties.ledger_server import Bank, intent_of, payment_id
from properties.ledger_watch import Watch

from payments._runtime import request
from payments._runtime.budget import RetryBudget
from payments._runtime.calls import UNSET, CallOptions
from payments._runtime.errors import ApiError
from payments._runtime.outcomes import OutcomeUnknown
from payments._runtime.phases import Outcome

STEPS: Final = 8
READ: Final = 4
WAITS: Final = st.sampled_from((0.0, 0.0, 1.0, 60.0, 60.0, 600.0, 600.0, 3600.0, DAY - 7200.0, DAY - 120.0, DAY))
MILDER: Final = st.just([]) | PLANS
PATIENCE: Final = st.sampled_from((None, 10.0, 120.0))
DEADLINES: Final = (60.0, 5.0, 900.0, None)


@dataclass
class Figures:
    """What was played."""

    histories: int = 0
    intents: int = 0
    calls: int = 0
    reads: int = 0
    requests: int = 0
    crashes: int = 0
    succeeded: int = 0
    failed: int = 0
    unknown: int = 0
    """Calls that ended with an unknown outcome."""
    pending: int = 0
    processed: int = 0
    """Calls that told of a success that could not be read."""
    resolutions: int = 0
    resolved: int = 0
    unresolved: Counter[str] = field(default_factory=Counter[str])
    executed_twice: int = 0
    told_wrong: int = 0
    """Failures that were reported of something executed, and successes of something that was not."""
    faults: Counter[str] = field(default_factory=Counter[str])

    def tree(self) -> dict[str, Any]:
        """The figures as plain data, the faults by how often they were met."""
        plain = {name: value for name, value in vars(self).items() if not isinstance(value, Counter)}
        return {**plain, "unresolved": dict(self.unresolved.most_common()), "faults": dict(self.faults.most_common())}


@dataclass
class Intent:
    """What the application wants once, and what it has stored about it; `error` is lost in a crash."""

    number: int
    method: Method
    key: str | None
    first: float
    process: int
    """The one that asked first."""
    state: str = "open"
    token: str | None = None
    error: ApiError | None = None

    @property
    def is_open(self) -> bool:
        """Whether the application does not know yet what became of it."""
        return self.state == "open"

    @property
    def is_resolvable(self) -> bool:
        """Whether it can still be found out, or the answer of what was executed be had once more."""
        return self.state in ("open", "unreadable")


class Ledger(RuleBasedStateMachine):
    """One application, one API, one bad network."""

    figures: ClassVar[Figures]
    application: ClassVar[Application]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.bank = Bank(self.clock, self.application.dialect)
        self.wire = Wire(self.clock, self.bank, self.figures.faults)
        self.intents: list[Intent] = []
        self.processes = 0
        self.figures.histories += 1

    @initialize(
        generous=st.booleans(),
        deadline=st.sampled_from(DEADLINES),
        chance=st.sampled_from((0.0, 0.5, 0.999)),
        plan=PLANS,
        own_key=st.booleans(),
        kind=st.integers(0, 3),
    )
    def start(  # noqa: PLR0913 what differs from one history to the next
        self, generous: bool, deadline: float | None, chance: float, plan: list[Fault], own_key: bool, kind: int
    ) -> None:
        """The application starts, and asks for something."""
        self.generous, self.deadline, self.clock.chance = generous, deadline, chance
        self._restart()
        self.begin(plan, own_key, kind)

    def _restart(self) -> None:
        self.processes += 1
        self.watch = Watch(self.clock)
        self.client = self.application.client(
            http_client=httpx2.Client(transport=self.wire, trust_env=False),
            environment=self.clock.environment(),
            deadline=self.deadline,
            hooks=self.watch,
            budget=RetryBudget(1e6) if self.generous else RetryBudget(),
        )

    @rule(plan=PLANS, own_key=st.booleans(), kind=st.integers(0, 4))
    def begin(self, plan: list[Fault], own_key: bool, kind: int) -> None:
        """Something new is to be paid, or the last payment is read before."""
        if kind == READ and not self.application.has_natural_key:
            self._read(self.intents[-1], plan)
        number = len(self.intents) + 1
        method, key = self.application.method(kind), self.application.key(number) if own_key else None
        intent = Intent(number, method, key, self.clock.seconds, self.processes)
        self.intents.append(intent)
        self.figures.intents += 1
        self._call(intent, plan, settling=True)

    @precondition(lambda self: self._again())
    @rule(plan=PLANS, which=st.integers(0, 9), crashed=st.booleans(), wait=WAITS)
    def again(self, plan: list[Fault], which: int, crashed: bool, wait: float) -> None:
        """The application makes the same call again, now or later, under the same key, which it knows to be young enough."""
        self.clock.pass_by(wait)
        candidates = self._again()
        if crashed:
            self._crashed()
        if candidates:
            self._call(candidates[which % len(candidates)], plan, settling=False)

    def _again(self) -> list[Intent]:
        return [
            intent
            for intent in self.intents
            if intent.is_open
            and (intent.key is not None or self.application.has_natural_key)
            and not self._is_forgotten(intent, margin=3600.0)
        ]

    def _call(self, intent: Intent, plan: list[Fault], *, settling: bool) -> None:
        def call() -> Any:
            return self._bound(intent)(**intent.method.arguments(intent.number), **self.application.keyed(intent.key))

        self._perform(intent, plan, call, self.deadline, settling=settling)

    @precondition(lambda self: any(intent.is_resolvable and intent.error for intent in self.intents))
    @rule(plan=MILDER, which=st.integers(0, 9), deadline=PATIENCE, generic=st.booleans(), wait=WAITS)
    def resolve(self, plan: list[Fault], which: int, deadline: float | None, generic: bool, wait: float) -> None:
        """The process that met the failure finds out, now or later."""
        self.clock.pass_by(wait)
        candidates = [intent for intent in self.intents if intent.is_resolvable and intent.error is not None]
        intent = candidates[which % len(candidates)]
        resolver = self.client if generic else self._bound(intent)
        token = str(intent.error.resume_token)
        if self._is_careful(intent, token):
            self._resolved(intent, plan, lambda: resolver.resolve(intent.error, deadline=deadline), deadline)

    @precondition(lambda self: any(intent.is_resolvable and intent.token for intent in self.intents))
    @rule(plan=MILDER, which=st.integers(0, 9), deadline=PATIENCE, crashed=st.booleans(), wait=WAITS)
    def resume(self, plan: list[Fault], which: int, deadline: float | None, crashed: bool, wait: float) -> None:
        """Whoever has the token finds out, in this process or in the next one, now or later."""
        self.clock.pass_by(wait)
        if crashed:
            self._crashed()
        candidates = [intent for intent in self.intents if intent.is_resolvable and intent.token is not None]
        intent = candidates[which % len(candidates)]
        self._confuse(intent)
        arguments = intent.method.arguments(intent.number)
        options = CallOptions(deadline=UNSET if deadline is None else deadline)
        bound = self._bound(intent)
        if self._is_careful(intent, intent.token):
            self._resolved(intent, plan, lambda: bound.resume(intent.token, **arguments, options=options), deadline)

    def _read(self, intent: Intent, plan: list[Fault]) -> None:
        """Reading changes nothing, so that no failure of it leaves anything open."""
        writes = len(self.wire.tried)
        self.wire.plan = list(plan)
        try:
            found = self.client.payments.get(payment_id=payment_id(intent.number))
        except Crash:
            self._crashed()
        except ApiError as error:
            assert error.outcome not in (Outcome.UNKNOWN, Outcome.PENDING)
        else:
            assert intent_of(found.id) == intent.number
        assert len(self.wire.tried) == writes, "something was written by reading"
        self.figures.reads += 1

    def _confuse(self, intent: Intent) -> None:
        """The token is given for another request: nothing may be sent."""
        requests = self.wire.requests
        try:
            self._bound(intent).resume(intent.token, **intent.method.arguments(intent.number + 1000))
        except ValueError:
            assert self.wire.requests == requests
        else:
            raise AssertionError("a token was taken for another request")

    def _bound(self, intent: Intent) -> Any:
        return getattr(getattr(self.client, intent.method.resource), intent.method.name)

    def _resolved(self, intent: Intent, plan: list[Fault], call: Callable[[], Any], deadline: float | None) -> None:
        self.figures.resolutions += 1
        over, state, requests = self._is_forgotten(intent), intent.state, self.wire.requests
        self._perform(intent, plan, call, deadline, settling=True)
        if over:
            assert intent.state == state and self.wire.requests == requests, "repeated after the key was forgotten"

    def _is_careful(self, intent: Intent, token: str) -> bool:
        """A token knows the attempts of its own call, a process its own calls: of others the application itself must know."""
        knows_first = f'"first_sent":"{written_time(intent.first)}' in token
        return knows_first or intent.process == self.processes or not self._is_forgotten(intent, margin=3600.0)

    def _is_forgotten(self, intent: Intent, margin: float = 0.0) -> bool:
        retention = self.bank.dialect.retention
        return retention is not None and self.clock.seconds - intent.first >= retention - margin

    def _crashed(self) -> None:
        self.figures.crashes += 1
        for intent in self.intents:
            intent.error = None
        self._restart()

    def _perform(
        self, intent: Intent, plan: list[Fault], call: Callable[[], Any], deadline: float | None, *, settling: bool
    ) -> None:
        """Make a call, and believe what it says."""
        self.figures.calls += 1
        self.wire.plan = list(plan)
        began, requests = self.clock.seconds, self.wire.requests
        self.watch.begin()
        try:
            value = call()
        except Crash:
            self._crashed()
            return
        except ApiError as error:
            assert not self.watch.of_the_caller or error.attempts == self.wire.requests - requests
            self._failed(intent, error, settling=settling)
        else:
            self._succeeded(intent, value)
        finally:
            self.figures.requests += self.wire.requests - requests
        assert deadline is None or self.clock.seconds - began <= deadline + 1e-6, "the deadline was missed"
        self.watch.check(self.wire.requests - requests)

    def _succeeded(self, intent: Intent, value: Any) -> None:
        intent.state = self.application.believed(value)
        self.figures.succeeded += 1
        if hasattr(value, "executed"):
            self.figures.resolved += 1
        self.bank.settle()
        done = self.bank.executed[intent.number] or (intent.state == "accepted" and self.bank.is_coming(intent.number))
        self._hold(bool(done) == (intent.state != "failed"), f"{intent} is told to be {intent.state}")
        self.application.check(intent.number, value)

    def _failed(self, intent: Intent, error: ApiError, *, settling: bool) -> None:
        assert error.operation == intent.method.operation
        if error.outcome is Outcome.PROCESSED:
            self.figures.processed += 1
            self._hold(self.bank.executed[intent.number] > 0, f"{intent} is told to be processed")
            intent.state = "unreadable"
            self._kept(intent, error)
        elif error.outcome in (Outcome.UNKNOWN, Outcome.PENDING):
            self._left_open(intent, error)
        elif settling:
            assert intent.state != "unreadable", "it is told to have failed, and it was told to be executed before"
            self.figures.failed += 1
            intent.state = "failed"

    def _left_open(self, intent: Intent, error: ApiError) -> None:
        unknown = error.outcome is Outcome.UNKNOWN
        self.figures.unknown += unknown
        self.figures.pending += not unknown
        assert isinstance(error, OutcomeUnknown) == unknown
        self._kept(intent, error)

    def _kept(self, intent: Intent, error: ApiError) -> None:
        """What an application keeps of a failure that can be resolved."""
        assert error.resume_token is not None and error.resume_token.outcome is error.outcome
        if self.application.has_natural_key:
            assert error.idempotency_key is None
        else:
            assert error.idempotency_key and error.idempotency_key == error.resume_token.idempotency_key
            assert intent.key in (None, error.idempotency_key)
            intent.key = error.idempotency_key
        if error.attributes.get("reason"):
            self.figures.unresolved[error.attributes["reason"]] += 1
        intent.error = error
        intent.token = intent.token or str(error.resume_token)

    def _hold(self, condition: bool, text: str) -> None:
        self.figures.told_wrong += not condition
        assert condition, text

    @invariant()
    def nothing_is_executed_twice(self) -> None:
        """However often it was asked for."""
        self.bank.settle()
        twice = [intent for intent, times in self.bank.executed.items() if times > 1]
        self.figures.executed_twice += len(twice)
        assert not twice, f"executed twice: {twice}"

    @invariant()
    def nothing_that_failed_is_executed(self) -> None:
        """Neither before it was told nor after."""
        for intent in self.intents:
            done = self.bank.executed[intent.number] > 0 or self.bank.is_coming(intent.number)
            if intent.state == "failed":
                self._hold(not done, f"{intent} is told to have failed, and was or will be executed")

    @invariant()
    def nothing_is_sent_under_a_forgotten_key(self) -> None:
        """The API would take it for something new."""
        assert not self.wire.late, f"repeated after the key was forgotten: {self.wire.late}"

    def teardown(self) -> None:
        """A week later everything has happened that ever will."""
        self.clock.pass_by(7 * DAY)
        self.nothing_is_executed_twice()
        self.nothing_that_failed_is_executed()
        for intent in self.intents:
            if intent.state in ("succeeded", "accepted", "unreadable"):
                self._hold(self.bank.executed[intent.number] == 1, f"{intent} was never executed")


def play(application: Application, histories: int, *, shorten: bool = True) -> Figures:
    """Play so many histories; raises AssertionError where a promise is broken, by the shortest of those that show it."""
    figures = Figures()
    machine = type("History", (Ledger,), {"figures": figures, "application": application})
    # What makes the hash of a token hard to try out makes thousands of histories slow, and plays no part in them.
    with unittest.mock.patch.object(request, "_ROUNDS", 1):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink) if shorten else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    return figures


APPLICATIONS: Final[dict[str, Application]] = {"yookassa": KeyedApplication(), "yoomoney-wallet": WalletApplication()}


def main(arguments: list[str]) -> None:
    """Print the figures of every API as JSON."""
    histories = int(arguments[0]) if arguments else 500
    figures = {name: play(application, histories).tree() for name, application in APPLICATIONS.items()}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
