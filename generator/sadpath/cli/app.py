"""The tree of commands; each is imported when it runs, so that help and completion stay quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from sadpath import __version__
from sadpath.cli.console import ExitCode, put, say

app = typer.Typer(
    name="sadpath",
    help="Typed Python from an OpenAPI document and an error catalog.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
config_app = typer.Typer(help="The configuration.", no_args_is_help=True)
catalog_app = typer.Typer(help="The error catalog.", no_args_is_help=True)
app.add_typer(config_app, name="config")
app.add_typer(catalog_app, name="catalog")


class TargetOption(StrEnum):
    """The targets as choices of an option."""

    CLIENT = "client"
    SERVER = "server"
    DOCS = "docs"
    OPENAPI = "openapi"


class AllowOption(StrEnum):
    """What may be allowed, as choices of an option."""

    EXPLODING_PATTERNS = "exploding-patterns"
    OUTSIDE_REFERENCES = "outside-references"
    NETWORK_REFERENCES = "network-references"


def _version(asked: bool) -> None:
    if asked:
        put(f"sadpath {__version__}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Typed Python from an OpenAPI document and an error catalog."""


@app.command(short_help="Generate what is configured, or check that it is up to date.")
def generate(  # noqa: PLR0913, PLR0917 - an option of the command line is a parameter for typer
    apis: Annotated[
        list[str] | None, typer.Argument(metavar="API", help="Names of configured APIs; all of them by default.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if the output is out of date.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Like --check, and print the difference.")] = False,
    openapi: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The OpenAPI document, instead of a configuration.")
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The error catalog that belongs to --openapi.")
    ] = None,
    package: Annotated[
        str | None, typer.Option(metavar="NAME", help="The dotted name of the package to generate.")
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="DIR", help="The directory to generate into.")] = None,
    target: Annotated[
        list[TargetOption] | None,
        typer.Option(
            metavar="|".join(TargetOption), help="What to generate; may be given several times. Everything by default."
        ),
    ] = None,
    allow: Annotated[
        list[AllowOption] | None,
        typer.Option(
            metavar="|".join(AllowOption),
            help="Accept what is refused by default: patterns whose matching can take exponential time, references to"
            " files outside the document's folder, references to https URLs. May be given several times.",
        ),
    ] = None,
) -> None:
    """Generate clients, server stubs and reference pages for the configured APIs.

    Exits with 0 when all is well, 1 when a document has errors or the output is out of date, and 2 when the command or
    the configuration is wrong or a file can't be read or written.
    """
    from sadpath.cli.generate import Options, run_generate

    targets = tuple(one.value for one in target or ())
    allowed = tuple(one.value for one in allow or ())
    options = Options(tuple(apis or ()), check, diff, openapi, errors, package, output, targets, allowed)
    raise typer.Exit(run_generate(options))


@config_app.command("schema")
def config_schema() -> None:
    """Print the JSON Schema of the configuration."""
    from sadpath.cli.schemas import config_schema_text

    put(config_schema_text())


@catalog_app.command("schema")
def catalog_schema() -> None:
    """Print the JSON Schema of error catalogs."""
    from sadpath.cli.schemas import catalog_schema_text

    put(catalog_schema_text())


_RECURSION: Final = 10_000
"""Calls inside calls: enough for the deepest document that is read, through the validator too."""


def run(command: Callable[[], object] | None = None) -> int:
    """Run a command, by default the one that the command line says, to its exit code.

    No input leads to a traceback unless the environment variable SADPATH_TRACEBACK asks for one.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
    try:
        (command or partial(app, prog_name="sadpath"))()
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except Exception as error:
        if os.environ.get("SADPATH_TRACEBACK"):
            raise
        return _internal(error)
    return ExitCode.FINE


def _internal(error: Exception) -> int:
    from sadpath.cli.console import show_report
    from sadpath.diagnostics import Report
    from sadpath.diagnostics.rules_usage import INTERNAL

    report = Report()
    report.add(INTERNAL, f"an unforeseen {type(error).__name__}: {error}")
    show_report(report)
    return ExitCode.USAGE
