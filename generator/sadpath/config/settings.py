"""The settings of a run as frozen values, whether they come from a file or from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Target: TypeAlias = Literal["client", "server", "docs", "openapi"]

TARGETS: Final[tuple[Target, ...]] = ("client", "server", "docs", "openapi")

Allowance: TypeAlias = Literal["exploding-patterns", "outside-references", "network-references"]

ALLOWANCES: Final[tuple[Allowance, ...]] = ("exploding-patterns", "outside-references", "network-references")
"""What a document may do only where its user says so: patterns whose matching can take exponential time, files outside
the folder of the root document, and what https URLs lead to."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the files of one API go: POSIX paths inside the output directory `root`, "" for itself."""

    root: Path
    python: str
    docs: str
    openapi: str


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """One API. `package` and `runtime` are dotted names; `locales` is None where the catalog's own apply."""

    name: str
    openapi: Path
    errors: Path | None
    package: str
    runtime: str
    targets: frozenset[Target]
    locales: tuple[str, ...] | None
    layout: Layout
    allow: frozenset[Allowance] = frozenset()
    texts: Path | None = None
    """What the words of the document are in other languages."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All configured APIs, in the order of the file; `root` is the folder that paths are relative to."""

    root: Path
    apis: tuple[ApiSettings, ...]
