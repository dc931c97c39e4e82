"""The tree of commands; each is imported when it runs, so that help and completion stay quick."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sadpath import __version__
from sadpath.cli import arguments as given
from sadpath.cli.arguments import examples
from sadpath.cli.completion import complete_api, complete_subject
from sadpath.cli.console import put
from sadpath.cli.groups import catalog_app, config_app, docs_app, templates_app

if TYPE_CHECKING:
    from sadpath.cli.options import Scope

_EXIT_CODES: Final = """\
Exits with 0 when all is well, 1 when a document has errors or the output is out of date, and 2 when the command or the
configuration is wrong or a file can't be read or written."""

app = typer.Typer(
    name="sadpath",
    help="Typed Python from an OpenAPI document and an error catalog.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(config_app, name="config")
app.add_typer(catalog_app, name="catalog")
app.add_typer(templates_app, name="templates")
app.add_typer(docs_app, name="docs")


def _version(asked: bool) -> None:
    if asked:
        put(f"sadpath {__version__}\n")
        raise typer.Exit


@app.callback(
    epilog=examples(
        "sadpath generate                   what is configured",
        "sadpath check                      in continuous integration",
        "sadpath explain SP312              what a finding means",
        "sadpath generate --openapi openapi.yaml --package shop --output src",
    )
)
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Typed Python from an OpenAPI document and an error catalog."""


@app.command(
    short_help="Generate what is configured, or check that it is up to date.",
    help=f"Generate clients, server stubs and reference pages for the configured APIs.\n\n{_EXIT_CODES}",
    epilog=examples(
        "sadpath generate                   all that is configured",
        "sadpath generate shop              one API of it",
        "sadpath generate --diff            print what would change",
        "sadpath generate --openapi openapi.yaml --errors errors.yaml --package shop --output src",
    ),
)
def generate(  # noqa: PLR0913, PLR0917 - an option of the command line is a parameter for typer
    apis: given.Apis = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if the output is out of date.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Like --check, and print the difference.")] = False,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit with 1 if a file was written or removed: for hooks.")
    ] = False,
    openapi: given.OpenApi = None,
    errors: given.Errors = None,
    package: given.Package = None,
    output: given.Output = None,
    target: given.Targets = None,
    allow: given.Allow = None,
    ignore: given.Ignore = None,
    fail_on: given.FailOn = None,
    output_format: given.Format = given.FormatOption.FULL,
    no_cache: given.NoCache = False,
) -> None:
    from sadpath.cli.generate import Options, run_generate
    from sadpath.cli.result import conclude

    scope = _scope(apis, openapi, errors, allow, ignore, fail_on, output_format)
    scope = replace(scope, package=package, output=output, targets=tuple(target or ()))
    raise typer.Exit(conclude(run_generate(Options(scope, check, diff, change_fails=fail_on_change))))


@app.command(
    short_help="Lint, and check that the output is up to date: for continuous integration.",
    help=f"Lint the configured APIs and check that what is generated from them is up to date.\n\n{_EXIT_CODES}",
    epilog=examples("sadpath check", "sadpath check --output-format github --fail-on warning"),
)
def check(
    apis: given.Apis = None,
    allow: given.Allow = None,
    ignore: given.Ignore = None,
    fail_on: given.FailOn = None,
    output_format: given.Format = given.FormatOption.FULL,
    no_cache: given.NoCache = False,
) -> None:
    from sadpath.cli.generate import Options, run_generate
    from sadpath.cli.result import conclude

    scope = _scope(apis, None, None, allow, ignore, fail_on, output_format)
    raise typer.Exit(conclude(run_generate(Options(scope, check=True, lint=True))))


@app.command(
    short_help="Say what is wrong with documents and catalogs, and what is unsound.",
    help="Say what is wrong with the documents and catalogs of the configured APIs, and what in their contracts would"
    " mislead somebody. Findings go to stdout.\n\n"
    "Exits with 0 when nothing weighs as much as --fail-on, else with 1, and with 2 when the command or the configuration"
    " is wrong or a file can't be read.",
    epilog=examples(
        "sadpath lint",
        "sadpath lint --fail-on warning --output-format concise",
        "sadpath lint --openapi openapi.yaml --errors errors.yaml",
        "sadpath lint --write-baseline      from now on, only what is new",
    ),
)
def lint(
    apis: given.Apis = None,
    openapi: given.OpenApi = None,
    errors: given.Errors = None,
    allow: given.Allow = None,
    ignore: given.Ignore = None,
    fail_on: given.FailOn = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Write the findings to the baseline: they are known from now on.")
    ] = False,
    output_format: given.Format = given.FormatOption.FULL,
    no_cache: given.NoCache = False,
) -> None:
    from sadpath.cli.lint import Options, run_lint
    from sadpath.cli.result import conclude

    scope = _scope(apis, openapi, errors, allow, ignore, fail_on, output_format)
    raise typer.Exit(conclude(run_lint(Options(scope, write_baseline))))


@app.command(
    short_help="Generate, and again whenever a document changes.",
    help="Generate, and again whenever something that was read has changed. A document with errors leaves the output as"
    ' it is. Needs `pip install "sadpath[watch]"`.',
    epilog=examples("sadpath watch", "sadpath watch shop"),
)
def watch(
    apis: given.Apis = None,
    openapi: given.OpenApi = None,
    errors: given.Errors = None,
    package: given.Package = None,
    output: given.Output = None,
    target: given.Targets = None,
    allow: given.Allow = None,
    ignore: given.Ignore = None,
) -> None:
    from sadpath.cli.generate import Options
    from sadpath.cli.watch import run_watch

    scope = _scope(apis, openapi, errors, allow, ignore, None, given.FormatOption.FULL)
    scope = replace(scope, package=package, output=output, targets=tuple(target or ()))
    raise typer.Exit(run_watch(Options(scope)))


@app.command(
    short_help="Say what a rule is for, or what an error of an API means.",
    help="Say what a rule is for and how to mend what it finds; or what an error of a configured API means and what to do.",
    epilog=examples("sadpath explain SP312", "sadpath explain invalid_request", "sadpath explain 1015 --api shop"),
)
def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="CODE", help="A rule, or the code, id or class of an error.", autocompletion=complete_subject
        ),
    ],
    api: Annotated[
        str | None, typer.Option(metavar="NAME", help="The API whose error it is.", autocompletion=complete_api)
    ] = None,
    locale: Annotated[str | None, typer.Option(metavar="LANG", help="The language of errors, such as en.")] = None,
) -> None:
    from sadpath.cli.explain import run_explain
    from sadpath.cli.result import conclude

    raise typer.Exit(conclude(run_explain(subject, api, locale)))


class RulesFormat(StrEnum):
    """The forms of the list of rules, as choices of an option."""

    TEXT = "text"
    JSON = "json"
    CATALOG = "catalog"


@app.command(
    short_help="List the rules that findings break.", help="List the rules that findings break, with their weights."
)
def rules(
    output_format: Annotated[
        RulesFormat, typer.Option(metavar="|".join(RulesFormat), help="How they are printed.")
    ] = RulesFormat.TEXT,
) -> None:
    from sadpath.cli.result import conclude
    from sadpath.cli.rules import run_rules

    raise typer.Exit(conclude(run_rules(output_format.value)))


def _scope(
    apis: list[str] | None,
    openapi: Path | None,
    errors: Path | None,
    allow: list[given.AllowOption] | None,
    ignore: list[str] | None,
    fail_on: given.FailOnOption | None,
    output_format: given.FormatOption,
) -> Scope:
    """The options that commands share, of typer's types, as those of the commands."""
    from sadpath.cli.options import Scope

    return Scope(
        apis=tuple(apis or ()),
        openapi=openapi,
        errors=errors,
        allow=tuple(one.value for one in allow or ()),
        ignore=tuple(ignore or ()),
        fail_on=None if fail_on is None else fail_on.value,
        format=output_format.value,
    )


@app.command(
    short_help="Draft an error catalog from a document and tables of codes.",
    help="Draft an error catalog, with an open question where the document and the tables say nothing.\n\n"
    "Exits with 0 when all is well, 1 when the document or a table has errors, and 2 when the command is wrong or a"
    " file can't be read or written.",
    epilog=examples(
        "sadpath scaffold openapi.yaml                  print what the document says",
        "sadpath scaffold openapi.yaml --from errors.html --output errors.yaml",
    ),
)
def scaffold(
    openapi: Annotated[Path | None, typer.Argument(metavar="OPENAPI", help="The OpenAPI document.")] = None,
    tables: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="A page with tables or lists of codes: HTML, Markdown or plain text. May be given several times.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file to write; printed where it is not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    api: Annotated[str | None, typer.Option(metavar="NAME", help="The slug of the API; its title by default.")] = None,
    locales: Annotated[
        str | None, typer.Option(metavar="en,ru", help="The languages of the catalog; that of its words by default.")
    ] = None,
    allow: given.Allow = None,
) -> None:
    from sadpath.cli.result import conclude
    from sadpath.cli.scaffold import Options, run_scaffold

    allowed = tuple(one.value for one in allow or ())
    options = Options(openapi, tuple(tables or ()), output, force, api, locales, allowed)
    raise typer.Exit(conclude(run_scaffold(options)))
