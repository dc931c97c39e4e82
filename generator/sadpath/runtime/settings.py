"""What all calls of one client share: where the API is, how patient the client is, and whom it tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from .budget import RetryBudget
from .calls import check_attempts
from .credentials import Credential
from .environment import Environment, check_seconds
from .errors import Registry
from .guard import KeyGuard
from .hooks import Hooks
from .servers import Base


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a client, in seconds where they are times; `max_attempts` None leaves it to the catalog's policies."""

    registry: Registry
    base: Base
    credentials: tuple[Credential, ...] = ()
    timeout: float | None = 30.0
    raise_opt_in: bool = False
    deadline: float | None = 60.0
    max_attempts: int | None = None
    budget: RetryBudget = field(default_factory=RetryBudget)
    guard: KeyGuard = field(default_factory=KeyGuard)
    hooks: Hooks = field(default_factory=Hooks)
    environment: Environment = field(default_factory=Environment)

    def __post_init__(self) -> None:
        check_seconds("timeout", self.timeout)
        check_seconds("deadline", self.deadline)
        check_attempts(self.max_attempts)
