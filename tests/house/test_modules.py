"""The house, module by module: small, named after what they do, and each says so in its first line."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
DEEPEST_NESTING = 3
SHAPELESS_NAMES = {"base", "common", "helper", "helpers", "misc", "shared", "tools", "util", "utils"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Check = Callable[[Path, str], Iterator[str]]


def long_module(path: Path, text: str) -> Iterator[str]:
    """Modules that want to be two."""
    lines = len(text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{path}: {lines} lines, and {LONGEST_MODULE} are allowed"


def long_functions(path: Path, text: str) -> Iterator[str]:
    """Functions that do not fit on a screen."""
    for function in _functions(text):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{path}:{function.lineno}: {function.name} has {lines} lines, and {LONGEST_FUNCTION} are allowed"


def deep_functions(path: Path, text: str) -> Iterator[str]:
    """Functions in which blocks stand too deep in each other."""
    for function in _functions(text):
        depth = max((_depth(statement) for statement in function.body), default=0)
        if depth > DEEPEST_NESTING:
            yield f"{path}:{function.lineno}: {function.name} nests {depth} deep, and {DEEPEST_NESTING} are allowed"


def silent_module(path: Path, text: str) -> Iterator[str]:
    """Modules that do not begin with a sentence about what they do."""
    docstring = ast.get_docstring(ast.parse(text)) or ""
    if not docstring.split("\n\n", 1)[0].rstrip().endswith((".", ";")):
        yield f"{path}: the module does not begin with a sentence that says what it does"


def shapeless_name(path: Path, text: str) -> Iterator[str]:
    """Modules and packages whose names say nothing."""
    for part in (*path.parent.parts, path.stem):
        if part.strip("_") in SHAPELESS_NAMES:
            yield f"{path}: the name {part!r} says nothing"


def _functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node


_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def _depth(node: ast.AST) -> int:
    """How deep blocks stand in each other; `elif` is no deeper than its `if`, and an inner function begins anew."""
    if isinstance(node, (*Function.__args__, ast.ClassDef, ast.Lambda)):
        return 0
    inner = max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
    if not isinstance(node, _BLOCKS):
        return inner
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        here = max((_depth(child) for child in node.body), default=0)
        return max(1 + here, _depth(node.orelse[0]))
    return 1 + inner


CHECKS: tuple[Check, ...] = (long_module, long_functions, deep_functions, silent_module, shapeless_name)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_generator_keeps_the_house(check: Check, checkout: Path) -> None:
    source_root = checkout / "generator"
    modules = sorted(source_root.rglob("*.py"))
    found = [
        finding
        for module in modules
        for finding in check(module.relative_to(source_root), module.read_text(encoding="utf-8"))
    ]
    assert modules
    assert not found, "\n".join(found)


DEEP = '''"""Bad."""
def deep(rows):
    for row in rows:
        if row:
            with row:
                try:
                    row()
                finally:
                    pass
'''
CHAIN = '''"""Good."""
def chain(row):
    for one in row:
        if one == 1:
            return 1
        elif one == 2:
            return 2
        elif one == 3:
            return 3
        else:
            with one:
                return 4
'''
BAD: tuple[tuple[Check, str, str], ...] = (
    (long_module, "sadpath/long.py", '"""Bad."""\n' + "x = 1\n" * LONGEST_MODULE),
    (long_functions, "sadpath/long.py", '"""Bad."""\ndef long():\n' + "    x = 1\n" * LONGEST_FUNCTION),
    (deep_functions, "sadpath/deep.py", DEEP),
    (silent_module, "sadpath/silent.py", "x = 1\n"),
    (silent_module, "sadpath/title.py", '"""Title"""\n'),
    (shapeless_name, "sadpath/utils.py", '"""Bad."""\n'),
    (shapeless_name, "sadpath/common/text.py", '"""Bad."""\n'),
    (shapeless_name, "sadpath/_base.py", '"""Bad."""\n'),
)


@pytest.mark.parametrize(("check", "path", "text"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_a_check_finds_what_it_is_for(check: Check, path: str, text: str) -> None:
    assert len(list(check(Path(path), text))) == 1


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_check_lets_a_good_module_pass(check: Check) -> None:
    at_the_limit = CHAIN + "\n\ndef long():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)
    assert not list(check(Path("sadpath/good.py"), at_the_limit))
