"""What the templates of the pages are given: names that pages mention, links, rows, and a view for each kind of page."""

from __future__ import annotations

from collections.abc import Mapping

from sadpath.naming.scope import Identifier
from sadpath.reference.finding_out import FindingOut
from sadpath.reference.labels import Labels
from sadpath.reference.markdown import Markdown
from sadpath.runtime.frozen import dataclass

Row = tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class PageNames:
    """The Python names that pages mention: classes by error id, attributes and methods by operation id."""

    package: str
    common: str
    """The package that exports what all APIs have in common."""
    failures: Mapping[str, Identifier]
    families: Mapping[str, Identifier]
    types: Mapping[str, Identifier]
    fields: Mapping[tuple[str, str], Identifier]
    arguments: Mapping[tuple[str, str, str], str]
    calls: Mapping[str, Markdown]


@dataclass(frozen=True, slots=True)
class Link:
    text: Markdown
    target: Markdown


@dataclass(frozen=True, slots=True)
class Page:
    """What every page has: its path below its locale, its title, the switch between languages and the way back."""

    path: str
    labels: Labels
    title: Markdown
    switch: Markdown
    back: Link | None
    alone: bool = True
    """Whether it is a file that somebody may edit or stumble upon, not a page of a site that has navigation of its own."""


@dataclass(frozen=True, slots=True)
class ErrorRow:
    status: Markdown
    code: Markdown
    error: Markdown
    title: Markdown
    outcome: Markdown
    constants: tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class IndexView:
    page: Page
    version: Markdown
    description: Markdown
    resources: tuple[Link, ...]
    operations: tuple[tuple[Markdown, Markdown, Markdown], ...]
    errors: tuple[ErrorRow, ...]
    outcomes: tuple[ErrorRow, ...]
    families: tuple[tuple[Markdown, Markdown, Markdown], ...]
    unlisted: tuple[Link, ...]
    derived: bool
    servers: tuple[tuple[Markdown, Markdown], ...]
    webhooks: bool
    is_called: bool
    constants: tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class OperationSection:
    heading: Markdown
    request: Markdown
    call: Markdown
    description: Markdown
    effect: Markdown
    repeated: Markdown
    finding_out: FindingOut
    credentials: Markdown
    servers: Markdown
    parameters: tuple[Row, ...]
    key: Markdown
    pages: Markdown
    body: Markdown
    answers: tuple[tuple[Markdown, Markdown], ...]
    errors: tuple[Markdown, ...]


@dataclass(frozen=True, slots=True)
class ResourceView:
    page: Page
    description: Markdown
    operations: tuple[OperationSection, ...]


@dataclass(frozen=True, slots=True)
class UnlistedView:
    page: Page
    sections: tuple[tuple[Markdown, Markdown], ...]


@dataclass(frozen=True, slots=True)
class ModelSection:
    heading: Markdown
    description: Markdown
    members: tuple[Row, ...]
    values: tuple[tuple[Markdown, Markdown], ...]
    target: Markdown


@dataclass(frozen=True, slots=True)
class ModelsView:
    page: Page
    models: tuple[ModelSection, ...]
