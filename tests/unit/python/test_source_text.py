"""The two converters that bring a document's text into source: whatever it holds, the source says that text and no more."""

from __future__ import annotations

import ast
import textwrap
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from sadpath.naming.scope import Code
from sadpath.python.docstrings import bullets, docstring, paragraphs
from sadpath.python.imports import Imports
from sadpath.python.literals import class_names, literal
from sadpath.render.templates import templates
from sadpath.runtime.contract import Advice, ErrorContract, Match, Outcome

_SCALARS = st.none() | st.booleans() | st.integers() | st.text()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner, inner),
)


@given(_VALUES)
@example('"""')
@example("{{ x }}\\")
def test_a_literal_evaluates_to_its_value(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(st.text())
@example("\u202edecoded\u2066")
def test_nothing_invisible_stands_in_source(text: str) -> None:
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs") for character in literal(text))
    shown = docstring(text).replace("\n", "")
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs") for character in shown)


@given(st.text(), st.text(), st.sampled_from([0, 4, 8]))
@example('"""\nimport os', 'ends with a quote"', 4)
@example("ends with a backslash\\", "", 0)
@example("a\\", '"', 8)
def test_a_docstring_is_one_string_and_nothing_else(first: str, second: str, indent: int) -> None:
    margin = " " * indent
    head = "class A:\n" if indent == 4 else "class A:\n    def f(self):\n" if indent == 8 else ""
    tree = ast.parse(f"{head}{margin}{docstring(first, second, indent=indent)}\n")
    body: list[ast.stmt] = tree.body
    for _ in range(indent // 4):
        holder = body[0]
        assert isinstance(holder, (ast.ClassDef, ast.FunctionDef))
        body = holder.body
    assert len(body) == 1
    statement = body[0]
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)


def test_prose_of_a_docstring_survives() -> None:
    tree = ast.parse(docstring("One.", bullets("Causes", ["a", "b"]), indent=0))
    assert ast.get_docstring(tree) == "One.\n\nCauses:\n- a\n- b"


@given(st.lists(st.text("ab-é字.", min_size=1, max_size=40), max_size=30), st.sampled_from([0, 4, 8]))
def test_prose_is_wrapped_as_the_standard_library_does(words: list[str], indent: int) -> None:
    text = "a " + " ".join(words)
    expected = textwrap.wrap(text, 96 - indent, break_long_words=False, break_on_hyphens=False)
    assert paragraphs(text, indent=indent) == expected


def test_line_ends_of_all_systems_end_lines() -> None:
    assert docstring("- one\r- two\r\n- three") == '"""- one\n    - two\n    - three\n    """'


def test_literals_are_written_as_black_writes_them() -> None:
    assert literal('it\'s "said"') == "'it\\'s \"said\"'"
    assert literal("it's \"") == '"it\'s \\""'
    assert literal('"') == "'\"'"
    assert literal(1e300) == "1e300" and literal(1.5e-7) == "1.5e-07"


def test_contracts_become_calls_that_name_what_is_not_default() -> None:
    contract = ErrorContract("gone", Match(("410",)), "not_found", "client", Outcome.REJECTED, Advice("stop"), "Gone")
    source = literal(contract)
    assert source.startswith('ErrorContract(id="gone", match=Match(statuses=("410",)), category="not_found"')
    assert "deprecated" not in source
    assert class_names(contract) == {"ErrorContract", "Match", "Outcome", "Advice"}
    assert eval(source, {cls.__name__: cls for cls in (ErrorContract, Match, Outcome, Advice)}) == contract


def test_decimals_are_exact_and_other_objects_are_refused() -> None:
    assert literal(Decimal("1.10")) == 'Decimal("1.10")'
    with pytest.raises(TypeError):
        literal(object())


def test_imports_give_way_to_names_that_are_taken() -> None:
    imports = Imports({"datetime", "list"})
    assert imports.use("datetime", "datetime") == "_datetime"
    assert imports.builtin("list") == "_list"
    assert imports.builtin("str") == "str"
    assert imports.use("..models", "Payment") == "Payment"
    assert imports.lines == (
        "from builtins import list as _list",
        "from datetime import datetime as _datetime",
        "",
        "from ..models import Payment",
    )


@pytest.mark.parametrize("environment", [templates().python, templates().markdown])
def test_a_template_refuses_text_that_no_converter_made_safe(environment: object) -> None:
    from jinja2 import Environment

    assert isinstance(environment, Environment)
    template = environment.from_string("{{ view.text }}")
    with pytest.raises(TypeError):
        template.render(view={"text": "import os"})
    with pytest.raises(UndefinedError):
        template.render(view={})
    assert templates().python.from_string("{{ x }}").render(x=Code("y")) == "y"
