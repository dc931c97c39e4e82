"""Modules laid out here are what Black makes of them, and mean what they meant."""

from __future__ import annotations

import ast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from properties.code import exploded, indented, modules, statements, texts

from sadpath.render.format import format_with_black
from sadpath.render.layout import laid_out

EXAMPLES = settings.default.max_examples // 2 if settings.default is not None else 50
CASES = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def meaning(source: str) -> str:
    """The tree of a module, but for the blanks in its docstrings, which Black moves about."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = " ".join(node.value.value.split())
    return ast.dump(tree)


def check(source: str) -> None:
    found = laid_out(source)
    assume(found is not None)
    assert found == format_with_black(source)
    assert meaning(found) == meaning(source)


def is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


@CASES
@given(st.builds(indented, statements(), st.integers(0, 2)).filter(is_python))
def test_statements_in_one_line(source: str) -> None:
    check(source)


@CASES
@given(st.builds(indented, exploded(), st.integers(0, 2)).filter(is_python))
def test_statements_whose_elements_have_lines_of_their_own(source: str) -> None:
    check(source)


@CASES
@given(modules().filter(is_python))
def test_empty_lines_and_docstrings(source: str) -> None:
    check(source)


@CASES
@given(texts(), st.integers(90, 112))
def test_texts_of_all_widths(text: str, size: int) -> None:
    check(f"name = Found({text}, {'a' * max(1, size - len(text) - 16)})\n")


def test_a_change_of_meaning_would_be_seen() -> None:
    assert meaning("a = (1, 2)\n") == meaning("a = 1, 2\n") != meaning("a = (1,)\n")
    assert meaning('"""a\n    b"""\n') == meaning('"""a\nb\n"""\n') != meaning('"""ab"""\n')
    with pytest.raises(AssertionError):
        assert laid_out("a = 1\n") == "a = 2\n"
