"""What all calls of one client share: where the API is, how patient the client is, and whom it tells."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any

from .budget import RetryBudget
from .calls import check_attempts
from .contract import Preparation
from .credentials import Credential, Credentials
from .environment import Environment, check_seconds
from .errors import Registry
from .frozen import dataclass
from .guard import KeyGuard
from .hooks import Hooks
from .preparing import Preparations, check_preparations
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
    prepare: Preparations = field(default_factory=dict[Preparation, Callable[[], Any]])

    def __post_init__(self) -> None:
        check_seconds("timeout", self.timeout)
        check_seconds("deadline", self.deadline)
        check_attempts(self.max_attempts)
        check_preparations(self.prepare)
        if any(inspect.iscoroutinefunction(method) for method in (self.hooks.attempt, self.hooks.call)):
            raise TypeError("the methods of hooks are plain functions: nobody would await others")


def settings_of(  # noqa: PLR0913 a client has a parameter for each of its settings
    registry: Registry,
    base: Base,
    *,
    credentials: Credentials | None,
    timeout: float | None,
    raise_opt_in: bool,
    deadline: float | None,
    max_attempts: int | None,
    budget: RetryBudget | None,
    guard: KeyGuard | None,
    hooks: Hooks | None,
    environment: Environment | None,
    prepare: Preparations | None,
) -> Settings:
    """The settings of a client's arguments; raises ImportError where there is no HTTP library, ValueError for what cannot be."""
    if importlib.util.find_spec("httpx2") is None:
        raise ImportError('a client needs httpx2: pip install "httpx2>=2.16"', name="httpx2")
    return Settings(
        registry,
        base,
        _several(credentials),
        timeout,
        raise_opt_in,
        deadline,
        max_attempts,
        budget if budget is not None else RetryBudget(),
        guard if guard is not None else KeyGuard(),
        hooks if hooks is not None else Hooks(),
        environment if environment is not None else Environment(),
        prepare if prepare is not None else {},
    )


def _several(credentials: Credentials | None) -> tuple[Credential, ...]:
    if credentials is None:
        return ()
    return tuple(credentials) if isinstance(credentials, Sequence) else (credentials,)
