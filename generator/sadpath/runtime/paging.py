"""The way from one page to the next: finds the items and the cursor, and lets no defect of a page pass for its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from .calls import PagedCall
from .errors import ApiError
from .model import Model, member_at
from .pointers import MISSING
from .trees import is_array, is_mapping
from .validation import SalvagedList

T = TypeVar("T")
E = TypeVar("E", bound=Exception)
I = TypeVar("I")  # noqa: E741

Refuse = Callable[[str], ApiError]
"""Makes the API's `Unreadable` of a reason."""


class Progress(Generic[T, E, I]):
    """Where an iteration over pages stands; `call` is the next one to send, None at the end."""

    def __init__(self, call: PagedCall[T, E, I]) -> None:
        self.call: PagedCall[T, E, I] | None = call
        paging = call.contract.paging
        first = call.arguments.get(paging.argument) if paging is not None else None
        self._seen: set[str] = set() if first is None else {str(first)}

    def check(self, page: T, refuse: Refuse) -> None:
        """Raises where not every item of the page could be read."""
        paging = self.call.contract.paging if self.call is not None else None
        if paging is None:
            return
        found: Any = member_at(page, paging.items)
        if isinstance(found, SalvagedList):
            raise refuse("not every item of the page could be read")
        if is_array(found):
            return
        is_page = isinstance(page, Model) or is_mapping(page)
        if not is_page or found not in (MISSING, None) or _is_violated(page, paging.items):
            raise refuse("the items of the page could not be read")

    def advance(self, page: T, refuse: Refuse) -> None:
        """Go on from a page; raises where its cursor could not be read or leads back to a page that was read already."""
        call = self.call
        paging = call.contract.paging if call is not None else None
        if call is None or paging is None:
            self.call = None
            return
        cursor: Any = member_at(page, paging.next)
        if cursor is MISSING or cursor is None or cursor == "":
            if _is_violated(page, paging.next):
                raise refuse("the cursor of the next page could not be read")
            self.call = None
            return
        if isinstance(cursor, bool | Model) or is_array(cursor) or is_mapping(cursor):
            raise refuse("the cursor of the next page is no single value")
        if str(cursor) in self._seen:
            raise refuse("the answer leads to a page that was read already")
        self._seen.add(str(cursor))
        self.call = call.after(cursor)


def _is_violated(page: Any, pointer: str) -> bool:
    """Whether the contract is broken at a member or at what it stands in; a missing member is noted where it is required."""
    noted = page.violations if isinstance(page, Model) else ()
    return any(f"{pointer}/".startswith(f"{violation.pointer}/") for violation in noted)


def items_of(call: PagedCall[T, E, I], page: T) -> list[I]:
    """The items of a page that was checked; none where the member is absent."""
    paging = call.contract.paging
    found: Any = member_at(page, paging.items) if paging is not None else []
    return cast("list[I]", found) if is_array(found) else []
