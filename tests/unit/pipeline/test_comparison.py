"""The page that compares the APIs of a workspace: made where there are several, in every language that one of them has."""

from __future__ import annotations

from pathlib import Path

from sadpath.config.read import read_settings
from sadpath.config.settings import ApiSettings
from sadpath.diagnostics import Report
from sadpath.pipeline import build_all

DOCUMENT = """
openapi: 3.1.0
info: {title: NAME, version: "1"}
paths:
  /things:
    post: {operationId: makeThing, responses: {"204": {description: Made}}}
"""
CATALOG = """
errorcatalog: "1"
info: {api: name, locales: LOCALES}
errors:
  busy:
    match: {status: 503}
    title: {en: Busy, de: Besetzt}
    category: unavailable
    outcome: by_effect
    next: repeat
"""


def apis(folder: Path, names: dict[str, str], **further: str) -> tuple[ApiSettings, ...]:
    lines = ['output = "out"']
    for name, locales in names.items():
        (folder / f"{name}.yaml").write_text(DOCUMENT.replace("NAME", name), encoding="utf-8")
        catalog = CATALOG.replace("api: name", f"api: {name}").replace("LOCALES", locales)
        (folder / f"{name}.errors.yaml").write_text(catalog, encoding="utf-8")
        runtime = further.get(name, "shared._runtime")
        lines += [
            f"[apis.{name}]",
            f'openapi = "{name}.yaml"',
            f'errors = "{name}.errors.yaml"',
            f'package = "{runtime.partition(".")[0]}.{name}"',
            f'runtime = "{runtime}"',
            'targets = ["docs"]',
        ]
    (folder / "sadpath.toml").write_text("\n".join(lines), encoding="utf-8")
    report = Report()
    settings = read_settings(folder, report)
    assert settings is not None, report.diagnostics
    return settings.apis


def comparisons(found: tuple[ApiSettings, ...]) -> dict[str, str]:
    built = build_all(found, Report())
    assert built.complete
    return {path: text for one in built.comparisons for path, text in one.tree.files.items()}


def test_one_api_is_compared_with_nothing(tmp_path: Path) -> None:
    assert comparisons(apis(tmp_path, {"first": "[en]"})) == {}


def test_apis_of_different_workspaces_are_not_compared(tmp_path: Path) -> None:
    assert comparisons(apis(tmp_path, {"first": "[en]", "second": "[en]"}, second="other._runtime")) == {}


def test_every_error_stands_in_its_condition(tmp_path: Path) -> None:
    found = comparisons(apis(tmp_path, {"first": "[en]", "second": "[en]"}))
    assert list(found) == ["docs/comparison.md"]
    condition = found["docs/comparison.md"].split("## Unavailable\n")[1]
    for name in ("first", "second"):
        row = next(line for line in condition.splitlines() if line.startswith(f"| [{name}]({name}/README.md) |"))
        assert f"[`Busy`]({name}/errors/busy.md) | 503 | – | Busy | `by_effect` | `repeat` / `check` |" in row
    assert "`except shared.Unavailable`" in condition


def test_an_api_is_shown_in_its_own_language_where_it_lacks_the_one_of_the_page(tmp_path: Path) -> None:
    found = comparisons(apis(tmp_path, {"first": "[en, de]", "second": "[en]"}))
    assert sorted(found) == ["docs/comparison.de.md", "docs/comparison.en.md"]
    german = found["docs/comparison.de.md"]
    assert "[first](first/de/README.md)" in german and "| Besetzt |" in german
    assert "[second](second/README.md)" in german and "| Busy |" in german
    assert "[English](comparison.en.md)" in german
