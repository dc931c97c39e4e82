"""The groups of commands: docs, templates, config, catalog; each command is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sadpath.cli.arguments import examples
from sadpath.cli.completion import complete_template
from sadpath.cli.console import put

config_app = typer.Typer(help="The configuration.", no_args_is_help=True)
catalog_app = typer.Typer(help="The error catalog.", no_args_is_help=True)
templates_app = typer.Typer(help="The templates, and copies of them that replace ours.", no_args_is_help=True)
docs_app = typer.Typer(help="The site of the configured APIs.", no_args_is_help=True)


@templates_app.command("list")
def templates_list() -> None:
    """List the templates that can be replaced."""
    from sadpath.cli.templates import listed_templates

    put(listed_templates())


@templates_app.command("show")
def templates_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A template.", autocompletion=complete_template)],
) -> None:
    """Print a template, as a copy that replaces it has to begin."""
    from sadpath.cli.result import conclude
    from sadpath.cli.templates import run_show

    raise typer.Exit(conclude(run_show(name)))


@templates_app.command(
    "eject",
    epilog=examples("sadpath templates eject docs/error.md.jinja", "sadpath templates eject python/errors.py.jinja"),
)
def templates_eject(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A template.", autocompletion=complete_template)],
) -> None:
    """Copy a template to the folder that `templates` in the configuration names, where it replaces ours."""
    from sadpath.cli.result import conclude
    from sadpath.cli.templates import run_eject

    raise typer.Exit(conclude(run_eject(name)))


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


@docs_app.command("build", short_help="Build the site of the configured APIs.")
def docs_build(
    output: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder for the site; by default `site` beside the configuration."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 and write nothing where there are warnings.")
    ] = False,
) -> None:
    """Build a static site of the reference pages, the guides, the catalogs and the problem types.

    Every link is checked, and nothing is written where one is broken. Exits with 0 when all is well, 1 when a document or a
    page has errors, and 2 when the command or the configuration is wrong or a file can't be read or written.
    """
    from sadpath.cli.docs import BuildOptions, run_build

    raise typer.Exit(run_build(BuildOptions(output, strict)))


@docs_app.command("serve", short_help="Serve the site on this machine, and build it again when something changes.")
def docs_serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the site on http://127.0.0.1, for this machine alone, and build it again when one of its inputs changes."""
    from sadpath.cli.docs import ServeOptions
    from sadpath.cli.serve import run_serve

    raise typer.Exit(run_serve(ServeOptions(port)))


@docs_app.command("source", short_help="Write what a site builder reads, instead of building the site.")
def docs_source(
    output: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder to write to; by default `site-source` beside the configuration."),
    ] = None,
) -> None:
    """Write the Markdown of the site with a configuration of Zensical and one of MkDocs, a folder for each language."""
    from sadpath.cli.docs import run_source

    raise typer.Exit(run_source(output))


@docs_app.command("workflow")
def docs_workflow() -> None:
    """Print a GitHub workflow that builds the site and publishes it by Pages; save it as .github/workflows/pages.yml."""
    from sadpath.cli.docs import run_workflow

    raise typer.Exit(run_workflow())
