"""Resume tokens: what they hold, that nothing else is taken for one, and the hash that ties them to a request."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cornershop import errors
from hypothesis import given
from hypothesis import strategies as st

from sadpath.runtime.calls import Call, CallOptions
from sadpath.runtime.contract import Body, IdempotencyScheme, OperationContract, Outcome, Parameter
from sadpath.runtime.credentials import Authorization
from sadpath.runtime.request import Outgoing
from sadpath.runtime.servers import Base
from sadpath.runtime.tokens import ResumeToken
from sadpath.runtime.uploads import Payload, Upload

INSTANT = datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=timezone.utc)
TOKEN = ResumeToken("till", "createSale", "ab12", "k-1", 2, INSTANT, INSTANT, Outcome.UNKNOWN, "broken", "T-1")

TEXTS = st.text(max_size=30)
INSTANTS = st.datetimes(datetime(1971, 1, 2), datetime(9000, 12, 30), timezones=st.just(timezone.utc))
TOKENS = st.builds(
    ResumeToken,
    TEXTS,
    TEXTS,
    TEXTS,
    st.none() | TEXTS,
    st.integers(0, 1_000_000),
    INSTANTS,
    INSTANTS,
    st.sampled_from(Outcome),
    st.none() | TEXTS,
    st.none() | TEXTS,
)


@given(TOKENS)
def test_a_token_comes_back(token: ResumeToken) -> None:
    text = str(token)
    assert ResumeToken.parse(text) == token
    assert text.isascii() and text.isprintable()


def test_a_token_is_one_line_of_json() -> None:
    assert json.loads(str(TOKEN)) == {
        "version": 1,
        "api": "till",
        "operation": "createSale",
        "request": "ab12",
        "idempotency_key": "k-1",
        "attempts": 2,
        "first_sent": "2026-01-05T10:00:00.123456+00:00",
        "last_sent": "2026-01-05T10:00:00.123456+00:00",
        "outcome": "unknown",
        "error": "broken",
        "support_reference": "T-1",
    }
    assert "error" not in json.loads(str(replace(TOKEN, error=None)))


def test_times_are_the_same_wherever_they_were_written() -> None:
    far = replace(TOKEN, first_sent=INSTANT.astimezone(timezone(timedelta(hours=9))))
    assert ResumeToken.parse(str(far)) == TOKEN


def changed(**members: Any) -> str:
    return json.dumps({**json.loads(str(TOKEN)), **members})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"text"',
        "17",
        "{",
        "[" * 5000,
        '{"version": 1}',
        str(TOKEN)[:-1],
        f"{TOKEN}{TOKEN}",
        changed(version=2),
        changed(version="1"),
        changed(version=None),
        changed(api=None),
        changed(operation=7),
        changed(request=["ab12"]),
        changed(idempotency_key=17),
        changed(attempts=-1),
        changed(attempts=1.5),
        changed(attempts="2"),
        changed(attempts=True),
        changed(attempts=None),
        changed(attempts=10**4000),
        changed(first_sent="yesterday"),
        changed(first_sent=0),
        changed(first_sent="2026-01-05T10:00:00"),
        changed(first_sent="0001-01-01T00:00:00+14:00"),
        changed(first_sent="0001-01-01T00:00:00+00:00"),
        changed(first_sent="1970-12-31T23:59:59+00:00"),
        changed(last_sent="9001-01-01T00:00:00+00:00"),
        changed(last_sent="9999-12-31T23:59:59+00:00"),
        changed(last_sent="9999-12-31T23:59:59-14:00"),
        changed(outcome="maybe"),
        changed(outcome=["unknown"]),
        changed(outcome=None),
        changed(error={}),
        changed(support_reference=1),
        changed(padding="x" * 8192),
        changed().replace('"attempts": 2', '"attempts": NaN'),
        changed().replace('"attempts": 2', '"attempts": 1e400'),
        "\ud800",
        "\x00" + str(TOKEN),
    ],
    ids=lambda text: text[:40],
)
def test_anything_else_is_no_token(text: str) -> None:
    with pytest.raises(ValueError, match="this is no resume token of this version"):
        ResumeToken.parse(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([field.name for field in fields(ResumeToken)] + ["version"])


@given(st.dictionaries(NAMES, JSON, max_size=3))
def test_what_is_taken_for_a_token_is_a_whole_one(members: dict[str, Any]) -> None:
    try:
        found = ResumeToken.parse(changed(**members))
    except ValueError:
        return
    assert ResumeToken.parse(str(found)) == found


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(ValueError):
        ResumeToken.parse(text)


@given(st.integers(0, 400))
def test_a_token_that_was_cut_is_none(length: int) -> None:
    text = str(TOKEN)
    with pytest.raises(ValueError):
        ResumeToken.parse(text[: min(length, len(text) - 1)])


KEY = IdempotencyScheme("key", "Idempotency-Key", max_length=64)
REGISTRY = replace(errors.REGISTRY, api=replace(errors.REGISTRY.api, idempotency={"key": KEY}))
PARAMETERS = (
    Parameter("id", "id", "path", str, required=True, style="simple", explode=False),
    Parameter("lang", "lang", "query", str),
    Parameter("account", "X-Account", "header", str),
    Parameter("session", "session", "cookie", str),
)


def contract(media_type: str, kind: Any, name: str = "pay", path: str = "/pay/{id}") -> OperationContract:
    return OperationContract(name, "POST", path, body=Body(media_type, kind), parameters=PARAMETERS, idempotency="key")


PAY = contract("application/json", dict[str, Any])
FORM = contract("multipart/form-data", dict[str, Any])
SEND = contract("application/octet-stream", bytes)


def made(
    operation: OperationContract = PAY, key: str = "k-1", base: str = "https://x.test", **arguments: Any
) -> Outgoing:
    options = CallOptions(headers={"X-Trace": str(len(base))})
    call: Call[Any, Any] = Call(
        operation, {"id": "1", "body": {"amount": "1"}, **arguments}, idempotency_key=key, options=options
    )
    return Outgoing(REGISTRY, Base(base), call, "application/json")


def fingerprint(operation: OperationContract = PAY, key: str = "k-1", **arguments: Any) -> str:
    return made(operation, key, **arguments).fingerprint()


OTHERS: dict[str, Callable[[], str]] = {
    "body": lambda: fingerprint(body={"amount": "2"}),
    "key": lambda: fingerprint(key="k-2"),
    "path": lambda: fingerprint(id="2"),
    "query": lambda: fingerprint(lang="en"),
    "another query": lambda: fingerprint(lang="de"),
    "operation": lambda: fingerprint(contract("application/json", dict[str, Any], "refund")),
    "template": lambda: fingerprint(contract("application/json", dict[str, Any], path="/pay/{id}/x")),
    "media type": lambda: fingerprint(contract("application/x+json", dict[str, Any])),
    "form": lambda: fingerprint(FORM),
    "another form": lambda: fingerprint(FORM, body={"amount": "2"}),
    "no body": lambda: fingerprint(replace(PAY, body=None)),
    "base URL": lambda: fingerprint(base="https://elsewhere.test/v2"),
    "header": lambda: fingerprint(account="a-1"),
    "another header": lambda: fingerprint(account="a-2"),
    "cookie": lambda: fingerprint(session="a-1"),
    "another cookie": lambda: fingerprint(session="a-2"),
    "shifted": lambda: fingerprint(contract("application/json", dict[str, Any], "payk"), key="-1"),
}


def test_another_request_has_another_hash() -> None:
    known = [fingerprint(), *(other() for other in OTHERS.values())]
    assert len(set(known)) == len(known)


@pytest.mark.parametrize("operation", [PAY, FORM], ids=["JSON", "multipart"])
def test_the_same_request_has_the_same_hash(operation: OperationContract) -> None:
    assert fingerprint(operation) == fingerprint(operation)


def test_files_of_a_form_count_with_their_content() -> None:
    def form(content: bytes, name: str = "a.txt") -> str:
        return fingerprint(FORM, body={"file": Upload(content, name)})

    assert form(b"abc") == form(b"abc")
    assert len({form(b"abc"), form(b"abd"), form(b"abc", "b.txt")}) == 3


def test_files_that_can_be_rewound_count_with_their_content() -> None:
    assert fingerprint(SEND, body=io.BytesIO(b"abc")) == fingerprint(SEND, body=io.BytesIO(b"abc"))
    assert fingerprint(SEND, body=io.BytesIO(b"abc")) != fingerprint(SEND, body=io.BytesIO(b"abd"))
    assert fingerprint(SEND, body=io.BytesIO(b"abc")) != fingerprint(SEND, body=io.BytesIO(b"abcd"))
    assert fingerprint(SEND, body=b"abc") != fingerprint(SEND, body=b"abd")


def test_what_can_be_read_but_once_is_not_read_for_its_hash() -> None:
    def chunks() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    assert fingerprint(SEND, body=chunks()) == fingerprint(SEND, body=chunks())
    assert fingerprint(SEND, body=chunks()) != fingerprint(SEND, body=b"")


def test_a_file_is_hashed_from_where_it_stood_and_left_to_be_sent_from_there() -> None:
    opened = io.BytesIO(b"skipped" + b"abc")
    opened.seek(7)
    outgoing = made(SEND, body=opened)
    assert outgoing.fingerprint() == fingerprint(SEND, body=io.BytesIO(b"abc"))
    content = outgoing.signed(Authorization()).body
    assert isinstance(content, Payload) and b"".join(content.chunks()) == b"abc"


def test_what_leaves_the_process_cannot_be_tried_out() -> None:
    outgoing = made()
    known = outgoing.fingerprint()
    slow = hashlib.pbkdf2_hmac("sha256", known.encode(), b"k-1", 20_000).hex()
    assert outgoing.slow_hash() == slow != known
    outgoing.renew_key()
    assert outgoing.slow_hash() not in (slow, outgoing.fingerprint())


def test_no_content_stands_in_a_hash() -> None:
    for found in (fingerprint(), fingerprint(FORM), fingerprint(SEND, body=b"abc")):
        assert len(found) == 64 and not set(found) - set("0123456789abcdef")


def test_hashes_of_the_same_content_under_two_keys_say_nothing_of_each_other() -> None:
    assert fingerprint(key="k-1", body={"card": "1"}) != fingerprint(key="k-2", body={"card": "1"})


ELSEWHERE = """
import test_tokens
print(test_tokens.fingerprint(), test_tokens.fingerprint(test_tokens.FORM))
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_makes_the_same_hash(seed: str, checkout: Path) -> None:
    here = Path(__file__).parent
    path = [str(checkout / "generator"), str(here), str(checkout / "tests")]
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONPATH": ":".join(path), "PYTHONHASHSEED": seed},
        check=True,
    )
    assert ran.stdout.split() == [fingerprint(), fingerprint(FORM)]
