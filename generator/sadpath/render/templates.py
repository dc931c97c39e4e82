"""Where templates are found: inside the installed package, or in the checkout beside the source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

from sadpath.naming.scope import Code
from sadpath.reference.markdown import Markdown

_PACKAGE = Path(__file__).resolve().parents[1]


def templates_folder() -> Path:
    """`_templates` of a wheel, else `templates` of the checkout that an editable install points to."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


def _admitting(kind: type[str], language: str) -> Callable[[object], str]:
    def admit(value: object) -> str:
        if isinstance(value, (kind, int, Undefined)):
            return str(value)  # which raises for what is undefined
        raise TypeError(
            f"a template of {language} was given a plain {type(value).__name__}, which no converter has made safe"
        )

    return admit


def _environment(admit: Callable[[object], str]) -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder(), encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=admit,
    )


@cache
def python_environment() -> Environment:
    """Templates of Python: every expression must be `Code` or an integer."""
    return _environment(_admitting(Code, "Python"))


@cache
def markdown_environment() -> Environment:
    """Templates of Markdown: every expression must be `Markdown` or an integer."""
    return _environment(_admitting(Markdown, "Markdown"))
