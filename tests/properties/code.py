"""Strategies for modules of the kinds of statements that templates write, each in one line, however long."""

from __future__ import annotations

from hypothesis import strategies as st

from sadpath.python.literals import literal

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = (_LETTERS, _LETTERS, _LETTERS + " \"'\\", "äöüß漢字かな„“ \"'", "a\U0001f600\u0301ß\u200b")


def names(largest: int = 40) -> st.SearchStrategy[str]:
    """Names of all lengths, none of which is a word of the language."""
    return st.integers(1, largest).flatmap(lambda size: st.sampled_from([f"n{'am' * size}"[: size + 1], f"N{size}"]))


def texts() -> st.SearchStrategy[str]:
    """Literals of texts, with quotes, backslashes, and characters that take two columns."""
    return st.sampled_from(_ALPHABETS).flatmap(lambda letters: st.text(letters, max_size=60)).map(literal)


def atoms() -> st.SearchStrategy[str]:
    """What has no brackets."""
    numbers = st.one_of(st.integers(-(10**30), 10**6), st.floats(allow_nan=False, allow_infinity=False)).map(literal)
    dotted = st.tuples(names(25), names(25)).map(".".join)
    return st.one_of(names(), texts(), numbers, dotted, st.sampled_from(["None", "True", "..."]))


def values(depth: int = 4) -> st.SearchStrategy[str]:
    """Literals, calls and unions, one in another."""
    if not depth:
        return atoms()
    inner = st.deferred(lambda: values(depth - 1))
    several = st.lists(inner, max_size=4)
    commas = st.sampled_from(["", "", "", ","])
    keywords = st.tuples(names(), inner).map("=".join)
    pairs = st.lists(st.tuples(st.one_of(texts(), names()), inner).map(": ".join), max_size=5)
    return st.one_of(
        atoms(),
        st.builds(_call, names(), st.lists(st.one_of(inner, keywords, keywords), max_size=6), commas),
        st.builds(lambda found, comma: _bracketed("{", found, comma, "}"), pairs, commas),
        st.builds(lambda found, comma: _bracketed("[", found, comma, "]"), several, commas),
        st.builds(lambda found, comma: _bracketed("(", found, comma if len(found) > 1 else ",", ")"), several, commas),
        types(min(depth, 2)),
    )


def types(depth: int = 3) -> st.SearchStrategy[str]:
    """Annotations."""
    if not depth:
        return st.one_of(names(), st.tuples(names(20), names(20)).map(".".join), st.just("None"))
    inner = st.deferred(lambda: types(depth - 1))
    subscript = st.tuples(names(20), st.lists(st.one_of(inner, atoms()), min_size=1, max_size=4)).map(
        lambda found: f"{found[0]}[{', '.join(found[1])}]"
    )
    check = st.builds(_call, names(12), st.lists(st.tuples(names(12), atoms()).map("=".join), max_size=4), st.just(""))
    annotated = st.tuples(inner, check).map(lambda found: f"Annotated[{found[0]}, {found[1]}]")
    return st.one_of(
        inner,
        subscript,
        annotated,
        st.lists(st.one_of(inner, subscript, annotated), min_size=2, max_size=5).map(" | ".join),
    )


def _bracketed(opening: str, elements: list[str], comma: str, closing: str) -> str:
    return f"{opening}{', '.join(elements)}{comma if elements else ''}{closing}"


def _call(name: str, arguments: list[str], comma: str) -> str:
    positional = [one for one in arguments if not one.partition("=")[0].isidentifier() or "=" not in one]
    named = [one for one in arguments if one not in positional]
    unique = {one.partition("=")[0]: one for one in named}
    return _bracketed(f"{name}(", [*positional, *unique.values()], comma, ")")


def _definition(name: str, parameters: list[str], star: bool, result: str) -> str:
    unique = list({one.partition(":")[0]: one for one in parameters}.values())
    inside = ", ".join(["self", *(["*"] if star and unique else []), *unique])
    return f"def {name}({inside}) -> {result}:\n    return {name}"


def parameters() -> st.SearchStrategy[str]:
    """A parameter with an annotation."""
    return st.tuples(names(30), types(2)).map(lambda found: f"{found[0]}: {found[1]} = None")


def statements() -> st.SearchStrategy[str]:
    """A statement in one line, or the head of a function with a body."""
    name = names()
    imported = st.lists(names(30), min_size=1, max_size=12).map(lambda found: ", ".join(dict.fromkeys(found)))
    bases = st.lists(st.one_of(names(), st.tuples(names(20), names(20)).map(".".join)), min_size=1, max_size=5)
    return st.one_of(
        st.tuples(name, values()).map(" = ".join),
        st.tuples(name, types()).map(": ".join),
        st.builds("{}: {} = {}".format, name, types(), st.one_of(values(), types())),
        st.builds(_call, names(), st.lists(values(3), max_size=5), st.just("")),
        st.tuples(st.sampled_from(["..a", ".b", "c.d", "." + "e" * 80]), imported).map(
            lambda found: f"from {found[0]} import {found[1]}"
        ),
        st.builds(_definition, names(30), st.lists(parameters(), max_size=6), st.booleans(), types()),
        st.tuples(name, bases).map(lambda found: f"class {found[0]}({', '.join(found[1])}):\n    a = 1"),
        st.tuples(values(3), name).map(lambda found: f"def {found[1]}():\n    return {found[0]}"),
        st.builds("super().__init__({}, {}={})".format, names(60), names(), values(3)),
    )


def indented(statement: str, depth: int) -> str:
    """The statement in so many blocks."""
    lines = [f"{'    ' * level}if n{level}:" for level in range(depth)]
    lines += [f"{'    ' * depth}{line}" for line in statement.split("\n")]
    return "\n".join(lines) + "\n"


def exploded() -> st.SearchStrategy[str]:
    """A statement whose elements are in lines of their own."""
    lines = st.lists(parameters(), min_size=1, max_size=4).map(
        lambda found: {one.partition(":")[0]: one for one in found}
    )
    definition = st.tuples(names(), lines, types()).map(
        lambda found: f"def {found[0]}(\n{_elements(['self', '*', *found[1].values()])}) -> {found[2]}:\n    return {found[0]}"
    )
    named = st.lists(st.tuples(names(), values(3)), min_size=1, max_size=4).map(dict)
    call = st.tuples(names(), named).map(
        lambda found: f"{found[0]}(\n{_elements([f'{name}={value}' for name, value in found[1].items()])})"
    )
    pairs = st.lists(st.tuples(texts(), values(2)).map(": ".join), min_size=1, max_size=4)
    mapping = st.tuples(names(), pairs).map(lambda found: f"{found[0]} = {{\n{_elements(found[1])}}}")
    return st.one_of(definition, call, mapping)


def _elements(found: list[str]) -> str:
    return "".join(f"    {one},\n" for one in found)


def _within(lines: list[str], block: str) -> str:
    return (
        "\n".join(f"    {line}" if line else "" for line in "\n".join(lines).split("\n")) if lines else f"    {block}"
    )


def modules() -> st.SearchStrategy[str]:
    """Statements of all kinds among each other, with any number of empty lines between them."""
    blanks = st.sampled_from(["", "\n", "\n\n", "\n\n\n"])
    plain = st.sampled_from(
        ["a = 1", "b: int", "found(a)", '"""Words."""', '"""Words\nand more.\n"""', "x = (\n    1,\n    2,\n)"]
    )
    imports = st.sampled_from(["from a import b", "import c", "from .d import e as e"])
    spoken = st.sampled_from(
        ['"""Words."""', '"""Words\n\n  and more.\n  """', '"""Said \\""""', '"""One.\n\ntwo\n"""', "a = 1"]
    )
    stubs = st.sampled_from(["@overload\ndef f(a: int) -> int: ...", "@overload\ndef f(a: str) -> str: ..."])
    decorators = st.sampled_from(["", "@operation\n", "@dataclass(frozen=True)\n"])

    def block(head: str, inner: st.SearchStrategy[str], first: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        lines = st.lists(st.tuples(blanks, inner).map("".join), max_size=4)
        return st.builds(
            lambda mark, gap, said, found: f"{mark}{head}:\n{gap}{_within([said, *found], 'a = 1')}",
            decorators if head.startswith(("class", "def")) else st.just(""),
            blanks,
            first,
            lines,
        )

    function = block("def f(self) -> int", plain, spoken)
    members = st.one_of(plain, plain, function, stubs)
    conditional = st.tuples(
        block("if TYPE_CHECKING", st.one_of(imports, plain, function), st.one_of(imports, plain)),
        st.one_of(st.just(""), block("\nelse", st.one_of(plain, function), plain)),
    ).map("".join)
    whole = st.one_of(plain, imports, imports, function, stubs, conditional, block("class A(B)", members, spoken))
    begin = st.sampled_from(["", "# Generated.\n", '# Generated.\n"""Words."""\n', '"""Words\nand more.\n"""\n'])
    return st.tuples(begin, st.lists(st.tuples(blanks, whole).map("".join), min_size=1, max_size=6)).map(
        lambda found: f"{found[0]}{chr(10).join(found[1])}\n"
    )
