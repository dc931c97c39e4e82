"""Runs a handler once for each idempotency key: reserves, answers, and keeps what is final."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import anyio

from .answers import Answer
from .contract import IdempotencyScheme, OperationContract, Outcome
from .decoding import Sent, decode_failure
from .errors import ApiError, Registry, is_opt_in
from .frozen import dataclass
from .idempotency import Claim, Idempotency, Reservation, digest_of
from .reception import Fault, Refused
from .replies import StreamedAnswer
from .serving_calls import called

_LOG: Final = logging.getLogger(__name__)
_RENEWALS: Final = 3
"""So often a reservation is renewed within the time after which it would be lost."""
_PAUSE: Final = 1
"""Seconds: when to ask again for an answer that is being made."""
_TRANSIENT: Final = frozenset({"unauthenticated", "rate_limited", "unavailable", "resource_exhausted"})
"""Refusals that say nothing about the request itself: the same one may succeed later."""

Verdict = Literal["keep", "release", "open", "lose"]
Made = Answer | StreamedAnswer


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """One request under a key; `target` are the path and the query as they came."""

    contract: OperationContract
    scheme: IdempotencyScheme
    key: str
    principal: Any
    method: str
    target: tuple[str, str]
    body: bytes


def verdict_on(failure: ApiError | None) -> Verdict:
    """What becomes of an answer, by what a client reads from it: kept, forgotten so that a repeat may succeed, left open, or lost.

    None is a success; so is what a client returns as a value, such as a payment that is pending: it was executed.
    `Idempotency` says the rule.
    """
    if failure is None or failure.outcome is Outcome.PROCESSED or is_opt_in(failure):
        return "keep"
    if failure.outcome is Outcome.UNKNOWN:
        return "lose"
    advice = failure.advice
    if failure.outcome is Outcome.PENDING:
        return "open" if advice.next == "repeat" or advice.key == "same" else "keep"
    if advice.key == "new":
        return "keep"
    category = failure.contract.category if failure.contract is not None else ""
    may_succeed = advice.next == "repeat" or advice.key in ("same", "either") or advice.before is not None
    transient = category in _TRANSIENT or failure.status in (401, 429, 503)
    return "release" if may_succeed or transient else "keep"


@dataclass(frozen=True, slots=True)
class KeyedCalls:
    """Answers requests under keys."""

    registry: Registry
    settings: Idempotency

    async def answer(self, request: KeyedRequest, run: Callable[[], Awaitable[Made]]) -> Made:
        """The first answer of its key, made by `run` or kept; `run` answers every failure but what it refuses. Raises Refused."""
        claim = self._claim(request)
        settings = self.settings
        found: Reservation = await called(settings.store.reserve, claim, not self._refuses_lost)
        if found.standing == "reserved":
            return await self._first(claim, request, run)
        if found.standing == "finished" and found.answer is not None:
            return found.answer
        if found.standing == "other_request":
            raise Refused("idempotency_key_reused", [Fault(request.scheme.header, "was used for another request")])
        if found.standing == "in_flight":
            raise Refused("idempotency_in_flight", headers=[("Retry-After", str(_PAUSE))])
        raise Refused("idempotency_outcome_unknown")

    def _claim(self, request: KeyedRequest) -> Claim:
        settings, contract = self.settings, request.contract
        caller = settings.caller(request.principal)
        now = settings.environment.now().timestamp()
        retention = request.scheme.retention or settings.retention
        return Claim(
            identity=digest_of([self.registry.api.name, contract.id, request.scheme.name, caller, request.key]),
            fingerprint=digest_of([request.method, *request.target, request.body]),
            owner=uuid.uuid4().hex,
            now=now,
            lapses=now + settings.lapse,
            expires=now + max(retention, settings.lapse),
        )

    async def _first(self, claim: Claim, request: KeyedRequest, run: Callable[[], Awaitable[Made]]) -> Made:
        made: Made | Refused | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(self._renew, claim)
            made = await _caught(run)
            group.cancel_scope.cancel()
        if made is None:
            raise RuntimeError("nothing was answered")
        with anyio.CancelScope(shield=True):
            await self._settle(claim, request, made)
        if isinstance(made, Refused):
            raise made
        return made

    async def _renew(self, claim: Claim) -> None:
        """Tell other processes that this one is alive."""
        settings = self.settings
        while True:
            await settings.environment.asleep(settings.lapse / _RENEWALS)
            lapses = settings.environment.now().timestamp() + settings.lapse
            try:
                await called(settings.store.renew, claim, lapses)
            except Exception:
                _LOG.exception("a reservation of an idempotency key could not be renewed")

    async def _settle(self, claim: Claim, request: KeyedRequest, made: Made | Refused) -> None:
        store, verdict = self.settings.store, self._verdict(request, made)
        try:
            if isinstance(made, Answer) and (verdict == "keep" or (verdict == "lose" and self._refuses_lost)):
                if not await called(store.finish, claim, made):
                    _LOG.error("an idempotency key was taken over while operation %s was executed", request.contract.id)
            elif verdict == "release":
                await called(store.release, claim)
            elif verdict == "open":
                await called(store.leave_open, claim)
            else:
                await called(store.lose, claim)
        except Exception:
            # What was done is done: the answer is better than none, and the reservation will lapse.
            _LOG.exception("the answer of operation %s could not be kept under its key", request.contract.id)

    @property
    def _refuses_lost(self) -> bool:
        """Whether a repeat is told no more than the first request was: that nobody knows."""
        return self.settings.on_lost == "refuse"

    def _verdict(self, request: KeyedRequest, made: Made | Refused) -> Verdict:
        if isinstance(made, Refused):
            return "release"
        if isinstance(made, StreamedAnswer):
            return "lose"
        sent = Sent(request.key, protected=True)
        return verdict_on(decode_failure(self.registry, request.contract, made, sent))


async def _caught(run: Callable[[], Awaitable[Made]]) -> Made | Refused:
    """What a task group would wrap is handed out as a value."""
    try:
        return await run()
    except Refused as refused:
        return refused
