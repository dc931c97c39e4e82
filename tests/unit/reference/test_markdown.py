"""The converter that brings a document's text into Markdown: what it makes shows that text and carries nothing live."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sadpath.reference.markdown import block, cell_code, code, inline, line, prose, visible
from sadpath.reference.policies import duration, policy_phrase
from sadpath.runtime.contract import Policy

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_LIVE = {
    "html_inline",
    "html_block",
    "link_open",
    "image",
    "em_open",
    "strong_open",
    "heading_open",
    "hr",
    "blockquote_open",
}


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for token in _PARSER.parse(text):
        found.append(token)
        found.extend(token.children or [])
    return found


@given(st.text())
@example("<script>alert(1)</script>")
@example("[x](javascript:alert(1)) ![y](z) <http://a.b>")
@example("&lt;img&gt; ~~a~~ **b** _c_ `d`")
def test_inline_text_is_one_paragraph_of_plain_text(text: str) -> None:
    tokens = _tokens(f"x {inline(text)}")
    assert not {token.type for token in tokens} & (_LIVE | {"code_inline"})
    shown = "".join(token.content for token in tokens if token.type == "text")
    assert shown.split() == ["x", *visible(text).split()]


@given(st.text())
@example("<script>\n\n<b>")
@example("- a\n- <i>b</i>\n\n1. c\n\n# d\n\n---\n\n> e")
@example("`code` and `<b>`")
def test_prose_carries_nothing_live(text: str) -> None:
    assert not {token.type for token in _tokens(prose(text))} & _LIVE


@given(st.text())
@example("`a|b` | <b> `")
def test_a_line_carries_nothing_live_and_stays_in_its_cell(text: str) -> None:
    assert not {token.type for token in _tokens(f"x {line(text)}")} & _LIVE
    assert _PARSER.render(f"| a |\n|---|\n| x {line(text)} |\n").count("<td>") == 1


@given(st.text())
@example("``` a ` b")
def test_code_spans_show_their_text(text: str) -> None:
    tokens = _tokens(f"x {code(text)}")
    spans = [token for token in tokens if token.type == "code_inline"]
    assert len(spans) == 1
    assert spans[0].content.split() == visible(text).split()


@given(st.text())
@example("```\nx\n````")
def test_blocks_cannot_be_left(text: str) -> None:
    tokens = [token for token in _PARSER.parse(block(text, "http")) if token.type != "inline"]
    assert [token.type for token in tokens] == ["fence"]


def test_a_bar_does_not_end_a_cell() -> None:
    rendered = _PARSER.render(f"| a |\n|---|\n| {cell_code('x|y')} |\n")
    assert rendered.count("<td>") == 1


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.25, "250 ms"), (1.0, "1 s"), (90.0, "90 s"), (1800.0, "30 min"), (86400.0, "24 h")]
)
def test_durations_are_spelt_in_whole_units(seconds: float, expected: str) -> None:
    assert duration(seconds, "en") == expected


def test_policies_are_said_in_words() -> None:
    policy = Policy("p", "fibonacci", cap=300.0, max_elapsed=1800.0, on_exhausted="contact_support")
    assert policy_phrase(policy, "en") == (
        "Intervals that grow like the Fibonacci numbers, starting at 1 s, at most 5 min apart, for at most 30 min, then ask support."
    )
    assert policy_phrase(policy, "ru").startswith("Повторяйте через промежутки, растущие как числа Фибоначчи")
