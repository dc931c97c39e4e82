"""Paths and their methods, on the wire."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from behaviour.recording import conversation

from features import path_items
from features.path_items.models import Word


@pytest.fixture(scope="module")
def talk() -> Iterator[SimpleNamespace]:
    with conversation(path_items) as found:
        yield found


@pytest.mark.parametrize("method", ["put", "post", "delete", "options", "patch", "trace", "copy", "m_search"])
def test_every_method(talk: SimpleNamespace, method: str) -> None:
    getattr(talk.client.things, method)()
    assert talk.server.line == f"{method.upper().replace('_', '-')} /things"
    assert talk.server.request is not None


def test_answers_of_reading_methods(talk: SimpleNamespace) -> None:
    talk.server.answer = ["a"]
    assert talk.client.things.get() == ["a"] and talk.server.line == "GET /things"
    assert talk.client.things.query(q="x") == ["a"] and talk.server.line == "QUERY /things"
    assert talk.server.request.body.q == "x"
    assert talk.client.things.head() is None and talk.server.line == "HEAD /things"
    talk.server.answer = None


def test_texts_of_a_path_belong_to_its_operations(talk: SimpleNamespace) -> None:
    assert str(talk.client.things.put.__doc__).startswith("Anything at all.\n\n")
    assert "Said once for every method." in str(talk.client.things.put.__doc__)
    assert str(talk.client.things.head.__doc__).startswith("Only the header fields.")
    assert str(talk.client.things.get_shared.__doc__).startswith("Beside the reference.")
    assert str(type(talk.client.things).__doc__) == "All that there is."
    assert "Deprecated." in str(talk.client.x.delete.__doc__)


def test_names_without_an_id_or_a_tag(talk: SimpleNamespace) -> None:
    talk.client.unnamed.get_id_parts(id="1")
    assert talk.server.line == "GET /unnamed/1/parts"
    talk.client.unnamed.post_id_parts(id="1")
    assert talk.server.line == "POST /unnamed/1/parts"
    talk.client.root.get()
    assert talk.server.line == "GET /"


def test_fixed_paths_before_placeholders(talk: SimpleNamespace) -> None:
    talk.client.x.get_me()
    assert type(talk.server.request).__name__ == "GetMe"
    talk.client.x.get(id="me")
    assert talk.server.line == "GET /x/me" and type(talk.server.request).__name__ == "GetMe"
    talk.client.x.delete(id="me")
    assert type(talk.server.request).__name__ == "DeleteX" and talk.server.request.id == "me"
    talk.client.x.get(id="you")
    assert type(talk.server.request).__name__ == "GetX" and talk.server.request.id == "you"
    assert ask(talk, "POST", "/x/me") == (405, "DELETE, GET, HEAD, OPTIONS, PUT")
    assert ask(talk, "POST", "/x/you") == (405, "DELETE, GET, HEAD, OPTIONS")
    assert ask(talk, "GET", "/x/") == (404, None) and ask(talk, "GET", "/x/me/") == (404, None)


def test_case_and_encoding(talk: SimpleNamespace) -> None:
    talk.client.x.upper(upper_id="1")
    assert talk.server.line == "GET /X/1" and talk.server.request.upper_id == "1"
    talk.client.x.odd(id="a b")
    assert talk.server.line == "GET /a:b/%C3%BC%20c/a%20b:cancel" and talk.server.request.id == "a b"
    assert ask(talk, "GET", "/a%3Ab/%c3%bc%20c/7%3acancel") == (204, None) and talk.server.request.id == "7"


def test_names_that_python_or_the_package_uses(talk: SimpleNamespace) -> None:
    words = talk.client.words
    words.operation(date=date(2026, 1, 5), list=["x"], ref=Word.A, context_="c", self_="s", options_="o")
    assert talk.server.line == "GET /words?date=2026-01-05&list=x&ref=a&context=c&self=s&options=o"
    request = talk.server.request
    assert (request.date, request.list, request.ref, request.context_) == (date(2026, 1, 5), ["x"], Word.A, "c")
    talk.server.answer = Word.B
    assert words.ref() is Word.B
    talk.server.answer = None
    words.list()
    assert talk.server.line == "DELETE /words"


def ask(talk: SimpleNamespace, method: str, target: str) -> tuple[int, str | None]:
    """The status and the field `Allow` of an answer."""
    connection = http.client.HTTPConnection(urlsplit(talk.url).netloc, timeout=5)
    connection.request(method, target)
    response = connection.getresponse()
    found = response.status, response.getheader("Allow")
    connection.close()
    return found
