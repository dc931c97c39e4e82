"""Where templates are found: in a folder of the user's first, then inside the installed package or in the checkout beside the source."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sadpath.naming.scope import Code
from sadpath.reference.markdown import Markdown
from sadpath.render.compiled import CompiledTemplates
from sadpath.runtime.frozen import dataclass

_PACKAGE: Final = Path(__file__).resolve().parents[1]


class TemplateProblem(Exception):
    """A template of the user's can't be rendered; `line` counts from 1, and is None where nothing tells it."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a run. Every expression of those for Python must be `Code` or an integer, of the others `Markdown`."""

    python: Environment
    markdown: Environment
    folder: Path | None

    def render_python(self, name: str, view: object) -> str:
        return self._render(self.python, name, view)

    def render_markdown(self, name: str, view: object) -> str:
        return self._render(self.markdown, name, view)

    def _render(self, environment: Environment, name: str, view: object) -> str:
        """The text of a template; raises `TemplateProblem` where it is one of the user's and at fault."""
        try:
            template = _ours(environment, name) if self.folder is None else environment.get_template(name)
            return template.render(view=view)
        except Exception as error:  # a template of the user's may fail in any way
            found = None if self.folder is None else _fault(error, self.folder, name)
            if found is None:
                raise
            raise found from error

    def replaces(self, name: str) -> Path | None:
        """The file of the user's that stands for a template of ours; None where there is none."""
        path = None if self.folder is None else self.folder / name
        return path if path is not None and path.is_file() else None


@cache
def _ours(environment: Environment, name: str) -> Template:
    """A template of ours; the engine would look each time whether its file has changed, as those of users may."""
    return environment.get_template(name)


def templates_folder() -> Path:
    """`_templates` of a wheel, else `templates` of the checkout that an editable install points to."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


@cache
def templates(folder: Path | None = None) -> Templates:
    """Our templates, those in `folder` before them; what a user wrote is run in a sandbox."""
    return Templates(_environment(folder, Code, "Python"), _environment(folder, Markdown, "Markdown"), folder)


def _environment(folder: Path | None, kind: type[str], language: str) -> Environment:
    ours = FileSystemLoader(templates_folder(), encoding="utf-8")
    loader = ours if folder is None else ChoiceLoader([FileSystemLoader(folder, encoding="utf-8"), ours])
    found = (Environment if folder is None else ImmutableSandboxedEnvironment)(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_admitting(kind, language),
        # Those of a user may change between two runs of one process; ours are included too often to be looked for each time.
        auto_reload=folder is not None,
        # What a user's templates are compiled to depends on which of them there are, and on the sandbox.
        bytecode_cache=CompiledTemplates() if folder is None else None,
    )
    if folder is None:
        # The functions of the engine, which templates of users may call, would be copied for each file.
        found.globals.clear()
    return found


def _admitting(kind: type[str], language: str) -> Callable[[object], str]:
    def admit(value: object) -> str:
        if isinstance(value, kind):
            return value
        if isinstance(value, (int, Undefined)):
            return str(value)  # which raises for what is undefined
        raise TypeError(
            f"a template of {language} was given a plain {type(value).__name__}, which no converter has made safe"
        )

    return admit


def _fault(error: Exception, folder: Path, name: str) -> TemplateProblem | None:
    """Where in the user's folder an error arose; None where it arose in a template of ours."""
    if isinstance(error, TemplateSyntaxError):
        path = Path(error.filename) if error.filename else folder / name
        return (
            TemplateProblem(path, error.lineno, error.message or "the syntax is wrong")
            if _is_in(path, folder)
            else None
        )
    found: TemplateProblem | None = None
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if _is_in(path, folder):
            found = TemplateProblem(path, trace.tb_lineno, str(error))
        trace = trace.tb_next
    return found


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
