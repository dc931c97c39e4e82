"""Pages: a list that goes on, over a socket, sync and async."""

from __future__ import annotations

import asyncio

from behaviour.loopback import served

from features.pagination.client import AsyncClient, Client
from features.pagination.models.book import Book
from features.pagination.models.list_books_response import ListBooksResponse
from features.pagination.server import BooksHandler, Handlers, ListBooks, create_app

PAGES = {None: (["a", "b"], "2"), "2": (["c"], "3"), "3": (["d"], None)}


class _Books(BooksHandler):
    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []

    def list(self, request: ListBooks, /) -> ListBooksResponse:
        self.asked.append((request.after, request.author))
        titles, following = PAGES[request.after]
        return ListBooksResponse(books=[Book(title=title) for title in titles], next=following)


def test_pages_and_items_are_fetched_as_they_are_asked_for() -> None:
    books = _Books()
    with served(create_app(Handlers(books=books))) as url, Client(base_url=url) as client:
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

    with served(create_app(Handlers(books=_Books()))) as url:
        assert asyncio.run(titles(url)) == ["a", "b", "c", "d"]
