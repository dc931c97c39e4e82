"""The arguments and options that several commands have, each worded once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sadpath.cli.completion import complete_api, complete_easy_rule, complete_target


class AllowOption(StrEnum):
    """What may be allowed, as choices of an option."""

    EXPLODING_PATTERNS = "exploding-patterns"
    OUTSIDE_REFERENCES = "outside-references"
    NETWORK_REFERENCES = "network-references"


class FormatOption(StrEnum):
    """The forms of findings, as choices of an option."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


class FailOnOption(StrEnum):
    """The weights of findings, as choices of an option."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Apis = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="API", help="Names of configured APIs; all of them by default.", autocompletion=complete_api
    ),
]
OpenApi = Annotated[Path | None, typer.Option(metavar="FILE", help="The OpenAPI document, instead of a configuration.")]
Errors = Annotated[Path | None, typer.Option(metavar="FILE", help="The error catalog that belongs to --openapi.")]
Package = Annotated[str | None, typer.Option(metavar="NAME", help="The dotted name of the package to generate.")]
Output = Annotated[Path | None, typer.Option(metavar="DIR", help="The directory to generate into.")]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="client|server|docs|openapi",
        help="What to generate; may be given several times. Everything by default. Installed packages may offer more.",
        autocompletion=complete_target,
    ),
]
Allow = Annotated[
    list[AllowOption] | None,
    typer.Option(
        metavar="|".join(AllowOption),
        help="Accept what is refused, or not matched, by default: patterns whose matching can take exponential time,"
        " references to files outside the document's folder, references to https URLs. May be given several times.",
    ),
]
Format = Annotated[
    FormatOption,
    typer.Option(
        "--output-format",
        metavar="|".join(FormatOption),
        help="How findings are printed. json, github and sarif go to stdout.",
    ),
]
FailOn = Annotated[
    FailOnOption | None,
    typer.Option(
        metavar="|".join(FailOnOption),
        help="The least weight of a finding that makes the command fail; error by default.",
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE",
        help="A rule whose findings are not shown; may be given several times. Errors can't be ignored.",
        autocompletion=complete_easy_rule,
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Do the work even where nothing has changed since it was last done."),
]


def examples(*lines: str) -> str:
    """The end of a help text, which is shown as it is."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
