"""Our YAML is PyYAML's, byte for byte."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Report
from sadpath.reference.block_yaml import block_lines, block_yaml
from sadpath.reference.invisible import INVISIBLE
from sadpath.reference.written import Written
from sadpath.source.loader import parse_text


class Dumper(yaml.SafeDumper):
    """PyYAML's emitter in pure Python, with Decimals exact and nothing repeated by anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_DOUBLE = re.compile(f"{INVISIBLE.pattern}|[\x85\u2028\u2029]")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
# What is a number in YAML 1.2 alone is text that needs quotes, too.
Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"^(?:{NUMBER.pattern})$"), list("-+.0123456789"))


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    node = yaml.SafeDumper.represent_str(dumper, value)
    return yaml.ScalarNode(node.tag, node.value, style='"') if _DOUBLE.search(value) else node


def _decimal(_: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value, "f")
    return yaml.ScalarNode("tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int", text)


Dumper.add_representer(Decimal, _decimal)
Dumper.add_representer(str, _text)


def dumped(tree: Any) -> str:
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)


PIECES = (
    *"abcxyz019 -?:,[]{}#&*!|>'\"%@`~=<._/\\$",
    *"\t\n\r\0\x07\x1b\x7f\x85\xa0\xad\u2028\u2029\ufeff\ufffe\u202eéя中😀\U0010ffff\ud800",
    *(
        " ",
        "  ",
        ": ",
        " #",
        "\n\n",
        " \n",
        "\n ",
        "---",
        "...",
        "null",
        "true",
        "on",
        "y",
        "1e5",
        "0x1F",
        "2020-01-01",
    ),
    *("<<", "word", "another word, and ", "a" * 40, "it's ", '"so" ', "é" * 30, "one two three four five six seven "),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
SCALARS = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
TREES = st.dictionaries(
    TEXTS, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))
)


def written(tree: dict[str, Any]) -> str:
    return block_yaml(tree).decode()


@given(TREES.filter(bool))
def test_what_is_in_lines_already_stands_as_it_would(tree: dict[str, Any]) -> None:
    whole = block_yaml({"a": {"b": tree, "c": 1}, "d": [tree]}, header="# h\n", escaped=True)
    assert block_yaml({"a": {"b": block_lines(tree, 2), "c": 1}, "d": [tree]}, header="# h\n", escaped=True) == whole
    assert isinstance(block_lines(tree, 2), Written)


@given(TREES)
def test_any_tree(tree: dict[str, Any]) -> None:
    assert written(tree) == dumped(tree)


def nested(value: Any, levels: int) -> dict[str, Any]:
    for level in range(levels):
        value = {"key": [value]} if level % 2 else {"k" * level: value}
    return {"top": value}


@pytest.mark.parametrize("levels", [0, 20, 45])
@pytest.mark.parametrize("separator", [" ", "  ", "\n", " \n", "\n\n  ", "'", '"', "\t", "é ", "\u200b ", ", "])
def test_long_texts_deep_inside(separator: str, levels: int) -> None:
    texts = [separator.join("word" * (1 + index % 3) for index in range(length)) for length in range(1, 60, 9)]
    tree = nested(texts, levels)
    assert written(tree) == dumped(tree)


@pytest.mark.parametrize("length", [117, 121, 122, 123, 127, 128, 300])
def test_long_keys_have_a_line_of_their_own(length: int) -> None:
    value = {"inner": [1, {"a": "b"}], "list": [[1, 2], [{"x": 1}]], "empty": [{}, []]}
    for key in ("k" * length, "k l " * (length // 4), "é\t" * (length // 2), "'" * length):
        tree = {key: value, key + "2": [1, {key: "text " * 40}], key + "3": [], "x": {key: "text"}}
        assert written(tree) == dumped(tree)


def test_words_that_read_as_something_else_are_quoted() -> None:
    words = [
        "null",
        "~",
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "1",
        "1.0",
        "1_0",
        "1e5",
        "0o7",
        "1:30",
        "=",
        "<<",
        "",
        "-",
        "? ",
    ]
    assert written(dict.fromkeys(words, words)) == dumped(dict.fromkeys(words, words))


def test_what_is_a_number_for_yaml_1_2_is_read_back_as_text() -> None:
    words = ["08", "1e3", "0o7", "-.5", ".5e3", "1E5", "0x1F", "5.", "+3"]
    text = written({"words": words, "08": 8})
    assert all(f"'{word}'" in text for word in words) and "'08': 8" in text
    source = parse_text("words.yaml", text, Report())
    assert source is not None and source.tree == {"words": words, "08": 8}


def test_line_breaks_of_yaml_1_1_come_back() -> None:
    tree = {"text": "a\x85]b\u2028c\u2029"}
    source = parse_text("text.yaml", written(tree), Report())
    assert source is not None and source.tree == tree


def test_an_empty_document() -> None:
    assert written({}) == dumped({})
