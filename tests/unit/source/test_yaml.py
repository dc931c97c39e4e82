"""YAML to plain trees: which values plain scalars have, and every text that is refused, with its place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Diagnostic, Report
from sadpath.diagnostics.render import render_full
from sadpath.source.loader import parse_bytes, parse_text


def tree_of(text: str, path: str = "document.yaml") -> Any:
    report = Report()
    source = parse_text(path, text, report)
    assert source is not None and report.diagnostics == ()
    return source.tree


def findings(data: str | bytes, path: str = "document.yaml") -> tuple[Diagnostic, ...]:
    report = Report()
    parse_bytes(path, data.encode() if isinstance(data, str) else data, report)
    return report.diagnostics


def places(data: str | bytes, path: str = "document.yaml") -> list[tuple[str, int, int]]:
    spans = [(one.rule.code, one.place.focus()) for one in findings(data, path) if one.place is not None]
    return [(code, span.line, span.column) for code, span in spans]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("2024-01-31", "2024-01-31"),
        ("2024-99-99", "2024-99-99"),
        ("12:30:45", "12:30:45"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("-7", -7),
        ("+7", 7),
        ("1.10", Decimal("1.10")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal("1000")),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", Decimal(1)),
        ("! 12", "12"),
    ],
)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    found = tree_of(f"key: {text}\n")["key"]
    assert found == value
    assert type(found) is type(value)


def test_decimals_keep_their_digits() -> None:
    assert str(tree_of("price: 1.10")["price"]) == "1.10"


def test_keys_are_text_as_written() -> None:
    tree = tree_of("200: a\n4XX: b\ntrue: c\nnull: d\n1.0: e\n")
    assert list(tree) == ["200", "4XX", "true", "null", "1.0"]


def test_anchors_aliases_and_merge_keys() -> None:
    tree = tree_of("a: &a {x: 1, y: 2}\nb: &b {y: 3}\nc: {<<: [*a, *b], z: 4}\nd: {y: 9, <<: *a}\ne: *a\n")
    assert tree["c"] == {"x": 1, "y": 2, "z": 4}
    assert tree["d"] == {"x": 1, "y": 9}
    assert tree["e"] == {"x": 1, "y": 2}


def test_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    report = Report()
    source = parse_bytes("document.yaml", b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n", report)
    assert source is not None and not report.failed
    assert source.tree == {"a": 1, "b": "x\ny\n"}


def test_duplicate_keys_are_all_found_and_the_first_counts() -> None:
    report = Report()
    source = parse_text("d.yaml", "a: 1\nb: {x: 1, x: 2}\n'a': 3\n200: 1\n'200': 2\n", report)
    assert source is not None and source.tree == {"a": 1, "b": {"x": 1}, "200": 1}
    spans = [one.place.focus() for one in report.diagnostics if one.place is not None]
    assert [(span.line, span.column) for span in spans] == [(2, 11), (3, 1), (5, 1)]
    first = report.diagnostics[0].related[0]
    assert first.message == "first written here" and first.place.focus().column == 5


def test_the_same_key_of_a_merged_mapping_is_no_duplicate() -> None:
    assert tree_of("a: &a {x: 1}\nb: {<<: *a, x: 2}\n")["b"] == {"x": 2}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a:\n\tb: 1\n", [("SP103", 2, 1)]),
        ("a: [1\nb: 2\n", [("SP103", 2, 2)]),
        ("a: 1\n b: 2\n", [("SP103", 2, 3)]),
        ("a: 'x\n", [("SP103", 2, 1)]),
        ("a: *nowhere\n", [("SP108", 1, 4)]),
        ("a: &a [*a]\n", [("SP108", 1, 8)]),
        ("a: 1\n---\nb: 2\n", [("SP109", 2, 1)]),
        ("? [a]\n: 1\n", [("SP110", 1, 3)]),
        ("a: !include x.yaml\n", [("SP111", 1, 4)]),
        ("a: !!int x\n", [("SP111", 1, 4)]),
        ("a: 1e99999\n", [("SP112", 1, 4)]),
        ("a: " + "1" * 5000 + "\n", [("SP112", 1, 4)]),
        ("a: {<<: 1}\n", [("SP114", 1, 9)]),
        ("", [("SP113", 1, 1)]),
        ("# only a comment\n", [("SP113", 1, 1)]),
        (b"a: \x00\x1b[31m\n", [("SP102", 1, 4), ("SP102", 1, 5)]),
        (b"\xff\xfea\x00:\x00", [("SP101", 1, 1)]),
        (b"\xfe\xff\x00a\x00:", [("SP101", 1, 1)]),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", [("SP101", 1, 1)]),
        (b"a: 1\nb: caf\xe9\n", [("SP101", 2, 7)]),
        (b"a\x00:\x00 \x00\xe9\x00", [("SP101", 1, 7)]),
        ("[" * 600 + "]" * 600, [("SP106", 1, 501)]),
        ("[" * 200_000, [("SP106", 1, 501)]),
    ],
)
def test_what_is_refused_and_where(data: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    assert places(data) == expected
    text = render_full(findings(data))
    assert "--> document.yaml:" in text and "help: " in text


def test_five_hundred_levels_are_allowed() -> None:
    assert places("[" * 500 + "]" * 500) == []


def test_nesting_through_aliases_is_counted() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 550)]
    assert [code for code, *_ in places("\n".join(lines))] == ["SP106"]


def test_an_alias_bomb_is_refused_before_it_expands() -> None:
    lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1,1]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert [code for code, *_ in places("\n".join(lines))] == ["SP107"]


def test_a_tab_has_help_of_its_own() -> None:
    (finding,) = findings("a:\n  b: 1\n\tc: 2\n")
    assert finding.message == "a tab can't indent"
    assert "spaces" in finding.remedy


def test_a_syntax_error_names_where_the_construct_started() -> None:
    (finding,) = findings("paths:\n  /a: {get: [\nother: 1\n")
    assert finding.related and finding.related[0].place.focus().line == 2


def test_several_findings_at_once() -> None:
    assert [code for code, *_ in places("a: 1\na: 2\nb: !x 1\nc: 1e99999\n")] == ["SP105", "SP111", "SP112"]


scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=20)
json_trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


def is_writable(tree: Any) -> bool:
    """Control characters and other line separators than LF are tested elsewhere."""
    return all(character.isprintable() for character in json.dumps(tree, ensure_ascii=False))


@given(json_trees.filter(is_writable))
def test_json_text_reads_the_same_as_yaml_and_as_json(tree: Any) -> None:
    text = json.dumps({"root": tree}, ensure_ascii=False)
    expected = json.loads(text, parse_float=Decimal)
    assert tree_of(text, "d.json") == expected
    assert tree_of(text, "d.yaml") == expected


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"# \n\t<,?%@0", max_size=60).map(str.encode))
def test_no_bytes_lead_to_an_exception(data: bytes) -> None:
    for path in ("d.yaml", "d.json", "d.toml"):
        report = Report()
        source = parse_bytes(path, data, report)
        assert source is not None or report.failed
        render_full(report.diagnostics)
