"""Documents and catalogs whose every string may be hostile, and what has to hold of all that is made of them."""

from __future__ import annotations

import ast
import builtins
import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml
from hypothesis import strategies as st
from markdown_it import MarkdownIt

CHECKOUT: Final = Path(__file__).resolve().parents[2]

FRAGMENTS: Final = (
    '"',
    "'",
    "\\",
    '"""',
    "'''",
    '\\"""',
    "\\N{BULLET}",
    "\\u0022",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# #}",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1b[31m",
    "\x1b]8;;http://evil.example\x07",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\ud800",
    "../",
    "/etc/passwd",
    "..\\",
    "~/",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "</details>",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "![x](data:text/html,x)",
    "<javascript:alert(1)>",
    "&lt;b&gt;",
    "`",
    "```",
    "~~~",
    "# ",
    "\n# heading",
    "|",
    "* ",
    "---\n",
    "import os",
    "\nimport os\n",
    "__import__('os').system('x')",
    "f'{x}'",
    "%s",
    "$(x)",
    ")",
    "]",
    "}",
    "self",
    "class",
    "__class__",
    "",
    " ",
    "é",
    "Ж",
    "日本",
    "💳",
    "x" * 300,
    "#",
    "$ref",
    "application/json",
    "null",
)


def hostile_texts() -> st.SearchStrategy[str]:
    """A text of one fragment or of several."""
    return st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join)


def victim() -> tuple[dict[str, Any], dict[str, Any]]:
    """A document and a catalog that have text wherever text can be; valid as they are."""
    folder = Path(__file__).parent / "victim"
    document: Any = yaml.safe_load((folder / "openapi.yaml").read_text(encoding="utf-8"))
    catalog: Any = yaml.safe_load((folder / "errors.yaml").read_text(encoding="utf-8"))
    return json.loads(json.dumps(document, default=str)), json.loads(json.dumps(catalog, default=str))


Step = str | int
Position = tuple[tuple[Step, ...], bool]
"""Where a text stands, and whether it is a key."""


def positions(tree: Any, at: tuple[Step, ...] = ()) -> Iterator[Position]:
    """Every text of a tree, keys included."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*at, key), True
            yield from positions(value, (*at, key))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from positions(item, (*at, index))
    elif isinstance(tree, str):
        yield at, False


def replaced(tree: Any, changes: Mapping[Position, str]) -> Any:
    """The tree with other texts at some positions; keys that collide keep one of their values."""

    def build(value: Any, at: tuple[Step, ...]) -> Any:
        if isinstance(value, dict):
            return {changes.get(((*at, key), True), key): build(inner, (*at, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [build(inner, (*at, index)) for index, inner in enumerate(value)]
        return changes.get((at, False), value) if isinstance(value, str) else copy.copy(value)

    return build(tree, ())


def as_json(tree: Any) -> str:
    """The tree as a JSON text, with every character outside ASCII escaped."""
    return json.dumps(tree, ensure_ascii=True)


_NODES: Final[set[type[ast.AST]]] = set()
_CALLED: Final[set[str]] = set()
_DANGEROUS: Final = frozenset(
    "eval exec compile open input breakpoint __import__ locals vars setattr delattr memoryview".split()
)


def _known() -> tuple[set[type[ast.AST]], set[str]]:
    """The kinds of syntax, and the builtins called, in all output that is committed and read by people."""
    if not _NODES:
        for path in sorted((CHECKOUT / "generated").rglob("*.py")):
            if "_runtime" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                _NODES.add(type(node))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    _CALLED.add(node.func.id)
    return _NODES, _CALLED


def check_python(path: str, text: str) -> None:
    """The module parses, is ASCII but for its texts, and holds no kind of syntax that committed output does not."""
    tree = ast.parse(text)
    nodes, _ = _known()
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    for node in ast.walk(tree):
        assert type(node) in nodes, f"{path}: {type(node).__name__}"
        for name in _identifiers(node):
            assert name.isascii() and name.isidentifier(), f"{path}: {name!r}"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in _DANGEROUS or called in own, f"{path}: {called}"
            assert isinstance(node.func, ast.Name | ast.Attribute), f"{path}: {called}"
        if isinstance(node, ast.ImportFrom):
            _check_import(path, node)
    _check_statements(path, tree)
    assert all(character.isprintable() or character == "\n" for character in text), path


_ORIGINS: Final = frozenset(
    "__future__ builtins collections datetime decimal functools importlib typing uuid dataclasses pydantic starlette".split()
)


def _check_import(path: str, node: ast.ImportFrom) -> None:
    root = (node.module or "").split(".")[0]
    assert node.level > 0 or root in _ORIGINS or root == "victim", f"{path}: from {node.module}"


def _identifiers(node: ast.AST) -> Iterator[str]:
    for attribute in ("id", "attr", "arg", "name", "asname"):
        found = getattr(node, attribute, None)
        if isinstance(found, str):
            yield from found.split(".")


_STATEMENTS: Final = (
    ast.ImportFrom,
    ast.ClassDef,
    ast.FunctionDef,
    ast.Assign,
    ast.AnnAssign,
    ast.If,
)


def _check_statements(path: str, tree: ast.Module) -> None:
    """Importing the module makes names and runs nothing."""
    for statement in tree.body:
        if isinstance(statement, ast.Expr):
            assert isinstance(statement.value, ast.Constant), f"{path}: {ast.unparse(statement)[:80]}"
            continue
        assert isinstance(statement, _STATEMENTS), f"{path}: {ast.unparse(statement)[:80]}"
        if isinstance(statement, ast.If):
            assert ast.unparse(statement.test) in ("TYPE_CHECKING", "not TYPE_CHECKING"), path


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": True}).enable("table")
_HEADER: Final = "<!-- Generated by sadpath. Do not edit. -->\n"
_SCHEMES: Final = re.compile(r"(?:https?://|mailto:|[^:]*$|[^/?#]*[/?#])", re.IGNORECASE)


def check_markdown(path: str, text: str) -> None:
    """The page holds no live HTML, no image, and no link but to pages and web addresses."""
    assert text.startswith(_HEADER), path
    for token in _MARKDOWN.parse(text.removeprefix(_HEADER)):
        for one in (token, *(token.children or [])):
            assert one.type not in ("html_block", "html_inline", "image"), f"{path}: {one.content[:80]!r}"
            if one.type == "link_open":
                assert _SCHEMES.match(str(one.attrs["href"])), f"{path}: {one.attrs['href']!r}"
    assert all(character.isprintable() or character == "\n" for character in text), path


def check_document(path: str, text: str) -> None:
    """The merged document is YAML that says no more than data."""
    assert isinstance(yaml.load(text, yaml.CSafeLoader), dict), path


def check_paths(files: Mapping[str, str]) -> None:
    """No file leaves the output folder, whatever the operating system makes of its name."""
    for path in files:
        parts = PurePosixPath(path).parts
        assert not path.startswith("/") and ".." not in parts, path
        assert re.fullmatch(r"[A-Za-z0-9_./-]+", path) and all(len(part) < 200 for part in parts), path


CHECKS: Final[Mapping[str, Callable[[str, str], None]]] = {
    ".py": check_python,
    ".md": check_markdown,
    ".yaml": check_document,
}


def check_files(files: Mapping[str, str]) -> None:
    """Everything that has to hold of the output of one run."""
    check_paths(files)
    for path, text in files.items():
        if "_runtime" in path:
            continue
        check = CHECKS.get(PurePosixPath(path).suffix)
        if check is not None:
            check(path, text)


assert not {name for name in _DANGEROUS if not hasattr(builtins, name)}
