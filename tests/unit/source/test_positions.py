"""JSON Pointers to lines and columns, in YAML, JSON and TOML."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report, Span
from sadpath.source import pointer as pointers
from sadpath.source.loader import parse_text
from sadpath.source.place import Place
from sadpath.source.text import Source
from sadpath.source.tree import lookup, walk

YAML = """\
openapi: 3.1.0
paths:
  /pets/{id}:
    get: &get
      tags: [a, "b c"]
      200: ok
    put: *get
    post:
      <<: *get
      x: |
        two
        lines
"""


def source_of(text: str, path: str = "d.yaml") -> Source:
    source = parse_text(path, text, Report())
    assert source is not None
    return source


def text_at(source: Source, span: Span) -> str:
    """What a span covers, cut at the end of its first line."""
    line = source.line(span.line)
    return line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else line[span.column - 1 :]


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("/openapi", "3.1.0", "openapi"),
        ("/paths/~1pets~1{id}/get/tags", '[a, "b c"]', "tags"),
        ("/paths/~1pets~1{id}/get/tags/1", '"b c"', '"b c"'),
        ("/paths/~1pets~1{id}/get/200", "ok", "200"),
        ("/paths/~1pets~1{id}/put", "*get", "put"),
        ("/paths/~1pets~1{id}/put/200", "ok", "200"),
        ("/paths/~1pets~1{id}/post/tags/0", "a", "a"),
        ("/paths/~1pets~1{id}/post/x", "|", "x"),
    ],
)
def test_spans_of_values_and_keys(pointer: str, value: str, key: str) -> None:
    source = source_of(YAML)
    place = Place(source, pointer)
    assert text_at(source, place.span()) == value
    assert text_at(source, place.span(key=True)) == key


def test_focus_is_the_scalar_or_the_key_of_a_collection() -> None:
    source = source_of(YAML)
    place = Place(source, "/paths/~1pets~1{id}")
    assert text_at(source, place.focus()) == "/pets/{id}"
    assert text_at(source, place.child("get", "200").focus()) == "ok"
    assert text_at(source, place.child("get", "200").key().focus()) == "200"
    assert place.focus() == Span("d.yaml", 3, 3, 3, 13)
    assert Place(source).focus() == Span("d.yaml", 1, 1, 1, 2)


def test_a_pointer_to_nothing_is_at_its_nearest_ancestor() -> None:
    source = source_of(YAML)
    nowhere = Place(source, "/paths/~1pets~1{id}/get/responses/404")
    assert nowhere.span(key=True) == Place(source, "/paths/~1pets~1{id}/get").span(key=True)


def test_lines_are_counted_as_editors_do() -> None:
    source = source_of('a: "\u2028"\r\nb: "x\u0085y"\rc: 1\n')
    assert Place(source, "/c").span().line == 3


def test_columns_count_characters() -> None:
    source = source_of("{ключ: значение, b: 1}")
    assert Place(source, "/b").span() == Span("d.yaml", 1, 21, 1, 22)


def test_json_positions() -> None:
    source = source_of('{\n\t"a\\"b": [1, {"c": "\\ud83d\\ude00,]"}],\n\t"d": 2\n}', "d.json")
    assert text_at(source, Place(source, '/a"b').span(key=True)) == '"a\\"b"'
    assert text_at(source, Place(source, '/a"b/1/c').span()) == '"\\ud83d\\ude00,]"'
    assert Place(source, "/d").span() == Span("d.json", 3, 7, 3, 8)


def test_toml_positions() -> None:
    text = '[tool.x]\nout = "a"  # note\nmulti = """\n[tool.y]\n"""\n[tool."a.b"]\nk.l = {m = 1}\n[[list]]\nn = 1\n[[list]]\nn = 2\n'
    source = source_of(text, "d.toml")
    assert text_at(source, Place(source, "/tool/x/out").span()) == '"a"'
    assert Place(source, "/tool/x/out").span(key=True).line == 2
    assert text_at(source, Place(source, "/tool/a.b/k/l/m").focus()) == "k.l"
    assert Place(source, "/list/1/n").span().line == 11
    assert Place(source, "/tool/y").span(key=True) == Place(source, "/tool").span(key=True)


def test_places_are_equal_by_path_and_pointer() -> None:
    one, other = Place(Source("a.yaml", "x"), "/b"), Place(Source("a.yaml", "y"), "/b")
    assert one == other and hash(one) == hash(other)
    assert one != Place(Source("b.yaml", "x"), "/b") and one != one.child("c")
    assert one == one.key()


def test_value_at_a_place() -> None:
    place = Place(source_of(YAML), "/paths")
    assert place.child("/pets/{id}", "get", "tags", 1).value == "b c"
    with pytest.raises(KeyError):
        _ = place.child("nothing").value


@given(st.lists(st.text(max_size=10), max_size=5))
def test_pointers_round_trip(tokens: list[str]) -> None:
    pointer = pointers.join("", *tokens)
    assert pointers.split(pointer) == tuple(tokens)
    assert pointers.is_valid(pointer)


printable = st.text(alphabet=st.characters(exclude_categories=("C", "Z")), max_size=6)
trees = st.recursive(
    st.integers(0, 99) | printable,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(printable, inner, max_size=3),
)


@given(trees, st.sampled_from(["d.yaml", "d.json"]), st.sampled_from([None, 2]))
def test_positions_point_at_the_text_of_each_value(tree: Any, path: str, indent: int | None) -> None:
    text = json.dumps([tree], ensure_ascii=False, indent=indent)
    source = source_of(text, path)
    lines = text.split("\n")
    for pointer, value in walk(source.tree):
        span = Place(source, pointer).span()
        assert (span.path, lookup(source.tree, pointer)) == (path, (value,))
        covered = lines[span.line - 1 : span.end_line]
        covered[-1] = covered[-1][: span.end_column - 1]
        covered[0] = covered[0][span.column - 1 :]
        assert json.loads("\n".join(covered)) == value
