"""Decides after each attempt whether there is another one, and when: the catalog's advice, the deadline and the budget."""

from __future__ import annotations

from typing import Any, Final

from .calls import Unset
from .contract import Outcome, Policy, Preparation
from .errors import ApiError, is_opt_in
from .exchange import Exchange
from .policies import REPEATING, TooLong, wait_after

_BEFORE_THE_KEY: Final = frozenset(
    {
        "unauthenticated",
        "permission_denied",
        "rate_limited",
        "resource_exhausted",
        "unavailable",
        "internal",
        "unimplemented",
        "deadline_exceeded",
        "aborted",
        "cancelled",
        "unknown",
        "already_exists",
        "data_loss",
    }
)
"""Categories of refusals that an API may decide on before it looks whether it knows the key, or because it does: they do not
say that earlier attempts were refused."""
_AFTER_A_FIRST: Final = frozenset({"failed_precondition", "not_found", "out_of_range"})
"""Categories of refusals that, where no key protects, may be due to an earlier attempt that was executed."""


def settles(failure: ApiError, exchange: Exchange[Any]) -> bool:
    """Whether a failure of a repeat also says what became of the attempts before it, after which nobody knew.

    What was executed is answered with its result where a key protects it: a refusal then tells that it was not, unless it may
    have come before the API looked at the key, asks to try again, or shows no code, so that it need not be the API's own.
    """
    if failure.outcome is Outcome.PROCESSED or is_opt_in(failure):
        return failure.outcome is not Outcome.PENDING
    if failure.outcome is not Outcome.REJECTED or failure.contract is None or failure.advice.next == "repeat":
        return False
    category = failure.contract.category
    # A word that nobody has listed is no evidence of what became of an earlier attempt.
    if failure.code is None or failure.contract.match.other_codes or category in _BEFORE_THE_KEY:
        return False
    return exchange.is_protected and (exchange.idempotency_key is not None or category not in _AFTER_A_FIRST)


class Attempts:
    """The attempts of one call: what time is left, and whether another one is safe, allowed and worth it."""

    def __init__(self, exchange: Exchange[Any]) -> None:
        settings, options = exchange.settings, exchange.options
        self.exchange = exchange
        self.settings = settings
        self.doubt: ApiError | None = exchange.doubtful() if exchange.is_doubted else None
        """The last failure after which the operation may be executed, or is accepted already."""
        self.made = 0
        self.prepared: set[Preparation] = set()
        """What was done before a repeat already: once is enough, or it does not help."""
        self._monotonic = settings.environment.monotonic
        self.started = exchange.began
        deadline = settings.deadline if isinstance(options.deadline, Unset) else options.deadline
        self._ends = None if deadline is None else self.started + deadline
        allowed = settings.max_attempts if isinstance(options.max_attempts, Unset) else options.max_attempts
        self._allowed = allowed

    @property
    def left(self) -> float | None:
        """Seconds until the deadline; None where there is none."""
        return None if self._ends is None else self._ends - self._monotonic()

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        left = self.left
        return left is not None and left <= 0

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return self._monotonic() - self.started

    def noted(self, failure: ApiError) -> None:
        """Remember a doubt, and forget one that is settled."""
        if failure.outcome in (Outcome.UNKNOWN, Outcome.PENDING):
            self.doubt = failure
        elif self.doubt is not None and settles(failure, self.exchange):
            self.doubt = None

    def final(self, failure: ApiError) -> ApiError:
        """The failure to raise in the end: a doubt is not hidden by what came after it."""
        doubt = self.doubt
        if doubt is None or doubt is failure:
            return failure
        doubt.support_reference = doubt.support_reference or failure.support_reference
        return self.caused(doubt, failure)

    def caused(self, doubt: ApiError, cause: Exception) -> ApiError:
        """A doubt that stays because of what came after it, with all attempts that were made."""
        doubt.__cause__ = cause
        return self.exchange.marked(doubt)

    def wait_after(self, failure: ApiError) -> float | None:
        """Seconds until the next attempt; None where there is none. Takes from the budget."""
        if not self._is_safe(failure):
            return None
        if self._allowed is not None and self.made >= self._allowed:
            return None
        try:
            wait = self._interval(failure)
        except TooLong:
            return None
        left = self.left
        if wait is None or (left is not None and wait >= left) or self.exchange.outlives_key(wait):
            return None
        return wait if self.settings.budget.take() else None

    def _interval(self, failure: ApiError) -> float | None:
        policy = policy_of(self.exchange, failure) or REPEATING
        wait = wait_after(policy, self.made, failure.retry_after, self.settings.environment.random)
        if wait is None or (policy.max_elapsed is not None and self.elapsed + wait > policy.max_elapsed):
            return None
        return wait

    def _is_preparable(self, before: Preparation) -> bool:
        return before in self.settings.prepare and before not in self.prepared

    def _is_safe(self, failure: ApiError) -> bool:
        advice, exchange = failure.advice, self.exchange
        if advice.next != "repeat" or advice.automatic is False:
            return False
        if advice.before is not None and not self._is_preparable(advice.before):
            return False
        if not exchange.outgoing.is_replayable:
            return False
        is_open = self.doubt is not None or failure.outcome in (Outcome.UNKNOWN, Outcome.PENDING)
        if failure.outcome is Outcome.PROCESSED or (is_open and not exchange.is_repeatable):
            return False
        # Under another key, what may be executed already would be executed twice.
        renews = advice.key == "new" and exchange.idempotency_key is not None
        return not renews or (exchange.outgoing.made_key and not is_open)


def policy_of(exchange: Exchange[Any], failure: ApiError) -> Policy | None:
    """The policy that the catalog prescribes after a failure."""
    return exchange.settings.registry.api.policies.get(failure.advice.policy or "")
