"""The way from one page to the next: finds the items and the cursor, and notices a server that goes in circles."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from .calls import PagedCall
from .contract import Outcome
from .errors import ApiError, Circumstances, Registry
from .model import member_at
from .pointers import MISSING
from .trees import is_array

T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741


class Progress(Generic[T, E, I]):
    """Where an iteration over pages stands; `call` is the next one to send, None at the end."""

    def __init__(self, call: PagedCall[T, E, I], registry: Registry) -> None:
        self.call: PagedCall[T, E, I] | None = call
        self._registry = registry
        self._seen: set[str] = set()

    def advance(self, page: T) -> None:
        """Go on from a page; raises the API's `Unreadable` where its cursor leads back to a page already read."""
        call = self.call
        paging = call.contract.paging if call is not None else None
        if call is None or paging is None:
            self.call = None
            return
        cursor: Any = member_at(page, paging.next)
        if cursor is MISSING or cursor is None or cursor == "":
            self.call = None
            return
        if str(cursor) in self._seen:
            raise self._circular(call)
        self._seen.add(str(cursor))
        self.call = call.after(cursor)

    def _circular(self, call: PagedCall[T, E, I]) -> ApiError:
        message = "the answer leads to a page that was read already"
        known = Circumstances(message=message, operation=call.contract.id, outcome=Outcome.PROCESSED)
        return self._registry.fallbacks.unreadable.of(known)


def items_of(call: PagedCall[T, E, I], page: T) -> list[I]:
    """The items of a page; none where the member is absent."""
    paging = call.contract.paging
    found: Any = member_at(page, paging.items) if paging is not None else []
    return cast("list[I]", found) if is_array(found) else []
