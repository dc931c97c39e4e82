"""A configuration file, found from a directory upward, to `Settings`: all its problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from sadpath.config.docs import read_docs
from sadpath.config.lint_values import ignored_rules, lint_settings
from sadpath.config.settings import ApiSettings, Layout, Rename, Settings
from sadpath.config.values import API_NAME, Table
from sadpath.diagnostics import Related, Report, quote
from sadpath.diagnostics.rules_usage import CONFIG_NOT_FOUND, CONFIG_VALUE
from sadpath.source.loader import load
from sadpath.source.place import Place
from sadpath.source.reads import note_file
from sadpath.source.text import Source
from sadpath.source.tree import is_mapping, kind

OWN_FILE: Final = "sadpath.toml"
PROJECT_FILE: Final = "pyproject.toml"
DEFAULT_OUTPUT: Final = "generated"

_KEYS: Final = ("output", "templates", "allow", "lint", "docs", "apis")
_API_KEYS: Final = (
    "openapi",
    "errors",
    "package",
    "runtime",
    "targets",
    "output",
    "locales",
    "texts",
    "overlays",
    "rename",
    "allow",
    "ignore",
)


def read_settings(start: Path, report: Report) -> Settings | None:
    """The settings that hold in directory `start`; None, with findings, where there are none or not all are valid."""
    problems = Report()
    found = _find(start, problems)
    settings: Settings | None = None
    if found is not None:
        table, root = found
        table.only(_KEYS)
        templates = table.path("templates", root, what="a directory")
        apis = (replace(api, templates=templates) for api in _apis(table, root))
        settings = Settings(root, tuple(apis), lint_settings(table, root), templates, read_docs(table, root))
    elif not problems.failed:
        problems.add(CONFIG_NOT_FOUND, f"neither {OWN_FILE} nor [tool.sadpath] in {PROJECT_FILE} was found")
    report.extend(problems.diagnostics)
    return None if problems.failed else settings


def _find(start: Path, report: Report) -> tuple[Table, Path] | None:
    """The table of the nearest file that has one, and its folder. A broken file on the way ends the search."""
    for folder in (start, *start.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            if not (folder / name).is_file():
                note_file(folder / name, None)
                continue
            source = load(folder / name, report)
            if source is None:
                return None
            table = _table(source, name, report)
            if table is not None:
                return table, folder
    return None


def _table(source: Source, name: str, report: Report) -> Table | None:
    if name == OWN_FILE:
        return Table(source.tree, Place(source), report)
    tool = source.tree.get("tool")
    table = tool.get("sadpath") if is_mapping(tool) else None
    return Table(table, Place(source, "/tool/sadpath"), report) if is_mapping(table) else None


def _apis(table: Table, root: Path) -> Iterator[ApiSettings]:
    output = table.text("output", "the path of a directory") or DEFAULT_OUTPUT
    allow = table.allow()
    apis = table.table("apis")
    if apis is None or not apis.value:
        if "apis" not in table.value or apis is not None:
            message = "no API is configured"
            table.report.add(CONFIG_VALUE, message, table.place, help="Write a table [tool.sadpath.apis.<name>].")
        return
    packages: dict[str, Place] = {}
    for name in apis.value:
        api = apis.table(name)
        if not re.fullmatch(API_NAME, name):
            message = f"{quote(name)} is no name for an API: letters, digits, - and _, a letter first"
            apis.report.add(CONFIG_VALUE, message, apis.place.child(name))
        elif api is not None:
            found = _api(name, api, root, output)
            if found is not None:
                _check_package(found, api, packages)
                yield replace(found, allow=found.allow | allow)


def _api(name: str, table: Table, root: Path, output: str) -> ApiSettings | None:
    table.only(_API_KEYS)
    openapi = table.path("openapi", root, required=True)
    errors = table.path("errors", root)
    package = table.package("package", required=True)
    runtime = table.package("runtime")
    targets = table.targets()
    locales = table.locales()
    texts = table.path("texts", root)
    overlays = table.texts("overlays", "a list of paths of overlays") or []
    own_output = table.text("output", "the path of a directory")
    allow, ignore, renames = table.allow(), ignored_rules(table), tuple(_renames(table))
    if openapi is None or package is None:
        return None
    layout = Layout(root / (own_output or output), python="python", docs=f"docs/{name}", openapi=f"openapi/{name}.yaml")
    found = ApiSettings(
        name, openapi, errors, package, runtime or default_runtime(package), targets, locales, layout, allow, texts
    )
    return replace(found, overlays=tuple(root / path for path, _ in overlays), renames=renames, ignore=ignore)


def _renames(table: Table) -> Iterator[Rename]:
    names = table.table("rename")
    for subject, name in names.value.items() if names is not None else ():
        place = table.place.child("rename", subject)
        if isinstance(name, str) and name:
            yield Rename(subject, name, place)
        else:
            table.report.add(CONFIG_VALUE, f"the name of {quote(subject)} must be a text, not {kind(name)}", place)


def default_runtime(package: str) -> str:
    """The package of the runtime where the configuration names none: inside the generated one."""
    return f"{package}._runtime"


def _check_package(api: ApiSettings, table: Table, seen: dict[str, Place]) -> None:
    place = table.place.child("package")
    other = seen.setdefault(api.package.casefold(), place)
    if other != place:
        related = [Related(other, "first used here")]
        message = f"two APIs have the package {quote(api.package)}"
        table.report.add(CONFIG_VALUE, message, place, help="Give each API a package of its own.", related=related)
    if api.runtime == api.package:
        message = "the runtime can't be the package of the API itself"
        help_text = f"Name another package, such as {default_runtime(api.package)}, or leave the key out."
        table.report.add(CONFIG_VALUE, message, table.place.child("runtime"), help=help_text)
