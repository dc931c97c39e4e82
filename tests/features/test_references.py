"""References: components, files, escapes, circles, and path items by reference."""

from __future__ import annotations

import inspect

import pytest
from pydantic import ValidationError

from features.references import errors
from features.references.client import Client
from features.references.models.book import Book
from features.references.models.person import Person
from features.references.models.reviewer import Reviewer
from features.references.models.tags_item import TagsItem


def test_schemas_of_other_files_are_classes_and_lead_back() -> None:
    wire = {
        "isbn": "978",
        "author": {"name": "a", "friend": {"name": "b"}, "books": [{"isbn": "979"}]},
        "reviewer": {"name": "r", "colleague": {"name": "c"}, "chief": {"name": "d"}},
        "sequel": {"isbn": "980"},
    }
    book = Book.from_wire(wire)
    assert book.violations == () and book.to_wire() == wire
    assert isinstance(book.author, Person) and isinstance(book.reviewer, Reviewer)
    assert book.author.books is not None and isinstance(book.author.books[0], Book)
    assert isinstance(book.reviewer.colleague, Person) and isinstance(book.reviewer.chief, Reviewer)


def test_references_into_the_middle_of_a_schema() -> None:
    book = Book.from_wire({"isbn": "1", "first": {"place": 1}, "tag": "new", "tags": ["used"]})
    assert book.first is not None and book.first.place == 1
    assert book.tag is TagsItem.NEW and book.tags == [TagsItem.USED]


def test_escaped_references_carry_their_limits() -> None:
    assert Book(isbn="1", shelf="abcde").shelf == "abcde"
    with pytest.raises(ValidationError, match="shelf"):
        Book(isbn="1", shelf="abcdef")


def test_path_items_parameters_bodies_and_responses_by_reference() -> None:
    client = Client(base_url="http://localhost")
    assert "isbn" in inspect.signature(client.books.get).parameters
    with pytest.raises(ValueError, match="isbn"):
        client.books.get(isbn="no digits")
    assert {"author", "isbn"} <= set(inspect.signature(client.books.add).parameters)


def test_a_response_of_another_file_is_an_error() -> None:
    failure = (
        errors.OtherFailure("what", code=None)
        if "code" in inspect.signature(errors.OtherFailure).parameters
        else errors.OtherFailure("what")
    )
    assert failure.message == "what"
