"""Findings as text: the frame, the order, and that no document reaches the terminal unfiltered."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sadpath.diagnostics import Related, Report, Rule, Severity, did_you_mean, listed, quote, suggestion
from sadpath.diagnostics.registry import all_rules
from sadpath.diagnostics.render import render_concise, render_full
from sadpath.source.loader import parse_text
from sadpath.source.place import Place, Spot
from sadpath.source.text import Source

RULE = Rule("SP999", "test", Severity.ERROR, "A test.", "Because.", "Help yourself.")
HINT = Rule("SP998", "hint", Severity.INFO, "A hint.", "Because.", "None needed.")


def source_of(text: str) -> Source:
    source = parse_text("a.yaml", text, Report())
    assert source is not None
    return source


def test_full_frame() -> None:
    source = source_of("a:\n  b: [one, two]\n" + "# filler\n" * 7 + "c: 3\n")
    report = Report()
    related = Related(Place(source, "/a/b/1"), "compare this")
    report.add(RULE, "three is wrong", Place(source, "/c"), help="write 4", related=[related])
    assert render_full(report.diagnostics) == (
        "error[SP999]: three is wrong\n"
        "  --> a.yaml:10:4\n"
        "   |\n"
        "10 | c: 3\n"
        "   |    ^\n"
        "   = at #/c\n"
        "   = why: Because.\n"
        "   = help: write 4\n"
        "note: compare this\n"
        " --> a.yaml:2:12\n"
        "  |\n"
        "2 |   b: [one, two]\n"
        "  |            ^^^\n"
    )


def test_without_a_place() -> None:
    report = Report()
    report.add(HINT, "just so")
    assert render_full(report.diagnostics) == "info[SP998]: just so\n  = why: Because.\n  = help: None needed.\n"
    assert render_concise(report.diagnostics) == "sadpath: SP998 just so\n"
    assert not report.failed and report.count(Severity.INFO) == 1


def test_a_rule_is_explained_once() -> None:
    report = Report()
    for message in ("one", "two"):
        report.add(RULE, message)
        report.add(HINT, message)
    assert render_full(report.diagnostics).count("= why: Because.\n") == 2
    assert render_full(report.diagnostics).count("= help: ") == 4


def test_an_item_is_underlined_as_a_whole_and_a_document_at_its_start() -> None:
    source = source_of("a:\n  - {b: 1}\n  - c: 2\n    d: 3\n")
    report = Report()
    for pointer in ("", "/a", "/a/0", "/a/1"):
        report.add(RULE, "x", Place(source, pointer))
    marks = [line.strip(" |") for line in render_full(report.diagnostics).splitlines() if "^" in line]
    assert sorted(marks) == ["^", "^", "^" * 4, "^" * 6]


def test_concise() -> None:
    source = source_of("a: 1\nb: 2\n")
    report = Report()
    report.add(RULE, "second", Place(source, "/b"))
    report.add(HINT, "first", Place(source, "/a"))
    assert render_concise(report.diagnostics) == "a.yaml:1:4: SP998 first\na.yaml:2:4: SP999 second\n"
    assert report.failed


def test_the_same_finding_twice_is_one() -> None:
    source = source_of("a: 1\n")
    report = Report()
    for _ in range(2):
        report.add(RULE, "again", Place(source, "/a"))
        report.add(RULE, "again", Spot(source, 0, 1))
    report.extend(report.diagnostics)
    assert len(report.diagnostics) == 2


def test_wide_characters_and_tabs_do_not_shift_the_underline() -> None:
    report = Report()
    report.add(RULE, "x", Place(source_of("{日本: a,\tb: here}"), "/b"))
    lines = render_full(report.diagnostics).splitlines()
    assert lines[3] == "1 | {日本: a,    b: here}"
    assert lines[4].index("^") == len("1 | {日本: a,    b: ") + 2


def test_a_long_line_is_cut_around_the_stretch() -> None:
    report = Report()
    text = '{"pad": "' + "x" * 5000 + '", "key": "value", "more": "' + "y" * 5000 + '"}'
    report.add(RULE, "x", Place(source_of(text), "/key"))
    lines = render_full(report.diagnostics).splitlines()
    assert len(lines[3]) < 140 and lines[3].startswith("1 | …") and lines[3].endswith("…")
    start = lines[4].index("^")
    assert lines[3][start : start + len('"value"')] == '"value"' and lines[4].count("^") == len('"value"')


def test_colour_is_asked_for() -> None:
    report = Report()
    report.add(RULE, "x", Place(source_of("a: 1"), "/a"))
    assert "\x1b[1;31merror[SP999]\x1b[0m" in render_full(report.diagnostics, color=True)
    assert "\x1b" not in render_full(report.diagnostics)


def test_hostile_text_is_made_visible() -> None:
    hostile = "\x1b[31mred\u202eevil\u2066\u200b\x07"
    source = Source("evil\x1b]0;x\x07.yaml", f"{hostile}: {hostile}")
    report = Report()
    report.add(RULE, f"found {hostile}", Spot(source, 0, 5), help=hostile)
    text = render_full(report.diagnostics) + render_concise(report.diagnostics)
    assert "\\u{1B}[31mred\\u{202E}evil\\u{2066}\\u{200B}\\u{7}" in text
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    kinds = {unicodedata.category(character) for character in text.replace("\n", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_no_text_reaches_the_terminal_unfiltered(text: str, start: int, length: int) -> None:
    source = Source(f"{text}.yaml", text)
    start = min(start, len(text))
    report = Report()
    report.add(RULE, text, Spot(source, start, min(start + length, len(text))))
    assert_harmless(render_full(report.diagnostics) + render_concise(report.diagnostics))


def test_did_you_mean() -> None:
    assert did_you_mean("operationid", ["operationId", "tags"]) == "operationId"
    assert did_you_mean("pakage", ["package", "runtime"]) == "package"
    assert did_you_mean("zebra", ["package", "runtime"]) is None
    assert did_you_mean("", ["a"]) is None
    assert did_you_mean("x" * 10_000, ["x" * 9_999]) is None
    assert suggestion("pet", ["Pet"]) == 'did you mean "Pet"?'
    assert suggestion("pet", []) is None


def test_words() -> None:
    assert quote("a\nb") == '"a\\nb"'
    assert len(quote("x" * 1000)) <= 82
    assert listed(["a"]) == '"a"'
    assert listed(["a", "b", "c"]) == '"a", "b" or "c"'
    assert listed(["a", "b"], conjunction="and") == '"a" and "b"'
    assert listed("abcdefghij", limit=4) == '"a", "b", "c" and 7 more'


def test_every_rule_explains_itself() -> None:
    rules = all_rules()
    assert list(rules) == sorted(rules)
    for code, rule in rules.items():
        assert code.startswith("SP") and len(code) == 5
        for sentence in (rule.summary, rule.why, rule.help):
            assert sentence[0].isupper() or sentence.startswith(("sadpath", "openapi-spec-validator"))
            assert sentence.endswith((".", ".)")), sentence
