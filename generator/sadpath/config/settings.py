"""The settings of a run as frozen values, whether they come from a file or from the command line."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sadpath.diagnostics.location import Location
from sadpath.diagnostics.policy import Policy
from sadpath.runtime.frozen import dataclass
from sadpath.source.place import Place

TARGETS: Final = ("client", "server", "docs", "openapi")
"""The targets that sadpath comes with; others are found by entry point."""

BASELINE_FILE: Final = "sadpath-baseline.json"

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
class Rename:
    """What is generated for `subject`, an operationId or a JSON Pointer into the document, is called `name`."""

    subject: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """One API. `package` and `runtime` are dotted names; `locales` is None where the catalog's own apply."""

    name: str
    openapi: Path
    errors: Path | None
    package: str
    runtime: str
    targets: frozenset[str]
    locales: tuple[str, ...] | None
    layout: Layout
    allow: frozenset[Allowance] = frozenset()
    texts: Path | None = None
    """What the words of the document are in other languages."""
    overlays: tuple[Path, ...] = ()
    """Overlays (OpenAPI Overlay 1.0) of the document, in the order in which they are applied."""
    renames: tuple[Rename, ...] = ()
    templates: Path | None = None
    """The folder whose templates replace those of the same name."""
    ignore: frozenset[str] = frozenset()
    """Codes of rules whose findings in this API are not shown."""


@dataclass(frozen=True, slots=True)
class LintSettings:
    """How findings weigh, and the file of those that are known; `is_named` where the configuration names that file."""

    policy: Policy = field(default_factory=Policy)
    baseline: Path | None = None
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class DocsSettings:
    """The site of a workspace; `url` and `repository` have no slash at their ends."""

    title: str | None = None
    description: str | None = None
    guides: Path | None = None
    url: str | None = None
    repository: str | None = None
    guides_place: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """All configured APIs, in the order of the file; `root` is the folder that paths are relative to."""

    root: Path
    apis: tuple[ApiSettings, ...]
    lint: LintSettings = field(default_factory=LintSettings)
    templates: Path | None = None
    docs: DocsSettings = DocsSettings()
