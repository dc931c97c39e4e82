"""What a server remembers of requests with idempotency keys: the store's interface, and the settings of `create_app`."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import field
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from .answers import Answer
from .environment import Environment, check_seconds
from .frozen import dataclass
from .trees import is_sequence

Standing = Literal["reserved", "in_flight", "lost", "finished", "other_request"]
"""What a store knows of a key: `reserved`: it is the caller's now; `in_flight`: another request under it is being answered;
`lost`: whoever answered it stopped half-way, and nobody knows what was done; `finished`: it was answered; `other_request`: it
belongs to a request that is not the same.
"""
OnLost = Literal["refuse", "run"]

DAY: Final = 86_400.0
LAPSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A request under a key, as a store sees it: digests, so that neither the key nor who the caller is can be read from it.

    `identity` is of API, operation, caller and key, `fingerprint` of the request; `owner` is random, one for each attempt.
    The times are seconds since 1970: `now`; `lapses`, when a reservation that was not renewed is lost; `expires`, when the key
    is forgotten.
    """

    identity: str
    fingerprint: str
    owner: str
    now: float
    lapses: float
    expires: float


@dataclass(frozen=True, slots=True)
class Reservation:
    """What became of a claim; `answer` is there where it is `finished`."""

    standing: Standing
    answer: Answer | None = None


class IdempotencyStore(Protocol):
    """Where reservations and answers are kept; each method plain (it is called in a worker thread) or `async`.

    `reserve` is atomic among all processes that share the store, and what it wrote outlives them. `SQLiteIdempotencyStore` is one.
    """

    def reserve(self, claim: Claim, take_over: bool) -> Reservation | Awaitable[Reservation]:
        """Reserve a key that is free or forgotten, or, with `take_over`, lost by an equal request; else say how it stands.

        A reservation that is not finished and past `lapses` is lost. One in flight is never forgotten.
        """
        ...

    def renew(self, claim: Claim, lapses: float) -> None | Awaitable[None]:
        """Put off the lapse of a reservation, where it is still this owner's."""
        ...

    def finish(self, claim: Claim, answer: Answer) -> bool | Awaitable[bool]:
        """Keep the answer; False where the reservation is no longer this owner's: then nothing is changed."""
        ...

    def release(self, claim: Claim) -> None | Awaitable[None]:
        """Forget the reservation, where it is still this owner's: nothing was done."""
        ...

    def leave_open(self, claim: Claim) -> None | Awaitable[None]:
        """Keep the key for this request alone, where it is still this owner's: an equal request reserves it again."""
        ...

    def lose(self, claim: Claim) -> None | Awaitable[None]:
        """Let the reservation be lost at once, where it is still this owner's: nobody knows what was done."""
        ...


def caller_of(principal: Any) -> str:
    """The text that stands for a principal which is a text, bytes, a number, a UUID, or a tuple of these; TypeError for others.

    It has to be the same for one caller in every process and under every credential: give `Idempotency` a `caller` for
    principals of your own.
    """
    if is_sequence(principal):
        return f"({','.join(_framed(caller_of(part)) for part in principal)})"
    if principal is None or (isinstance(principal, str | bytes | int | UUID) and not isinstance(principal, bool)):
        return f"{type(principal).__name__}:{principal!r}"
    raise TypeError(f"say with Idempotency(caller=...) who a {type(principal).__name__} is")


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Answers repeated requests under one key once. Times are seconds.

    It applies to requests that carry the header field which the contract names; a key is a caller's own (`caller` makes a text
    of the principal), for one operation; all callers of an operation without credentials are one. Keys that are a member of the
    body, such as the number of an order, are the handler's business.

    An answer is kept, and sent again byte for byte without the handler, for the contract's `retention` (`retention` where it
    states none), by what the catalog says of it: successes, also those that are pending, failures after which it was executed,
    refusals that are final.
    Not kept is one after which a repeat under the same key may succeed: a refusal whose next step is `repeat`, whose next
    attempt may use the same key, or which is about credentials, rates or a lack of capacity, unless the catalog asks for a new
    key. These leave the key free. A failure that says that the request was accepted and is to be repeated under the same key
    keeps the key for that request. The repeat reaches the handler, which knows the key.

    A stream, and a process that died, make the key lost; the latter `lapse` seconds after it was last heard of. Until then
    repeats are told that the request is in flight. What is done with a lost key is `on_lost`: `refuse` answers that the outcome
    is unknown; `run` calls the handler again, which has to find out by the key what was done already, and that it may still be
    under way elsewhere. An answer that leaves
    open whether it was executed (to an exception that nobody handled, too) is kept with `refuse`, and makes the key lost with
    `run`.
    """

    store: IdempotencyStore
    retention: float = DAY
    lapse: float = LAPSE
    on_lost: OnLost = "refuse"
    caller: Callable[[Any], str] = caller_of
    environment: Environment = field(default_factory=Environment)

    def __post_init__(self) -> None:
        check_seconds("retention", self.retention)
        check_seconds("lapse", self.lapse)


def digest_of(parts: Iterable[str | bytes]) -> str:
    """One digest of several texts; where one ends and the next begins makes a difference."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def _framed(text: str) -> str:
    return f"{len(text)}:{text}"
