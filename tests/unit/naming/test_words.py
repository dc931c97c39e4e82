"""Words and identifiers: what a name of a document becomes, whatever it holds and in whatever order it comes."""

from __future__ import annotations

import keyword
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.naming.scope import LONGEST, allocate
from sadpath.naming.words import pascal, snake, spelt_apart, spoken, upper_snake, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("createdAt.gte", ("created", "At", "gte")),
        ("HTTPServerError", ("HTTP", "Server", "Error")),
        ("PaymentMethodB2bSberbank", ("Payment", "Method", "B2b", "Sberbank")),
        ("3d_secure_failed", ("3d", "secure", "failed")),
        ("Idempotence-Key", ("Idempotence", "Key")),
        ("платёж", ("platezh",)),
        ("", ()),
        ("+-", ()),
    ],
)
def test_text_is_split_into_ascii_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_styles() -> None:
    assert snake("createdAt.gte") == "created_at_gte"
    assert snake("sha1_hash") == "sha1_hash"
    assert pascal("payment_method.id") == "PaymentMethodId"
    assert pascal("HTTPError") == "HTTPError"
    assert upper_snake("waiting-for-capture") == "WAITING_FOR_CAPTURE"
    assert spoken("5+") == ("5", "plus")


def test_of_colliding_names_the_one_spelt_so_keeps_the_name() -> None:
    found = allocate({name: name for name in ("foo", "Foo", "FOO")}, snake, prefix="field")
    assert found == {"foo": "foo", "FOO": "foo_2", "Foo": "foo_3"}


def test_keywords_reserved_words_digits_and_emptiness() -> None:
    wanted = {name: name for name in ("class", "copy", "3d", "", "🙂")}
    found = allocate(wanted, snake, reserved={"copy"}, prefix="field")
    assert found["class"] == "class_"
    assert found["copy"] == "copy_"
    assert found["3d"] == "field_3d"
    assert (found[""], found["🙂"]) == ("field", "slightly_smiling_face")


def test_names_are_no_longer_than_names_of_files_may_be() -> None:
    long = ["a" * 300, "a" * 301, "b" + "a" * 300]
    found = allocate({name: name for name in long}, snake, prefix="field")
    assert len(set(found.values())) == 3 and all(len(name) == LONGEST for name in found.values())


def test_punctuation_is_read_out_where_nothing_else_tells_names_apart() -> None:
    wanted = {name: name for name in ("a.b", "a/b", "a_b", "+1", "-1", "kebab-case", "camelCase", "camel_case")}
    found = allocate(spelt_apart(wanted, snake), snake, prefix="field")
    assert [found["a.b"], found["a/b"], found["a_b"]] == ["a_dot_b", "a_slash_b", "a_b"]
    assert [found["+1"], found["-1"], found["kebab-case"]] == ["plus_1", "minus_1", "kebab_case"]
    assert [found["camel_case"], found["camelCase"]] == ["camel_case", "camel_case_2"]


@given(st.lists(st.text(max_size=12), unique=True, max_size=12), st.randoms())
def test_allocation_is_unique_legal_and_independent_of_order(raw: list[str], chance: random.Random) -> None:
    first = allocate({name: name for name in raw}, snake, reserved={"self"}, prefix="field")
    shuffled = list(raw)
    chance.shuffle(shuffled)
    assert allocate({name: name for name in shuffled}, snake, reserved={"self"}, prefix="field") == first
    assert len(set(first.values())) == len(raw)
    for name in first.values():
        assert name.isidentifier() and name.isascii() and not keyword.iskeyword(name) and name != "self"
