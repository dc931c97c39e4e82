"""JSON to plain trees: strict, exact in numbers, and with places."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sadpath.diagnostics import Report
from sadpath.source.loader import parse_text


def places(text: str) -> list[tuple[str, int, int]]:
    report = Report()
    parse_text("d.json", text, report)
    spans = [(one.rule.code, one.place.focus()) for one in report.diagnostics if one.place is not None]
    return [(code, span.line, span.column) for code, span in spans]


def test_numbers_keep_their_digits() -> None:
    report = Report()
    source = parse_text("d.json", '\ufeff{"a": 1.10, "b": 12, "c": 1e2}', report)
    assert source is not None and source.tree == {"a": Decimal("1.10"), "b": 12, "c": Decimal("1e2")}
    assert str(source.tree["a"]) == "1.10"


def test_pairs_of_surrogates_are_one_character() -> None:
    report = Report()
    source = parse_text("d.json", r'{"\ud83d\ude00": "\ud83d\ude00\/"}', report)
    assert source is not None and source.tree == {"\U0001f600": "\U0001f600/"}
    assert not report.failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,}', [("SP104", 1, 9)]),
        ('{\n  "a": 1\n  "b": 2\n}', [("SP104", 3, 3)]),
        ("{'a': 1}", [("SP104", 1, 2)]),
        ('{"a": NaN, "b": "NaN"}', [("SP104", 1, 7)]),
        ('{"b": "-Infinity", "a": -Infinity}', [("SP104", 1, 25)]),
        ('{"b": "1e99999", "a": 1e99999}', [("SP112", 1, 23)]),
        ('{"a": 1, "b": {"a": 1},\n "a": 2}', [("SP105", 2, 2)]),
        (r'{"a": "\ud83d"}', [("SP115", 1, 7)]),
        ("[" * 600 + "]" * 600, [("SP106", 1, 600)]),
        ("[" * 200_000, [("SP106", 1, 200_000)]),
        ("", [("SP113", 1, 1)]),
        ("// comment\n{}", [("SP104", 1, 1)]),
    ],
)
def test_what_is_refused_and_where(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert places(text) == expected


def test_the_first_of_duplicate_keys_counts() -> None:
    report = Report()
    source = parse_text("d.json", '{"a": 1, "b": 2, "a": 3}', report)
    assert source is not None and source.tree == {"a": 1, "b": 2}
