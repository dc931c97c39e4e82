"""Each way in which a line is split, and what is left to Black."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sadpath.render.format import format_python, format_with_black
from sadpath.render.layout import laid_out

LONG = "a" * 50
SPLITS = {
    "a call, its arguments in one line": (
        f'name = found({LONG}, "{LONG}")\n',
        f'name = found(\n    {LONG}, "{LONG}"\n)\n',
    ),
    "a call, its arguments in lines of their own": (
        f'name = found(__package__, ".{LONG}", "{LONG}", "{LONG}")\n',
        f'name = found(\n    __package__,\n    ".{LONG}",\n    "{LONG}",\n    "{LONG}",\n)\n',
    ),
    "numbers": (
        f"name = found(1.5e-07, -1, -2.5, 1e300, {LONG}, {LONG})\n",
        f"name = found(\n    1.5e-07,\n    -1,\n    -2.5,\n    1e300,\n    {LONG},\n    {LONG},\n)\n",
    ),
    "a trailing comma": ("name = found(a, b,)\n", "name = found(\n    a,\n    b,\n)\n"),
    "no trailing comma that a tuple needs": ("name = (a,)\n", "name = (a,)\n"),
    "a literal with several elements": (
        f'name = ["{LONG}", "{LONG}", 1]\n',
        f'name = [\n    "{LONG}",\n    "{LONG}",\n    1,\n]\n',
    ),
    "brackets in brackets": (
        f'name = found(first=("{LONG}", second(b={{"{LONG}": 1}}, c=2)))\n',
        f'name = found(\n    first=(\n        "{LONG}",\n        second(b={{"{LONG}": 1}}, c=2),\n    )\n)\n',
    ),
    "calls in calls": (
        f'name = found(first=(second(b={{"{LONG}": 1}}, c=2, d="{LONG[:20]}"),), third="),", fourth="{LONG}")\n',
        f'name = found(\n    first=(\n        second(b={{"{LONG}": 1}}, c=2, d="{LONG[:20]}"),\n    ),\n    third="),",\n'
        f'    fourth="{LONG}",\n)\n',
    ),
    "a trailing comma in a call that is returned": (
        'def name(self) -> int:\n    return found(NAME, {"a": a,}, [b], options=options)\n',
        'def name(self) -> int:\n    return found(\n        NAME,\n        {\n            "a": a,\n        },\n        [b],\n'
        "        options=options,\n    )\n",
    ),
    "no trailing comma that a default needs": (
        "def name(a: tuple[int, ...] = (1,)) -> int:\n    return a\n",
        "def name(a: tuple[int, ...] = (1,)) -> int:\n    return a\n",
    ),
    "a union as a value": (
        f"name = {LONG} | {LONG} | None | {LONG}\n",
        f"name = (\n    {LONG}\n    | {LONG}\n    | None\n    | {LONG}\n)\n",
    ),
    "a union as an annotation": (
        f"name: {LONG} | {LONG} = None\n",
        f"name: (\n    {LONG} | {LONG}\n) = None\n",
    ),
    "an annotation that fits no line": (
        f"name: Annotated[{LONG}, Check(pattern='\"{LONG}')] | None = None\n",
        f"name: (\n    Annotated[\n        {LONG},\n        Check(pattern='\"{LONG}'),\n    ]\n    | None\n) = None\n",
    ),
    "an import": (
        f"from .{LONG} import {LONG}, name, other\n",
        f"from .{LONG} import (\n    {LONG},\n    name,\n    other,\n)\n",
    ),
    "parameters in one line": (
        f"def name(self, *, {LONG}: int, options: Options | None = None) -> Call[int]:\n    return 1\n",
        f"def name(\n    self, *, {LONG}: int, options: Options | None = None\n) -> Call[int]:\n    return 1\n",
    ),
    "what a function returns": (
        f"def name(self) -> Call[{LONG}, {LONG}, {LONG}]:\n    return 1\n",
        f"def name(\n    self,\n) -> Call[\n    {LONG},\n    {LONG},\n    {LONG},\n]:\n    return 1\n",
    ),
    "bases": (
        f"class {LONG}({LONG}, {LONG}):\n    a = 1\n",
        f"class {LONG}(\n    {LONG}, {LONG}\n):\n    a = 1\n",
    ),
    "what is returned": (
        f"def name() -> int:\n    return call({LONG}, options=options, first={LONG[:20]})\n",
        f"def name() -> int:\n    return call(\n        {LONG}, options=options, first={LONG[:20]}\n    )\n",
    ),
    "a text that no split makes shorter": (f'name = "{LONG * 3}"\n', f'name = "{LONG * 3}"\n'),
    "wide characters": (
        f'name = found("{"字" * 45}", argument)\n',
        f'name = found(\n    "{"字" * 45}", argument\n)\n',
    ),
    "a parameter among lines of their own": (
        f"def name(\n    auth: {LONG} | {LONG[:45]} = None,\n) -> None:\n    a = 1\n",
        f"def name(\n    auth: (\n        {LONG} | {LONG[:45]}\n    ) = None,\n) -> None:\n    a = 1\n",
    ),
    "empty lines": (
        "# Generated.\n\nfrom a import b\na = 1\nclass A(B):\n\n\n    c = 1\n    def d(self) -> int:\n        return 1\n",
        "# Generated.\n\nfrom a import b\n\na = 1\n\n\nclass A(B):\n\n    c = 1\n\n    def d(self) -> int:\n        return 1\n",
    ),
    "docstrings": (
        'class A(B):\n    """Said \\""""\n    a = 1\n    """  As it is.\n      """\n',
        'class A(B):\n    """Said \\" """\n\n    a = 1\n    """  As it is.\n      """\n',
    ),
    "a docstring to the left": (
        'def a() -> int:\n    """One.\n\n      two\n        three\n  """\n    return 1\n',
        'def a() -> int:\n    """One.\n\n    two\n      three\n    """\n    return 1\n',
    ),
}


@pytest.mark.parametrize(("source", "expected"), SPLITS.values(), ids=list(SPLITS))
def test_splits(source: str, expected: str) -> None:
    assert laid_out(source) == format_with_black(source) == expected


UNKNOWN = {
    "an operator": f"name = found({LONG} + {LONG}, {LONG})\n",
    "a condition": f"name = found({LONG} if {LONG} else {LONG})\n",
    "a comprehension": f"name = [{LONG} for {LONG} in {LONG}]\n",
    "a multiplication": f"name = found({LONG} * {LONG}, {LONG})\n",
    "a text of a kind of its own": f'name = found(f"{LONG}", {LONG}, {LONG})\n',
    "parentheses around one value": f'name = ("{LONG}", "{LONG}").found((LONG))\nname = ({LONG}.{LONG}.{LONG})\n',
    "a loop": "for a in b:\n    c = 1\n",
    "a comment above a class": "a = 1\n# Said.\nclass A(B):\n    c = 1\n",
    "an empty bracket in two lines": "a = [\n]\n",
    "a width that depends on the edition of Unicode": f'name = found("{chr(0x2630) * 40}", {LONG})\n',
    "a line that is indented in another way": "if a:\n  b = 1\n",
    "brackets that do not match": f"name = ({LONG}], {LONG}, {LONG})\n",
}


@pytest.mark.parametrize("source", UNKNOWN.values(), ids=list(UNKNOWN))
def test_what_is_unknown_here(source: str) -> None:
    assert laid_out(source) is None


def test_black_is_not_loaded_for_what_is_known() -> None:
    program = "import sys; from sadpath.render.format import format_python as f; f('a = 1\\n'); sys.exit('black' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_black_formats_what_is_unknown_here() -> None:
    assert format_python("a = [\n]\n") == "a = []\n"
