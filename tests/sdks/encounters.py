"""What a client that is not ours makes of each failure of a catalog: the stub raises it, and the client is watched."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from behaviour.houses import House
from behaviour.shops import Script, anyone

from payments._runtime.answers import Answer
from payments._runtime.decoding import decode_failure
from payments._runtime.errors import ApiError
from payments._runtime.headers import Headers

NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Encounter:
    """What one call ended with: the class that was raised (or NOTHING), and what it or the value tells of the failure."""

    raised: str
    told: str | None = None


Calls = dict[str, Callable[[], Any]]


@dataclass(frozen=True)
class Client:
    """A client of others: its calls by operation, the operations that stand for all, and what it tells of a failure.

    `notice` is what a server answers for an error that is a success with a status.
    """

    house: House
    calls: Calls
    usual: tuple[str, ...]
    told: Callable[[Any], str | None]
    notice: Callable[[str, str], Any] = field(default=lambda operation, id: None)

    def operations(self, id: str) -> tuple[str, ...]:
        """The operations in which the client can meet an error."""
        contract = self.house.class_of(id).contract
        assert contract is not None
        named = contract.match.operations
        return tuple(one for one in named if one in self.calls) if named else self.usual

    def meet(self, script: Script, id: str) -> dict[str, Encounter]:
        """What comes of an error in each of those operations."""
        return {operation: self._meet(script, id, operation) for operation in self.operations(id)}

    def _meet(self, script: Script, id: str, operation: str) -> Encounter:
        script.answer = self.notice(operation, id)
        script.failure = failure_of(self.house, id) if script.answer is None else None
        try:
            value = self.calls[operation]()
        except Exception as error:
            return Encounter(class_name(error), self.told(error))
        return Encounter(NOTHING, self.told(value))


def class_name(error: BaseException) -> str:
    """The name of its class, with its package where that is not the language's own."""
    kind = type(error)
    package = kind.__module__.partition(".")[0]
    return kind.__qualname__ if package == "builtins" else f"{package}.{kind.__qualname__}"


def failure_of(house: House, id: str) -> ApiError:
    """An error to raise, of the catalog's own example where it has one."""
    for known, example in house.examples():
        if known == id:
            sent = Answer(example.response.status, Headers(example.response.headers), example.response.body.encode())
            found = decode_failure(house.registry, house.operation(example.operation), sent)
            assert found is not None
            return found
    return house.class_of(id)("Said by a test")


def scripted_app(server: ModuleType, script: Script) -> Any:
    """An application of all operations, each of which does as the script says."""
    groups: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for route in server.ROUTES:
        groups[route.resource][route.method] = functools.partial(script.act, usual=None)
    handlers: Any = {group: SimpleNamespace(**methods) for group, methods in groups.items()}
    return server.create_app(server.Handlers(**handlers), authenticate=anyone)
