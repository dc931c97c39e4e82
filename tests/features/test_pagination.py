"""Pages: a list that goes on, over a socket, sync and async."""

from __future__ import annotations

import asyncio
from typing import Any

from behaviour.loopback import served

from features.pagination.client import AsyncClient, Client
from features.pagination.models.book import Book
from features.pagination.models.list_books_response import ListBooksResponse
from features.pagination.models.search_loans_response import SearchLoansResponse
from features.pagination.server import BooksHandler, Handlers, ListBooks, LoansHandler, SearchLoans, create_app

PAGES = {None: (["a", "b"], "2"), "2": (["c"], "3"), "3": (["d"], None)}


class _Books(BooksHandler):
    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []

    def list(self, request: ListBooks, /) -> ListBooksResponse:
        self.asked.append((request.after, request.author))
        titles, following = PAGES[request.after]
        return ListBooksResponse(books=[Book(title=title) for title in titles], next=following)


class _Loans(LoansHandler):
    def __init__(self) -> None:
        self.asked: list[object] = []

    def search(self, request: SearchLoans, /) -> SearchLoansResponse:
        self.asked.append(request.body.to_wire() if request.body is not None else None)
        titles, following = PAGES[request.body.start_record if request.body is not None else None]
        loans = [Book(title=title) for title in titles]
        return (
            SearchLoansResponse(loans=loans)
            if following is None
            else SearchLoansResponse(loans=loans, next_record=following)
        )


def application(books: _Books | None = None, loans: _Loans | None = None) -> Any:
    return create_app(Handlers(books=books or _Books(), loans=loans or _Loans()))


def test_pages_and_items_are_fetched_as_they_are_asked_for() -> None:
    books = _Books()
    with served(application(books)) as url, Client(base_url=url) as client:
        items = client.books.list.items(author="x")
        assert books.asked == [] and next(items).title == "a"
        assert books.asked == [(None, "x")]
        assert [book.title for book in items] == ["b", "c", "d"]
        assert books.asked == [(None, "x"), ("2", "x"), ("3", "x")]
        assert [len(page.books) for page in client.books.list.pages(after="2")] == [1, 1]


def test_the_same_to_await() -> None:
    async def titles(url: str) -> list[str]:
        async with AsyncClient(base_url=url) as client:
            return [book.title async for book in client.books.list.items()]

    with served(application()) as url:
        assert asyncio.run(titles(url)) == ["a", "b", "c", "d"]


def test_a_cursor_in_the_body_leaves_the_rest_of_the_body_as_it_was() -> None:
    loans = _Loans()
    with served(application(loans=loans)) as url, Client(base_url=url) as client:
        assert [book.title for book in client.loans.search.items(reader="x")] == ["a", "b", "c", "d"]
        assert [len(page.loans) for page in client.loans.search.pages()] == [2, 1, 1]
    first = {"reader": "x"}
    assert loans.asked[:3] == [first, {**first, "start-record": "2"}, {**first, "start-record": "3"}]
    assert loans.asked[3:] == [None, {"start-record": "2"}, {"start-record": "3"}]
